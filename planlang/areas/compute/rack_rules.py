"""What must hold of racks: what shares one fits its height, and shared racks fit rows and positions at once."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import Standing, count, standing, standing_boxes, system_of
from planlang.areas.compute.racks import (
    RACK_UNIT,
    TALLEST,
    boxes,
    mass_a_rack,
    own_mass,
    positions_each,
    systems_a_rack,
    units,
)
from planlang.areas.compute.rows import systems_a_row
from planlang.core.derive import once
from planlang.core.holes import checks
from planlang.core.limits import is_over, joined, round_up, stretches_text
from planlang.core.plan import magnitude, magnitudes
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import LENGTH, MASS
from planlang.lang.finding import Contributor, Finding, Fix, Interval
from planlang.lang.steps import EVER, combine
from planlang.lang.text import show, show_pair
from planlang.lang.values import TOLERANCE, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@rule("SPC106", "rack-too-low", needs=("deploy",))
def rack_too_low(situation: Situation) -> Iterator[Finding]:
    """The systems that share a rack position fit the height of a rack, one above another.

    Formula: systems that share a position x height <= rack_height; where no `rack_height` is written, 52 U.
    Source: racks have 42 to 52 U of 44.45 mm (IEC 60297, EIA-310; makers' ranges, recalled).
    Example:
        system server { power = 1 kW; positions = 1 / 15; height = 4 U }
        building b { hall h { rack_height = 48 U; deploy s { system = server; count = 15 } } }
    """
    told: set[tuple[Entity, object]] = set()
    for deploy in situation.of_kind("deploy"):
        system, many = system_of(situation, deploy), count(situation, deploy)
        if system is None or many is None or not any(many.values) or not situation.says(system, "height"):
            continue
        written = situation.passed(deploy, "rack_height")
        limit = units(TALLEST) if written is None else written
        share = systems_a_rack(positions_each(situation, system))
        together = min(share, max(many.values))
        tall = together * magnitude(situation.given(system, "height"))
        if not is_over(tall, limit.magnitude) or (system, limit) in told:
            continue
        told.add((system, limit))
        stack, one = Quantity(tall, LENGTH, RACK_UNIT), show(situation.given(system, "height"))
        what = f"{together:,.0f} `{system.path}` of {one} in a rack" if together > 1 else f"`{system.path}`"
        fits = floor(limit.magnitude / magnitude(situation.given(system, "height")) * (1 + TOLERANCE))
        fixes = (Fix(f"write `positions = 1 / {fits}` in `{system.path}`", f"{system.path}.positions"),) if fits else ()
        yield Finding(
            code_of("SPC106"),
            f"`{deploy.path}`: {what} take {show(stack)}, more than {_bound(written)}",
            deploy.span_of("system"),
            deploy.path,
            demand=stack,
            limit=limit,
            contributors=(Contributor(system.path, None, system.span),),
            fixes=fixes,
        )
    yield from _low_for_boxes(situation)


def _bound(written: Quantity | None) -> str:
    """The height of a rack in a message."""
    if written is None:
        return f"the {show(units(TALLEST))} of the tallest racks that are usual"
    return f"the `rack_height` of {show(written)}"


def _low_for_boxes(situation: Situation) -> Iterator[Finding]:
    """Switches that are higher than a rack of the hall in which they stand."""
    for place, found in boxes(situation).items():
        written = situation.passed(place, "rack_height")
        limit = units(TALLEST) if written is None else written
        for one in found:
            height = situation.get(one.box, "height")
            if height is None or not is_over(height.magnitude, limit.magnitude):
                continue
            yield Finding(
                code_of("SPC106"),
                f"`{one.source.path}`: `{one.box.path}` takes {show(height)} in `{place.path}`, more than "
                f"{_bound(written)}",
                one.source.span_of("switch"),
                one.source.path,
                demand=height,
                limit=limit,
                contributors=(Contributor(one.box.path, height, one.box.span),),
            )


@rule("SPC108", "rack-too-heavy", needs=("deploy",))
def rack_too_heavy(situation: Situation) -> Iterator[Finding]:
    """A rack bears what stands in it: its own mass and that of the systems that share it.

    A system that takes whole positions and is as high as a rack (42 U or more), or has no `height`, is a rack itself,
    and its mass is that of both.
    Formula: rack_mass + systems that share a position x mass <= rack_limit.
    Source: engineering rule: racks are rated for a static load, 1,000 to 2,000 kg (makers' ranges, recalled).
    Example:
        system server { power = 10 kW; positions = 0.25; mass = 130 kg; liquid = 0 }
        building b { pue = 1.2; peak_pue = 1.3
          hall h { rack_mass = 180 kg; rack_limit = 600 kg; deploy s { system = server; count = 8 } } }
    """
    told: set[tuple[Entity, Entity]] = set()
    for deploy in situation.of_kind("deploy") if situation.may_say("rack_limit") else ():
        system, many, hall = system_of(situation, deploy), count(situation, deploy), deploy.parent
        limit = situation.passed(deploy, "rack_limit")
        if system is None or many is None or not any(many.values) or limit is None or hall is None:
            continue
        together = min(systems_a_rack(positions_each(situation, system)), max(many.values))
        heavy = mass_a_rack(situation, system, hall, together)
        if heavy is None or not is_over(heavy, limit.magnitude) or (system, hall) in told:
            continue
        told.add((system, hall))
        mass, here, there = situation.given(system, "mass"), *show_pair(Quantity(heavy, MASS), limit)
        rack = own_mass(situation, system, hall)
        what = f"{together:,.0f} `{system.path}` of {show(mass, 4)}" if together > 1 else f"`{system.path}`"
        if rack:
            what += f" and {'their' if together > 1 else 'its'} rack of {show(Quantity(rack, MASS), 4)}"
        have = "have" if rack or together > 1 else "has"
        least = Quantity(round_up(heavy), MASS, limit.unit)
        fits = floor((limit.magnitude - rack) / magnitude(mass) * (1 + TOLERANCE))
        yield Finding(
            code_of("SPC108"),
            f"`{deploy.path}`: {what} {have} {here}, more than the `rack_limit` of {there}",
            deploy.span_of("system"),
            deploy.path,
            demand=Quantity(heavy, MASS),
            limit=limit,
            contributors=(Contributor(system.path, mass, system.span),),
            fixes=(
                Fix(f"raise `rack_limit` of `{hall.path}` to {show(least)}", f"{hall.path}.rack_limit", least),
                *(
                    (Fix(f"or write `positions = 1 / {fits}` in `{system.path}`", f"{system.path}.positions"),)
                    if 0 < fits < together
                    else ()
                ),
            ),
        )


# --- rows and positions at once ------------------------------------------------------------------------


class _Row(NamedTuple):
    """What a row may hold of one system: `most` in all, by its power, and `each` on one position."""

    most: int
    each: int

    def room(self, rows: int, positions: int) -> int:
        """The most systems in so many rows on so many positions: whole racks first, the last of a row in part."""
        whole, rest = divmod(self.most, self.each)
        full = min(positions, rows * whole)
        return full * self.each + min(positions - full, rows if rest else 0) * rest


@rule("SPC107", "rows-and-positions", needs=("hall",))
def rows_and_positions(situation: Situation) -> Iterator[Finding]:
    """Systems that share racks fit the rows of a hall and its positions in one layout.

    A row bears so many systems, and a position holds so many: what one counts alone may fit where both together do not.
    Only halls with `rows`, `row_budget` and `positions` in which one system shares positions are examined.
    Formula: the most systems on `positions` in `rows`, whole racks first and the last of a row in part, >= count(t).
    Source: counted by trying all layouts of small halls (a test).
    Example:
        system server { power = 10 kW; positions = 0.25; liquid = 0 }
        building b { pue = 1.2; peak_pue = 1.3
          hall h { rows = 6; row_budget = 55 kW; positions = 8
            deploy s { system = server; count = 30 } } }
    """
    for hall in situation.of_kind("hall"):
        yield from _layouts(situation, hall)


@checks(lambda situation: situation.of_kind("hall") if situation.may_say("row_budget") else ())
@once
def layout_fails(situation: Situation, hall: Entity) -> dict[object, str]:
    """Whether what stands in a hall fits no layout of its rows and positions."""
    if next(_layouts(situation, hall), None) is None:
        return {}
    return {hall: f"with one more no layout of the rows and positions of `{hall.path}` holds all"}


def _layouts(situation: Situation, hall: Entity) -> Iterator[Finding]:
    """What its rows and positions together say of a hall in which one system stands."""
    if all(situation.says(hall, name) for name in ("rows", "row_budget", "positions")):
        found = [one for one in standing(situation, hall) if any(one.many.values)]
        if len(found) == 1 and not standing_boxes(situation, hall):
            yield from _both(situation, hall, found[0])


def _both(situation: Situation, hall: Entity, one: Standing) -> Iterator[Finding]:
    taken = positions_each(situation, one.system)
    each, most = systems_a_rack(taken), systems_a_row(magnitude(situation.get(hall, "row_budget")), one.power)
    if each < 2 or not most:
        return
    row = _Row(most, each)
    steps = combine(
        lambda many, rows, positions: (ceil(many * (1 - TOLERANCE)), int(rows), int(positions)),
        one.many,
        magnitudes(situation.get(hall, "rows")),
        magnitudes(situation.get(hall, "positions")),
    )
    over = []
    for start, until, (many, rows, positions) in steps.between(situation.start, situation.until):
        alone = many <= rows * most and ceil(many / each) <= positions  # else the rule of rows or of positions says so
        if alone and many > row.room(rows, positions):
            over.append((None if start == EVER else start, until, many, rows, positions))
    if not over:
        return
    top = max(over, key=lambda case: case[2] - row.room(case[3], case[4]))
    many, rows, positions = top[2:]
    stretches = joined([(a, b) for a, b, *_ in over])
    stand = f"at most {row.room(rows, positions):,} of its {many:,} `{one.system.path}` stand"
    text = (
        f"`{hall.path}`: {stand} on {positions:,} positions in {rows:,} rows: a row bears {most:,}, and a position "
        f"holds {each:,}{stretches_text(stretches)}"
    )
    enough = _least(positions, rows * (most // each + 1), lambda more: row.room(rows, more) >= many)
    fixes = [Fix(f"raise `positions` to {enough:,}", f"{hall.path}.positions", enough)]
    if row.room(many, positions) >= many:
        enough = _least(rows, many, lambda more: row.room(more, positions) >= many)
        fixes.append(Fix(f"or raise `rows` to {enough:,}", f"{hall.path}.rows", enough))
    yield Finding(
        code_of("SPC107"),
        text,
        hall.span_of("rows"),
        hall.path,
        top[0],
        top[1],
        intervals=tuple(Interval(a, b, None, None) for a, b in stretches),
        contributors=tuple(Contributor(deploy.path, None, deploy.span) for deploy in one.deploys),
        fixes=tuple(fixes),
    )


def _least(fails: int, holds: int, enough: Callable[[int], bool]) -> int:
    """The least number that is enough, of one that is not and one that is."""
    while holds - fails > 1:
        middle = (fails + holds) // 2
        fails, holds = (fails, middle) if enough(middle) else (middle, holds)
    return holds
