"""Whether two values say the same, in two plans whose blocks are not the same objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.blocks import Block
from planlang.lang.values import TOLERANCE, Duration, Pair, Quantity, RangeValue, Referable, Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planlang.lang.values import Value

    Names = Mapping[str, str]


def is_close(one: float, other: float) -> bool:
    """Whether two figures are equal within the tolerance of the language."""
    return one == other or abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def same(one: Value | None, other: Value | None, names: Names) -> bool:
    """Whether an old and a new value are equal: figures within the tolerance, blocks by their paths, of which `names`
    gives the new ones."""
    kind = type(one)
    if isinstance(one, str) and isinstance(other, str):
        return str(one) == str(other)
    if kind is not type(other):
        plain = isinstance(one, (int, float)) and isinstance(other, (int, float))
        both = plain and bool not in (kind, type(other))
        return both and is_close(one, other)  # type: ignore[arg-type]
    if kind is int or kind is float:
        return is_close(one, other)  # type: ignore[arg-type]
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.dimension is other.dimension and is_close(one.magnitude, other.magnitude)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same(a, b, names) for a, b in zip(one, other, strict=True))
    if isinstance(one, Referable) and isinstance(other, Referable):
        return names.get(one.path, one.path) == other.path and one.kind == other.kind
    if isinstance(one, Steps) and isinstance(other, Steps):
        return one.starts == other.starts and all(
            same(a, b, names) for a, b in zip(one.values, other.values, strict=True)
        )
    if isinstance(one, Duration) and isinstance(other, Duration):
        return is_close(one.months, other.months) and is_close(one.seconds, other.seconds)
    if isinstance(one, Pair) and isinstance(other, Pair):
        return same(one.first, other.first, names) and same(one.second, other.second, names)
    if isinstance(one, RangeValue) and isinstance(
        other, RangeValue
    ):  # `2028-Q4` starts as `2028-10` does, and ends later
        return one.first == other.first and one.until == other.until
    return bool(one == other) or repr(one) == repr(other)


def referred(value: Value | None) -> list[Block]:
    """The blocks that a value names."""
    if isinstance(value, Block):
        return [value]
    if isinstance(value, tuple):
        return [block for part in value for block in referred(part)]
    if isinstance(value, Pair):
        return [*referred(value.first), *referred(value.second)]
    if isinstance(value, Steps):
        return [block for part in value.values for block in referred(part)]
    return []
