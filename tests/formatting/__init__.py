"""Random plans in every form that the language allows, and what must be true of each when it is formatted."""
