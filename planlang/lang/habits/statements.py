"""Statements of other languages: declarations, imports, loops, functions, Terraform's blocks."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from planlang.lang.habits.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable

_IMPORT = re.compile(
    r"(?:from[ \t]+(?P<from>[\w.]+)[ \t]+import\b[ \t]*(?P<what>[\w, ]*)"
    r"|[@#]?(?:import|include|using|load|source|require|uses|use)[ \t]*(?:\*[ \t]+from[ \t]+)?[\"'<(]?[ \t]*"
    r"(?P<name>[\w./-]+?)(?:::?[\w:]+)?[ \t]*[\"'>)]?(?:[ \t]+as[ \t]+(?P<as>\w+))?[ \t]*;?[ \t]*$)"
)
_DECLARATION = re.compile(
    r"\w+[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]*(?::[ \t]*[\w\[\], ]+?)?[ \t]*:?=[ \t]*(?P<value>[^\n;]*)"
)
_TWO_LABELS = re.compile(r"(?P<word>\w+)[ \t]+\"(?P<kind>[\w.-]+)\"[ \t]+\"(?P<name>[\w .-]+)\"[ \t]*\{?")
_ONE_LABEL = re.compile(r"(?P<word>\w+)[ \t]+\"(?P<name>[^\"\n]*)\"[ \t]*\{")
_NO_LABEL = re.compile(r"(?P<word>\w+)[ \t]*\{")
_ACCEPTED = re.compile(r"\w+[ \t]*[:=]?[ \t]*[\[({\"']*[ \t]*(?P<code>[A-Za-z]{3}[0-9]{3})\b")
_GOAL = re.compile(
    r"(?:objective|goal|optimi[sz]e)?[ \t]*[:=]?[ \t]*(?P<word>mini|maxi)mi[sz]e[ \t]*[:=]?[ \t]*(?P<figure>[^\n;}]+)",
    re.I,
)
_CONDITION = re.compile(
    r"\w+[ \t]*:?[ \t]*\(?(?P<c>[^\n{;]*?)\)?[ \t]*(?:,[ \t]*(?P<m>\"[^\"\n]*\"))?[ \t]*(?=[\n;{}]|$)"
)


def name_of(text: str) -> str:
    """A text as a name: its letters without accents, `_` for what is no letter or digit."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    name = re.sub(r"\W+", "_", plain).strip("_").lower()
    return f"_{name}" if name[:1].isdigit() else name or "a"


def meant(text: str, begun: int) -> Meaning | None:
    """What a statement of another language means that begins at a place; None for one that is not known."""
    word = re.match(r"[@#]?[A-Za-z_]\w*", text[begun : begun + 40])
    if word is None:
        return None
    end = text.find("\n", begun)
    line = text[begun : len(text) if end < 0 else end]
    line = line.partition(" #")[0].rstrip() if not line.startswith("#") else line.rstrip()
    reader = _READERS.get(word[0]) or _READERS.get(word[0].lower())
    return None if reader is None else reader(line, text[begun : begun + 2000])


def _import(line: str, _: str) -> Meaning | None:
    match = _IMPORT.match(line)
    if match is None:
        return None
    name = match["from"] or match["name"] or ""
    name = name.removeprefix("./").strip(".")
    if not name:
        return None
    file = name.endswith(".plan") or "/" in name
    alias = f" as {match['as']}" if match["as"] else ""
    stem, _, member = name.partition(".")
    if file:
        written = f'use "{name if name.endswith(".plan") else name + ".plan"}"{alias}'
        message = "a file of the project is read by `use`, in quotes"
    else:
        written = f"use {stem}{alias}"
        message = "a module of the catalogue is read by `use`, without quotes"
    notes = [f"write `{written}`"]
    taken = member or (match["what"] or "").split(",")[0].strip()
    if taken and not file:
        notes.append(f"what is in it goes by `{stem}.{taken}`")
    return Meaning(message, tuple(notes), written)


def _declaration(line: str, _: str) -> Meaning | None:
    match = _DECLARATION.match(line)
    if match is None:
        return None
    written = f"let {match['name']} = {match['value'].strip() or 'value'}"
    return Meaning("a value of one's own is a `let`", (f"write `{written}`",), written)


def _function(line: str, _: str) -> Meaning | None:
    if re.match(r"\w+[ \t]*=[^=]", line):
        return None
    note = "what is used again is a `let`, and a block that others start from a `template`"
    return Meaning("there are no functions of one's own", (note,))


def _loop(line: str, more: str) -> Meaning | None:
    if re.match(r"\w+[ \t]*=[^=]", line):
        return None
    bounds = re.search(r"\bin[ \t]+(?:(\d+)[ \t]*\.\.\.?[ \t]*(\d+)|range\((?:(\d+),[ \t]*)?(\d+)\))", line)
    block = re.search(
        r"\n[ \t]*([A-Za-z_]\w*)[ \t]+([A-Za-z_]\w*)[ \t]*(?:\"[^\"\n]*\"[ \t]*)?(?:is\b[^\n{]*)?\{", more
    )
    first, last = ((bounds[1] or bounds[3] or "1"), (bounds[2] or bounds[4])) if bounds else ("1", "4")
    head = f"{block[1]} {block[2]}" if block else "building gpu"
    written = f"{head}[{first}..{last}] {{ … }}"
    note = f"blocks that are alike are a range: write `{written}`, in which `index` is the number of each"
    return Meaning("there are no loops", (note,))


def _branch(line: str, _: str) -> Meaning | None:
    if re.match(r"\w+[ \t]*=[^=]", line):
        return None
    note = "write `load = if a > b then 3 MW else 2 MW`; what is there at some times alone has `from` and `until`"
    return Meaning("a condition chooses a value, not a statement", (note,))


def _class(line: str, _: str) -> Meaning | None:
    match = re.match(r"\w+[ \t]+([A-Za-z_]\w*)", line)
    if match is None:
        return None
    note = f"write `template building {name_of(match[1])} {{ … }}`, and `building one is {name_of(match[1])}`"
    return Meaning("what several blocks have in common is a `template`", (note,))


def _rule(word: str) -> Callable[[str, str], Meaning | None]:
    def read(line: str, _: str) -> Meaning | None:
        match = _CONDITION.match(line)
        if match is None or not match["c"].strip() or re.match(r"\w+[ \t]*=[^=]", line):
            return None
        from planlang.lang.habits.values import operators

        condition = operators(match["c"].strip())
        written = " ".join([word, condition, *([match["m"]] if match["m"] else [])])
        return Meaning(f"a rule begins with `{word}`", (f"write `{written}`",), written)

    return read


def _accept(line: str, _: str) -> Meaning | None:
    match = _ACCEPTED.match(line)
    if match is None:
        return None
    written = f'accept {match["code"].upper()} until 2027-06 "who answers for it, and why"'
    return Meaning("a finding that somebody answers for is written as `accept`", (f"write `{written}`",))


def _objective(line: str, _: str) -> Meaning | None:
    match = _GOAL.match(line)
    if match is None:
        return None
    written = f"{match['word'].lower()}mize {match['figure'].strip()}"
    return Meaning(
        "what is to be least or greatest is said by `minimize` or `maximize`", (f"write `{written}`",), written
    )


def _measure(line: str, _: str) -> Meaning | None:
    match = _DECLARATION.match(line)
    if match is None:
        return None
    written = f"measure {match['name']} = {match['value'].strip() or 'value'}"
    return Meaning("a figure to follow is a `measure`", (f"write `{written}`",), written)


def _removal(line: str, _: str) -> Meaning | None:
    match = re.match(r"\w+[ \t]+([A-Za-z_][\w.\[\]]*)[ \t]*(?:[;}]|$)", line)
    if match is None:
        return None
    return Meaning("what a base has is taken out by `remove`", (f"write `remove {match[1]}`",), f"remove {match[1]}")


def _resource(line: str, _: str) -> Meaning | None:
    match = _TWO_LABELS.match(line)
    if match is None:
        return None
    written = f"{name_of(match['kind'])} {name_of(match['name'])} {{ … }}"
    return Meaning("a block is a kind and a name, both without quotes", (f"write `{written}`",), written)


def _variable(line: str, more: str) -> Meaning | None:
    match = _ONE_LABEL.match(line)
    if match is None:
        return None
    default = re.search(r"\bdefault[ \t]*=[ \t]*([^\n;}]+)", more)
    written = f"let {name_of(match['name'])} = {default[1].strip() if default else 'value'}"
    return Meaning(
        "a value of one's own is a `let`", (f"write `{written}`, and read it as `{name_of(match['name'])}`",), written
    )


def _locals(line: str, more: str) -> Meaning | None:
    if _NO_LABEL.match(line) is None:
        return None
    first = re.search(r"\{\s*([A-Za-z_]\w*)[ \t]*=[ \t]*([^\n;}]+)", more)
    written = f"let {first[1]} = {first[2].strip()}" if first else "let name = value"
    return Meaning("a value of one's own is a `let`", (f"write `{written}`, one on each line",), written)


def _output(line: str, more: str) -> Meaning | None:
    match = _ONE_LABEL.match(line)
    if match is None:
        return None
    value = re.search(r"\bvalue[ \t]*=[ \t]*([^\n;}]+)", more)
    written = f"measure {name_of(match['name'])} = {value[1].strip() if value else 'value'}"
    return Meaning("a figure to follow is a `measure`", (f"write `{written}`",), written)


def _module(line: str, more: str) -> Meaning | None:
    match = _ONE_LABEL.match(line)
    if match is None:
        return None
    source = re.search(r"\bsource[ \t]*=[ \t]*\"([^\"\n]+)\"", more)
    path = source[1].removeprefix("./") if source else f"{match['name']}.plan"
    path = path if path.endswith(".plan") else f"{path}.plan"
    written = f'use "{path}" as {name_of(match["name"])}'
    return Meaning("a file of the project is read by `use`", (f"write `{written}`",), written)


def _settings(line: str, _: str) -> Meaning | None:
    if not (_ONE_LABEL.match(line) or _NO_LABEL.match(line)):
        return None
    return Meaning(
        f"there is nothing like `{line.split()[0]}` here", ("remove it: a plan needs no settings to be read",)
    )


def _data(line: str, more: str) -> Meaning | None:
    if not (_TWO_LABELS.match(line) or _ONE_LABEL.match(line)):
        return None
    return Meaning("what is defined elsewhere is read by `use`", ("write `use nvidia`, then `nvidia.gb200_nvl72`",))


def _stray(line: str, _: str) -> Meaning | None:
    if re.match(r"\w+[ \t]*=[^=]", line):
        return None
    word = line.split()[0].rstrip(";:")
    return Meaning(f"there is no `{word}` here", ("a statement sets a value, opens a block, or states a rule",))


def _use(line: str, _: str) -> Meaning | None:
    """A `use` of several modules, or in the form of an import."""
    several = re.match(r"use[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)", line)
    if several is not None:
        written = " and ".join(f"`use {name.strip()}`" for name in several[1].split(","))
        return Meaning("one `use` names one module", (f"write {written}, each on a line of its own",))
    found = _import(line, "")
    return None if found is None or found.write == line.rstrip("; ") else found


_WORDS: tuple[tuple[Callable[[str, str], Meaning | None], str], ...] = (
    (_import, "import include using load source from @import #include uses"),
    (_use, "use"),
    (_declaration, "const var val int float double number string bool set local dim mut static final define def auto"),
    (_declaration, "global param parameter"),
    (_function, "def function fn func lambda proc macro sub method"),
    (_loop, "for foreach while loop repeat each"),
    (_branch, "if unless switch case match when elif else"),
    (_class, "class struct type interface abstract trait record schema"),
    (_objective, "objective goal optimize optimise minimise maximise"),
    (_rule("require"), "assert check ensure must constraint constrain requires expect verify invariant validate"),
    (_rule("require"), "rule shall goal"),
    (_rule("prefer"), "should warn prefers recommend wish"),
    (_removal, "delete del drop unset omit"),
    (_resource, "resource"),
    (_variable, "variable"),
    (_locals, "locals"),
    (_output, "output"),
    (_measure, "output metric kpi measurement indicator"),
    (_accept, "ignore waive waiver suppress disable mute silence noqa allow exempt skip tolerate"),
    (_module, "module"),
    (_data, "data"),
    (_settings, "provider terraform backend required_providers"),
    (_stray, "return print echo log raise throw end endif fi done pass break continue begin export try"),
)  # fmt: skip


def _first(*readers: Callable[[str, str], Meaning | None]) -> Callable[[str, str], Meaning | None]:
    def read(line: str, more: str) -> Meaning | None:
        return next((found for reader in readers if (found := reader(line, more)) is not None), None)

    return read


def _readers() -> dict[str, Callable[[str, str], Meaning | None]]:
    table: dict[str, list[Callable[[str, str], Meaning | None]]] = {}
    for reader, words in _WORDS:
        for word in words.split():
            table.setdefault(word, []).append(reader)
    return {word: _first(*readers) for word, readers in table.items()}


_READERS = _readers()
