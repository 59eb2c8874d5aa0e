"""Measures: figures with a path, what they may be, and who reads them."""

from __future__ import annotations

import pytest
from reading import messages, read

from planlang.compiler import Result, compile_text
from planlang.lang.text import show

SITE = """
plan p {{ horizon = 2026-01 .. 2027-12 }}
campus c {{ pue = 1.1; peak_pue = 1.2; {}
  building b {{ load = [2 MW from 2026-03, 4 MW from 2026-09] }} }}
"""


def figures(result: Result) -> dict[str, str]:
    """Every measure by its path, as a person reads it."""
    return {one.path: "unknown" if one.value is None else show(one.value) for one in result.measures}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("3", "3"),
        ("most(it_load)", "4 MW"),
        ("least(it_load)", "0 W"),
        ("at(it_load, 2026-05)", "2 MW"),
        ("first(it_load > 3 MW)", "2026-09"),
        ("first(it_load > 4 MW)", "never"),
        ("first(it_load >= 0 MW)", "2026-01"),
        ("most(it_load) > 3 MW", "true"),
        ("2027-01 - 2026-12", "31 days"),
        ("count(buildings)", "1"),
    ],
)
def test_one_figure(expression: str, value: str) -> None:
    """A number, a quantity, a date, a duration or a truth; of a schedule, what is taken of it."""
    assert figures(read(SITE.format(f'measure x = {expression} "so much"'))) == {"c.x": value}


def test_paths_titles_and_order() -> None:
    """Those of the top level come first, then block by block; each member of a range has its own."""
    result = read(
        """
        template building hall { load = 1 MW * index; pue = 1.1; peak_pue = 1.2
          measure peak = most(it_load) "Peak of a hall" }
        campus c { building h[1..2] is hall }
        measure all_of_it = sum(h.peak for h in c.h) "All"
        """
    )
    assert [(one.path, one.title) for one in result.measures] == [
        ("all_of_it", "All"),
        ("c.h[1].peak", "Peak of a hall"),
        ("c.h[2].peak", "Peak of a hall"),
    ]
    assert figures(result) == {"all_of_it": "3 MW", "c.h[1].peak": "1 MW", "c.h[2].peak": "2 MW"}


def test_rules_and_measures_read_them_by_their_path() -> None:
    """From within their block by their name, from elsewhere by their path; a failed rule shows them."""
    text = SITE.format("measure peak = most(it_load)\n require peak < 3 MW\n measure half = peak / 2")
    text += "require c.half + c.peak < 5 MW\nmilestone m { by = 2026-10; holds = c.peak < 1 MW }"
    result = compile_text(text)
    assert [(one.message, one.notes) for one in result.findings] == [
        (
            "require in `c` fails from 2026-01 until 2028-01: peak is 4 MW, not < 3 MW",
            ("peak is 4 MW",),
        ),
        (
            "require fails from 2026-01 until 2028-01: c.half + c.peak is 6 MW, not < 5 MW",
            ("c.half is 2 MW", "c.peak is 4 MW"),
        ),
        (
            "milestone `m` fails from 2026-10 until 2028-01: c.peak is 4 MW, not < 1 MW",
            ("c.peak is 4 MW",),
        ),
    ]


def test_on_its_own_right_a_name_means_what_it_would_be_without_the_line() -> None:
    """The derived quantity of its block; of a template's measure, the measure of the template."""
    result = read(
        """
        template campus big { pue = 1.1; peak_pue = 1.2; measure peak = most(it_load) }
        campus c is big { measure it_load = most(it_load)
          measure peak = peak / 2
          building b { load = 4 MW } }
        """
    )
    assert figures(result) == {"c.peak": "2 MW", "c.it_load": "4 MW"}


def test_a_body_may_take_a_measure_out() -> None:
    """`remove` takes what a template measures out, as it does anything else."""
    text = "template campus big { measure peak = most(it_load) }\ncampus c is big { remove peak }"
    assert read(text).measures == ()


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (
            "measure x = it_load",
            "TYP111 the measure `c.x` varies in time, and is to be one figure",
        ),
        ("measure x = buildings", "TYP111 the measure `c.x` is to be one figure, and not a list"),
        ('measure x = "much"', "TYP111 the measure `c.x` is to be one figure, and not text"),
        ("measure x = N+1", "TYP111 the measure `c.x` is to be one figure, and not a redundancy"),
        ("measure x = x", "NAM101 unknown name `x`"),
        ("measure x = y\n measure y = x", "NAM104 a cycle: `c.x` needs `c.y` needs `c.x`"),
        ("measure x = 1\n let x = 2", "NAM102 `x` is written twice in this body"),
        ("measure b = 1", "NAM103 `b` is a measure here already, and cannot be a block too"),
        (
            "measure x = most(it_load)\n budget = x",
            "NAM106 `x` is derived from the built plan, and cannot be part of an attribute",
        ),
    ],
)
def test_mistakes(inside: str, message: str) -> None:
    """What is no figure, or comes from itself, is one mistake, and keeps the plan from being read."""
    assert messages(SITE.format(inside)) == [message]
    result = compile_text(SITE.format(inside))
    assert (result.verdict, result.measures) == ("unreadable", ())


def test_what_is_not_known_is_said_once() -> None:
    """A measure that reads an unknown quantity is unknown; the warning names what."""
    text = (
        "building b { load = 1 MW; pue = 1.1; peak_pue = 1.2; battery y { rating = ? }\n measure x = most(y.usable) }"
    )
    result = compile_text(text)
    assert figures(result) == {"b.x": "unknown"}
    assert [f"{one.code.code} {one.message}" for one in result.findings] == [
        "RUL104 `usable` of `b.y` is not known, and what reads it is not evaluated",
        "HOL101 `rating = ?` is not sized: what needs it is not checked",
    ]
