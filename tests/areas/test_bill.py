"""What must be bought of compute, power and cooling: how much, where, when, and when to order."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import read

from planlang.areas.compute import bill as compute
from planlang.areas.cooling import bill as cooling
from planlang.areas.power import bill as power
from planlang.areas.site.buying import growth, order_by
from planlang.compiler import compile_text
from planlang.core.bill import BillLine
from planlang.lang.steps import EVER, Steps
from planlang.lang.text import show
from planlang.lang.values import Duration

SYSTEM = (
    'accelerator chip "Chip" {}\n'
    'system rack "Rack" { accelerator = chip; accelerators = 72; power = 100 kW; price = 3 MUSD; '
    'lead_time = 6 months; source = "a letter" }\n'
)


def bought(text: str, area: object = compute) -> list[BillLine]:
    """The lines of an area for a plan."""
    result = compile_text(SYSTEM + text)
    assert result.verdict != "unreadable", [finding.message for finding in result.findings]
    found: list[BillLine] = area.lines(result.situation)  # type: ignore[attr-defined]
    return found


def brief(lines: list[BillLine]) -> list[tuple[str, str, float, str | None]]:
    """Item, site, quantity and the date that it is needed by."""
    days = [None if line.needed_by is None else line.needed_by.isoformat() for line in lines]
    return [(line.item, line.site, line.quantity, day) for line, day in zip(lines, days, strict=True)]


def test_a_system_is_a_line_with_all_that_is_known() -> None:
    """Price is unit price times quantity; the order is due a lead time before the date."""
    (line,) = bought("campus a { deploy d { system = rack; count = 10; from = 2026-08-31 } }")
    assert line._replace(unit_price=None, price=None) == BillLine(
        "rack", "compute", "Rack, 72 × Chip", 10, "each", None, None, "a",
        datetime.date(2026, 8, 31), datetime.date(2026, 2, 28), "a letter",
    )  # fmt: skip
    assert line.unit_price is not None
    assert line.price is not None
    assert (show(line.unit_price), show(line.price)) == ("3 MUSD", "30 MUSD")


@pytest.mark.parametrize(
    ("price", "unit", "total"),
    [
        ("3 MUSD * 0.9 EUR/USD", "2.7 MEUR", "27 MEUR"),
        ("3 MEUR / (0.9 EUR/USD)", "3.3333 MUSD", "33.333 MUSD"),
        ("40 MJPY", "40 MJPY", "400 MJPY"),
    ],
)
def test_a_price_is_in_any_currency(price: str, unit: str, total: str) -> None:
    """As it is written, or as a rate of exchange makes it; no rate is known to the language."""
    text = SYSTEM.replace("price = 3 MUSD", f"price = {price}") + "campus a { deploy d { system = rack; count = 10 } }"
    (line,) = compute.lines(read(text).situation)
    assert line.unit_price is not None
    assert line.price is not None
    assert (show(line.unit_price), show(line.price)) == (unit, total)


def test_growth_is_bought_when_it_comes() -> None:
    """A line for each date on which there is more than ever before; a dip and its return buy nothing."""
    counts = "[10 from 2026-01, 30 from 2026-06, 5 from 2027-01, 25 from 2027-06, 31 from 2028-01]"
    assert brief(bought(f"campus a {{ deploy d {{ system = rack; count = {counts} }} }}")) == [
        ("rack", "a", 10, "2026-01-01"),
        ("rack", "a", 20, "2026-06-01"),
        ("rack", "a", 1, "2028-01-01"),
    ]


def test_a_site_buys_once_what_moves_within_it() -> None:
    """Racks of one hall that end when those of another start are the same racks; another site buys its own."""
    text = """
    campus a {
      building one { deploy d { system = rack; count = 10; until = 2027-01 } }
      building two { deploy d { system = rack; count = 12; from = 2027-01 } }
    }
    campus b { deploy d { system = rack; count = 1 } }
    building c { deploy d { system = rack; count = 2 } }
    """
    assert brief(bought(text)) == [
        ("rack", "a", 10, None),
        ("rack", "a", 2, "2027-01-01"),
        ("rack", "b", 1, None),
        ("rack", "c", 2, None),
    ]


@pytest.mark.parametrize(
    "status", ["paused", "dropped", "[paused from 2020-01]", "[dropped from 2020-01, paused from 2030-01]"]
)
def test_what_is_paused_or_dropped_is_not_bought(status: str) -> None:
    """Neither systems nor plant of an inactive site are in the bill."""
    text = f"""
    campus a {{ status = {status}; from = 2021-01
      deploy d {{ system = rack; count = 10 }}
      ups u {{ rating = 1 MW; count = 4 }}
      cdu c {{ capacity = 1 MW; count = 4 }} }}
    """
    assert [*bought(text), *bought(text, power), *bought(text, cooling)] == []


def test_what_starts_planned_and_is_dropped_later_was_bought() -> None:
    """A status that varies counts on its dates."""
    text = """campus a { status = [live from 2026-01, paused from 2027-01, live from 2028-01]
      deploy d { system = rack; count = [4 from 2026-01, 9 from 2027-06] } }"""
    assert brief(bought(text)) == [("rack", "a", 4, "2026-01-01"), ("rack", "a", 5, "2028-01-01")]


def test_what_is_rented_is_not_bought() -> None:
    """A deploy with rent, or rented from another, adds no line."""
    text = """campus a { deploy d { system = rack; count = 10; rent = 2 USD/h }
      deploy e { system = rack; count = 3; rent_from = d } }"""
    assert bought(text) == []


def test_what_comes_after_the_horizon_is_not_bought() -> None:
    """The horizon's end is exclusive; what was there before its start keeps its date."""
    text = """plan p { horizon = 2026-01 .. 2026-12 }
    campus a { deploy d { system = rack; count = [1 from 2025-03, 2 from 2026-12, 9 from 2027-01] } }"""
    assert brief(bought(text)) == [("rack", "a", 1, "2025-03-01"), ("rack", "a", 1, "2026-12-01")]


def test_a_hole_adds_nothing() -> None:
    """An unsized count is in no line; an unsized rating is named as unknown."""
    text = """campus a {
      deploy d { system = rack; count = ? }
      ups u { rating = ?; count = 4 }
      pdu p { rating = 1 MW; count = ? } }"""
    assert bought(text) == []
    assert [(line.item, line.description, line.quantity) for line in bought(text, power)] == [
        ("ups rating not known", "UPS rating not known", 4)
    ]


def test_plant_is_bought_by_unit_and_redundancy() -> None:
    """Equal units are one item however their rating is written; a unit stands alone where no count is."""
    text = """
    campus a {
      utility grid { capacity = 100 MW }
      ups one { rating = 2.5 MW; count = 10; redundancy = N+1 }
      ups two { rating = 2_500 kW; count = 5; redundancy = N+1 }
      ups three { rating = 2.5 MW; count = 3; redundancy = 2N }
      substation yard { rating = 60 MVA; count = 2; redundancy = N+1 }
      generator g { rating = 3 MW; price = 1.5 MUSD; lead_time = 2 years; from = 2028-03 }
      battery b { rating = 20 MW; energy = 40 MWh; count = 4 }
      chiller plant { capacity = 4.9 MW; count = 8; redundancy = N+1 }
      dry_cooler y { capacity = 1 MW; count = 80 }
      crah w { capacity = 500 kW; count = 90; source = "a quote" }
    }
    """
    assert [(line.item, line.description, line.quantity) for line in bought(text, power)] == [
        ("substation 60 MVA N+1", "Substation transformer 60 MVA, N+1", 2),
        ("generator 3 MW", "Generator 3 MW", 1),
        ("battery 20 MW 40 MWh", "Battery 20 MW, 40 MWh", 4),
        ("ups 2.5 MW N+1", "UPS 2.5 MW, N+1", 15),
        ("ups 2.5 MW 2N", "UPS 2.5 MW, 2N", 3),
    ]
    generator = bought(text, power)[1]
    assert generator.order_by == datetime.date(2026, 3, 1)
    assert [(line.category, line.item, line.quantity, line.source) for line in bought(text, cooling)] == [
        ("cooling", "chiller 4.9 MW N+1", 8, ""),
        ("cooling", "dry_cooler 1 MW", 80, ""),
        ("cooling", "crah 500 kW", 90, "a quote"),
    ]


def test_prices_keep_equal_units_apart() -> None:
    """One rating at two prices is two lines."""
    text = "campus a { ups x { rating = 1 MW; price = 1 MUSD }\n ups y { rating = 1 MW; price = 2 MUSD } }"
    assert [show(line.price) for line in bought(text, power) if line.price is not None] == ["1 MUSD", "2 MUSD"]


def test_a_long_source_is_cut() -> None:
    """The first sentence, or what stands before a semicolon; the catalogue keeps the rest."""
    (line,) = bought("use nvidia\ncampus a { deploy d { system = nvidia.gb200_nvl72; count = 1 } }")
    assert line.source.endswith(" …")
    assert len(line.source) <= 122
    assert line.source.startswith("power: A; average: V, the vendor's 120 kW")


DAY = datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("needed", "lead", "order"),
    [
        (DAY, Duration(1), datetime.date(2026, 2, 28)),
        (DAY, Duration(0, 86400 * 7), datetime.date(2026, 3, 24)),
        (DAY, Duration(0, 3600), datetime.date(2026, 3, 30)),
        (DAY, Duration(1.5), datetime.date(2026, 2, 12)),
        (DAY, Duration(12 * 500), None),
        (DAY, Duration(10**300), None),
        (DAY, Duration(0, 1e300), None),
        (DAY, None, None),
        (None, Duration(1), None),
    ],
)
def test_the_order_comes_in_time(
    needed: datetime.date | None, lead: Duration | None, order: datetime.date | None
) -> None:
    """Months by the calendar, days rounded up; a date outside the calendar is unknown."""
    assert order_by(needed, lead) == order


@given(st.lists(st.tuples(st.dates(datetime.date(2020, 1, 1)), st.integers(0, 50))), st.integers(0, 50))
def test_what_is_bought_is_the_most_that_was_there(pairs: list[tuple[datetime.date, int]], before: int) -> None:
    """The increments are positive, ascend in time and add up to the greatest count."""
    steps: Steps[float] = Steps.from_pairs(pairs, before)
    found = list(growth(steps, None))
    assert sum(quantity for _, quantity in found) == max(steps.values)
    assert all(quantity > 0 for _, quantity in found)
    days = [day or EVER for day, _ in found]
    assert days == sorted(set(days))
