"""Headers of blocks, and keys of values, in forms of other languages."""

from __future__ import annotations

import re
from typing import NamedTuple

from planlang.lang.habits.meaning import Meaning
from planlang.lang.habits.statements import name_of


class Found(NamedTuple):
    """What was meant, and where. `mends`: reading goes on in the statement; else at `resume` (-1: behind it)."""

    meaning: Meaning
    start: int
    end: int
    mends: bool = False
    resume: int = -1


_W = r"[A-Za-z_]\w*"
_HYPHENS = re.compile(rf"{_W}(?:-\w+)+")
_RANGE = re.compile(
    rf"(?P<head>{_W}[ \t]+{_W})[ \t]*[\[(][ \t]*"
    r"(?P<a>\w+)[ \t]*(?::|-|\.\.\.|…|,|\bto\b|\.\.)[ \t]*(?P<b>\w+)[ \t]*[\])]"
)
_LATE_TITLE = re.compile(
    rf"(?P<head>{_W}[ \t]+{_W}(?:[ \t]*\[[^\]\n]*\])?)[ \t]+is[ \t]+(?P<base>{_W}(?:\.{_W})*)[ \t]+"
    r"(?P<title>\"[^\"\n]*\")"
)
_TIMES = re.compile(rf"(?P<head>{_W}[ \t]+{_W})[ \t]*(?:[xX*×][ \t]*(?P<a>[0-9]+)|(?P<b>[0-9]+)[ \t]*[xX×])\b")
_TITLED = re.compile(rf"(?P<kind>{_W})[ \t]+[\"'](?P<name>[^\"'\n]*)[\"'][ \t]*(?P<more>\{{)?")
_ARROW = re.compile(rf"(?P<kind>{_W})[ \t]+(?P<a>\w+)[ \t]*(?:->|--|<->|=>|\bto\b|/)[ \t]*(?P<b>\w+)")
_BASED = re.compile(
    rf"(?P<head>(?:template[ \t]+)?{_W}[ \t]+{_W})[ \t]*(?::|=|\(|<)[ \t]*(?P<new>new[ \t]+)?(?P<base>{_W}(?:\.{_W})*)"
    r"[ \t]*[)>]?[ \t]*(?=[{\n;]|\Z)"
)
_ARTICLE = re.compile(
    rf"(?P<head>{_W}[ \t]+{_W})[ \t]+is[ \t]+(?:an?|the)[ \t]+(?P<base>{_W}(?:\.{_W})*)[ \t]*(?=[{{\n;]|\Z)"
)
_DIGIT = re.compile(rf"(?P<kind>{_W})[ \t]+(?P<name>[0-9]\w*)[ \t]*(?=\{{|is\b|\")")
_ACCENTS = re.compile(rf"(?P<kind>{_W})[ \t]+(?P<name>[^\W\d]\w*)[ \t]*(?=\{{|is\b|\"|\Z|\n)")
_PARENTHESES = re.compile(rf"(?P<kind>{_W})[ \t]*(?P<name>{_W})?[ \t]*\((?P<inside>[^\n)]*)")
_CALLED = re.compile(rf"let[ \t]+{_W}[ \t]*\([^\n)]*\)")
_TYPED = re.compile(rf"let[ \t]+(?P<name>{_W})[ \t]*:[ \t]*[\w\[\]., ]+?[ \t]*=[ \t]*(?P<value>[^\n;}}]*)")
_COLON = re.compile(
    rf"(?P<let>(?:let|measure)[ \t]+)?(?P<key>{_W}(?:\.{_W})*)[ \t]*(?P<sign>:=|:|=>|<-|->|==)"
    r"[ \t]*(?P<value>[^\n;}]*)"
)
_QUOTED = re.compile(rf"\"(?P<key>{_W})\"[ \t]*[=:][ \t]*(?P<value>[^\n;}}]*)")
_RULE = re.compile(r"(?P<word>require|prefer|minimize|maximize|remove)[ \t]*[:=][ \t]*(?P<condition>[^\n;}]*)")
_STEP = re.compile(rf"(?P<name>{_W})[ \t]*(?P<sign>\+\+|--)")
_SPREAD = re.compile(rf"(?:\.\.\.|<<[ \t]*:[ \t]*\*|\*\*|@)[ \t]*(?P<base>{_W}(?:\.{_W})*)")
_INDENTED = re.compile(
    rf"[ \t]*(?P<head>{_W}[ \t]+{_W}(?:[ \t]+is[ \t]+[\w.]+)?)[ \t]*(?::|begin|do|then)?[ \t]*(?:#[^\n]*)?\n"
)
_NAMED = re.compile(r"(?P<word>let|measure)[ \t]+\"(?P<name>[^\"\n]*)\"[ \t]*:?=[ \t]*(?P<value>[^\n;}]*)")
_BEHIND = {
    "require": "condition",
    "prefer": "condition",
    "minimize": "figure",
    "maximize": "figure",
    "remove": "path",
}
"""What stands behind a word of the language, without a sign between."""
_WORDS = frozenset({*_BEHIND, "use", "let", "template", "measure", "accept"})


def meant(text: str, begun: int, at: int, token: str) -> Found | None:
    """What a statement that begins at `begun` means by its form; `token` is the type of the token at `at`."""
    if token == "MINUS" and (hyphens := _hyphened(text, begun, at)):
        return hyphens
    word = re.match(_W, text[begun : begun + 20])
    readers = _quoted, (_own if word is not None and word[0] in _WORDS else _header), _key
    for reader in readers:
        found = reader(text, begun, at, token)
        if found is not None:
            return found
    return None


def _told(message: str, note: str, start: int, end: int, *, mends: bool = False) -> Found:
    return Found(Meaning(message, (note,)), start, end, mends)


def _hyphened(text: str, begun: int, at: int) -> Found | None:
    """The name with hyphens that the place lies in."""
    for match in _HYPHENS.finditer(text, begun, min(len(text), at + 80)):
        if match.start() < at < match.end():
            note = f"write `{match[0].replace('-', '_')}`"
            return _told("a name holds letters, digits and `_`, and no `-`", note, match.start(), match.end())
    return None


def _own(text: str, begun: int, at: int, token: str) -> Found | None:
    """Statements of this language that are written with signs of another."""
    if match := _CALLED.match(text, begun):
        note = "what is used again is a `let`, and a block that others start from a `template`"
        return _told("there are no functions of one's own", note, begun, match.end())
    if match := _TYPED.match(text, begun):
        note = f"write `let {match['name']} = {match['value'].strip()}`"
        return _told("a value has no type before its `=`", note, begun, match.end())
    if match := _NAMED.match(text, begun):
        note = f"write `{match['word']} {name_of(match['name'])} = {match['value'].strip()}`"
        return _told(f"the name of a `{match['word']}` stands without quotes", note, begun, match.end("name") + 1)
    if match := _RULE.match(text, begun):
        condition = match["condition"].strip()
        note = f"write `{match['word']} {condition}`"
        return _told(f"the {_BEHIND[match['word']]} stands right behind `{match['word']}`", note, begun, match.end())
    if match := _BASED.match(text, begun):
        return _based(match, begun) if match["head"].startswith("template") else None
    return None


def _quoted(text: str, begun: int, at: int, token: str) -> Found | None:
    """`"load" = 1 MW`."""
    match = _QUOTED.match(text, begun) if token == "STRING" else None
    if match is None:
        return None
    note = f"write `{match['key']} = {match['value'].strip().rstrip(',')}`"
    return _told("a key stands without quotes", note, begun, begun + len(match["key"]) + 2)


def _key(text: str, begun: int, at: int, token: str) -> Found | None:
    """`key: value`, and other signs in place of `=`."""
    match = _COLON.match(text, begun)
    if match is None or not match.start("sign") <= at <= match.end("sign") or match["key"] in _BEHIND:
        return None
    value, sign, start = match["value"].strip().rstrip(",") or "value", match["sign"], match.start("sign")
    if value.endswith("{"):
        return None
    note = f"write `{match['let'] or ''}{match['key']} = {value}`"
    if sign == "==":
        return _told("`==` compares; a value is set with `=`", note, start, start + 2, mends=True)
    return _told(
        f"a value is set with `=`, not with `{sign}`", note, start, start + len(sign), mends=sign in (":", ":=")
    )


def _header(text: str, begun: int, at: int, token: str) -> Found | None:
    """The header of a block in a form of another language."""
    late = _LATE_TITLE.match(text, begun)
    if late and late.start("title") == at:
        note = f"write `{' '.join(late['head'].split())} {late['title']} is {late['base']}`"
        return _told("the title of a block stands before `is`", note, at, late.end())
    ranged, many = _RANGE.match(text, begun), _TIMES.match(text, begun)
    if match := ranged or many:
        bounds = f"{match['a']}..{match['b']}" if ranged else f"1..{match['a'] or match['b']}"
        note = f"write `{' '.join(match['head'].split())}[{bounds}]`"
        return _told("a range of blocks is written with `..`, in brackets", note, begun, match.end())
    if match := _STEP.match(text, begun):
        return _told(f"there is no `{match['sign']}`", "a value is set once; write it out in full", begun, match.end())
    if match := _SPREAD.match(text, begun):
        note = f"write `building b is {match['base']} {{ … }}`"
        return _told("what a block starts from stands in its header, behind `is`", note, begun, match.end())
    if match := _ARROW.match(text, begun):
        a, b = match["a"], match["b"]
        note = f"write `{match['kind']} {a}_{b} {{ … }}`, and what it joins within: `between = [{a}, {b}]`"
        return _told("a block has one name", note, begun, match.end())
    based = _BASED.match(text, begun) or _ARTICLE.match(text, begun)
    if based and (based.start("base") - 2 <= at <= based.end() + 1 or "new" in based[0] or " is " in based[0]):
        return _based(based, begun)
    if (match := _TITLED.match(text, begun)) and match["kind"] != "accept" and token in ("STRING", ""):
        name = name_of(match["name"])
        title = "" if name == match["name"] else f' "{match["name"]}"'
        note = f"write `{match['kind']} {name}{title} {{ … }}`"
        start = match.start("name") - 1
        return _told(
            "the name of a block stands without quotes", note, start, match.end("name") + 1, mends=token == "STRING"
        )
    if match := _DIGIT.match(text, begun):
        note = f"write `{match['kind']} {match['kind'][0]}{match['name']} {{ … }}`"
        return _told(
            "a name begins with a letter or `_`, not with a digit", note, match.start("name"), match.end("name")
        )
    if (match := _ACCENTS.match(text, begun)) and not match["name"].isascii():
        written = f'{match["kind"]} {name_of(match["name"])} "{match["name"]}" {{ … }}'
        note = f"write `{written}`: a title has any letters"
        return _told("names are made of ASCII letters, digits and `_`", note, match.start("name"), match.end("name"))
    match = _PARENTHESES.match(text, begun) if token == "LPAR" else None
    if match and (match["name"] or ("=" in match["inside"] and text.startswith(")", match.end()))):
        return _in_parentheses(match, begun)
    return _indented(text, begun) if token in ("NEWLINE", "NAME", "") else None


def _in_parentheses(match: re.Match[str], begun: int) -> Found:
    """`building b(load = 1 MW)` and `building(b, load = 1 MW)`, whose body is in parentheses, and `building gpu(3)`."""
    inside, text = match["inside"].split(","), match.string
    first = inside[0].strip()
    if match["name"] and re.fullmatch(r"[0-9]+", first):
        note = f"write `{match['kind']} {match['name']}[1..{first}] {{ … }}`"
        return _told("a range of blocks is written with `..`, in brackets", note, begun, match.end())
    name = match["name"] or (first if re.fullmatch(_W, first) else "a")
    pairs = [part.split("=", 1) for part in inside if "=" in part and "==" not in part]
    told = "; ".join(f"{key.strip()} = {value.strip()}" for key, value in pairs) if "(" not in match["inside"] else ""
    told = told if told and ";" not in match["inside"] and len(told) <= 80 else "key = value; …"
    end = text.find(")", match.end())
    if end >= 0 and re.search(r"[{}]", text[match.end() : end]):
        end = -1  # it closes another bracket
    body = text[end + 1 :].lstrip(" \t")[:1] if end >= 0 else ""
    meaning = Meaning("the body of a block stands in braces", (f"write `{match['kind']} {name} {{ {told} }}`",))
    return Found(meaning, begun, match.end(), resume=-1 if body == "{" else match.end() if end < 0 else end + 1)


def _based(match: re.Match[str], begun: int) -> Found:
    head, base = " ".join(match["head"].split()), match["base"]
    if match.groupdict().get("new") and base == head.split()[0]:
        return _told("a block has no `=` before its `{`", f"write `{head} {{ … }}`", begun, match.end())
    return _told("what a block starts from follows `is`", f"write `{head} is {base}`", begun, match.end())


def _indented(text: str, begun: int) -> Found | None:
    """A header whose body is marked by indentation alone, or by `begin` and `end`."""
    header = _INDENTED.match(text, text.rfind("\n", 0, begun) + 1)
    if header is None:
        return None
    end, closing = past_indented(text, begun, header.end() - 1)
    if end == header.end() - 1 or closing.startswith("}"):
        return None  # there is no body, or its `{` alone is missing
    head = " ".join(header["head"].split())
    note = f"write `{head} {{`, and `}}` behind its last line"
    meaning = Meaning("the body of a block stands in braces", (note,))
    return Found(meaning, begun, begun + len(header["head"]), resume=end)


def past_indented(text: str, begun: int, line_end: int) -> tuple[int, str]:
    """The end of the lines that are indented below a line, an `end` of them included, and the line that follows."""
    depth = begun - text.rfind("\n", 0, begun) - 1
    end, place = line_end, line_end + 1
    while place < len(text):
        stop = text.find("\n", place)
        stop = len(text) if stop < 0 else stop
        line = text[place:stop]
        if line.strip():
            if len(line) - len(line.lstrip()) <= depth:
                if line.strip().rstrip(";") in ("end", "done", "fi", "endif", "pass"):
                    end = stop
                return end, line.strip()
            end = stop
        place = stop + 1
    return end, ""
