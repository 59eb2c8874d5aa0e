"""Schedules as they are written elsewhere: date first, in braces, with `@` or `until`."""

from __future__ import annotations

import re

from planlang.lang.habits import dates
from planlang.lang.habits.meaning import Meaning

_DATE = (
    r"(?:[0-9]{4}-(?:[0-9]{1,2}(?:-[0-9]{1,2})?|[QHqhW][0-9]{1,2})|[QH][1-4][ /-]?'?[0-9]{2,4}|[0-9]{4}[ ]?[QH][1-4]"
    r"|[A-Z][a-z]{2,8}[ -][0-9]{4}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}|(?:19|20)[0-9]{2}"
    r"|\"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\")"
)
_VALUE = r"\"?(?:[0-9][0-9_.,]*[ ]*(?:%|[A-Za-z][A-Za-z0-9/^]*)?|[A-Za-z_][A-Za-z0-9_.]*|\?)\"?"
_WORD = r"(?:at|on|since|starting|starts|from|by|in|as of|as from|beginning|ab|after)"
_SIGN = r"(?:=>|->|:|=|,|\|)"
_END = rf"(?:[ ]+(?:until|to|till|through)[ ]+(?P<e>{_DATE}))?"
_LINK = rf"(?:[ ]*(?:@|{_SIGN})[ ]*|[ ]+{_WORD}[ ]+|[ ]*\([ ]*(?:from[ ]+)?|(?P<blank>[ ]+))"
_VALUE_FIRST = re.compile(rf"[(\[]?[ ]*(?P<v>{_VALUE}){_LINK}(?P<d>{_DATE})[ ]*[)\]]?{_END}")
_DATE_FIRST = re.compile(
    rf"[(\[]?[ ]*(?:from[ ]+|at[ ]+|since[ ]+)?(?P<d>{_DATE})(?:[ ]*{_SIGN}[ ]*|(?P<blank>[ ]+))"
    rf"(?P<v>{_VALUE})[ ]*[)\]]?"
)
_UNTIL = re.compile(
    rf"(?P<v>{_VALUE})[ ]+(?:until|till|through|to|before)[ ]+(?P<e>{_DATE})(?:[ ]*,?[ ]*then[ ]+(?P<w>{_VALUE}))?"
)
_PARTS = re.compile(r"(?:[,;\n]|[ ]and[ ]|[ ]then[ ])(?![^()\[\]]*[)\]])")
_NAMES = frozenset({"from", "until", "at", "if", "then", "else"})


def meant(text: str) -> Meaning | None:
    """What a whole value of dates and values means as a schedule; None where it is no schedule."""
    raw = text.strip()
    if any(raw.count(opens) != raw.count(closes) for opens, closes in ("[]", "()", "{}")):
        return None
    inner = raw[1:-1].strip() if raw[:1] in "[{(" and raw[-1:] in "]})" else raw
    parts = [part.strip() for part in _PARTS.split(inner) if part.strip()]
    if not parts or len(parts) > 50:
        return None
    if len(parts) == 1 and (match := _UNTIL.fullmatch(parts[0])):
        return _ended(match)
    if len(parts) == 2 and raw[:1] in "[{(" and re.fullmatch(_VALUE, parts[0]) and re.fullmatch(_DATE, parts[1]):
        parts = [f"{parts[0]} from {parts[1]}"] if not re.fullmatch(_DATE, parts[0]) else [inner]
    if len(parts) % 2 == 0 and raw[:1] in "[{(" and all(_is_date(part) for part in parts[::2]):
        parts = [f"{value} from {date}" for date, value in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) > 1 and (undated := _undated(parts)):
        return undated
    steps: list[str] = []
    for place, part in enumerate(parts):
        read = _step(part, last=place == len(parts) - 1)
        if read is None:
            return None
        steps += read
    written = f"[{', '.join(steps)}]"
    if written == raw:
        return None
    return Meaning("a schedule is values with their dates, in brackets", (f"write `{written}`",), written)


def _step(part: str, last: bool) -> list[str] | None:
    match = _DATE_FIRST.fullmatch(part) or _VALUE_FIRST.fullmatch(part)
    if match is None:
        return None
    date, value = _date(match["d"]), match["v"].strip('" ')
    if not date or value in _NAMES or re.fullmatch(_DATE, value):
        return None
    if match["blank"] and (match["d"].isdecimal() or not value[:1].isdigit()):
        return None  # `year 2026`, `1 2026`
    steps = [f"{value} from {date}"]
    end = match.groupdict().get("e")
    if end and last:
        steps.append(f"{_zero(value)} from {_date(end)}")
    return steps


def _is_date(text: str) -> bool:
    return re.fullmatch(_DATE, text) is not None


def _undated(parts: list[str]) -> Meaning | None:
    """The one value of a schedule that has no date; the example puts it a year from its neighbour."""
    read = [_step(part.removeprefix("then "), last=False) for part in parts]
    bare = [place for place, steps in enumerate(read) if steps is None]
    if len(bare) != 1 or not re.fullmatch(_VALUE, parts[bare[0]]) or not parts[bare[0]][:1].isdigit():
        return None
    value, steps = parts[bare[0]], [step for found in read if found for step in found]
    year = int(steps[max(bare[0] - 1, 0)].rpartition(" ")[2][:4]) + (1 if bare[0] else -1)
    steps.insert(bare[0], f"{value} from {year}-01")
    note = f"write from when `{value}` holds, as in `[{', '.join(steps)}]`"
    return Meaning("in a schedule every value has its date", (note,))


def _ended(match: re.Match[str]) -> Meaning | None:
    """`8 MW until 2027-01`: a value with an end, but without a start."""
    value, end = match["v"].strip('" '), _date(match["e"])
    if not end or value in _NAMES:
        return None
    written = f"{match['w'] or _zero(value)} from {end}"
    note = f"write from when each value holds, as `[{value} from {int(end[:4]) - 1}-01, {written}]`"
    return Meaning("a schedule says from when a value holds, and not until when", (note,))


def _zero(value: str) -> str:
    unit = value.lstrip("0123456789_.,").strip()
    return f"0 {unit}".strip() if value[:1].isdigit() else "0"


def _date(text: str) -> str:
    text = text.strip('"')
    if re.fullmatch(r"[0-9]{4}-(?:[0-9]{2}(?:-[0-9]{2})?|Q[1-4])", text):
        return text
    found = dates.meant(text)
    return found.write if found else ""
