"""The examples: their verdicts as `examples/README.md` gives them, and the published figures that they reproduce.

The numbers are worked out here by hand, from counts and the catalogue's figures, apart from the compiler.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from pathlib import Path

import pytest
from reading import derived

from planlang.compiler import Result, compile_path
from planlang.core.derive import value_of
from planlang.core.plan import magnitude, magnitudes
from planlang.lang.values import Steps

EXAMPLES = Path(__file__).parent.parent / "examples"


@lru_cache
def example(name: str) -> Result:
    return compile_path(str(EXAMPLES / name))


def in_the_end(name: str, path: str, quantity: str) -> float:
    """A derived quantity after the last date, in SI base units."""
    plan = example(name).situation
    value = value_of(plan, plan.at(path) if path else None, quantity)
    return (magnitudes(value) if isinstance(value, Steps) else Steps.constant(magnitude(value))).values[-1]


FOUND = sorted(path.name for path in EXAMPLES.iterdir() if path.suffix == ".plan" or path.is_dir())


@pytest.mark.parametrize("name", FOUND)
def test_verdict_is_as_the_readme_says(name: str) -> None:
    """Every example of the folder has a row in its README, with its verdict."""
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{name}"))
    assert row.split("|")[2].split(",")[0].strip() == example(name).verdict


@pytest.mark.parametrize("name", ["quickstart.plan", "iowa.plan", "arizona.plan"])
def test_what_holds_holds_without_a_word(name: str) -> None:
    """No warning either: a first plan is not met with noise."""
    assert [finding.message for finding in example(name).findings] == []


def test_fairwater_fails_where_it_is_said_to() -> None:
    """In two places: the grid between the second pair and the expansion, and the reach of the published line."""
    findings = [finding for finding in example("fairwater").findings if finding.code.severity == "error"]
    assert [(finding.code.code[:3], finding.subject) for finding in findings] == [
        ("WAN", "long_haul"),
        ("PWR", "wisconsin.grid"),
    ]
    assert findings[1].message == (
        "`wisconsin.grid`: facility load of 829.65 MW exceeds its firm capacity of 450 MW by 379.6 MW "
        "from 2026-10 until 2027-06"
    )
    assert findings[1].fixes[1].message == (
        "or start `wisconsin.gpu[2]` and `wisconsin.storage[2]` in 2027-06, when `wisconsin.grid` has the capacity"
    )


def test_iowa() -> None:
    """3,125 servers of 8: 25,000 A100; 6.5 kW each are 20.3 MW, and 5.2 kW on average 16.25 MW."""
    servers = 1_563 + 1_562
    assert in_the_end("iowa.plan", "iowa", "accelerators") == servers * 8 == 25_000
    assert in_the_end("iowa.plan", "iowa", "it_load") == pytest.approx(servers * 6.5e3)
    assert in_the_end("iowa.plan", "iowa", "it_load") == pytest.approx(19e6, rel=0.10)
    assert in_the_end("iowa.plan", "iowa", "facility_load") == pytest.approx(servers * 6.5e3 * 1.3)
    assert in_the_end("iowa.plan", "iowa", "average_facility_load") == pytest.approx(servers * 5.2e3 * 1.18)
    assert in_the_end("iowa.plan", "iowa.cluster.north", "positions_used") == 391  # 1,563 quarters of a rack


def test_arizona() -> None:
    """Four buildings, two of 24,000 GPUs and two of 41,040: 130,080, as they come."""
    text = "24,000 until 2024-07, 48,000 from 2024-07, 89,040 from 2025-03, 130,080 from 2025-09"
    assert derived(example("arizona.plan"), "arizona", "accelerators") == text
    assert 2 * 3_000 * 8 + 2 * 570 * 72 == 130_080
    air = 2 * 3_000 * 10.2e3
    assert in_the_end("arizona.plan", "arizona", "it_load") == pytest.approx(air + 2 * 570 * 132e3)
    assert in_the_end("arizona.plan", "arizona", "heat_liquid") == pytest.approx(2 * 570 * 132e3 * 0.87)


def test_fairwater_pair() -> None:
    """2,083 racks of 72: more than 149,900 GPUs, in 300 MW of critical IT with 8.5 MW of network."""
    name, path = "fairwater", "atlanta.gpu[1]"
    assert in_the_end(name, path, "accelerators") == 2_083 * 72
    assert in_the_end(name, path, "accelerators") == pytest.approx(150_000, rel=0.01)
    assert in_the_end(name, path, "it_load") == pytest.approx(2_083 * 132e3 + 8.5e6)
    assert in_the_end(name, path, "it_load") < 300e6
    assert in_the_end(name, path, "facility_load") == pytest.approx((2_083 * 132e3 + 8.5e6) * 1.32)


def test_wisconsin_grows_beyond_two_gigawatts_of_critical_power() -> None:
    """Two pairs and a third phase: 2 x 348 + 2 x 696 = 2,088 MW of budgets, 1.98 GW drawn."""
    plan = example("fairwater").situation
    budgets = [magnitude(one.written["budget"]) for one in plan.at("wisconsin").children if "budget" in one.written]  # type: ignore[union-attr]
    assert sum(budgets) == pytest.approx(2_088e6)
    pair = 2_083 * 132e3 + 8.5e6 + 40e6
    large = 4_000 * 142e3 + 17e6 + 80e6
    assert in_the_end("fairwater", "wisconsin", "it_load") == pytest.approx(2 * pair + 2 * large)


def test_the_published_line() -> None:
    """32 channels of 800 Gb/s are 25.6 Tb/s a pair, and 12 pairs carry more than 300 Tb/s."""
    assert in_the_end("fairwater", "long_haul", "pair_capacity") == pytest.approx(32 * 800e9)
    assert in_the_end("fairwater", "long_haul", "capacity") == pytest.approx(12 * 25.6e12)
    assert 11 * 25.6 < 300 < 12 * 25.6


def test_atlantas_substation_and_wisconsins_plant_are_as_commented() -> None:
    """Four of five 250 MVA units carry 950 MW; 854 MW are needed; twice the diesel within 5%."""
    assert in_the_end("fairwater", "atlanta.yard", "usable") == pytest.approx(4 * 250e6 * 0.95)
    assert in_the_end("fairwater", "atlanta.yard", "load") == pytest.approx(853.9e6, rel=1e-3)
    plan = example("fairwater").situation
    assert plan.value(plan.at("wisconsin.large[1].backup"), "count") == 251  # type: ignore[arg-type]


def errors(name: str) -> list[tuple[str, str]]:
    return [(one.code.code, one.message) for one in example(name).findings if one.code.severity == "error"]


def test_wisconsins_grid_in_stages() -> None:
    """One pair in 450 MW, two in 900 MW, the first large building in 2.4 GW, and not the second."""
    pair = (2_083 * 132e3 + 8.5e6) * 1.28 + 40e6 * 1.3
    large = (4_000 * 142e3 + 17e6) * 1.28 + 80e6 * 1.3
    loads = magnitudes(value_of(example("wisconsin_grid.plan").situation, None, "facility_load"))
    assert loads.values == pytest.approx((0, pair, 2 * pair, 2 * pair + large, 2 * pair + 2 * large))
    assert pair < 450e6 < 2 * pair < 900e6 < 2 * pair + large < 2_400e6 < 2 * pair + 2 * large
    assert errors("wisconsin_grid.plan") == [
        (
            "PWR103",
            "`wisconsin.grid`: facility load of 2.5352 GW exceeds its firm capacity of 2.4 GW by 135.2 MW "
            "from 2028-01 until 2029-01",
        )
    ]


def test_uneven_three_halves() -> None:
    """L/2 a system carries an even spread after any failure; 50/25/25 over the pairs asks 0.625 L of a survivor."""
    load, system = 12e6, 6e6
    assert in_the_end("uneven_3n2.plan", "site.even.b", "worst") == pytest.approx((load / 3 * 3 / 2) / system)
    assert in_the_end("uneven_3n2.plan", "site.uneven.b", "worst") == pytest.approx(0.625 * load / system)
    assert errors("uneven_3n2.plan") == [
        (
            "RES102",
            "`site.uneven` does not survive the loss of one ups: without the feed `site.uneven.a`, `site.uneven.b` is "
            "left with a load of 7.5 MW and can carry 6 MW, 1.5 MW too little; 6 MW of IT go dark",
        )
    ]


def test_goodyear_binds_at_the_sewer() -> None:
    """48 MW and the work of chillers of COP 6 are 56 MW: 1,335 m3 a day at 2.5 cycles, of which three fit 1.2 Mgal."""
    blown_down = 48e3 * (1 + 1 / 6) * 24 * 1.49e-3 / (2.5 - 1)
    assert blown_down == pytest.approx(1_335, abs=0.5)
    limit = 1.2e6 * 3.785411784e-3
    assert 3 * blown_down < limit < 4 * blown_down
    findings = example("goodyear.plan").findings
    assert [finding.message for finding in findings] == [
        "`planned.city`: wastewater on the day of the greatest need exceeds what its sewer takes from 2023-10; "
        "at worst by 2,133 m3/day from 2024-07: 6,675.2 m3/day against 4,542 m3/day"
    ]
    drawn = blown_down * 2.5 * 3 / 86_400
    assert in_the_end("goodyear.plan", "built", "peak_water_use") == pytest.approx(drawn)
    assert in_the_end("goodyear.plan", "planned", "peak_water_use") == pytest.approx(drawn / 3 * 5)


def test_the_ai_wan_grows_past_ten_petabits() -> None:
    """Two of the site's three ways must carry what ends there or passes when the third is out: pairs of 12.8 Tb/s."""
    situation = example("ai_wan.plan").situation
    pairs = {link.path: situation.steps(link, "fiber_pairs").values for link in situation.of_kind("link")}
    asked = {2026: 300e12, 2027: 10 * 300e12, 2029: 10 * 1_050e12}
    assert sum(situation.steps(one, "rate").values[-1] for one in situation.of_kind("demand")) == asked[2029] > 10e15
    direct = [
        ceil(rate / 12.8e12) for rate in (300e12, 4 * 300e12, 4 * 1_050e12)
    ]  # all of a site's by one of two links
    assert list(pairs["atlanta_wisconsin"]) == direct == [24, 94, 329]
    joint = [ceil(rate / 12.8e12) for rate in (6 * 300e12, 6 * 1_050e12)]  # two sites' by one link, the other out
    assert list(pairs["wisconsin_iowa"]) == list(pairs["abilene_atlanta"]) == [24, *joint] == [24, 141, 493]
    assert errors("ai_wan.plan") == []


def test_the_wan_of_a_campus() -> None:
    """2,222 racks of 72, boxes of 128 ports: three tiers; of each last switch a port leads out, 1.7% of bisection."""
    name = "campus_wan.plan"
    assert in_the_end(name, "east.gpu[1]", "accelerators") == 2_222 * 72 == 159_984
    assert in_the_end(name, "east.gpu[1]", "it_load") == pytest.approx(300e6, rel=0.04)
    assert in_the_end(name, "east.one", "wan_rate") == 1_344 * 400e9
    assert in_the_end(name, "east.one", "wan_rate") < 0.017 * in_the_end(name, "east.one", "bisection")
    assert in_the_end(name, "east.crossbar", "pair_rate") == 4 * 136 / 2 * 800e9
