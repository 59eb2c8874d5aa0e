"""What somebody answers for: which findings, on which dates, and what the verdict makes of it."""

from __future__ import annotations

import pytest
from reading import messages

from planlang.compiler import Result, compile_text

SITE = """
plan p {{ horizon = 2026-01 .. 2028-12 }}
{}
campus c {{ peak_pue = 1.2; pue = 1.1; {}
  utility grid {{ capacity = [2 MW from 2026-01, 3 MW from 2028-01] }}
  building b[1..2] {{ load = [1 MW from 2026-02, 1.4 MW from 2027-03]; budget = 1.2 MW; {} }} }}
"""


def told(result: Result) -> list[str]:
    """`CODE subject from .. until (accepted)` of every finding, in order of date."""
    return sorted(
        f"{one.code.code} {one.subject} {one.start or ''}..{one.until or ''}" + (" accepted" if one.accepted else "")
        for one in result.findings
    )


@pytest.mark.parametrize(
    ("top", "campus", "building", "expected", "verdict"),
    [
        (
            "",
            "",
            "",
            [
                "PWR101 c.b[1] 2027-03-01..2029-01-01",
                "PWR101 c.b[2] 2027-03-01..2029-01-01",
                "PWR103 c.grid 2026-02-01..2029-01-01",
            ],
            "fails",
        ),
        (
            'accept PWR101 "small"',
            'accept PWR103 "turbines"',
            "",
            [
                "PWR101 c.b[1] 2027-03-01..2029-01-01 accepted",
                "PWR101 c.b[2] 2027-03-01..2029-01-01 accepted",
                "PWR103 c.grid 2026-02-01..2029-01-01 accepted",
            ],
            "holds",
        ),
        (
            'accept PWR101 "small"',
            'accept PWR103 until 2027-06 "turbines"',
            "",
            [
                "PWR101 c.b[1] 2027-03-01..2029-01-01 accepted",
                "PWR101 c.b[2] 2027-03-01..2029-01-01 accepted",
                "PWR103 c.grid 2026-02-01..2027-06-01 accepted",
                "PWR103 c.grid 2027-06-01..2029-01-01",
            ],
            "fails",
        ),
        (
            'accept PWR103 until 2029-01 "to the end"',
            "",
            'accept PWR101 until 2027-03 + (index - 1) * 24 months "one after the other"',
            [
                "ACC103 c.b[1] ..",
                "PWR101 c.b[1] 2027-03-01..2029-01-01",
                "PWR101 c.b[2] 2027-03-01..2029-01-01 accepted",
                "PWR103 c.grid 2026-02-01..2029-01-01 accepted",
            ],
            "fails",
        ),
    ],
)
def test_in_its_block_and_below_until_its_date(
    top: str, campus: str, building: str, expected: list[str], verdict: str
) -> None:
    """What is accepted fails nothing; beyond the date it fails again, in a finding of its own."""
    result = compile_text(SITE.format(top, campus, building))
    if "ACC103" in expected[0]:  # the statement answers for one of the two members: it is not idle
        expected = expected[1:]
    assert told(result) == expected
    assert result.verdict == verdict
    assert result.count("error") == sum("accepted" not in one for one in expected)


def test_each_part_of_a_split_finding_is_judged_by_itself() -> None:
    """Its worst interval, its numbers and its fixes are those of its own dates."""
    result = compile_text(SITE.format('accept PWR101 "small"', 'accept PWR103 until 2027-03 "turbines"', ""))
    first, second = (one for one in result.findings if one.code.code == "PWR103")
    assert first.message == (
        "`c.grid`: facility load of 2.4 MW exceeds its firm capacity of 2 MW by 400 kW from 2026-02 until 2027-03"
    )
    assert first.fixes[0].message == "raise `capacity` to 2.4 MW from 2026-02"
    assert second.message == (
        "`c.grid`: facility load exceeds its firm capacity from 2027-03 until 2029-01; at worst by 1.36 MW from "
        "2027-03: 3.36 MW against 2 MW"
    )
    assert second.notes == ("until 2027-03 it is accepted: turbines",)
    assert first.accepted == (second.start, "turbines")


def test_the_longest_one_counts() -> None:
    """Of several that answer for one finding, the one that reaches furthest, the nearest of equals."""
    text = SITE.format('accept PWR103 until 2027-06 "all"', 'accept PWR103 until 2027-01 "here"', 'accept PWR101 "b"')
    assert [one.accepted.message for one in compile_text(text).findings if one.accepted] == ["all", "b", "b"]
    text = SITE.format('accept PWR103 "all"', 'accept PWR103 "here"', 'accept PWR101 "b"')
    assert [one.accepted.message for one in compile_text(text).findings if one.accepted] == ["here", "b", "b"]


def test_a_template_brings_them_along() -> None:
    """What stands in a template answers in each instance."""
    result = compile_text(
        """
        template building hall { load = 2 MW; budget = 1 MW; pue = 1.1; peak_pue = 1.2
          accept PWR101 "the budget is old" }
        campus c { building h[1..2] is hall
          building other { load = 2 MW; budget = 1 MW; pue = 1.1; peak_pue = 1.2 } }
        """
    )
    assert told(result) == ["PWR101 c.h[1] .. accepted", "PWR101 c.h[2] .. accepted", "PWR101 c.other .."]


def test_what_is_always_so_fails_again_beyond_the_date() -> None:
    """A finding without dates holds on all of them."""
    text = """
        plan p {{ horizon = 2026-01 .. 2026-12 }}
        campus a {{ at = (42.7, -87.9) }}
        campus b {{ at = (33.4, -84.4) }}
        link l {{ between = [a, b]; length = 700 km; fiber_pairs = 2; accept WAN110 until {} "a surveyor comes" }}
        """
    result = compile_text(text.format("2026-06"))
    assert told(result) == ["WAN110 l .. accepted", "WAN110 l 2026-06-01.."]
    assert [one.notes[-1] for one in result.findings if not one.accepted] == [
        "until 2026-06 it is accepted: a surveyor comes"
    ]
    assert told(compile_text(text.format("2027-01"))) == ["WAN110 l .. accepted"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("campus c { utility g { capacity = 15.1 MW }\n building b { load = 10 MW } }", "PWR120"),
        (
            "building b { load = 1 MW; pue = 1.1; peak_pue = 1.2; ups u { rating = ?; count = ? } }",
            "HOL102",
        ),
    ],
)
def test_what_no_rule_finds_is_split_as_it_is(text: str, code: str) -> None:
    """What is assumed, or sized, is found once for all dates: it is accepted up to the date, and told beyond it."""
    result = compile_text(f'plan p {{ horizon = 2026-01 .. 2026-12 }}\n{text}\naccept {code} until 2026-06 "soon"')
    first, second = (one for one in result.findings if one.code.code == code)
    assert first.accepted == (second.start, "soon")
    assert second.accepted is None
    assert second.message == first.message
    assert second.notes[-1] == "until 2026-06 it is accepted: soon"


def test_warnings_preferences_and_milestones_can_be_accepted() -> None:
    """All but mistakes of reading and `require`."""
    result = compile_text(
        """
        plan p { horizon = 2026-01 .. 2026-12 }
        let racks = 10
        prefer racks > 20 "or so"
        milestone m { by = 2026-06; holds = racks > 20; accept RUL103 until 2026-09 "late" }
        accept RUL102 "we are few"
        """
    )
    assert told(result) == [
        "RUL102  2026-01-01..2027-01-01 accepted",
        "RUL103 m 2026-06-01..2026-09-01 accepted",
        "RUL103 m 2026-09-01..2027-01-01",
    ]


def test_one_that_answers_for_nothing_is_told() -> None:
    """As one whose findings are elsewhere, or later; one that answers in one instance is not."""
    text = SITE.format('accept PWR104 "none"', "", 'accept PWR103 "not here"')
    assert [one for one in messages(text) if one.startswith("ACC")] == [
        "ACC103 `accept PWR104` answers for nothing: there is no such finding",
        "ACC103 `accept PWR103` answers for nothing: there is no such finding in `c.b[1]`",
    ]
    text = SITE.format('accept PWR103 "all"', 'accept PWR104 "paused"; status = paused', 'accept PWR101 "paused"')
    assert messages(text) == ["ACC103 `accept PWR103` answers for nothing: there is no such finding"]
    text = SITE.format("", 'accept PWR103 until 2026-02 "not yet"', "")
    assert [one for one in messages(text) if one.startswith("ACC")] == [
        "ACC103 `accept PWR103` answers for nothing: there is no such finding in `c` before 2026-02"
    ]


def test_accepting_changes_no_size() -> None:
    """What the compiler sizes meets the constraint that somebody answers for."""
    text = "building b { load = 5 MW; pue = 1.1; peak_pue = 1.2; ups u { rating = 1 MW; count = ? }\n%s }"
    sizes = [
        {
            f"{entity.path}.{name}": sized.value
            for (entity, name), sized in compile_text(text % more).situation.sized.items()
        }
        for more in ("", 'accept PWR106 "small"')
    ]
    assert sizes == [{"b.u.count": 5}, {"b.u.count": 5}]
