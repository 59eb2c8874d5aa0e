"""Paths of things in a plan: `campus.hall[2].racks`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST = re.compile(r"(\.[^.\[\]]+|\[[^\]]*\])$")


def is_below(path: str, outer: str) -> bool:
    """Whether a path is another one, or stands in it; all stand in the plan, whose path is empty."""
    return not outer or path == outer or path.startswith((f"{outer}.", f"{outer}["))


def outward(path: str) -> Iterator[str]:
    """A path, and those of what it stands in: `a.b[2].c`, `a.b[2]`, `a.b`, `a`."""
    while path:
        yield path
        shorter = _LAST.sub("", path)
        if shorter == path:
            return
        path = shorter
