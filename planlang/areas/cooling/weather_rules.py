"""What must hold of the weather of a year, and what of it has no effect."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from planlang.areas.cooling.weather import working
from planlang.areas.plant.draw import pue
from planlang.areas.plant.mechanical import cooled_by
from planlang.areas.plant.outdoors import BULB, weather
from planlang.areas.plant.year import HOURS, behind, compressed, weather_of, year
from planlang.areas.site.derived import consumers
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import TEMPERATURE
from planlang.lang.finding import Finding, Fix
from planlang.lang.text import listed, show
from planlang.lang.values import TOLERANCE, Duration, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

LEAP = 8784.0
"""Hours of a leap year."""


@rule("COL170", "weather-of-unequal-lists", needs=("weather",))
def weather_of_unequal_lists(situation: Situation) -> Iterator[Finding]:
    """The lists of a `weather` have one value for each bin, and its hours are those of a year.

    Formula: as many `wet_bulb` and `hours` as `dry_bulb`; wet bulb <= dry bulb; sum of hours = 8,760 h (8,784 h).
    Source: a bin without all of its figures is no weather; the wet bulb is never above the dry bulb.
    Example:
        campus c { weather year { dry_bulb = [10 degC, 30 degC]; hours = [8_000 h, 700 h] } }
    """
    for table in situation.of_kind("weather"):
        dry = situation.get(table, "dry_bulb")
        for name in ("wet_bulb", "hours"):
            other = situation.get(table, name)
            if isinstance(dry, tuple) and isinstance(other, tuple) and len(dry) != len(other):
                yield _of(table, name, f"`{name}` has {len(other):,} values, and `dry_bulb` has {len(dry):,}")
        hours = situation.get(table, "hours")
        if isinstance(hours, tuple):
            every = fsum(one.total for one in hours if isinstance(one, Duration)) / 3600
            if not any(abs(every - due) <= TOLERANCE * due for due in (HOURS, LEAP)):
                yield _of(table, "hours", f"its bins last {every:,.10g} h together, and a year has {HOURS:,.0f} h")
        its = year(situation, table)
        wrong = [
            place
            for place, one in enumerate(its.bins if its is not None else ())
            if one.dry_bulb is not None and one.wet_bulb is not None and one.wet_bulb > one.dry_bulb + 1e-9
        ]
        if its is not None and wrong:
            one = its.bins[wrong[0]]
            wet, most = (show(Quantity(value or 0.0, TEMPERATURE)) for value in (one.wet_bulb, one.dry_bulb))
            text = f"the wet bulb of bin {wrong[0] + 1:,} is {wet}, above its dry bulb of {most}"
            yield _of(table, "wet_bulb", text)


def _of(table: Entity, name: str, text: str) -> Finding:
    return Finding(code_of("COL170"), f"`{table.path}`: {text}", table.span_of(name), table.path)


@rule("COL171", "hotter-than-designed", severity="warning", needs=("weather",))
def hotter_than_designed(situation: Situation) -> Iterator[Finding]:
    """The weather of the design hour is no cooler than the hottest bin of the year.

    Formula: design_dry_bulb >= every dry_bulb, design_wet_bulb >= every wet_bulb, where both are written.
    Source: plant is designed for a 20-year extreme, and 2 to 4 K more for air that comes back (planning practice,
    recalled); a year's bins are a mean year.
    Example:
        campus c { design_dry_bulb = 30 degC
          weather year { dry_bulb = [10 degC, 34 degC]; hours = [8_700 h, 60 h] } }
    """
    for table in situation.of_kind("weather"):
        its = year(situation, table)
        if its is None or table.parent is None:
            continue
        for place, (name, words) in enumerate(BULB.values()):
            designed = weather(situation, table.parent, name)
            hot = [(one[place], part) for one, part in zip(its.bins, its.parts, strict=True)]
            if designed is None:
                continue
            over = [(kelvin, part) for kelvin, part in hot if kelvin is not None and kelvin > designed + 1e-9]
            if not over:
                continue
            most = Quantity(max(kelvin for kelvin, _ in over), TEMPERATURE)
            hours = fsum(part for _, part in over) * HOURS
            text = (
                f"`{table.path}`: for {hours:,.4g} h of its year the {words} is above the "
                f"{show(Quantity(designed, TEMPERATURE))} of `{name}`, up to {show(most)}"
            )
            fix = Fix(f"raise `{name}` of `{table.parent.path}` to {show(most)}", f"{table.parent.path}.{name}", most)
            yield Finding(code_of("COL171"), text, table.span, table.path, fixes=(fix,))


@leaves_unexamined
def economizers_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Economizers of which it is not known how far the weather cools: of what is behind them, or of their coils."""
    for chiller in situation.of_kind("chiller"):
        if not situation.get(chiller, "economizer"):
            continue
        table = weather_of(situation, chiller)
        names = ("supply", "rise", *(() if behind(situation, chiller) else ("approach",)))
        lacking = [f"`{name}`" for name in names if not situation.says(chiller, name)]
        if table is None:
            yield Unexamined(f"economizer of {chiller.path}", "no `weather` of a year is written")
        elif lacking:
            yield Unexamined(f"economizer of {chiller.path}", f"it has no {listed(lacking)}")
        elif compressed(situation, chiller, table) is None:
            yield Unexamined(f"economizer of {chiller.path}", f"`{table.path}` lacks what the plant behind it goes by")


@leaves_unexamined
def weather_without_effect(situation: Situation) -> Iterator[Unexamined]:
    """Weather from which nothing follows: a PUE is written, or nothing of the plant goes by the weather."""
    tables = situation.of_kind("weather")
    if not tables:
        return
    moved: dict[Entity, bool] = {}
    for consumer in consumers(situation):
        if (table := weather_of(situation, consumer)) is not None:
            moved[table] = moved.get(table, False) or pue(situation, consumer).basis == "derived"
    chillers = {
        table
        for one in situation.of_kind("chiller")
        if working(situation, one) is not None and cooled_by(situation, one)
        if (table := weather_of(situation, one)) is not None
    }
    for table in tables:
        if table.parent is None:
            continue
        if table not in moved:
            yield Unexamined(f"weather {table.path}", "nothing with a load stands in it")
        elif not moved[table]:
            yield Unexamined(f"annual PUE by {table.path}", "a `pue` is written, or no efficiency and COP of its plant")
        elif table not in chillers:
            yield Unexamined(f"annual PUE by {table.path}", "no chillers trim, or have an `economizer`")
