"""Dates as they are written elsewhere, and the same dates as they are written here."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from planlang.lang.calendar import FIRST_YEAR, LAST_YEAR, days_in
from planlang.lang.habits.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable

_YEAR = r"(?P<y>(?:19|20)[0-9]{2})"
_SHORT_YEAR = r"(?P<y>(?:19|20)[0-9]{2}|[23][0-9])"
_MONTH = r"(?P<name>[A-Za-zäÄ]{3,9})\.?"
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_SPELLED = frozenset(
    (
        *("january", "february", "march", "april", "june", "july", "august", "september", "october", "november"),
        *("december", "januar", "februar", "märz", "juni", "juli", "oktober", "dezember"),
    )
)
_SEASONS = {
    "early": "01", "start": "01", "beginning": "01", "spring": "04", "mid": "07", "middle": "07", "summer": "07",
    "fall": "10", "autumn": "10", "late": "10", "end": "12", "winter": "12",
    "boy": "01", "eoy": "12",
}  # fmt: skip


def _month(name: str) -> int:
    """The number of a month's name, English or German, whole or cut to three letters; 0 for any other word."""
    name = name.lower()
    if name == "sept":
        return 9
    return _MONTHS.get(name[:3], 0) if len(name) == 3 or name in _SPELLED else 0


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _write(raw: str, text: str, *more: str) -> Meaning:
    return Meaning(f"`{raw}` is not how a date is written", (f"write `{text}`", *more), text)


def _day(year: int, month: int, day: int) -> str:
    """`2026-03-15`, or nothing where there is no such day."""
    there = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in(year, month)
    return f"{year:04}-{month:02}-{day:02}" if there else ""


def _quarter(match: re.Match[str]) -> Meaning:
    return _write(match[0], f"{_full(match['y'])}-Q{match['q']}")


def _half(match: re.Match[str]) -> Meaning:
    year, half = _full(match["y"]), int(match["h"])
    first, last = 6 * half - 5, 6 * half
    more = f"as a range of dates, `{year}-{first:02} .. {year}-{last:02}`"
    return _write(match[0], f"{year}-{first:02}", more)


def _week(match: re.Match[str]) -> Meaning | None:
    try:
        monday = datetime.date.fromisocalendar(_full(match["y"]), int(match["w"]), 1)
    except ValueError:
        return None
    return Meaning(f"`{match[0]}` is not how a date is written", (f"write `{monday}`, its Monday",), monday.isoformat())


def _named(match: re.Match[str]) -> Meaning | None:
    month = _month(match["name"])
    if not month:
        return None
    year, day = _full(match["y"]), match.groupdict().get("d")
    text = f"{year}-{month:02}" if day is None else _day(year, month, int(day))
    return _write(match[0], text) if text else None


def _numbered(match: re.Match[str]) -> Meaning | None:
    """`3/1/2026`, whose day may come first or second, and `01.03.2026`, whose day comes first."""
    year, one, two = _full(match["y"]), int(match["a"]), int(match["b"])
    american, european = _day(year, one, two), _day(year, two, one)
    if match["sep"] == ".":
        american = american if not european else ""
    if american and european and american != european:
        note = f"write `{american}`, or `{european}` if the day comes first"
        return Meaning(f"`{match[0]}` is not how a date is written", (note,), american)
    text = american or european
    return _write(match[0], text) if text else None


def _year_first(match: re.Match[str]) -> Meaning | None:
    year, month, day = _full(match["y"]), int(match["a"]), match.groupdict().get("b")
    text = _day(year, month, int(day or 1))
    if not text:
        return None
    return _write(match[0], text if day else text[:-3])


def _season(match: re.Match[str]) -> Meaning:
    month = f"{match['y']}-{_SEASONS[match['s'].lower()]}"
    return Meaning(
        f"`{match[0]}` is not how a date is written", (f"write the month that is meant, as in `{month}`",), month
    )


def _fiscal(match: re.Match[str]) -> Meaning:
    year = _full(match["y"])
    note = f"write the month with which the year begins, as in `{year}-01`"
    return Meaning(f"`{match[0]}` is not how a date is written", (note,), "")


def _today(match: re.Match[str]) -> Meaning:
    note = "write the date itself, as in `2026-03-01`, so that the plan says the same tomorrow"
    return Meaning(f"`{match[0]}` is no date: a plan has no clock", (note,), "")


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Meaning | None]], ...] = (
    (rf"{_YEAR}-(?P<a>[0-9]{{1,2}})-(?P<b>[0-9]{{1,2}})[T ][0-9]{{2}}:?[0-9:.]*Z?", _year_first),
    (rf"Q(?P<q>[1-4])[ /-]?'?{_SHORT_YEAR}", _quarter),
    (rf"(?P<q>[1-4])Q[ /-]?'?{_SHORT_YEAR}", _quarter),
    (rf"{_YEAR}[ /-]?Q(?P<q>[1-4])", _quarter),
    (rf"{_YEAR}[ /-]?(?P<q>[1-4])Q", _quarter),
    (rf"H(?P<h>[12])[ /-]?'?{_SHORT_YEAR}", _half),
    (rf"(?P<h>[12])H[ /-]?'?{_SHORT_YEAR}", _half),
    (rf"{_YEAR}[ /-]?H(?P<h>[12])", _half),
    (rf"{_YEAR}[ /-]?(?P<h>[12])H", _half),
    (rf"{_YEAR}[ /-]?(?:W|KW|CW)(?P<w>[0-9]{{1,2}})", _week),
    (rf"(?:W|KW|CW) ?(?P<w>[0-9]{{1,2}})[ /-]{_YEAR}", _week),
    (rf"{_MONTH} (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}", _named),
    (rf"(?P<d>[0-9]{{1,2}})(?:\.|st|nd|rd|th)?[ -]{_MONTH}[ -]{_YEAR}", _named),
    (rf"{_MONTH}[ /-]?'?{_SHORT_YEAR}", _named),
    (rf"{_YEAR}[ /-]?{_MONTH}", _named),
    (rf"{_YEAR}M(?P<a>[0-9]{{2}})", _year_first),
    (rf"(?P<a>[0-9]{{1,2}})(?P<sep>[./-])(?P<b>[0-9]{{1,2}})(?P=sep){_SHORT_YEAR}", _numbered),
    (rf"{_YEAR}[/._](?P<a>[0-9]{{1,2}})[/._](?P<b>[0-9]{{1,2}})", _year_first),
    (rf"{_YEAR}-(?P<a>[0-9]{{1,2}})-(?P<b>[0-9]{{1,2}})", _year_first),
    (rf"{_YEAR}[/._-](?P<a>[0-9]{{1,2}})", _year_first),
    (rf"(?P<a>[0-9]{{1,2}})[/.]{_YEAR}", _year_first),
    (rf"(?:FY|CY|GJ)[ -]?'?{_SHORT_YEAR}", _fiscal),
    (rf"(?P<s>{'|'.join(_SEASONS)})(?:[ -]of)?[ -]{_YEAR}", _season),
    (r"(?:today|now|tomorrow|date\.today|datetime\.now)(?:\(\))?", _today),
)  # fmt: skip
_DIGITS = (
    (rf"{_YEAR}(?P<a>[0-9]{{2}})(?P<b>[0-9]{{2}})", _year_first),
    (rf"{_YEAR}(?P<a>[0-9]{{2}})", _year_first),
    (r"(?P<y>[23][0-9])-(?P<a>0[1-9]|1[0-2])", _year_first),
)
"""Dates that look like numbers: read only where a date is due."""
_ISO = re.compile(r"[0-9]{4}-(?:[0-9]{2}(?:-[0-9]{2})?|Q[1-4])")


def meant(text: str) -> Meaning | None:
    """What a whole text means where a date is due; None where that cannot be told."""
    text = text.strip()
    if text[:1] in "\"'" and text[-1:] == text[:1] and len(text) > 1:
        inner = text[1:-1].strip()
        if _ISO.fullmatch(inner):
            return Meaning(f"`{text}` is text where a date is due", (f"write `{inner}`, without quotes",), inner)
        found = meant(inner)
        return found and found._replace(message=f"`{text}` is not how a date is written")
    if year := re.fullmatch(rf"(?:(?:year|yr) )?{_YEAR}", text):
        note = f"write `{year['y']}-01`, its first month"
        what = "a number, and not" if text.isdecimal() else "not"
        return Meaning(f"`{text}` is {what} how a date is written", (note,), f"{year['y']}-01")
    if made := re.fullmatch(rf"date(?:time)?\({_YEAR}, *(?P<a>[0-9]{{1,2}}), *(?P<b>[0-9]{{1,2}})\)", text):
        return _year_first(made)
    for form, read in (*_FORMS, *_DIGITS):
        match = re.fullmatch(form, text, re.IGNORECASE)
        if match is not None and (found := read(match)) is not None:
            return found
    return None


def year_or_half(text: str) -> Meaning | None:
    """The range of dates for a year or half a year, where a range is due."""
    text = text.strip(" \"'")
    if re.fullmatch(_YEAR, text):
        return _period(text, f"{text}-01", f"{text}-12")
    for form, read in _FORMS:
        if read is _half and (half := re.fullmatch(form, text, re.IGNORECASE)):
            year, number = _full(half["y"]), int(half["h"])
            return _period(text, f"{year}-{6 * number - 5:02}", f"{year}-{6 * number:02}")
    return None


def period(text: str) -> Meaning | None:
    """The range that two dates mean, however they are joined."""
    text = text.strip()
    bare = text.strip("[]()\"' ")
    parts = re.split(r" *(?:\.\.\.?|–|—|,| to | until | - |:) *", bare)
    if len(parts) != 2:
        return None
    first, last = _end(parts[0], "01"), _end(parts[1], "12")
    return _period(text, first, last) if first and last else None


def _end(text: str, month: str) -> str:
    """An end of a range as a date; for a year alone, in the given month."""
    if _ISO.fullmatch(text):
        return text
    if re.fullmatch(_YEAR, text):
        return f"{text}-{month}"
    found = meant(text)
    return found.write if found else ""


def _period(raw: str, first: str, last: str) -> Meaning:
    text = f"{first} .. {last}"
    return Meaning(f"`{raw}` is not how a range of dates is written", (f"write `{text}`",), text)


def find(text: str, start: int, end: int, at: int) -> tuple[int, int, Meaning] | None:
    """The date in `text[start:end]` that the place `at` lies in, with where it stands."""
    for form, read in _FORMS:
        for match in re.finditer(rf"(?<![\w.])(?:{form})(?![\w]|[./-][0-9])", text[start:end], re.IGNORECASE):
            first, last = start + match.start(), start + match.end()
            if first <= at < last and (found := read(match)) is not None and found.write != match[0]:
                return first, last, found
    return None
