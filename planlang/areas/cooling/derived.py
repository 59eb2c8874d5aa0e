"""The derived quantities of cooling: importing this module registers all of them, whichever module computes them."""

from __future__ import annotations

from planlang.areas.cooling import environment as environment
from planlang.areas.cooling import flow as flow
from planlang.areas.cooling import ride_through as ride_through
from planlang.areas.cooling import weather as weather
from planlang.areas.cooling.capacity import GROUPS as GROUPS
