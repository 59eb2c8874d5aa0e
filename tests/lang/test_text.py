"""Values as text and as JSON: every value has both."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from value_strategies import Thing, dates, floats, quantities, values

from planlang.lang import literals
from planlang.lang.nearest import distance, nearest
from planlang.lang.operations import binary
from planlang.lang.steps import MISSING, Steps
from planlang.lang.text import format_number, show, show_pair, to_json
from planlang.lang.values import HOLE, POISON, UNDEFINED, Date, Duration, Pair, Quantity, RangeValue, Value, Word

D1, D2 = datetime.date(2026, 1, 1), datetime.date(2026, 10, 15)


@given(values)
def test_any_value_is_shown(value: Value) -> None:
    """Text never fails, and JSON is strict: no NaN, no infinity."""
    assert isinstance(show(value), str)
    json.dumps(to_json(value), allow_nan=False)


@given(floats)
def test_numbers_read_back(x: float) -> None:
    """What is shown lies within half a unit of the fifth digit."""
    assert float(format_number(x).replace(",", "")) == pytest.approx(x, rel=5.1e-5, abs=1e-300)


@given(quantities(), quantities())
def test_pairs_are_told_apart(a: Quantity, b: Quantity) -> None:
    """Two values of one dimension are shown in one unit, and differ where they differ."""
    b = Quantity(b.magnitude, a.dimension, a.unit if a.dimension is not b.dimension else b.unit)
    first, second = show_pair(a, b)
    assert first.partition(" ")[2] == second.partition(" ")[2]
    if abs(a.magnitude - b.magnitude) > 1e-9 * max(abs(a.magnitude), abs(b.magnitude)):
        assert first != second


@given(st.floats(1, 1e12), st.floats(2e-9, 1e-3))
def test_near_pairs_are_told_apart(x: float, excess: float) -> None:
    """So are values that lie close together."""
    unit = literals.quantity("1 MW")
    first, second = show_pair(binary("*", x, unit), binary("*", x * (1 + excess), unit))
    assert first != second


@given(dates)
def test_dates_read_back(date: Date) -> None:
    """A date is shown as one would write it."""
    assert literals.date(show(date)).day == (date.day if date.precision == "day" else literals.date(show(date)).day)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "300 MW",
            "1,360 kW",
            "0.087 USD/kWh",
            "110 USD/kW/month",
            "800 Gb/s",
            "4.9 us/km",
            "1,360 kg/m^2",
            "25 degC",
        ),
        *(
            "18 months",
            "1 month",
            "4 years",
            "1 year",
            "160 weeks",
            "10 days",
            "36 h",
            "30 s",
            "11 ms",
            "3.4 MUSD",
            "2 RT",
        ),
        *("7.5 degC", "0.1 K", "16 dB", "42 U", "500 sqft"),
    ],
)
def test_as_written(text: str) -> None:
    """What was written is shown as it was, with commas in thousands."""
    assert show(literals.quantity(text.replace(",", "_"))) == text


@pytest.mark.parametrize(
    ("magnitude", "of", "text"),
    [
        (274_956_000.0, "W", "274.96 MW"),
        (999_999_999.9, "W", "1 GW"),
        (0.0, "W", "0 W"),
        (-2.5e6, "W", "-2.5 MW"),
        (2.5e12, "b/s", "2.5 Tb/s"),
        (8e12, "bit", "1 TB"),
        (1_400_000.0, "m", "1,400 km"),
        (3.6e12, "J", "1 GWh"),
        (26_100 / 3600, "USD/h", "26,100 USD/h"),
        (950_000.0, "EUR", "950,000 EUR"),
        (12_345_678.0, "EUR", "12.346 MEUR"),
        (1e-4, "kg/J", "360,000 g/kWh"),
        (298.15, "degC", "25 degC"),
        (5.0, "W/bit", "5 W/bit"),
        (1e-3, "W", "1 mW"),
    ],
)
def test_fitting_units(magnitude: float, of: str, text: str) -> None:
    """A computed figure takes the prefix that fits."""
    dimension = binary("*", 1, literals.quantity(f"1 {of}")) if of != "degC" else literals.quantity("1 degC")
    assert isinstance(dimension, Quantity)
    assert show(Quantity(magnitude, dimension.dimension)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (149976, "149,976"),
        (149976.4, "149,976"),
        (1.28, "1.28"),
        (1 / 3, "0.33333"),
        (1.0, "1"),
        (-0.0, "0"),
        (1234567.8, "1,234,568"),
        (2.5e-7, "2.5e-7"),
        (0.00123456, "0.0012346"),
        (10**20, "1e20"),
        (float("nan"), "undefined"),
        (True, "true"),
        ("free text", "free text"),
        (Word("leased"), "leased"),
        (("a", Word("b"), 1), '["a", b, 1]'),
        (Pair(42.7, -87.88), "(42.7, -87.88)"),
        (RangeValue(literals.date("2025-Q4"), literals.date("2028-02")), "2025-Q4 .. 2028-02"),
        (literals.redundancy("4N/3"), "4N/3"),
        (Thing("wisconsin.gpu[2]"), "wisconsin.gpu[2]"),
        (Duration(18, 86400.0), "18 months + 1 day"),
        (Duration(0, 1e6), "11.574 days"),
        (Duration(0, 0.0), "0 s"),
        (HOLE, "?"),
        (UNDEFINED, "undefined"),
    ],
)
def test_other_values(value: Value, text: str) -> None:
    """Each kind of value has its form."""
    assert show(value) == text


def test_schedules() -> None:
    """Steps are listed by date; what comes before the first is named, unless nothing does."""
    low, high = literals.quantity("450 MW"), literals.quantity("2 GW")
    assert show(Steps.constant(low)) == "450 MW"
    assert show(Steps.from_pairs([(D1, low), (D2, high)], MISSING)) == "450 MW from 2026-01, 2 GW from 2026-10-15"
    zero = Quantity(0.0, low.dimension)  # type: ignore[union-attr]
    assert show(Steps.from_pairs([(D1, low)], zero)) == "0 W until 2026-01, 450 MW from 2026-01"


@pytest.mark.parametrize(
    ("a", "b", "texts"),
    [
        ("300 MW", "300.0001 MW", ("300 MW", "300.0001 MW")),
        ("300 MW", "1.2 GW", ("300 MW", "1,200 MW")),
        ("1 kW", "1.2 GW", ("0.000001 GW", "1.2 GW")),
        ("100 sqft", "20 m2", ("100 sqft", "215.28 sqft")),
        ("25 degC", "31 degC", ("25 degC", "31 degC")),
    ],
)
def test_pairs(a: str, b: str, texts: tuple[str, str]) -> None:
    """Two figures are read side by side in one unit."""
    assert show_pair(literals.quantity(a), literals.quantity(b)) == texts


def test_json_forms() -> None:
    """The forms that machines read: SI base units, money over time per hour."""
    power = literals.quantity("300 MW")
    assert to_json(72) == {"kind": "number", "value": 72}
    assert to_json(power) == {"kind": "quantity", "value": 3e8, "unit": "W", "text": "300 MW"}
    assert to_json(literals.quantity("2 USD/h")) == {"kind": "quantity", "value": 2, "unit": "USD/h", "text": "2 USD/h"}
    assert to_json(literals.quantity("1 kWh")) == {"kind": "quantity", "value": 3.6e6, "unit": "J", "text": "1 kWh"}
    assert to_json(literals.date("2026-Q1")) == {"kind": "date", "value": "2026-01-01"}
    assert to_json(Duration(18)) == {"kind": "duration", "months": 18, "seconds": 0}
    assert to_json(literals.redundancy("N+1")) == {"kind": "redundancy", "value": "N+1"}
    assert to_json(Word("leased")) == {"kind": "text", "value": "leased"}
    assert to_json(True) == {"kind": "boolean", "value": True}
    assert to_json(Thing("a.b")) == {"kind": "reference", "value": "a.b"}
    assert to_json((1,)) == {"kind": "list", "items": [{"kind": "number", "value": 1}]}
    assert to_json(Pair(1, 2)) == {"kind": "pair", "items": [to_json(1), to_json(2)]}
    assert to_json(RangeValue(1, 2)) == {"kind": "range", "first": to_json(1), "last": to_json(2)}
    assert to_json(Steps.from_pairs([(D1, power)], MISSING)) == {
        "kind": "schedule",
        "steps": [{"from": None, "value": None}, {"from": "2026-01-01", "value": to_json(power)}],
    }
    assert to_json(HOLE) is None
    assert [to_json(value) for value in (MISSING, UNDEFINED, POISON, float("nan"))] == [None] * 4


names = st.text("abcABC_", max_size=6)


@given(names, names)
def test_distance_is_a_metric(a: str, b: str) -> None:
    """It is symmetric, and zero only between equal words."""
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)


def test_nearest() -> None:
    """Case alone is nearest; then slips of the finger; far words are not named."""
    names = ["budget", "buget_old", "pue", "peak_pue", "Budget"]
    assert nearest("budgte", names) == ["budget", "Budget"]
    assert nearest("BUDGET", names, limit=1) == ["Budget"]
    assert nearest("PUE", names) == ["pue"]
    assert nearest("puee", names) == ["pue"]
    assert nearest("zzzzzz", names) == []
