"""Failures: what the plan says it survives, each element taken out in turn."""
