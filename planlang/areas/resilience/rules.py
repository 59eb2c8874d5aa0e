"""What must hold after a failure that the plan says it survives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.cooling.ride_through import held_by
from planlang.areas.plant.stations import carried, stations
from planlang.areas.power import derived as power
from planlang.areas.resilience.claims import MAINTAINS, ON_TOP, SURVIVES, Claim
from planlang.areas.resilience.failures import (
    Dark,
    darkness,
    examine,
    failing,
    is_backed,
    worst_excess,
)
from planlang.areas.resilience.fixes import fixes
from planlang.areas.resilience.outages import KINDS, POWER
from planlang.areas.resilience.outcomes import Outcome, Overload
from planlang.areas.stages import BACKED, CHAIN, EVEN, SOURCE
from planlang.core import moment
from planlang.core.limits import Excess, dates, first_stretch, intervals, worst
from planlang.core.rule import code_of, rule
from planlang.lang.dimensions import POWER as WATTS
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import EVER
from planlang.lang.text import format_number, show, show_pair
from planlang.lang.values import Duration, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from planlang.areas.plant.stations import Station
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation


UPSTREAM = tuple(stage.kind for stage in reversed(CHAIN[:-1]))
"""Plant that feeds may share unnoticed. A single utility is known, and `survives` says whether it may fail."""


@rule("RES101", "does-not-survive", needs=KINDS)
def does_not_survive(situation: Situation) -> Iterator[Finding]:
    """What says that it survives a kind of plant keeps its full load after any one unit of it fails.

    Every unit is taken out in turn, on every interval; equal units of a group are examined once. What is left carries
    by its raw capacity: redundancy is what the failure uses up. Overloaded survivors trip, and what they carried moves
    on, until what is left holds; the rest goes dark. Generators that cover the facility carry it while a utility,
    substation or transformer is out.

    Formula: load(t) <= raw capacity(t) - one unit, of pooled plant; feeds of one load split it evenly.
    Source: any one failure leaves usable capacity of at least the protected load; Uptime tiers III and IV (recalled).
    Example:
        building b { load = 10 MW; survives = [ups]
          ups block { rating = 2.5 MW; count = 4 } }
    """
    for claim, results in _claims(situation, SURVIVES):
        yield from _worst_of(situation, claim, [one for one in results if not _is_feed(one)], "RES101")


@rule("RES102", "feed-failover", needs=EVEN)
def feed_failover(situation: Situation) -> Iterator[Finding]:
    """Parallel feeds of a load carry it when one of them is out: pair by pair, and by a catcher where there is one.

    Formula: for every feed f and survivor j: sum over loads of j of P / (feeds of the load) + what f carried of them
    <= raw capacity of j. For m systems and loads spread over all pairs: sum of P/2 over pairs with j, and P_jf/2.
    Source: distributed redundant designs hold (m-1)/m of their rating only while load is even over all pairs; a
    50/25/25 spread on 3N/2 needs 0.625 of the load a system, not 0.5.
    Example:
        building b { survives = [ups]
          hall one { load = 4 MW }
          hall two { load = 2 MW }
          ups a { rating = 1.5 MW; count = 2; serves = [one, two] }
          ups b { rating = 1.5 MW; count = 2; serves = [one, two] } }
    """
    for claim, results in _claims(situation, SURVIVES):
        yield from _worst_of(situation, claim, [one for one in results if _is_feed(one)], "RES102")


@rule("RES104", "not-maintainable", needs=KINDS)
def not_maintainable(situation: Situation) -> Iterator[Finding]:
    """What says that a kind of plant can be maintained keeps its full load while any one unit or feed of it is out.

    The grid stays meanwhile: generators are maintained while they stand by. Otherwise it is as for what is survived.
    A place that can have all its plant maintained so is concurrently maintainable.

    Formula: load(t) <= raw capacity(t) without what is maintained, unit by unit and feed by feed.
    Source: each capacity component and path can be taken out for planned work without the IT (Uptime tier III,
    recalled).
    Example:
        building b { load = 10 MW; maintains = [ups]
          ups block { rating = 2.5 MW; count = 4 } }
    """
    for claim, results in _claims(situation, MAINTAINS):
        yield from _worst_of(situation, claim, results, "RES104")


@rule("RES105", "fails-under-maintenance", needs=KINDS)
def fails_under_maintenance(situation: Situation) -> Iterator[Finding]:
    """What says so keeps its full load when any one unit or feed fails while another is maintained (`maintains`).

    Pairs are tried that share a consumer, and of which the maintenance alone does no harm.

    Formula: load(t) <= raw capacity(t) without what fails and what is maintained.
    Source: planning practice: N+2 and 2(N+1) keep N through a failure under maintenance.
    Example:
        building b { load = 10 MW; maintains = [ups]; survives_maintained = [ups]
          ups block { rating = 2.5 MW; count = 5 } }
    """
    for claim, results in _claims(situation, ON_TOP):
        yield from _worst_of(situation, claim, results, "RES105")


def _claims(situation: Situation, way: str) -> Iterator[tuple[Claim, list[Outcome]]]:
    return (pair for pair in examine(situation).outcomes.items() if pair[0].way == way)


@rule("RES103", "feed-trips", severity="warning", needs=POWER)
def feed_trips(situation: Situation) -> Iterator[Finding]:
    """Where something is to be survived, no plant is overloaded by the failure, even if others carry what it carried.

    It trips, and what it carried moves on. Where no IT goes dark in the end, the claim holds; but the failure is then a
    larger one than that of a unit, and whoever relies on the plant that trips should know.
    Formula: load(t) > raw capacity(t) of a group after the failure, with no IT of the place dark once all has settled.
    Source: overloaded UPS transfer to bypass or trip; selective tripping is no design basis (planning practice,
    recalled).
    Example:
        building b { load = 3.6 MW; peak_pue = 1.3; survives = [ups]
          ups a { rating = 1 MW; count = 2 }
          ups c { rating = 1 MW; count = 2 }
          ups d { rating = 1 MW; count = 2 } }
    """
    for claim, results in _claims(situation, SURVIVES):
        held = [one for one in results if one.outage.of.kind.name in POWER and failing(situation, claim, one) is None]
        tripped = [
            (excess.demand - excess.limit, result, overload, excess)
            for result in held
            for overload in result.overloads
            for excess in [worst(overload.found)]
            if excess.limit > 0
        ]
        if not tripped:
            continue
        _, result, overload, top = max(tripped, key=lambda one: one[0])
        survivor = overload.survivor
        need, most = show_pair(Quantity(top.demand, WATTS), Quantity(top.limit, WATTS))
        start, until = first_stretch(overload.found)
        text = (
            f"{claim.holds}, but {_left(result, survivor)} with a load of "
            f"{need} and can carry {most}{dates(overload.found)}: it trips, and others carry what it carried"
        )
        others = sorted({one.survivor.path for _, _, one, _ in tripped if one.survivor is not survivor})
        notes = (f"{', '.join(f'`{path}`' for path in others[:3])} would trip likewise",) if others else ()
        yield Finding(
            code_of("RES103"),
            text,
            survivor.span,
            survivor.path,
            start,
            until,
            Quantity(top.demand, WATTS),
            Quantity(top.limit, WATTS),
            intervals(overload.found, WATTS),
            (Contributor(result.outage.of.path, None, result.outage.of.span),),
            notes=notes,
        )


def _left(result: Outcome, survivor: Entity) -> str:
    if survivor is result.outage.of:
        return f"with a unit out `{survivor.path}` is left"
    return f"without {result.outage.words}, `{survivor.path}` is left"


def _is_feed(result: Outcome) -> bool:
    return result.outage.whole and result.outage.of.kind.name != SOURCE


def _worst_of(situation: Situation, claim: Claim, results: list[Outcome], code: str) -> Iterator[Finding]:
    lost = [one for result in results if (one := failing(situation, claim, result)) is not None]
    if not lost:
        return
    ranked: list[tuple[float, float, int, Outcome, Excess, Dark]] = []
    for result in lost:
        top = worst_excess(result)
        dark = darkness(situation, result, top.start)
        ranked.append((-dark.load, -(top.demand - top.limit), len(ranked), result, top, dark))
    ranked.sort(key=lambda one: one[:3])
    _, _, _, result, top, dark = ranked[0]
    found = _all_intervals(lost)
    start, until = first_stretch(found)
    words = "heat" if result.outage.of.kind.area == "cooling" else "load"
    survivors = [one for one in result.overloads if not (one.survivor is result.outage.of and result.outage.whole)]
    text = (
        f"{claim.fails}: without {result.outage.words}, "
        f"{_carry(result, survivors, top, words)}{dates(found)}; {_dark_text(dark)}"
    )
    contributors = [
        Contributor(one.survivor.path, Quantity(_at_top(one.found).demand, WATTS), one.survivor.span)
        for one in survivors
    ]
    contributors += (
        [Contributor(result.outage.of.path, None, result.outage.of.span)]
        if result.outage.of not in {one.survivor for one in survivors}
        else []
    )
    notes = [_stops(situation, one, top.start or EVER) for one in dark.stopped] if dark.warm else []
    if len(lost) > 1:
        others = sorted({one.outage.words for one in lost if one is not result})
        notes.append(f"{len(others)} more would do so too: {', '.join(others[:3])}" + (" …" if len(others) > 3 else ""))
    yield Finding(
        code_of(code),
        text,
        claim.place.span_of(claim.way),
        claim.place.path,
        start,
        until,
        Quantity(top.demand, WATTS),
        Quantity(top.limit, WATTS),
        intervals(found, WATTS),
        tuple(contributors),
        tuple(fixes(situation, lost)),
        tuple(notes),
    )


def _stops(situation: Situation, plant: Entity, day: datetime.date) -> str:
    """That cooling plant has lost all its feeds, and how long the water in its loops lasts."""
    held = held_by(situation, plant, day)
    if held is None:
        return f"`{plant.path}` stops with its feeds; no `buffer` says how long its loops carry the heat"
    return f"`{plant.path}` stops with its feeds, and its loops carry the heat for {show(Duration(0, held), 4)}"


def _carry(result: Outcome, survivors: list[Overload], top: Excess, words: str) -> str:
    if top.limit <= 0:
        return f"nothing is left for a {words} of {show(Quantity(top.demand, WATTS))}"
    need, most = show_pair(Quantity(top.demand, WATTS), Quantity(top.limit, WATTS))
    over = show(Quantity(top.demand - top.limit, WATTS), 4)
    who = next(
        (one.survivor for one in result.overloads if any(e is top or e == top for e in one.found)), result.outage.of
    )
    whose = "the rest of it" if who is result.outage.of else f"`{who.path}`"
    return f"{whose} is left with a {words} of {need} and can carry {most}, {over} too little"


def _at_top(found: list[Excess]) -> Excess:
    return max(found, key=lambda one: one.demand - one.limit)


def _all_intervals(results: list[Outcome]) -> list[Excess]:
    """The intervals on which any survivor of any failure is overloaded, each with its worst."""
    merged: dict[tuple[object, object], Excess] = {}
    for overload in (one for result in results for one in result.overloads):
        for one in overload.found:
            key = (one.start, one.until)
            before = merged.get(key)
            if before is None or one.demand - one.limit > before.demand - before.limit:
                merged[key] = one
    return sorted(merged.values(), key=lambda one: (one.start or EVER, one.until or EVER.replace(year=9999)))


def _dark_text(dark: Dark) -> str:
    verb = "lose their cooling" if dark.warm else "go dark"
    if dark.load <= 0:
        return "no IT goes dark once what trips has moved on"
    parts = []
    if dark.racks:
        parts.append(f"{format_number(int(dark.racks))} racks")
    if dark.accelerators:
        parts.append(f"{format_number(int(dark.accelerators))} accelerators")
    load = moment.power(dark.load)
    return f"{' with '.join(parts)}, {load}, {verb}" if parts else f"{load} of IT {verb}"


@rule("RES110", "shared-ancestor", severity="warning", needs=EVEN)
def shared_ancestor(situation: Situation) -> Iterator[Finding]:
    """Feeds that are to be independent of one another do not hang on one and the same unit.

    Formula: no plant of one unit lies upstream of all feeds of a load, unless generators carry the load without it.
    Source: A and B feeds share no ancestor (planning practice; concurrently maintainable topologies, recalled).
    Example:
        building b { load = 2 MW; peak_pue = 1.3
          substation only { rating = 5 MVA; power_factor = 0.95 }
          ups a { rating = 2 MW }
          ups b { rating = 2 MW } }
    """
    hanging: dict[Entity, dict[Station, None]] = {}
    for kind in EVEN:
        for station in stations(situation, kind):
            if len(station.sharing) > 1:
                for consumer in station.consumers:
                    for one in _sole_ancestors(situation, kind, consumer):
                        hanging.setdefault(one, {})[station] = None
    for one, below in hanging.items():
        places = [f"`{station.place.path}`" for station in below]
        named = f"{', '.join(places[:3])} and {len(places) - 3} more" if len(places) > 3 else ", ".join(places)
        feeds = {group: None for station in below for group in station.sharing}
        text = (
            f"the feeds of {named} are not independent: all of them hang on `{one.path}`, {_article(one.kind.name)} of "
            "one unit"
        )
        yield Finding(
            code_of("RES110"),
            text,
            one.span,
            one.path,
            contributors=tuple(Contributor(group.path, None, group.span) for group in feeds),
            fixes=(Fix(f"split `{one.path}`, and let each part serve (`serves`) the plant of one side"),),
        )


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeo' else 'a'} {word}"


def _sole_ancestors(situation: Situation, kind: str, consumer: Entity) -> Iterator[Entity]:
    """Plant of one unit that is upstream of all feeds of a consumer, and that no generators replace."""
    for upper in UPSTREAM[: UPSTREAM.index(kind)]:
        above = carried(situation, upper, consumer)
        if len(above) != 1:
            continue
        group = above[0][0]
        many = power.counted(situation, group)
        if many is None or max(many.values) > 1:
            continue
        if upper in BACKED and all(is_backed(situation, consumer).values):
            continue
        yield group


@rule("RES120", "nothing-to-survive", severity="warning")
def nothing_to_survive(situation: Situation) -> Iterator[Finding]:
    """What says that it survives a kind of plant, or that it can be maintained, is served by plant of that kind.

    Formula: every kind in `survives`, `maintains` and `survives_maintained` serves something in its block; something is
    maintained where a failure under maintenance is to be survived.
    Source: a claim about plant that the plan does not have proves nothing.
    Example:
        building b { load = 1 MW; peak_pue = 1.3; survives = [chiller] }
    """
    for claim, results in examine(situation).outcomes.items():
        if results or claim.place.block is None:
            continue
        if claim.way == ON_TOP and not situation.says(claim.place, MAINTAINS):
            text = f"{claim.says} that fails under maintenance, but not what is maintained: write `maintains`"
        elif claim.kind not in KINDS:
            text = f"{claim.says}: failures of that kind are not examined"
        elif claim.way == ON_TOP:
            continue  # there are no two that share a consumer, or the maintenance alone does harm
        elif any(
            group.kind.name == claim.kind for group in situation.of_kind(claim.kind) if claim.place in group.ancestors()
        ):
            text = f"{claim.says}, but what its units carry is not known, or they serve nothing: it is not examined"
        else:
            text = f"{claim.says}, but none serves it"
        yield Finding(code_of("RES120"), text, claim.place.span_of(claim.way), claim.place.path)
