"""Energy is conserved: at every node of random plans, what goes in comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.cooling.drawing import cooling_sheets
from planlang.compiler import compile_text
from planlang.core.moment import steps_of
from planlang.lang.steps import EVER

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

SHARES = st.integers(0, 100).map(lambda percent: f"{percent}%")
SYSTEMS = "system s {{ power = {power} kW; liquid = {liquid} }}"


def at(plan: Situation, entity: Entity | None, name: str) -> float:
    """A derived quantity at all times: these plans have no dates."""
    steps = steps_of(plan, entity, name)
    return 0.0 if steps is None else steps.at(EVER)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-3)


@st.composite
def halls(draw: st.DrawFn, number: int) -> str:
    """A hall with racks, air handlers of its own or not, and perhaps PDUs that lose something."""
    parts = [f"deploy d {{ system = s; count = {draw(st.integers(0, 40))} }}"]
    if draw(st.booleans()):
        parts.append(f"load = {draw(st.integers(0, 900))} kW")
    if draw(st.booleans()):
        parts.append(f"crah own {{ capacity = 1 MW; count = 9; fans = {draw(st.integers(0, 9))}% }}")
    if draw(st.booleans()):
        for name in ("x", "y")[: draw(st.integers(1, 2))]:
            parts.append(f"pdu {name} {{ rating = 1 MW; efficiency = {draw(st.integers(90, 100))}% }}")
    return f"hall h{number} {{ {'; '.join(parts)} }}"


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A campus of one building, of which every consumer's heat is taken by CDUs, air handlers and some plant."""
    inside = [draw(halls(number)) for number in range(draw(st.integers(1, 3)))]
    inside.append(f"cdu loop {{ capacity = 2 MW; count = {draw(st.integers(1, 9))} }}")
    inside.append(f"crah fans {{ capacity = 1 MW; count = 9; fans = {draw(st.integers(0, 9))}% }}")
    if draw(st.booleans()):
        inside.append(f"ups u {{ rating = 9 MW; efficiency = {draw(st.integers(90, 100))}% }}")
    carries = draw(st.sampled_from([("both",), ("liquid", "air")]))
    outside = []
    for kind in draw(st.sampled_from([("chiller",), ("tower",), ("chiller", "tower"), ("dry_cooler", "chiller")])):
        cop = f"cop = {draw(st.integers(3, 20))}; " if kind == "chiller" else ""
        where = draw(st.sampled_from([inside, outside]))
        where += [f"{kind} {kind}_{one} {{ capacity = 5 MW; count = 3; {cop}carries = {one} }}" for one in carries]
        if draw(st.booleans()):
            where += [f"{kind} more_{one} {{ capacity = 1 MW; {cop}carries = {one} }}" for one in carries]
    system = SYSTEMS.format(power=draw(st.integers(1, 200)), liquid=draw(SHARES))
    return f"{system}\ncampus a {{ {'; '.join(outside)}\nbuilding b {{ {'; '.join(inside)} }} }}"


@settings(max_examples=60, deadline=None)
@given(plans())
def test_what_goes_in_comes_out(text: str) -> None:
    """IT power is heat to liquid and to air; with losses and fans it is what plant takes, and with compressors' work
    what the weather gets: at racks, halls, building and campus, and at each group."""
    plan = compile_text(text).situation
    for entity in (*plan.of_kind("deploy", "hall", "building", "campus"), None):
        it_load = at(plan, entity, "it_load")
        assert at(plan, entity, "heat_liquid") + at(plan, entity, "heat_air") == near(it_load)
        if entity is not None and entity.kind.name != "deploy":
            assert at(plan, entity, "heat") == near(it_load + at(plan, entity, "heat_losses"))
            inner = [one for one in entity.children if one.kind.holds]
            losing = [one for one in plan.of_kind("ups", "pdu", "busway", "crah") if entity in one.ancestors()]
            if not losing:
                assert at(plan, entity, "heat_losses") == sum(at(plan, one, "heat_losses") for one in inner) == 0
    campus = plan.at("a")
    assert campus is not None
    liquid = sum(at(plan, one, "load") for one in plan.of_kind("cdu"))
    assert liquid == near(at(plan, campus, "heat_liquid"))
    handled = sum(at(plan, one, "load") for one in plan.of_kind("crah"))
    unhandled = at(plan, campus, "heat") - liquid - handled  # losses of the UPS beside halls with air handlers
    assert unhandled >= -1e-3
    compressors = 0.0
    for group in plan.of_kind("chiller"):
        work = at(plan, group, "power")
        assert at(plan, group, "passed_on") == near(at(plan, group, "load") + work)
        compressors += work
    for group in plan.of_kind("tower", "dry_cooler", "cdu", "crah"):
        assert at(plan, group, "passed_on") == near(at(plan, group, "load"))
    rejected = sum(at(plan, one, "rejected") for one in plan.of_kind("chiller", "dry_cooler", "tower"))
    assert rejected == near(at(plan, campus, "heat") + compressors)


@settings(max_examples=25, deadline=None)
@given(plans())
def test_the_drawing_conserves_heat(text: str) -> None:
    """What leaves a box of plant is what it passes on, and what enters it with what arises there is what it takes."""
    plan = compile_text(text).situation
    (sheet,) = cooling_sheets(plan, None)
    for node in sheet.nodes:
        entity = plan.at(node.id)
        if entity is None or entity.kind.area != "cooling":
            continue
        leaving = sum(edge.flow for edge in sheet.edges if edge.source == node.id)
        entering = sum(edge.flow for edge in sheet.edges if edge.target == node.id)
        assert entering == near(at(plan, entity, "load"))
        if entity.kind.name in ("chiller", "dry_cooler", "tower"):
            assert leaving == near(at(plan, entity, "passed_on")) or not leaving


def test_a_chain_by_hand() -> None:
    """1 MW of which 870 kW go to liquid, a UPS of 96%, fans of 5%, chillers of COP 5 before towers."""
    plan = compile_text(
        "system s { power = 100 kW; liquid = 87% }\n"
        "campus a { tower t { capacity = 5 MW }\n"
        "building b { deploy d { system = s; count = 10 }; ups u { rating = 2 MW; efficiency = 96% }\n"
        "cdu l { capacity = 2 MW }; crah f { capacity = 1 MW; fans = 5% }; chiller c { capacity = 3 MW; cop = 5 } } }"
    ).situation
    lost = 1e6 / 0.96 - 1e6
    air = (130e3 + lost) * 1.05
    assert at(plan, plan.at("a.b.f"), "load") == pytest.approx(air)
    assert at(plan, plan.at("a.b.c"), "load") == pytest.approx(870e3 + air)
    assert at(plan, plan.at("a.b.c"), "power") == pytest.approx((870e3 + air) / 5)
    assert at(plan, plan.at("a.t"), "load") == pytest.approx((870e3 + air) * 1.2)
    assert at(plan, plan.at("a.b"), "heat") == pytest.approx(870e3 + air)
