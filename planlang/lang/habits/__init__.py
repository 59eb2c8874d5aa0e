"""What is typed from habit, of other languages, countries and trades, and what is meant by it here."""
