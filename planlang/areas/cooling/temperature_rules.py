"""What must hold of temperatures: the supply is cold enough for the racks, and stays above the dew point."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.compute.derived import liquid_share, system_of
from planlang.areas.cooling.balance import groups_of
from planlang.areas.cooling.temperature import ASSUMED_AIR, MOST_AIR, USUAL_APPROACH, limit_of, media_of, stacks
from planlang.areas.plant.outdoors import BULB, Stack, reach, weather
from planlang.areas.site.derived import active
from planlang.areas.stages import EXCHANGER, REJECTING
from planlang.core.derive import once
from planlang.core.limits import is_over, stretches_text
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.dimensions import TEMPERATURE, TEMPERATURE_INTERVAL
from planlang.lang.finding import Contributor, Finding, Fix, Interval
from planlang.lang.steps import EVER
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

    Stretch = tuple[datetime.date | None, datetime.date | None]

DEW_MARGIN = 2.0
"""K that the supply stays above the dew point."""


class _Case(NamedTuple):
    """One stack of a medium that several deploys of a site share, and the stretches of time on which they do."""

    deploys: tuple[Entity, ...]
    medium: str
    stack: Stack
    stretches: tuple[Stretch, ...]


def _site(entity: Entity) -> Entity:
    outer = [entity, *(one for one in entity.ancestors() if one.kind.holds)]
    return outer[-1]


def _cases(situation: Situation, medium: str = "") -> list[_Case]:
    """The stacks of all deploys; equal stacks of one site and one system are one case."""
    return [case for case in _all_cases(situation) if not medium or case.medium == medium]


@once
def _all_cases(situation: Situation) -> list[_Case]:
    table: dict[tuple[str, object], list[tuple[Entity, Stack, Stretch]]] = {}
    examined = ((one, way) for one in situation.of_kind("deploy") for way in media_of(situation, one))
    for deploy, way in examined:
        if _idle(situation, deploy) or not _is_examined(situation, deploy, way):
            continue
        for start, until, stack in stacks(situation, deploy, way).between(situation.start, situation.until):
            if stack is not None:
                same = (_site(deploy), system_of(situation, deploy), _look(stack))
                stretch = (None if start == EVER else start, until)
                table.setdefault((way, same), []).append((deploy, stack, stretch))
    return [
        _Case(
            tuple(dict.fromkeys(deploy for deploy, _, _ in found)),
            way,
            found[0][1],
            tuple(stretch for deploy, _, stretch in found if deploy is found[0][0]),
        )
        for (way, _), found in table.items()
    ]


def _is_examined(situation: Situation, deploy: Entity, medium: str) -> bool:
    """Whether the path of a medium is examined. A path of air beside liquid, or with an assumed limit, is so only
    where its air handlers state an `approach`."""
    limit = limit_of(situation, deploy, medium)
    if medium == "liquid" or (liquid_share(situation, deploy) == 0 and limit is not None and not limit.assumed):
        return True
    handlers = groups_of(situation, EXCHANGER["air"], "air", deploy)
    return bool(handlers) and all(situation.says(one, "approach") for one in handlers)


def _look(stack: Stack) -> object:
    """The key by which two stacks are equal: their figures, whichever groups they come from."""
    return (stack.lacking, tuple((round(term.kelvin, 6), term.assumed) for term in stack.terms))


def _idle(situation: Situation, deploy: Entity) -> bool:
    gate = active(situation, deploy)
    return gate is not None and not any(gate.values)


def _names(case: _Case) -> str:
    more = len(case.deploys) - 1
    return f"`{case.deploys[0].path}`" + (f" and {more:,} more" if more else "")


def _kelvin(value: float) -> str:
    return show(Quantity(value, TEMPERATURE_INTERVAL), 4)


def _degrees(value: float) -> Quantity:
    return Quantity(value, TEMPERATURE)


def _contributors(case: _Case) -> tuple[Contributor, ...]:
    return tuple(
        Contributor(
            term.entity.path,
            Quantity(term.kelvin, TEMPERATURE if term.words else TEMPERATURE_INTERVAL),
            term.entity.span,
        )
        for term in case.stack.terms
        if term.entity is not None
    )


@rule("COL130", "supply-too-warm", needs=("deploy",))
def supply_too_warm(situation: Situation) -> Iterator[Finding]:
    """In the design hour the racks are supplied no warmer than they take.

    Chillers hold their `supply`; without them the weather decides, by dry bulb for dry coolers, by wet bulb for
    towers. Chillers beside dry coolers trim what those leave too warm. The air's path is checked where the air
    handlers have an `approach`, of racks with liquid, too; where a system states no limit of its air, 35 degC are
    assumed (COL134), and more than 45 degC are too warm for any.
    Formula: dry bulb + approach + CDU approach <= supply_max; wet bulb + approach + exchanger + CDU approach <=
    supply_max; chiller supply + CDU approach <= supply_max; with the air handlers' approach, <= air_max.
    Source: planning practice; approaches of 6 to 10 K of dry coolers, 3 to 5 K of towers and CDUs (recalled). Supply
    classes of ASHRAE W17 to W45 and S30 to S50; classes of air A1 to A4, 32 to 45 degC (TC 9.9, recalled). With 8 and
    4 K, dry coolers alone hold 45 degC up to 33 degC outside.
    Example:
        campus a { design_dry_bulb = 35 degC
          dry_cooler yard { capacity = 1 MW; count = 5; approach = 8 K; carries = liquid }
          building b { cdu loop { capacity = 2 MW; count = 2; approach = 4 K }
            deploy racks { system = nvidia.gb200_nvl72; count = 20 } } }
    """
    for case in _cases(situation):
        deploy = case.deploys[0]
        taken, system = limit_of(situation, deploy, case.medium), system_of(situation, deploy)
        if taken is None or system is None or case.stack.lacking:
            continue
        limit, supply = MOST_AIR if taken.assumed else taken.kelvin, case.stack.supply
        if not is_over(supply, limit):
            continue
        what = "coolant" if case.medium == "liquid" else "air"
        whose = f"that `{system.path}` takes"
        if taken.assumed:
            whose = f"of the warmest class of ASHRAE (A4; `{system.path}` states no `air_max`)"
        text = (
            f"{_names(case)}: {what} of {show(_degrees(supply))} in the design hour exceeds the "
            f"{show(_degrees(limit))} {whose} by {_kelvin(supply - limit)}"
            f"{stretches_text(list(case.stretches))}: {case.stack.text}"
        )
        start, until = case.stretches[0]
        yield Finding(
            code_of("COL130"),
            text,
            deploy.span_of("system"),
            deploy.path,
            start,
            until,
            _degrees(supply),
            _degrees(limit),
            tuple(Interval(a, b, _degrees(supply), _degrees(limit)) for a, b in case.stretches),
            _contributors(case),
            tuple(_colder(situation, case, supply - taken.kelvin)),
        )


def _colder(situation: Situation, case: _Case, over: float) -> Iterator[Fix]:
    """Fixes that make the supply colder by `over` K: a smaller approach that is still usual, a colder `supply`, or
    chillers."""
    word = ""
    chilled = case.stack.terms[0].entity
    for term in case.stack.terms:
        entity = term.entity
        if entity is None or term.words or term.kelvin - over < USUAL_APPROACH.get(entity.kind.name, 0.0) - 1e-9:
            continue
        if len(case.deploys) > 1 and entity.kind.name in ("cdu", "crah"):
            continue  # the other deploys may have other ones, which stay as they are
        name = "approach" if term.kelvin == _written(situation, entity, "approach") or term.assumed else "exchanger"
        nearer = Quantity(term.kelvin - over, TEMPERATURE_INTERVAL)
        yield Fix(f"{word}lower `{name}` of `{entity.path}` to {show(nearer)}", f"{entity.path}.{name}", nearer)
        word = "or "
    if chilled is not None and situation.says(chilled, "supply"):
        colder = _degrees(case.stack.terms[0].kelvin - over)
        value = None if chilled.kind.name in BULB else colder
        yield Fix(f"{word}lower `supply` of `{chilled.path}` to {show(colder)}", f"{chilled.path}.supply", value)
    else:
        most = _degrees(case.stack.supply - over - case.stack.terms[-1].kelvin)
        yield Fix(f"{word}add chillers that trim the loop to {show(most)}")


def _written(situation: Situation, entity: Entity, name: str) -> float | None:
    value = situation.value(entity, name)
    return value.magnitude if isinstance(value, Quantity) else None


@rule("COL131", "condensation", needs=("deploy",))
def condensation(situation: Situation) -> Iterator[Finding]:
    """The coolant to the racks stays above the dew point around them, where one is written.

    Formula: supply to the racks >= design_dew_point + 2 K.
    Source: planning practice: cold plates and hoses sweat below the dew point; 2 K are the usual margin (recalled).
    Example:
        campus a { design_dew_point = 17 degC
          building b { chiller plant { capacity = 3 MW; supply = 12 degC }
            cdu loop { capacity = 3 MW; approach = 4 K }
            deploy racks { system = nvidia.gb200_nvl72; count = 20 } } }
    """
    for case in _cases(situation, "liquid"):
        deploy = case.deploys[0]
        dew = weather(situation, deploy, "design_dew_point")
        if dew is None or case.stack.lacking or not is_over(dew + DEW_MARGIN, case.stack.supply):
            continue
        supply = case.stack.supply
        text = (
            f"{_names(case)}: coolant of {show(_degrees(supply))} is below the dew point of {show(_degrees(dew))} "
            f"and {_kelvin(DEW_MARGIN)}{stretches_text(list(case.stretches))}: {case.stack.text}"
        )
        first = case.stack.terms[0]
        fixes = []
        if first.entity is not None and situation.says(first.entity, "supply"):
            warmer = _degrees(first.kelvin + dew + DEW_MARGIN - supply)
            fixes.append(
                Fix(f"raise `supply` of `{first.entity.path}` to {show(warmer)}", f"{first.entity.path}.supply", warmer)
            )
        start, until = case.stretches[0]
        yield Finding(
            code_of("COL131"),
            text,
            deploy.span_of("system"),
            deploy.path,
            start,
            until,
            _degrees(supply),
            _degrees(dew + DEW_MARGIN),
            (),
            _contributors(case),
            tuple(fixes),
        )


@rule("COL132", "supply-out-of-reach", needs=("dry_cooler", "tower"))
def supply_out_of_reach(situation: Situation) -> Iterator[Finding]:
    """A dry cooler or tower that states a `supply` can hold it in the design hour.

    Formula: supply >= dry bulb + approach (dry coolers), supply >= wet bulb + approach + exchanger (towers).
    Source: a cooler comes near the weather and never below it; those before chillers may state no supply.
    Example:
        campus a { design_dry_bulb = 35 degC
          dry_cooler yard { capacity = 1 MW; count = 5; approach = 8 K; supply = 30 degC } }
    """
    for group in situation.of_kind("dry_cooler", "tower"):
        supply = _written(situation, group, "supply")
        reached = reach(situation, group, group)
        if supply is None or reached.lacking or not is_over(reached.supply, supply):
            continue
        text = (
            f"`{group.path}`: a supply of {show(_degrees(supply))} is out of reach in the design hour by "
            f"{_kelvin(reached.supply - supply)}: {reached.text} are {show(_degrees(reached.supply))}"
        )
        least = _degrees(reached.supply)
        yield Finding(
            code_of("COL132"),
            text,
            group.span_of("supply"),
            group.path,
            group.start,
            group.until,
            least,
            _degrees(supply),
            fixes=(Fix(f"raise `supply` to {show(least)}", f"{group.path}.supply", least),),
        )


@leaves_unexamined
def supplies_not_known(situation: Situation) -> Iterator[Unexamined]:
    """Supplies whose temperature is planned, and that lack a figure to be held against what racks take."""
    for case in _cases(situation):
        deploy, stack = case.deploys[0], case.stack
        if not _speaks(situation, deploy, case.medium):
            continue
        what = f"temperature of the {_what(situation, case)} to {deploy.path}"
        system, limit = system_of(situation, deploy), limit_of(situation, deploy, case.medium)
        if limit is None:
            if not stack.lacking and system is not None:
                yield Unexamined(what, f"`{system.path}` has no `supply_max`")
        elif stack.lacking and "air handlers" not in stack.lacking and not _is_cool_enough(stack, limit.kelvin):
            yield Unexamined(what, f"there is no {stack.lacking}")


def _is_cool_enough(stack: Stack, limit: float) -> bool:
    """Whether the known terms of a stack keep the limit."""
    return bool(stack.terms) and not is_over(stack.supply, limit)


def _what(situation: Situation, case: _Case) -> str:
    return "air" if case.medium == "air" and liquid_share(situation, case.deploys[0]) > 0 else "supply"


@rule("COL134", "air-limit-assumed", severity="warning", needs=("deploy",))
def air_limit_assumed(situation: Situation) -> Iterator[Finding]:
    """The warmest air that a system takes is written where it gets warmer air than most take.

    Air of at most 35 degC is assumed of systems that state no limit; beyond 45 degC no class allows it (COL130).
    Formula: as for COL130.
    Source: ASHRAE class A2 allows 35 degC, A4 45 degC (TC 9.9, recalled). An assumption.
    Example:
        system rack { power = 100 kW; liquid = 80%; supply_max = 45 degC }
        campus c { design_dry_bulb = 33 degC
          building b { crah f { capacity = 4 MW; approach = 6 K }
            dry_cooler yard { capacity = 8 MW; approach = 8 K }
            deploy racks { system = rack; count = 20 } } }
    """
    told: set[Entity] = set()
    for case in _cases(situation):
        deploy, stack = case.deploys[0], case.stack
        limit, system = limit_of(situation, deploy, case.medium), system_of(situation, deploy)
        if limit is None or not limit.assumed or system is None or stack.lacking or system in told:
            continue
        if not is_over(stack.supply, limit.kelvin) or is_over(stack.supply, MOST_AIR):
            continue
        told.add(system)
        text = (
            f"`{system.path}` has no `air_max`: {show(_degrees(ASSUMED_AIR))} (ASHRAE class A2) is assumed, and the "
            f"air to {_names(case)} has {show(_degrees(stack.supply))}"
        )
        fix = Fix("write `air_max = …`, as its maker states", f"{system.path}.air_max")
        yield Finding(code_of("COL134"), text, deploy.span, deploy.path, fixes=(fix,))


def _speaks(situation: Situation, deploy: Entity, medium: str) -> bool:
    """Whether anything of a deploy's stack is written: an approach, a supply or the weather."""
    groups = [group for kind in (*REJECTING, EXCHANGER[medium]) for group in groups_of(situation, kind, medium, deploy)]
    written = any(situation.says(group, name) for group in groups for name in ("approach", "supply"))
    return written or any(weather(situation, deploy, name) is not None for name, _ in BULB.values())
