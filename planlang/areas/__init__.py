"""The trade knowledge, an area a folder."""
