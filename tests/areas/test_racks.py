"""Racks that are shared: by height, and in rows and on positions at once."""

# ruff: noqa: E501 - messages stand whole

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.compute.rack_rules import _Row
from planlang.compiler import compile_text

STACK = """
system server {{ power = 1 kW; positions = 1 / {share}; liquid = 0; height = {height} U }}
campus c {{ building b {{ pue = 1.2; peak_pue = 1.3
  hall h {{ positions = 1{more}
    deploy s {{ system = server; count = {count} }} }} }} }}
"""


@pytest.mark.parametrize(
    ("share", "height", "more", "count", "messages"),
    [
        (15, 4, "", 15, ["`c.b.h.s`: 15 `server` of 4 U in a rack take 60 U, more than the 52 U of the tallest racks that are usual"]),
        (13, 4, "", 13, []),
        (13, 4, "; rack_height = 48 U", 13, ["`c.b.h.s`: 13 `server` of 4 U in a rack take 52 U, more than the `rack_height` of 48 U"]),
        (15, 4, "", 13, []),
        (1, 56, "", 1, ["`c.b.h.s`: `server` take 56 U, more than the 52 U of the tallest racks that are usual"]),
        (1, 56, "; rack_height = 60 U", 1, []),
    ],
)  # fmt: skip
def test_what_shares_a_rack(share: int, height: int, more: str, count: int, messages: list[str]) -> None:
    """One above another, they fit its height."""
    result = compile_text(STACK.format(share=share, height=height, more=more, count=count))
    assert [one.message for one in result.findings if one.code.code == "SPC106"] == messages


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9), st.integers(2, 5), st.integers(0, 4), st.integers(0, 9))
def test_the_most_by_trying(most: int, each: int, rows: int, positions: int) -> None:
    """All ways to deal positions to rows: none has more systems."""
    dealt = (
        sum(min(most, mine * each) for mine in share)
        for share in combinations_with_replacement(range(positions + 1), rows)
        if sum(share) <= positions
    )
    assert _Row(most, each).room(rows, positions) == max(dealt, default=0)


def test_rows_and_positions_at_once() -> None:
    """Each alone bears thirty servers, both together twenty-six; the fixes are the least."""
    text = """
    system server { power = 10 kW; positions = 0.25; liquid = 0 }
    building b { pue = 1.2; peak_pue = 1.3
      hall h { rows = ROWS; row_budget = 55 kW; positions = POSITIONS
        deploy s { system = server; count = 30 } } }
    """

    def told(rows: int, positions: int) -> list[tuple[str, list[str]]]:
        result = compile_text(text.replace("ROWS", str(rows)).replace("POSITIONS", str(positions)))
        return [
            (one.message, [fix.message for fix in one.fixes]) for one in result.findings if one.code.code == "SPC107"
        ]

    message = (
        "`b.h`: at most 26 of its 30 `server` stand on 8 positions in 6 rows: a row bears 5, and a position holds 4"
    )
    assert told(6, 8) == [(message, ["raise `positions` to 12", "or raise `rows` to 8"])]
    assert (told(6, 12), told(8, 8)) == ([], [])
    assert told(6, 11)
    assert told(7, 8)
