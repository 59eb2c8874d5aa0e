"""Ways of heat against figures worked out by hand: losses, ends, trimmed loops, COPs, cycles, PUE."""

from __future__ import annotations

import pytest
from reading import derived

from planlang.compiler import Result, compile_text

DATED = "plan p { horizon = 2026-01 .. 2028-12 }\n"


def codes(result: Result) -> list[str]:
    return sorted({finding.code.code for finding in result.findings})


def loads(result: Result, *paths: str) -> list[str]:
    return [derived(result, path, "load") for path in paths]


# --- losses --------------------------------------------------------------------------------------

HALLS = """campus c { pue = 1.2; peak_pue = 1.35; utility g { capacity = 30 MW }
  building b {
    hall one { load = 5 MW; crah f { capacity = 6 MW } }
    hall two { load = 5 MW; crah f { capacity = 6 MW }; %s }
    ups u { rating = 12 MW; efficiency = 95%% }
    %s
    chiller ch { capacity = 12 MW } } }"""


def test_losses_are_heat_where_the_plant_stands() -> None:
    """10 MW x (1 / 95% - 1) are 526 kW: of the building's air handlers, though the halls have their own."""
    result = compile_text(HALLS % ("", "crah rooms { capacity = 600 kW }"))
    assert loads(result, "c.b.one.f", "c.b.two.f", "c.b.rooms", "c.b.ch") == ["5 MW", "5 MW", "526.32 kW", "10.526 MW"]
    assert codes(result) == []


def test_losses_of_a_hall_are_its_own() -> None:
    """A PDU of 98% loses 102 kW in its hall, and the UPS carries these, too: 10.102 MW x (1 / 95% - 1) are 532 kW."""
    inside = "pdu p { rating = 6 MW; efficiency = 98% }"
    result = compile_text(HALLS % (inside, "crah rooms { capacity = 600 kW }"))
    assert loads(result, "c.b.one.f", "c.b.two.f", "c.b.rooms") == ["5 MW", "5.102 MW", "531.69 kW"]


def test_losses_without_air_handlers_are_named() -> None:
    """They go to the chillers all the same, and it is said that no air handler takes them."""
    result = compile_text(HALLS % ("", ""))
    assert derived(result, "c.b.ch", "load") == "10.526 MW"
    assert [finding.message for finding in result.findings] == [
        "what `c.b.u` loses is heat to air, and no crah takes it: that heat is not checked"
    ]


# --- ends ----------------------------------------------------------------------------------------

CENTRAL = """campus c { pue = 1.2; peak_pue = 1.3
  utility g { capacity = 30 MW }
  chiller central { capacity = %s MW; cop = 5 }
  tower cells { capacity = %s MW; cycles = 5 }
  building old { load = 5 MW; crah f { capacity = 6 MW } }
  building new { load = 10 MW; crah f { capacity = 12 MW }
    dry_cooler yard { capacity = 12 MW%s } } }"""


def test_nearer_dry_coolers_end_the_way() -> None:
    """The new building rejects its 10 MW; chillers and towers of the campus have the old one's 5 MW, and their work."""
    result = compile_text(CENTRAL % (6, 7, ""))
    assert loads(result, "c.central", "c.cells", "c.new.yard") == ["5 MW", "6 MW", "10 MW"]
    assert codes(result) == []


def test_dry_coolers_serve_chillers_by_name() -> None:
    """Those that name the chillers take their heat and work, 15 MW x 1.2, and nothing comes to the towers."""
    result = compile_text(CENTRAL % (15, 7, "; count = 2; serves = [c.central]"))
    assert loads(result, "c.central", "c.cells", "c.new.yard") == ["15 MW", "0 W", "18 MW"]
    assert codes(result) == []


def test_a_group_may_serve_plant_and_its_own_place() -> None:
    """A tower that names a dry cooler takes what that passes on; one that names air handlers is nearest to these."""
    result = compile_text(
        "campus c { building b { load = 2 MW; peak_pue = 1.3; crah f { capacity = 2 MW }; crah g { capacity = 2 MW }\n"
        "dry_cooler d { capacity = 3 MW; serves = [b, f] }; tower t { capacity = 3 MW; serves = [d, g] } } }"
    )
    assert loads(result, "c.b.d", "c.b.t") == ["1 MW", "2 MW"]


# --- trimmed loops -------------------------------------------------------------------------------

TRIM = """system rack { power = 100 kW; liquid = 80%%; supply_max = 45 degC }
campus c { pue = 1.2; peak_pue = 1.4; design_dry_bulb = %s degC
  utility g { capacity = 20 MW }
  building b { deploy d { system = rack; count = 50 }
    crah f { capacity = 4 MW; approach = 5 K }
    cdu loop { capacity = 5 MW; approach = 4 K }
    dry_cooler dc { capacity = 5 MW; carries = liquid; %s }
    chiller trim { capacity = %s MW; cop = 5; supply = 40 degC; carries = liquid }
    chiller air { capacity = 1.5 MW; cop = 4; supply = 20 degC; carries = air } } }"""


@pytest.mark.parametrize(
    ("outside", "trimmed", "dry", "said"),
    [
        (30, "0 W", "4 MW", []),  # they reach 38 degC
        (32, "0 W", "4 MW", []),
        (35, "1.2 MW", "2.8 MW", []),  # 50 to 43 degC, then to 40 degC
        (36, "1.6 MW", "2.4 MW", ["COL103"]),
        (42, "4 MW", "0 W", ["COL103", "COL125"]),  # they reach no less than what comes back
        (45, "4 MW", "0 W", ["COL103", "COL125"]),
    ],
)
def test_chillers_trim_what_dry_coolers_leave_too_warm(outside: int, trimmed: str, dry: str, said: list[str]) -> None:
    """Of a loop of 40 to 50 degC dry coolers take what is above the weather and their 8 K, and chillers the rest."""
    result = compile_text(TRIM % (outside, "approach = 8 K; rise = 10 K", 1.5))
    assert loads(result, "c.b.trim", "c.b.dc", "c.b.air") == [trimmed, dry, "1 MW"]
    assert codes(result) == said


@pytest.mark.parametrize(
    ("outside", "loop", "trim", "said"),
    [
        (35, "approach = 8 K", 1.5, ["COL123"]),  # a rise of 8 K would do
        (35, "rise = 10 K", 1.5, ["COL123"]),  # an approach of 8 K would do
        (35, "rise = 10 K", 4, []),
        (35, "approach = 8 K", 4, []),  # they take all of it
        (35, "approach = 8 K", 0.3, ["COL103"]),  # with 30 K they still have 400 kW
        (45, "rise = 10 K", 1.5, ["COL103"]),  # with no approach at all they still have half of it
    ],
)
def test_an_unknown_part_is_an_error_where_none_holds(outside: int, loop: str, trim: float, said: list[str]) -> None:
    """Without the rise or an approach all heat is assumed to go through both, and an error takes more than that."""
    result = compile_text(TRIM % (outside, loop, trim))
    assert derived(result, "c.b.trim", "load") == "4 MW"
    assert [code for code in codes(result) if code != "COL133"] == said


def test_both_too_small_is_an_error() -> None:
    """4 MW on dry coolers of 2 MW and chillers of 1.9 MW, whatever the rise."""
    text = TRIM % (35, "approach = 8 K", 1.9)
    assert "COL103" in codes(compile_text(text.replace("dc { capacity = 5 MW", "dc { capacity = 2 MW")))
    assert "COL103" not in codes(compile_text(text.replace("dc { capacity = 5 MW", "dc { capacity = 2.2 MW")))


def test_a_size_that_follows_from_what_is_assumed_is_named() -> None:
    """The chillers get the size for all heat, with a warning; with the rise for their part of it, without."""
    text = TRIM.replace("chiller trim { capacity = %s MW", "chiller trim { capacity = 0.4 MW; count = ?")
    unknown, known = (compile_text(text % (35, f"approach = 8 K{rise}")) for rise in ("", "; rise = 10 K"))
    assert (derived(unknown, "c.b.trim", "usable"), codes(unknown)) == ("4 MW", ["COL123"])
    assert (derived(known, "c.b.trim", "usable"), codes(known)) == ("1.2 MW", [])


def test_until_dry_coolers_are_there_chillers_take_all() -> None:
    result = compile_text(DATED + TRIM % (35, "approach = 8 K; rise = 10 K; from = 2027-01", 4))
    assert loads(result, "c.b.trim", "c.b.dc") == [
        "4 MW until 2027-01, 1.2 MW from 2027-01",
        "0 W until 2027-01, 2.8 MW from 2027-01",
    ]


def test_towers_trim_beside_dry_coolers_too() -> None:
    """Dry coolers reach 43 degC, towers 26 + 4 = 30 degC: of a loop of 30 to 50 degC the towers have 65%."""
    result = compile_text(
        "campus c { design_dry_bulb = 35 degC; design_wet_bulb = 26 degC\n"
        "building b { load = 2 MW; peak_pue = 1.3; crah f { capacity = 2 MW }\n"
        "dry_cooler d { capacity = 3 MW; approach = 8 K; rise = 20 K }; tower t { capacity = 3 MW; approach = 4 K } } }"
    )
    assert loads(result, "c.b.d", "c.b.t") == ["700 kW", "1.3 MW"]


# --- work, PUE and water -------------------------------------------------------------------------


def test_every_group_has_its_own_cop() -> None:
    """2.5 MW go to chillers of COP 5 and 7.5 MW to those of COP 3: 0.5 + 2.5 MW of work, and 13 MW to the towers."""
    result = compile_text(
        "campus c { utility g { capacity = 20 MW }\n"
        "building b { load = 10 MW; ups u { rating = 11 MW; efficiency = 100% }; crah f { capacity = 12 MW }\n"
        "chiller good { capacity = 4 MW; cop = 5 }; chiller old { capacity = 12 MW; cop = 3 }\n"
        "tower t { capacity = 14 MW; cop = 26; cycles = 5 } } }"
    )
    assert loads(result, "c.b.good", "c.b.old", "c.b.t") == ["2.5 MW", "7.5 MW", "13 MW"]
    assert [derived(result, f"c.b.{name}", "power") for name in ("good", "old", "t")] == ["500 kW", "2.5 MW", "500 kW"]
    assert derived(result, "c", "facility_load") == "13.5 MW"
    assert codes(result) == []


def test_a_pue_follows_capacities_over_time() -> None:
    """All heat at COP 4 draws 2.5 MW; from 2027 half of it goes to chillers of COP 5, which makes 2.25 MW."""
    result = compile_text(
        f"{DATED}campus c {{ utility g {{ capacity = 20 MW }}\n"
        "building b { load = 10 MW; ups u { rating = 11 MW; efficiency = 100% }; crah f { capacity = 12 MW }\n"
        "chiller a { capacity = 12 MW; cop = 4 }; chiller n { capacity = 12 MW; cop = 5; from = 2027-01 } } }"
    )
    assert derived(result, "c", "facility_load") == "12.5 MW until 2027-01, 12.25 MW from 2027-01"
    assert derived(result, "c", "average_facility_load") == "12.5 MW until 2027-01, 12.25 MW from 2027-01"


def test_a_derived_pue_names_what_states_no_cop() -> None:
    """5 MW / 96% and a quarter of what goes to the air: 5.42 MW, without the dry coolers, which are named."""
    result = compile_text(
        "system rack { power = 100 kW; liquid = 87%; supply_max = 45 degC }\n"
        "campus c { design_dry_bulb = 30 degC; utility g { capacity = 6 MW }\n"
        "building b { deploy d { system = rack; count = 50 }; ups u { rating = 6 MW; efficiency = 96% }\n"
        "crah f { capacity = 2 MW }; cdu l { capacity = 5 MW; approach = 4 K }\n"
        "dry_cooler dc { capacity = 5 MW; carries = liquid; approach = 8 K }\n"
        "chiller ch { capacity = 2 MW; cop = 4; carries = air; supply = 20 degC } } }"
    )
    assert derived(result, "c", "facility_load") == "5.4229 MW"
    assert (result.verdict, codes(result)) == ("holds", ["COL124"])


@pytest.mark.parametrize(("peak", "said"), [(1.3, ["PWR126"]), (1.303, [])])
def test_a_written_pue_covers_what_the_plant_draws(peak: float, said: list[str]) -> None:
    """10 MW / 96% x (1 + 1 / 4) are 13.02 MW, a PUE of 1.302."""
    result = compile_text(
        f"campus c {{ pue = 1.1; peak_pue = {peak}; utility g {{ capacity = 20 MW }}\n"
        "building b { load = 10 MW; ups u { rating = 12 MW; efficiency = 96% }\n"
        "crah f { capacity = 12 MW }; chiller ch { capacity = 12 MW; cop = 4 } } }"
    )
    assert codes(result) == said


@pytest.mark.parametrize(("rise", "said"), [("", []), ("; rise = 10 K", ["PWR126"])])
def test_what_is_assumed_of_a_loop_lowers_no_written_pue(rise: str, said: list[str]) -> None:
    """Chillers of COP 1 with 30% of the heat make 1.3; without the rise they may have less of it."""
    result = compile_text(
        "campus c { pue = 1.1; peak_pue = 1.25; design_dry_bulb = 35 degC; utility g { capacity = 20 MW }\n"
        "building b { load = 4 MW; crah f { capacity = 4 MW }\n"
        f"dry_cooler d {{ capacity = 9 MW; approach = 8 K{rise} }}\n"
        "chiller ch { capacity = 4 MW; cop = 1; supply = 40 degC } } }"
    )
    assert codes(result) == said


def test_every_tower_has_its_own_cycles() -> None:
    """500 kW each: 1.49 L/kWh x 5 / 4 are drawn by one and x 2 / 1 by the other, of which a fifth and a half go to the
    sewer."""
    text = (
        "campus c { water w { sewer = %s m3/day }\n"
        "building b { load = 1 MW; peak_pue = 1.3; crah f { capacity = 2 MW }\n"
        "tower s { capacity = 1 MW; cycles = 5 }; tower t { capacity = 1 MW; cycles = 2 } } }"
    )
    evaporated = 12.0 * 1.49
    assert derived(compile_text(text % 30), "c", "peak_water_use") == f"{evaporated * (5 / 4 + 2):.5g} m3/day"
    assert codes(compile_text(text % (evaporated * (1 / 4 + 1) * 1.001))) == []
    assert codes(compile_text(text % (evaporated * (1 / 4 + 1) * 0.999))) == ["COL141"]


# --- air beside liquid, and liquid without a loop --------------------------------------------------

HYBRID = """system own { power = 132 kW; liquid = 87%%; supply_max = 45 degC; %s }
campus c { pue = 1.1; peak_pue = 1.25; design_dry_bulb = %s degC
  building b { deploy d { system = own; count = 50 }
    crah f { capacity = 1 MW; approach = 6 K }
    cdu loop { capacity = 6 MW; approach = 4 K }
    dry_cooler dc { capacity = 8 MW; approach = 8 K } } }"""


@pytest.mark.parametrize(
    ("limit", "outside", "said"),
    [
        ("", 21, []),  # 35 degC, as class A2 allows
        ("", 22, ["COL134"]),
        ("", 31, ["COL134"]),  # 45 degC, as A4 allows
        ("", 32, ["COL130"]),
        ("air_max = 40 degC", 26, []),
        ("air_max = 40 degC", 27, ["COL130"]),
        ("air_max = 50 degC", 33, []),
    ],
)
def test_the_air_beside_liquid_is_examined(limit: str, outside: int, said: list[str]) -> None:
    """The air handlers' air is 14 K warmer than the weather; where no limit is written, that of A2 is assumed."""
    assert codes(compile_text(HYBRID % (limit, outside))) == said


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        ("", []),
        ("crah f { capacity = 1 MW }", ["COL111"]),
        ("crah f { capacity = 1 MW }; chiller ch { capacity = 2 MW }", ["COL111"]),
        ("chiller ch { capacity = 2 MW }", ["COL111"]),
        ("crah f { capacity = 1 MW }; cdu l { capacity = 2 MW }", []),
        ("dry_cooler y { capacity = 2 MW; carries = liquid }", []),
        ("crah f { capacity = 1 MW }; dry_cooler y { capacity = 2 MW; carries = liquid }", ["COL120"]),
    ],
)
def test_liquid_needs_a_loop(plant: str, said: list[str]) -> None:
    """Where any plant serves the place, heat to liquid has a CDU, or plant that says that it carries it."""
    racks = "deploy d { system = nvidia.gb200_nvl72; count = 10 }"
    assert codes(compile_text(f"use nvidia\ncampus c {{ building b {{ peak_pue = 1.3; {racks}; {plant} }} }}")) == said
