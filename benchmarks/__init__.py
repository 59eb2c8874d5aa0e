"""What planlang costs: start-up, lines a second by stage, growth with the size of a plan. `python -m benchmarks`."""
