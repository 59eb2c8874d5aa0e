"""Many names in short form: members of a range by their numbers, and how many more there are."""

from __future__ import annotations

MOST_NAMES = 3
"""The most names or ranges that are written out."""


def shape(message: str) -> str:
    """A message with every number replaced by 0, so that messages can be compared without their numbers."""
    if not any(map(message.__contains__, "0123456789")):
        return message
    signs = ["0" if sign.isdigit() else sign for sign in message]
    kept = [
        sign
        for place, sign in enumerate(signs)
        if not (sign in "0,." and place and signs[place - 1] in "0,." and (sign == "0" or signs[place + 1 : place + 2]))
    ]
    return "".join(kept)


def folded(names: list[str], most: int = MOST_NAMES) -> str:
    """`b[1..40]`, or `west.b[1..12], east.b[3] and 3 more`: names that differ in one number as a range."""
    groups = _by_range(list(dict.fromkeys(names)))
    texts = [_range_text(group) for group in groups]
    if len(groups) <= most:
        return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]])) if texts else ""
    rest = sum(len(group) for group in groups[most - 1 :])
    return f"{', '.join(texts[: most - 1])} and {rest:,} more"


def forms(name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The text between a path's numbers in brackets, and the numbers."""
    pieces: list[str] = []
    numbers: list[int] = []
    rest = name
    while True:
        before, bracket, after = rest.partition("[")
        digits, closing, tail = after.partition("]")
        if not (bracket and closing and digits.isdecimal() and digits.isascii() and len(digits) < 12):
            pieces.append(rest)
            return tuple(pieces), tuple(numbers)
        pieces.append(before + "[")
        numbers.append(int(digits))
        rest = "]" + tail


def _by_range(names: list[str]) -> list[list[str]]:
    """The names in groups, each a range whose members differ in one number, the innermost that varies."""
    alike: dict[tuple[str, ...], list[tuple[str, tuple[int, ...]]]] = {}
    for name in names:
        pieces, numbers = forms(name)
        alike.setdefault(pieces, []).append((name, numbers))
    groups: list[list[str]] = []
    for members in alike.values():
        rows = [numbers for _, numbers in members]
        varying = [place for place in range(len(rows[0])) if len({row[place] for row in rows}) > 1]
        if len(varying) < 2:
            groups.append([name for name, _ in members])
            continue
        apart: dict[tuple[int, ...], list[str]] = {}
        for name, numbers in members:
            apart.setdefault(numbers[: varying[-1]] + numbers[varying[-1] + 1 :], []).append(name)
        groups += apart.values()
    return groups


def _range_text(names: list[str]) -> str:
    """`wisconsin.gpu[4..100]`."""
    pieces, first = forms(names[0])
    rows = [forms(name)[1] for name in names]
    varying = next((place for place in range(len(first)) if len({row[place] for row in rows}) > 1), None)
    if varying is None:
        return names[0]
    numbers = [str(number) for number in first]
    numbers[varying] = _runs(sorted(row[varying] for row in rows))
    return "".join(piece + number for piece, number in zip(pieces, [*numbers, ""], strict=True))


def _runs(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(a) if a == b else f"{a}..{b}" for a, b in runs]
    return ", ".join(texts if len(texts) <= 6 else [*texts[:5], "…", texts[-1]])
