"""What the product says of a site, in the oracle's terms: MW, days by number, places and groups by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.steps import EVER as EVER_BEFORE
from planlang.lang.steps import Steps
from planlang.lang.text import show
from planlang.lang.values import Quantity

from .sites import DAYS, EVER

if TYPE_CHECKING:
    from planlang.compiler import Result
    from planlang.core.plan import Entity
    from planlang.lang.finding import Finding, Fix
    from planlang.lang.values import Value

    from .sites import Site

OVER = (*(f"PWR{number}" for number in range(103, 111)), *(f"COL{number}" for number in range(101, 106)), "COL110")
"""Codes that say that a group is asked for more than it may carry."""
CLAIMS = ("RES101", "RES102")
"""Codes that say that a claim to survive fails; their subject is the place that claims."""


class Write(NamedTuple):
    """What a fix says to write: which attribute of which path, and the text of its value; and that of a lesser change
    ("": none is known)."""

    path: str
    attribute: str
    text: str
    lesser: str = ""


class Advice(NamedTuple):
    """What a finding suggests: things to do, all of them, each by one of several fixes (None: it says no value)."""

    finding: tuple[str, str, str]
    steps: tuple[tuple[Write | None, ...], ...]


class Said(NamedTuple):
    """The product's word on a site; `load` and `usable` by group on each day, None where it knows none."""

    verdict: str
    errors: tuple[str, ...]
    load: dict[str, tuple[float | None, ...]]
    usable: dict[str, tuple[float | None, ...]]
    over: tuple[set[str], ...]
    claims: dict[str, set[int]]
    sizes: dict[str, dict[str, float | None]]
    advice: tuple[Advice, ...]
    found: frozenset[tuple[str, str, str]]


def ask(site: Site, changes: dict[str, dict[str, str]] | None = None) -> Said:
    """Compile a site and read what is said of it."""
    try:
        result = compile_text(site.text(changes))
    except Exception as fault:
        return Said("unreadable", (f"{type(fault).__name__}: {fault}",), {}, {}, (), {}, {}, (), frozenset())
    errors = tuple(f"{one.code.code} {one.message}" for one in result.findings if one.code.severity == "error")
    if result.verdict == "unreadable":
        return Said("unreadable", errors, {}, {}, (), {}, {}, (), frozenset())
    names = {site.path(one.name): one.name for one in (*site.groups, *site.places)}
    over: tuple[set[str], ...] = tuple(set() for _ in DAYS)
    claims: dict[str, set[int]] = {}
    for finding in result.findings:
        if finding.code.code in OVER:
            for day in days(finding):
                over[day].add(names[finding.subject])
        elif finding.code.code in CLAIMS:
            claims.setdefault(names[finding.subject], set()).update(days(finding))
    entities = {one.name: result.situation.at(site.path(one.name)) for one in site.groups}
    return Said(
        result.verdict,
        errors,
        {name: quantity(result, entity, "load") for name, entity in entities.items()},
        {name: quantity(result, entity, "usable") for name, entity in entities.items()},
        over,
        claims,
        {
            name: {size: sized(result, entity, size) for size in ("count", "rating")}
            for name, entity in entities.items()
        },
        tuple(Advice(key(one), steps(one)) for one in result.findings if one.fixes),
        frozenset(key(one) for one in result.findings),
    )


def days(finding: Finding) -> list[int]:
    """The days on which a finding holds."""
    stretches = [(one.start, one.until) for one in finding.intervals] or [(finding.start, finding.until)]
    return [
        number
        for number in EVER
        if any(
            (start is None or start <= DAYS[number]) and (until is None or DAYS[number] < until)
            for start, until in stretches
        )
    ]


def quantity(result: Result, entity: Entity | None, name: str) -> tuple[float | None, ...]:
    """A derived quantity on each day, in MW."""
    value = value_of(result.situation, entity, name)
    found = [value.at(day) if isinstance(value, Steps) else value for day in DAYS]
    return tuple(None if one is None else one.magnitude / 1e6 for one in found)  # type: ignore[union-attr]


def sized(result: Result, entity: Entity | None, name: str) -> float | None:
    """A count, or a rating in M(VA) of W; None where there is none, or it varies."""
    value = None if entity is None else result.situation.get(entity, name)
    if isinstance(value, int | float):
        return float(value)
    magnitude = getattr(value, "magnitude", None)
    return None if magnitude is None else magnitude / 1e6


def key(finding: Finding) -> tuple[str, str, str]:
    """What makes a finding the same after a change: its code, its subject, and what it says before the numbers."""
    return finding.code.code, finding.subject, finding.message.partition(": ")[0]


def steps(finding: Finding) -> tuple[tuple[Write | None, ...], ...]:
    """Its fixes: one whose words begin with `or` is another way to do what the one before does."""
    found: list[list[Write | None]] = []
    for fix in finding.fixes:
        write = None
        if fix.path and fix.value is not None:
            path, _, attribute = fix.path.rpartition(".")
            write = Write(path, attribute, written(fix.value), lesser(fix))
        if found and fix.message.startswith("or "):
            found[-1].append(write)
        else:
            found.append([write])
    return tuple(tuple(one) for one in found)


ROUNDED = 2e-3
"""Quantities are rounded up to four digits."""


def lesser(fix: Fix) -> str:
    """What would be less of a change: a unit fewer, or one system more; a rating that is a little smaller."""
    step = 1 if fix.message.removeprefix("or ").startswith("lower") else -1
    if type(fix.value) in (int, float):
        return show(float(fix.value + step))
    if isinstance(fix.value, Quantity):
        return show(Quantity(fix.value.magnitude * (1 + step * ROUNDED), fix.value.dimension, fix.value.unit), 9)
    return ""


def written(value: Value) -> str:
    """A value as one writes it."""
    if not isinstance(value, Steps):
        return show(value)
    dates = [(start, show(one)) for start, _, one in value.between(None, None)]
    return f"[{', '.join(f'{text} from {start:%Y-%m-%d}' for start, text in dates if start != EVER_BEFORE)}]"
