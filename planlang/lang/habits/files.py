"""Lines of another format in a plan: YAML, JSON, TOML, XML, tables, prose. Reported once, and skipped."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from planlang.lang.habits.meaning import Meaning
from planlang.lang.habits.repeated import JSON


class Stretch(NamedTuple):
    """Lines of another format: where they begin and end, and what is said of them."""

    start: int
    end: int
    meaning: Meaning


_YAML = re.compile(
    r"[ \t]*(?:-[ \t]+)?[\"']?[A-Za-z_][\w .-]*[\"']?:(?:[ \t]+[^\n]*)?|[ \t]*-(?:[ \t]+[^\n]*)?|[ \t]*---[ \t]*"
)
_PAIR = re.compile(r"[ \t]*(?:-[ \t]+)?[\"']?([A-Za-z_][\w-]*)[\"']?:[ \t]*([^\n]*)")
_TOML = re.compile(r"[ \t]*\[\[?([A-Za-z_][\w-]*)(?:\.([\w-]+))?[^\]\n]*\]\]?[ \t]*")
_SETTING = re.compile(r"[ \t]*[A-Za-z_][\w.-]*[ \t]*=[^\n]*")
_TABLE = re.compile(r"[^\n={}\[\]()\"#:]*(?:[,\t|][^\n={}\[\]()\"#:]*){2,}")
_PROSE = re.compile(r"[ \t]*(?:[-*>][ \t]+)?[A-Za-z][\w'’-]*(?:[ ]+(?:[\w'’&/-]+[,;:]?|[-–—])){2,}[.!?:]?[ \t]*")
_TAG = re.compile(r"[ \t]*<(?:\?xml|!|/?[A-Za-z])[^\n]*")
_NOTES = (
    (re.compile(r"[ \t]*<!--"), "<!--", "-->"),
    (re.compile(r'[ \t]*(""")'), '"""', '"""'),
    (re.compile(r"[ \t]*(''')"), "'''", "'''"),
    (re.compile(r"[ \t]*(?:REM|rem)\b"), "REM", ""),
    (re.compile(r"[ \t]*%"), "%", ""),
    (re.compile(r"[ \t]*'[ \t]*[A-Za-z]"), "'", ""),
)
_INDENT = re.compile(r"\s*")
_JSON_OPENS = re.compile(r"[ \t]*[\[{]\s*(?:[\"{\[]|\}|\])")
_JSON_KEY = re.compile(r'[ \t]*"([A-Za-z_][\w-]*)"[ \t]*:[ \t]*("[^"\n]*"|[^\n{}\[\],]*)')
_BLANK = re.compile(r"[ \t\r]*(?:#[^\n]*)?")


def find(text: str, begun: int, at: int, nested: bool) -> Stretch | None:
    """The lines of another format that begin with the statement at `begun`, or None. `nested`: within a block."""
    line = text.rfind("\n", 0, begun) + 1
    before = text[line:begun].strip()
    if before == ";" and re.match(r"[A-Za-z]+ [A-Za-z]", text[begun : begun + 40]):
        end = text.find("\n", begun)
        meaning = Meaning("`;` starts no comment here", ("a note to the reader starts with `#`",))
        return Stretch(line + text[line:begun].index(";"), len(text) if end < 0 else end, meaning)
    if before:
        return None
    for reader in (_comment, _json, _yaml, _toml, _markup, _table, _prose):
        found = reader(text, line, nested)
        if found is not None and found.start <= at:
            return found
    return None


def _lines(text: str, start: int, form: re.Pattern[str], first: bool = True) -> tuple[int, int]:
    """Where lines of a form end, with blank lines and comments between them, and how many they are."""
    end, place, count = start, start, 0
    while place < len(text):
        stop = text.find("\n", place)
        stop = len(text) if stop < 0 else stop
        line = text[place:stop].rstrip("\r")
        if form.fullmatch(line):
            count, end = count + 1, stop
        elif not _BLANK.fullmatch(line):
            break
        place = stop + 1
    return end, count


def _comment(text: str, line: int, nested: bool) -> Stretch | None:
    for form, mark, close in _NOTES:
        match = form.match(text, line)
        if match is None:
            continue
        end = text.find("\n", match.end())
        if close and (closed := text.find(close, match.end())) >= 0:
            end = closed + len(close)
        meaning = Meaning(f"`{mark}` starts no comment here", ("a note to the reader starts with `#`",))
        return Stretch(match.start() + len(match[0]) - len(match[0].lstrip()), len(text) if end < 0 else end, meaning)
    return None


def _json(text: str, line: int, nested: bool) -> Stretch | None:
    whole = _JSON_OPENS.match(text, line)
    body = _JSON_KEY.match(text, line)
    if whole is None and body is None:
        return None
    if whole is None and nested:
        end, count = _lines(text, line, re.compile(rf"{_JSON_KEY.pattern}[ \t]*,?[ \t]*"))
        if not count:
            return None
    else:
        end = len(text.rstrip())
    indent = _INDENT.match(text, line)
    place = line if indent is None else indent.end()
    pairs = [(key, value.strip(' "')) for key, value in _JSON_KEY.findall(text, line, min(len(text), line + 2000))]
    if whole is None:
        return Stretch(place, end, Meaning(JSON, (f"write `{' = '.join(pairs[0])}`, without quotes and commas",)))
    return Stretch(place, end, Meaning(JSON, (_example(pairs),)))


def _example(pairs: list[tuple[str, str]]) -> str:
    """An example of a block, from the keys and values that were found. A key without a value holds others."""
    kind = next((key for key, value in pairs if not value), pairs[0][0] if pairs else "campus")
    after = next((place for place, (key, _) in enumerate(pairs) if key == kind), 0)
    inner = pairs[after + 1 :]
    named = [value for key, value in inner if key in ("name", "id") and value]
    named += [value for key, value in pairs[after : after + 1] if value] + [key for key, value in inner if not value]
    name = re.sub(r"\W+", "_", named[0]) if named else "a"
    told = next((f"{key} = {value}" for key, value in inner if value and key not in ("name", "id")), "key = value")
    return f"a block is written `{_single(kind)} {name} {{ … }}`, and in it `{told}` on each line"


def _yaml(text: str, line: int, nested: bool) -> Stretch | None:
    end, count = _lines(text, line, _YAML)
    if count < 2:
        return None
    stretch = text[line:end]
    rows = [row for row in stretch.split("\n") if row.strip()]
    indents = [len(row) - len(row.lstrip()) for row in rows]
    inner = any(below > above for above, below in pairwise(indents))
    marked = any(re.match(r"[ \t]*-(?:[ \t]|$|--)", row) for row in rows)
    if nested and not inner and not marked:
        return None  # single values in a block, each with `:` for `=`
    heads = [pair for row in rows if (pair := _PAIR.match(row))]
    if not heads:
        return None
    pairs = [(pair[1].replace("-", "_"), pair[2].strip(" \"'")) for pair in heads]
    place = line + len(stretch) - len(stretch.lstrip())
    return Stretch(place, end, Meaning("this looks like YAML", (_example(pairs),)))


def _single(word: str) -> str:
    if word.endswith(("uses", "ies")):
        return f"{word[:-3]}y" if word.endswith("ies") else word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("us", "ss", "ups")) else word


def _toml(text: str, line: int, nested: bool) -> Stretch | None:
    match = _TOML.match(text, line)
    if match is None or nested or text[match.end() : match.end() + 1] not in ("\n", ""):
        return None
    end, _ = _lines(text, line, re.compile(rf"{_TOML.pattern}|{_SETTING.pattern}"))
    note = f"write `{match[1]} {match[2] or 'a'} {{ … }}`, with what belongs to it between the braces"
    return Stretch(line, end, Meaning("a section in brackets begins no block", (note,)))


def _markup(text: str, line: int, nested: bool) -> Stretch | None:
    if _TAG.match(text, line) is None:
        return None
    end, _ = _lines(text, line, re.compile(r"[ \t]*(?:<[^\n]*|[^\n{}=]*</[^\n]*)"))
    kind = re.search(r"<([A-Za-z_]\w*)", text[line:end])
    return Stretch(line, end, Meaning("this looks like XML", (_example([(kind[1] if kind else "campus", "")]),)))


def _table(text: str, line: int, nested: bool) -> Stretch | None:
    end, count = _lines(text, line, _TABLE)
    if count < 2:
        return None
    note = "each row is a block of its own: `campus a { load = 3 MW; pue = 1.2 }`"
    return Stretch(line, end, Meaning("this looks like a table", (note,)))


def _prose(text: str, line: int, nested: bool) -> Stretch | None:
    stop = text.find("\n", line)
    row = text[line : len(text) if stop < 0 else stop].strip()
    words = row.split()
    if not words or (len(words) < 5 and row[-1:] not in ".!?") or words[0].lower() in _STATEMENTS:
        return None
    end, count = _lines(text, line, _PROSE)
    if not count:
        return None
    based = re.search(r"\bis an? (\w+)\W*$", row)
    if based is not None and re.search(rf"\btemplate\s+\w+\s+{based[1]}\b", text):
        return None
    shown = row if len(row) <= 40 else row[:39] + "…"
    return Stretch(
        line, end, Meaning("this is no statement; a note to the reader starts with `#`", (f"write `# {shown}`",))
    )


_STATEMENTS = frozenset(
    [
        "use",
        "let",
        "template",
        "require",
        "prefer",
        "remove",
        "measure",
        "accept",
        "maximize",
        "minimize",
        "scenario",
        "sweep",
        "import",
        "from",
        "include",
        "for",
        "while",
        "if",
        "def",
        "const",
        "var",
        "set",
        "assert",
    ]
)
