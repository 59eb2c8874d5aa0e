"""What the facility draws for its loads: PUE of the peak hour and of the year, written, derived or assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import liquid_share, own_average, own_liquid, own_load
from planlang.areas.plant.feeds import feeds, is_fed
from planlang.areas.plant.heat import way
from planlang.areas.plant.heat_flow import taken
from planlang.areas.plant.losses import delivering, is_indoors, lost_in_proportion
from planlang.areas.plant.no_load import standing_in, stays
from planlang.areas.plant.year import drawn_over, weather_of
from planlang.areas.site.derived import consumers, while_active
from planlang.areas.stages import COOLING, LOSING, REJECTING
from planlang.core.derive import once
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.steps import Steps, combine, total

if TYPE_CHECKING:
    import datetime

    from planlang.areas.plant.feeds import Lane
    from planlang.areas.plant.heat import Way
    from planlang.areas.plant.heat_flow import Draws
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Starts = tuple[datetime.date, ...]
    Parts = tuple[float, ...]

ASSUMED_PEAK_PUE = 1.45
"""Upper end of peak-hour figures at design weather, 1.25 to 1.45 (planning practice, recalled; ISO/IEC 30134-2
defines the annual figure)."""

ASSUMED_PUE = 1.25
"""Upper end of annual figures of liquid-cooled sites, 1.10 to 1.25 (analysts)."""


class Assumable(NamedTuple):
    """A factor, and whether it is written, follows from other figures, or is assumed.

    One that follows may vary in time: `over` says how, and `value` is the greatest.
    """

    value: float
    basis: str
    over: Steps[float] | None = None

    def times(self, steps: Steps[float]) -> Steps[float]:
        """A quantity times the factor."""
        if self.over is None:
            return steps.map(lambda one: one * self.value)
        return combine(lambda one, factor: one * factor, steps, self.over)


def peak_pue(situation: Situation, consumer: Entity) -> Assumable:
    """PUE of the peak hour where a consumer stands: written, else the annual, else that of its plant, else assumed."""
    written = situation.passed(consumer, "peak_pue")
    if written is not None:
        return Assumable(magnitude(written), "written")
    annual = situation.passed(consumer, "pue")
    if annual is not None:
        return Assumable(magnitude(annual), "annual")
    return _pue_of_plant(situation, consumer) or Assumable(ASSUMED_PEAK_PUE, "assumed")


def pue(situation: Situation, consumer: Entity) -> Assumable:
    """Annual PUE where a consumer stands: written, else that of its plant, else assumed, at most the peak's."""
    written = situation.passed(consumer, "pue")
    if written is not None:
        return Assumable(magnitude(written), "written")
    derived = _pue_of_plant(situation, consumer, annual=True)
    if derived is not None:
        return derived
    peak = situation.passed(consumer, "peak_pue")
    value = ASSUMED_PUE if peak is None else min(ASSUMED_PUE, magnitude(peak))
    return Assumable(value, "assumed")


# --- what the plant that is written draws ----------------------------------------------------------------


class Drawn(NamedTuple):
    """What a consumer and its plant draw together, for each watt of its IT load.

    `losses` counts the losses of its power plant; `all_` also fans, compressors and other plant that states a COP.
    `mechanical` is what each group of cooling plant draws of it by its own feeds, before what these lose; `by_feeds` is
    that with their losses, which `all_` counts, too. `silent` are the cooling groups that state no COP. `efficiencies`,
    `cops`: whether any is written; `assumed`: whether it is assumed how much some plant trims.
    """

    losses: Steps[float]
    all_: Steps[float]
    mechanical: dict[Entity, Steps[float]]
    by_feeds: Steps[float] | None
    silent: tuple[Entity, ...]
    efficiencies: bool
    cops: bool
    assumed: bool

    def pue(self, situation: Situation) -> float:
        """The greatest factor within the horizon."""
        return max(value for _, _, value in self.all_.between(situation.start, situation.until))


def drawn_by_plant(situation: Situation, consumer: Entity, weather: Entity | None = None) -> Drawn:
    """In the design hour, or on average over a year's weather.

    Losses by the efficiencies, fans, and heat over the COP of the group that takes it, share by share. Substations and
    transformers carry the cooling, too. What states no efficiency loses nothing, and what states no COP draws nothing.
    Source: pPUE of cooling = 1 + (1 + losses) / COP.
    """
    ways = tuple(
        (way(situation, consumer, medium), share) for medium, share in _heat_shares(situation, consumer).items()
    )
    return _drawn(
        situation,
        feeds(situation).lane_of.get(consumer),
        tuple((one, share.starts, share.values) for one, share in ways),
        weather,
    )


def drawn_in_a_year(situation: Situation, consumer: Entity) -> Drawn:
    """The same on average over the weather where a consumer stands; where none is written, as in the design hour."""
    return drawn_by_plant(situation, consumer, weather_of(situation, consumer))


@once
def _drawn(
    situation: Situation,
    lane: Lane | None,
    shares: tuple[tuple[Way | None, Starts, Parts], ...],
    weather: Entity | None,
) -> Drawn:
    """What plant draws, by lane and ways of heat: consumers with the same lane, ways and parts share one result."""
    lost = {} if lane is None else lost_in_proportion(situation, lane)
    critical, outer = (Steps.constant(1.0),) * 2 if lane is None else delivering(situation, lane)
    heat = [(one, Steps(starts, parts)) for one, starts, parts in shares if any(parts)]
    heat += [(way(situation, group, "air"), share) for group, share in lost.items() if is_indoors(group)]
    on_ways = [(one, share) for one, share in heat if one is not None]
    draws = [(drawn_over(situation, one, weather), share) for one, share in on_ways]
    cooling = total([combine(_product, one.others, share) for one, share in draws])
    mechanical = _mechanical(draws)
    by_feeds = [combine(_product, steps, with_losses(situation, one)) for one, steps in mechanical.items()]
    all_ = combine(lambda one, other, factor: (one + other) * factor, critical, cooling, outer)
    plant = dict.fromkeys(one for its, _ in on_ways for stop in its.stops for one in stop.station.groups)
    moving = [one for one in plant if one.kind.name in REJECTING]
    nodes = () if lane is None else (*lane.nodes, *lane.standby)
    return Drawn(
        combine(_product, critical, outer),
        total([all_, *by_feeds]) if by_feeds else all_,
        mechanical,
        total(by_feeds) if by_feeds else None,
        tuple(one for one in moving if not situation.says(one, "cop") and _takes(situation, one, on_ways)),
        any(situation.says(one, "efficiency") for node in nodes for one in node.station.groups),
        any(situation.says(one, "cop") for one in moving),
        any(trim.share is None for one, _ in on_ways for trim in one.trims),
    )


def _mechanical(draws: list[tuple[Draws, Steps[float]]]) -> dict[Entity, Steps[float]]:
    """What each group of cooling plant draws by its own feeds, for each watt of IT load."""
    found: dict[Entity, list[Steps[float]]] = {}
    for one, share in draws:
        for group, steps in one.fed.items():
            found.setdefault(group, []).append(combine(_product, steps, share))
    return {group: total(steps) for group, steps in found.items()}


def with_losses(situation: Situation, plant: Entity) -> Steps[float]:
    """What cooling plant asks of the grid for each watt that it draws of its feeds."""
    return combine(_product, *delivering(situation, feeds(situation).lane_of[plant]))


def _product(one: float, other: float) -> float:
    return one * other


def _takes(situation: Situation, group: Entity, on_ways: list[tuple[Way, Steps[float]]]) -> bool:
    """Whether any of the heat comes to a group."""
    return any(
        part is None or any(part.values)
        for one, _ in on_ways
        for stop, part in taken(situation, one).items()
        if group in stop.station.groups
    )


def _heat_shares(situation: Situation, consumer: Entity) -> dict[str, Steps[float]]:
    """The part of a consumer's IT load that is heat to each medium."""
    if consumer.kind.name == "deploy":
        liquid = Steps.constant(liquid_share(situation, consumer))
    else:
        load, own = own_load(situation, consumer), own_liquid(situation, consumer)
        liquid = Steps.constant(0.0)
        if load is not None and own is not None:
            liquid = combine(lambda part, all_: part / all_ if all_ else 0.0, own, load)
    return {"liquid": liquid, "air": liquid.map(lambda part: 1 - part)}


def _pue_of_plant(situation: Situation, consumer: Entity, annual: bool = False) -> Assumable | None:
    """The PUE of the peak hour, or of the year, that follows from the plant; None unless at least one efficiency and
    one COP are written."""
    found = drawn_in_a_year(situation, consumer) if annual else drawn_by_plant(situation, consumer)
    if not found.efficiencies or not found.cops:
        return None
    return Assumable(found.pue(situation), "derived", found.all_)


@once
def for_it(situation: Situation, entity: Entity) -> Steps[float] | None:
    """What the facility draws in the peak hour for a consumer's IT load, in W: IT load x peak PUE."""
    load = own_load(situation, entity)
    if load is None or load.values == (0.0,):
        return load
    return peak_pue(situation, entity).times(load)


@once
def own_facility(situation: Situation, entity: Entity) -> Steps[float] | None:
    """Facility load of a consumer at the peak hour, in W: its IT load x peak PUE, and its other load."""
    load = for_it(situation, entity)
    if load is None:
        return None
    return _with_what_stays(situation, entity, with_other(situation, entity, load), False)


@once
def own_mean(situation: Situation, consumer: Entity) -> Steps[float] | None:
    """What the facility draws on average for a consumer, in W: mean IT load x annual PUE, and its other load."""
    average = own_average(situation, consumer)
    if average is None:
        return None
    mean = with_other(situation, consumer, pue(situation, consumer).times(average))
    return _with_what_stays(situation, consumer, mean, True)


def _with_what_stays(situation: Situation, place: Entity, steps: Steps[float], annual: bool) -> Steps[float]:
    stay = [asked_for(situation, *one) for one in stays_in(situation, place, annual).items()]
    return total([steps, *stay]) if stay else steps


def asked_for(situation: Situation, group: Entity, steps: Steps[float]) -> Steps[float]:
    """What is asked of the grid for what stays of a group: with what is lost on feeds of its own."""
    fed = group.kind.name in COOLING and is_fed(situation, group)
    return combine(_product, steps, with_losses(situation, group)) if fed else steps


@once
def stays_in(situation: Situation, place: Entity, annual: bool) -> dict[Entity, Steps[float]]:
    """What each group of plant in a container loses or draws however little it carries, in W, with what cooling plant
    draws for the heat of that; nothing where the PUE of the hour, or of the year, is written or assumed: it counts it.
    """
    groups = standing_in(situation).get(place, ())
    if not groups or not _follows(situation, place, annual):
        return {}
    weather = weather_of(situation, place) if annual else None
    found: dict[Entity, Steps[float]] = {}
    for group in groups:
        steps = stays(situation, group)
        if steps is None:
            continue
        its = way(situation, group, "air") if is_indoors(group) and group.kind.name in LOSING else None
        if its is not None:
            moved = drawn_over(situation, its, weather)
            factor = total([Steps.constant(1.0), moved.others, *moved.fed.values()])
            steps = combine(_product, steps, factor)
        found[group] = steps
    return found


def _follows(situation: Situation, place: Entity, annual: bool) -> bool:
    """Whether the PUE of what stands in a container follows from its plant."""
    names = ("pue",) if annual else ("pue", "peak_pue")
    if any(situation.passed(place, name) is not None for name in names):
        return False
    around = (one for one in consumers(situation) if one is not place and place in one.ancestors())
    basis = pue if annual else peak_pue
    return any(basis(situation, one).basis == "derived" for one in (*around, place))


def with_other(situation: Situation, entity: Entity, steps: Steps[float]) -> Steps[float]:
    """A load and the other load of where it stands, in W."""
    other = situation.value(entity, "other_load")
    if other is None:
        return steps
    return combine(lambda a, b: a + b, steps, while_active(situation, entity, magnitudes(other)))
