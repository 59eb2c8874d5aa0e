"""Fixes of plant that is not there: what helps then, and never more of what is gone or not come yet."""

from __future__ import annotations

import pytest

from planlang.compiler import compile_text

SITE = (
    "plan p { horizon = 2026-01 .. 2027-12 }\n"
    "building b { load = 2 MW; pue = 1.2; peak_pue = 1.3\n utility g { capacity = 5 MW }\n"
)


def offered(text: str) -> list[str]:
    """What would help where a load is there before its plant."""
    found = [one for one in compile_text(text).findings if one.code.code == "PWR110"]
    return [fix.message for one in found for fix in one.fixes]


@pytest.mark.parametrize(
    ("plant", "fixes"),
    [
        (
            "ups u { rating = 1 MW; count = 2; until = 2027-01 }",
            ["let `b.u` stay until 2028-01", "or let another ups, for 2 MW, start in 2027-01"],
        ),
        (
            "ups u { rating = 1 MW; count = 2; until = 2027-01 }\n ups v { rating = 2 MW; from = 2027-01; "
            "until = 2027-06 }",
            [
                *("let `b.u` stay until 2028-01", "or let another ups, for 1 MW, start in 2027-06"),
                *("let `b.v` stay until 2028-01", "or let another ups, for 1 MW, start in 2027-06"),
            ],
        ),
        (
            "ups u { rating = 1 MW; count = 1; from = 2026-06 }",
            ["start `b.u` in 2026-01 and raise its `count` to 2", "or let another ups, for 2 MW, start in 2026-01"],
        ),
        ("ups u { rating = 1 MW; count = 2; from = 2026-06 }", ["start `b.u` in 2026-01"]),
        (
            "transformer t { rating = 2 MVA; power_factor = 1; until = 2027-01 }\n ups u { rating = 2 MW }",
            ["let another transformer, for 2.6 MW, start in 2027-01"],
        ),
    ],
)
def test_plant_that_is_not_there(plant: str, fixes: list[str]) -> None:
    """Before it comes and after it is gone."""
    assert offered(f"{SITE} {plant} }}") == fixes


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        (
            "campus c { pue = 1.2; peak_pue = 1.25\n hall h { load = 4 MW }\n hall i { status = paused\n"
            "  substation s { rating = 6 MVA; power_factor = 1; serves = [c.h] } } }",
            [
                "let `c.i` be live from 2026-01: now its `status` is `paused`",
                "or let another substation, for 5 MW, start in 2026-01",
            ],
        ),
        (
            "campus c { pue = 1.2; peak_pue = 1.25\n hall h { load = 4 MW }\n hall i { status = paused\n"
            "  substation s { rating = 2 MVA; power_factor = 1; serves = [c.h] } } }",
            ["let another substation, for 5 MW, start in 2026-01"],
        ),
        (
            "building b { pue = 1.2; peak_pue = 1.25; load = 4 MW\n"
            " ups u { rating = 4 MW; count = [0 from 2026-01, 2 from 2026-07]; from = 2026-07 } }",
            ["start `b.u` in 2026-01 and raise its `count` to 1", "or let another ups, for 4 MW, start in 2026-01"],
        ),
        (
            "campus c { pue = 1.2; peak_pue = 1.25\n hall h { load = 4 MW }\n building b { until = 2026-07\n"
            "  utility g { capacity = 9 MW; serves = [c.h]; until = 2026-07 } } }",
            ["let another utility, for 5 MW, start in 2026-07"],
        ),
    ],
)
def test_plant_that_could_not_help(text: str, fixes: list[str]) -> None:
    """Plant of a place that is paused, of which none is there on the date, or whose place is gone."""
    assert offered(f"plan p {{ horizon = 2026-01 .. 2027-06 }}\n{text}") == fixes


def test_what_stays_ends_the_finding() -> None:
    """As it is said, so it is."""
    plant = "ups u { rating = 1 MW; count = 2; until = 2028-01 }"
    assert compile_text(f"{SITE} {plant} }}").verdict == "holds"
