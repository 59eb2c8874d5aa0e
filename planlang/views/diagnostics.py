"""Diagnostics as a person reads them on a terminal: rendered from their records and the lines of their files.

The check of an unchanged plan runs through here, so nothing is imported before it is needed.
"""

from __future__ import annotations

from planlang.views.excerpt import excerpt
from planlang.views.folding import folded, forms, shape
from planlang.views.printable import printable

TYPE_CHECKING = False  # `typing` takes as long to import as the rest of this takes to run
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Lines = Callable[[str], list[str] | None]
    Record = Mapping[str, Any]

MOST_LINES = 5
"""The most contributors, and the most intervals, that are shown."""
_APART = frozenset(
    {*("LEX", "SYN", "UNI", "DAT", "NUM", "NAM", "TYP", "TPL", "USE", "KND", "TIM", "ACC"), "RUL", "HOL"}
)
"""Families of codes whose findings differ from place to place: mistakes, and the plan's own rules."""

_STYLES = {"error": "1;31", "warning": "1;33", "gutter": "34", "bold": "1", "good": "1;32", "accepted": "1;36"}
_HELP = ("did you mean", "write ", "give ", "split ", "multiply ", "`plan explain")


class Painter:
    """Colours, or none."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, style: str) -> str:
        """The text in a style."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.on and text else text


def render_all(
    diagnostics: Sequence[Record], lines: Lines, folder: str = "", colour: bool = False, unfold: bool = False
) -> str:
    """The diagnostics, alike ones as one unless `unfold`; an empty line after each.

    `lines` gives a file's lines by its name, None where it is gone. `folder` stands before the names of files, so that
    they can be opened from the current folder.
    """
    paint = Painter(colour)
    parts: list[str] = []
    for group in alike(list(diagnostics), unfold):
        parts.append(_diagnostic(group[0], lines, folder, paint))
        if len(group) > 1:
            names = folded([one["subject"] for one in group[1:] if one["subject"]])
            parts.append(printable(f"and {len(group) - 1:,} more like it{': ' if names else ''}{names}") + "\n")
        parts.append("\n")
    return "".join(parts)


# --- one diagnostic --------------------------------------------------------------------------------


def _diagnostic(one: Record, lines: Lines, folder: str, paint: Painter) -> str:
    severity = "accepted" if one.get("accepted") else one["severity"]
    head = paint(f"{severity}[{one['code']}]", severity) + " " + paint(one["name"], "bold")
    parts = [f"{head}: {printable(one['message'])}\n"]
    span = one["span"]
    margin = " "
    if span is not None:
        margin = " " * len(str(span["start"]["line"]))
        parts.append(paint(f"{margin}-->", "gutter") + f" {place(span, folder)}\n")
        parts.extend(_excerpt(span, lines, margin, severity, paint))
    bar = paint(f"{margin} =", "gutter")
    parts.extend(f"{bar} {line}\n" for line in _remarks(one, folder))
    return "".join(parts)


def place(span: Record, folder: str = "") -> str:
    """`file:line:column`."""
    file = span["file"]
    if folder and not file.startswith(("catalogue/", "<")):
        file = f"{folder.rstrip('/')}/{file}"
    return f"{printable(file)}:{span['start']['line']}:{span['start']['column']}"


def _excerpt(span: Record, lines: Lines, margin: str, severity: str, paint: Painter) -> list[str]:
    number = span["start"]["line"]
    found = lines(span["file"])
    if found is None or number > len(found):
        return []
    line = found[number - 1].rstrip("\r")
    if not line.strip() and span["start"]["column"] == span["end"]["column"]:
        return []
    several = span["end"]["line"] > number
    end = len(line) if several else span["end"]["column"] - 1
    text, underline = excerpt(line, span["start"]["column"] - 1, end)
    if several and span["end"]["column"] > 1:
        underline += f" to line {span['end']['line']}"
    bar = paint(f"{margin} |", "gutter")
    return [
        f"{bar}\n",
        f"{paint(f'{number} |', 'gutter')} {text}\n".replace("| \n", "|\n"),
        f"{bar} {underline[: len(underline) - len(underline.lstrip())]}{paint(underline.lstrip(), severity)}\n",
    ]


def _remarks(one: Record, folder: str) -> list[str]:
    remarks = _capped(_contributors(one["contributors"], folder))
    if len(one["intervals"]) > 1:
        remarks += _capped(_intervals(one["intervals"]))
    for note in one["notes"]:
        word = "help" if note.startswith(_HELP) or ": write `" in note else "note"
        remarks.append(f"{word}: {printable(note)}")
    remarks.extend(_fix(printable(fix["message"])) for fix in one["fixes"])
    if accepted := one.get("accepted"):
        until = f" until {date_text(accepted['until'])}" if accepted["until"] else ""
        remarks.append(f"accepted{until}: {printable(accepted['message'])}")
    return remarks


def _fix(message: str) -> str:
    """`fix: …`; a fix that is needed as well is `and: …`, one that would do instead is `or: …`."""
    word, _, rest = message.partition(" ")
    return f"{word}: {rest}" if word in ("and", "or") else f"fix: {message}"


def _capped(found: list[str]) -> list[str]:
    if len(found) <= MOST_LINES + 1:
        return found
    return [*found[:MOST_LINES], f"and {len(found) - MOST_LINES:,} more"]


def _contributors(found: list[Record], folder: str) -> list[str]:
    """Who makes up a demand: members of a range with equal shares as one."""
    groups: dict[object, list[Record]] = {}
    for who in found:
        share = "" if who["share"] is None else value_text(who["share"])
        where = "" if who["span"] is None else place(who["span"], folder)
        groups.setdefault((forms(who["subject"])[0], share, where), []).append(who)
    texts = []
    for (_, share, where), group in groups.items():  # type: ignore[misc]
        each = " each" if len(group) > 1 and share else ""
        names = printable(folded([who["subject"] for who in group]))
        texts.append(f"from {names}{': ' if share else ''}{printable(share)}{each}" + (f" ({where})" if where else ""))
    return texts


def _intervals(found: list[Record]) -> list[str]:
    starts = [date_text(one["from"]) for one in found]
    ends = [date_text(one["until"]) for one in found]
    first, second = max(map(len, starts)), max(map(len, ends))
    texts = []
    for one, start, end in zip(found, starts, ends, strict=True):
        amount = ""
        if one["demand"] is not None and one["limit"] is not None:
            amount = f"  {value_text(one['demand'])} of {value_text(one['limit'])}"
        texts.append(printable(f"{start:{first}} .. {end:{second}}{amount}".rstrip()))
    return texts


# --- alike ones ------------------------------------------------------------------------------------


def alike(diagnostics: list[Record], unfold: bool = False) -> list[list[Record]]:
    """Groups of diagnostics to show as one: errors first, then warnings, then accepted ones; in each the worst first.

    Findings of rules are alike if they have one code, and those about assumptions if they have one attribute too. All
    others are alike if they stand in one place and differ only in numbers.
    """
    groups: dict[object, list[Record]] = {}
    for number, one in enumerate(diagnostics):
        groups.setdefault(number if unfold else (rank(one), *_likeness(one)), []).append(one)
    found = sorted(groups.values(), key=lambda group: rank(group[0]))
    return [sorted(group, key=_gravity) for group in found]


def rank(one: Record) -> int:
    """0 for an error, 1 for a warning, 2 for what is accepted."""
    return 2 if one.get("accepted") else 0 if one["severity"] == "error" else 1


def _likeness(one: Record) -> tuple[object, ...]:
    if one["code"][:3] not in _APART:
        figure = one["fixes"][0]["path"].rpartition(".")[2] if one["name"].endswith("assumed") and one["fixes"] else ""
        return (one["code"], figure)
    span = one["span"]
    where = None
    if span is not None:
        where = (span["file"], span["start"]["line"], span["start"]["column"], span["end"]["line"])
    return (where, one["code"], shape(one["message"]))


def _gravity(one: Record) -> float:
    """A sort key, lower is worse: minus the ratio of demand to its limit, where both are known."""
    demand, limit = magnitude(one["demand"]), magnitude(one["limit"])
    if one["code"][:3] in _APART or demand is None or limit is None:
        return 0.0
    return -abs(demand / limit) if limit else float("-inf")


def magnitude(value: Record | None) -> float | None:
    """The number of a value, None where it has none."""
    if value is None:
        return None
    if value["kind"] == "duration":
        return float(value["months"] * 2_628_000 + value["seconds"])
    number = value.get("value")
    return float(number) if isinstance(number, (int, float)) and not isinstance(number, bool) else None


# --- values ------------------------------------------------------------------------------------------


def date_text(day: str | None) -> str:
    """`2026-02` for the first of a month, else the whole date; nothing where it is open."""
    return "" if day is None else day[:-3] if day.endswith("-01") else day


def value_text(value: Record | None) -> str:
    """A value of the document as text."""
    if value is None:
        return "unknown"
    kind = value["kind"]
    if "text" in value:
        return str(value["text"])
    if kind == "number":
        return number_text(value["value"])
    if kind == "date":
        return date_text(value["value"])
    if kind == "boolean":
        return "true" if value["value"] else "false"
    if kind == "duration":
        return _duration(value)
    if kind == "schedule":
        return ", ".join(
            value_text(step["value"]) + (f" from {date_text(step['from'])}" if step["from"] else "")
            for step in value["steps"]
        )
    if kind in ("list", "pair"):
        items = ", ".join([value_text(item) for item in value["items"]])
        return f"[{items}]" if kind == "list" else f"({items})"
    if kind == "range":
        return f"{value_text(value['first'])} .. {value_text(value['last'])}"
    return str(value["value"])


def _duration(value: Record) -> str:
    months, seconds = value["months"], value["seconds"]
    parts = [f"{number_text(months)} months"] if months or not seconds else []
    if seconds and not seconds % 86_400:
        days = seconds / 86_400
        parts.append(f"{number_text(days)} day{'' if abs(days) == 1 else 's'}")
    elif seconds:
        parts.append(f"{number_text(seconds / 3600)} h" if abs(seconds) >= 3600 else f"{number_text(seconds)} s")
    return " + ".join(parts)


def number_text(value: float) -> str:
    """A number with separated thousands; a fraction has seven digits."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    if abs(value) >= 1e15 or abs(value) < 1e-4:
        return f"{value:.5g}"
    whole = len(str(int(abs(value))))
    return f"{value:,.{max(0, 7 - whole)}f}".rstrip("0").rstrip(".")
