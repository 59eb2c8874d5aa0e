"""Capacity of all that has been planned: what still fits, what is stranded, and whether it can be ordered in time."""
