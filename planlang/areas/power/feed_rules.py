"""What must hold of feeds and of PUE: every side of a load is fed, and no PUE is below what physics leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import own_load
from planlang.areas.plant import draw
from planlang.areas.plant.nearest import serving
from planlang.areas.plant.stage import SERIES
from planlang.areas.plant.stations import carried
from planlang.areas.site.derived import consumers
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity, Plan


@rule("PWR125", "side-not-fed", needs=("utility",))
def side_not_fed(plan: Plan) -> Iterator[Finding]:
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
    if not any("serves" in group.values for group in plan.of_kind("utility")):
        return
    for consumer in consumers(plan):
        parts, asked = carried(plan, "utility", consumer), draw.own_facility(plan, consumer)
        fed = sum(max(part.values) for _, part in parts)
        if not parts or asked is None or fed > 1 - 1e-6:
            continue
        place = consumer.parent if consumer.kind.name == "deploy" and consumer.parent is not None else consumer
        most = max(value for _, _, value in asked.between(plan.start, plan.until))
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


@rule("PWR126", "pue-below-physics", severity="warning")
def pue_below_physics(plan: Plan) -> Iterator[Finding]:
    """A written PUE of the peak hour is not below the annual one, nor below the losses of the chain that is written.

    Formula: peak_pue >= pue; peak_pue >= 1 / product of the efficiencies of the stages.
    Source: the peak hour at design weather draws most for cooling; a PUE includes all losses (ISO/IEC 30134-2).
    Example:
        building b { load = 1 MW; pue = 1.4; peak_pue = 1.1 }
    """
    told: set[Entity] = set()
    for consumer in consumers(plan):
        load = own_load(plan, consumer)
        holder = next((one for one in (consumer, *consumer.ancestors()) if "peak_pue" in one.values), None)
        if holder is None or holder in told or load is None or not any(load.values):
            continue
        peak, annual = magnitude(holder.values["peak_pue"]), consumer.passed("pue")
        losses = 1.0
        for kind in SERIES:
            known = [
                magnitude(g.values["efficiency"]) for g in serving(plan, kind, consumer) if "efficiency" in g.values
            ]
            if known:
                losses /= max(known)
        if annual is not None and magnitude(annual) > peak * (1 + 1e-9):
            text = f"`{holder.path}`: its `peak_pue` of {peak:g} is below its annual `pue` of {magnitude(annual):g}"
            least = magnitude(annual)
        elif losses > peak * (1 + 1e-9):
            text = (
                f"`{holder.path}`: its `peak_pue` of {peak:g} is below {losses:.4g}, what the efficiencies of its "
                "chain alone make"
            )
            least = losses
        else:
            continue
        told.add(holder)
        fix = Fix(f"write a `peak_pue` of at least {least:.4g}", f"{holder.path}.peak_pue")
        yield Finding(code_of("PWR126"), text, holder.span_of("peak_pue"), holder.path, fixes=(fix,))
