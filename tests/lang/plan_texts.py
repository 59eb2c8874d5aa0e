"""Plans for the parser's tests: random ones of every form, and large ones of the common forms."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "gpu", "from", "until", "as", "iffy", "N2", "_x", "wisconsin", "in_", "order"])
CALLED = st.sampled_from(["min", "sum", "most", "f"])
TEXTS = st.sampled_from(['""', '"a b"', '"# { ; \\" \\\\"', '"\\u00e9 é 東京"', '"\\n\\t"'])
_NUMBERS = ["72", "1_400", "1.28", "3.2e5", "85%", "0.5%", "N", "N+1", "N + 2", "2N", "2N+1", "3N/2", "4N/3"]
_QUANTITIES = ["300 MW", "0.087 USD/kWh", "110 USD/kW/month", "800 Gb/s", "1360 kg/m^2", "20 degC", "5MW", "5\tkm"]
_OTHERS = ["2026-02", "2026-02-15", "2027-Q2", "18 months", "30 s", "true", "false", "?", "3 m^2", "7 K"]
LITERALS = st.sampled_from(_NUMBERS + _QUANTITIES + _OTHERS)
BLANKS = st.sampled_from(["", "", " ", "  ", "\t"])
INSIDE = st.sampled_from(["", " ", "\n", " # why\n  ", "\r\n", "\n\n "])
BREAKS = st.sampled_from([" ", " ", " ", "\n  ", " # so\n\n ", "\r\n\t"])


@st.composite
def _binary(draw: st.DrawFn, operands: st.SearchStrategy[str]) -> str:
    left, right = draw(operands), draw(operands)
    operator = draw(st.sampled_from(["+", "*", "/", "^", "-", "==", "!=", "<=", "<", ">", ">=", "and", "or", "~"]))
    before = draw(BREAKS) if operator != "-" else " "
    if operator in ("==", "!=", "<=", "<", ">", ">="):
        return f"({left}{before}{operator} {right})"
    if operator == "~":
        return f"({left}{before}~ {right}{before}within 5%)"
    return draw(st.sampled_from(["{}", "({})"])).format(f"{left}{before}{operator} {right}")


@st.composite
def _inside(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    gap = draw(INSIDE)
    items = draw(st.lists(values, max_size=3))
    form = draw(st.integers(0, 6))
    if form == 0:
        return f"[{gap}{f'{gap},'.join(items)}{',' if items and gap else ''}{gap}]"
    if form == 1:
        return f"({gap}{draw(values)},{gap}{draw(values)}{gap})"
    if form == 2:
        steps = f",{gap} ".join(f"{item} from {draw(values)}" for item in items or ["1"])
        return f"[{gap}{steps}{gap}]"
    if form == 3:
        return f"{draw(CALLED)}({gap}{f'{gap},'.join(items)}{gap})"
    if form == 4:
        where = f" where {draw(values)}" if draw(st.booleans()) else ""
        return f"{draw(CALLED)}({gap}{draw(values)} for{gap} x in {draw(values)}{where}{gap})"
    if form == 5:
        return f"({gap}{draw(values)} .. {draw(values)}{gap})"
    return f"({gap}{draw(values)}{gap})"


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operand = st.one_of(inner, inner.map(lambda text: f"({text})"))
    return st.one_of(
        _binary(operand),
        _inside(inner),
        inner.map(lambda text: f"-{text}"),
        inner.map(lambda text: f"(not {text})"),
        st.tuples(NAMES, inner).map(lambda pair: f"{pair[0]}[{pair[1]}].b"),
        st.tuples(inner, inner, inner).map(lambda three: f"(if {three[0]} then {three[1]}\n else {three[2]})"),
    )


PATHS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, NAMES).map(".".join), inner.map(lambda p: f"{p}[2]"), inner.map(lambda p: f"{p} . b")
    ),
    max_leaves=3,
)
EXPRESSIONS = st.recursive(st.one_of(LITERALS, TEXTS, PATHS), _grow, max_leaves=8)
SEPARATORS = st.sampled_from(["\n", "\n", "\r\n", ";", " ; ", "\n\n", " # end\n", "\n  ## about\n", "\n# c\n\n\t"])


@st.composite
def _ended(draw: st.DrawFn, statements: st.SearchStrategy[str]) -> str:
    """A statement and what parts it from the next: behind a brace, nothing need."""
    statement = draw(statements)
    bare = statement.endswith("}") and draw(st.booleans())
    return statement + (draw(st.sampled_from([" ", "", "\n\t"])) if bare else draw(SEPARATORS))


@st.composite
def _simple(draw: st.DrawFn) -> str:
    form = draw(st.integers(0, 12))
    blank = draw(BLANKS)
    if form < 3:
        return f"{draw(NAMES)}{blank}={blank}{draw(st.one_of(LITERALS, TEXTS, PATHS))}"
    if form < 5:
        return f"{draw(PATHS)}{blank}={blank}{draw(EXPRESSIONS)}"
    if form == 5:
        return f"let {draw(NAMES)} = {draw(EXPRESSIONS)}"
    if form == 6:
        start = f"{draw(BREAKS)}from {draw(EXPRESSIONS)}" if draw(st.booleans()) else ""
        message = f"{draw(BREAKS)}{draw(TEXTS)}" if draw(st.booleans()) else ""
        return f"{draw(st.sampled_from(['require', 'prefer']))} ({draw(EXPRESSIONS)}){start}{message}"
    if form == 7:
        return f"remove {draw(PATHS)}"
    if form == 8:
        uses = ["use nvidia", "use a.b as c", 'use "x/y.plan"', 'use "z.plan" as z', "use as as as"]
        return draw(st.sampled_from(uses))
    if form == 9:
        message = f"{draw(BREAKS)}{draw(TEXTS)}" if draw(st.booleans()) else ""
        return f"measure {draw(NAMES)} = ({draw(EXPRESSIONS)}){message}"
    if form == 10:
        message = f"{draw(BREAKS)}{draw(TEXTS)}" if draw(st.booleans()) else ""
        return f"{draw(st.sampled_from(['maximize', 'minimize']))} ({draw(EXPRESSIONS)}){message}"
    if form == 11:
        until = f"{draw(BREAKS)}until ({draw(EXPRESSIONS)})" if draw(st.booleans()) else ""
        return f"accept {draw(st.sampled_from(['PWR103', 'a']))}{until}{draw(BREAKS)}{draw(TEXTS)}"
    return f"{draw(NAMES)} = ({draw(EXPRESSIONS)}) .. 4"


_PLAIN_MEMBERS = ["", "", "", "[2]", "[1..4]", "[ 1 .. n + 1 ]"]
_BROKEN_MEMBERS = ["[\n1 ..\n 2]", "[[3, # c; {\n4][1]\n]", "[if a > 3\nthen 1 else 2]"]
MEMBERS = st.sampled_from(_PLAIN_MEMBERS + _BROKEN_MEMBERS)
TITLES = st.sampled_from(["", "", ' "Title"', '"T"', '\n "T {"', ' # c\n\n "]"'])


@st.composite
def _block(draw: st.DrawFn, statements: st.SearchStrategy[str]) -> str:
    template = draw(st.sampled_from(["", "", "template "]))
    kind = draw(st.sampled_from(["campus", "building", "as"]))
    member = draw(MEMBERS)
    title = draw(TITLES)
    base = draw(st.sampled_from(["", "", " is a", " is nvidia.b", " is a[1].b"]))
    head = f"{template}{kind} {draw(NAMES)}{member}{title}{base}"
    if base and draw(st.booleans()):
        return head
    inner = draw(st.lists(_ended(statements), max_size=4))
    return f"{head}{draw(BLANKS)}{{{draw(st.sampled_from(['', ' ', chr(10)]))}{''.join(inner)}}}"


STATEMENTS = st.recursive(_simple(), _block, max_leaves=10)
PLANS = st.lists(_ended(STATEMENTS), max_size=6).map("".join)


def large_plan(campuses: int) -> str:
    """Campuses of buildings of halls, with about seven `key = literal` lines each."""
    pieces = []
    for campus in range(campuses):
        pieces.append(
            f'campus c{campus} "Campus {campus}" {{\n  at = (42.{campus}, -87.88)\n  budget = {campus + 100} MW\n'
            f"  pue = 1.{campus % 50}\n  tenure = owned\n  from = 2026-0{campus % 9 + 1}\n"
        )
        for building in range(4):
            pieces.append(
                f'  building b{building} "Building {building}" {{\n    budget = 1{building} MW\n'
                f"    pue = 1.2{building}\n    peak_pue = 1.3\n    from = 2026-02\n    status = live\n"
                "    floor_load = 1360 kg/m^2\n    storeys = 2\n"
            )
            pieces += [
                f"    hall h{hall} {{\n      rows = {hall}\n      budget = {hall * 3} MW   # the hall's\n"
                "      density = 130 kW\n      redundancy = N+1\n      count = ?\n      system = nvidia.gb200_nvl72\n"
                f'      note = "hall {hall}"\n    }}\n'
                for hall in range(5)
            ]
            pieces.append("  }\n\n")
        pieces.append("}\n")
    return "".join(pieces)
