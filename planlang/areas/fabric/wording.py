"""The wording of findings about fabrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.site.derived import while_active
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.steps import Steps
from planlang.lang.text import format_number, show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Code
    from planlang.lang.values import Value


def there(situation: Situation, kind: str) -> list[Entity]:
    """The fabrics (or others) that are, at some time, there and not paused."""
    return [
        one
        for one in situation.of_kind(kind)
        if any(
            on
            for _, _, on in while_active(situation, one, Steps.constant(1.0)).between(situation.start, situation.until)
        )
    ]


def finding(code: Code, entity: Entity, text: str, name: str, *fixes: Fix, about: Entity | None = None) -> Finding:
    """A finding at an attribute that holds for as long as the entity is there."""
    source = () if about is None else (Contributor(about.path, None, about.span),)
    return Finding(
        code, text, entity.span_of(name), entity.path, entity.start, entity.until, contributors=source, fixes=fixes
    )


def fix(entity: Entity, name: str, value: Value) -> Fix:
    """The fix that writes an attribute."""
    return Fix(f"write `{name} = {show(value)}`", f"{entity.path}.{name}", value)


def plural(number: int, word: str) -> str:
    """`1 tier`, `2 tiers`."""
    return f"{format_number(number)} {word}{'' if number == 1 else 's'}"


def said_rate(rate: float) -> str:
    """A rate as a person reads it."""
    return show(Quantity(rate, DATA_RATE))
