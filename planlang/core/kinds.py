"""Kinds of blocks. A kind is a table of attributes; the areas declare the kinds, this module defines their form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.types import DATE, TEXT, TEXTS
from planlang.lang.values import Redundancy
from planlang.lang.vocabulary import KindForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planlang.core.types import Type
    from planlang.lang.values import Value
    from planlang.lang.vocabulary import Form


class Attribute(NamedTuple):
    """One attribute of a kind.

    `hole` and `varies` are the marks `?` and `~` of the language; `zero_before` makes a schedule zero before its
    first date; `passes_down` lets it hold for all that the block contains. `assumption` is the source of a default
    that is an assumption. `examined` is False where no rule of this version looks at it.
    """

    type: Type
    meaning: str
    default: Value | None = None
    required: bool = False
    hole: bool = False
    varies: bool = False
    zero_before: bool = False
    passes_down: bool = False
    late: bool = False
    assumption: str = ""
    examined: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """The words that may be written bare."""
        return self.type.words

    @property
    def bare(self) -> bool:
        """Whether its value is a name of something in other blocks, written bare."""
        return self.type.bare

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of blocks that it refers to."""
        return self.type.kinds

    def takes(self, value: Value) -> bool:
        """Whether a value is of its type."""
        return self.type.fault(value) is None


class Kind(NamedTuple):
    """A kind of block: `inside` names the kinds that it may stand in (`""` is the top level)."""

    name: str
    area: str
    meaning: str
    attributes: dict[str, Attribute]
    inside: tuple[str, ...] = ("",)
    plural: str = ""
    defines: bool = False
    holds: bool = False
    example: str = ""


COMMON: dict[str, Attribute] = {
    "from": Attribute(DATE, "The first day on which it is there; its parent's, if not given."),
    "until": Attribute(DATE, "The first day on which it is there no longer; its parent's, if not given."),
    "note": Attribute(TEXT, "A remark, kept with the plan."),
    "source": Attribute(TEXT, "Where its figures come from."),
    "tags": Attribute(TEXTS, "Words to find it by."),
}
"""What every block may say."""


class Kinds:
    """All kinds of the trade, as the vocabulary of the language."""

    def __init__(self, kinds: Iterable[Kind], derived: Callable[[Kind], frozenset[str]]) -> None:
        self.by_name: dict[str, Kind] = {kind.name: kind for kind in kinds}
        self._derived = derived
        self._plurals = {plural_of(kind): kind.name for kind in self.by_name.values() if not kind.defines}
        self._forms: dict[str, KindForm | None] = {}

    def kind(self, name: str) -> KindForm | None:
        """The kind of that name, as evaluation sees it."""
        try:
            return self._forms[name]
        except KeyError:
            pass
        kind = self.by_name.get(name)
        form = None
        if kind is not None:
            derived = self._derived(kind)
            form = KindForm(name, plural_of(kind), {**COMMON, **kind.attributes}, derived, kind.defines, kind.holds)
        self._forms[name] = form
        return form

    def places(self, name: str) -> tuple[str, ...]:
        """The kinds in which that kind may stand."""
        kind = self.by_name.get(name)
        return () if kind is None else kind.inside

    def names(self) -> Iterable[str]:
        """All names, in the order of their areas."""
        return self.by_name

    def singular(self, plural: str) -> str | None:
        """The kind whose collection goes by that name."""
        return self._plurals.get(plural)

    def word_for(self, name: str, words: tuple[str, ...]) -> str:
        """The one of `words` that a name means; never one that switches a check off."""
        from planlang.core.trade_words import word_for

        return word_for(name, words)

    def remark(self, name: str, form: Form) -> str:
        """What to write instead of another word for a redundancy; nothing where the attribute takes none."""
        from planlang.core.trade_words import redundancy_for

        return redundancy_for(name) if form.takes(Redundancy()) else ""


def plural_of(kind: Kind) -> str:
    """The name of the collection: `buildings`, `utilities`, `batteries`."""
    if kind.plural:
        return kind.plural
    if kind.name.endswith("y") and kind.name[-2] not in "aeiou":
        return kind.name[:-1] + "ies"
    return kind.name + ("es" if kind.name.endswith(("s", "x", "ch")) else "s")
