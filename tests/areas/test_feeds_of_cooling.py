"""Feeds of cooling plant: what they carry, what stops with them, and what is told."""

from __future__ import annotations

import pytest

from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.core.unexamined import not_examined

SITE = """campus c {{ peak_pue = 1.4; pue = 1.2; {says}
  utility grid {{ capacity = 40 MW }}
  building b {{ load = 8 MW
    transformer it {{ rating = 6 MVA; count = 3; power_factor = 0.95 }}
    transformer mech {{ rating = 3 MVA; count = 1; power_factor = 0.95; serves = [plant] }}
    ups block {{ rating = 2 MW; count = 6; redundancy = N+1; efficiency = 96% }}
    {generator}
    chiller plant {{ capacity = 3 MW; count = 4; cop = 5; {buffer} }}
    crah wall {{ capacity = 1 MW; count = 12; fans = 4%; {fed_by} }} }} }}"""


def site(says: str = "", generator: str = "", buffer: str = "", fed_by: str = "fed_by = [block]") -> str:
    return SITE.format(says=says, generator=generator, buffer=buffer, fed_by=fed_by)


def megawatts(text: str, path: str, name: str) -> float:
    result = compile_text(text)
    value = value_of(result.situation, result.situation.at(path), name)
    return float(value.magnitude) / 1e6


def told(text: str, *codes: str) -> list[str]:
    result = compile_text(text)
    return [one.message for one in result.findings if one.code.code in codes]


def test_what_cooling_plant_draws_loads_its_feeds() -> None:
    # heat of the hall: 8 MW / 0.96; its fans add 4%; the chillers draw a fifth of what they take
    hall = 8 / 0.96
    fans, chillers = hall * 0.04, hall * 1.04 / 5
    assert megawatts(site(), "c.b.wall", "power") == pytest.approx(fans)
    assert megawatts(site(), "c.b.plant", "power") == pytest.approx(chillers)
    assert megawatts(site(), "c.b.mech", "load") == pytest.approx(chillers)
    assert megawatts(site(), "c.b.block", "load") == pytest.approx(8 + fans)
    assert megawatts(site(), "c.b.it", "load") == pytest.approx(8 * 1.4 - chillers)
    assert megawatts(site(), "c.grid", "load") == pytest.approx(8 * 1.4)


def test_all_that_is_drawn_comes_from_the_grid_where_the_pue_follows_from_the_plant() -> None:
    text = site().replace("peak_pue = 1.4; pue = 1.2; ", "")
    hall = 8 / 0.96
    fans, chillers = hall * 0.04, hall * 1.04 / 5
    assert megawatts(text, "c.grid", "load") == pytest.approx(hall + fans / 0.96 + chillers)
    assert megawatts(text, "c", "facility_load") == pytest.approx(hall + fans / 0.96 + chillers)
    assert megawatts(text, "c.b.mech", "load") == pytest.approx(chillers)


def test_pumps_of_a_cdu_draw_by_its_cop_and_warm_its_loop() -> None:
    text = """building b { pue = 1.3
      system rack { power = 100 kW; liquid = 100% }
      deploy racks { system = rack; count = 10 }
      transformer t { rating = 3 MVA }
      ups u { rating = 3 MW; efficiency = 95% }
      cdu loop { capacity = 2 MW; cop = 50; fed_by = [u] }
      dry_cooler yard { capacity = 3 MW; carries = liquid } }"""
    assert megawatts(text, "b.loop", "power") == pytest.approx(0.02)
    assert megawatts(text, "b.yard", "load") == pytest.approx(1.02)
    assert megawatts(text, "b.u", "load") == pytest.approx(1.02)
    assert megawatts(text, "b.t", "load") == pytest.approx(1.3)


def test_generators_for_it_alone_do_not_run_the_plant() -> None:
    generator = "generator diesel {{ rating = 4 MW; count = 4; covers = {} }}"
    assert megawatts(site(generator=generator.format("it")), "c.b.diesel", "load") == pytest.approx(8 / 0.96)
    assert megawatts(site(generator=generator.format("facility")), "c.b.diesel", "load") == pytest.approx(8 * 1.4)


def test_what_loses_all_its_feeds_stops() -> None:
    message = (
        "`c` does not survive the loss of one transformer: without a unit of `c.b.mech`, nothing is left for a load of "
        "1.7333 MW; 8 MW of IT lose their cooling"
    )
    result = compile_text(site(says="survives = [transformer]"))
    (finding,) = result.findings
    assert finding.message == message
    assert finding.notes == ("`c.b.plant` stops with its feeds; no `buffer` says how long its loops carry the heat",)
    assert [fix.message for fix in finding.fixes] == ["raise `count` of `c.b.mech` to 2"]
    result = compile_text(site(says="survives = [transformer]", buffer="buffer = 20 m3; rise = 10 K; restart = 1 min"))
    (finding,) = result.findings
    assert finding.message == message
    assert finding.notes == ("`c.b.plant` stops with its feeds, and its loops carry the heat for 1.592 min",)


def test_generators_that_stand_by_keep_it_running() -> None:
    generator = "generator diesel { rating = 4 MW; count = 4 }"
    assert told(site(says="survives = [transformer]", generator=generator), "RES101") == []
    generator += "; generator it_only { rating = 4 MW; count = 4; covers = it; serves = [it] }"


def test_heat_that_moves_loads_the_feeds_of_those_that_take_it() -> None:
    text = """campus c {{ peak_pue = 1.4; pue = 1.2; survives = [transformer]
      utility grid {{ capacity = 40 MW }}
      building b {{ load = 8 MW
        transformer it {{ rating = 6 MVA; count = 3 }}
        transformer one {{ rating = {one} MVA; power_factor = 1; serves = [left] }}
        transformer two {{ rating = 3 MVA; power_factor = 1; serves = [right] }}
        chiller left {{ capacity = 3 MW; count = 3; cop = 5 }}
        chiller right {{ capacity = 3 MW; count = 3; cop = 5 }} }} }}"""
    assert megawatts(text.format(one=1.6), "c.b.one", "load") == pytest.approx(0.8)
    assert told(text.format(one=1.6), "RES101") == []
    assert told(text.format(one=1.5), "RES101") == [
        "`c` does not survive the loss of one transformer: without a unit of `c.b.two`, `c.b.one` is left with a load "
        "of 1.6 MW and can carry 1.5 MW, 100 kW too little; 8 MW of IT lose their cooling"
    ]


def test_a_failure_while_plant_is_maintained_counts_across_power_and_cooling() -> None:
    says = "maintains = [chiller]; survives_maintained = [transformer]"
    text = site(says=says).replace("rating = 3 MVA; count = 1", "rating = 3 MVA; count = 2")
    assert told(text, "RES105") == []
    assert told(site(says=says), "RES105") == [
        "`c` does not survive the loss of one transformer under maintenance: without a unit of `c.b.mech` while a unit "
        "of `c.b.plant` is maintained, nothing is left for a load of 1.7333 MW; 8 MW of IT lose their cooling"
    ]


def test_feeds_of_several_kinds_are_refused() -> None:
    assert told(site(fed_by="fed_by = [block, it]"), "COL160") == [
        "`c.b.wall` is fed by plant of different kinds: `c.b.block` (ups) and `c.b.it` (transformer)"
    ]
    generator = "generator diesel { rating = 4 MW; count = 4 }"
    assert told(site(generator=generator, fed_by="fed_by = [diesel]"), "COL160") == [
        "`c.b.wall` is fed by `c.b.diesel`, which stands by until the grid is gone"
    ]


def test_fans_without_a_ups_are_told() -> None:
    generator = "generator diesel { rating = 4 MW; count = 4; start = 12 s }"
    assert told(site(generator=generator, fed_by="fed_by = [it]"), "COL161") == [
        "`c.b.wall` is fed by `c.b.it` without a UPS, as the racks that it cools have: its fans stop for the 12 s that "
        "generators take to start"
    ]
    assert told(site(generator=generator), "COL161") == []
    assert told(site(fed_by="fed_by = [it]"), "COL161") == []  # no generators: the grid's loss is another matter


def test_what_is_not_said_is_not_examined() -> None:
    def left(text: str) -> list[tuple[str, str]]:
        return [tuple(one) for one in not_examined(compile_text(text).situation) if "feeds" in one.what]

    why = "no `fed_by` names them"
    assert left(site(fed_by="")) == [("feeds of c.b.wall", why)]
    assert left(site(fed_by="").replace("; serves = [plant]", "")) == [("feeds of cooling plant", why)]
    assert left(site().replace("fans = 4%; ", "")) == [("what c.b.wall draws of its feeds", "it has no `fans`")]
    assert left(site()) == []


def test_plant_that_feeds_cooling_is_sized_for_it() -> None:
    text = site().replace("rating = 3 MVA; count = 1", "rating = ?; count = 1")
    situation = compile_text(text).situation
    ((hole, sized),) = situation.sized.items()
    assert (hole.entity.path, hole.name) == ("c.b.mech", "rating")
    assert sized.value.magnitude == pytest.approx(8 / 0.96 * 1.04 / 5 / 0.95 * 1e6, rel=1e-3)
