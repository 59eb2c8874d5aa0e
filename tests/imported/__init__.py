"""What is imported has as many nodes, links and demands as the files have, counted by readers that share no code."""
