"""Habits from other languages, countries and trades: what is typed, and what it means here."""
