"""A rack in front view: what stands where, and its height, power, heat and mass beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.text import format_number

from . import style
from .hall_rows import figure, is_over

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from planlang.core.plate import Limits, Plate, RackKind

    from .canvas import Canvas

LEFT, TOP, BOTTOM = 28.0, 126.0, 644.0
BODY, BESIDE, ROOM = 118.0, 160.0, 174.0
"""Points: how wide a rack is, where the words beside it begin, and how much room they have."""
MOST_RACKS = 3
SYSTEM, SWITCH = "#3B6FDB", "#64748B"


def shown(plate: Plate) -> list[RackKind]:
    """The kinds of which a rack is drawn: one for each system or switch, those of the most load first."""
    first: dict[str, RackKind] = {}
    load: dict[str, float] = {}
    for kind in plate.kinds:
        first.setdefault(kind.box, kind)
        load[kind.box] = load.get(kind.box, 0.0) + kind.load
    return sorted(first.values(), key=lambda kind: (-load[kind.box], kind.id))


def draw(canvas: Canvas, plate: Plate) -> None:
    """A rack of each kind below one another, up to three."""
    kinds = shown(plate)
    drawn = kinds[:MOST_RACKS]
    high = (BOTTOM - TOP + 14) / max(1, len(drawn))
    for place, kind in enumerate(drawn):
        _rack(canvas, plate, kind, TOP + place * high, high - 34)
    if len(kinds) > len(drawn):
        more = len(kinds) - len(drawn)
        words = f"{more} more kind{'' if more == 1 else 's'} of rack: in the table"
        canvas.write(canvas.page, LEFT, BOTTOM + 18, words, colour=style.MUTED)


def _rack(canvas: Canvas, plate: Plate, kind: RackKind, top: float, high: float) -> None:
    over = kind.power is not None and is_over(plate.limits, kind, kind.power)
    state = "over" if over or kind.codes else "ok"
    group = canvas.group(f"rack {state}", f"{kind.id} rack", f"{kind.title}\n{kind.box}")
    unit = high / kind.rack_height
    border = style.OVER.colour if state == "over" else style.INK
    canvas.rectangle(group, LEFT + 22, top, BODY, high, style.PAPER, border, 2.0 if state == "over" else 1.2, round_=2)
    _ruler(canvas, group, kind, top, high)
    filled = 0.0
    if kind.height is None:
        _block(
            canvas, group, top, high, style.TRACK, f"{kind.together:,} in a rack", "no height is written", style.BODY
        )
    else:
        filled = _stack(canvas, group, kind, top + high, unit)
    free = kind.rack_height - filled
    if kind.height is not None and free > 1e-6:
        words = f"{format_number(free)} U free" if free * unit >= 12 else ""
        canvas.write(
            group, LEFT + 22 + BODY / 2, top + free * unit / 2 + 3.2, words, colour=style.MUTED, anchor="middle"
        )
    _words(canvas, group, plate, kind, top, high)


def _ruler(canvas: Canvas, group: Element, kind: RackKind, top: float, high: float) -> None:
    """Rack units, counted from the floor."""
    unit = high / kind.rack_height
    step = next((each for each in (1, 5, 10, 20, 50, 100) if each * unit >= 13), 0)
    if not step:
        return
    for place in range(step, int(kind.rack_height + 1e-6) + 1, step):
        y = top + high - (place - 0.5) * unit
        canvas.write(group, LEFT + 17, y + 3.2, str(place), colour=style.MUTED, anchor="end")


def _stack(canvas: Canvas, group: Element, kind: RackKind, floor: float, unit: float) -> float:
    """Systems one above another from the floor; returns the units that they take, within the rack."""
    height = kind.height or 0.0
    many = max(1, min(kind.together, kind.boxes))
    fits = min(many, int(kind.rack_height / height + 1e-9)) if height else many
    colour = SWITCH if kind.is_network else SYSTEM
    drawn = max(1, fits)
    tall = min(height, kind.rack_height)
    words = f"{format_number(height)} U"
    if tall * unit < 1.5:
        canvas.rectangle(
            group, LEFT + 24, floor - drawn * tall * unit, BODY - 4, drawn * tall * unit, colour, name="unit"
        )
        return drawn * tall
    for place in range(drawn):
        top = floor - (place + 1) * tall * unit
        canvas.rectangle(group, LEFT + 24, top + 0.6, BODY - 4, max(0.4, tall * unit - 1.2), colour, name="unit")
        if tall * unit >= 13:
            canvas.write(
                group, LEFT + 22 + BODY / 2, top + tall * unit / 2 + 3.2, words, colour=style.PAPER, anchor="middle"
            )
    return drawn * tall


def _block(
    canvas: Canvas, group: Element, top: float, high: float, fill: str, words: str, more: str, colour: str
) -> None:
    canvas.rectangle(group, LEFT + 24, top + 2, BODY - 4, high - 4, fill)
    middle = LEFT + 22 + BODY / 2
    canvas.write(group, middle, top + high / 2 - 3, words, colour=colour, anchor="middle", room=BODY - 8)
    canvas.write(group, middle, top + high / 2 + 10, more, colour=style.MUTED, anchor="middle", room=BODY - 8)


def _words(canvas: Canvas, group: Element, plate: Plate, kind: RackKind, top: float, high: float) -> None:
    x, y = LEFT + BESIDE, top + 9
    y = canvas.paragraph(group, x, y, kind.title, ROOM, 10.5, style.INK, bold=True)
    y = canvas.paragraph(group, x, y, kind.box, ROOM, 9, style.MUTED, lines=1) + 3
    for words, over in lines_of(plate.limits, kind):
        if y > top + high + 12:
            return
        colour = style.OVER.colour if over else style.BODY
        y = canvas.paragraph(group, x, y, words, ROOM, 9, colour, bold=over) + 0.75


def lines_of(limits: Limits, kind: RackKind) -> list[tuple[str, bool]]:
    """What is said of a rack, and what of it is over its limit."""
    found: list[tuple[str, bool]] = []
    what = "switches" if kind.is_network else "systems"
    if kind.height is not None:
        tall = kind.together * kind.height
        over = tall > kind.rack_height * (1 + 1e-9)
        of = (
            f"{format_number(kind.rack_height)} U{' (assumed)' if kind.is_assumed and tall != kind.rack_height else ''}"
        )
        many = f"{kind.together:,} {what} of {format_number(kind.height)} U in " if kind.together > 1 else ""
        found.append((f"{many}{of}" if many else f"{format_number(tall)} of {of}", over))
    elif kind.together > 1:
        found.append((f"{kind.together:,} {what}", False))
    if kind.contains:
        found.append((f"{'each ' if kind.together > 1 else ''}{kind.contains}", False))
    if kind.power is None:
        found.append(("power not known", False))
    else:
        over = limits.density is not None and kind.power > limits.density * (1 + 1e-9)
        found.append((f"power {figure(kind.power)}{_of(limits.density)} kW", over))
        found.append((f"heat to liquid {figure(kind.liquid)} kW", False))
        over = limits.air_density is not None and kind.air > limits.air_density * (1 + 1e-9)
        found.append((f"heat to air {figure(kind.air)}{_of(limits.air_density)} kW", over))
    if kind.mass is not None:
        of = "" if limits.rack_limit is None else f" of {limits.rack_limit:,.0f}"
        over = limits.rack_limit is not None and kind.mass > limits.rack_limit * (1 + 1e-9)
        found.append((f"mass {kind.mass:,.0f}{of} kg", over))
    if kind.floor is not None:
        of = "" if limits.floor_load is None else f" of {limits.floor_load:,.0f}"
        over = limits.floor_load is not None and kind.floor > limits.floor_load * (1 + 1e-9)
        found.append((f"floor {kind.floor:,.0f}{of} kg/m\N{SUPERSCRIPT TWO}", over))
    if kind.codes:
        found.append((", ".join(kind.codes), True))
    return found


def _of(limit: float | None) -> str:
    return "" if limit is None else f" of {figure(limit)}"
