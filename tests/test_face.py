"""The package as Python code uses it."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pytest

import planlang
from planlang.lang.values import HOLE, POISON, UNDEFINED

EXAMPLES = Path(__file__).parent.parent / "examples"
TEXT = """\
system rack { power = 100 kW; liquid = 0 }
campus c "Campus C" {
  pue = 1.2; peak_pue = 1.25; tags = ["a", "b"]
  hall h { deploy d { system = rack; count = [10 from 2026-01, 20 from 2027-01] } }
  utility grid { capacity = 3 MW; from = 2026-01 }
}
measure highest = most(c.it_load)
"""


def test_names() -> None:
    """Sorted, all there, and nothing else by the way."""
    assert sorted(planlang.__all__) == planlang.__all__
    assert all(getattr(planlang, name) is not None for name in planlang.__all__)
    with pytest.raises(AttributeError, match="module `planlang` has no attribute `sheck`"):
        planlang.sheck  # noqa: B018


def test_check_of_an_example() -> None:
    """The verdict and findings of the command line."""
    result = planlang.check(EXAMPLES / "quickstart.plan")
    assert result.verdict == "holds"
    assert all(isinstance(one, planlang.Finding) for one in result.findings)
    assert repr(result.plan).startswith("<Plan quickstart.plan: ")


def test_values() -> None:
    """Quantities with units, schedules, dates, texts and blocks."""
    plan = planlang.loads(TEXT)
    campus = plan["c"]
    assert (campus.kind, campus.title, campus.pue, campus.tags) == ("campus", "Campus C", 1.2, ("a", "b"))
    load = campus.it_load
    assert load.steps == (
        (None, planlang.Quantity(1e6, "W", "1 MW")),
        (datetime.date(2027, 1, 1), planlang.Quantity(2e6, "W", "2 MW")),
    )
    assert load.at("2026-10").to("kW") == 1000
    assert float(load.at(datetime.date(2027, 6, 1))) == 2e6
    assert str(campus.at("2027-Q2").it_load) == "2 MW"
    assert plan["c.grid"]["from"] == datetime.date(2026, 1, 1)
    assert plan["c.h.d"].system.path == "rack"
    assert [one.path for one in plan["c.h"]] == ["c.h.d"]
    assert plan.ask("2 * 3 MW").to("MW") == 6
    assert "c.h" in plan
    assert len(plan) == len(list(plan))


def test_what_goes_wrong() -> None:
    """One tree of errors, which say what the command line says."""
    plan = planlang.loads(TEXT)
    with pytest.raises(planlang.CannotReadError, match="there is no `nowhere`"):
        planlang.load("nowhere")
    with pytest.raises(planlang.UnknownError, match="the plan has no block `d`"):
        plan["d"]
    with pytest.raises(planlang.PlanError, match="did you mean `it_load`"):
        plan["c"].it_laod  # noqa: B018
    with pytest.raises(planlang.UnitMismatchError, match="3 MW is no figure in `m`"):
        plan["c.grid"].capacity.to("m")
    with pytest.raises(planlang.UnitMismatchError, match="mw"):
        plan["c.grid"].capacity.to("mw")
    with pytest.raises(planlang.UnknownError, match="the plan cannot be read"):
        planlang.loads("campus c {").ask("1")


def test_pickles() -> None:
    """A copy is equal, says the same, and marks stay what they are."""
    for text in (TEXT, TEXT.replace("3 MW", "1 MW"), "campus c {"):
        result = planlang.loads(text).check()
        again = pickle.loads(pickle.dumps(result))
        assert again == result
        assert again.plan == result.plan
        assert [one.message for one in again.findings] == [one.message for one in result.findings]
    assert pickle.loads(pickle.dumps((HOLE, POISON, UNDEFINED))) == (HOLE, POISON, UNDEFINED)
    quantity = planlang.loads(TEXT)["c.grid"].capacity
    assert pickle.loads(pickle.dumps(quantity)) == quantity


def test_a_folder_pickles_without_it(tmp_path: Path) -> None:
    """A plan of several files, modules among them, travels without its folder."""
    (tmp_path / "a.plan").write_text('use "parts.plan"\ncampus c { load = parts.one; pue = 1.2; peak_pue = 1.3 }\n')
    (tmp_path / "parts.plan").write_text("let one = 3 MW\n")
    plan = planlang.load(tmp_path)
    assert plan.check().verdict == "holds"
    data = pickle.dumps(plan)
    for file in tmp_path.iterdir():
        file.unlink()
    assert pickle.loads(data)["c"].it_load.to("MW") == 3


def test_the_page_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the page shows is what one gets."""
    page = (EXAMPLES.parent / "docs" / "python.md").read_text(encoding="utf-8")
    monkeypatch.chdir(EXAMPLES.parent)
    exec(page.split("```python\n")[1].split("```")[0], {})
    assert capsys.readouterr().out == "holds\n5.28 MW\n"


def test_diff() -> None:
    """What changes from one plan to another, as records; equal and picklable as the plans are."""
    old, new = planlang.loads(TEXT), planlang.loads(TEXT.replace("10 from 2026-01", "12 from 2026-01"))
    found = old.diff(new)
    assert repr(found) == "<Comparison local: 1 change, 0 findings>"
    (change,) = found.written
    assert (change.path, change.instances, change.grade) == ("c.h.d.count", ("c.h.d",), "local")
    assert [(one.figure, one.start, one.old, one.new) for one in found.stretches] == [
        ("load", datetime.date(2026, 1, 1), 1.25e6, 1.5e6),
        ("headroom", datetime.date(2026, 1, 1), 1.75e6, 1.5e6),
    ]
    assert pickle.loads(pickle.dumps(found)) == found == old.diff(new)
    assert old.diff(old).grade == "cosmetic"
    with pytest.raises(planlang.UnknownError, match="cannot be read"):
        old.diff(planlang.loads("campus {"))
