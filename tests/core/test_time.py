"""Constraints interval by interval against an independent count, day by day, of random plans."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planlang.compiler import compile_text

if TYPE_CHECKING:
    from planlang.compiler import Result

FIRST = datetime.date(2026, 1, 1)
DAYS = 120
"""The horizon of every plan: `2026-01 .. 2026-04`, of 120 days."""

Track = list[tuple[int, int]]
"""Steps as (day, value), ascending; zero before the first."""


class Thing(NamedTuple):
    """A consumer: what it draws, and when it is there (days; None: as long as what it stands in)."""

    load: Track
    start: int | None
    until: int | None


class House(NamedTuple):
    """A building with loads in it and a group of UPS; `status` says from which days on it is paused or live."""

    things: list[Thing]
    start: int | None
    until: int | None
    budget: Track
    units: Track
    spare: int
    status: list[tuple[int, str]]


class Site(NamedTuple):
    """A campus with a grid connection."""

    grid: Track
    houses: list[House]


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


def tracks(most: int, least: int = 0) -> st.SearchStrategy[Track]:
    pairs = st.tuples(st.integers(-30, DAYS + 20), st.integers(least, most))
    return st.lists(pairs, min_size=1, max_size=4, unique_by=lambda pair: pair[0]).map(sorted)


@st.composite
def spans(draw: st.DrawFn, low: int, high: int) -> tuple[int | None, int | None]:
    a, b = draw(st.integers(low, high - 1)), draw(st.integers(low + 1, high))
    start, until = draw(st.sampled_from([(None, None), (a, None), (None, b), (a, b)]))
    return (start, None) if start is not None and until is not None and until <= start else (start, until)


@st.composite
def houses(draw: st.DrawFn) -> House:
    start, until = draw(spans(-20, DAYS))
    low, high = -20 if start is None else start, DAYS if until is None else until
    things = []
    for _ in range(draw(st.integers(1, 3))):
        a, b = draw(spans(low, high)) if high - low > 1 else (None, None)
        things.append(Thing(draw(tracks(6)), a, b))
    states = st.tuples(st.integers(0, DAYS), st.sampled_from(["paused", "live", "dropped"]))
    status = draw(st.lists(states, max_size=2, unique_by=lambda pair: pair[0]).map(sorted))
    return House(things, start, until, draw(tracks(14)), draw(tracks(6)), draw(st.integers(0, 2)), status)


SITES = st.builds(Site, tracks(40), st.lists(houses(), min_size=1, max_size=2))


def schedule(track: list[tuple[int, object]], unit: str) -> str:
    return f"[{', '.join(f'{value} {unit} from {day(at)}' for at, value in track)}]"


def presence(start: int | None, until: int | None) -> str:
    parts = [f"{word} = {day(at)}" for word, at in (("from", start), ("until", until)) if at is not None]
    return "; ".join(parts)


def text(site: Site) -> str:
    lines = ["plan p { horizon = 2026-01 .. 2026-04 }", "campus c { peak_pue = 1.5"]
    lines.append(f"  utility grid {{ capacity = {schedule(site.grid, 'MW')} }}")
    for number, house in enumerate(site.houses):
        lines.append(f"  building b{number} {{ {presence(house.start, house.until)}")
        lines.append(f"    budget = {schedule(house.budget, 'MW')}")
        if house.status:
            lines.append(f"    status = {schedule(house.status, '')}")
        lines.append(
            f"    ups u {{ rating = 2 MW; count = {schedule(house.units, '')}; redundancy = N+{house.spare} }}"
        )
        for inner, thing in enumerate(house.things):
            where = presence(thing.start, thing.until)
            lines.append(f"    hall h{inner} {{ {where}\n load = {schedule(thing.load, 'MW')} }}")
        lines.append("  }")
    return "\n".join([*lines, "}"])


# --- the independent count -----------------------------------------------------------------------------


def value(track: Track, at: int) -> int:
    return next((amount for start, amount in reversed(track) if start <= at), 0)


def there(start: int | None, until: int | None, at: int) -> bool:
    return (start is None or start <= at) and (until is None or at < until)


def live(house: House, at: int) -> bool:
    if not there(house.start, house.until, at):
        return False
    state = house.status[0][1] if house.status else "live"
    for start, word in house.status:
        if start <= at:
            state = word
    return state == "live"


def drawn(house: House, at: int) -> int:
    if not live(house, at):
        return 0
    return sum(value(thing.load, at) for thing in house.things if there(thing.start, thing.until, at))


Over = dict[tuple[str, str], set[int]]


def count_by_day(site: Site) -> Over:
    """For each finding (family of code, subject), the days on which it holds."""
    over: Over = {}
    for at in range(DAYS):
        total = 0
        for number, house in enumerate(site.houses):
            load = drawn(house, at)
            total += load
            budget = value(house.budget, at) if live(house, at) else 0
            usable = 2 * max(0, value(house.units, at) - house.spare) if live(house, at) else 0
            if load > budget:
                over.setdefault(("PWR101", f"c.b{number}"), set()).add(at)
            if load > usable:
                over.setdefault(("PWR106" if usable else "PWR110", f"c.b{number}.u"), set()).add(at)
        if total * 3 > value(site.grid, at) * 2:
            over.setdefault(("PWR103" if value(site.grid, at) else "PWR110", "c.grid"), set()).add(at)
    return over


def found(result: Result) -> Over:
    """The same of the compiler's findings, from their intervals."""
    over: Over = {}
    for finding in result.findings:
        if finding.code.severity != "error":
            continue
        days = over.setdefault((finding.code.code, finding.subject), set())
        for one in finding.intervals:
            start = 0 if one.start is None else (one.start - FIRST).days
            until = DAYS if one.until is None else (one.until - FIRST).days
            assert 0 <= start < until <= DAYS
            assert not days & set(range(start, until))
            days |= set(range(start, until))
    return over


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SITES)
@example(Site([(0, 6)], [House([Thing([(-5, 4)], None, None)], None, 60, [(0, 4)], [(30, 3)], 1, [(10, "paused")])]))
def test_every_day_is_judged_as_if_alone(site: Site) -> None:
    """On each day of the horizon, what fails is what fails on that day; on no other day does anything."""
    result = compile_text(text(site))
    assert result.verdict != "unreadable", [finding.message for finding in result.findings]
    assert found(result) == count_by_day(site)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SITES)
def test_rules_of_ones_own_hold_day_by_day(site: Site) -> None:
    """A `require` on a derived quantity fails exactly on the days on which it is false."""
    limit = 5
    result = compile_text(f"{text(site)}\nrequire it_load <= {limit} MW from {day(7)}")
    days = {at for at in range(7, DAYS) if sum(drawn(house, at) for house in site.houses) > limit}
    assert found(result).get(("RUL101", ""), set()) == days
