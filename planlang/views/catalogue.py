"""The catalogue as text and as JSON: entries in a list, side by side, or one entry with all its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.kinds import plural_of
from planlang.core.provenance import CONFIDENCE, Origin, origins
from planlang.lang.nearest import nearest
from planlang.lang.text import show, to_json
from planlang.views.document import FORMAT_VERSION
from planlang.views.markdown import UNKNOWN
from planlang.views.printable import cells, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.core.kinds import Kind
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value
    from planlang.views.schemas import Catalog, CatalogEntry

MAIN = {
    "accelerator": ("tdp", "memory", "bf16", "fp8"),
    "system": ("accelerators", "power", "average", "liquid", "nic", "price"),
    "switch": ("ports", "rate", "split", "power"),
    "transceiver": ("rate", "reach", "strands", "power"),
    "cable": ("rate", "reach", "power"),
    "line_system": ("channels", "rate", "reach", "osnr"),
    "fiber": ("loss", "effective_area", "dispersion", "delay"),
}
"""The figures that a list shows, by kind; of any other kind, its first four attributes."""

UNCLAIMED = ("source", "note", "tags")
"""Attributes of an entry that are no figures."""


class Figure(NamedTuple):
    """What an entry says of an attribute, and where that comes from; None where its `source` does not say."""

    value: Value
    origin: Origin | None


class Entry(NamedTuple):
    """An entry of the catalogue: its path is how a plan names it."""

    entity: Entity
    figures: dict[str, Figure]

    @property
    def path(self) -> str:
        """`nvidia.gb200_nvl72`."""
        return self.entity.path

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.entity.kind

    @property
    def missing(self) -> list[str]:
        """What nobody has published of it: attributes of its kind without a value or a default."""
        known = self.kind.attributes.items()
        return [name for name, attribute in known if name not in self.figures and attribute.default is None]


def entry(situation: Situation, entity: Entity) -> Entry:
    """An entry, with the origin of each figure."""
    source = situation.value(entity, "source")
    known = origins(source) if isinstance(source, str) else {}
    figures = {
        name: Figure(situation.given(entity, name), known.get(name))
        for name in entity.block.shape.attributes
        if situation.says(entity, name) and name not in UNCLAIMED
    }
    return Entry(entity, figures)


# --- finding -----------------------------------------------------------------------------------------


def found(entries: Sequence[Entry], word: str) -> list[Entry]:
    """The entries that a word means: by their path, else by their module or kind, else by a part of path or title."""
    sought = word.casefold()
    tests = (
        lambda one: sought == one.path,
        lambda one: sought in (one.path.partition(".")[0], one.kind.name, plural_of(one.kind)),
        lambda one: sought in one.path or sought in one.entity.title.casefold(),
    )
    for test in tests:
        matching = [one for one in entries if test(one)]
        if matching:
            return matching
    return []


def near(entries: Sequence[Entry], word: str) -> list[str]:
    """The names nearest to a word that means no entry."""
    names = {name for one in entries for name in (one.path, *one.path.split("."), one.kind.name)}
    return nearest(word, names)


# --- text --------------------------------------------------------------------------------------------


def list_text(entries: Sequence[Entry]) -> str:
    """The entries kind by kind, one a line, with their main figures."""
    parts = []
    for kind, group in _by_kind(entries).items():
        names = MAIN.get(kind, tuple(group[0].kind.attributes)[:4])
        head = (kind, *names, "")
        rows = [
            (
                one.path,
                *(show(one.figures[name].value) if name in one.figures else UNKNOWN for name in names),
                one.entity.title,
            )
            for one in group
        ]
        parts.append(table([head, *rows]))
    return "\n".join(parts)


def compared_text(entries: Sequence[Entry]) -> str:
    """The entries of each kind side by side, an attribute a line, each figure with the letter of its confidence."""
    parts = []
    for kind, group in _by_kind(entries).items():
        names = [name for name in group[0].kind.attributes if any(name in one.figures for one in group)]
        rows = [(name, *(_with_letter(one.figures.get(name)) for one in group)) for name in names]
        parts.append(table([(kind, *(one.path for one in group)), *rows]))
    return "\n".join([*parts, _letters(entries)])


def entry_text(one: Entry) -> str:
    """An entry whole: its figures with confidence and source, what is not published, and its note."""
    head = f'{one.kind.name} {one.path} "{one.entity.title}"\n'
    rows = []
    for name, figure in one.figures.items():
        letter, where, remark = figure.origin or ("", "", "")
        said = ", ".join(part for part in (remark and f"({remark})", where) if part)
        rows.append((name, show(figure.value), letter, said))
    parts = [printable(head.rstrip()) + "\n\n", table(rows)]
    if one.missing:
        parts.append(f"\nnot published: {', '.join(one.missing)}\n")
    note = one.entity.written.get("note")
    if isinstance(note, str):
        parts.append(f"\nnote: {printable(note)}\n")
    return "".join([*parts, "\n", _letters([one])])


def _by_kind(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for one in entries:
        groups.setdefault(one.kind.name, []).append(one)
    return groups


def _with_letter(figure: Figure | None) -> str:
    if figure is None:
        return UNKNOWN
    return show(figure.value) + (f" {figure.origin.confidence}" if figure.origin is not None else "")


def _letters(entries: Sequence[Entry]) -> str:
    """What the letters used mean, a line each."""
    used = {one.origin.confidence for each in entries for one in each.figures.values() if one.origin is not None}
    return "".join([f"{letter:2} {meaning}\n" for letter, meaning in CONFIDENCE.items() if letter in used])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts, their columns aligned."""
    shown = [[printable(text) for text in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    return "".join(
        "  ".join([text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)]).rstrip() + "\n"
        for row in shown
    )


# --- JSON --------------------------------------------------------------------------------------------


def to_document(entries: Sequence[Entry]) -> Catalog:
    """The entries as JSON, with the meaning of the letters."""
    return {"format_version": FORMAT_VERSION, "letters": dict(CONFIDENCE), "entries": [_json(one) for one in entries]}


def _json(one: Entry) -> CatalogEntry:
    source, note = one.entity.written.get("source"), one.entity.written.get("note")
    return {
        "path": one.path,
        "kind": one.kind.name,
        "title": one.entity.title,
        "figures": {
            name: {
                "value": to_json(figure.value),
                "confidence": None if figure.origin is None else figure.origin.confidence,
                "source": None if figure.origin is None else figure.origin.where,
                "remark": None if figure.origin is None else figure.origin.remark,
            }
            for name, figure in one.figures.items()
        },
        "missing": one.missing,
        "source": None if source is None else str(source),
        "note": None if note is None else str(note),
    }
