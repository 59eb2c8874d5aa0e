"""This area has no kinds of its own: it looks at what the others plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planlang.core.kinds import Kind

KINDS: tuple[Kind, ...] = ()
