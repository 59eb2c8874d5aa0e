"""Codes of what can go wrong between evaluated blocks and the checked plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.finding import Code

if TYPE_CHECKING:
    from planlang.lang.finding import Severity

CODES: dict[str, Code] = {}

READING = frozenset({"LEX", "SYN", "UNI", "DAT", "NUM", "NAM", "TYP", "TPL", "USE", "KND", "TIM", "ACC"})
"""Families of codes that say that a plan cannot be read."""


def _code(code: str, name: str, explanation: str, example: str = "", severity: Severity = "error") -> Code:
    made = CODES[code] = Code(code, name, severity, explanation, example=example)
    return made


UNKNOWN_KIND = _code(
    "KND101",
    "unknown-kind",
    "The first word of a block is its kind, one that an area of the trade defines. `plan explain KIND` prints one.",
    "bulding gpu { }",
)
UNKNOWN_ATTRIBUTE = _code(
    "KND102",
    "unknown-attribute",
    "A kind has the attributes that `plan explain KIND` lists, and a value of one's own is a `let`.",
    "building gpu { buget = 300 MW }",
)
WRONG_TYPE = _code(
    "KND103",
    "wrong-type",
    "The value is not of the type that the attribute takes, or lies beyond its bounds.",
    "building gpu { budget = 300 }",
)
MISSING_ATTRIBUTE = _code(
    "KND104",
    "missing-attribute",
    "Without this attribute nothing can be checked.",
    "ups block { count = 4 }",
)
NO_HOLE = _code(
    "KND105",
    "no-hole-here",
    "`?` asks the compiler for a size. It can find counts and ratings of plant, fiber pairs, and how many deploys fit.",
    "building gpu { pue = ? }",
)
NO_SCHEDULE = _code(
    "KND106",
    "no-schedule-here",
    "Only what may change in time takes a schedule: capacities, loads, counts, prices, status.",
    "ups block { rating = [2 MW from 2026-01, 3 MW from 2027-01] }",
)
MISPLACED = _code(
    "KND107",
    "misplaced-kind",
    "Each kind has its places: a hall stands in a building, a building in a campus, plant in what it serves.",
    "hall a { campus b { } }",
)
NEAR_NAME = _code(
    "NAM109",
    "near-name",
    "In the body of a block that starts from another, a `let` or a block of a known name replaces what stands there, "
    "or merges with it. This one misses such a name by a letter, so that it replaces nothing, and nothing reads it.",
    "template building t { let row_power = 1 MW\n  load = row_power }\n"
    "campus a { building b is t { let row_powr = 2 MW } }",
    severity="warning",
)
TWO_PLANS = _code(
    "KND108",
    "two-plan-blocks",
    "A project is one plan, and has at most one `plan` block.",
    "plan a { }\nplan b { }",
)
OUTSIDE_PARENT = _code(
    "TIM101",
    "outside-parent",
    "What stands in a block is there only while the block is: `from` and `until` lie within the parent's.",
    "campus a { from = 2026-06\n  building b { from = 2026-01 } }",
)
BACKWARDS = _code(
    "TIM102",
    "ends-before-it-starts",
    "`until` is the first day without it, and comes after `from`.",
    "building b { from = 2027-01; until = 2026-01 }",
)
ABSENT_REFERENCE = _code(
    "TIM103",
    "refers-to-absent",
    "What a block refers to (the ends of a link, the sites of a demand) is there for as long as the block is.",
    "link l { between = [a, b]; length = 80 km; from = 2025-01 }",
)
HOLE_NOT_SIZED = _code(
    "HOL101",
    "hole-not-sized",
    "`?` asks the compiler for a size. Of this attribute this version sizes none: it keeps the hole, and passes over "
    "the checks that need its value.",
    "link l { between = [a, b]; length = 80 km; fiber_pairs = ? }",
    severity="warning",
)
HOLE_UNFILLABLE = _code(
    "HOL102",
    "hole-unfillable",
    "No finite value fills the hole: every size would leave a constraint unmet, or nothing bounds it. The checks that "
    "need its value are passed over.",
    "ups block { rating = ?; count = ? }",
)
NONE_FITS = _code(
    "HOL103",
    "none-fits",
    "`count = ?` of a deploy asks how many fit, and not one does: what binds is said.",
    "building b { budget = 100 kW; deploy d { system = nvidia.gb200_nvl72; count = ? } }",
    severity="warning",
)
RULE_FAILS = _code(
    "RUL101",
    "require-fails",
    "A `require` of the plan does not hold. It binds on every interval while its block is there, from its date if it "
    "has one; where 0 is divided by 0 it is passed over.",
    'require accelerators <= 320_000 "the permit\'s cap"',
)
PREFERENCE_FAILS = _code(
    "RUL102",
    "prefer-fails",
    "A `prefer` of the plan does not hold: a warning, where a `require` would be an error.",
    "prefer average_load / it_load > 0.7",
    severity="warning",
)
MILESTONE_MISSED = _code(
    "RUL103",
    "milestone-missed",
    "The condition of a milestone holds at its `by` date and on every later one.",
    "milestone phase_one { by = 2026-10; holds = accelerators >= 300_000 }",
)
UNKNOWN_CODE = _code(
    "ACC101",
    "unknown-code",
    "`accept` names one code, as `plan check` and `plan explain rules` say it: three letters and three digits.",
    'accept PWR133 "the utility knows"',
)
NOT_ACCEPTABLE = _code(
    "ACC102",
    "not-acceptable",
    "Nobody can answer for a plan that cannot be read, nor for a `require`, which says itself what may not be.",
    'accept RUL101 "we know"',
)
ACCEPTS_NOTHING = _code(
    "ACC103",
    "accepts-nothing",
    "Nothing of that code is found in the block of the `accept`, on the dates that it is for: it can go.",
    'accept PWR103 until 2027-06 "turbines bridge it"',
    severity="warning",
)
UNKNOWN_QUANTITY = _code(
    "RUL104",
    "unknown-quantity",
    "A rule or question reads what cannot be known: a derived quantity of which a figure is missing, or is a hole that "
    "is not sized; one that is not finite, as the utilization of plant without capacity; or nothing but 0 divided by "
    "0. What reads it is not evaluated.",
    severity="warning",
)
