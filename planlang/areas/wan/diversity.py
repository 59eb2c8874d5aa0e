"""How many routes between two sites share no link and no conduit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.wan.flow import max_flow
from planlang.areas.wan.network import network

if TYPE_CHECKING:
    from planlang.areas.wan.flow import Edge, Ends
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.steps import Steps


def disjoint_routes(situation: Situation, demand: Entity) -> Steps[float] | None:
    """The most routes between the ends of a demand that share no link and no conduit, over lit links."""
    net = network(situation)
    ends = next((one.ends for one in net.demands if one.entity is demand), None)
    if ends is None:
        return None
    found: dict[tuple[int, ...], int] = {}

    def count(lit: tuple[int, ...]) -> float:
        if lit not in found:
            links = [(net.links[number].ends, net.links[number].conduits) for number in lit]
            found[lit] = most_disjoint(ends, links)
        return found[lit]

    return net.states.map(
        lambda state: tuple(number for number, carries in enumerate(state.capacities) if carries != 0)
    ).map(count)


def most_disjoint(ends: Ends, links: list[tuple[Edge, frozenset[str]]]) -> int:
    """The most routes of which no two share a link or a conduit."""
    pools: dict[Edge, float] = {}
    for pool, _ in links:
        pools[pool] = pools.get(pool, 0.0) + 1.0
    bound = round(max_flow(pools, *ends).value)  # by links alone (Menger 1927)
    used = [conduit for _, conduits in links for conduit in conduits]
    if bound < 2 or len(used) == len(set(used)):
        return bound
    return _by_program(ends, links, bound)


def _by_program(ends: Ends, links: list[tuple[Edge, frozenset[str]]], bound: int) -> int:
    """The same by an integer program: up to `bound` routes of one unit, each link and conduit on at most one."""
    from planlang.core.solver import Program

    program = Program()
    nodes = sorted({node for pool, _ in links for node in pool})
    leave, arrive = ([node for node in some if node in nodes] for some in ends)
    conduits = sorted({conduit for _, all_of in links for conduit in all_of})
    once = [program.add_row(0.0, 1.0) for _ in links]
    shared = {conduit: program.add_row(0.0, 1.0) for conduit in conduits}
    for _ in range(bound):
        keep = {node: program.add_row(0.0, 0.0) for node in nodes}
        goes, comes = program.add_row(0.0, 0.0), program.add_row(0.0, 0.0)
        program.add_column(-1.0, 0.0, 1.0, [goes, comes], [-1.0, 1.0], whole=True)
        for row, some, sign in ((goes, leave, 1.0), (comes, arrive, -1.0)):
            for node in some:
                program.add_column(0.0, 0.0, 1.0, [row, keep[node]], [sign, -sign], whole=True)
        takes = {c: program.add_column(0.0, 0.0, 1.0, [shared[c]], [1.0], whole=True) for c in conduits}
        for number, ((a, b), all_of) in enumerate(links):
            both = [
                program.add_column(0.0, 0.0, 1.0, [keep[x], keep[y], once[number]], [1.0, -1.0, 1.0], whole=True)
                for x, y in ((a, b), (b, a))
            ]
            for conduit in sorted(all_of):
                program.add_row(-1.0, 0.0, [*both, takes[conduit]], [1.0, 1.0, -1.0])
    program.solve()
    return round(-program.objective)
