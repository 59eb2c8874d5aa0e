"""Hypothesis strategies for values of the language."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from planlang.lang.steps import Steps
from planlang.lang.units import parse_unit
from planlang.lang.values import (
    HOLE,
    MISSING,
    POISON,
    UNDEFINED,
    Date,
    Duration,
    Pair,
    Quantity,
    RangeValue,
    Redundancy,
    Referable,
    Value,
    Word,
)

UNITS = [
    *("MW", "W", "MVA", "kWh", "Gb/s", "GB", "km", "sqft", "m3", "L/min", "kg", "kg/m^2", "K", "dB", "kV", "A", "GHz"),
    *("USD", "MEUR", "USD/h", "USD/kWh", "USD/kW/month", "token/s", "PFLOPS", "g/kWh", "us/km", "W/bit"),
]


class Thing(Referable):
    """A block that one may refer to."""

    __slots__ = ("kind", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.kind = "building"


floats = st.floats(-1e12, 1e12, allow_subnormal=False)
numbers = st.integers(-(10**9), 10**9) | floats
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31))
dates = st.builds(Date, days, st.sampled_from(["day", "month", "quarter"]))
durations = st.builds(Duration, st.integers(-60, 60) | floats, floats)
whole_durations = st.builds(Duration, st.integers(-60, 60), st.integers(-400, 400).map(lambda n: n * 86400.0))
redundancies = st.builds(Redundancy, st.just(1), st.just(1), st.integers(0, 4)) | st.sampled_from(
    [Redundancy(2), Redundancy(2, 1, 1), Redundancy(3, 2), Redundancy(4, 3)]
)


def quantities(*units: str) -> st.SearchStrategy[Quantity]:
    """Quantities in these units, or any."""
    chosen = st.sampled_from([parse_unit(text) for text in units or UNITS])
    return st.builds(
        lambda x, unit, written: Quantity(x * unit.factor + unit.offset, unit.dimension, unit if written else None),
        floats,
        chosen,
        st.booleans(),
    )


def steps(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Steps[Value]]:
    """Schedules of these values, of at most five steps."""
    return st.builds(
        lambda pairs, before: Steps.from_pairs(pairs, before), st.lists(st.tuples(days, values), max_size=4), values
    )


scalars: st.SearchStrategy[Value] = st.one_of(
    numbers,
    st.sampled_from([1e300, -1e300, 10**300, 1e-308, 5e-324, Duration(1e300, -1e300)]),
    quantities(),
    quantities("degC"),
    dates,
    durations,
    redundancies,
    st.booleans(),
    st.text(max_size=8),
    st.sampled_from([Word("leased"), HOLE, POISON, MISSING, UNDEFINED, Thing("a.b"), Thing("a.c")]),
    st.builds(RangeValue, dates, dates) | st.builds(RangeValue, st.integers(1, 9), st.integers(1, 9)),
)
values: st.SearchStrategy[Value] = st.one_of(
    scalars,
    steps(numbers),
    steps(quantities("MW", "kW")),
    steps(scalars),
    st.builds(Pair, scalars, scalars),
    st.lists(scalars, max_size=3).map(tuple),
)
