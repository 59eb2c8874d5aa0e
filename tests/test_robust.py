"""Kinds of input that once did what they should not: each comes to its end, and says what is right, whole."""
# ruff: noqa: E501 - texts and messages stand whole

from __future__ import annotations

import pytest

from planlang.compiler import compile_text

DOUBLING = "let a = [1, 2]\n" + "\n".join(
    f"let b{place} = [{before}, {before}]" for place, before in enumerate(["a", *(f"b{one}" for one in range(30))])
)

KINDS: dict[str, tuple[str, str, list[str]]] = {
    "a number with an exponent": (
        "campus c { load = 3.2e3 kW; pue = 1.2; peak_pue = 1.3; require it_load == 3.2 MW; ups u { rating = 1e1 kW; count = 3.3e2 } }",
        "holds",
        [],
    ),
    "a quotient of nothing": (
        "campus c { utility grid { capacity = 1 MW }\n  let used = 0 MW\n  let all = 0 MW\n  building a { load = 100 MW * (used / all); pue = 1.2; peak_pue = 1.3 } }",
        "unreadable",
        ["TYP101 `used / all` divides 0 by 0, which has no value"],
    ),
    "more than a float holds": (
        "let a = 1e200 * 1e200\ncampus c { load = 1 MW * a; pue = 1.2; peak_pue = 1.3 }",
        "unreadable",
        ["TYP101 the result is too large"],
    ),
    "a sum past a float": (
        "let a = sum(10^299 for k in (1..1_000))\nlet b = sum(a * 1e6 for k in (1..9))\ncampus c { load = 1 MW * b; pue = 1.2; peak_pue = 1.3 }",
        "unreadable",
        ["TYP101 the result is too large"],
    ),
    "a quantity too large": (
        "campus c { budget = 1e30 MW; load = 1 MW; pue = 1.2; peak_pue = 1.3 }",
        "unreadable",
        ["KND103 `budget` is 1e30 MW, too large to reckon with: figures stay below 1e24 W"],
    ),
    "a quantity too small": (
        "system s { power = 1e-40 W }",
        "unreadable",
        ["KND103 `power` is 1e-40 W, too small to reckon with: figures stay above 1e-24 W"],
    ),
    "a length of many spans": (
        "use optics\ncampus a { }\ncampus b { }\nlink far { between = [a, b]; length = 1e9 km; line = optics.dwdm_c_32x800; fiber_pairs = 12 }",
        "fails",
        [
            "FIG101 `far`: `length` is 1,000,000,000 km, far from what there is of a link: 20 m to 20,000 km",
            "WAN121 `far`: what arrives over 1,000 km has a signal to noise of 25.44 dB, 2.06 dB below the 27.5 dB that `optics.dwdm_c_32x800` requires with 2 dB of margin",
        ],
    ),
    "a thousand with a point and no blank": (
        "campus a { }\ncampus b { }\nlink l { between = [a, b]; length = 1.400km; fiber_pairs = 4 }",
        "holds",
        [
            "FIG101 `l`: `length` is 1.400 km, which is 1.4 km: a point parts no thousands",
        ],
    ),
    "more racks than can be counted one by one": (
        "system s { power = 1e-20 kW; positions = 0.25; liquid = 0; accelerators = 1 }\nbuilding b { pue = 1.2; peak_pue = 1.3; hall h { rows = 6; row_budget = 55 kW; deploy d { system = s; count = 1e12 } } }",
        "holds",
        [],
    ),
    "loads that differ by twenty orders": (
        "system rack { power = 100 kW; liquid = 0 }\ncampus c { pue = 1.1; peak_pue = 1.25; power_factor = 0.9\n  hall h0 { deploy d0 { system = rack; count = 5 } }\n  hall h1 { load = 1e-20 MW }\n  hall h2 { deploy d2 { system = rack; count = 5 } }\n  substation su0 { rating = 2.88 MVA; count = 1e6; serves = [c.h1, c.h0.d0, c.h2.d2] }\n  substation su1 { rating = 0.523 MVA; count = 4; serves = [c.h2.d2] }\n  utility ut2 { capacity = 9.41 MW } }",
        "holds",
        [],
    ),
    "a share that divides": (
        "building b { load = 4 MW; peak_pue = 1.3; pue = 1.2; busway row { rating = 2.5 MW; count = 3; continuous = 0% } }",
        "unreadable",
        ["KND103 `continuous` is 0, and cannot be below 0.01"],
    ),
    "an efficiency that divides": (
        "building b { load = 4 MW; peak_pue = 1.3; pue = 1.2; ups u { rating = 2.5 MW; count = 3; efficiency = 1e-9 } }",
        "unreadable",
        ["KND103 `efficiency` is 1e-09, and cannot be below 0.01"],
    ),
    "lists that double": (
        DOUBLING + "\nlet n = count(b30)",
        "unreadable",
        ["TYP104 a list of more than 1,000,000 items"],
    ),
    "what `where` leaves out": (
        "let x = sum(sum(1 for j in (1..9_000) where false) for i in (1..9_000))\nrequire x == 0",
        "unreadable",
        ["TYP107 with this, the plan takes more than 5,000,000 operations to compute"],
    ),
    "counts beyond counting": (
        "system s { power = 1e-20 W }\nbuilding b { budget = 1e9 MW; pue = 1.2; peak_pue = 1.3; deploy d { system = s; count = ? } }",
        "fails",
        [
            "FIG101 `b`: `budget` is 1,000,000,000 MW, far from what there is of a building: 10 kW to 2 GW",
            "HOL102 `b.d`: no count fills `count = ?`: the budget of `b` leaves room for 1,000,000,000,000 and more, beyond what is counted",
        ],
    ),
    "units beyond counting": (
        "building b { load = 1e9 MW; pue = 1.2; peak_pue = 1.3; ups u { rating = 1e-9 W; count = ? } }",
        "fails",
        [
            "FIG101 `b`: `load` is 1,000,000,000 MW, far from what there is of a building: 1 kW to 2 GW",
            "HOL102 `b.u`: no count fills `count = ?`: it takes 1,000,000,000,000 and more, beyond what is counted",
        ],
    ),
    "a range beyond counting": (
        "campus c[1..999_999_999] { }",
        "unreadable",
        ["TYP104 a range of 999,999,999 blocks is more than the 200,000 that one range may build"],
    ),
    "ranges within ranges": (
        "campus c[1..1_000] { building b[1..1_000] { hall h[1..1_000] { } } }",
        "unreadable",
        ["TYP104 the plan builds more blocks than can be checked"],
    ),
    "a generator that serves nothing": ("building b { generator g { rating = 2.5 MW; step = 50% } }", "holds", []),
    "a battery for a transformer": (
        "campus c { load = 3 MW; pue = 1.2; peak_pue = 1.3; transformer t { rating = 5 MVA; power_factor = 0.95 }; battery y { rating = 5 MW; serves = t } }",
        "holds",
        [],
    ),
    "plant that feeds itself": (
        "campus c { load = 3 MW; pue = 1.2; peak_pue = 1.3; ups a { rating = 5 MW; serves = [b] }; ups b { rating = 5 MW; serves = [a] } }",
        "fails",
        ["PWR128 `c.a` and `c.b` serve one another in a circle, and carry nothing of it"],
    ),
    "a value of itself": (
        "let a = b + 1\nlet b = a + 1\ncampus c { load = 1 MW * a; pue = 1.2; peak_pue = 1.3 }",
        "unreadable",
        ["NAM104 a cycle: `a` needs `b` needs `a`"],
    ),
    "a template of itself": (
        "template building t { hall h is t { } }\nbuilding b is t { }",
        "unreadable",
        ["TPL102 `t` is a building, and no base for a hall"],
    ),
    "the first and the last day": (
        "campus c { pue = 1.2; peak_pue = 1.3; building b { load = 1 MW; from = 0001-01-01; until = 9999-12-31 } }",
        "unreadable",
        [
            "DAT101 `0001-01-01` is not a date: years run from 1900 to 2200",
            "DAT101 `9999-12-31` is not a date: years run from 1900 to 2200",
        ],
    ),
    "a day after the last": (
        "campus c { from = 9999-12-31 + 400 days }",
        "unreadable",
        ["DAT101 `9999-12-31` is not a date: years run from 1900 to 2200"],
    ),
    "nesting without end": (
        "let a = " + "(" * 5_000 + "1" + ")" * 5_000,
        "unreadable",
        ["SYN104 blocks and brackets nest at most 100 deep"],
    ),
    "no line rate": (
        "use optics\ncampus a { at = (50, 8) }\ncampus b { at = (51, 9) }\nline_system l { channels = 1; rate = 1e-308 b/s }\nlink x { between = [a, b]; length = 171 km; line = l; fiber_pairs = 1 }",
        "unreadable",
        ["KND103 `rate` is 1e-308 b/s, too small to reckon with: figures stay above 1e-24 bit/s"],
    ),
    "quotes that never close": (
        "let a = " + '"' * 2_001,
        "unreadable",
        ['SYN101 expected a new line or `;` before `""`'],
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_it_comes_to(name: str) -> None:
    """The verdict, and every finding."""
    text, verdict, messages = KINDS[name]
    result = compile_text(text)
    assert [f"{one.code.code} {one.message}" for one in result.findings] == messages
    assert result.verdict == verdict
