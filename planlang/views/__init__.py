"""What leaves: diagnostics, diagrams, bills of materials; a file a format."""
