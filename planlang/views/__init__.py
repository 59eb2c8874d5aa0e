"""The outputs: diagnostics, diagrams, bills of materials; one module for each format."""
