"""Cooling against figures worked out by hand: temperatures, flow, water, carbon and ride-through."""

from __future__ import annotations

import pytest

from planlang.compiler import Result, compile_text
from planlang.core.derive import value_of
from planlang.lang.text import show

RACKS = "deploy racks { system = nvidia.gb200_nvl72; count = 10 }"
INSIDE = "cdu loop { capacity = 2 MW; approach = 4 K }; crah fans { capacity = 1 MW }"


def campus(outside: str, inside: str = INSIDE, load: str = RACKS) -> Result:
    return compile_text(f"use nvidia\ncampus a {{ {outside}\nbuilding b {{ peak_pue = 1.3; {inside}\n{load} }} }}")


def codes(result: Result) -> list[str]:
    return [finding.code.code for finding in result.findings]


def derived(result: Result, path: str, name: str) -> str | None:
    value = value_of(result.situation, result.situation.at(path), name)
    return None if value is None else show(value, 4)


# --- temperatures --------------------------------------------------------------------------------


@pytest.mark.parametrize(("outside", "said"), [(20, []), (33, []), (33.1, ["COL130"]), (45, ["COL130"])])
def test_dry_coolers_hold_45_degrees_up_to_33(outside: float, said: list[str]) -> None:
    """With 8 K and 4 K, racks that take 45 degC are cooled by dry coolers alone up to 33 degC dry bulb."""
    result = campus(f"design_dry_bulb = {outside} degC; dry_cooler yard {{ capacity = 2 MW; approach = 8 K }}")
    assert codes(result) == said


def test_weather_of_the_campus_goes_before_its_region() -> None:
    """What is written nearer holds: 33 degC, not the region's 40 degC."""
    inside = f"building b {{ peak_pue = 1.3; {INSIDE}; {RACKS} }}"
    plant = "dry_cooler yard { capacity = 2 MW; approach = 8 K }"
    text = "use nvidia\nregion r { design_dry_bulb = 40 degC }\ncampus a { region = r; %s %s\n%s }"
    assert codes(compile_text(text % ("", plant, inside))) == ["COL130"]
    assert codes(compile_text(text % ("design_dry_bulb = 33 degC;", plant, inside))) == []


@pytest.mark.parametrize(("wet", "said"), [(34, []), (35, ["COL130"])])
def test_towers_go_by_wet_bulb(wet: float, said: list[str]) -> None:
    """34 degC wet bulb + 5 K + 2 K of the exchanger + 4 K are 45 degC; the dry bulb does not matter."""
    plant = "tower cells { capacity = 2 MW; approach = 5 K; exchanger = 2 K; cycles = 5 }"
    assert codes(campus(f"design_dry_bulb = 45 degC; design_wet_bulb = {wet} degC; {plant}")) == said


@pytest.mark.parametrize(("supply", "said"), [(41, []), (42, ["COL130"])])
def test_chillers_trim_whatever_the_weather(supply: float, said: list[str]) -> None:
    """Behind dry coolers that would give 53 degC, chillers decide: their supply + 4 K."""
    cooler = "dry_cooler yard { capacity = 2 MW; approach = 8 K }"
    chiller = f"chiller c {{ capacity = 2 MW; supply = {supply} degC; cop = 6 }}"
    assert codes(campus(f"design_dry_bulb = 45 degC; {cooler}; {chiller}")) == said


@pytest.mark.parametrize(("supply", "said"), [(15, []), (14.9, ["COL131"])])
def test_coolant_stays_2_kelvin_above_the_dew_point(supply: float, said: list[str]) -> None:
    """17 degC + 2 K: chillers at 15 degC and a CDU of 4 K just do."""
    plant = f"chiller c {{ capacity = 2 MW; supply = {supply} degC }}"
    assert codes(campus(f"design_dew_point = 17 degC; {plant}")) == said


def test_the_paths_of_air_and_coolant_are_apart() -> None:
    """An air-cooled system with a limit of 27 degC: 20 degC + 8 K of the air handler are too warm."""
    load = "system s { power = 10 kW; liquid = 0; supply_max = 27 degC }\ndeploy d { system = s; count = 10 }"
    inside = "crah fans { capacity = 1 MW; approach = %d K }; chiller c { capacity = 2 MW; supply = 20 degC }"
    assert codes(campus("", inside % 7, load)) == []
    assert codes(campus("", inside % 8, load)) == ["COL130"]


SILENT = "chiller c { capacity = 2 MW }"


@pytest.mark.parametrize(
    ("outside", "inside", "said"),
    [
        (SILENT, "cdu loop { capacity = 2 MW }; crah fans { capacity = 1 MW }", []),
        ("dry_cooler y { capacity = 2 MW }", "cdu l { capacity = 2 MW }; crah f { capacity = 1 MW }", []),
        ("dry_cooler y { capacity = 2 MW; approach = 8 K }", INSIDE, []),
        (SILENT, INSIDE, []),
        (
            "chiller c { capacity = 2 MW; supply = 20 degC }",
            "cdu l { capacity = 2 MW }; crah f { capacity = 1 MW }",
            [],
        ),
        (
            "chiller c { capacity = 2 MW; supply = 38 degC }",
            "cdu l { capacity = 2 MW }; crah f { capacity = 1 MW }",
            ["COL133"],
        ),
    ],
)
def test_assumptions_are_named_where_they_matter(outside: str, inside: str, said: list[str]) -> None:
    """Nothing is said where nobody speaks of temperatures, or where any plausible approach would do."""
    assert codes(campus(outside, inside)) == said


@pytest.mark.parametrize(
    ("outside", "inside", "why"),
    [
        ("dry_cooler y { capacity = 2 MW; approach = 8 K }", INSIDE, "there is no `design_dry_bulb`"),
        (SILENT, INSIDE, "there is no `supply` of `a.c`"),
    ],
)
def test_a_supply_that_is_not_known_is_not_examined(outside: str, inside: str, why: str) -> None:
    """Where temperatures are spoken of, what lacks is said, and for what."""
    left_out = campus(outside, inside).not_examined
    (one,) = [one for one in left_out if one.what.startswith("temperature")]
    assert one == ("temperature of the supply to a.b.racks", why)


# --- flow ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loop", "needed"),
    [
        ("rise = 10 K; coolant = water", 1_000 * 14.5 / 10),
        ("rise = 10 K; coolant = pg25", 1_000 * 15.1 / 10),
        ("rise = 12 K", 1_000 * 15.1 / 12),
        ("", 1_000 * 1.5),
    ],
)
def test_flow_of_a_megawatt(loop: str, needed: float) -> None:
    """14.5 / dT of water, 15.1 / dT of PG25, 1.5 where no rise is written, in L/min per kW."""
    load = "system s { power = 1 MW; liquid = 1 }\ndeploy d { system = s; count = 1 }"
    result = campus("", f"cdu loop {{ capacity = 2 MW; flow = 3_000 L/min; {loop} }}", load)
    value = value_of(result.situation, result.situation.at("a.b.loop"), "flow_needed")
    assert value.magnitude * 60e3 == pytest.approx(needed)  # type: ignore[union-attr]


def test_a_systems_own_flow_counts() -> None:
    """Four systems of 190 L/min need 760 L/min, whatever their heat."""
    load = "system s { power = 100 kW; liquid = 0.9; flow = 190 L/min }\ndeploy d { system = s; count = 4 }"
    inside = "cdu l { capacity = 2 MW; count = 2; redundancy = N+1; flow = %d L/min }; crah f { capacity = 1 MW }"
    assert codes(campus("", inside % 760, load)) == []
    assert codes(campus("", inside % 759, load)) == ["COL106"]


# --- water and carbon ----------------------------------------------------------------------------


def test_five_cycles_draw_1_86_litres() -> None:
    """Evaporation of 1.49 L/kWh x 5 / 4 = 1.86 L/kWh; a fifth of it goes to the sewer."""
    load = "load = 1 MW"
    result = campus("", "crah f { capacity = 2 MW }; tower t { capacity = 2 MW; cycles = 5 }", load)
    litres = value_of(result.situation, result.situation.at("a"), "peak_water_use").magnitude * 3.6e6  # type: ignore[union-attr]
    assert litres / 1_000 == pytest.approx(1.8625)
    assert f"{litres / 1_000:.2f}" == "1.86"


@pytest.mark.parametrize(
    ("water", "mean", "peak"),
    [
        ("wue = 0.3 L/kWh", "3.6 m3/day", "7.2 m3/day"),  # 500 kW and 1 MW over a day
        ("wue = 0.3 L/kWh; peak_wue = 1 L/kWh", "3.6 m3/day", "24 m3/day"),
    ],
)
def test_permits_bind_the_peak_day(water: str, mean: str, peak: str) -> None:
    """The mean goes by the mean load and `wue`, the day of the greatest need by the full load and `peak_wue`."""
    load = "system s { power = 100 kW; average = 50 kW; liquid = 0 }\ndeploy d { system = s; count = 10 }"
    result = campus(f"water mains {{ {water} }}", "crah f { capacity = 2 MW }", load)
    assert (derived(result, "a", "water_use"), derived(result, "a", "peak_water_use")) == (mean, peak)


def test_carbon_is_energy_by_the_grid() -> None:
    """1 MW x 1.25 x 8,760 h x 350 g/kWh are 3,832 t a year; without the grid's figure it is unknown."""
    site = "campus %s { %s building b { load = 1 MW; pue = 1.25; peak_pue = 1.4 } }\n"
    text = "region r { carbon = 350 g/kWh }\n" + site % ("a", "region = r;")
    assert derived(compile_text(text), "a", "carbon") == "3.833 kt"
    both = compile_text(text + site % ("c", ""))
    assert (derived(both, "a", "carbon"), derived(both, "c", "carbon")) == ("3.833 kt", None)
    assert value_of(both.situation, None, "carbon") is None


# --- ride-through --------------------------------------------------------------------------------


def test_2000_litres_a_megawatt_last_80_seconds() -> None:
    """2,000 L of PG25 for each MW, warmed by 10 K."""
    load = "system s { power = 1 MW; liquid = 1 }\ndeploy d { system = s; count = 3 }"
    result = campus("", "cdu loop { capacity = 4 MW; buffer = 6 m3; rise = 10 K }", load)
    value = value_of(result.situation, result.situation.at("a.b.loop"), "ride_through")
    assert value.seconds == pytest.approx(80, rel=0.01)  # type: ignore[union-attr]


@pytest.mark.parametrize(("volume", "said"), [(22, []), (21, ["COL150"])])
def test_buffers_in_series_add_up(volume: float, said: list[str]) -> None:
    """10 MW: 14.5 m3 of water carry them for 60 s at 10 K, and the 30 s that the restart lacks take 7.25 m3 more."""
    load = "system s { power = 10 MW; liquid = 1 }\ndeploy d { system = s; count = 1 }"
    inside = f"cdu loop {{ capacity = 10 MW; buffer = {volume - 14.5} m3; rise = 10 K; coolant = water }}"
    plant = "chiller c { capacity = 10 MW; buffer = 14.5 m3; rise = 10 K; restart = 90 s; supply = 20 degC }"
    assert [code for code in codes(campus(plant, inside, load)) if code != "COL133"] == said
