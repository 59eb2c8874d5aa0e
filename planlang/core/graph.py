"""The one graph model that every diagram is drawn from. No drawing engine is known here."""

from __future__ import annotations

from typing import NamedTuple


class Node(NamedTuple):
    """A box of a diagram.

    `id` is the plan's path. `kind` is the small grey line (`ups  112 x 2.5 MW  N+1`), `name` the bold one,
    `amount` the line below the bar (`275 of 277.5 MW`), `note` a small one (what binds, what was sized).
    `utilization` is a ratio, or None where there is no limit to fill: then there is no bar; `worst` is the same after
    the worst failure that is to be survived, where there is one. `active` is False
    for what is paused, dropped or not yet there. `number` > 1 says that the box stands for that many equals.
    `at` is (latitude, longitude) on a map. `href` leads to the next level down. `covers` are the paths of all that it
    stands for, beside its id; `errors` and `warnings` the codes of what was found there.
    """

    id: str
    kind: str
    name: str
    amount: str = ""
    note: str = ""
    utilization: float | None = None
    active: bool = True
    number: int = 1
    group: str | None = None
    at: tuple[float, float] | None = None
    href: str = ""
    tooltip: str = ""
    worst: float | None = None
    covers: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Edge(NamedTuple):
    """A flow from one node to another.

    `medium` is `power`, `standby` (power that waits), `cooling` or `network`; `flow` is the load in the unit of its
    medium (W or bit/s), for the width of the line; `label` says it in words.
    """

    source: str
    target: str
    medium: str
    flow: float = 0.0
    label: str = ""
    utilization: float | None = None
    active: bool = True
    id: str = ""
    tooltip: str = ""
    covers: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Group(NamedTuple):
    """A frame around nodes: a building, a campus. `parent` is the id of the frame that it stands in."""

    id: str
    title: str
    subtitle: str = ""
    parent: str | None = None
    active: bool = True
    href: str = ""
    covers: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """One diagram: one level at one date. `name` is its file's stem; `layout` is `flow` (sources on top) or
    `map` (true coordinates); `verdict` is `holds`, `fails`, or `holds, 2 warnings`; `found` says how much of what was
    found stands on it, `covers` are paths that it shows without a box of their own."""

    name: str
    title: str
    what: str
    date: str
    verdict: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    layout: str = "flow"
    scenario: str = ""
    found: str = ""
    covers: tuple[str, ...] = ()
