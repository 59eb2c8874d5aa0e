"""Whether all light paths fit: over which ways and on which channels, or that it is impossible, or neither."""

from __future__ import annotations

from typing import NamedTuple

from planlang.areas.wan.channels import (
    MOST_CHANNELS,
    Channels,
    Chosen,
    Colours,
    Problem,
    colours,
    first_fit,
    overfull,
    straight,
)
from planlang.areas.wan.light_program import solved

FITS, SHORT, OPEN = "fits", "short", "open"
"""Whether all light paths have channels: they do; they cannot; it is not decided."""


class Decision(NamedTuple):
    """A verdict, and what it rests on: what is chosen, or how many channels a line system needs side by side."""

    verdict: str
    chosen: Chosen | None = None
    channels: Channels | None = None
    apart: tuple[str, int] | None = None


def shortest(problem: Problem) -> Decision | None:
    """The decision if all fit over their shortest ways, by first fit; else None."""
    first = straight(problem)
    if overfull(problem, first) or _is_vast(problem):
        return None
    channels = first_fit(problem, first.waves)
    return None if channels is None else Decision(FITS, first, channels)


def _is_vast(problem: Problem) -> bool:
    return any(wire.channels > MOST_CHANNELS for wire in problem.wires.values())


def decide(problem: Problem) -> Decision:
    """Whether all light paths fit. `SHORT` is proven, of all ways that demands have."""
    found = shortest(problem)
    if found is not None:
        return found
    if _is_vast(problem):
        return Decision(OPEN)
    lacking = SHORT if problem.complete else OPEN
    chosen: Chosen | None = straight(problem)
    forced = all(len(wish.ways) == 1 or wish.shares for wish in problem.wishes)
    assert chosen is not None
    if not forced:
        answer = solved(problem, by_channel=False)
        if answer.chosen is None:
            return Decision(lacking if answer.infeasible else OPEN)
        chosen = answer.chosen
        quick = first_fit(problem, chosen.waves)
        if quick is not None:
            return Decision(FITS, chosen, quick)
    elif overfull(problem, chosen):
        return Decision(lacking, chosen)
    channels: Channels = {}
    for line, needs in _by_line(problem, chosen).items():
        if needs.channels is not None:
            channels.update(needs.channels)
            continue
        if not forced:
            return _by_channel(problem, (line, needs.least))
        most = next(wire.channels for wire in problem.wires.values() if wire.line == line)
        is_proven = needs.least > most
        return Decision(lacking if is_proven else OPEN, chosen, apart=(line, needs.least) if is_proven else None)
    return Decision(FITS, chosen, channels)


def _by_line(problem: Problem, chosen: Chosen) -> dict[str, Colours]:
    """Each line system by itself, in order of their names."""
    lines = {problem.wires[one[0]].line for one in chosen.waves}
    return {
        line: colours(problem, {one: many for one, many in chosen.waves.items() if problem.wires[one[0]].line == line})
        for line in sorted(lines)
    }


def _by_channel(problem: Problem, apart: tuple[str, int]) -> Decision:
    answer = solved(problem, by_channel=True)
    if answer.chosen is None:
        return Decision(SHORT if answer.infeasible and problem.complete else OPEN, apart=apart)
    channels = first_fit(problem, {one: many for one, many in answer.chosen.waves.items() if len(one) == 1})
    return Decision(FITS, answer.chosen, {**(channels or {}), **(answer.channels or {})})
