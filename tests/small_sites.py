"""Random small sites of halls and plant, and a reckoning of them unit by unit, day by day, hall by hall."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from hypothesis import strategies as st

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
        lines = ["plan p { horizon = 2026-01 .. 2027-07 }", 'accept FIG101 "drawn at random"']
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
            parts = parts_of(site, day, stage, sink, alive, can)
            for hall, load in by_hall.items():
                if load and not alive:
                    dark.add(hall)
                for name, part in parts.items():
                    after[name][hall] = after[name].get(hall, 0.0) + load * part
        for name, by_hall in after.items():
            carries[name] = sum(by_hall.values()) * (PEAK_PUE if facility else 1.0)
        by_plant = any(target in can for later in site.stages for one in later for target in one.serves)
        flowing = after if by_plant else flowing
    return carries, can, dark


def parts_of(
    site: Site, day: int, stage: tuple[Plant, ...], sink: str, alive: list[Plant], can: dict[str, float]
) -> dict[str, float]:
    """What part of a sink each group that works takes."""
    if stage[0].kind not in EVEN:
        return {one.name: can[one.name] / sum(can[all_.name] for all_ in alive) for one in alive}
    catchers = [one for one in alive if one.catcher]
    if not catchers:
        return {one.name: 1 / len(alive) for one in alive}
    parts: dict[str, float] = {}
    blocks = [one for one in stage if sink in one.serves and not one.catcher]
    for block in blocks:
        own = sum(site.halls[hall][day] / mates(stage, hall) for hall in block.serves)
        if block in alive and not over(own, can[block.name]):
            parts[block.name] = 1 / len(blocks)
    lost = 1 - sum(parts.values())
    return parts | {one.name: lost * can[one.name] / sum(can[all_.name] for all_ in catchers) for one in catchers}


def mates(stage: tuple[Plant, ...], hall: str) -> int:
    """How many blocks share a hall while nothing has failed."""
    return sum(hall in one.serves and not one.catcher for one in stage)


def over(load: float, capacity: float) -> bool:
    return load - capacity > 1e-9 * max(load, capacity)


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
    return tuple(
        Plant(kind, f"{kind[:2]}{number}", draw(RATINGS), draw(COUNTS), tuple(sorted(some)))
        for number, some in enumerate(chosen)
    )
