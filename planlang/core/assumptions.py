"""What is assumed where nothing is written, and whether it matters: what other plausible value would turn the verdict.

An area registers what it takes for granted (`assumes`), each figure with the range in which it may plausibly lie.
After judging, the plan is judged anew with the figures at both ends of their ranges. What nothing depends on is not
told. For the rest the value at which the verdict turns is sought; what fails, and would hold with another plausible
value, is a warning, and so is what holds and would fail. Each figure is tried with all others as they are assumed.
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
    """A figure that is taken, as `name` of an entity is not written: `value`, of a range that is plausible.

    All three are in `unit`, or plain numbers where that is empty. `worse` is 1 where more is worse, -1 where less is, 0
    where that depends. `said` tells so in half a sentence, without a stop; `span` is where the entity would say it.
    `beside` is what else has to be held, as it would follow from the figure if that were written.
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
        """The figure as a value of the language, if it were so much."""
        from planlang.lang import literals

        return literals.quantity(f"{number!r} {self.unit}") if self.unit else number


class Assumes(NamedTuple):
    """What an area takes for granted: the code under which it is told, the codes of rules that may read it, and the
    attributes that it is of."""

    code: Code
    taken: Taken
    reaches: tuple[str, ...]
    names: tuple[str, ...]
    area: str


ASSUMES: dict[str, Assumes] = {}


def assumes(code: str, name: str, reaches: tuple[str, ...], names: tuple[str, ...]) -> Callable[[Taken], Taken]:
    """Register a generator of what is assumed in a plan. Its docstring is as that of a rule.

    `reaches` are beginnings of the codes of the rules that may read the figures, directly or through others; `names`
    are the attributes that are assumed, and those that follow with them.
    """

    def wrap(taken: Taken) -> Taken:
        made = make_code(code, name, "warning", taken.__doc__ or "")

        def check(situation: Situation) -> Iterator[Finding]:
            """What is assumed is told after all else is judged."""
            yield from ()

        check.__module__ = taken.__module__
        RULES[code] = entry = RuleEntry(made, check, ())
        ASSUMES[code] = Assumes(made, taken, reaches, names, entry.area)
        return taken

    return wrap
