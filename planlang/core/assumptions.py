"""What is assumed where nothing is written, and whether another plausible value would turn the verdict.

An area registers its assumed figures (`assumes`), each with its plausible range. After judging, the plan is judged
again with the figures at both ends of their ranges. Figures that change nothing are not reported. For the others, the
value at which the verdict turns is searched. A check that fails, but would hold with another plausible value, is a
warning; so is one that holds, but would fail. Each figure is tried with all others as they are assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.plan import Entity
from planlang.core.rule import RULES, RuleEntry, make_code
from planlang.lang.finding import Code
from planlang.lang.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding
    from planlang.lang.values import Value

    Taken = Callable[[Situation], Iterable["Assumption"]]


class Assumption(NamedTuple):
    """The figure assumed where the attribute `name` of an entity is not written: `value`, plausibly `least` to `most`.

    All three are in `unit`, or plain numbers where that is empty. `worse` is 1 where more is worse, -1 where less is, 0
    where it depends. `said` states the assumption in half a sentence, without a stop; `span` is where the entity would
    write it. `beside` are attributes to set along with the figure, as they would follow from it if it were written.
    """

    entity: Entity
    name: str
    value: float
    least: float
    most: float
    unit: str
    worse: int
    said: str
    source: str
    span: Span
    beside: tuple[tuple[str, Value], ...] = ()

    @property
    def path(self) -> str:
        """As one would write it at the top level."""
        return f"{self.entity.path}.{self.name}"

    def end(self, sign: int) -> float:
        """The worse end of what is plausible (1), or the better one (-1)."""
        return self.most if sign * self.worse > 0 else self.least

    def written(self, number: float) -> Value:
        """A number in the unit of the figure, as a value of the language."""
        from planlang.lang import literals

        return literals.quantity(f"{number!r} {self.unit}") if self.unit else number


class Assumes(NamedTuple):
    """Assumptions of an area: the code to report them under, what generates them, the codes of rules that may read
    them, and the attributes that they are about."""

    code: Code
    taken: Taken
    reaches: tuple[str, ...]
    names: tuple[str, ...]
    area: str


ASSUMES: dict[str, Assumes] = {}


def assumes(code: str, name: str, reaches: tuple[str, ...], names: tuple[str, ...]) -> Callable[[Taken], Taken]:
    """Register a generator of what is assumed in a plan. Its docstring has the form of a rule's.

    `reaches` are prefixes of the codes of the rules that may read the figures, directly or through others; `names`
    are the attributes that are assumed, and those that follow from them.
    """

    def wrap(taken: Taken) -> Taken:
        made = make_code(code, name, "warning", taken.__doc__ or "")

        def check(situation: Situation) -> Iterator[Finding]:
            """Find nothing: assumptions are reported after all else is judged."""
            yield from ()

        check.__module__ = taken.__module__
        RULES[code] = entry = RuleEntry(made, check, ())
        ASSUMES[code] = Assumes(made, taken, reaches, names, entry.area)
        return taken

    return wrap
