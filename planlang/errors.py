"""What the package raises: one tree of errors."""

from __future__ import annotations


class PlanError(Exception):
    """What this package raises.

    - `CannotReadError`: there is no plan at a path.
    - `UnknownError`: a plan does not know what is asked of it.
    - `UnitMismatchError`: a quantity is asked for in a unit of another dimension, or in an unknown unit.
    - `planlang.core.area.AreaError`: an area that another package adds cannot be used.
    """


class CannotReadError(PlanError):
    """There is nothing to read at a path."""


class UnknownError(PlanError, LookupError):
    """A plan does not know what is asked of it."""


class UnitMismatchError(PlanError, ValueError):
    """A quantity has no value in that unit."""
