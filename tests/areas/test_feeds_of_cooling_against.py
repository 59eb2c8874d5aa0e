"""Feeds of cooling plant against a brute force of its own: what feeds carry, and what stops with them.

By command: `python -m tests.areas.test_feeds_of_cooling_against 5000 --seed 7`.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field

from planlang.compiler import compile_text

OVER = 1 + 1e-9


@dataclass
class Power:
    """A group of transformers or UPS: units, W a unit, and what feeds it."""

    name: str
    units: int
    each: float
    behind: str = ""  # the group further out, "" for the grid


@dataclass
class Cooling:
    """A group of chillers or air handlers: units, heat a unit, what it draws for each watt that it takes, its feeds."""

    name: str
    units: int
    each: float
    draws: float
    feeds: list[str] = field(default_factory=list)


@dataclass
class Site:
    """A building with one chain for its IT, and transformers for some of its cooling."""

    load: float
    pue: float
    efficiency: float
    fans: float
    power: dict[str, Power]
    ups: list[str]
    chillers: list[Cooling]
    wall: Cooling

    @property
    def hall(self) -> float:
        """The heat of the hall: all of IT, and what the UPS lose for it."""
        return self.load / self.efficiency

    @property
    def text(self) -> str:
        """The plan."""
        lines = ["campus c { utility grid { capacity = 10 GW }", "building b {"]
        lines += [f"load = {self.load} MW", f"pue = {self.pue}", f"peak_pue = {self.pue}"]
        lines += ["survives = [transformer, ups, chiller, crah]"]
        for one in self.power.values():
            kind = "ups" if one.name in self.ups else "transformer"
            own = f"efficiency = {self.efficiency}" if kind == "ups" else "power_factor = 1"
            serves = ""
            if kind == "transformer" and one.name != "it":
                named = [plant.name for plant in self.cooling if one.name in plant.feeds]
                serves = f"; serves = [{', '.join(named)}]"
            unit = "MW" if kind == "ups" else "MVA"
            lines.append(f"{kind} {one.name} {{ rating = {one.each} {unit}; count = {one.units}; {own}{serves} }}")
        for plant in self.cooling:
            kind = "crah" if plant is self.wall else "chiller"
            own = f"fans = {self.fans}" if plant is self.wall else f"cop = {1 / plant.draws!r}"
            named = [one for one in plant.feeds if one == "it" or one in self.ups]
            fed = f"; fed_by = [{', '.join(named)}]" if named else ""
            lines.append(f"{kind} {plant.name} {{ capacity = {plant.each} MW; count = {plant.units}; {own}{fed} }}")
        return "\n".join([*lines, "}", "}"])

    @property
    def cooling(self) -> list[Cooling]:
        return [*self.chillers, self.wall]


def drawn(site: Site, left: dict[str, float]) -> dict[str, float]:
    """What each group of cooling plant draws with the heat capacity that is left of each, in MW."""
    warm = site.hall * (1 + site.fans)
    found = {site.wall.name: site.hall * site.fans if left[site.wall.name] else 0.0}
    every = sum(left[one.name] for one in site.chillers)
    for one in site.chillers:
        share = warm * left[one.name] / every if every else 0.0
        found[one.name] = min(share, left[one.name]) * one.draws
    return found


def loads(site: Site, left: dict[str, float], alive: dict[str, float]) -> dict[str, float]:
    """What each group of power plant carries, in MW; `alive` is what each can carry, 0 where it is out."""
    before = drawn(site, {one.name: one.units * one.each for one in site.cooling})
    now = drawn(site, left)
    works = {name for name, most in alive.items() if most and (not (up := site.power[name].behind) or alive[up])}
    sides = [one for one in site.ups if one in works]
    found = dict.fromkeys(site.power, 0.0)
    critical, outer = site.load, 0.0
    by_feeds = 0.0
    for plant in site.cooling:
        if not plant.feeds:
            continue
        losses = 1 / site.efficiency if plant.feeds[0] in site.ups else 1.0
        by_feeds += before[plant.name] * losses
        feeds = [one for one in plant.feeds if one in works]
        if plant.feeds[0] in site.ups:
            critical += now[plant.name] if feeds else 0.0
        elif feeds:
            for one in feeds:
                found[one] += now[plant.name] * alive[one] / sum(alive[other] for other in feeds)
        if plant.feeds[0] in site.ups and feeds:
            outer += now[plant.name] / site.efficiency
    own = max(site.load, site.load * site.pue - by_feeds)
    if sides:
        found["it"] += own + outer
        for one in sides:
            found[one] += critical / len(sides)
    return found


def holds(site: Site, alive: dict[str, float], left: dict[str, float]) -> bool:
    """Whether all IT keeps its feeds and its cooling once all has settled."""
    alive, left = dict(alive), dict(left)
    while True:
        works = {name for name, most in alive.items() if most and (not (up := site.power[name].behind) or alive[up])}
        stopped = [
            one.name for one in site.cooling if one.feeds and not works.intersection(one.feeds) and left[one.name]
        ]
        carried = loads(site, left, alive)
        over = [name for name, watts in carried.items() if alive[name] and watts > alive[name] * OVER]
        if not over and not stopped:
            break
        left.update(dict.fromkeys(stopped, 0.0))
        alive.update(dict.fromkeys(over, 0.0))
    if not any(one in works for one in site.ups):
        return False
    warm = site.hall * (1 + site.fans)
    return left[site.wall.name] * OVER >= warm and sum(left[one.name] for one in site.chillers) * OVER >= warm


def verdict(site: Site) -> tuple[bool, bool]:
    """Whether the site holds from day to day, and whether it survives any one outage."""
    alive = {one.name: one.units * one.each for one in site.power.values()}
    left = {one.name: one.units * one.each for one in site.cooling}
    if any(watts > alive[name] * OVER for name, watts in loads(site, left, alive).items()) or not holds(
        site, alive, left
    ):
        return False, False
    survives = True
    for one in site.power.values():
        outs = [one.each * (one.units - 1)]
        if one.name in site.ups and len(site.ups) > 1:
            outs = [0.0] if one.units == 1 else [*outs, 0.0]
        survives = survives and all(holds(site, {**alive, one.name: out}, left) for out in outs)
    for plant in site.cooling:
        survives = survives and holds(site, alive, {**left, plant.name: plant.each * (plant.units - 1)})
    return True, survives


def random_site(draw: random.Random) -> Site:
    """A small site; most hold from day to day."""
    load = draw.choice([2.0, 4.0, 5.0])
    sides = draw.choice([1, 2, 2])
    power = {"it": Power("it", draw.randint(2, 4), draw.choice([1.5, 2.5, 4.0, 8.0]))}
    ups = [f"u{number}" for number in range(sides)]
    for one in ups:
        power[one] = Power(one, draw.randint(1, 5), draw.choice([1.0, 1.5, 2.5, 5.0]), "it")
    mech = [f"m{number}" for number in range(draw.choice([0, 1, 2, 2]))]
    for one in mech:
        power[one] = Power(one, draw.randint(1, 2), draw.choice([0.3, 0.5, 0.8, 1.5, 3.0]))
    ways = [[], ["it"], *([one] for one in mech), *([mech] if len(mech) > 1 else [])]
    chillers = [
        Cooling(f"c{number}", draw.randint(1, 5), draw.choice([1.0, 2.0, 3.0]), 1 / draw.choice([3.0, 4.0, 6.0]))
        for number in range(draw.choice([1, 2, 2]))
    ]
    for one in chillers:
        one.feeds = list(draw.choice(ways))
    if len(mech) == len(chillers) == 2 and draw.random() < 0.5:  # each its own feed, near what it takes of all heat
        for one, plant in zip(mech, chillers, strict=True):
            plant.feeds, plant.units, plant.each = [one], 2, draw.choice([2.0, 3.0])
            power[one] = Power(one, 1, round(load * plant.draws * draw.uniform(0.5, 1.3), 3))
    wall = Cooling("wall", draw.randint(2, 8), draw.choice([1.0, 2.0]), 0.0)
    wall.feeds = list(draw.choice([*ways, ups, ups, ups[:1]]))
    pairs = [plant.feeds for plant in (*chillers, wall) if plant.feeds == mech]
    if any(plant.feeds[0] in mech and plant.feeds != mech for plant in (*chillers, wall) if pairs and plant.feeds):
        return random_site(draw)  # pooled plant has a choice then, which is dispatched
    for one in mech:  # what feeds nothing would be told
        if not any(one in plant.feeds for plant in [*chillers, wall]):
            del power[one]
    efficiency = draw.choice([1.0, 0.95])
    return Site(load, draw.choice([1.3, 1.5, 1.7]), efficiency, draw.choice([0.02, 0.05]), power, ups, chillers, wall)


def differences(sites: int, seed: int) -> tuple[list[str], dict[str, int]]:
    """What differs, and how many sites hold, survive, and do not."""
    draw = random.Random(seed)
    found, counts = [], {"holds": 0, "survives": 0, "does not": 0}
    for _ in range(sites):
        site = random_site(draw)
        well, survives = verdict(site)
        if not well:
            continue
        counts["holds"] += 1
        counts["survives" if survives else "does not"] += 1
        result = compile_text(site.text)
        codes = {one.code.code for one in result.findings if one.code.severity == "error"}
        mine = not codes.intersection({"RES101", "RES102"})
        if mine != survives or codes - {"RES101", "RES102"}:
            found.append(f"{site.text}\n# survives: {survives}; said: {sorted(codes)}")
    return found, counts


def test_small_sites_agree() -> None:
    found, counts = differences(250, 1)
    assert found == []
    assert counts["survives"] > 10
    assert counts["does not"] > 10


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    told, counted = differences(many, first)
    print("\n\n".join(told[:3]))
    print(f"{len(told)} differences; {counted}")
