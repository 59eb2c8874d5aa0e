"""Operators: dimensions are checked, schedules are pointwise, and nothing but an OperationError is raised."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from value_strategies import UNITS, Thing, days, floats, numbers, quantities, scalars, steps, values, whole_durations

from planlang.lang import literals
from planlang.lang.operations import OperationError, binary, unary, within
from planlang.lang.steps import MISSING, Steps
from planlang.lang.text import show
from planlang.lang.values import HOLE, POISON, UNDEFINED, Date, Duration, Quantity, Redundancy, Value, Word

OPERATORS = ["+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or"]


def read(text: str) -> Value:
    """A literal in short: a quantity, a date or a number."""
    if text[:1].isdigit() and " " in text:
        return literals.quantity(text)
    return literals.date(text) if "-" in text else literals.number(text)


def outcome(operator: str, a: Value, b: Value) -> Value | str:
    """The result, or the whole message."""
    try:
        return binary(operator, a, b)
    except OperationError as error:
        return str(error)


@given(st.sampled_from(OPERATORS), values, values)
def test_only_operation_errors(operator: str, a: Value, b: Value) -> None:
    """Any operands give a value that can be shown, or an OperationError with a message."""
    assert isinstance(show(outcome(operator, a, b)), str)


@given(st.sampled_from(["-", "+", "not"]), values)
def test_signs_raise_only_operation_errors(operator: str, a: Value) -> None:
    """So do the signs and `not`."""
    try:
        unary(operator, a)
    except OperationError as error:
        assert str(error)  # noqa: PT017


@given(values, values, values)
def test_within_raises_only_operation_errors(a: Value, b: Value, tolerance: Value) -> None:
    """So does `within`."""
    try:
        within(a, b, tolerance)
    except OperationError as error:
        assert str(error)  # noqa: PT017


@given(st.sampled_from(OPERATORS), scalars)
def test_poison_spreads_silently(operator: str, a: Value) -> None:
    """A value that failed makes all that is computed from it fail, without another word."""
    assert binary(operator, a, POISON) is POISON
    assert binary(operator, POISON, a) is POISON


@given(st.sampled_from(UNITS), floats, floats, floats)
def test_quantities_form_a_vector_space(unit: str, x: float, y: float, n: float) -> None:
    """Sums commute, differences undo them, and scaling distributes, within the tolerance of floats."""
    u = literals.quantity(f"1 {unit}")
    a, b = binary("*", x, u), binary("*", y, u)
    assert binary("+", a, b) == binary("+", b, a)
    assert binary("-", a, b) == unary("-", binary("-", b, a))
    scale = literals.quantity(f"1 {unit}")
    error = binary("-", binary("*", n, binary("+", a, b)), binary("+", binary("*", n, a), binary("*", n, b)))
    assert abs(binary("/", error, scale)) <= 1e-9 * (1 + abs(n) * (abs(x) + abs(y)))  # type: ignore[arg-type]


@given(quantities(*UNITS), quantities(*UNITS))
def test_products_commute_and_quotients_undo_them(a: Quantity, b: Quantity) -> None:
    """`a * b / b` is `a`, and its dimension is the product."""
    assume(abs(b.magnitude) > 1e-6)
    product = binary("*", a, b)
    assert product == binary("*", b, a)
    back = binary("/", product, b)
    assert isinstance(back, Quantity)
    assert back.dimension is a.dimension
    assert back.magnitude == pytest.approx(a.magnitude, rel=1e-12)


@given(st.sampled_from(OPERATORS), steps(quantities("MW", "kW") | st.just(MISSING)), steps(quantities("MW")), days)
def test_schedules_are_pointwise(operator: str, a: Steps[Value], b: Steps[Value], day: datetime.date) -> None:
    """An operator on schedules gives on every day what it gives on that day's values."""
    try:
        result = binary(operator, a, b)
    except OperationError:
        return
    assert isinstance(result, Steps)
    assert result.at(day) == binary(operator, a.at(day), b.at(day)) or show(result.at(day)) == "undefined"


@given(numbers | quantities("MW"), numbers | quantities("MW"))
def test_comparisons_agree(a: Value, b: Value) -> None:
    """Exactly one of less, equal and more holds; the others follow."""
    try:
        less, equal, more = (binary(operator, a, b) for operator in ("<", "==", ">"))
    except OperationError:
        assert isinstance(a, Quantity) != isinstance(b, Quantity)
        return
    assert [less, equal, more].count(True) == 1
    assert binary("<=", a, b) is (less or equal)
    assert binary(">=", a, b) is (more or equal)
    assert binary("!=", a, b) is (not equal)
    assert binary("<", b, a) is more


@given(st.floats(1e-6, 1e12), st.floats(-0.9e-9, 0.9e-9))
def test_a_full_budget_is_not_overdrawn(budget: float, excess: float) -> None:
    """Comparisons hold within a relative 1e-9, and not beyond."""
    assert binary("<=", budget * (1 + excess), budget) is True
    assert binary("==", budget * (1 + excess), budget) is True
    assert binary("<=", budget * (1 + 3e-9), budget) is False


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_whole_numbers_stay_whole(a: int, b: int) -> None:
    """Sums, differences and products of whole numbers are whole, and compare exactly."""
    for operator in "+-*":
        assert type(binary(operator, a, b)) is int
    assert binary("==", 10**12 + 1, 10**12) is False


@given(days, whole_durations)
def test_dates_and_durations(day: datetime.date, duration: Duration) -> None:
    """A date moves the same way from both sides of the plus; subtracting is adding the negative."""
    date = Date(day)
    assert binary("+", date, duration) == binary("+", duration, date)
    assert binary("-", date, duration) == binary("+", date, unary("-", duration))


@pytest.mark.parametrize(
    ("a", "operator", "b", "result"),
    [
        ("300 MW", "+", "40 MW", "340 MW"),
        ("300 MW", "*", "1.28", "384 MW"),
        ("300 MW", "/", "132 kW", "2,272.7"),
        ("300 MW", "*", "24 h", "7.2 GWh"),
        ("7.2 GWh", "/", "300 MW", "1 day"),
        ("110 USD/kW/month", "*", "300 MW", "45,205 USD/h"),
        ("0.087 USD/kWh", "*", "1 TWh", "87 MUSD"),
        ("800 Gb/s", "*", "3", "2.4 Tb/s"),
        ("4.9 us/km", "*", "1_400 km", "6.86 ms"),
        ("1360 kg/m^2", "*", "2 m2", "2.72 t"),
        ("0.2 dB/km", "*", "80 km", "16 dB"),
        ("1 kV", "*", "100 A", "100 kVA"),
        ("22 kVA", "/", "400 V", "55 A"),
        ("20 kVA", "*", "0.9 W/VA", "18 kW"),
        ("40 sqft", "*", "4", "160 sqft"),
        ("18 months", "*", "2", "3 years"),
        ("18 months", "/", "6 months", "3"),
        ("18 months", "/", "4", "4.5 months"),
        ("2026-02", "+", "18 months", "2027-08"),
        ("2026-01-31", "+", "1 month", "2026-02-28"),
        ("2027-01", "-", "2026-01", "365 days"),
        ("25 degC", "-", "18 degC", "7 K"),
        ("25 degC", "+", "7 K", "32 degC"),
        ("7 K", "+", "25 degC", "32 degC"),
        ("25 degC", "-", "7 K", "18 degC"),
        ("7", "/", "2", "3.5"),
        ("2", "^", "10", "1,024"),
        ("3 m", "^", "2", "9 m2"),
        ("9 m2", "^", "0.5", "3 m"),
        ("0", "+", "3 MW", "3 MW"),
        ("3 MW", "-", "0", "3 MW"),
        ("0 W", "/", "0 W", "undefined"),
        ("1", "/", "4 ms", "250 Hz"),
    ],
)
def test_arithmetic(a: str, operator: str, b: str, result: str) -> None:
    """Figures of the trade come out in units that one would write."""
    assert show(binary(operator, read(a), read(b))) == result


POINT = "a temperature is a point on a scale; its differences are written in `K`"


@pytest.mark.parametrize(
    ("a", "operator", "b", "message"),
    [
        ("3 MW", "+", "2 km", "cannot add power (MW) and length (km)"),
        ("3 MW", "-", "2 km", "cannot subtract length (km) from power (MW)"),
        ("3 MW", "<=", "2 km", "cannot compare power (MW) and length (km)"),
        (
            "3 MW",
            "+",
            "2 MVA",
            "cannot add power (MW) and apparent power (MVA): "
            "real power is apparent power times the power factor, as in "
            "`20 kVA * 0.95 W/VA`",
        ),
        (
            "3 USD",
            "<",
            "2 EUR",
            "cannot compare money (USD) and money (EUR): multiply by a rate of exchange, as in `1.1 USD/EUR`",
        ),
        ("300", "+", "2 MW", "a bare number where power is due: write a unit, as in `300 MW`"),
        ("2 MW", "<=", "300", "a bare number where power is due: write a unit, as in `300 MW`"),
        ("3", "<", "18 months", "a bare number where a duration is due: write a unit, as in `3 months`"),
        ("2026-02", "+", "8", "cannot add a date and a number: write a duration, as in `8 months`"),
        ("2026-02", "*", "2", "cannot multiply a date by a number"),
        ("25 degC", "+", "7 degC", f"cannot add temperature (degC) and temperature (degC): {POINT}"),
        ("25 degC", "*", "2", f"cannot multiply temperature (degC) by a number: {POINT}"),
        ("7 K", "-", "25 degC", f"cannot subtract temperature (degC) from temperature difference (K): {POINT}"),
        ("25 degC", "<", "7 K", f"cannot compare temperature (degC) and temperature difference (K): {POINT}"),
        ("3 MW", "/", "0", "division by zero"),
        ("3 MW", "/", "0 W", "division by zero"),
        ("10", "^", "10000000000", "the result is too large: numbers stay below 1e300"),
        ("1e299", "*", "1e299", "the result is too large: numbers stay below 1e300"),
        ("3 m", "^", "0.5", "length has no square root"),
        ("3 m", "^", "0.3", "cannot raise length to the power of 0.3: whole and half powers are known"),
        ("3 m", "^", "40", "a unit to a power that high means nothing"),
    ],
)
def test_messages(a: str, operator: str, b: str, message: str) -> None:
    """A mistake is named with its units, and with what to write."""
    assert outcome(operator, read(a), read(b)) == message


def test_no_operation_hangs() -> None:
    """Towers of powers are refused before they are computed."""
    tower = binary("^", 10, 200)
    assert outcome("^", tower, tower) == "the result is too large: numbers stay below 1e300"
    assert outcome("^", -8, 0.5) == "a negative number has no such root"
    assert outcome("^", 0, -1) == "division by zero"


def test_holes() -> None:
    """A hole has no value to compute with."""
    message = (
        "a hole (`?`) has no value yet: sizes follow from the built plan; "
        "rules, milestones and `plan show` can read them"
    )
    assert outcome("+", HOLE, 1) == message
    assert outcome("<", literals.quantity("3 MW"), HOLE) == message
    assert outcome("and", True, HOLE) == message


def test_missing() -> None:
    """Where a schedule has no value yet, it adds nothing to a sum, and leaves all else missing."""
    power = literals.quantity("3 MW")
    assert binary("+", MISSING, power) == power
    assert binary("-", MISSING, power) == unary("-", power)
    assert binary("-", power, MISSING) == power
    for operator in ("*", "/", "<", "=="):
        assert binary(operator, MISSING, power) is MISSING
    assert binary("and", MISSING, True) is MISSING


def test_undefined() -> None:
    """Comparing 0/0 is undefined; a condition that is decided without it stays decided."""
    nothing = binary("/", 0, 0)
    assert nothing is UNDEFINED
    for operator in ("+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">="):
        for other in (1, literals.quantity("3 MW"), literals.quantity("2 h"), MISSING, nothing):
            assert binary(operator, nothing, other) is binary(operator, other, nothing) is UNDEFINED
    assert within(nothing, 1, 0.1) is within(1, nothing, 0.1) is within(1, 1, nothing) is UNDEFINED
    assert unary("-", nothing) is UNDEFINED
    assert binary("and", UNDEFINED, False) is False
    assert binary("or", UNDEFINED, True) is True
    assert binary("and", UNDEFINED, True) is UNDEFINED
    assert unary("not", UNDEFINED) is UNDEFINED


def test_equality_of_other_kinds() -> None:
    """Words equal their text; references are equal by path; two kinds do not compare."""
    assert binary("==", Word("leased"), "leased") is True
    assert binary("!=", Word("leased"), Word("owned")) is True
    assert binary("==", Thing("a.b"), Thing("a.b")) is True
    assert binary("==", Redundancy(2), literals.redundancy("2N")) is True
    assert binary("==", (1, Word("a")), (1.0, "a")) is True
    assert binary("==", (1,), (1, 2)) is False
    assert outcome("==", "leased", 3) == "cannot compare text and a number"
    assert outcome("==", Thing("a.b"), Word("x")) == "cannot compare `a.b` and the word `x`"
    assert outcome("<", True, False) == "cannot compare true or false and true or false"
    assert outcome("and", 1, True) == "`and` joins conditions, not a number: compare it, as in `x > 0`"


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "result"),
    [
        ("105 MW", "100 MW", "0.05", True),
        ("106 MW", "100 MW", "0.05", False),
        ("102 MW", "100 MW", "2 MW", True),
        ("25 degC", "23 degC", "2 K", True),
        ("25 degC", "23 degC", "1 K", False),
        ("2026-02", "2026-03", "28 days", True),
        ("2026-02", "2026-03", "27 days", False),
        ("3", "4", "0.25", True),
        ("0", "0 MW", "0", True),
    ],
)
def test_within(a: str, b: str, tolerance: str, result: bool) -> None:
    """A tolerance is a share of the right side, or a difference."""
    assert within(read(a), read(b), read(tolerance)) is result


def test_temperatures_have_no_share() -> None:
    """A share of a temperature means nothing."""
    with pytest.raises(OperationError) as raised:
        within(read("25 degC"), read("23 degC"), 0.05)
    assert str(raised.value) == "a share of temperature (degC) means nothing: write a difference, as in `2 K`"


def test_signs() -> None:
    """A minus before a temperature is of its reading; units stay as written."""
    assert show(unary("-", literals.quantity("5 degC"))) == "-5 degC"
    assert show(unary("-", literals.quantity("1360 kW"))) == "-1,360 kW"
    with pytest.raises(OperationError) as raised:
        unary("-", "text")
    assert str(raised.value) == "`-` does not apply to text"
