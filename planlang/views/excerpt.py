"""A line of a file with a part of it underlined, cut to what fits."""

from __future__ import annotations

from planlang.views.printable import glyph

WIDEST = 110
LEAD = 30
ELLIPSIS = "\u2026"


def excerpt(line: str, start: int, end: int) -> tuple[str, str]:
    """The line and its underline. `start` and `end` count code points from 0; at least one sign is underlined.

    Of a long line, what is around the underlined part is shown. Tabs take four cells, wide characters two.
    """
    start = min(max(start, 0), len(line))
    end = max(end, start)
    left = max(0, start - WIDEST)
    shown = [glyph(character) for character in line[left : start + 2 * WIDEST]]
    if left or sum([width for _, width in shown]) > WIDEST or len(line) > start + 2 * WIDEST:
        before = sum([width for _, width in shown[: start - left]])
        while left < start and before > LEAD:
            before -= shown.pop(0)[1]
            left += 1
    text, underline, used = "", "", 0
    if left:
        text, underline, used = ELLIPSIS, " ", 1
    for position, (sign, width) in enumerate(shown, left):
        if used + width > WIDEST:
            text += ELLIPSIS
            break
        text += sign
        used += width
        underline += ("^" if start <= position < end else " ") * width
    underline = underline.rstrip()
    return text.rstrip(), underline if "^" in underline else " " * _width(shown[: start - left], left) + "^"


def _width(shown: list[tuple[str, int]], left: int) -> int:
    return sum([width for _, width in shown]) + (1 if left else 0)
