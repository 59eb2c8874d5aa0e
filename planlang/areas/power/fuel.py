"""Fuel of generators: what those that run beside the grid burn by the hour and in a year, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.plant.roles import is_onsite
from planlang.areas.plant.stations import share
from planlang.areas.power.derived import OF_MEAN, YEAR, usable
from planlang.areas.stages import STANDBY
from planlang.core.derive import derives
from planlang.core.plan import magnitude
from planlang.lang.dimensions import ENERGY, POWER, TIME, money
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@derives(
    "fuel_use",
    POWER,
    "What it burns on average, by the energy of the fuel: its mean load x heat_rate, where it runs beside the grid.",
    *STANDBY,
)
def fuel_use(situation: Situation, group: Entity) -> Steps[float] | None:
    """Mean load x heat_rate, in W of fuel; None where the heat rate is not written."""
    rate = situation.value(group, "heat_rate")
    if rate is None:
        return None
    if not is_onsite(situation, group):
        return Steps.constant(0.0)
    return share(situation, group, OF_MEAN, usable).map(lambda watts: watts * magnitude(rate))


@derives("fuel_energy", ENERGY, "The energy of the fuel that it burns in a year: fuel_use x 8,760 h.", *STANDBY)
def fuel_energy(situation: Situation, group: Entity) -> Steps[float] | None:
    """fuel_use(t) x 8,760 h, in J."""
    use = fuel_use(situation, group)
    return None if use is None else use.map(lambda watts: watts * YEAR)


@derives(
    "fuel_stored", ENERGY, "The energy of the fuel that is stored: for `fuel_hours` at its usable capacity.", *STANDBY
)
def fuel_stored(situation: Situation, group: Entity) -> Steps[float] | None:
    """usable(t) x heat_rate x fuel_hours, in J; None where one of them is not known."""
    rate, hours, capacity = (
        situation.value(group, "heat_rate"),
        situation.value(group, "fuel_hours"),
        usable(situation, group),
    )
    if rate is None or not isinstance(hours, Duration) or capacity is None:
        return None
    return capacity.map(lambda watts: watts * magnitude(rate) * hours.total)


@derives(
    "fuel_cost",
    money("USD") / TIME,
    "What the fuel costs that it burns: fuel_use x fuel_price, in the currency of the price.",
    *STANDBY,
)
def fuel_cost(situation: Situation, group: Entity) -> Steps[Quantity] | None:
    """fuel_use(t) x fuel_price(t), as money per time; None where one of them is not known."""
    use, price = fuel_use(situation, group), situation.value(group, "fuel_price")
    if use is None or price is None:
        return None
    prices = price if isinstance(price, Steps) else Steps.constant(price)
    return combine(lambda watts, each: Quantity(watts * each.magnitude, POWER * each.dimension), use, prices)


class FuelRow(NamedTuple):
    """What a group burns from a day on, by the hour in J and in a year in J; what that costs in a year; and the fuel
    that is stored, in J. None where it is not known."""

    group: Entity
    start: datetime.date | None
    fuel: str | None
    hour: Quantity | None
    year: Quantity | None
    price: Quantity | None
    cost: Quantity | None
    stored: Quantity | None


def fuel_rows(situation: Situation) -> Iterator[FuelRow]:
    """Every group of generators whose fuel is known, stage by stage within the horizon."""
    for group in situation.of_kind(*STANDBY):
        use, stored, cost = (of(situation, group) for of in (fuel_use, fuel_stored, fuel_cost))
        if use is None:
            continue
        price = situation.value(group, "fuel_price")
        parts = [
            use,
            Steps.constant(None) if stored is None else stored,
            price if isinstance(price, Steps) else Steps.constant(price),
            Steps.constant(None) if cost is None else cost,
        ]
        rows: Steps[tuple[float, float | None, Quantity | None, Quantity | None]]
        rows = combine(lambda *each: each, *parts)
        for start, _, (watts, kept, each, costs) in rows.between(situation.start, situation.until):
            if watts or kept:
                yield FuelRow(
                    group,
                    None if start == EVER else start,
                    str(situation.get(group, "fuel") or "") or None,
                    Quantity(watts * 3600, ENERGY) if watts else None,
                    Quantity(watts * YEAR, ENERGY) if watts else None,
                    each,
                    Quantity(costs.magnitude * YEAR, costs.dimension * TIME) if costs is not None and watts else None,
                    Quantity(kept, ENERGY) if kept else None,
                )
