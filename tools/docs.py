"""Write `docs/kinds.md`, `docs/rules.md` and `docs/schemas` from the kinds, rules and documents themselves.

python tools/docs.py            write them
python tools/docs.py --check    change nothing; exit 1 where one of them is not what would be written
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from typing import TYPE_CHECKING

from planlang import compiler
from planlang.areas import AREAS, load
from planlang.areas.usual import USUAL
from planlang.core import codes as core_codes
from planlang.core.derive import all_derived
from planlang.core.kinds import COMMON, plural_of
from planlang.core.rule import RULES
from planlang.lang import codes as lang_codes
from planlang.lang import syntax_codes
from planlang.lang.text import show
from planlang.views.schemas import DOCUMENTS, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planlang.core.derive import Derived
    from planlang.core.kinds import Attribute, Kind
    from planlang.core.usual import Usual
    from planlang.lang.finding import Code

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs")
GENERATED = "<!-- Written by tools/docs.py from the code. Do not edit: `make docs` writes it anew. -->"

KINDS_HEAD = """\
# Kinds

What one may write in a plan, and what follows from it. [language.md](language.md) tells how, and `plan explain KIND`
prints one of these in the terminal.

A type is followed by an example. Marks behind an attribute's name:

- `?`: may be a hole, which asks the compiler for the size.
- `~`: may be a schedule, a value for each stretch of time.
- ↓: passes down; it holds for all that the block contains, unless written there.
- ∅: read, checked for its type and kept; no rule of this version examines it.
"""

RULES_HEAD = """\
# Rules and other findings

Everything that `plan check` can say, by its code. `plan explain CODE` prints one of these in the terminal. An error
makes the check fail; a warning does so with `--strict`. Codes and names stay as they are from version to version.
"""

DERIVED = ("quantity", "dimension", "meaning")
SECTIONS = (
    ("Reading a file", "From characters to the tree. A plan with one of these errors cannot be read: exit code 2."),
    ("Evaluating", "Names, values, templates and modules. Errors here give exit code 2."),
    ("Building the plan, and the plan's own rules", "Blocks against their kinds, presence, `require` and `prefer`."),
)


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a table, and an empty one behind it."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell(text) or ' ' for text in row)} |".replace("|   |", "| |")
    yield ""


def fenced(example: str, words: str = "plan piece") -> Iterator[str]:
    """An example of the language, and an empty line behind it."""
    yield f"```{words}"
    yield from textwrap.dedent(example).splitlines()
    yield "```"
    yield ""


# --- kinds ---------------------------------------------------------------------------------------


def attribute_row(name: str, attribute: Attribute, usual: Usual | None = None) -> tuple[str, str, str, str]:
    """An attribute as a row: name and marks, type, default, meaning."""
    marks = (
        "`?`" if attribute.hole else "",
        "`~`" if attribute.varies else "",
        "↓" if attribute.passes_down else "",
        "" if attribute.examined else "∅",
    )
    type_ = attribute.type
    words = type_.name if type_.words else f"{type_.name}, `{type_.example}`"
    default = "" if attribute.default is None else f"`{show(attribute.default)}`"
    if attribute.required:
        default = "required"
    if attribute.assumption:
        default = f"{default} (assumed: {attribute.assumption.rstrip('.')})".strip()
    meaning = attribute.meaning
    if usual is not None:
        meaning += f" Usual: {usual.low.replace('_', ',')} to {usual.high.replace('_', ',')}."
    return (" ".join((f"`{name}`", *filter(None, marks))), words, default, meaning)


def attributes(items: Mapping[str, Attribute], usual: Mapping[str, Usual]) -> Iterator[str]:
    """The table of attributes."""
    rows = (attribute_row(name, attribute, usual.get(name)) for name, attribute in items.items())
    yield from table(("attribute", "type", "default", "meaning"), rows)


def derived_rows(derived: Iterable[Derived]) -> list[tuple[str, str, str]]:
    """What is derived: name, dimension, meaning."""
    return [
        (f"`{one.name}`", "number" if one.dimension is None else one.dimension.name, one.meaning) for one in derived
    ]


def containers(kinds: Iterable[Kind]) -> set[str]:
    """The kinds that hold others, the plan as a whole and its regions included."""
    return {kind.name for kind in kinds if kind.holds} | {"plan", "region"}


def places(kind: Kind) -> str:
    """Where it may stand, in words."""
    inside = [f"a [`{name}`](#{name})" for name in kind.inside if name]
    where = ["at the top of a file"] if "" in kind.inside else []
    if inside:
        where.append("in " + " or ".join(inside))
    return "Stands " + ", or ".join(where) + "."


def about_kind(kind: Kind, derived: list[Derived], holding: set[str]) -> Iterator[str]:
    """The section of a kind."""
    yield f"### `{kind.name}`"
    yield ""
    yield kind.meaning
    yield ""
    facts = [places(kind)]
    if kind.defines:
        facts.append("Defines, and builds nothing: other blocks refer to it.")
    else:
        facts.append(f"All of them: `{plural_of(kind)}`.")
    yield " ".join(facts)
    yield ""
    if kind.example:
        yield from fenced(kind.example)
    if kind.attributes:
        yield from attributes(kind.attributes, USUAL.get(kind.name, {}))
    own = [one for one in derived if kind.name in one.kinds]
    if kind.name in holding:
        own = [one for one in own if not holding.issubset(one.kinds)]
        more = ", and:" if own else "."
        yield f"Derived, for rules and questions: what [every container](#every-container) has{more}"
        yield ""
    elif own:
        yield "Derived, for rules and questions:"
        yield ""
    if own:
        yield from table(DERIVED, derived_rows(own))


def kinds_page() -> str:
    """The page of all kinds."""
    kinds = list(compiler.kinds(everything=True).by_name.values())
    derived = all_derived()
    holding = containers(kinds)
    lines = [GENERATED, "", *KINDS_HEAD.splitlines(), ""]
    areas = [area.name for area in AREAS if any(kind.area == area.name for kind in kinds)]
    index = (
        (f"[{area}](#area-{area})", ", ".join(f"[`{kind.name}`](#{kind.name})" for kind in kinds if kind.area == area))
        for area in areas
    )
    lines += table(("area", "kinds"), index)
    lines += ["## Every block", "", "Whatever the kind, a block may also say:", "", *attributes(COMMON, {})]
    names = ", ".join(f"[`{kind.name}`](#{kind.name})" for kind in kinds if kind.name in holding)
    lines += ["## Every container", "", f"For rules and questions, each of {names} derives from what it holds:", ""]
    lines += table(DERIVED, derived_rows(one for one in derived if holding.issubset(one.kinds)))
    for area in areas:
        lines += [f"## Area {area}", ""]
        for kind in kinds:
            if kind.area == area:
                lines += about_kind(kind, derived, holding)
    return "\n".join(lines).rstrip("\n") + "\n"


# --- rules ---------------------------------------------------------------------------------------


def about_code(code: Code) -> Iterator[str]:
    """The section of a code."""
    yield f'<a id="{code.code.lower()}"></a>'
    yield ""
    yield f"### {code.code} {code.name}"
    yield ""
    yield f"*{code.severity}*"
    yield ""
    if code.explanation:
        yield code.explanation
        yield ""
    for title, text in (("Formula", code.formula), ("Source", code.source)):
        if text:
            yield f"{title}: {text}"
            yield ""
    if code.example:
        yield "Example:"
        yield ""
        yield from fenced(code.example)


def sections() -> Iterator[tuple[str, str, list[Code]]]:
    """The codes by section: title, what it is about, the codes in their order."""
    load("rules")
    tables = (syntax_codes.CODES, lang_codes.CODES, core_codes.CODES)
    for (title, about), codes in zip(SECTIONS, tables, strict=True):
        yield title, about, [code for _, code in sorted(codes.items())]
    for area in (one.name for one in AREAS):
        modules = f"planlang.areas.{area}."
        codes = {name: entry.code for name, entry in RULES.items() if entry.check.__module__.startswith(modules)}
        if codes:
            yield f"Area {area}", "", [code for _, code in sorted(codes.items())]
    yield "Figures of every area", "", [RULES["FIG101"].code]


def rules_page() -> str:
    """The page of all codes."""
    lines = [GENERATED, "", *RULES_HEAD.splitlines(), ""]
    found = list(sections())
    rows = (
        (f"[{code.code}](#{code.code.lower()})", code.severity, code.name) for _, _, codes in found for code in codes
    )
    lines += table(("code", "severity", "name"), rows)
    for title, about, codes in found:
        lines += [f"## {title}", ""]
        if about:
            lines += [about, ""]
        for code in codes:
            lines += about_code(code)
    return "\n".join(lines).rstrip("\n") + "\n"


PICTURES = ("campus-wisconsin", "wan", "chart-campus-wisconsin", "timeline-campus-wisconsin")
"""Sheets of the largest example that the README shows."""


def pictures() -> dict[str, str]:
    """The README's pictures, drawn by the engine that comes with the package."""
    from planlang.cli.choices import LEVELS
    from planlang.cli.render import plates, sheets
    from planlang.compiler import compile_path
    from planlang.views.plates import to_svg as page_to_svg
    from planlang.views.render import to_svg

    example = os.path.join(os.path.dirname(FOLDER), "examples", "fairwater")
    result = compile_path(example)
    found = {
        f"images/{sheet.name}.svg": to_svg(sheet, "embedded").data.decode("utf-8")
        for _, sheet in sheets(result, None, LEVELS)
        if sheet.name in PICTURES
    }
    for _, plate in plates(result, None, LEVELS):
        if plate.name in PICTURES:
            found[f"images/{plate.name}.svg"] = page_to_svg(plate).decode("utf-8")
    return found


def schema_pages() -> dict[str, str]:
    """The JSON Schema of every document."""
    return {f"schemas/{name}.json": json.dumps(schema(name), indent=2) + "\n" for name in DOCUMENTS}


def said(name: str, text: str) -> object:
    """What a page says; of a picture its words, as the last digit of a place may differ between machines, and of a
    schema its meaning, as the order of its parts may differ between versions of pydantic."""
    if name.endswith(".json"):
        return json.loads(text)
    return re.findall(r"<text[^>]*>([^<]*)", text) if name.endswith(".svg") else text


def main(arguments: list[str]) -> int:
    """Write the pages and pictures, or compare them."""
    pages = {"kinds.md": kinds_page(), "rules.md": rules_page(), **schema_pages(), **pictures()}
    stale = []
    for name, text in pages.items():
        path = os.path.join(FOLDER, name)
        present = None
        if os.path.exists(path):
            with open(path, encoding="utf-8", newline="") as file:
                present = file.read()
        if present is not None and said(name, present) == said(name, text):
            continue
        stale.append(f"docs/{name}")
        if "--check" not in arguments:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    if "--check" not in arguments:
        print(f"written: {', '.join(stale)}" if stale else "nothing to write: all is as the code says")
        return 0
    if stale:
        print(f"stale: {', '.join(stale)}; `make docs` writes them anew", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
