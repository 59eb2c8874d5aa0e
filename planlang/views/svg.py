"""What is done to an engine's SVG: tooltips, fonts, size and title, and nothing that varies between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import dot, style, text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from planlang.core.graph import Sheet

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def _titles(sheet: Sheet) -> dict[tuple[str, str], str]:
    """The tooltip of each drawn thing, by its class and id, as the sheet has it, not as an engine changes it."""
    found = {("node", text.clean(node.id)): dot.node_tooltip(node) for node in sheet.nodes}
    found |= {("edge", text.clean(dot.edge_id(edge))): dot.edge_tooltip(edge) for edge in sheet.edges}
    return found | {("cluster", text.clean(group.id)): dot.group_tooltip(group) for group in sheet.groups}


def _anchors_to_titles(group: Element, titles: dict[tuple[str, str], str]) -> None:
    """Give a drawn thing its tooltip as its title; links keep their target, the other anchors become groups."""
    words = ""
    for anchor in list(group.iter(f"{{{SVG}}}a")):
        words = anchor.attrib.pop(f"{{{XLINK}}}title", "") or words
        if f"{{{XLINK}}}href" in anchor.attrib:
            anchor.attrib.pop("target", None)
        else:
            anchor.tag = f"{{{SVG}}}g"
    words = text.clean(titles.get((group.get("class", "").split()[0], group.get("id", "")), words))
    title = group.find(f"{{{SVG}}}title")
    if title is not None:
        if words.strip():
            title.text = words
        else:
            group.remove(title)


def finish(
    drawing: bytes, sheet: Sheet, backdrop: Element | None = None, origin: tuple[float, float] | None = None
) -> bytes:
    """The SVG ready for a page: it scales with the page, has titles as tooltips, and no comments of the engine.

    `backdrop` is drawn on the paper and below everything else. Engines shift a pinned layout. So `origin` is where the
    first dot of class `site` stands in the backdrop, and the backdrop is moved until the two agree.
    """
    from xml.etree import ElementTree

    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(drawing)
    graph = root.find(f"{{{SVG}}}g")
    if graph is None:
        return drawing
    titles = _titles(sheet)
    for group in graph.iter(f"{{{SVG}}}g"):
        if set(group.get("class", "").split()) & {"node", "edge", "cluster"}:
            _anchors_to_titles(group, titles)
    for anchor in list(graph):
        if anchor.tag == f"{{{SVG}}}a" or anchor.get("id", "").startswith("a_"):
            anchor.tag = f"{{{SVG}}}g"
            anchor.attrib.pop(f"{{{XLINK}}}title", None)
    graph_title = graph.find(f"{{{SVG}}}title")
    if graph_title is not None:
        graph.remove(graph_title)
    for word in graph.iter(f"{{{SVG}}}text"):
        if "font-family" in word.attrib:
            word.set("font-family", style.FONT_STACK)
    root.set("role", "img")
    root.set("style", "max-width:100%;height:auto")
    title = ElementTree.Element(f"{{{SVG}}}title")
    words = " ".join(filter(None, (sheet.what, sheet.date, sheet.verdict)))
    title.text = text.clean(f"{text.shortened(sheet.title)} {words}".strip())
    root.insert(0, title)
    if backdrop is not None:
        paper = next((place for place, item in enumerate(graph) if item.tag == f"{{{SVG}}}polygon"), -1)
        graph.insert(paper + 1, backdrop)
        first = next((group for group in graph.iter(f"{{{SVG}}}g") if "site" in group.get("class", "").split()), None)
        spot = None if first is None else next(first.iter(f"{{{SVG}}}ellipse"), None)
        if spot is not None and origin is not None:
            shift = (float(spot.get("cx", "0")) - origin[0], float(spot.get("cy", "0")) - origin[1])
            backdrop.set("transform", f"translate({shift[0]:.2f} {shift[1]:.2f})")
    finished: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return finished + b"\n"
