"""Situations: whatever differs, and whatever was computed before, what follows is what would follow by itself."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planlang.compiler import compile_text
from planlang.core.derive import all_derived
from planlang.core.judging import judged_apart
from planlang.core.situation import Situation
from planlang.lang.values import Quantity, Steps
from tests.oracle.draw import numbered

if TYPE_CHECKING:
    from planlang.core.plan import Entity, Plan
    from planlang.lang.values import Value

VARY = {
    "count": (0, 1, 2, 3, 5, None),
    "rating": (0.5, 0.9, 2.0),
    "capacity": (0.5, 0.9, 2.0),
    "load": (0.0, 0.5, 1.7),
    "efficiency": (None,),
    "peak_pue": (1.2, 1.9, None),
    "pue": (1.1, None),
    "liquid": (0.0, 0.6, 1.0),
    "supply": (None,),
    "approach": (None,),
    "cop": (3.0, None),
    "catcher": (True, None),
}
"""Attributes that are varied: to these values, or to these multiples of a quantity that is written."""


def cells(plan: Plan) -> list[tuple[Entity, str]]:
    """What may vary in a plan."""
    return [(one, name) for one in plan.entities for name in VARY if name in one.kind.attributes]


def drawn(chance: random.Random, entity: Entity, name: str) -> Value | None:
    """Another value of an attribute."""
    made = chance.choice(VARY[name])
    written = entity.written.get(name)
    if isinstance(written, Steps):
        written = written.values[-1]
    if made is None or not isinstance(written, Quantity):
        return made if name in ("count", "catcher", "peak_pue", "pue", "cop") else written
    return Quantity(written.magnitude * float(made), written.dimension, written.unit)


def all_of(situation: Situation) -> dict[str, Any]:
    """All that follows: every derived quantity, and every finding."""
    found: dict[str, Any] = {}
    for one in all_derived():
        of = (None,) if "plan" in one.kinds else ()
        for entity in (*of, *situation.of_kind(*one.kinds)):
            found[f"{one.name} of {'' if entity is None else entity.path}"] = one.function(situation, entity)  # type: ignore[arg-type]
    found["findings"] = sorted(repr(one) for one in judged_apart(situation))
    return found


def afresh(plan: Plan, values: dict[tuple[Entity, str], Value | None]) -> dict[str, Any]:
    """The same of a situation of which nothing has been computed."""
    return all_of(Situation(plan).open(values).then(values).closed())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_a_situation_is_as_if_it_were_alone(number: int) -> None:
    """Trials from one root, trials of trials, and roots that go on: each gives what it gives alone."""
    chance = random.Random(number)
    plan = compile_text(numbered(number).text()).plan
    there = cells(plan)
    root = Situation(plan).open(there)
    settled: dict[tuple[Entity, str], Value | None] = {}
    for _ in range(4):
        changes = {
            cell: drawn(chance, *cell) for cell in chance.sample(there, min(len(there), chance.choice((1, 1, 2, 5))))
        }
        trial = root.with_(changes)
        if chance.random() < 0.5:
            all_of(root)
        assert all_of(trial) == afresh(plan, {**settled, **changes})
        if chance.random() < 0.4:
            more = {cell: drawn(chance, *cell) for cell in chance.sample(there, 1)}
            assert all_of(trial.with_(more)) == afresh(plan, {**settled, **changes, **more})
        if chance.random() < 0.4:
            settled.update(changes)
            root = root.then(changes)
    assert all_of(root) == afresh(plan, settled)
    assert all_of(root.closed()) == afresh(plan, settled)
