"""Fixes of plant that is not there: what helps then, and never more of what is gone or not come yet."""

from __future__ import annotations

import pytest

from planlang.compiler import compile_text

SITE = (
    "plan p { horizon = 2026-01 .. 2027-12 }\n"
    "building b { load = 2 MW; pue = 1.2; peak_pue = 1.3\n utility g { capacity = 5 MW }\n"
)


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
    result = compile_text(f"{SITE} {plant} }}")
    found = [one for one in result.findings if one.code.code == "PWR110"]
    assert [fix.message for one in found for fix in one.fixes] == fixes


def test_what_stays_ends_the_finding() -> None:
    """As it is said, so it is."""
    plant = "ups u { rating = 1 MW; count = 2; until = 2028-01 }"
    assert compile_text(f"{SITE} {plant} }}").verdict == "holds"
