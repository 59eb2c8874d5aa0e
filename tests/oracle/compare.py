"""The product held against the oracle on one site: every difference, in words."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.finding import DOUBTFUL

from .judge import judge
from .product import ask
from .sites import COOLING, EVER, GENSET
from .sizing import least_counts, least_rating, pooled, sizeable, suits

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from .judge import Judged
    from .product import Advice, Said, Write
    from .sites import Site

COMPARISONS = ("usable", "load", "over", "claims", "claims beside overloads", "sizes", "fixes")
"""All that can be compared: `claims` on days on which the plant holds, `claims beside overloads` on all others."""


class Difference(NamedTuple):
    """What is compared, and how the two disagree; `holes` are the sizes that were asked for."""

    comparison: str
    text: str
    holes: tuple[str, ...] = ()


def compare(site: Site, on: Collection[str] = COMPARISONS, judged: Judged | None = None) -> list[Difference]:
    """Everything but sizes."""
    said = ask(site)
    if said.verdict == "unreadable":
        return [Difference("reading", said.errors[0])]
    judged = judged or judge(site, claims="claims" in on or "claims beside overloads" in on)
    found: list[Difference] = []
    if "usable" in on:
        found += usable_differs(judged, said)
    if "load" in on:
        found += load_differs(site, judged, said)
    if "over" in on:
        found += over_differs(judged, said)
    found += [one for one in claims_differ(site, judged, said) if one.comparison in on]
    if "fixes" in on:
        found += fixes_fail(site, said)
    return found


def near(one: float | None, other: float) -> bool:
    """Whether two loads are the same."""
    return one is not None and isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)


def usable_differs(judged: Judged, said: Said) -> list[Difference]:
    """Where usable capacity does."""
    return [
        Difference("usable", f"usable of {name} on day {day}: {said.usable[name][day]}, right is {right:g}")
        for day in EVER
        for name, right in judged.usable[day].items()
        if not near(said.usable[name][day], right)
    ]


def load_differs(site: Site, judged: Judged, said: Said) -> list[Difference]:
    """Where loads do; those that are dispatched are to be some division that carries everything."""
    found = []
    for day, normal in enumerate(judged.normal):
        free = set().union(*normal.joined, *normal.contested)
        for name in normal.load:
            own = judged.heat[day][name] if site.group(name).kind in COOLING else normal.load[name]
            if name not in free and not near(said.load[name][day], own):
                found.append(
                    Difference("load", f"load of {name} on day {day}: {said.load[name][day]}, right is {own:g}")
                )
        for part in normal.joined:
            loads = {name: said.load[name][day] or 0.0 for name in part}
            usable = {name: judged.usable[day][name] for name in part}
            within = all(load <= usable[name] * (1 + 1e-6) + 1e-6 for name, load in loads.items())
            if not within or normal.program.solve(part, usable, exactly=loads) is None:
                shown = ", ".join(f"{name} {load:g} of {usable[name]:g}" for name, load in sorted(loads.items()))
                found.append(Difference("load", f"day {day}: no division that carries all has {shown}"))
    return found


def over_differs(judged: Judged, said: Said) -> list[Difference]:
    """Where overloads do; of plant that no division relieves, some group is to be over."""
    found = []
    for day in EVER:
        right = judged.over[day] | judged.warm[day]
        contested = judged.normal[day].contested
        free = set().union(*contested)
        if said.over[day] - free != right - free:
            found.append(
                Difference(
                    "over", f"over on day {day}: {sorted(said.over[day] - free)}, right is {sorted(right - free)}"
                )
            )
        for part in contested:
            if not said.over[day] & part:
                found.append(Difference("over", f"over on day {day}: nothing, right is something of {sorted(part)}"))
    return found


def claims_differ(site: Site, judged: Judged, said: Said) -> list[Difference]:
    """Where a place's claims fail on other days."""
    found = []
    for place in site.places:
        own = {kind: days for (name, kind), days in judged.claims.items() if name == place.name}
        for day in EVER if own else ():
            whys = [f"{kind}: {days[day]}" for kind, days in own.items() if day in days]
            fails = day in said.claims.get(place.name, ())
            if fails != bool(whys):
                comparison = "claims" if judged.holds(day) else "claims beside overloads"
                right = f"right is that it fails ({'; '.join(whys)})" if whys else "right is that it holds"
                what = "fails" if fails else "holds"
                found.append(Difference(comparison, f"the claim of {place.name} {what} on day {day}, {right}"))
    return found


def fixes_fail(site: Site, said: Said) -> list[Difference]:
    """Every fix that says what to write, and ends its finding neither alone nor with the others that go with it."""
    known = {site.path(one.name) for one in (*site.places, *site.groups)}
    found = []
    for advice in said.advice:
        for index, step in enumerate(advice.steps):
            others = [one[0] for other, one in enumerate(advice.steps) if other != index]
            for write in step:
                if write is None or write.path not in known:
                    continue
                trials = [[write]]
                if others:
                    trials.append([write, *(one for one in others if one is not None and one.path in known)])
                ended = any(ends(site, advice, trial) for trial in trials)
                if not ended and len(trials[-1]) == len(others) + 1:
                    what = "; ".join(f"{one.path}.{one.attribute} = {one.text}" for one in trials[-1])
                    found.append(Difference("fixes", f"{advice.finding[0]} of {advice.finding[1]} is left by {what}"))
                less = write._replace(text=write.lesser)
                if (
                    ended
                    and not others
                    and write.lesser
                    and advice.finding[0] != DOUBTFUL
                    and ends(site, advice, [less], said.found)
                ):
                    what = f"{less.path}.{less.attribute} = {less.text}"
                    found.append(Difference("fixes", f"{advice.finding[0]} of {advice.finding[1]} ends with {what}"))
    return found


def ends(site: Site, advice: Advice, writes: list[Write], before: Collection[object] | None = None) -> bool:
    """Whether a finding is gone once this is written; and none of the same plant has come beside those `before`."""
    changes: dict[str, dict[str, str]] = {}
    for one in writes:
        changes.setdefault(one.path, {})[one.attribute] = one.text
    after = ask(site, changes)
    if after.verdict == "unreadable" or advice.finding in after.found:
        return False
    return before is None or not any(one[1] == advice.finding[1] and one not in before for one in after.found)


def draw_holes(random: Random, site: Site) -> tuple[str, ...]:
    """A size or two to ask for: `name.count`, or `name.rating`."""
    named = [one.name for one in site.groups if sizeable(site, [one.name])]
    if not named:
        return ()
    first = random.choice(named)
    attribute = "rating" if site.group(first).kind not in COOLING and random.random() < 0.3 else "count"
    if attribute == "count" and random.random() < 0.4:
        others = [one for one in named if one != first and sizeable(site, [first, one])]
        if others:
            return (f"{first}.count", f"{random.choice(others)}.count")
    return (f"{first}.{attribute}",)


def sizes_differ(site: Site, holes: tuple[str, ...]) -> list[Difference] | None:
    """Where the sizes do; None where there are none, or more than one answer."""
    names = [hole.rpartition(".")[0] for hole in holes]
    right: dict[str, float] | None
    if not sizeable(site, names):
        return None
    if holes[0].endswith(".rating"):
        rating = least_rating(site, names[0])
        right = None if rating is None else {names[0]: rating}
    else:
        counts = least_counts(site, names)
        right = None if counts is None else {name: float(count) for name, count in counts.items()}
    if right is None:
        return None
    changes: dict[str, dict[str, str]] = {}
    for hole in holes:
        name, _, attribute = hole.rpartition(".")
        changes[site.path(name)] = {attribute: "?"}
    said = ask(site, changes)
    if said.verdict == "unreadable":
        return [Difference("reading", said.errors[0], holes)]
    found = []
    sizes: dict[str, float | None] = {}
    for hole in holes:
        name, _, attribute = hole.rpartition(".")
        size = sizes[name] = _size_of(site, name, attribute, said)
        if attribute == "rating" and right[name] == 0:
            if not any(one[:2] == ("HOL102", site.path(name)) for one in said.found):
                found.append(Difference("sizes", f"{hole}: {size}, right is that no rating is the least", holes))
        elif size is None or not isclose(size, right[name], rel_tol=1e-3 if site.group(name).apparent else 1e-9):
            beside = " (in one pool)" if len(names) == 2 and pooled(site, *names) else ""
            found.append(Difference("sizes", f"{hole}{beside}: {size}, right is {right[name]:g}", holes))
    known = {name: size for name, size in sizes.items() if size is not None}
    if found and len(known) == len(names) and suits(site, known, holes[0].rpartition(".")[2]):
        return []  # another set of sizes that are the least, or by part
    return found


def _size_of(site: Site, name: str, attribute: str, said: Said) -> float | None:
    """The size that the product found, in the unit that the oracle reckons in."""
    size, group = said.sizes[name][attribute], site.group(name)
    if size is None or attribute == "count" or not group.apparent or group.kind in ("transformer", "substation"):
        return size
    general = GENSET if group.kind == "generator" else site.power_factor
    return size / (general if group.power_factor is None else group.power_factor)  # it is sized in MW
