"""A reckoning of power plant, failures and sizes by brute force, which shares nothing with the product's own."""
