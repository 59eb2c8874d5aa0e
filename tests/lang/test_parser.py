"""What the parser makes of a plan."""

from __future__ import annotations

import subprocess
import sys
import time

from plan_texts import large_plan

from planlang.lang import lark_parser, tree
from planlang.lang.parser import parse
from planlang.lang.source import Source
from planlang.lang.values import HOLE, Quantity


def read(text: str) -> tree.File:
    """The tree of a plan without mistakes."""
    parsed = parse(Source("a.plan", text))
    assert parsed.findings == ()
    return parsed.file


def value(text: str) -> tree.Expression:
    """The tree of an expression."""
    statement = read(f"x = {text}").statements[0]
    assert isinstance(statement, tree.Assignment)
    return statement.value


def shape(node: object) -> str:
    """An expression with all of its parentheses."""
    match node:
        case tree.Literal():
            return node.span.text
        case tree.Name(name):
            return name
        case tree.Member(target, name):
            return f"{shape(target)}.{name}"
        case tree.Index(target, index):
            return f"{shape(target)}[{shape(index)}]"
        case tree.Unary(operator, operand):
            return f"({operator} {shape(operand)})"
        case tree.Binary(operator, left, right):
            return f"({shape(left)} {operator} {shape(right)})"
        case tree.Within(left, right, tolerance):
            return f"({shape(left)} ~ {shape(right)} within {shape(tolerance)})"
        case tree.Conditional(condition, yes, no):
            return f"(if {shape(condition)} then {shape(yes)} else {shape(no)})"
        case tree.Call(function, arguments):
            return f"{function}({', '.join(map(shape, arguments))})"
        case tree.Comprehension(element, variable, iterable, condition):
            where = f" where {shape(condition)}" if condition else ""
            return f"{shape(element)} for {variable} in {shape(iterable)}{where}"
        case tree.ListOf(items):
            return f"[{', '.join(map(shape, items))}]"
        case tree.PairOf(first, second):
            return f"({shape(first)}, {shape(second)})"
        case tree.RangeOf(first, last):
            return f"({shape(first)} .. {shape(last)})"
        case tree.ScheduleOf(steps):
            return f"[{', '.join(f'{shape(s.value)} from {shape(s.start)}' for s in steps)}]"
    raise AssertionError(node)


def test_precedence() -> None:
    """`if` binds loosest, then or, and, not, comparison, sums, products, signs, powers, members."""
    assert shape(value("a or b and not c < d + e * -f ^ g.h[1]")) == (
        "(a or (b and (not (c < (d + (e * (- (f ^ g.h[1]))))))))"
    )
    assert shape(value("1 - 2 - 3")) == "((1 - 2) - 3)"
    assert shape(value("2 ^ 3 ^ 4")) == "(2 ^ (3 ^ 4))"
    assert shape(value("2 ^ -1")) == "(2 ^ (- 1))"
    assert shape(value("if a then b else if c then d else e")) == "(if a then b else (if c then d else e))"
    assert shape(value("a + 1 ~ b within 5%")) == "((a + 1) ~ b within 5%)"
    assert shape(value("1 + n .. 4 * n")) == "((1 + n) .. (4 * n))"
    assert shape(value("10 MW / h")) == "(10 MW / h)"
    assert shape(value("10 MW/h")) == "10 MW/h"


def test_brackets() -> None:
    """Lists, pairs, schedules, calls and comprehensions hold newlines and a trailing comma."""
    assert shape(value("[\n a,\n b,\n]")) == "[a, b]"
    assert shape(value("(42.70,\n-87.88)")) == "(42.70, (- 87.88))"
    assert shape(value("[450 MW from 2026-01,\n 2 GW from 2027-06]")) == "[450 MW from 2026-01, 2 GW from 2027-06]"
    assert shape(value("sum(b.it_load for b in buildings where b.pue < 1.2)")) == (
        "sum(b.it_load for b in buildings where (b.pue < 1.2))"
    )
    assert shape(value("max(a, [1 .. 2], (3 .. 4))")) == "max(a, [(1 .. 2)], (3 .. 4))"
    assert shape(value("(a + b) * c")) == "((a + b) * c)"


def test_from_is_a_name() -> None:
    """`from` is an attribute, and joins a value to its date."""
    assert shape(value("from + 3 months")) == "(from + 3 months)"
    assert shape(value("[from from from]")) == "[from from from]"
    assert read("from = 2026-02\nuntil = b.from").statements[0].path.name == "from"  # type: ignore[union-attr]


def test_minus_of_a_temperature() -> None:
    """The minus of a temperature belongs to the point; that of a difference is an operation."""
    cold = value("-5 degC")
    assert isinstance(cold, tree.Literal)
    assert isinstance(cold.value, Quantity)
    assert cold.value.magnitude == 268.15
    assert cold.span.text == "-5 degC"
    assert shape(value("a - 5 degC")) == "(a - 5 degC)"
    assert isinstance(value("-(5 degC)"), tree.Unary)
    assert isinstance(value("-5 K"), tree.Unary)


def test_words_are_no_units() -> None:
    """A word of the language behind a number is no unit."""
    assert shape(value("[5 from 2026-01]")) == "[5 from 2026-01]"
    assert shape(value("a == 2 and b")) == "((a == 2) and b)"
    assert shape(value("if a == 3 then 1 else 2")) == "(if (a == 3) then 1 else 2)"
    assert shape(value("1 ~ 2 within 5%")) == "(1 ~ 2 within 5%)"


def test_block() -> None:
    """A block keeps its header, its documentation and the places of all of it."""
    text = (
        "# no\n##  A type.\n## Of two lines.\n"
        'template building gpu[1..4] "A title" is m.base { pue = 1.2; let n = ? }\n'
    )
    (block,) = read(text).statements
    assert isinstance(block, tree.Block)
    assert block.doc == " A type.\nOf two lines."
    assert (block.kind, block.name, block.title, block.is_template) == ("building", "gpu", "A title", True)
    assert (shape(block.first), shape(block.last), shape(block.base)) == ("1", "4", "m.base")
    assert block.kind_span.text == "building"
    assert block.name_span.text == "gpu"
    assert block.head.text == 'template building gpu[1..4] "A title" is m.base'
    assert block.span.text.startswith("template")
    assert block.span.text.endswith("}")
    pue, let = block.statements
    assert pue.span.text == "pue = 1.2"
    assert isinstance(let, tree.Let)
    assert isinstance(let.value, tree.Literal)
    assert let.value.value is HOLE


def test_statements() -> None:
    """Every form of a statement."""
    text = (
        'use a.b as c\nuse "x/y.plan"\nremove ups.spare\ngpu[2].pue = 1.1\n'
        'require a <= 3\n  and b\n  "why"\nprefer c from 2026-10 "when"\nbuilding x is y\n'
    )
    use, file, removal, assignment, require, prefer, block = read(text).statements
    assert use[:3] == ("a.b", False, "c")
    assert file[:3] == ("x/y.plan", True, None)
    assert isinstance(removal, tree.Removal)
    assert shape(removal.path) == "ups.spare"
    assert isinstance(assignment, tree.Assignment)
    assert shape(assignment.path) == "gpu[2].pue"
    assert isinstance(require, tree.Rule)
    assert (require.word, shape(require.condition), require.message) == ("require", "((a <= 3) and b)", "why")
    assert isinstance(prefer, tree.Rule)
    assert (prefer.word, shape(prefer.start), prefer.message) == ("prefer", "2026-10", "when")
    assert isinstance(block, tree.Block)
    assert block.statements == ()


def test_figures_and_exceptions() -> None:
    """A figure that is followed, what is best, and what somebody answers for."""
    measure, best, least, accept, rest = read(
        'measure gpus = at(a, 2027-06)\n  "by mid-2027"\nmaximize b "most" ; minimize c\n'
        'accept PWR103\n  until from + 3 months\n  "it is known"\naccept PWR104 "so is this"\n'
    ).statements
    assert isinstance(measure, tree.Measure)
    assert (measure.name, shape(measure.value), measure.message) == ("gpus", "at(a, 2027-06)", "by mid-2027")
    assert measure.name_span.text == "gpus"
    assert isinstance(best, tree.Objective)
    assert (best.word, shape(best.value), best.message) == ("maximize", "b", "most")
    assert isinstance(least, tree.Objective)
    assert (least.word, shape(least.value), least.message) == ("minimize", "c", None)
    assert isinstance(accept, tree.Accept)
    assert accept.until is not None
    assert (accept.code, shape(accept.until), accept.message) == ("PWR103", "(from + 3 months)", "it is known")
    assert accept.code_span.text == "PWR103"
    assert isinstance(rest, tree.Accept)
    assert (rest.code, rest.until, rest.message) == ("PWR104", None, "so is this")


def test_lines_go_on() -> None:
    """A line that begins with an operator continues the one before, comments between them or not."""
    (statement,) = read("x = 300 MW\n  # and\n\n  + 5 MW\r\n  * 2").statements
    assert isinstance(statement, tree.Assignment)
    assert shape(statement.value) == "(300 MW + (5 MW * 2))"


def test_from_and_until_go_on() -> None:
    """A line that begins with `from` or `until` continues the one before, unless it sets them."""
    rule, start, until = read("require a\n  from 2026-10\nfrom = 2026-01\nuntil = 2027-01\n").statements
    assert isinstance(rule, tree.Rule)
    assert shape(rule.start) == "2026-10"
    assert (start.span.text, until.span.text) == ("from = 2026-01", "until = 2027-01")


def test_marks_and_line_ends() -> None:
    """A byte order mark, tabs and CRLF mean nothing."""
    assert [s.span.text for s in read("\ufeffx\t=\t1\r\ny = 2\r\n").statements] == ["x\t=\t1", "y = 2"]


def test_tables_are_fresh() -> None:
    """The tables of the parser are those of the grammar."""
    with open(lark_parser.TABLES, encoding="utf-8") as file:
        kept = file.read()
    made = lark_parser.tables_text()
    assert _key(kept)[1] == _key(made)[1], "run `python -m planlang.lang.lark_parser`"


def _key(tables: str) -> list[str]:
    """The version of lark and the sum of the grammar that tables were made from."""
    return tables.split("KEY = ")[1].split("\n")[0].strip("'\"").rsplit("-", 1)


def test_no_lark_for_plans_without_mistakes() -> None:
    """Reading a sound plan does not import the normative parser."""
    code = (
        "import sys; from planlang.lang.parser import parse; from planlang.lang.source import Source;"
        "parse(Source('a', 'campus a { x = [1 MW from 2026-01]\\n require b < 3 }')); sys.exit('lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_speed() -> None:
    """Plain text is read at tens of thousands of lines a second, on a busy machine too."""
    text = large_plan(30)
    started = time.process_time()
    assert parse(Source("a.plan", text)).findings == ()
    assert text.count("\n") / (time.process_time() - started) > 20_000
