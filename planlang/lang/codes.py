"""Codes of what can go wrong between the tree and the evaluated blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.lang.finding import Code

if TYPE_CHECKING:
    from planlang.lang.finding import Severity

CODES: dict[str, Code] = {}


def _code(code: str, name: str, explanation: str, example: str = "", severity: Severity = "error") -> Code:
    made = CODES[code] = Code(code, name, severity, explanation, example=example)
    return made


# --- names -----------------------------------------------------------------------------------------
UNKNOWN_NAME = _code(
    "NAM101",
    "unknown-name",
    "A name is looked up from the inside out: the block's own attributes, `let`s and blocks, its enclosing blocks, "
    "the top level, then the modules that the file uses. This one is in none of them.",
    "let racks = 10\ncampus a { load = rack * 1 MW }",
)
WRITTEN_TWICE = _code(
    "NAM102",
    "written-twice",
    "One body says one thing once. To change what a template says, write it in the body that follows `is`.",
    "campus a { pue = 1.2; pue = 1.3 }",
)
NAME_CLASH = _code(
    "NAM103",
    "name-clash",
    "Attributes, `let`s, measures, templates and blocks of one body share one namespace.",
    "campus a { let hall = 3\n  building hall { } }",
)
CYCLE = _code(
    "NAM104",
    "cycle",
    "Attributes are computed from attributes, in any order, but never from themselves.",
    "campus a { let x = y + 1\n  let y = x }",
)
UNKNOWN_PATH = _code(
    "NAM105",
    "unknown-path",
    "A dotted assignment or a `remove` reaches something that its base has. There is nothing of that name there.",
    "campus a is b { grd.capacity = 3 MW }",
)
NOT_YET_KNOWN = _code(
    "NAM106",
    "derived-in-attribute",
    "Attributes are computed from attributes; derived quantities follow from the built plan, and are read by "
    "`require`, `prefer`, measures and milestones.",
    "campus a { load = it_load * 2 }",
)
NO_SUCH_MEMBER = _code(
    "NAM107",
    "no-such-member",
    "What stands behind the dot is neither written in that block, nor passed down to it, nor derived for it.",
    "require wisconsin.it_laod < 300 MW",
)
NAME_TOO_LONG = _code(
    "NAM108",
    "name-too-long",
    "A name holds at most 200 characters. What is to be read stands behind it, as the title in quotes.",
)
# --- types -----------------------------------------------------------------------------------------
OPERATION = _code(
    "TYP101",
    "operation",
    "The operator or function does not take these values: dimensions differ, or the types do.",
    "campus a { load = 3 MW + 2 km }",
)
NOT_A_CONDITION = _code(
    "TYP102",
    "not-a-condition",
    "A rule, an `if` or a `where` needs a condition: a comparison, or a combination of them.",
    "campus a { require it_load }",
)
NOT_A_NUMBER_OF_BLOCKS = _code(
    "TYP103",
    "bad-range",
    "The bounds of a range of blocks are whole numbers, the first not above the last.",
    "building gpu[1..2.5] { }",
)
TOO_LARGE = _code(
    "TYP104",
    "too-large",
    "There are limits to what one plan may build and compute, so that no input exhausts the machine.",
    "building gpu[1..9999999999] { }",
)
BAD_SCHEDULE = _code(
    "TYP105",
    "bad-schedule",
    "The dates of a schedule ascend strictly, and each step has a value of the same kind.",
    "capacity = [450 MW from 2026-10, 900 MW from 2026-01]",
)
NO_SUCH_FUNCTION = _code(
    "TYP106",
    "unknown-function",
    "A name before `(` is a function of the language; there are no functions of one's own.",
    "let x = maximum(1, 2)",
)
TOO_MUCH_TO_COMPUTE = _code(
    "TYP107",
    "too-much-to-compute",
    "What one plan may compute is counted, so that every check ends: an operation on a number, an item that a "
    "comprehension goes through (those that `where` leaves out, too), an item of a list and a step of a schedule count "
    "one each. A plan may take 5 million of them, and 100 more for each block that it builds.",
    "require sum(sum(1 for j in (1..900_000)) for i in (1..900_000)) > 0",
)
NOT_A_FIGURE = _code(
    "TYP111",
    "not-a-figure",
    "A measure is one number, quantity, date or truth. Of a schedule, `most`, `least` or `at` takes one value.",
    "campus a { measure load = it_load }",
)
NOTHING_TO_SHIFT = _code(
    "TYP112",
    "nothing-to-shift",
    "`shift` moves the dates of a schedule. What does not vary has none, and stays as it is.",
    "campus a { utility grid { capacity = shift(450 MW, 12 months) } }",
    severity="warning",
)
OBJECTIVE_IN_BLOCK = _code(
    "TYP113",
    "objective-inside-block",
    "`maximize` and `minimize` are of the whole plan: they stand at the top level, or in a scenario, the most "
    "important first.",
    "campus a { maximize it_load }",
)
# --- templates ---------------------------------------------------------------------------------------
NOT_A_BASE = _code(
    "TPL101",
    "not-a-base",
    "What follows `is` is a template or a block of the same kind.",
    "building gpu is gpu_bilding",
)
BASE_OF_ANOTHER_KIND = _code(
    "TPL102",
    "base-of-another-kind",
    "A block starts from a template or block of its own kind.",
    "template campus c { }\nbuilding b is c",
)
BASE_IN_ITSELF = _code(
    "TPL103",
    "base-in-itself",
    "A template cannot start from itself, nor contain itself.",
    "template building b is b { }",
)
NOT_A_RANGE = _code(
    "TPL104",
    "not-a-range",
    "A member of a range exists only where a range builds it.",
    "building gpu { }\nbuilding gpu[2] { budget = 3 MW }",
)
# --- modules and projects ----------------------------------------------------------------------------
NO_SUCH_MODULE = _code(
    "USE101",
    "unknown-module",
    '`use name` reads a module of the built-in catalogue, `use "file.plan"` a file of the project.',
    "use nvidea",
)
NO_SUCH_FILE = _code(
    "USE102",
    "unknown-file",
    "The file does not exist, is no plain file, or cannot be read.",
    'use "parts/coolng.plan"',
)
OUTSIDE_PROJECT = _code(
    "USE103",
    "outside-project",
    "A project reads files inside its own folder only, by whatever symbolic links, so that it means the same on every "
    "machine and shows nothing else of it.",
    'use "../elsewhere.plan"',
)
BUILT_IN_MODULE = _code(
    "USE104",
    "built-in-module",
    "A module holds templates and definitions. What it would build belongs in the project's own files.",
    "# parts.plan, which another file uses\ncampus a { }",
)
NOT_AT_TOP = _code(
    "USE105",
    "use-inside-block",
    "`use` stands at the top of a file.",
    "campus a { use nvidia }",
)
NOT_TEXT = _code(
    "USE106",
    "not-text",
    "A `.plan` file is UTF-8 text of at most 32 MB, and all files of a project are of at most 64 MB together.",
)
NO_PLAN_FILES = _code(
    "USE107",
    "no-plan-files",
    "A project is a folder with `.plan` files directly in it, or one `.plan` file.",
)
