"""Campuses, buildings, halls: where things stand, and what holds for all that they contain."""
