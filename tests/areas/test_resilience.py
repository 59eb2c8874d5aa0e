"""Failures against a brute force that takes out unit by unit, day by day, and follows each hall's load by hand."""

from __future__ import annotations

import datetime
from math import isclose
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from reading import read

from planlang.areas.resilience.failures import darkness, examine
from planlang.core.limits import Excess

EVEN = ("ups", "pdu", "busway")
PEAK_PUE = 1.25
DAYS = (datetime.date(2026, 1, 1), datetime.date(2026, 7, 1), datetime.date(2027, 1, 1))
"""The first days of the half-years between which anything changes."""
NEAR = {"rel_tol": 1e-9, "abs_tol": 1e-3}


class Plant(NamedTuple):
    """A group: MW of a unit, units on each of the days, and what it serves (halls, or plant nearer to the load)."""

    kind: str
    name: str
    rating: float
    counts: tuple[int, ...]
    serves: tuple[str, ...]
    catcher: bool = False


class Site(NamedTuple):
    """Halls with MW on each of the days, and stages of plant, the nearest to the load first."""

    halls: dict[str, tuple[float, ...]]
    stages: tuple[tuple[Plant, ...], ...]

    @property
    def plant(self) -> list[Plant]:
        return [one for stage in self.stages for one in stage]

    def text(self) -> str:
        """The site as a plan."""
        kinds = ", ".join(dict.fromkeys(one.kind for one in self.plant))
        lines = ["plan p { horizon = 2026-01 .. 2027-07 }"]
        lines.append(f"campus c {{ peak_pue = {PEAK_PUE}; power_factor = 1; survives = [{kinds}]; building b {{")
        lines += [f"hall {name} {{ load = {dated(loads, ' MW')} }}" for name, loads in self.halls.items()]
        for one in self.plant:
            size = {"utility": "capacity", "cdu": "capacity", "crah": "capacity", "chiller": "capacity"}
            unit = "MVA" if one.kind in ("substation", "transformer") else "MW"
            attributes = [f"serves = [{', '.join(one.serves)}]"] if one.serves else []
            if one.kind == "utility":
                attributes.append(f"capacity = {dated([n * one.rating for n in one.counts], ' MW')}")
            else:
                attributes.append(f"{size.get(one.kind, 'rating')} = {one.rating} {unit}")
                attributes.append(f"count = {dated(one.counts)}")
            attributes += ["catcher = true"] if one.catcher else []
            lines.append(f"{one.kind} {one.name} {{ {'; '.join(attributes)} }}")
        return "\n".join(lines) + "\n}}"


def dated(values: tuple[float, ...] | list[float], unit: str = "") -> str:
    return f"[{', '.join(f'{value}{unit} from {day:%Y-%m}' for value, day in zip(values, DAYS, strict=True))}]"


# --- the brute force ---------------------------------------------------------------------------------


def follow(site: Site, day: int, units: dict[str, list[float]]) -> tuple[dict[str, float], dict[str, float], set[str]]:
    """MW that each group carries and can carry, and the halls that nothing feeds, with these units working."""
    can = {one.name: sum(units[one.name]) for one in site.plant}
    for _ in site.plant:  # what hangs on nothing but dead plant is dead
        for stage in site.stages:
            for target in {target for one in stage for target in one.serves if target in can}:
                if not any(can[one.name] for one in stage if target in one.serves):
                    can[target] = 0.0
    carries = dict.fromkeys(can, 0.0)
    dark: set[str] = set()
    flowing: dict[str, dict[str, float]] = {hall: {hall: loads[day]} for hall, loads in site.halls.items()}
    for stage in site.stages:
        facility = stage[0].kind in ("utility", "substation", "transformer", "generator")
        after: dict[str, dict[str, float]] = {one.name: {} for one in stage}
        for sink, by_hall in flowing.items():
            alive = [one for one in stage if (sink in one.serves or not one.serves) and can[one.name] > 0]
            total = sum(can[one.name] for one in alive)
            for hall, load in by_hall.items():
                if load and not alive:
                    dark.add(hall)
                for one in alive:
                    part = 1 / len(alive) if one.kind in EVEN else can[one.name] / total
                    after[one.name][hall] = after[one.name].get(hall, 0.0) + load * part
        for name, by_hall in after.items():
            carries[name] = sum(by_hall.values()) * (PEAK_PUE if facility else 1.0)
        by_plant = any(target in can for later in site.stages for one in later for target in one.serves)
        flowing = after if by_plant else flowing
    return carries, can, dark


def over(load: float, capacity: float) -> bool:
    return load - capacity > 1e-9 * max(load, capacity)


def elements(site: Site, day: int) -> list[tuple[str, bool, dict[str, list[float]]]]:
    """Each unit and each whole feed out: the group, whether it is all of it, and the units that are left."""
    whole = {one.name: [one.rating] * one.counts[day] for one in site.plant}
    found = []
    for one in site.plant:
        found += [
            (one.name, False, {**whole, one.name: whole[one.name][:unit] + whole[one.name][unit + 1 :]})
            for unit in range(one.counts[day])
        ]
        found.append((one.name, True, {**whole, one.name: []}))
    return found


def cascade(site: Site, day: int, units: dict[str, list[float]]) -> set[str]:
    """The halls that are dark when overloaded plant has tripped, and what it carried has moved on."""
    while True:
        carries, can, dark = follow(site, day, units)
        tripped = {name for name in carries if over(carries[name], can[name])}
        if not tripped:
            return dark
        units = {name: [] if name in tripped else left for name, left in units.items()}


def holds_on(excess: Excess, day: datetime.date) -> bool:
    return (excess.start or day) <= day and (excess.until is None or day < excess.until)


def compare(site: Site) -> None:
    """Every failure has the same survivors overloaded by as much, and the same halls dark, on every day."""
    result = read(site.text())
    plan = result.plan
    examined = {
        (one.element.group.path.split(".")[-1], one.element.whole): one
        for own in examine(plan).outcomes.values()
        for one in own
    }
    failing, judged = False, True
    seen = set()
    for number, day in enumerate(DAYS):
        carries, can, _ = follow(site, number, {one.name: [one.rating] * one.counts[number] for one in site.plant})
        if any(over(carries[name], can[name]) for name in carries):
            judged = False  # it does not hold in the first place
            continue
        for name, whole, units in elements(site, number):
            outcome = examined.get((name, whole))
            if outcome is None:  # all of a pooled group is no single failure
                continue
            seen.add((name, whole))
            carries, can, dark = follow(site, number, units)
            expected = {one: (carries[one], can[one]) for one in carries if over(carries[one], can[one])}
            found = {
                one.survivor.path.split(".")[-1]: (excess.demand / 1e6, excess.limit / 1e6)
                for one in outcome.overloads
                for excess in one.found
                if (excess.start or DAYS[0]) <= day
                and (excess.until is None or day < excess.until)
                and excess.limit > 0
            }
            assert set(found) == set(expected), (name, whole, day, found, expected)
            for one, pair in expected.items():
                assert all(isclose(a, b, **NEAR) for a, b in zip(found[one], pair, strict=True)), (name, day, one)
            lost = {
                excess
                for one in outcome.overloads
                for excess in one.found
                if excess.limit <= 0
                and (excess.start or DAYS[0]) <= day
                and (excess.until is None or day < excess.until)
            }
            assert bool(lost) == bool(dark), (name, whole, day, dark)
            failing |= bool(expected or dark)
            gone = darkness(plan, outcome.element, day)
            expected_dark = {hall for hall in cascade(site, number, units) if site.halls[hall][number]}
            assert {one.path.split(".")[-1] for one in gone.consumers} == expected_dark, (name, whole, day)
            assert isclose(gone.load / 1e6, sum(site.halls[hall][number] for hall in expected_dark), **NEAR)
    assert not judged or seen == set(examined)
    assert not judged or failing == any(finding.code.code in ("RES101", "RES102") for finding in result.findings)


# --- random sites ------------------------------------------------------------------------------------

LOADS = st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 2.5, 4.0])] * len(DAYS))
COUNTS = st.tuples(*[st.integers(1, 4)] * len(DAYS))
RATINGS = st.sampled_from([0.4, 1.0, 1.5, 2.5, 5.0, 9.0])


@st.composite
def halls_of(draw: st.DrawFn) -> dict[str, tuple[float, ...]]:
    return {f"h{number}": draw(LOADS) for number in range(draw(st.integers(1, 4)))}


@st.composite
def systems(draw: st.DrawFn, kind: str, most: int, targets: list[str]) -> tuple[Plant, ...]:
    """Up to so many groups that serve some of the targets each, and all of them together."""
    many = draw(st.integers(1, most))
    chosen = [set(draw(st.lists(st.sampled_from(targets), min_size=1, unique=True))) for _ in range(many)]
    for target in targets:
        if not any(target in some for some in chosen):
            chosen[draw(st.integers(0, many - 1))].add(target)
    letter = "xyz"[("ups", "substation", "utility").index(kind)]
    return tuple(
        Plant(kind, f"{letter}{number}", draw(RATINGS), draw(COUNTS), tuple(sorted(some)))
        for number, some in enumerate(chosen)
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_systems_that_share_halls(data: st.DataObject) -> None:
    """One to four UPS systems over one to four halls, each of several units, every unit and every system out."""
    halls = data.draw(halls_of())
    compare(Site(halls, (data.draw(systems("ups", 4, list(halls))),)))


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(["substation", "utility", "generator", "crah", "transformer"]))
def test_pooled_plant(data: st.DataObject, kind: str) -> None:
    """One to three groups that all serve alike take the load by what they can carry."""
    many = data.draw(st.integers(1, 3))
    plant = tuple(Plant(kind, f"z{n}", data.draw(RATINGS), data.draw(COUNTS), ()) for n in range(many))
    compare(Site(data.draw(halls_of()), (plant,)))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_plant_that_hangs_on_plant(data: st.DataObject) -> None:
    """Utilities that serve substations that serve UPS: what loses its feed is gone, and its load moves everywhere."""
    halls = data.draw(halls_of())
    ups = data.draw(systems("ups", 3, list(halls)))
    substations = data.draw(systems("substation", 3, [one.name for one in ups]))
    stages = [ups, substations]
    if data.draw(st.booleans()):
        stages.append(data.draw(systems("utility", 2, [one.name for one in substations])))
    compare(Site(halls, tuple(stages)))
