"""SVG of our own: shapes and measured texts on a page, the same bytes for the same calls."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from . import style, text
from .svg import SVG

SMALLEST = 9.0
"""The smallest text, in points, when the sheet fills its page."""


class Box(NamedTuple):
    """Where a text stands, in points: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float
    words: str


def number(value: float) -> str:
    """A coordinate with at most two digits after the point."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


class Canvas:
    """A page of so many points. `texts` are the boxes of all that is written on it."""

    def __init__(self, width: float, height: float, title: str, identity: str) -> None:
        self.width, self.height = width, height
        self.texts: list[Box] = []
        self._patterns: set[str] = set()
        self.root = Element(
            f"{{{SVG}}}svg",
            {
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "width": f"{number(width)}pt",
                "role": "img",
                "style": "max-width:100%",
                "font-family": style.FONT_STACK,
            },
        )
        self._named(self.root, title)
        self.page = SubElement(self.root, f"{{{SVG}}}g", {"class": "sheet", "id": text.clean(identity)})
        self.rectangle(self.page, 0, 0, width, height, style.PAPER, name="paper")

    def group(self, name: str, identity: str = "", title: str = "", parent: Element | None = None) -> Element:
        """A group of a class, with the path of what it shows as its id, and a tooltip."""
        attributes = {"class": name}
        if text.clean(identity).strip():
            attributes["id"] = text.clean(identity)
        made = SubElement(self.page if parent is None else parent, f"{{{SVG}}}g", attributes)
        self._named(made, title)
        return made

    def _named(self, element: Element, title: str) -> None:
        words = text.shortened(text.clean(title)).strip()
        if words:
            SubElement(element, f"{{{SVG}}}title").text = words

    def rectangle(
        self,
        parent: Element,
        left: float,
        top: float,
        width: float,
        height: float,
        fill: str,
        border: str = "",
        pen: float = 1.0,
        *,
        name: str = "",
        title: str = "",
        dash: str = "",
        round_: float = 0,
    ) -> None:
        """A rectangle; without a border where that is empty."""
        attributes = {
            "x": number(left),
            "y": number(top),
            "width": number(max(0.0, width)),
            "height": number(max(0.0, height)),
            "fill": fill,
        }
        if round_:
            attributes["rx"] = number(round_)
        if border:
            attributes |= {"stroke": border, "stroke-width": number(pen)}
        if dash:
            attributes["stroke-dasharray"] = dash
        if name:
            attributes["class"] = name
        self._named(SubElement(parent, f"{{{SVG}}}rect", attributes), title)

    def hatched(self, parent: Element, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A rectangle with slanted lines of a colour on paper: a stretch that is over its limit."""
        name = f"hatch-{colour.strip('#')}"
        if name not in self._patterns:
            self._patterns.add(name)
            size = {"width": "5", "height": "5", "patternUnits": "userSpaceOnUse"}
            pattern = Element(f"{{{SVG}}}pattern", {"id": name, **size, "patternTransform": "rotate(45)"})
            SubElement(pattern, f"{{{SVG}}}rect", {"width": "5", "height": "5", "fill": style.PAPER})
            line = {"x1": "0", "y1": "0", "x2": "0", "y2": "5", "stroke": colour, "stroke-width": "2.4"}
            SubElement(pattern, f"{{{SVG}}}line", line)
            self.root.insert(0, pattern)
        self.rectangle(parent, left, top, width, height, f"url(#{name})", colour, 0.8)

    def link(self, parent: Element, href: str) -> Element:
        """A group that leads to another sheet; a plain one where the link is not safe, or empty."""
        address = text.safe_link(href)
        if not address:
            return SubElement(parent, f"{{{SVG}}}g", {})
        return SubElement(parent, f"{{{SVG}}}a", {"href": address})

    def line(
        self, parent: Element, x1: float, y1: float, x2: float, y2: float, colour: str, pen: float = 1.0, dash: str = ""
    ) -> None:
        """A straight line."""
        attributes = {"x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)}
        attributes |= {"stroke": colour, "stroke-width": number(pen)}
        if dash:
            attributes["stroke-dasharray"] = dash
        SubElement(parent, f"{{{SVG}}}line", attributes)

    def glyph(self, parent: Element, name: str, x: float, y: float, size: float, colour: str) -> None:
        """The sign of a state beside a text: a circle, a diamond, a triangle, or a ring; `x` and `y` are its middle."""
        half = size / 2
        corners = {
            "near": ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
            "over": ((0, -1.05), (1.15, 0.95), (-1.15, 0.95)),
        }.get(name)
        if corners is not None:
            points = " ".join(f"{number(x + half * dx)},{number(y + half * dy)}" for dx, dy in corners)
            SubElement(parent, f"{{{SVG}}}polygon", {"points": points, "fill": colour})
            return
        at = {"cx": number(x), "cy": number(y)}
        drawn = {"r": number(half), "fill": colour}
        if name != "ok":
            drawn = {"r": number(half - 0.6), "fill": "none", "stroke": colour, "stroke-width": "1.2"}
        SubElement(parent, f"{{{SVG}}}circle", {**at, **drawn})

    def write(
        self,
        parent: Element,
        x: float,
        y: float,
        words: str,
        size: float = SMALLEST,
        colour: str = style.BODY,
        *,
        bold: bool = False,
        anchor: str = "start",
        room: float = 0,
        halo: bool = False,
    ) -> float:
        """One line of text with its baseline at `y`, cut to `room` points if that is given; returns its width."""
        words = " ".join(text.clean(words).split())
        if room:
            cut = text.wrap(words, room, size, bold, 1)
            words = cut[0] if cut else ""
        if not words:
            return 0.0
        wide = text.width(words, size, bold)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        self.texts.append(Box(left, y - 0.72 * size, left + wide, y + 0.2 * size, words))
        attributes = {"x": number(x), "y": number(y), "font-size": number(size), "fill": colour}
        if bold:
            attributes["font-weight"] = "bold"
        if anchor != "start":
            attributes["text-anchor"] = anchor
        if halo:
            attributes |= {"stroke": style.PAPER, "stroke-width": "3", "paint-order": "stroke"}
        SubElement(parent, f"{{{SVG}}}text", attributes).text = words
        return wide

    def paragraph(
        self,
        parent: Element,
        x: float,
        y: float,
        words: str,
        room: float,
        size: float = SMALLEST,
        colour: str = style.BODY,
        *,
        bold: bool = False,
        lines: int = 2,
        pitch: float = 1.25,
    ) -> float:
        """Wrapped lines; returns the baseline of the line after them."""
        for line in text.wrap(text.clean(words), room, size, bold, lines):
            self.write(parent, x, y, line, size, colour, bold=bold)
            y += size * pitch
        return y

    def bytes(self) -> bytes:
        """The page as SVG."""
        ElementTree.register_namespace("", SVG)
        data: bytes = ElementTree.tostring(self.root, encoding="utf-8", xml_declaration=True)
        return data + b"\n"
