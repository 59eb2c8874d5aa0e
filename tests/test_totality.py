"""Whatever one writes gives a result: no exception, within bounds of time, with every finding in its place."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dump import dump_all
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planlang.compiler import compile_text
from planlang.lang.functions import FUNCTIONS
from planlang.views import verdict
from planlang.views.document import document

if TYPE_CHECKING:
    from planlang.compiler import Result

ROOT = Path(__file__).parent
TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted(
        [
            *(ROOT.parent / "examples").glob("*.plan"),
            *(ROOT.parent / "examples").glob("*/parts/*.plan"),
            *(ROOT / "golden" / "mistakes").glob("*.plan"),
        ]
    )
]
PIECES = sorted({piece for text in TEXTS for piece in re.findall(r'"[^"\n]*"|[A-Za-z_]\w*|[\d._%-]+|[^\w\s]|\n', text)})
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def whole(text: str) -> Result:
    """Compile, and look at everything that is said."""
    result = compile_text(text)
    assert result.verdict in ("holds", "fails", "unreadable")
    for finding in result.findings:
        assert finding.message
        assert "\n" not in finding.message
        leaked = re.search(r"\b(None|Steps|Block|POISON|MISSING|HOLE|Quantity)\b|<[a-z]+ object", finding.message)
        assert leaked is None or leaked[0] in text, finding
        if finding.span is not None and finding.span.source.name == "plan.plan":
            assert 0 <= finding.span.start <= finding.span.end <= len(text)
    dump_all(result.findings, result.verdict, result.conditions)
    errors = [finding for finding in result.findings if finding.code.severity == "error" and not finding.accepted]
    assert (result.verdict == "holds") == (not errors)
    first, *_ = verdict.render(document(result), lambda name: text.split("\n")).splitlines()
    assert {"unreadable": "cannot be read"}.get(result.verdict, result.verdict) in first
    return result


@SETTINGS
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Of any characters."""
    whole(text)


@SETTINGS
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_words(pieces: list[str]) -> None:
    """Of the language's own words in any order."""
    whole(" ".join(pieces))


@SETTINGS
@given(st.sampled_from(TEXTS), st.integers(0, 2**32), st.integers(1, 4))
def test_plans_with_pieces_changed(text: str, seed: int, times: int) -> None:
    """Words of good plans dropped, doubled, swapped and replaced by others."""
    draw = random.Random(seed)
    pieces = re.findall(r'"[^"\n]*"|[A-Za-z_]\w*|[\d._%-]+|\s+|[^\w\s]', text)
    for _ in range(times):
        at, other = draw.randrange(len(pieces)), draw.randrange(len(pieces))
        change = draw.randrange(4)
        if change == 0:
            pieces[at] = ""
        elif change == 1:
            pieces[at] *= 2
        elif change == 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            pieces[at] = draw.choice(PIECES)
    whole("".join(pieces))


WORDS = """0 | 1 | -1 | 1e308 | 1e-308 | 0 MW | 3 MW | 1e308 MW | -3 MW | 2026-02 | 18 months | N+1 | true | ? | x | b
| b.load | [1, 2] | (1, 2) | 1..3 | leased | "t" | [1 MW from 2026-01, 0 MW from 2027-01] | it_load | halls | index
| [1 from 2026-01, 0 from 2027-01] | [true from 2026-01] | 2026-01 .. 2027-01 | 20 degC | 5 K | 3 USD/h | 9999-12
| [leased from 2026-01] | nvidia.gb200_nvl72 | nvidia | 0001-01"""
VALUES = st.sampled_from([word.strip() for word in WORDS.split("|")])
OPERATORS = ["+", "-", "*", "/", "^", "==", "<", ">=", "and", "or"]
EXPRESSIONS = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda t: f"({' '.join(t)})"),
        st.tuples(inner, inner, inner).map(lambda t: f"(if {t[0]} then {t[1]} else {t[2]})"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"at({t[0]}, {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"shift({t[0]}, {t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"sum({t[0]} for x in {t[1]} where {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} ~ {t[1]} within {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]" if t[0][0].isalpha() else f"[{t[0]}, {t[1]}]"),
        inner.map(lambda one: f"(not {one})"),
        inner.map(lambda one: f"(-{one})"),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    EXPRESSIONS, EXPRESSIONS, EXPRESSIONS, st.sampled_from(["load", "pue", "status", "from", "budget", "tenure", "at"])
)
def test_any_expression(one: str, other: str, third: str, name: str) -> None:
    """In a `let`, an attribute, a rule and its date, a milestone, a count."""
    whole(
        f"""use nvidia
        let x = {one}
        building b {{ peak_pue = 1.3; {name} = {other}
          hall h[1..2] {{ load = index * 1 MW }}
          ups u {{ rating = 2 MW; count = {one}; redundancy = N+1 }}
          require {other} from {third} "said"
          prefer {third}
          measure figure = {other} "followed"
          accept PWR101 until {third} "known"
          milestone m {{ by = 2026-06; holds = {one} }} }}
          maximize {one}"""
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EXPRESSIONS, EXPRESSIONS)
def test_any_rule(one: str, other: str) -> None:
    """Over a plan that can be read, in which loads, capacities, counts and words vary in time."""
    whole(
        f"""use nvidia
        let x = [1 MW from 2026-01, 3 MW from 2026-07]
        building b {{ peak_pue = 1.3; load = x; status = [live from 2026-01, paused from 2027-01]
          utility grid {{ capacity = [0 MW from 2026-01, 9 MW from 2026-03] }}
          hall halls_own[1..2] {{ load = index * 1 MW; until = 2028-01 }}
          deploy d {{ system = nvidia.gb200_nvl72; count = [1 from 2026-02, 2 from 2026-09] }}
          ups u {{ rating = 2 MW; count = 4; redundancy = N+1 }}
          require {one} "said"
          require sum(y.it_load for y in halls where {one}) > {other}
          prefer if {other} then {one} else u.utilization < grid.utilization
          measure figure = {other}
          require figure > {one}
          accept PWR103 until 2026-06 "known"
          milestone m {{ by = 2026-06; holds = {one} }} }}"""
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EXPRESSIONS, EXPRESSIONS, st.sampled_from([2, 2.5, 2.9, 3.1, 4]))
def test_any_rule_over_what_is_assumed(one: str, other: str, capacity: float) -> None:
    """What the rules read of it turns with what is assumed."""
    whole(
        f"""let x = [1 MW from 2026-01, 2 MW from 2026-07]
        building b {{ load = x
          utility grid {{ capacity = [0 MW from 2026-01, {capacity} MW from 2026-03] }}
          substation s {{ rating = {capacity} MVA }}
          measure peak = {other}
          require shift(facility_load, 2 months) < {one}
          require energy + {one} > {other}
          require peak < {other}
          accept PWR103 until first({one}) "known" }}"""
    )


# --- bounds ------------------------------------------------------------------------------------------

FAR = {
    "huge range": "building b { hall h[1..10^10] { load = 1 MW } }",
    "huge ranges in one another": "campus c { building b[1..100_000] { hall h[1..100_000] { load = 1 MW } } }",
    "huge count": "use nvidia\nbuilding b { peak_pue = 1.3; deploy d { system = nvidia.gb200_nvl72; count = 10^300 } }",
    "tower of powers": "let x = 10^10^10\nbuilding b { load = x * 1 MW; peak_pue = 1.3 }",
    "powers of whole numbers": "let x = 9_999_999_999^9_999_999\nbuilding b { load = x * 1 MW }",
    "squares of squares": "let a0 = 3\n" + "\n".join(f"let a{i} = a{i - 1} * a{i - 1}" for i in range(1, 60)),
    "list of many": "let x = sum(i for i in (1..10^9))\nbuilding b { load = x * 1 MW; peak_pue = 1.3 }",
    "lists in lists": "let x = sum(sum(sum(k for k in (1..10_000)) for j in (1..10_000)) for i in (1..10_000))\n"
    "building b { load = x * 1 MW; peak_pue = 1.3 }",
    "deep parentheses": "let x = " + "(" * 5_000 + "1" + ")" * 5_000,
    "deep blocks": "campus c { " * 500 + "}" * 500,
    "deep operations": "let x = " + "1 + " * 20_000 + "1",
    "deep members": "let x = a" + ".b" * 20_000,
    "cycle of a thousand": "\n".join(f"let a{i} = a{(i + 1) % 1000}" for i in range(1000))
    + "\nbuilding b { area = a0 * 1 m2 }",
    "chain of a thousand": "\n".join(f"let a{i} = a{i + 1}" for i in range(1000))
    + "\nlet a1000 = 1\nbuilding b { area = a0 * 1 m2 }",
    "template of itself": "template campus a { campus x is a { } }\ncampus c is a",
    "deep chain of deep values": "\n".join(f"let a{i} = " + "(" * 90 + f"a{i + 1}" + " + 1)" * 90 for i in range(390))
    + "\nlet a390 = 1\nbuilding b { area = a0 * 1 m2 }",
    "template in itself": "template hall a { hall x is a { } }\nbuilding b { hall h is a }",
    "templates that double": "\n".join(
        f"template hall t{i} {{ hall a is t{i + 1}\n hall b is t{i + 1} }}" for i in range(40)
    )
    + "\ntemplate hall t40 { load = 1 MW }\nbuilding b { hall h is t0 }",
    "chain of templates": "\n".join(f"template building t{i} is t{i + 1} {{ }}" for i in range(900))
    + "\ntemplate building t900 { load = 1 MW; peak_pue = 1.3 }\nbuilding b is t0",
    "schedule to the end of time": "building b { load = [1 MW from 0001-01, 2 MW from 9999-12]; until = 9999-12-31 }",
    "months beyond time": "building b { from = 2026-01 + 1_000_000_000 months; load = 1 MW; peak_pue = 1.3 }",
    "horizon to the end of time": "plan p { horizon = 0001-01 .. 9999-12 }\nbuilding b { load = 1 MW; peak_pue = 1.3 }",
    "infinite load": "building b { load = 1e300 MW * 1e300; peak_pue = 1.3; budget = 1 MW }",
    "nothing": "",
    "only a comment": "# nothing",
    "rule on nothing": "require it_load > 0 MW",
}


@pytest.mark.parametrize("name", FAR)
def test_far_beyond(name: str) -> None:
    """What would take for ever, or more memory than there is, is told so at once."""
    whole(FAR[name])
