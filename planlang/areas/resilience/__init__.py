"""Failures: what the plan says it survives, each thing taken out in turn."""
