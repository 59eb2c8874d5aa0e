"""A package of one file adds an area: a kind, a derived quantity, a rule, a sheet, a bill and a module."""
# ruff: noqa: E501 - messages stand whole

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "package" / "planlang_tape.py"
PLAN = """\
use tape

plan p { horizon = 2026-01 .. 2028-01 }
building archive {
  load = 0 MW; pue = 1.2; peak_pue = 1.3
  tape_library vault { cartridge = tape.lto9; cartridges = 20_000; data = [200 PB from 2026-01, 400 PB from 2027-01] }
  require vault.archive >= 100 PB
}
"""


TOLD = """\
p fails: 1 error
  TAP101 archive-too-small  1 error: archive.vault
not examined: power, no power plant is written; cooling, no cooling plant is written

error[TAP101] archive-too-small: `archive.vault`: 400 PB are to be kept, more than the 360 PB that its cartridges hold from 2027-01 until 2028-02
 --> a.plan:6:75
  |
6 | …; cartridges = 20_000; data = [200 PB from 2026-01, 400 PB from 2027-01] }
  |                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = note: 2,223 more of `tape.lto9` hold it
"""


def install(folder: Path, entry: str = "planlang_tape:AREA", code: str | None = None) -> None:
    """Put the package where it is imported from, as an installer does."""
    folder.mkdir(exist_ok=True)
    if code is None:
        shutil.copy(FILE, folder)
    else:
        (folder / "planlang_tape.py").write_text(code)
    about = folder / "planlang_tape-1.0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: planlang-tape\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[planlang.areas]\ntape = {entry}\n")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    install(tmp_path / "site")
    (tmp_path / "a.plan").write_text(PLAN)
    return tmp_path


def plan(place: Path, *arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """Run the command line with the package installed."""
    path = os.pathsep.join((str(ROOT), str(place / "site")))
    environment = {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(place / "cache"), "PYTHONHASHSEED": seed}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # Python takes a file changed within a second for the compiled one
    command = [sys.executable, "-m", "planlang", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=place, check=False)


def test_rule(place: Path) -> None:
    """The rule is judged, and its finding told as any other."""
    ran = plan(place, "check", "a.plan")
    assert ran.returncode == 1
    assert ran.stdout == TOLD


def test_everything_else_knows_it(place: Path) -> None:
    """Questions, explanations, the catalogue, the bill and sheets."""
    assert plan(place, "show", "a.plan", "archive.vault.archive").stdout == "360 PB\n"
    assert "What its cartridges hold." in plan(place, "explain", "tape_library").stdout
    assert "TAP101 archive-too-small (error)" in plan(place, "explain", "TAP101").stdout
    assert "18 TB" in plan(place, "catalog", "tape.lto9").stdout
    assert plan(place, "render", "a.plan", "-o", "out").returncode == 0
    assert "tape.lto9" in (place / "out" / "bom.md").read_text()
    first = (place / "out" / "tape-archive.vault.dot").read_bytes()
    assert b"200 PB of 360 PB" in first
    assert plan(place, "render", "a.plan", "-o", "again", seed="7").returncode == 0
    assert (place / "again" / "tape-archive.vault.dot").read_bytes() == first


def test_the_cache_rests_on_it(place: Path) -> None:
    """A plan is judged anew once the package changes, is gone, or is there again."""
    assert plan(place, "check", "a.plan").returncode == 1
    assert plan(place, "check", "a.plan").returncode == 1
    install(place / "site", code=FILE.read_text().replace("18 TB; source", "36 TB; source"))
    assert plan(place, "check", "a.plan").returncode == 0
    shutil.rmtree(place / "site")
    gone = plan(place, "check", "a.plan")
    assert gone.returncode == 2
    assert "the catalogue has no module `tape`" in gone.stdout
    install(place / "site")
    assert plan(place, "check", "a.plan").returncode == 1


@pytest.mark.parametrize(
    ("entry", "code", "message"),
    [
        ("planlang_tape:AREA", "import nowhere", "cannot be imported: ModuleNotFoundError: No module named 'nowhere'"),
        ("planlang_tape:AREA", "AREA = 1", "is no `planlang.core.area.Area`"),
        (
            "planlang_tape:AREA",
            "from planlang.core.area import Area\nAREA = Area('power')",
            "is named `power`, as another area is",
        ),
    ],
)
def test_a_package_that_cannot_be_used(place: Path, entry: str, code: str, message: str) -> None:
    """One line on standard error, and exit code 2."""
    install(place / "site", entry, code)
    ran = plan(place, "check", "a.plan")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr == f"plan: `{entry}`, which another package adds as an area, {message}\n"


def test_a_module_of_a_name_that_is_there(place: Path) -> None:
    """The catalogue says one thing by one name."""
    install(place / "site", code="from planlang.core.area import Area\nAREA = Area('tape', catalogue={'nvidia': ''})")
    ran = plan(place, "check", "a.plan")
    assert (ran.returncode, ran.stderr) == (
        2,
        "plan: the area `tape` of another package brings a module `nvidia`, which is there\n",
    )


def test_a_project_adds_nothing(place: Path) -> None:
    """What lies in the folder in which one stands is a plan's, and no package: its code is not run."""
    shutil.rmtree(place / "site")
    install(place, code="raise SystemExit('run')")
    ran = plan(place, "check", "a.plan")
    assert ran.returncode == 2
    assert ran.stderr == ""
    assert "the catalogue has no module `tape`" in ran.stdout
