"""The functions of the language."""

from __future__ import annotations

import datetime
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from value_strategies import Thing, days, floats, numbers, quantities, steps, values

from planlang.lang import literals
from planlang.lang.functions import FUNCTIONS, call
from planlang.lang.operations import OperationError, binary
from planlang.lang.steps import MISSING, Steps
from planlang.lang.text import show, to_json
from planlang.lang.values import HOLE, NEVER, POISON, UNDEFINED, Date, Duration, Quantity, RangeValue, Value

D1, D2 = datetime.date(2026, 2, 1), datetime.date(2026, 10, 1)


def schedule(before: str, first: str, second: str) -> Steps[Value]:
    """A schedule with two dated steps."""
    return Steps.from_pairs(
        [(D1, literals.quantity(first)), (D2, literals.quantity(second))], literals.quantity(before)
    )


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(values, max_size=3))
def test_only_operation_errors(name: str, arguments: list[Value]) -> None:
    """Any arguments give a value that can be shown, or an OperationError."""
    try:
        result = call(name, arguments)
    except OperationError as error:
        assert str(error)  # noqa: PT017
    else:
        assert isinstance(show(result), str)


@given(st.sampled_from(sorted(FUNCTIONS)), values)
def test_poison_spreads(name: str, value: Value) -> None:
    """A failed argument fails the call, silently."""
    assert call(name, [value, POISON]) is POISON
    assert call(name, [(value, (POISON,))]) is POISON


@given(st.lists(quantities("MW", "kW"), min_size=1, max_size=6))
def test_lists_of_quantities(items: list[Quantity]) -> None:
    """The sum is the correctly rounded one; least and greatest are among the items."""
    magnitudes = [item.magnitude for item in items]
    total, least, greatest = (call(name, [tuple(items)]) for name in ("sum", "min", "max"))
    assert isinstance(total, Quantity)
    assert total.magnitude == fsum(magnitudes)
    assert least in items
    assert greatest in items
    assert (least, greatest) == (min(items, key=lambda q: q.magnitude), max(items, key=lambda q: q.magnitude))


@given(st.lists(steps(quantities("MW")) | quantities("MW"), min_size=1, max_size=5), days)
def test_pointwise_over_schedules(items: list[Value], day: datetime.date) -> None:
    """What a function gives on a day is what it gives on that day's values."""
    on_day = [item.at(day) if isinstance(item, Steps) else item for item in items]
    for name in ("sum", "min", "max"):
        result = call(name, items)
        assert (result.at(day) if isinstance(result, Steps) else result) == call(name, on_day)


@given(st.lists(st.booleans() | steps(st.booleans()), max_size=6), days)
def test_conditions(items: list[Value], day: datetime.date) -> None:
    """`any` and `all` are pointwise, and hold as one expects of an empty list."""
    on_day = [item.at(day) if isinstance(item, Steps) else item for item in items]
    for name, expected in (("any", any(on_day)), ("all", all(on_day))):
        result = call(name, [tuple(items)])
        assert (result.at(day) if isinstance(result, Steps) else result) is expected


@given(floats)
def test_rounding(x: float) -> None:
    """`floor <= x <= ceil`, at most one apart, within the tolerance; `round` is the nearest."""
    floor, ceil, nearest = (call(name, [x]) for name in ("floor", "ceil", "round"))
    assert isinstance(floor, int)
    assert isinstance(ceil, int)
    assert isinstance(nearest, int)
    slack = 1e-9 * max(1.0, abs(x))
    assert floor - slack <= x <= ceil + slack
    assert 0 <= ceil - floor <= 1
    assert abs(nearest - x) <= 0.5


@given(st.integers(-(10**6), 10**6), st.floats(-0.9e-9, 0.9e-9))
def test_rounding_tolerates_noise(n: int, noise: float) -> None:
    """A whole number with the noise of floats is that number."""
    assert call("floor", [n * (1 + noise)]) == n
    assert call("ceil", [n * (1 + noise)]) == n


@given(steps(numbers))
def test_over_time(item: Steps[Value]) -> None:
    """`most` and `least` are the extremes of all values that a schedule ever has."""
    assert call("most", [item]) == max(item.values)  # type: ignore[type-var]
    assert call("least", [item]) == min(item.values)  # type: ignore[type-var]


def test_of_nothing() -> None:
    """An empty list has a sum, a count and conditions, but no least item."""
    assert (call("sum", [()]), call("count", [()]), call("any", [()]), call("all", [()])) == (0, 0, False, True)
    with pytest.raises(OperationError) as raised:
        call("min", [()])
    assert str(raised.value) == "`min` of an empty list"


def test_a_bare_zero_takes_the_unit_of_its_neighbours() -> None:
    """`max(0, x)` is a quantity where `x` is one."""
    assert show(call("max", [0, binary("-", literals.quantity("2 MW"), literals.quantity("3 MW"))])) == "0 MW"
    assert show(call("sum", [0, literals.quantity("2 MW")])) == "2 MW"


def test_counts_stay_whole() -> None:
    """Whole numbers sum to whole numbers, in schedules too; nested lists are flattened."""
    assert call("sum", [(1, 2, (3,))]) == 6
    assert type(call("sum", [(1, 2)])) is int
    assert call("count", [(Thing("a"), (Thing("b"), HOLE))]) == 3
    assert call("count", [RangeValue(1, 4)]) == 4
    result = call("sum", [Steps.from_pairs([(D1, 3)], 0), 4])
    assert isinstance(result, Steps)
    assert result.values == (4, 7)


def test_durations() -> None:
    """Durations sum by months and seconds, and compare by length."""
    assert call("sum", [Duration(18), Duration(6, 86400.0)]) == Duration(24, 86400.0)
    assert call("max", [Duration(18), Duration(0, 86400.0)]) == Duration(18)
    assert call("abs", [Duration(-3)]) == Duration(3)


def test_schedules() -> None:
    """Time is searched, and missing stretches count as nothing."""
    grid = schedule("0 MW", "450 MW", "900 MW")
    assert show(call("most", [grid])) == "900 MW"
    assert show(call("least", [grid])) == "0 MW"
    assert show(call("at", [grid, Date(D1)])) == "450 MW"
    assert show(call("at", [literals.quantity("3 MW"), Date(D1)])) == "3 MW"
    assert show(call("first", [binary(">=", grid, literals.quantity("500 MW"))])) == "2026-10"
    written = Steps.from_pairs([(D1, literals.quantity("450 MW"))], MISSING)
    assert show(call("least", [written])) == "450 MW"
    assert show(call("sum", [written, literals.quantity("1 MW")])) == "1 MW until 2026-02, 451 MW from 2026-02"


def test_undefined_values_pass() -> None:
    """0/0 stays undefined through every function that computes, beside whatever it stands."""
    nothing = binary("/", 0, 0)
    for name in ("ceil", "floor", "round", "abs", "sum", "min", "max", "most", "least", "count", "any", "all"):
        assert call(name, [nothing]) is UNDEFINED
    for name in ("sum", "min", "max", "count"):
        assert call(name, [nothing, 1]) is call(name, [1, nothing]) is UNDEFINED
    assert call("sum", [literals.quantity("3 MW"), nothing]) is UNDEFINED
    assert call("sum", [literals.quantity("3 h"), nothing]) is UNDEFINED


def test_what_never_holds_is_later_than_any_date() -> None:
    """`first` of what never holds is `never`, which stays what it is, and is in no span of time."""
    never = call("first", [binary(">=", schedule("0 MW", "450 MW", "460 MW"), literals.quantity("500 MW"))])
    assert never == NEVER
    assert (show(never), to_json(never)) == ("never", {"kind": "date", "value": "9999-12-31", "text": "never"})
    assert binary(">", never, Date(datetime.date(2200, 12, 31))) is True
    assert binary("+", never, Duration(12)) == NEVER
    assert call("max", [never, Date(D1)]) == NEVER
    with pytest.raises(OperationError) as raised:
        binary("-", never, Date(D1))
    assert str(raised.value) == "a date that never comes is no time away from another"


def test_what_always_holds_begins_with_the_horizon() -> None:
    """`first` of what holds from the beginning is the first date of the horizon, where there is one."""
    assert call("first", [True], D1) == Date(D1)
    later = Steps.from_pairs([(D2, False)], True)
    assert call("first", [later], D1) == Date(D1)


def test_shift_moves_every_date() -> None:
    """The values stay; days are cut to the month's last, and of two that meet the later value holds."""
    grid = schedule("0 MW", "450 MW", "900 MW")
    assert show(call("shift", [grid, Duration(12)])) == "0 MW until 2027-02, 450 MW from 2027-02, 900 MW from 2027-10"
    assert show(call("shift", [grid, Duration(-1)])) == "0 MW until 2026-01, 450 MW from 2026-01, 900 MW from 2026-09"
    ends = Steps.from_pairs([(datetime.date(2026, 1, 30), 1), (datetime.date(2026, 1, 31), 2)], 0)
    assert call("shift", [ends, Duration(1)]) == Steps.from_pairs([(datetime.date(2026, 2, 28), 2)], 0)
    assert call("shift", [literals.quantity("3 MW"), Duration(12)]) == literals.quantity("3 MW")
    written = Steps.from_pairs([(D1, literals.quantity("450 MW"))], MISSING)
    assert show(call("shift", [written, Duration(0, 86400.0)])) == "450 MW from 2026-02-02"
    assert call("any", [UNDEFINED, True]) is True
    assert call("all", [UNDEFINED, False]) is False


def test_rounding_to_digits() -> None:
    """Halves go away from zero; digits after the point may be asked for."""
    assert [call("round", [x]) for x in (0.5, 1.5, -0.5, 2.4)] == [1, 2, -1, 2]
    assert call("round", [3.14159, 2]) == 3.14


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("at", [1], "`at` takes other arguments: at(schedule, date)"),
        ("at", [1, 2], "the second argument of `at` is a date, not a number"),
        ("min", [], "`min` takes other arguments: min(a, b, …) or min(list)"),
        ("shift", [1, 2], "a bare number where a duration is due: write a unit, as in `2 months`"),
        ("shift", [1, "a"], "`shift` moves by a duration, not by text"),
        (
            "shift",
            [Date(D1), Duration(1)],
            "`shift` moves the dates of a schedule, not a date: add to it, as in `from + 3 months`",
        ),
        ("first", [True], "the condition of `first` holds from the beginning, on no first date"),
        ("first", [3], "`first` takes a condition, not a number: compare it, as in `x > 0`"),
        (
            "ceil",
            [literals.quantity("3.2 MW")],
            "`ceil` takes a number, not power (MW): divide it first, as in `ceil(x / 1 MW)`",
        ),
        ("sum", [literals.quantity("3 MW"), literals.quantity("3 km")], "cannot add power (MW) and length (km)"),
        ("sum", ["a"], "`sum` does not apply to text"),
        ("sum", [literals.quantity("3 MW"), 2], "a bare number where power is due: write a unit, as in `2 MW`"),
        ("max", [literals.quantity("3 MW"), literals.quantity("3 km")], "cannot compare power (MW) and length (km)"),
        ("max", ["a"], "`max` does not apply to text"),
        ("all", [True, 3], "`and` joins conditions, not a number: compare it, as in `x > 0`"),
        ("abs", [literals.quantity("3 degC")], "`abs` does not apply to temperature (degC)"),
        (
            "sum",
            [HOLE],
            "a hole (`?`) has no value yet: sizes follow from the built plan; "
            "rules, milestones and `plan show` can read them",
        ),
    ],
)
def test_messages(name: str, arguments: list[Value], message: str) -> None:
    """A mistake says what the function takes."""
    with pytest.raises(OperationError) as raised:
        call(name, arguments)
    assert str(raised.value) == message
