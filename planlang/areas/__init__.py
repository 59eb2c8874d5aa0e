"""The trade knowledge, an area a folder. Each may use those before it in `AREAS`, never a later one."""

AREAS = ("site", "compute", "fabric", "power", "cooling", "wan")
