"""States, percentages and widths."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.views import style


@pytest.mark.parametrize(
    ("utilization", "name", "colour", "words"),
    [
        (0.0, "ok", "#2563EB", "0%"),
        (0.5, "ok", "#2563EB", "50%"),
        (0.8999, "ok", "#2563EB", "<90%"),
        (0.896, "ok", "#2563EB", "89.6%"),
        (0.9, "near", "#D97706", "90%"),
        (0.7 + 0.2, "near", "#D97706", "90%"),
        (1.0, "near", "#D97706", "100%"),
        (1.003, "over", "#B91C1C", "100.3%"),
        (1.0001, "over", "#B91C1C", ">100%"),
        (12.5, "over", "#B91C1C", "1,250%"),
        (math.inf, "over", "#B91C1C", ">9,999%"),
    ],
)
def test_state_and_percentage(utilization: float, name: str, colour: str, words: str) -> None:
    """Blue below 90%, amber to 100%, red past it; the percentage says the same."""
    state = style.state_of(utilization)
    assert (state.name, state.colour, style.percentage(utilization)) == (name, colour, words)


def test_no_limit_and_inactive() -> None:
    assert style.state_of(None) is style.PLAIN
    assert style.state_of(math.nan) is style.PLAIN
    assert style.state_of(1.5, active=False) is style.INACTIVE
    assert style.percentage(None) == ""


@given(st.floats(0, 1e12), st.floats(0, 1e12), st.floats(1, 1e12))
def test_width_grows_with_flow(one: float, other: float, largest: float) -> None:
    """A larger flow never has a thinner line, and none leaves the range."""
    small, large = sorted((one, other))
    assert 1.2 <= style.pen_width(small, largest) <= style.pen_width(large, largest) <= 8.0


@pytest.mark.parametrize("flow", [math.nan, math.inf, -1.0])
def test_odd_flows_are_thin(flow: float) -> None:
    assert style.pen_width(flow, 10.0) == 1.2
