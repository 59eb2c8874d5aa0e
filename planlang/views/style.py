"""What colour, width and line style mean in a drawing, the same for every sheet."""

from __future__ import annotations

import math
from typing import NamedTuple

INK = "#111827"
BODY = "#374151"
MUTED = "#6B7280"
LINE = "#64748B"
FRAME = "#CBD5E1"
FRAME_FILL = "#F8FAFC"
TRACK = "#E5E7EB"
PAPER = "#FFFFFF"
FONT = "Helvetica"
FONT_STACK = "Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'Noto Sans CJK SC', sans-serif"

NEAR = 0.9
FULL = 1.0
THINNEST, WIDEST = 1.2, 8.0


class State(NamedTuple):
    """How full something is: `name` is the class in the SVG, `words` the entry of the legend."""

    name: str
    colour: str
    border: float
    words: str


OK = State("ok", "#2563EB", 1.4, "below 90%")
CLOSE = State("near", "#D97706", 1.8, "90% to 100%")
OVER = State("over", "#B91C1C", 2.6, "over 100%")
PLAIN = State("plain", "#94A3B8", 1.2, "no limit")
INACTIVE = State("inactive", "#9CA3AF", 1.2, "inactive")

PALE = {"ok": "#C7D7FE", "near": "#FBE0BA", "over": "#F8CFCF", "plain": "#E2E8F0", "inactive": "#EEF1F5"}
"""Large surfaces of each state."""
ALARM = "#FDECEC"
"""Behind a row of a table that is over."""
OVER_EXCESS = "#7F1D1D"
AMBER_TEXT = "#B45309"


def state_of(utilization: float | None, active: bool = True) -> State:
    """The state of a ratio of load to limit, rounded to nine decimals; what is inactive has no other state."""
    if not active:
        return INACTIVE
    if utilization is None or math.isnan(utilization):
        return PLAIN
    utilization = round(utilization, 9)
    if utilization > FULL:
        return OVER
    return CLOSE if utilization >= NEAR else OK


def marked(state: State, errors: tuple[str, ...], active: bool = True) -> State:
    """The state of something in which errors were found: that is what is wrong with it, whatever it is filled to."""
    return OVER if errors and active else state


def text_colour(state: State) -> str:
    """The colour of a state for small text: amber on white needs to be darker than amber as a surface."""
    return AMBER_TEXT if state is CLOSE else MUTED if state in (PLAIN, INACTIVE) else state.colour


def percentage(utilization: float | None) -> str:
    """The ratio as a percentage that never contradicts its state: 100.3% is not rounded to 100%."""
    if utilization is None or math.isnan(utilization):
        return ""
    if utilization >= 100:
        return ">9,999%"
    state, percent = state_of(utilization), max(0.0, 100 * utilization)
    for text in (f"{percent:.0f}", f"{percent:.1f}"):
        if text == "100" and percent < 99.95:
            continue  # 100% is only what is full, not what is nearly full
        if state_of(float(text) / 100) is state:
            return f"{float(text):,.0f}%" if "." not in text else f"{float(text):,.1f}%"
    return ">100%" if state is OVER else "<90%"


class Medium(NamedTuple):
    """How the edges of one medium are drawn, in Graphviz's words."""

    name: str
    style: str
    head: str
    colour: str


MEDIA = {
    "power": Medium("power", "solid", "normal", LINE),
    "standby": Medium("standby", "dotted", "vee", LINE),
    "cooling": Medium("cooling", "dashed", "empty", LINE),
    "network": Medium("network", "solid", "none", LINE),
}


def medium_of(name: str) -> Medium:
    """The style of a medium; one that is not known is drawn as a plain line."""
    return MEDIA.get(name) or Medium(name, "dotted", "vee", LINE)


def pen_width(flow: float, largest: float) -> float:
    """The width of a line in points, in proportion to the largest flow of its medium."""
    if not (largest > 0 and math.isfinite(largest)) or not math.isfinite(flow):
        return THINNEST
    return round(THINNEST + (WIDEST - THINNEST) * min(1.0, max(0.0, flow / largest)), 2)
