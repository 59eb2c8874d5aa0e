"""Plans of buildings whose deploys and plant are holes, with what they are to survive."""

from __future__ import annotations

_SITE = """\
system rack {{ accelerators = 72; power = 132 kW; liquid = 87%; positions = 1 }}
campus c {{
  peak_pue = 1.3; pue = 1.15; power_factor = 0.95
  utility grid {{ capacity = 20 GW }}
  building b[1..{buildings}] {{
    budget = 20 MW
    positions = 200
    {claim}
    generator diesel {{ rating = 3 MW; count = ?; redundancy = N+1 }}
    ups a {{ rating = 2 MW; count = ?; redundancy = N+1 }}
    ups b {{ rating = 2 MW; count = ?; redundancy = N+1 }}
    cdu loop {{ capacity = 2 MW; count = ?; redundancy = N+1 }}
    crah fans {{ capacity = 300 kW; count = ?; redundancy = N+1 }}
    dry_cooler yard {{ capacity = 2 MW; count = ?; redundancy = N+1; carries = both }}
    deploy racks {{ system = rack; count = [{racks} from 2026-01, {more} from 2026-07] }}
  }}
}}
"""
HOLES = 6
"""In each building."""


def plan(buildings: int, survives: bool) -> str:
    """So many buildings, each with six holes."""
    claim = "survives = [ups, generator, cdu, crah, dry_cooler]" if survives else ""
    return _SITE.format(buildings=buildings, claim=claim, racks=60, more=100)
