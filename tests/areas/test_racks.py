"""Racks that are shared: by height, and in rows and on positions at once."""

# ruff: noqa: E501 - messages stand whole

from __future__ import annotations

import re
from itertools import combinations_with_replacement
from math import ceil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.compute.rack_rules import _Row
from planlang.areas.fabric.places import whole_shares
from planlang.compiler import compile_text
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from planlang.lang.finding import Finding

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


def left_open(text: str) -> list[tuple[str, str]]:
    skip = ("power", "cooling", "networks within sites", "failures")
    return [(one.what, one.why) for one in compile_text(text).not_examined if not one.what.startswith(skip)]


def test_what_is_not_known_of_racks_is_told() -> None:
    """Heights and masses that are not written, where a hall says what its racks take; nothing where none matters."""
    text = """
    system bare {{ power = 10 kW; positions = 0.25; liquid = 0 }}
    system known {{ power = 10 kW; positions = 0.25; liquid = 0; height = 8 U; mass = 130 kg }}
    system rack {{ power = 100 kW; liquid = 0; mass = 1_000 kg }}
    building b {{ pue = 1.2; peak_pue = 1.3
      hall h {{ {more} deploy a {{ system = bare; count = 8 }}
        deploy k {{ system = known; count = 8 }}
        deploy r {{ system = rack; count = 8 }} }} }}
    """
    height = ("height of the racks of bare", "it has no `height`")
    mass = ("mass of the racks of bare", "it has no `mass`")
    empty = ("mass of the empty racks of known", "`b.h` has no `rack_mass`: they count as nothing")
    assert left_open(text.format(more="")) == [height]
    assert left_open(text.format(more="rack_limit = 1_500 kg;")) == [height, mass, empty]
    assert left_open(text.format(more="rack_limit = 1_500 kg; rack_mass = 150 kg;")) == [height, mass]
    other = ("height of the racks of rack", "it has no `height`")
    assert left_open(text.format(more="rack_height = 48 U;")) == [height, other]


def test_what_is_assumed_of_network_racks_is_told() -> None:
    """Where positions are counted, the height of a rack that is taken, or that a switch has none."""
    text = """
    system rack {{ power = 100 kW; liquid = 0; accelerators = 8; nic = 800 Gb/s }}
    switch leaf {{ ports = 64; rate = 800 Gb/s; {height} }}
    building b {{ pue = 1.2; peak_pue = 1.3
      hall h {{ {more} deploy r {{ system = rack; count = 8 }} }} }}
    fabric f {{ switch = leaf; connects = [b.h.r] }}
    """
    taken = (
        "height of the racks of f",
        "`b.h` has no `rack_height`: at most 21 `leaf` of 2 U are taken to share one of 42 U",
    )
    assert left_open(text.format(height="height = 2 U", more="positions = 40;")) == [taken]
    assert left_open(text.format(height="height = 2 U", more="")) == []
    assert left_open(text.format(height="", more="positions = 40;")) == [("racks of f", "`leaf` has no `height`")]
    limit = ("mass of the racks of f", "a switch has no mass in a plan")
    known = "positions = 40; rack_height = 48 U; rack_limit = 1_500 kg; rack_mass = 1 kg;"
    assert limit in left_open(text.format(height="height = 2 U", more=known))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 20), st.integers(1, 30), st.integers(1, 400), st.integers(0, 300), st.integers(100, 3000))
def test_what_a_rack_bears(share: int, count: int, mass: int, empty: int, limit: int) -> None:
    """It fails exactly where the rack and what shares it are heavier than the limit, and each of its fixes mends it."""

    def told(share: int, limit: int) -> list[Finding]:
        result = compile_text(
            f"""
            system server {{ power = 1 kW; positions = 1 / {share}; liquid = 0; mass = {mass} kg; height = 1 U }}
            building b {{ pue = 1.2; peak_pue = 1.3
              hall h {{ rack_mass = {empty} kg; rack_limit = {limit} kg; deploy s {{ system = server; count = {count} }} }} }}
            """
        )
        return [one for one in result.findings if one.code.code == "SPC108"]

    found = told(share, limit)
    assert bool(found) == (min(share, count) * mass + empty > limit)
    for finding in found:
        raised, *fewer = finding.fixes
        assert isinstance(raised.value, Quantity)
        assert told(share, ceil(raised.value.magnitude)) == []
        for fix in fewer:
            assert told(int(re.findall("[0-9]+", fix.message)[-1]), limit) == []


@given(st.integers(0, 10**6), st.lists(st.floats(0, 1e6), min_size=1, max_size=9))
def test_whole_shares(number: int, parts: list[float]) -> None:
    """They add up, each within one of its exact share, and nothing goes where there is nothing."""
    found = whole_shares(number, parts)
    every = sum(parts)
    assert sum(found) == (number if every > 0 else 0)
    for mine, part in zip(found, parts, strict=True):
        assert mine >= 0
        assert not every or abs(mine - number * part / every) <= 1 + 1e-6
