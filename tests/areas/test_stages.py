"""Stages of plant are data: each has all that a stage has to have, and a new one is a row and its schema."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import planlang
from planlang.areas.stages import BY_KIND, SERIES, STAGES, STORAGE, Stage
from planlang.compiler import all_codes, kinds
from planlang.core.derive import find

PACKAGE = Path(planlang.__file__).parent

ROW = """
    Stage(
        "switchgear",
        evenly=False,
        critical=False,
        beside=False,
        buffers=False,
        what="facility load",
        size="rating",
        bill="switchgear",
        usual={"rating": Usual("100 kVA", "1 GVA", "from a low-voltage board to a medium-voltage one")},
        over=Over("PWR190", "The facility load stays within what the switchgear carries.\\n"),
    ),
"""
SCHEMA = """
    _transforming("switchgear", "Boards.", "switchgear board { rating = 5 MVA; count = 2 }"),
"""
PLAN = """
system rack { power = 100 kW; accelerators = 8 }
campus c { pue = 1.2; peak_pue = 1.25; power_factor = 1; survives = [switchgear]
  utility grid { capacity = 100 MW }
  switchgear main { rating = ?; count = 4; redundancy = N+1 }
  building b { ups u { rating = 3 MW; count = 4 }
    deploy d { system = rack; count = 80 } } }
"""
FAILING = PLAN.replace("rating = ?; count = 4; redundancy = N+1", "rating = 3 MVA; count = 3")


@pytest.mark.parametrize("stage", STAGES, ids=lambda one: one.kind)
def test_what_a_stage_has(stage: Stage) -> None:
    """Its schema says its size, how many there are, and whom it serves; from it follow load and capacity; it has a rule
    and figures that are usual."""
    kind = kinds(everything=True).by_name[stage.kind]
    units = () if stage.is_source else ("count", "redundancy", "lead_time")
    for name in (stage.size, "serves", "price", *units):
        assert name in kind.attributes, f"the schema of {stage.kind} has no `{name}`"
    for name in ("load", "usable", "installed", "headroom", "utilization"):
        assert find(name, stage.kind) is not None, f"no `{name}` follows for {stage.kind}"
    code = all_codes()[stage.over.code]
    assert (code.name, bool(code.explanation), bool(code.source)) == (f"{stage.kind}-over", True, True)
    assert stage.size in stage.usual
    assert stage.kind in SERIES


def test_every_kind_of_power_is_a_stage_or_storage() -> None:
    """A schema without a row is no plant that anything knows of."""
    assert {one for one, kind in kinds().by_name.items() if kind.area == "power"} == {*BY_KIND, *STORAGE}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with one row and one schema more."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copytree(PACKAGE, folder / "planlang", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent / "templates", folder / "templates")
    put(folder / "planlang/areas/stages.py", '    Stage(\n        "transformer",', ROW)
    put(folder / "planlang/areas/power/kinds.py", '    _transforming(\n        "transformer",', SCHEMA)
    return folder


def put(path: Path, before: str, text: str) -> None:
    whole = path.read_text(encoding="utf-8")
    assert whole.count(before) == 1
    path.write_text(whole.replace(before, text.strip("\n") + "\n" + before), encoding="utf-8")


def run(folder: Path, *arguments: str, text: str = PLAN) -> str:
    """What the other package says."""
    code = "import sys; from planlang.cli.main import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(folder), "HOME": "", "NO_COLOR": "1"}
    given = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(given, input=text, capture_output=True, text=True, cwd=folder, env=environment)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def test_another_stage(other: Path) -> None:
    """It is read, carries, is sized, fails, is drawn, bought and explained."""
    said = run(other, "check", "-")
    assert "<stdin> holds" in said
    assert (
        "sized c.main.rating = 3.334 MVA: the facility load of 10 MW is carried by 3 units of 4 under N+1, "
        "rounded up to four digits" in said
    )
    failing = run(other, "check", "-", text=FAILING)
    assert (
        "error[PWR190] switchgear-over: `c.main`: facility load of 10 MW exceeds its usable capacity under N of 9 MW "
        "by 1 MW" in failing
    )
    assert run(other, "show", "-", "c.main.load").strip().endswith("10 MW")
    assert "The facility load stays within what the switchgear carries." in run(other, "explain", "PWR190")
    (other / "site.plan").write_text(PLAN, encoding="utf-8")
    drawn = run(other, "render", "site.plan", "-o", "out")
    assert (other / "out/bom.md").exists(), drawn
    bill = (other / "out/bom.md").read_text(encoding="utf-8")
    assert "Switchgear 3.334 MVA, N+1 (sized)" in bill
    assert any("c.main" in one.read_text(encoding="utf-8") for one in (other / "out").glob("*.dot"))


def test_another_stage_fails(other: Path) -> None:
    """What survives its loss is examined as for any other."""
    one = PLAN.replace("rating = ?; count = 4; redundancy = N+1", "rating = 12 MVA; count = 1")
    said = run(other, "check", "-", text=one)
    assert "error[RES101]" in said
    assert "c.main" in said
