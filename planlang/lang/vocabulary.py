"""What the language asks of the domain: which kinds there are, and what may be written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planlang.lang.values import Value


class Form(Protocol):
    """An attribute, as far as evaluation must know it."""

    @property
    def words(self) -> tuple[str, ...]:
        """The enumerated words that may be written bare."""

    @property
    def bare(self) -> bool:
        """Whether its value is a name, written bare, of something that each of several blocks may have."""

    @property
    def zero_before(self) -> bool:
        """Whether a schedule is zero before its first date (capacity, load, count), or keeps its first value."""

    @property
    def passes_down(self) -> bool:
        """Whether it holds for all that the block contains, unless set there."""

    @property
    def late(self) -> bool:
        """Whether it is a condition over derived quantities, evaluated with the rules."""

    @property
    def default(self) -> Value | None:
        """The value of one that is not written, None where there is none."""

    @property
    def hole(self) -> bool:
        """Whether `?` may stand for its value."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of blocks that it refers to, if it does."""

    def takes(self, value: Value) -> bool:
        """Whether a value is of its type."""


class KindForm(NamedTuple):
    """A kind, as far as evaluation must know it. `defines` marks kinds that only define (SKUs);
    `holds` those that contain others, and so have collections."""

    name: str
    plural: str
    attributes: Mapping[str, Form]
    derived: frozenset[str]
    defines: bool
    holds: bool


class Vocabulary(Protocol):
    """The kinds of a domain, looked up as a plan names them."""

    def kind(self, name: str) -> KindForm | None:
        """The kind of that name, or None."""

    def places(self, name: str) -> tuple[str, ...]:
        """The kinds in which that kind may stand, `""` for the top level; none for one that is not known."""

    def names(self) -> Iterable[str]:
        """All kinds' names, for suggestions."""

    def singular(self, plural: str) -> str | None:
        """The kind whose collection has that name, or None."""

    def word_for(self, name: str, words: tuple[str, ...]) -> str:
        """The one of `words` that a name means, for suggestions; or nothing."""

    def remark(self, name: str, form: Form) -> str:
        """What to write for a name that an attribute does not know, or nothing."""
