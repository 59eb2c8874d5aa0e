"""What must hold of feeds and of PUE: every side of a load is fed, and no PUE is below what physics leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load
from planlang.areas.plant import draw
from planlang.areas.plant.feeds import feeds
from planlang.areas.plant.mechanical import critical, facility, loads
from planlang.areas.plant.parts import is_there
from planlang.areas.plant.roles import is_source, sources
from planlang.areas.plant.stations import carried
from planlang.areas.site.derived import consumers
from planlang.areas.stages import ONSITE, SERIES, SOURCE
from planlang.core.limits import is_over
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps, combine, total
from planlang.lang.text import listed, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


@rule("PWR128", "feeds-in-a-circle", needs=SERIES)
def feeds_in_a_circle(situation: Situation) -> Iterator[Finding]:
    """Plant does not serve what serves it.

    Formula: from no group one comes back to it by what groups serve.
    Source: power flows one way; what names itself, over others, has no load to carry.
    Example:
        building b { load = 1 MW; peak_pue = 1.3
          ups a { rating = 2 MW; serves = [c] }
          ups c { rating = 2 MW; serves = [a] } }
    """
    for circle in feeds(situation).circles:
        first, *others = circle
        if not others:
            text = f"`{first.path}` serves itself, and carries nothing"
        else:
            names = listed([f"`{one.path}`" for one in circle])
            text = f"{names} serve one another in a circle, and carry nothing of it"
        yield Finding(
            code_of("PWR128"),
            text,
            first.span_of("serves"),
            first.path,
            contributors=tuple(Contributor(one.path, None, one.span_of("serves")) for one in others),
            fixes=(Fix("name in `serves` what stands nearer to the load", f"{first.path}.serves"),),
        )


@rule("PWR129", "serves-nothing", severity="warning", needs=SERIES)
def serves_nothing(situation: Situation) -> Iterator[Finding]:
    """Power plant that is written serves something that draws power, now or later.

    Formula: for each group, some load comes by it within the horizon.
    Source: what stands where nothing draws, or names what draws nothing, is a slip of `serves`, or bought too early.
    Example:
        campus c { building a { load = 1 MW; peak_pue = 1.3 }
          building b { ups u { rating = 2 MW } } }
    """
    in_circles = {one for circle in feeds(situation).circles for one in circle}
    drawing = {one for one in loads(situation) if (load := critical(situation, one)) is None or any(load.values)}
    if not drawing:
        return
    for group in situation.of_kind(*SERIES):
        if group in in_circles or not any(is_there(situation, group).values):
            continue
        stations = feeds(situation).of.get(group, ())
        lanes = {node.lane for station in stations for node in station.nodes}
        if any(not drawing.isdisjoint(lane.consumers) for lane in lanes):
            continue
        named = situation.all_referred(group, "serves")
        where = ", ".join(f"`{one.path}`" for one in named) if named else "what stands around it"
        yield Finding(
            code_of("PWR129"),
            f"`{group.path}` serves nothing: {where} draws no power",
            group.span_of("serves") if named else group.span,
            group.path,
            group.start,
            fixes=(Fix("name what it feeds in its `serves`, or write it where the load is", f"{group.path}.serves"),),
        )


def _sourced(situation: Situation, consumer: Entity) -> list[tuple[Entity, Steps[float]]]:
    """The sources that serve a consumer, with the part of it that each carries."""
    kinds = (SOURCE, *ONSITE)
    return [pair for kind in kinds for pair in carried(situation, kind, consumer) if is_source(situation, pair[0])]


@rule("PWR125", "side-not-fed", needs=(SOURCE,))
def side_not_fed(situation: Situation) -> Iterator[Finding]:
    """Where a utility feeds one side of a load, a utility feeds the other sides too.

    Formula: the parts of a load that come by all utilities add up to all of it, or to nothing.
    Source: wiring: `serves` replaces the default, so that what it leaves out is fed by nothing.
    Example:
        building b { load = 2 MW; peak_pue = 1.3
          utility left { capacity = 3 MW; serves = [a] }
          ups a { rating = 2 MW }
          ups b { rating = 2 MW } }
    """
    told: set[Entity] = set()
    if not any(situation.says(group, "serves") for group in sources(situation)):
        return
    for consumer in loads(situation):
        parts, asked = _sourced(situation, consumer), facility(situation, consumer)
        fed = sum(max(part.values) for _, part in parts)
        if not parts or asked is None or fed > 1 - 1e-6:
            continue
        place = consumer.parent if consumer.kind.name == "deploy" and consumer.parent is not None else consumer
        most = max(value for _, _, value in asked.between(situation.start, situation.until))
        if place in told or most <= 0:
            continue
        told.add(place)
        missing, whole = Quantity(most * (1 - fed), POWER), Quantity(most, POWER)
        yield Finding(
            code_of("PWR125"),
            f"`{place.path}`: {show(missing)} of its {show(whole)} come by plant that no utility feeds",
            place.span,
            place.path,
            demand=whole,
            limit=Quantity(most * fed, POWER),
            contributors=tuple(Contributor(group.path, None, group.span) for group, _ in parts),
            fixes=(Fix("let a utility serve the other side, or name it in the `serves` of one that is there"),),
        )


DRAWING = ("efficiency", "fans", "cop")
"""The attributes that say what plant draws itself."""


@rule("PWR126", "pue-below-physics", severity="warning")
def pue_below_physics(situation: Situation) -> Iterator[Finding]:
    """A written PUE of the peak hour is not below the annual one, nor below what the plant that is written draws.

    That is what power plant with an `efficiency` loses, the `fans` of air handlers, and heat over the `cop` of what
    takes it. An annual PUE that is taken for the peak hour, as no other is written, is held against the same; beside
    another against the losses, which there are all year.
    Formula: peak_pue >= pue; peak_pue x IT load >= IT load + losses + fans + sum of heat / COP; pue x IT load >= IT
    load + losses.
    Source: the peak hour at design weather draws most for cooling; a PUE includes all losses (ISO/IEC 30134-2).
    Example:
        building b { load = 1 MW; pue = 1.4; peak_pue = 1.1 }
    """
    told: set[Entity] = set()
    for holder, name, sizes, served in _with_pue(situation):
        written = magnitude(situation.given(holder, name))
        annual = written if name == "pue" else max(magnitude(situation.passed(one, "pue")) for one in served)
        losses = least = 1.0
        if any(situation.may_say(one) for one in DRAWING):
            found = [draw.drawn_by_plant(situation, one) for one in served]
            losses = _together(situation, served, [one.losses for one in found])
            at_least = [one.losses if one.assumed else one.all_ for one in found]
            least = _together(situation, served, at_least) if sizes else losses
        if holder in told or not is_over(max(annual, least), written):
            continue
        told.add(holder)
        if is_over(annual, written):
            least, what = annual, f"its annual `pue` of {annual:g}"
        else:
            more = ", and the fans and COPs of its cooling," if is_over(least, losses) else ""
            what = f"{least:.4g}, what the efficiencies of its chain{more} alone make"
        due = "peak_pue" if sizes else name
        yield Finding(
            code_of("PWR126"),
            f"`{holder.path}`: its `{name}` of {written:g} is below {what}",
            holder.span_of(name),
            holder.path,
            fixes=(Fix(f"write a `{due}` of at least {least:.4g}", f"{holder.path}.{due}"),),
        )


def _with_pue(situation: Situation) -> Iterator[tuple[Entity, str, bool, list[Entity]]]:
    """The places with a written PUE, of the peak hour first, then annual: the place, the attribute, whether it sizes
    the grid, and the consumers with IT load that it holds for."""
    peaks: dict[Entity, list[Entity]] = {}
    annuals: dict[tuple[Entity, bool], list[Entity]] = {}
    around: dict[str, dict[Entity, Entity | None]] = {"peak_pue": {}, "pue": {}}
    for consumer in consumers(situation) if any(map(situation.may_say, around)) else ():
        load = own_load(situation, consumer)
        if load is None or not any(load.values):
            continue
        peak, annual = (_nearest_that_says(situation, name, consumer, known) for name, known in around.items())
        if peak is not None:
            peaks.setdefault(peak, []).append(consumer)
        if annual is not None:
            annuals.setdefault((annual, peak is None), []).append(consumer)
    yield from ((holder, "peak_pue", True, served) for holder, served in peaks.items())
    yield from ((holder, "pue", sizes, served) for (holder, sizes), served in annuals.items())


def _nearest_that_says(
    situation: Situation, name: str, entity: Entity, known: dict[Entity, Entity | None]
) -> Entity | None:
    """What says an attribute, here or nearest around; what stands around is looked at once for all."""
    if situation.says(entity, name):
        return entity
    outer = entity.parent
    if outer is None:
        return None
    if outer not in known:
        known[outer] = _nearest_that_says(situation, name, outer, known)
    return known[outer]


def _together(situation: Situation, served: list[Entity], factors: list[Steps[float]]) -> float:
    """The mean of factors, weighted by IT load, at its greatest over time."""
    by_factor: dict[int, tuple[Steps[float], list[Steps[float]]]] = {}
    for one, factor in zip(served, factors, strict=True):
        if (load := own_load(situation, one)) is not None:
            by_factor.setdefault(id(factor), (factor, []))[1].append(load)
    loads = [(factor, total(some)) for factor, some in by_factor.values()]
    drawn = [combine(lambda watts, factor: watts * factor, load, factor) for factor, load in loads]
    means = combine(lambda part, all_: part / all_ if all_ else 0.0, total(drawn), total([load for _, load in loads]))
    return max(value for _, _, value in means.between(situation.start, situation.until))
