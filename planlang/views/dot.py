"""A sheet as DOT text, the language of Graphviz: one thing a line, the same bytes for the same sheet."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import labels, style, text
from .heading import heading
from .wrapping import below, in_rows

if TYPE_CHECKING:
    from planlang.core.graph import Edge, Group, Node, Sheet

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.,\[\]-]*")


def dot_names(sheet: Sheet) -> dict[str, str]:
    """The DOT name of each node: its path, or `#` and its number where a path would need escapes.

    Raises ValueError if two nodes or two groups share an id, or if something names one that is not there.
    """
    names = {
        node.id: node.id if _PLAIN_NAME.fullmatch(node.id) else f"#{number}"
        for number, node in enumerate(sheet.nodes, 1)
    }
    groups = {group.id: group for group in sheet.groups}
    if len(names) != len(sheet.nodes) or len(groups) != len(sheet.groups):
        raise ValueError(f"sheet {sheet.name!r}: two nodes or two groups have the same id")
    wanted = {end for edge in sheet.edges for end in (edge.source, edge.target)} - set(names)
    frames = {item for item in (*(n.group for n in sheet.nodes), *(g.parent for g in sheet.groups)) if item is not None}
    missing = sorted(wanted | (frames - set(groups)))
    if missing:
        raise ValueError(f"sheet {sheet.name!r}: nothing has the id {missing[0]!r}")
    for group in sheet.groups:
        seen, at = {group.id}, group.parent
        while at is not None:
            if at in seen:
                raise ValueError(f"sheet {sheet.name!r}: the group {group.id!r} stands in itself")
            seen.add(at)
            at = groups[at].parent
    return names


def _quoted(value: str) -> str:
    """A value that is never taken for HTML, whatever it looks like."""
    import graphviz

    quoted: str = graphviz.nohtml(text.escaped(value))
    return quoted


def common(identity: str, classes: str, tooltip: str, href: str = "") -> dict[str, str]:
    """The attributes that every drawn thing has for the page around it; Graphviz puts `node`, `edge` or `cluster`
    before the classes."""
    found = {"class": classes, "tooltip": _quoted(tooltip or " ")}
    if text.clean(identity).strip():
        found["id"] = _quoted(identity)
    link = text.safe_link(href)
    if link:
        found["URL"] = _quoted(link)
    return found


def node_tooltip(node: Node) -> str:
    """What a box says in words, after the tooltip that the area gives, if any."""
    share = style.percentage(node.utilization)
    worst = f"after the worst failure {style.percentage(node.worst)}" if node.worst is not None else ""
    parts = (
        node.tooltip,
        f"{node.kind} {node.name}".strip(),
        " ".join(filter(None, (node.amount, share))),
        worst,
        node.note,
        _found(node),
        "" if node.active else style.INACTIVE.words,
    )
    return text.shortened("\n".join(part for part in parts if part))


def edge_tooltip(edge: Edge) -> str:
    """What a line says in words: from where to where, its load and its state."""
    parts = (
        edge.tooltip,
        f"{edge.source} → {edge.target}",
        labels.edge_words(edge),
        _found(edge),
        "" if edge.active else style.INACTIVE.words,
    )
    return text.shortened("\n".join(part for part in parts if part))


def group_tooltip(group: Group) -> str:
    """What a frame says in words."""
    return text.shortened("\n".join(part for part in (group.title, group.subtitle, _found(group)) if part))


def _found(thing: Node | Edge | Group) -> str:
    """What was found there, in words."""
    parts = (f"errors: {', '.join(thing.errors)}", f"warnings: {', '.join(thing.warnings)}")
    return "; ".join(part for part, codes in zip(parts, (thing.errors, thing.warnings), strict=True) if codes)


def edge_id(edge: Edge) -> str:
    """The id of a line in the drawing."""
    return edge.id or f"{edge.source}->{edge.target}"


def node_attributes(node: Node, room: labels.Room | None = None) -> dict[str, str]:
    """A box: its label, its border in the colour of its state."""
    fullest = node.utilization if node.worst is None else max(node.worst, node.utilization or 0.0)
    state = style.marked(style.state_of(fullest, node.active), node.errors)
    return {
        "label": labels.box(node, room),
        "color": state.colour,
        "penwidth": f"{state.border:g}",
        "style": "rounded,filled" if node.active else "rounded,filled,dashed",
        **common(node.id, state.name, node_tooltip(node), node.href),
    }


def edge_attributes(edge: Edge, largest: float) -> dict[str, str]:
    """A line: its width by flow, its style by medium, its colour by state."""
    state = labels.edge_state(edge)
    medium = style.medium_of(edge.medium)
    pen = style.pen_width(edge.flow, largest) if edge.active else style.THINNEST
    loud = state in (style.CLOSE, style.OVER, style.INACTIVE)
    kind = medium.name if medium.name in style.MEDIA else "other"
    return {
        "color": state.colour if loud else medium.colour,
        "penwidth": f"{pen:g}",
        "arrowsize": f"{0.75 if pen <= 3 else max(0.42, 2.25 / pen):.2f}",
        "style": medium.style if edge.active else "dotted",
        "arrowhead": medium.head,
        **common(edge_id(edge), f"{kind} {state.name}", edge_tooltip(edge)),
    }


def largest_flows(sheet: Sheet) -> dict[str, float]:
    """The largest flow of each medium: watts and bits a second do not share a scale."""
    largest: dict[str, float] = {}
    for edge in sheet.edges:
        largest[edge.medium] = max(largest.get(edge.medium, 0.0), edge.flow)
    return largest


def start(sheet: Sheet, **attributes: str) -> Any:
    """A graph with the attributes that apply to every node and edge."""
    import graphviz

    graph = graphviz.Digraph("sheet")
    graph.attr(
        fontname=style.FONT,
        bgcolor=style.PAPER,
        pad="0.3",
        id=_quoted(sheet.name or "sheet"),
        **{"class": "sheet"},
        **attributes,
    )
    graph.attr("node", shape="box", fontname=style.FONT, fillcolor=style.PAPER, margin="0.12,0.085")
    graph.attr("edge", fontname=style.FONT)
    return graph


def _title_side(group: Group, sheet: Sheet, inside: set[str]) -> str:
    """`b` or `t`: the side of a frame that fewer lines cross, so that none runs through its title.

    Lines between sites that stand beside one another run along the top.
    """
    beside = any(edge.medium == "network" for edge in sheet.edges) and any(e.medium == "power" for e in sheet.edges)
    enter = sum(edge.target in inside and edge.source not in inside for edge in sheet.edges)
    leave = sum(edge.source in inside and edge.target not in inside for edge in sheet.edges)
    return "b" if beside or enter > leave else "t"


def _members(sheet: Sheet) -> dict[str, set[str]]:
    """The nodes inside each frame, those of the frames in it included."""
    parents = {group.id: group.parent for group in sheet.groups}
    members: dict[str, set[str]] = {group.id: set() for group in sheet.groups}
    for node in sheet.nodes:
        at = node.group
        while at is not None:
            members[at].add(node.id)
            at = parents[at]
    return members


def _siblings(sheet: Sheet) -> dict[str | None, list[list[str]]]:
    """For each frame, runs of its nodes that stand in one row, in the sheet's order.

    They are fed by the same others or, where nothing feeds them, feed the same others. A row never crosses frames, as
    Graphviz cannot draw that.
    """
    feeders: dict[str, set[str]] = {}
    fed: dict[str, set[str]] = {}
    for edge in sheet.edges:
        feeders.setdefault(edge.target, set()).add(edge.source)
        fed.setdefault(edge.source, set()).add(edge.target)
    runs: dict[str | None, dict[tuple[bool, frozenset[str]], list[str]]] = {}
    for node in sheet.nodes:
        neighbours = feeders.get(node.id) or fed.get(node.id) or set()
        key = (node.id in feeders, frozenset(neighbours))
        if key[1]:
            runs.setdefault(node.group, {}).setdefault(key, []).append(node.id)
    return {group: [run for run in found.values() if len(run) > 1] for group, found in runs.items()}


def to_dot(sheet: Sheet) -> str:
    """A sheet of rows as DOT text. Raises ValueError for a broken sheet."""
    names = dot_names(sheet)
    members = _members(sheet)
    entering: dict[str, int] = {}
    for edge in sheet.edges:
        entering[edge.target] = entering.get(edge.target, 0) + 1
    room = labels.room_of(sheet.nodes)
    # Labels get a rank of their own between two ranks, which makes room; without labels the ranks stand further apart.
    # The second pass over crossings would undo the order of the rows.
    apart = "0.5" if all(edge.label for edge in sheet.edges) else "0.9"
    graph = start(
        sheet,
        label=heading(sheet),
        labelloc="t",
        labeljust="l",
        rankdir="TB",
        nodesep="0.35",
        ranksep=apart,
        remincross="false",
    )

    rows = _siblings(sheet)

    def fill(target: Any, parent: str | None) -> None:
        for node in sheet.nodes:
            if node.group == parent:
                target.node(names[node.id], **node_attributes(node, room))
        for run in rows.get(parent, ()):
            wrapped = in_rows(run)
            for row in wrapped:
                with target.subgraph() as rank:
                    rank.attr(rank="same")
                    for before, after in pairwise(row):
                        rank.edge(names[before], names[after], style="invis")
            for upper, lower in pairwise(wrapped):
                for above, under in zip(upper, lower, strict=False):
                    target.edge(names[above], names[under], style="invis")
        for number, group in enumerate(sheet.groups, 1):
            if group.parent != parent or not members[group.id]:
                continue
            name = group.id if _PLAIN_NAME.fullmatch(group.id) else f"#{number}"
            with target.subgraph(name=f"cluster_{name}") as frame:
                frame.attr(
                    label=labels.frame_title(group),
                    labelloc=_title_side(group, sheet, members[group.id]),
                    labeljust="l",
                    margin="16",
                    color=style.OVER.colour if group.errors else style.FRAME,
                    fillcolor=style.FRAME_FILL,
                    style="rounded,filled" if group.active else "rounded,filled,dashed",
                    **common(group.id, "group" if group.active else "group inactive", group_tooltip(group), group.href),
                )
                fill(frame, group.id)

    fill(graph, None)
    for above, under in below(sheet, members):
        graph.edge(names[above], names[under], style="invis", minlen="2")
    largest = largest_flows(sheet)
    has_power = "power" in largest
    for edge in sheet.edges:
        found = edge_attributes(edge, largest[edge.medium])
        label = labels.edge_label(edge, float(found["penwidth"]))
        if label:
            found["label"] = label
        if edge.medium == "network" and has_power:
            found["constraint"] = "false"  # sites stand side by side, also when a link joins them
        elif entering[edge.target] == 1 and edge.source != edge.target:
            found["headport"] = "n"
        graph.edge(names[edge.source], names[edge.target], **found)
    return str(graph.source)
