"""What must hold of the runs of a fabric, and what is assumed of the places between which none is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.fabric.parts import hops
from planlang.areas.fabric.places import endpoints_by_place
from planlang.areas.fabric.runs import run_between, runs_of, ways
from planlang.areas.fabric.shape import tiers
from planlang.areas.fabric.wording import finding, there
from planlang.core.rule import code_of, rule
from planlang.core.unexamined import Unexamined, leaves_unexamined
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


def _between(situation: Situation, run: Entity) -> str:
    one, other = situation.all_referred(run, "between")
    return f"within `{one.path}`" if one is other else f"between `{one.path}` and `{other.path}`"


@rule("FAB125", "run-twice", needs=("run",))
def run_twice(situation: Situation) -> Iterator[Finding]:
    """Of each two places a fabric has one run at most.

    Formula: runs of a pair <= 1.
    Source: the length of a cable is that of the one way that it takes; of several, write the longest.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        building one { hall a { } }
        building two { hall a { } }
        fabric f { switch = leaf; tiers = 2
          run north { between = [one.a, two.a]; length = 400 m }
          run south { between = [two.a, one.a]; length = 600 m } }
    """
    for fabric in there(situation, "fabric"):
        seen: dict[frozenset[Entity], Entity] = {}
        for ends, run in runs_of(situation, fabric):
            first = seen.setdefault(ends, run)
            if first is not run:
                text = f"`{run.path}`: the run {_between(situation, run)} is written already, as `{first.path}`"
                yield finding(code_of("FAB125"), run, text, "between", about=first)


@rule("FAB126", "run-unused", severity="warning", needs=("run",))
def run_unused(situation: Situation) -> Iterator[Finding]:
    """A run leads between places in which deploys of the fabric stand.

    Formula: each end of a run holds a deploy that the fabric connects.
    Source: switches stand where the fabric leads; the run between other places is the length of no link.
    Example:
        switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }
        building one { hall a { } }
        building two { hall a { } }
        fabric f { switch = leaf; tiers = 2
          run far { between = [one.a, two.a]; length = 400 m } }
    """
    for fabric in there(situation, "fabric"):
        runs = runs_of(situation, fabric)
        if not runs:
            continue
        places = list(endpoints_by_place(situation, fabric))
        used = {run_between(situation, fabric, one, other) for one in places for other in places}
        used |= {run for ends, run in runs if any(ends == its and other is not run for its, other in runs)}
        for _, run in runs:
            if run not in used:
                text = f"`{run.path}`: `{fabric.path}` has no links {_between(situation, run)}, so that it says nothing"
                yield finding(code_of("FAB126"), run, text, "between")


@leaves_unexamined
def lengths_assumed(situation: Situation) -> Iterator[Unexamined]:
    """The links between two places without a run, of a fabric that has runs: their length is that of all others."""
    for fabric in there(situation, "fabric"):
        levels = tiers(situation, fabric)
        told: set[object] = set()
        for hop in hops(situation, fabric, levels)[1:] if levels is not None and runs_of(situation, fabric) else ():
            for way in ways(situation, fabric, hop.number, hop.length_name):
                if way.run is not None or way.pair[0] is way.pair[1] or (way.pair, way.name) in told:
                    continue
                told.add((way.pair, way.name))
                what = f"way of cables of {fabric.path} {way.said.replace('`', '')}"
                if way.length is None:
                    yield Unexamined(what, f"it has neither a `run` nor `{way.name}`")
                else:
                    taken = show(situation.given(fabric, way.name))
                    yield Unexamined(what, f"it has no `run`, and is taken to be the `{way.name}` of {taken}")
