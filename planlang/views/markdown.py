"""Markdown of untrusted text: escaped, and set in tables that read well as plain text too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planlang.views.printable import cells, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

UNKNOWN = "–"
WIDEST = 80
"""The most cells to which a column of a table is padded."""

_SIGNS = re.compile(r"[\\`*|\[\]<>~$]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LEADING = re.compile(r"#|[+=-](?=[\s=-]|$)|[0-9]{1,9}[.)](?=\s|$)")
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")

_REFERENCE = re.compile(r"@(?=\w)|[#!](?=[0-9])|\bGH(?=-[0-9])", re.IGNORECASE)
_JOINER = "&#8288;"
"""A word joiner: it takes no room, and keeps GitHub and others from making a mention or reference of the text."""


def flat(text: object) -> str:
    """A text on one line, without signs that hide or turn what is beside them."""
    return printable(" ".join(str(text).split()))


def escape(text: object) -> str:
    """A text that Markdown shows as it is, in a paragraph, a list or a table's cell: no markup, no link, no HTML, no
    mention and no reference (`@name`, `#7`)."""
    line = _ENTITY.sub("&amp;", flat(text))
    line = _REFERENCE.sub(lambda found: found[0] + _JOINER, line)
    line = _SIGNS.sub(_escaped, line)
    line = _UNDERSCORE.sub(r"\\_", line)
    line = _SCHEME.sub(lambda found: f"{found[1] or found[3]}&#{ord(found[2] or found[4])};", line)
    match = _LEADING.match(line)
    return f"{line[: match.end() - 1]}\\{line[match.end() - 1 :]}" if match else line


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return {"<": "&lt;", ">": "&gt;"}.get(sign, "\\" + sign)


def code(text: object) -> str:
    """A text as code, whatever it has in it; in a table too."""
    line = flat(text)
    if not line:
        return UNKNOWN
    if "|" in line or "\\" in line:  # neither can stand both in a table and in code
        return escape(line)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def prose(text: object) -> str:
    """A message of planlang as Markdown: what stands between its backticks is code."""
    parts = flat(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        (code(part) if part else "") if place % 2 else _around(escape(part), part) for place, part in enumerate(parts)
    )


def _around(escaped: str, part: str) -> str:
    """The blanks at the ends of a part, which escaping takes away."""
    if not part.strip():
        return part
    return " " * part.startswith(" ") + escaped + " " * part.endswith(" ")


def table(columns: Sequence[Sequence[str]], rows: Iterable[Mapping[str, Any]]) -> str:
    """A table with padded columns, aligned left. A column is a heading, a key of the rows and, if its cells are code,
    `code`; None and empty cells are shown as unknown."""
    heads = [escape(column[0]) for column in columns]
    body = [[_cell(row.get(column[1]), column[2:]) for column in columns] for row in rows]
    lines = [heads, *body]
    widths = [max(3, *(min(WIDEST, cells(line[place])) for line in lines)) for place in range(len(heads))]
    ruled = [_row(heads, widths), f"| {' | '.join('-' * width for width in widths)} |"]
    return "\n".join([*ruled, *(_row(line, widths) for line in body)])


def _cell(value: object, style: Sequence[str]) -> str:
    if value is None or value == "":
        return UNKNOWN
    return code(value) if "code" in style else escape(value)


def _row(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [text + " " * max(0, width - cells(text)) for text, width in zip(texts, widths, strict=True)]
    return f"| {' | '.join(padded)} |"
