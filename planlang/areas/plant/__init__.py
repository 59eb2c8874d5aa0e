"""Plant: what stands between the grid and the rack, and between the rack and the weather, and what flows through it."""
