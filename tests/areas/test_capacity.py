"""What still fits, and what is stranded, against a count by trying; and orders that come too late."""

from __future__ import annotations

import random
from itertools import product

import pytest
from reading import derived, messages, read

from planlang.areas.capacity.report import StrandedRow, rows
from planlang.compiler import compile_text

TENTH = """
system rack { power = 142 kW; liquid = 0 }
building b { peak_pue = 1.3; budget = %s
  hall a { rows = 2; row_budget = 1.5 MW; positions = 40
    deploy racks { system = rack; count = 15 } } }
"""


def test_rows_strand_eighty_kilowatts_each() -> None:
    """Two rows of 1.5 MW bear 10 racks of 142 kW each: 5 more fit, and 160 kW are stranded."""
    result = read(TENTH % "3 MW")
    assert derived(result, "b", "deployable") == "5"
    assert derived(result, "b.a", "stranded") == derived(result, "b", "stranded") == "160 kW"
    assert rows(result.situation) == [
        StrandedRow("b", None, None, None, "160 kW", None, None, None),
        StrandedRow("b.a", "rack", "5", "its rows", "160 kW", "20", None, "1 more row: 1 system, 142 kW"),
    ]


def test_what_one_more_row_frees() -> None:
    """With a budget for it, a row of ten."""
    last = rows(read(TENTH % "5 MW").situation)[-1]
    assert (last.binds, last.frees) == ("its rows", "1 more row: 10 systems, 1.42 MW")


WATER = """
system rack { power = 132 kW; liquid = 0.87 }
campus c { water mains { supply = 1_000 m3/day; peak_wue = 0.8 L/kWh; wue = 0.1 L/kWh }
  building b { budget = %s; pue = 1.2; peak_pue = 1.3; deploy g { system = rack; count = %s } } }
"""


def test_water_is_left_by_the_day() -> None:
    """45 racks of 132 kW draw 0.8 L/kWh x 24 h: 114 of 1,000 m3 a day, and 886 are left behind the budget."""
    result = read(WATER % ("6 MW", 39))
    assert [(row.place, row.cooling) for row in rows(result.situation)] == [("c", "mains 886 m3/day"), ("c.b", None)]


def test_what_one_more_cubic_metre_a_day_frees() -> None:
    """A rack draws 2.53 m3 a day, and 394 racks leave 1.45: with one more cubic metre a day there is still no room."""
    result = read(WATER % ("60 MW", 390))
    assert [(row.place, row.fits, row.binds, row.cooling, row.frees) for row in rows(result.situation)] == [
        ("c", None, None, "mains 1.446 m3/day", None),
        ("c.b", "4", "water mains", None, "1 m3/day more: nothing, another limit binds next"),
    ]


def test_preferences_read_it() -> None:
    """A rule of one's own over what is stranded."""
    text = TENTH % "3 MW" + "prefer b.stranded / b.budget <= 5%\n"
    assert messages(text) == ["RUL102 prefer fails: b.stranded / b.budget is 0.053333, not <= 0.05"]


def test_time() -> None:
    """What is stranded follows the counts and the limits."""
    text = """
    system rack { power = 100 kW; liquid = 0 }
    building b { peak_pue = 1.3; budget = [1 MW from 2026-01, 2 MW from 2027-01]
      hall a { positions = 12
        deploy racks { system = rack; count = [4 from 2026-01, 8 from 2026-07] } } }
    """
    result = read(text)
    assert derived(result, "b", "deployable") == "6 until 2026-07, 2 from 2026-07, 4 from 2027-01"
    assert derived(result, "b", "stranded") == "0 W until 2027-01, 800 kW from 2027-01"


def test_what_has_no_systems_may_use_what_its_budget_has_left() -> None:
    """The headroom of a building of plain load is not stranded; that of racks without positions is."""
    text = """
    system rack { power = 100 kW; liquid = 0 }
    campus c { budget = 3 MW; peak_pue = 1.3
      building plain { budget = 1 MW; load = 400 kW }
      building full { positions = 5; deploy racks { system = rack; count = 5 } } }
    """
    assert derived(read(text), "c", "stranded") == "1.5 MW"


def test_parallel_feeds_bind_together() -> None:
    """One more unit of each."""
    text = """
    system rack { power = 100 kW; liquid = 0 }
    building b { peak_pue = 1.3; budget = 3 MW
      ups x { rating = 500 kW }
      ups y { rating = 500 kW }
      deploy racks { system = rack; count = 10 } }
    """
    last = rows(read(text).situation)[-1]
    assert (last.binds, last.power) == ("ups x and ups y", "2 MW")
    assert last.frees == "1 more unit: 10 systems, 1 MW"


PLANT = """
system rack {{ power = {power} kW; liquid = 0 }}
campus c {{ budget = {campus} kW; load = 100 kW; peak_pue = 1.25
  utility grid {{ capacity = {grid} kW }}
  building b {{ budget = {building} kW
    ups u {{ rating = {ups} kW; count = 3; redundancy = N+1 }}
    crah f {{ capacity = {crah} kW; count = 2 }}
    hall one {{ positions = {positions}; rows = 2; row_budget = {row} kW
      deploy racks {{ system = rack; count = {one} }} }}
    hall two {{ rows = 1; row_budget = {row} kW
      deploy racks {{ system = rack; count = {two} }} }} }} }}
"""


@pytest.mark.parametrize("seed", range(12))
def test_as_many_fit_as_by_trying(seed: int) -> None:
    """The most racks, over all counts in both halls, with which no rule fails."""
    luck = random.Random(seed)
    figures = {
        "power": luck.choice([90, 110, 142]),
        "campus": luck.randint(1000, 1200),
        "grid": luck.randint(600, 1400),
        "building": luck.randint(500, 1000),
        "ups": luck.randint(200, 500),
        "crah": luck.randint(250, 500),
        "positions": luck.randint(2, 6),
        "row": luck.randint(200, 500),
    }

    def holds(one: int, two: int) -> bool:
        return compile_text(PLANT.format(one=one, two=two, **figures)).verdict == "holds"

    assert holds(1, 1)
    most = max(one + two for one, two in product(range(1, 8), repeat=2) if holds(one, two))
    result = read(PLANT.format(one=1, two=1, **figures))
    assert derived(result, "c", "deployable") == str(most - 2)


ORDERS = """
plan p {{ as_of = {as_of} }}
campus a {{ from = 2027-01; peak_pue = 1.3
  utility grid {{ capacity = 100 MW }}
  substation s {{ rating = 100 MVA; power_factor = 0.95; lead_time = 12 months }}
  building b {{ load = 10 MW }} }}
"""


@pytest.mark.parametrize(
    ("as_of", "late"), [("2025-12", False), ("2026-01", False), ("2026-02", True), ("2027-01", False)]
)
def test_too_late_to_order(as_of: str, late: bool) -> None:
    """Twelve months ahead at the latest; what is there by the date needs no order."""
    expected = (
        "BUY101 1 x `substation 100 MVA` for `a`, needed by 2027-01, had to be ordered by 2026-01, before 2026-02"
    )
    assert messages(ORDERS.format(as_of=as_of)) == ([expected] if late else [])


def test_a_system_that_no_row_bears_leaves_no_room() -> None:
    """Nothing more fits beside it, and nothing breaks."""
    text = """
    system small { power = 100 kW; liquid = 0 }
    system large { power = 300 kW; liquid = 0 }
    building b { peak_pue = 1.3
      hall a { rows = 4; row_budget = 250 kW
        deploy some { system = small; count = 4 }
        deploy one { system = large; count = 1 } } }
    """
    assert derived(read(text), "b", "deployable") == "0"
    assert [one.split()[0] for one in messages(text)] == ["SPC105"]


SIDES = """
system rack { power = 100 kW; liquid = 0; accelerators = 72 }
campus c { pue = 1.2; peak_pue = 1.25; utility g { capacity = 4.4 MW }
  building b { SURVIVES; deploy d { system = rack; count = COUNT }
    ups a { rating = 2 MW }
    ups x { rating = 2 MW } } }
"""


@pytest.mark.parametrize(
    ("claim", "count", "more"),
    [("survives = [ups]", 20, "0"), ("survives = [ups]", 13, "7"), ('note = "none"', 20, "15")],
)
def test_what_is_survived_is_survived_with_what_still_fits(claim: str, count: int, more: str) -> None:
    """Two feeds of 2 MW carry 2 MW whichever is lost: what the grid has left is of no use."""
    result = read(SIDES.replace("SURVIVES", claim).replace("COUNT", str(count)))
    assert derived(result, "c.b", "deployable") == more
    if "survives" in claim:
        assert rows(result.situation)[-1].binds == "the loss of one ups that building b survives"


def test_several_systems_of_a_place() -> None:
    """What the large one leaves, the small one takes: six of 10 kW in 66 kW; 6 kW are stranded."""
    text = """
    system big { power = 132 kW; liquid = 0 }
    system small { power = 10 kW; liquid = 0 }
    campus c { utility grid { capacity = 2 MW }
      building b { budget = 1 MW; pue = 1.2; peak_pue = 1.3
        deploy large { system = big; count = 7 }
        deploy little { system = small; count = 1 } } }
    """
    result = read(text)
    assert derived(result, "c", "deployable") == "6"
    assert rows(result.situation)[-1][:5] == ("c.b", "big and small", "0 and 6", "its budget", "6 kW")
