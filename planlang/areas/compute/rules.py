"""What must hold of deploys: they fit their space, and the figures that a check needs are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute import figures as figures
from planlang.areas.compute import layout_rules as layout_rules
from planlang.areas.compute import rack_rules as rack_rules
from planlang.areas.compute import row_rules as row_rules  # its rules are rules of this area, as are those of `space`
from planlang.areas.compute import space as space
from planlang.areas.compute.assumptions import deployed
from planlang.core.limits import is_over
from planlang.core.plan import magnitude
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.text import show_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.source import Span


@rule("CMP101", "power-not-published", severity="warning", needs=("deploy",))
def power_not_published(situation: Situation) -> Iterator[Finding]:
    """The power of a deployed system is known; where nobody has published it, its load is not counted.

    Formula: it_load = count x power, so that no power is no load.
    Source: the catalogue leaves out what nobody published; it never guesses.
    Example:
        deploy trainium { system = aws.trn2_server; count = 100 }
    """
    for system, deploy in deployed(situation).items():
        if situation.says(system, "power"):
            continue
        text = f"`{system.path}` has no `power`: its load and heat are not counted"
        own = any(layer.node is not None and not _in_catalogue(layer.node.head) for layer in system.block.shape.layers)
        change = (
            f"`power = 140 kW` in `{system.path}`"
            if own
            else f"it: `system mine is {_written(deploy)} {{ power = 140 kW }}`"
        )
        fix = Fix(f"write {change}, with the figure of your supplier", f"{system.path}.power")
        yield Finding(
            code_of("CMP101"),
            text,
            deploy.span_of("system"),
            deploy.path,
            contributors=(Contributor(system.path, None, system.span),),
            fixes=(fix,),
        )


def _in_catalogue(span: Span) -> bool:
    return span.source.is_builtin


def _written(deploy: Entity) -> str:
    return " ".join(deploy.span_of("system").text.split())


ORDER = (("nameplate", "power"), ("peak", "power"), ("power", "average"), ("average", "idle"))
"""Figures of which the first is never less than the second. Nameplate and peak are not ordered: labels are means of
minutes, and a peak lasts milliseconds."""


@rule("CMP103", "figures-out-of-order", severity="warning", needs=("deploy",))
def figures_out_of_order(situation: Situation) -> Iterator[Finding]:
    """The power figures of a deployed system are on their own bases: label and peak above sustained, that above mean.

    Formula: nameplate >= power, peak >= power, power >= average >= idle.
    Source: five numbers, not one: nameplate, peak (EDPp), highest sustained, p99, mean; an H100 server of 10.2 kW
    measured 8.4 kW at most and 76% on average (arXiv 2412.08602, 2506.14551).
    Example:
        system mine { power = 100 kW; average = 120 kW; liquid = 0 }
        building b { pue = 1.2; peak_pue = 1.3
          deploy racks { system = mine; count = 10 } }
    """
    for system, deploy in deployed(situation).items():
        for more, less in ORDER:
            high, low = situation.value(system, more), situation.value(system, less)
            if high is None or low is None or not is_over(magnitude(low), magnitude(high)):
                continue
            one, other = show_pair(low, high)
            yield Finding(
                code_of("CMP103"),
                f"`{system.path}`: its `{less}` of {one} is more than its `{more}` of {other}",
                system.span_of(less),
                system.path,
                deploy.start,
                deploy.until,
                low,
                high,
                contributors=(Contributor(system.path, high, system.span_of(more)),),
            )
