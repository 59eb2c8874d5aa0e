"""Sizes of holes: the least plant and the most systems, against the compiler's own verdict on every neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planlang.areas.stages import EVEN
from planlang.compiler import compile_text
from planlang.core.rule import RULES
from planlang.lang.text import show
from planlang.lang.values import Quantity

if TYPE_CHECKING:
    from planlang.compiler import Result
    from planlang.lang.finding import Finding

RACK = "system rack { power = 100 kW; liquid = 80%; accelerators = 8 }\n"
RIGHT = 'accept FIG101 "drawn at random"\n'


def sizes_of(result: Result) -> dict[str, Any]:
    """What fills each hole, by the path of its attribute."""
    return {f"{entity.path}.{name}": sized.value for (entity, name), sized in result.situation.sized.items()}


def whys(result: Result) -> dict[str, str]:
    return {f"{entity.path}.{name}": sized.why for (entity, name), sized in result.situation.sized.items()}


def errors(result: Result) -> set[tuple[str, str]]:
    """What fails as the figures are, those that are assumed, too."""
    return {(one.code.code, one.subject) for one in result.findings if is_error(one)}


def is_error(finding: Finding) -> bool:
    """Whether its code is an error: it may be told as a warning, as it rests on what is assumed."""
    rule = RULES.get(finding.code.code)
    return (finding.code if rule is None else rule.code).severity == "error"


def overruns(result: Result) -> set[tuple[object, ...]]:
    """Every interval on which something is exceeded, with by how much."""
    return {
        (one.code.code, one.subject, interval) for one in result.findings if is_error(one) for interval in one.intervals
    }


def written(value: Any) -> str:
    return show(value, 15).replace(",", "_") if isinstance(value, Quantity) else str(value)


def with_sizes(text: str, sizes: dict[str, Any]) -> str:
    """The plan with these sizes written."""
    return f"{text}\n" + "".join(f"{path} = {written(value)}\n" for path, value in sizes.items())


# --- the least plant -------------------------------------------------------------------------------------

SCHEMES = st.sampled_from(["N", "N+1", "N+2", "2N", "2N+1", "3N/2", "4N/3"])
POWER_KINDS = ("substation", "transformer", "generator", "ups", "pdu", "busway")
COOLING_KINDS = ("chiller", "dry_cooler", "tower", "cdu", "crah")
LOADS = st.one_of(
    st.integers(0, 400).map(lambda tenths: f"{tenths / 10} MW"),
    st.lists(st.integers(0, 400), min_size=2, max_size=4).map(
        lambda steps: f"[{', '.join(f'{tenths / 10} MW from 20{26 + i}-01' for i, tenths in enumerate(steps))}]"
    ),
)


@st.composite
def groups(draw: st.DrawFn, kind: str, name: str, may_be_open: bool) -> str:
    """One group of plant, with at most one hole."""
    size = "capacity" if kind in COOLING_KINDS else "rating"
    unit = "MVA" if kind in ("substation", "transformer") else "MW"
    each = f"{draw(st.integers(3, 80)) / 10} {unit}"
    count = str(draw(st.integers(1, 9)))
    hole = draw(st.sampled_from(["count", size, ""])) if may_be_open else ""
    extra = draw(st.sampled_from(["", "", "efficiency = 97%; "])) if kind in ("transformer", "ups", "busway") else ""
    extra += draw(st.sampled_from(["", "continuous = 80%; "])) if kind in ("pdu", "ups", "busway") else ""
    extra += draw(st.sampled_from(["", "derate = 90%; "])) if kind == "generator" else ""
    return (
        f"{kind} {name} {{ {size} = {'?' if hole == size else each}; count = {'?' if hole == 'count' else count}; "
        f"{extra}redundancy = {draw(SCHEMES)} }}\n"
    )


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A building with loads and racks over time, and one to three groups of some kinds; one kind has holes."""
    open_kind = draw(st.sampled_from(POWER_KINDS + COOLING_KINDS))
    others = draw(st.lists(st.sampled_from(POWER_KINDS + COOLING_KINDS), max_size=2, unique=True))
    inner = draw(groups(open_kind, "open", True)).replace("count = 1;", "count = ?;")
    inner += "".join(draw(groups(open_kind, f"more{i}", False)) for i in range(draw(st.integers(0, 2))))
    inner += "".join(draw(groups(kind, f"{kind}_x", True)) for kind in others if kind != open_kind)
    load = draw(LOADS)
    racks = draw(st.integers(0, 120))
    return (
        f"{RACK}{RIGHT}plan p {{ horizon = 2026-01 .. 2029-12 }}\ncampus a {{ power_factor = 0.9\n"
        f"building b {{ load = {load}; peak_pue = 1.3\n"
        f"deploy d {{ system = rack; count = {racks} }}\n{inner}}} }}\n"
    )


def less(value: Any) -> Any:
    """The next smaller size: one unit less, or one in the fourth digit."""
    if not isinstance(value, Quantity):
        return value - 1
    digits, exponent = f"{value.magnitude:.3e}".split("e")
    return Quantity((round(float(digits) * 1000) - 1) / 1000 * 10 ** int(exponent), value.dimension)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_the_least_plant(text: str) -> None:
    """With the sizes written, no group that was sized has a finding, and with any one of them less it has one: a
    warning, where its size follows from what is assumed of a loop."""
    result = compile_text(text)
    sizes = sizes_of(result)
    subjects = {path.rpartition(".")[0] for path in sizes}
    full = compile_text(with_sizes(text, sizes))
    assert not full.situation.sized.keys() - {(e, n) for e, n in full.situation.sized if e.path in subjects}
    assert not {subject for _, subject in errors(full)} & subjects
    assert {one for one in errors(result) if one[0] != "HOL102"} == {one for one in errors(full) if one[0] != "HOL102"}
    for path, value in sizes.items():
        if value == 0 or (value == 1 and stands_beside(result, path)):
            continue
        smaller = compile_text(with_sizes(text, {**sizes, path: less(value)}))
        assert errors(smaller) - errors(full) or doubted(smaller) - doubted(full), (path, value)


def stands_beside(result: Result, path: str) -> bool:
    """Whether another feed divides the load evenly with this one, and would carry all of it without any unit here."""
    entity = result.situation.at(path.rpartition(".")[0])
    return entity is not None and entity.kind.name in EVEN and len(result.situation.of_kind(entity.kind.name)) > 1


def doubted(result: Result) -> set[str]:
    return {one.message for one in result.findings if one.code.code == "COL123"}


def test_parallel_plant_shares_equally() -> None:
    """Open groups of one pool get the same capacity, whatever their units carry."""
    text = (
        "campus a { building b { load = 30 MW; peak_pue = 1\n"
        "generator one { rating = 2 MW; count = ? }\ngenerator two { rating = 5 MW; count = ?; redundancy = N+1 }\n"
        "generator old { rating = 2 MW; count = 5 } } }\n"
    )
    result = compile_text(text)
    assert sizes_of(result) == {"a.b.one.count": 5, "a.b.two.count": 3}
    assert not errors(result)


@pytest.mark.parametrize("kind", ["ups", "pdu", "busway"])
def test_parallel_feeds_split_evenly(kind: str) -> None:
    """Each of parallel feeds carries an even part, whatever the other is able to carry."""
    text = (
        f"campus a {{ building b {{ load = 12 MW; peak_pue = 1.2\n{kind} x {{ rating = 2.5 MW; count = ? }}\n"
        f"{kind} y {{ rating = ?; count = 4; redundancy = N+1 }} }} }}"
    )
    result = compile_text(text)
    assert sizes_of(result)["a.b.x.count"] == 3
    assert sizes_of(result)["a.b.y.rating"].magnitude == 2e6
    assert whys(result)["a.b.x.count"].startswith("its even part of the ")


def test_plant_behind_plant() -> None:
    """A substation that serves one of two transformers carries the part that this one carries."""
    text = (
        "campus a { power_factor = 1; building b { load = 30 MW; peak_pue = 1\n"
        "transformer one { rating = 10 MVA; count = 1 }\ntransformer two { rating = 5 MVA; count = ? }\n"
        "substation first { rating = ?; serves = [one] }\n"
        "substation second { rating = 7 MVA; count = ?; serves = [two] } } }"
    )
    result = compile_text(text)
    found = sizes_of(result)
    assert found["a.b.two.count"] == 4
    assert found["a.b.first.rating"].magnitude == 10e6
    assert found["a.b.second.count"] == 3


# --- how many systems fit ---------------------------------------------------------------------------------


@st.composite
def full_plans(draw: st.DrawFn) -> str:
    """Halls with open deploys in a building whose limits are written."""
    limits = draw(
        st.lists(st.sampled_from(["budget", "utility", *POWER_KINDS, *COOLING_KINDS]), min_size=1, max_size=4)
    )
    body = f"load = {draw(LOADS)}; peak_pue = 1.3; power_factor = 0.9\n"
    for kind in dict.fromkeys(limits):
        if kind == "budget":
            body += f"budget = {draw(st.integers(1, 400)) / 10} MW\n"
        elif kind == "utility":
            body += f"utility grid {{ capacity = {draw(LOADS)} }}\n"
        else:
            body += "".join(draw(groups(kind, f"{kind}_{i}", False)) for i in range(draw(st.integers(1, 2))))
    halls = ""
    for number in range(draw(st.integers(1, 3))):
        space = draw(
            st.sampled_from(["", f"positions = {draw(st.integers(0, 80))}; ", "rows = 5; row_budget = 1.25 MW; "])
        )
        start = draw(st.sampled_from(["", "from = 2027-01; ", "from = 2028-01; until = 2029-01; "]))
        halls += f"hall h{number} {{ {space}{start}deploy d {{ system = rack; count = ? }}\n"
        halls += f"deploy some {{ system = wide; count = {draw(st.integers(0, 9))} }} }}\n"
    wide = "system wide { power = 240 kW; liquid = 50%; positions = 1.5 }\n"
    return (
        f"{RACK}{RIGHT}{wide}plan p {{ horizon = 2026-01 .. 2029-12 }}\ncampus a {{ building b {{ {body}{halls}}} }}\n"
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(full_plans())
def test_the_most_systems(text: str) -> None:
    """Deploys are filled in order of date, then path: each holds at its size, and fails with one more, or is warned of,
    where its size follows from what is assumed of a loop."""
    result = compile_text(text)
    sizes = sizes_of(result)
    before = dict.fromkeys(sizes, 0)
    empty = errors(compile_text(with_sizes(text, before)))
    starts = {f"{entity.path}.{name}": entity.start for entity, name in result.situation.sized}
    for path in sorted(sizes, key=lambda one: (starts[one] is not None, starts[one], one)):
        one_more = compile_text(with_sizes(text, {**before, path: sizes[path] + 1}))
        before[path] = sizes[path]
        full = compile_text(with_sizes(text, before))
        assert errors(full) <= empty, (path, sizes[path])
        assert overruns(one_more) - overruns(full) or doubted(one_more) - doubted(full), (path, sizes[path])


def test_open_plant_does_not_bind() -> None:
    """How many fit is bound by what has a size; open plant is then sized for them."""
    text = (
        f"{RACK}campus a {{ building b {{ budget = 5 MW; peak_pue = 1.2\ndeploy d {{ system = rack; count = ? }}\n"
        "ups u { rating = 1 MW; count = ?; redundancy = N+1 }\ncdu c { capacity = 900 kW; count = ? } } }"
    )
    result = compile_text(text)
    assert sizes_of(result) == {"a.b.d.count": 50, "a.b.u.count": 6, "a.b.c.count": 5}
    assert whys(result) == {
        "a.b.d.count": "the IT load of `a.b` is then 5 MW of its budget of 5 MW; one more adds 100 kW",
        "a.b.u.count": "the critical load of 5 MW needs 5 x 1 MW, of 6 under N+1",
        "a.b.c.count": "the heat to liquid of 4 MW needs 5 x 900 kW",
    }


# --- instances, dates, survival, and what cannot be filled ---------------------------------------------------

TWO = (
    "template building pod { let mw = 10 MW; load = mw; peak_pue = 1.2\n"
    "ups u { rating = 2 MW; count = ?; redundancy = N+1 } }\n"
    "campus a { utility grid { capacity = 200 MW }\n"
    "building one[1..2] is pod { from = 2026-01 + index * 6 months }\nbuilding two is pod { mw = 30 MW } }\n"
)


def test_each_instance_by_itself() -> None:
    """Instances of a template have sizes of their own; those of a range, equal or not, do not share values."""
    result = compile_text(TWO)
    assert sizes_of(result) == {"a.one[1].u.count": 6, "a.one[2].u.count": 6, "a.two.u.count": 16}
    assert whys(result)["a.one[2].u.count"] == "the critical load of 10 MW from 2027-01 needs 5 x 2 MW, of 6 under N+1"
    assert not errors(result)


def test_rules_read_sizes() -> None:
    """A rule of the plan reads a size, and what is derived from it."""
    result = compile_text(
        f"{TWO}require a.two.u.count == 16\nrequire a.two.u.usable == 30 MW\nrequire a.two.u.count < 9\n"
    )
    assert [one.message for one in result.findings] == ["require fails from 2026-07: a.two.u.count is 16, not < 9"]


def test_the_greatest_interval_decides() -> None:
    """The size is that of the greatest need within the horizon."""
    text = (
        "plan p { horizon = 2026-01 .. 2027-12 }\ncampus a { building b { peak_pue = 1.2\n"
        "load = [5 MW from 2026-01, 9 MW from 2026-07, 7 MW from 2027-01, 50 MW from 2028-01]\n"
        "ups u { rating = 2 MW; count = ? } } }"
    )
    result = compile_text(text)
    assert whys(result) == {
        "a.b.u.count": "the critical load of 9 MW from 2026-07 until 2027-01 needs 5 x 2 MW",
    }


@pytest.mark.parametrize(("units", "claim"), [(5, ""), (6, "survives = [ups]; ")])
def test_survival_decides(units: int, claim: str) -> None:
    """What says that it survives a UPS has one unit more than its load needs."""
    text = f"campus a {{ building b {{ load = 10 MW; peak_pue = 1.2; {claim}ups u {{ rating = 2 MW; count = ? }} }} }}"
    result = compile_text(text)
    assert sizes_of(result) == {"a.b.u.count": units}
    assert not errors(result)
    assert "RES101" in {code for code, _ in errors(compile_text(with_sizes(text, {"a.b.u.count": 5})))} or not claim


def test_survival_of_a_feed_decides_a_rating() -> None:
    """Of two feeds that are to survive one another, each is sized for all of the load."""
    text = (
        "campus a { building b { load = 10 MW; peak_pue = 1.2; survives = [ups]\n"
        "ups x { rating = ?; count = 4 }\nups y { rating = 2 MW; count = ? } } }"
    )
    result = compile_text(text)
    assert sizes_of(result)["a.b.x.rating"].magnitude == 2.5e6
    assert sizes_of(result)["a.b.y.count"] == 5
    assert not errors(result)


def test_flow_decides() -> None:
    """CDUs are as many as their pumps need to be, where that is more than their heat does."""
    text = (
        f"{RACK}campus a {{ building b {{ peak_pue = 1.2\ndeploy d {{ system = rack; count = 100 }}\n"
        "cdu c { capacity = 2 MW; count = ?; flow = 1_000 L/min; rise = 10 K; redundancy = N+1 } } }"
    )
    result = compile_text(text)
    count = sizes_of(result)["a.b.c.count"]
    assert "flow" in whys(result)["a.b.c.count"]
    assert not errors(result)
    assert ("COL106", "a.b.c") in errors(compile_text(with_sizes(text, {"a.b.c.count": count - 1})))


REASONS = [
    (
        "ups u { rating = ?; count = ? }",
        "`a.b.u`: no rating fills `rating = ?`: its count and its rating are both open, and neither is the least",
    ),
    (
        "ups u { rating = 2 MW; count = ?; from = 2027-01 }",
        "`a.b.u`: no count fills `count = ?`: critical load of 10 MW is there from 2026-01 until 2027-01, "
        "while it is not",
    ),
    (
        "pdu u { rating = ?; count = 1; redundancy = N+1 }",
        "`a.b.u`: no rating fills `rating = ?`: IT load of 10 MW is there from 2026-01, while none of its units "
        "(1 under N+1) may be loaded",
    ),
    (
        "crah u { capacity = ?; serves = [c] }\nhall c { }",
        "`a.b.u`: no capacity fills `capacity = ?`: nothing asks anything of it, and no capacity is the least",
    ),
    (
        "deploy u { system = rack; count = ? }",
        "`a.b.u`: no count fills `count = ?`: nothing bounds it: neither `budget`, `positions` nor plant of a written "
        "size is around it",
    ),
]


@pytest.mark.parametrize(("inside", "message"), REASONS)
def test_what_nothing_fills(inside: str, message: str) -> None:
    """A hole that nothing can fill says why, once, and is an error."""
    text = f"{RACK}campus a {{ building b {{ load = 10 MW; peak_pue = 1.2; from = 2026-01\n{inside} }} }}"
    found = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert [(one.code.code, one.message) for one in found] == [("HOL102", message)]


FIRST_PAGE = """
use nvidia
plan fairwater { horizon = 2025-Q4 .. 2028-Q4 }
template building gpu_building {
  let racks = 2083
  budget   = 300 MW
  pue      = 1.12
  peak_pue = 1.28
  deploy gpus { system = nvidia.gb200_nvl72; count = racks }
  ups block { rating = 2.5 MW; count = ?; redundancy = N+1 }
  cdu loop  { capacity = 2 MW; count = ?; redundancy = N+1 }
}
campus wisconsin {
  utility grid { capacity = [450 MW from 2026-01, 900 MW from 2026-10, 2 GW from 2027-06] }
  building gpu[1..2] is gpu_building { from = 2026-02 + (index - 1) * 8 months }
  building storage { budget = 48 MW; load = 40 MW; pue = 1.2; from = 2026-02 }
  require accelerators <= 320_000 "the permit's cap"
}
campus atlanta {
  utility grid { capacity = 450 MW }
  building gpu is gpu_building { from = 2025-10 }
}
"""


def test_a_page_of_it() -> None:
    """Two campuses of one template: 110 UPS of 2.5 MW carry 274.956 MW, 120 CDUs its liquid heat, and one more each."""
    result = compile_text(FIRST_PAGE)
    buildings = ["wisconsin.gpu[1]", "wisconsin.gpu[2]", "atlanta.gpu"]
    assert sizes_of(result) == {
        **{f"{one}.block.count": 111 for one in buildings},
        **{f"{one}.loop.count": 121 for one in buildings},
    }
    assert result.verdict == "holds"
