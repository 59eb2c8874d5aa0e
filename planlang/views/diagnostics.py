"""Diagnostics as a person reads them on a terminal: rendered from the document and the lines of its files.

The way of an unchanged plan leads through here, so nothing is imported that this does not need at once.
"""

from __future__ import annotations

from planlang.views.excerpt import excerpt
from planlang.views.printable import printable

TYPE_CHECKING = False  # `typing` takes as long to import as the rest of this takes to run
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Lines = Callable[[str], list[str] | None]
    Record = dict[str, Any]

ALIKE = 3
"""Of diagnostics that differ in their subject alone, so many are shown."""
MOST_SIZES = 24
"""So many lines of sizes are shown."""
MOST_LINES = 8
"""Of contributors and of intervals, so many are shown."""

_STYLES = {"error": "1;31", "warning": "1;33", "gutter": "34", "bold": "1", "good": "1;32"}
_HELP = ("did you mean", "write ", "give ", "split ", "multiply ", "`plan explain")


class Painter:
    """Colours, or none."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, style: str) -> str:
        """The text in a style."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.on and text else text


def render(document: Record, lines: Lines, folder: str = "", colour: bool = False, strict: bool = False) -> str:
    """The diagnostics and the summary. `lines` gives a file's lines by its name, None where it is gone.

    `folder` stands before the names of files, so that they can be opened from where one is.
    """
    text = render_all(document["diagnostics"], lines, folder, colour) + sizes_text(document.get("sized", []), colour)
    return text + summary(document, colour, strict) + "\n"


def render_all(diagnostics: list[Record], lines: Lines, folder: str = "", colour: bool = False) -> str:
    """The diagnostics alone, an empty line after each."""
    paint = Painter(colour)
    parts: list[str] = []
    for group in _groups(diagnostics):
        shown = group[:ALIKE]
        parts.extend(_diagnostic(one, lines, folder, paint) + "\n" for one in shown)
        rest = group[len(shown) :]
        if rest:
            subjects = printable(subjects_text([one["subject"] for one in rest]))
            parts.append(f"and {len(rest):,} more like it: {subjects}\n\n")
    return "".join(parts)


def sizes_text(sized: list[Record], colour: bool = False) -> str:
    """What fills the holes, one line for those that differ in a number of their path alone; an empty line behind."""
    paint = Painter(colour)
    groups: dict[object, list[Record]] = {}
    for one in sized:
        form = (_numbers(one["path"])[0], one["attribute"], value_text(one["value"]), shape(one["why"]))
        groups.setdefault(form, []).append(one)
    texts = []
    for group in groups.values():
        first = group[0]
        subjects = subjects_text([one["path"] for one in group])
        value = value_text(first["value"])
        name = first["attribute"]
        texts.append(f"{paint('sized', 'bold')} {printable(f'{subjects}.{name} = {value}')}")
        reasons = list(dict.fromkeys(one["why"] for one in group))
        also = f" (the first of {len(reasons)})" if len(reasons) > 1 else ""
        texts[-1] += f": {printable(reasons[0])}{also}\n"
    shown = texts if len(texts) <= MOST_SIZES + 1 else texts[:MOST_SIZES]
    if len(shown) < len(texts):
        shown.append(f"and {len(texts) - len(shown):,} more sizes: `--format json` has them all\n")
    return "".join(shown) + ("\n" if shown else "")


def summary(document: Record, colour: bool = False, strict: bool = False) -> str:
    """The last line: the verdict, and what it rests on."""
    paint = Painter(colour)
    name = printable(document["plan"]["name"])
    errors, warnings = document["counts"]["error"], document["counts"]["warning"]
    verdict = document["verdict"]
    if verdict == "unreadable":
        return f"{name} {paint('cannot be read', 'error')}: {counted(errors, 'mistake')}"
    found = [counted(number, word) for number, word in ((errors, "error"), (warnings, "warning")) if number]
    if verdict == "fails":
        strictly = " (strict)" if strict and not errors else ""
        return f"{name} {paint('fails', 'error')}: {', '.join(found)}{strictly}"
    size = [
        counted(number, word)
        for word, key in (("entity", "entities"), ("interval", "intervals"), ("failure state", "failure_states"))
        if (number := document["plan"].get(key)) is not None
    ]
    return f"{name} {paint('holds', 'good')}: {', '.join([*found, *size])}"


def counted(number: int, word: str) -> str:
    """`1 warning`, `2 warnings`, `3 entities`."""
    if number != 1:
        word = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return f"{number:,} {word}"


# --- one diagnostic --------------------------------------------------------------------------------


def _diagnostic(one: Record, lines: Lines, folder: str, paint: Painter) -> str:
    severity = one["severity"]
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
    remarks = _capped([_contributor(who, folder) for who in one["contributors"]])
    if len(one["intervals"]) > 1:
        remarks += _capped(_intervals(one["intervals"]))
    for note in one["notes"]:
        word = "help" if note.startswith(_HELP) or ": write `" in note else "note"
        remarks.append(f"{word}: {printable(note)}")
    return remarks + [_fix(printable(fix["message"])) for fix in one["fixes"]]


def _fix(message: str) -> str:
    """`fix: …`; what is needed as well is told as `and: …`, what would do instead as `or: …`."""
    word, _, rest = message.partition(" ")
    return f"{word}: {rest}" if word in ("and", "or") else f"fix: {message}"


def _capped(found: list[str]) -> list[str]:
    if len(found) <= MOST_LINES + 1:
        return found
    return [*found[:MOST_LINES], f"and {len(found) - MOST_LINES:,} more"]


def _contributor(who: Record, folder: str) -> str:
    share = "" if who["share"] is None else f": {printable(value_text(who['share']))}"
    where = "" if who["span"] is None else f" ({place(who['span'], folder)})"
    return f"from {printable(who['subject'])}{share}{where}"


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


# --- diagnostics that differ in their subject alone ---------------------------------------------------


def _groups(diagnostics: list[Record]) -> list[list[Record]]:
    groups: dict[object, list[Record]] = {}
    for one in diagnostics:
        span = one["span"]
        where = None
        if span is not None:
            where = (span["file"], span["start"]["line"], span["start"]["column"], span["end"]["line"])
        groups.setdefault((where, one["code"], shape(one["message"])), []).append(one)
    return list(groups.values())


def shape(message: str) -> str:
    """A message with every number in it alike."""
    if not any(map(message.__contains__, "0123456789")):
        return message
    signs = ["0" if sign.isdigit() else sign for sign in message]
    kept = [
        sign
        for place, sign in enumerate(signs)
        if not (sign in "0,." and place and signs[place - 1] in "0,." and (sign == "0" or signs[place + 1 : place + 2]))
    ]
    return "".join(kept)


def subjects_text(subjects: list[str]) -> str:
    """`wisconsin.gpu[4..100]`: paths that differ in one number as ranges, else the first and the last."""
    unique = list(dict.fromkeys(subjects))
    parts = [_numbers(subject) for subject in unique]
    forms = {form for form, _ in parts}
    if len(forms) == 1:
        rows = [numbers for _, numbers in parts]
        varying = [i for i in range(len(rows[0])) if len({row[i] for row in rows}) > 1]
        if len(varying) == 1:
            numbers = [str(number) for number in rows[0]]
            numbers[varying[0]] = _ranges(sorted(row[varying[0]] for row in rows))
            return "".join(piece + number for piece, number in zip(parts[0][0], [*numbers, ""], strict=True))
    if len(unique) <= 3:
        return ", ".join(unique)
    return f"{unique[0]}, {unique[1]} .. {unique[-1]}"


def _numbers(subject: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The text between a path's numbers in brackets, and the numbers."""
    pieces: list[str] = []
    numbers: list[int] = []
    rest = subject
    while True:
        before, bracket, after = rest.partition("[")
        digits, closing, tail = after.partition("]")
        if not (bracket and closing and digits.isdecimal() and digits.isascii() and len(digits) < 12):
            pieces.append(rest)
            return tuple(pieces), tuple(numbers)
        pieces.append(before + "[")
        numbers.append(int(digits))
        rest = "]" + tail


def _ranges(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(a) if a == b else f"{a}..{b}" for a, b in runs]
    return ", ".join(texts if len(texts) <= 6 else [*texts[:5], "…", texts[-1]])


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
    return "?" if kind == "hole" else str(value["value"])


def _duration(value: Record) -> str:
    months, seconds = value["months"], value["seconds"]
    parts = [f"{number_text(months)} months"] if months or not seconds else []
    if seconds:
        parts.append(f"{number_text(seconds / 3600)} h" if seconds >= 3600 else f"{number_text(seconds)} s")
    return " + ".join(parts)


def number_text(value: float) -> str:
    """A number with its thousands parted; of a fraction, seven digits."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    if abs(value) >= 1e15 or abs(value) < 1e-4:
        return f"{value:.5g}"
    whole = len(str(int(abs(value))))
    return f"{value:,.{max(0, 7 - whole)}f}".rstrip("0").rstrip(".")
