"""Heat on random sites against a reckoning watt by watt, and the laws that hold whatever stands where."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.cooling.drawing import cooling_sheets
from planlang.compiler import compile_text
from planlang.core.moment import steps_of

if TYPE_CHECKING:
    from planlang.core.situation import Situation as Compiled

DAYS = (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
INSIDE = ("cdu", "crah")
OUTSIDE = ("chiller", "dry_cooler", "tower")
WEATHER = {"dry_cooler": 308.15, "tower": 299.15}


class Plant(NamedTuple):
    """A group that stands in `home`, with a capacity in MW for each of the days, and the places or plant it serves."""

    kind: str
    name: str
    home: str
    counts: tuple[int, int]
    serves: tuple[str, ...] = ()
    carries: str = "both"
    fans: int = 0
    cop: float = 0.0
    approach: int = 0
    supply: int = 0
    rise: int = 0

    @property
    def places(self) -> tuple[str, ...]:
        return self.serves or (self.home,)

    def takes(self, medium: str) -> bool:
        own = {"cdu": "liquid", "crah": "air"}.get(self.kind, self.carries)
        return own in (medium, "both")

    @property
    def supplied(self) -> float:
        """The temperature of what it supplies, in K."""
        return self.supply + 273.15 if self.kind == "chiller" else WEATHER[self.kind] + self.approach

    def text(self) -> str:
        counts = ", ".join(f"{count} from {day:%Y-%m}" for count, day in zip(self.counts, DAYS, strict=True))
        parts = ["capacity = 1 MW", f"count = [{counts}]"]
        parts += [f"serves = [{', '.join(self.serves)}]"] if self.serves else []
        parts += [f"carries = {self.carries}"] if self.kind in OUTSIDE else []
        parts += [f"fans = {self.fans}%"] if self.fans else []
        parts += [f"cop = {self.cop}"] if self.cop else []
        parts += [f"approach = {self.approach} K"] if self.approach else []
        parts += [f"supply = {self.supply} degC"] if self.supply else []
        parts += [f"rise = {self.rise} K"] if self.rise else []
        return f"{self.kind} {self.name} {{ {'; '.join(parts)} }}"


class Site(NamedTuple):
    """Halls with kW of IT of which a part goes to liquid, power plant as text with its home, and cooling plant."""

    halls: dict[str, tuple[int, int]]
    power: tuple[tuple[str, str], ...]
    plant: tuple[Plant, ...]

    def text(self) -> str:
        systems = [f"system s_{h} {{ power = {kw} kW; liquid = {share}% }}" for h, (kw, share) in self.halls.items()]
        inside: dict[str, list[str]] = {place: [] for place in ("c", "b", *self.halls)}
        for home, text in (*self.power, *((one.home, one.text()) for one in self.plant)):
            inside[home].append(text)
        for hall in self.halls:
            own = "; ".join([f"deploy d {{ system = s_{hall}; count = 1 }}", *inside[hall]])
            inside["b"].append(f"hall {hall} {{ {own} }}")
        inside["c"].append(f"building b {{ {'; '.join(inside['b'])} }}")
        weather = "design_dry_bulb = 35 degC; design_wet_bulb = 26 degC"
        lines = ["plan p { horizon = 2026-01 .. 2027-12 }", *systems]
        return "\n".join([*lines, f"campus c {{ {weather}; {'; '.join(inside['c'])} }}"])

    def path(self, name: str) -> tuple[str, ...]:
        """The places from a hall, the building or the campus outward."""
        return ("c",) if name == "c" else ("b", "c") if name == "b" else (name, "b", "c")


class Reckoning:
    """Every group's heat on a day, in W, watt by watt from where it arises."""

    def __init__(self, site: Site, day: int) -> None:
        self.site = site
        self.day = day
        self.loads = {one.name: 0.0 for one in site.plant}
        self.rejected = 0.0
        self.nowhere = 0.0

    def at(self, place: str, medium: str, kinds: tuple[str, ...]) -> dict[str, list[Plant]]:
        found: dict[str, list[Plant]] = {}
        for kind in kinds:
            groups = [g for g in self.site.plant if g.kind == kind and place in g.places and g.takes(medium)]
            if groups:
                found[kind] = groups
        return found

    def divide(self, groups: list[Plant]) -> list[tuple[Plant, float]]:
        caps = [group.counts[self.day] for group in groups]
        return [(g, cap / sum(caps) if sum(caps) else 1 / len(caps)) for g, cap in zip(groups, caps, strict=True)]

    def arise(self, home: str, medium: str, watts: float) -> None:
        path = self.site.path(home)
        kind = "cdu" if medium == "liquid" else "crah"
        for place in path:
            if groups := self.at(place, medium, (kind,)).get(kind):
                parts = self.divide(groups)
                with_fans = watts / sum(part / (1 + group.fans / 100) for group, part in parts)
                for group, part in parts:
                    self.loads[group.name] += with_fans * part
                    self.outward((group.name, *path), medium, with_fans * part)
                return
        self.outward(path, medium, watts)

    def outward(self, path: tuple[str, ...], medium: str, watts: float, kinds: tuple[str, ...] = OUTSIDE) -> None:
        for number, place in enumerate(path):
            if found := self.at(place, medium, kinds):
                self.loop(found, path[number:], medium, watts)
                return
        self.nowhere += watts

    def loop(self, found: dict[str, list[Plant]], path: tuple[str, ...], medium: str, watts: float) -> None:
        first, last = found.get("dry_cooler"), found.get("chiller") or found.get("tower")
        if first is None or last is None:
            self.take(next(iter(found.values())), path, medium, watts, [])
            return
        rises = [one.rise for one in (*first, *last) if one.rise]
        if not rises or not all(one.approach for one in first) or not all(one.approach or one.supply for one in last):
            order = [found[kind] for kind in OUTSIDE if kind in found]
            self.take(order[0], path, medium, watts, order[1:])
            return
        warm = max(one.supplied for one in first) - min(one.supplied for one in last)
        part = min(1.0, max(0.0, warm / min(rises))) if any(one.counts[self.day] for one in first) else 1.0
        self.take(first, path, medium, watts * (1 - part), [])
        self.take(last, path, medium, watts * part, [])

    def take(
        self, groups: list[Plant], path: tuple[str, ...], medium: str, watts: float, behind: list[list[Plant]]
    ) -> None:
        """`path` begins with the place; `behind` are the stages that follow at the same place."""
        later = OUTSIDE[OUTSIDE.index(groups[0].kind) + 1 :]
        for group, part in self.divide(groups):
            mine = watts * part
            self.loads[group.name] += mine
            if group.kind == "chiller":
                mine *= 1 + 1 / (group.cop or 6)
            if named := self.at(group.name, medium, later):
                self.loop(named, (group.name,), medium, mine)
            elif behind:
                self.take(behind[0], path, medium, mine, behind[1:])
            elif group.kind != "chiller":
                self.rejected += mine
            else:
                same = self.at(path[0], medium, ("tower",))
                beyond = [place for place in path[1:] if self.at(place, medium, later)]
                if same:
                    self.loop(same, path, medium, mine)
                elif beyond:
                    self.outward(tuple(beyond), medium, mine, later)
                else:
                    self.rejected += mine


# --- random sites --------------------------------------------------------------------------------------


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Halls in a building on a campus; every source of heat finds some plant further out."""
    names = [f"h{number}" for number in range(draw(st.integers(1, 3)))]
    halls = {name: (draw(st.integers(1, 900)), draw(st.integers(0, 100))) for name in names}
    homes = st.sampled_from(["b", "c", "b", *names])
    counts = st.tuples(st.integers(0, 9), st.integers(0, 9))
    power = [("b", f"ups u {{ rating = 9 MW; efficiency = {draw(st.integers(90, 99))}% }}")]
    power += [("b", f"ups v {{ rating = 1 MW; efficiency = {draw(st.integers(90, 99))}% }}")] * draw(st.integers(0, 1))
    power += [
        (name, f"pdu p {{ rating = 1 MW; efficiency = {draw(st.integers(90, 100))}% }}")
        for name in names
        if draw(st.booleans())
    ]
    plant = [Plant("tower", "last", "c", draw(counts), cop=draw(st.integers(15, 30)), approach=4)]
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(INSIDE))
        fans = draw(st.integers(0, 9)) if kind == "crah" else 0
        serves = tuple(draw(st.lists(st.sampled_from(names), unique=True))) if draw(st.booleans()) else ()
        home = draw(homes) if not serves else "b"
        plant.append(Plant(kind, f"in{number}", home, draw(counts), serves, fans=fans))
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(OUTSIDE))
        inner = (*INSIDE, *OUTSIDE[: OUTSIDE.index(kind)])
        before = [one.name for one in plant if one.home == "b" and one.kind in inner]
        serves = tuple(draw(st.lists(st.sampled_from([*names, *before]), unique=True))) if draw(st.booleans()) else ()
        home = draw(homes) if not serves else "b"
        carries = draw(st.sampled_from(["both", "liquid", "air"]))
        cop = draw(st.integers(2, 9)) if kind == "chiller" else draw(st.integers(15, 30))
        said = draw(st.integers(0, 3)) > 0
        plant.append(
            Plant(
                kind,
                f"out{number}",
                home,
                draw(counts),
                serves,
                carries,
                cop=cop,
                approach=draw(st.integers(3, 10)) if kind != "chiller" and said else 0,
                supply=draw(st.integers(20, 45)) if kind == "chiller" and said else 0,
                rise=draw(st.sampled_from([5, 10, 20, 0])),
            )
        )
    return Site(halls, tuple(power), tuple(plant))


def amount(plan: Compiled, path: str | None, name: str, day: datetime.date) -> float:
    entity = None if path is None else plan.at(path)
    assert path is None or entity is not None, path
    steps = steps_of(plan, entity, name)
    return 0.0 if steps is None else steps.at(day)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-3)


def where(plan: Compiled, name: str) -> str:
    return next(one.path for one in plan.entities if one.block.name == name)


@settings(max_examples=150, deadline=None)
@given(sites())
def test_every_group_takes_what_comes_to_it(site: Site) -> None:
    """The load of each group is the sum of what comes to it, and IT heat, losses, fans and compressors' work are what
    goes to the weather, on every date; where the plant says what it draws, the facility draws that, and no more."""
    plan = compile_text(site.text()).situation
    for number, day in enumerate(DAYS):
        reckoned = Reckoning(site, number)
        it_load = lost = 0.0
        for hall, (kw, share) in site.halls.items():
            it_load += kw * 1e3
            reckoned.arise(hall, "liquid", kw * 10.0 * share)
            reckoned.arise(hall, "air", kw * 10.0 * (100 - share))
        for group in plan.of_kind("ups", "pdu"):
            loses = amount(plan, group.path, "load", day) * (1 / float(group.written["efficiency"]) - 1)  # type: ignore[arg-type]
            lost += loses
            assert group.parent is not None
            reckoned.arise(group.parent.block.name, "air", loses)
        compressors = fans = moving = 0.0
        for one in site.plant:
            path = where(plan, one.name)
            load = amount(plan, path, "load", day)
            assert load == near(reckoned.loads[one.name]), one.name
            compressors += load / one.cop if one.kind == "chiller" else 0.0
            fans += load * one.fans / (100 + one.fans)
            moving += load / one.cop if one.cop else 0.0
        rejected = sum(amount(plan, one.path, "rejected", day) for one in plan.of_kind(*OUTSIDE))
        assert reckoned.nowhere == 0
        assert rejected == near(reckoned.rejected)
        assert rejected == near(it_load + lost + fans + compressors)
        assert amount(plan, None, "heat", day) == near(it_load + lost + fans)
        assert amount(plan, None, "facility_load", day) == near(it_load + lost + fans + moving)


@settings(max_examples=40, deadline=None)
@given(sites())
def test_the_drawing_conserves_heat_too(site: Site) -> None:
    """What enters a box of plant is what it takes, its own fans' work in it; what leaves it is what it passes on."""
    plan = compile_text(site.text()).situation
    for day in DAYS:
        (sheet,) = cooling_sheets(plan, day)
        for node in sheet.nodes:
            entity = plan.at(node.id)
            if entity is None or entity.kind.area != "cooling":
                continue
            entering = sum(edge.flow for edge in sheet.edges if edge.target == node.id)
            leaving = sum(edge.flow for edge in sheet.edges if edge.source == node.id)
            assert entering == near(amount(plan, entity.path, "load", day))
            assert leaving == near(amount(plan, entity.path, "passed_on", day))
        at_last = sum(edge.flow for edge in sheet.edges if edge.target.endswith(" weather"))
        assert at_last == near(sum(amount(plan, one.path, "rejected", day) for one in plan.of_kind(*OUTSIDE)))
