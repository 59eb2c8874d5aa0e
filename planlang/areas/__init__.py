"""The trade knowledge, an area a folder. Each may use those before it in `AREAS`, never a later one."""

AREAS = ("site", "compute", "fabric", "power", "cooling", "wan", "capacity")
DERIVING = ("compute", "fabric", "power", "cooling", "resilience", "wan", "capacity")
"""Those from whose blocks something follows."""
ON_DEMAND = ("fabric", "wan")
"""Those of them where it follows for their own kinds alone: read when a plan names one of these."""
RULING = ("compute", "fabric", "power", "cooling", "resilience", "wan", "capacity")
"""Those that have rules."""
RULING_SITES = ("compute", "power")
"""Those with rules for sites that have none of their kinds: budgets bind without any plant."""
SIZING = ("compute", "fabric", "power", "cooling", "resilience", "wan")
"""Those that fill holes, each in its `sizing` module."""
