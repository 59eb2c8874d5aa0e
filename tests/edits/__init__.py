"""Random edits of random plans, to hold `plan diff` to: what is only written otherwise is no change, and every other
edit is exactly itself, with all that follows from it."""
