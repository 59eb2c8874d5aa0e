"""Power, from the utility to the rack."""
