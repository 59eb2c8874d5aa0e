"""Usable capacity against failures tried one by one, and who serves whom, by hand."""

from __future__ import annotations

from itertools import combinations
from math import isclose

import pytest
from reading import derived, messages, read

from planlang.core.derive import value_of
from planlang.core.plan import magnitude
from planlang.lang.values import Redundancy

RATING = 3.0


def usable(word: str, count: int) -> float:
    """What the compiler says that a group may be loaded with, in MW."""
    plan = read(
        f"""campus c {{ peak_pue = 1.3; utility grid {{ capacity = 1 GW }}
        building b {{ load = 0 MW\n ups u {{ rating = {RATING} MW; count = {count}; redundancy = {word} }} }} }}"""
    )
    return magnitude(value_of(plan.situation, plan.situation.at("c.b.u"), "usable")) / 1e6


@pytest.mark.parametrize("spare", [0, 1, 2])
@pytest.mark.parametrize("count", range(7))
def test_spare_units(spare: int, count: int) -> None:
    """N+R: whichever R units fail, the rest carry the load."""
    left = [sum(RATING for unit in range(count) if unit not in lost) for lost in combinations(range(count), spare)]
    word = "N" if spare == 0 else f"N+{spare}"
    assert isclose(usable(word, count), min(left, default=0.0))


@pytest.mark.parametrize("count", range(8))
def test_two_sides(count: int) -> None:
    """2N: units split into two equal sides, and the load stands on either; one left over is of no use."""
    sides = [range(count // 2), range(count // 2, 2 * (count // 2))]
    left = min(sum(RATING for side in sides if side is not lost for _ in side) for lost in sides)
    assert isclose(usable("2N", count), left)


@pytest.mark.parametrize("count", range(9))
def test_two_sides_and_a_spare(count: int) -> None:
    """2N+1: the load stands though a whole side is lost and any one unit of the rest, spares included."""
    best = 0
    for side in range(count // 2 + 1):
        units = list(range(count))
        sides = [units[:side], units[side : 2 * side]]
        after = [
            len([unit for unit in units if unit not in lost and unit != other])
            for lost in sides
            for other in [unit for unit in units if unit not in lost]
        ]
        if after and min(after) >= side:
            best = side
    assert isclose(usable("2N+1", count), best * RATING)


@pytest.mark.parametrize("m", [3, 4])
@pytest.mark.parametrize("systems", [1, 2, 5])
def test_distributed(m: int, systems: int) -> None:
    """mN/(m-1): load spread evenly over all pairs of m systems; whichever system fails, its mates carry its pairs."""
    capacity = systems * RATING
    pairs = list(combinations(range(m), 2))
    most = float("inf")
    for lost in [None, *range(m)]:
        burden = [0.0] * m  # of each system, for a load of 1
        for a, b in pairs:
            alive = [one for one in (a, b) if one != lost]
            for one in alive:
                burden[one] += 1 / len(pairs) / len(alive)
        most = min(most, capacity / max(burden))
    assert isclose(usable(f"{m}N/{m - 1}", m * systems), most)


@pytest.mark.parametrize("word", ["N", "N+1", "N+2", "2N", "2N+1", "3N/2", "4N/3"])
def test_units_for_is_the_least(word: str) -> None:
    """As many units as a load needs, and with one less it does not fit."""
    schemes = {
        "N": Redundancy(),
        "N+1": Redundancy(1, 1, 1),
        "N+2": Redundancy(1, 1, 2),
        "2N": Redundancy(2),
        "2N+1": Redundancy(2, 1, 1),
        "3N/2": Redundancy(3, 2),
        "4N/3": Redundancy(4, 3),
    }
    scheme = schemes[word]
    assert scheme.text == word
    for tenths in range(1, 120, 7):
        need = tenths / 10
        units = scheme.units_for(need)
        assert scheme.usable_units(units) >= need * (1 - 1e-9)
        assert scheme.usable_units(units - 1) < need


# --- who serves whom ---------------------------------------------------------------------------------


def test_the_nearest_plant_serves() -> None:
    """A hall's own UPS takes its load; the building's takes the rest; the campus's what has none nearer."""
    plan = read(
        """campus c { peak_pue = 1.3; utility grid { capacity = 1 GW }
          ups outer { rating = 50 MW }
          building b { load = 1 MW; ups middle { rating = 50 MW }
            hall one { load = 2 MW; ups inner { rating = 50 MW } }
            hall two { load = 4 MW } }
          building d { load = 8 MW } }"""
    )
    assert [derived(plan, one, "load") for one in ("c.b.one.inner", "c.b.middle", "c.outer")] == [
        "2 MW",
        "5 MW",
        "8 MW",
    ]


def test_serves_replaces_the_default() -> None:
    """Plant stands where it serves, not where it is written; `deploy`s may be served, too."""
    plan = read(
        """use nvidia
        campus c { peak_pue = 1.25; power_factor = 1; utility grid { capacity = 1 GW }
          building b { load = 4 MW
            deploy d { system = nvidia.gb200_nvl72; count = 10 }
            ups own { rating = 9 MW; serves = [d] } }
          building e { load = 8 MW }
          substation s { rating = 20 MVA; serves = [e] } }"""
    )
    assert [derived(plan, one, "load") for one in ("c.b.own", "c.s")] == ["1.32 MW", "10 MW"]


def test_pooled_plant_splits_by_what_it_can_carry() -> None:
    """Usable capacities add: 30 MW over 10 and 30 MW usable are 7.5 and 22.5 MW; the redundant units count for none."""
    plan = read(
        """campus c { peak_pue = 1.25; power_factor = 1; utility grid { capacity = 1 GW }
          building b { load = 24 MW }
          substation one { rating = 10 MVA; count = 2; redundancy = N+1 }
          substation two { rating = 10 MVA; count = 4; redundancy = N+1 } }"""
    )
    assert [derived(plan, one, "load") for one in ("c.one", "c.two")] == ["7.5 MW", "22.5 MW"]
    assert [derived(plan, one, "utilization") for one in ("c.one", "c.two")] == ["0.75", "0.75"]


@pytest.mark.parametrize("kind", ["ups", "pdu", "busway"])
def test_dual_corded_plant_splits_evenly(kind: str) -> None:
    """Whatever the two can carry, each takes half, and fails by itself."""
    text = f"""campus c {{ peak_pue = 1.3; utility grid {{ capacity = 1 GW }}
      building b {{ load = 10 MW
        {kind} left {{ rating = 4 MW }}
        {kind} right {{ rating = 9 MW }} }} }}"""
    plan = read(text)
    assert [derived(plan, f"c.b.{one}", "load") for one in ("left", "right")] == ["5 MW", "5 MW"]
    assert [finding.subject for finding in plan.findings] == ["c.b.left"]


def test_kinds_are_in_series() -> None:
    """Each carries the whole load, with the losses of those behind it where they are declared."""
    plan = read(
        """campus c { utility grid { capacity = 1 GW }
          building b { load = 9 MW; peak_pue = 1.5; power_factor = 0.9
            substation s { rating = 20 MVA }
            generator g { rating = 20 MW; covers = it }
            generator f { rating = 20 MW; serves = [e] }
            ups u { rating = 20 MW; efficiency = 95% }
            pdu p { rating = 20 MW; efficiency = 90% }
            busway w { rating = 20 MW }
            hall e { load = 0 MW } } }"""
    )
    loads = {one: derived(plan, f"c.b.{one}", "load") for one in ("s", "g", "f", "u", "p", "w")}
    assert loads == {"s": "13.5 MW", "g": "10.526 MW", "f": "0 W", "u": "10 MW", "p": "9 MW", "w": "9 MW"}
    assert derived(plan, "c.b.s", "usable") == "18 MW"


def test_ratings_are_derated() -> None:
    """Breakers by `continuous`, generators by `derate`, apparent power by the power factor of the group or its site."""
    plan = read(
        """campus c { peak_pue = 1.3; utility grid { capacity = 1 GW }; power_factor = 0.9
          building b { load = 1 MW
            pdu p { rating = 1 MW; count = 3; continuous = 80% }
            generator g { rating = 3 MVA; count = 2; derate = 90%; power_factor = 0.8 }
            ups u { rating = 2 MVA } } }"""
    )
    assert [derived(plan, f"c.b.{one}", "usable") for one in "pgu"] == ["2.4 MW", "4.32 MW", "1.8 MW"]


def test_heat_goes_to_its_medium() -> None:
    """Liquid to the CDUs, the rest and all of plain loads to the air; chillers take what they carry."""
    plan = read(
        """system s { power = 100 kW; liquid = 80%; accelerators = 1 }
        campus c { peak_pue = 1.3; utility grid { capacity = 1 GW }
          building b { load = 1 MW
            deploy d { system = s; count = 100 }
            cdu loop { capacity = 9 MW }
            crah fans { capacity = 4 MW }
            dry_cooler yard { capacity = 20 MW; carries = liquid }
            chiller plant { capacity = 5 MW; carries = air } } }"""
    )
    heat = {one: derived(plan, f"c.b.{one}", "load") for one in ("loop", "fans", "yard", "plant")}
    assert heat == {"loop": "8 MW", "fans": "3 MW", "yard": "8 MW", "plant": "3 MW"}


def test_an_exactly_full_group_is_not_overdrawn() -> None:
    """Sums of tenths and the tolerance: 3 x 0.1 MW fit 0.3 MW."""
    text = """campus c {{ peak_pue = 1; utility grid {{ capacity = {} MW }}
      building b[1..3] {{ load = 0.1 MW }} }}"""
    assert messages(text.format("0.3")) == []
    assert len(messages(text.format("0.2999999"))) == 1
