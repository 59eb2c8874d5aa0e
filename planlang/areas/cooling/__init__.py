"""Cooling, from the cold plate to the weather."""
