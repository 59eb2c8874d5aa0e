"""What every mistake is told: `golden/mistakes/NAME.plan` beside the whole of its findings in `NAME.txt`.

`UPDATE_GOLDEN=1 pytest tests/test_mistakes.py` writes the texts anew, to be read before they are committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planlang.compiler import compile_text
from planlang.core import codes as core_codes
from planlang.core.assumptions import ASSUMES
from planlang.lang import codes as lang_codes
from planlang.lang.text import show
from planlang.lang.values import Date, Duration, Quantity, Steps

sys.path.insert(0, str(Path(__file__).parent))
from dump import dump_all

if TYPE_CHECKING:
    from planlang.compiler import Result
    from planlang.lang.values import Value

FOLDER = Path(__file__).parent / "golden" / "mistakes"
PLANS = sorted(FOLDER.glob("*.plan"), key=lambda path: path.name)


def compiled(path: Path) -> Result:
    return compile_text(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_mistake(path: Path) -> None:
    """Every finding, with its place, its parts, its dates and its fixes, is as expected; nothing else is said."""
    result = compiled(path)
    text = dump_all(result.findings, result.verdict, result.conditions)
    expected = path.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def written(value: Value) -> str:
    """A value as one writes it in a plan, with all its digits."""
    if isinstance(value, Steps):
        steps = zip(value.starts[1:], value.values[1:], strict=True)
        return f"[{', '.join(f'{written(one)} from {start}' for start, one in steps)}]"
    if isinstance(value, Quantity):
        return show(value, 15).replace(",", "_")
    if isinstance(value, Duration):
        return show(value)
    return str(value.day) if isinstance(value, Date) else str(value)


def fixes() -> list[tuple[Path, int, int]]:
    found = []
    for path in PLANS:
        for number, finding in enumerate(compiled(path).findings):
            if finding.accepted is not None:
                continue
            found += [(path, number, which) for which, fix in enumerate(finding.fixes) if fix.value is not None]
    return found


@pytest.mark.parametrize(
    ("path", "number", "which"), fixes(), ids=lambda value: value.stem if isinstance(value, Path) else str(value)
)
def test_fix_is_true(path: Path, number: int, which: int) -> None:
    """To write what a fix says makes its finding go, and brings no other but what then rests on what is assumed."""
    before = compiled(path)
    finding = before.findings[number]
    fix = finding.fixes[which]
    assert fix.value is not None
    after = compile_text(f"{path.read_text(encoding='utf-8')}\n{fix.path} = {written(fix.value)}\n", path.name)
    known = {(one.code.code, one.subject) for one in before.findings}
    told = [one for one in after.findings if one.accepted is None and one.code.code not in ASSUMES]
    left = {(one.code.code, one.subject) for one in told}
    assert (finding.code.code, finding.subject) not in left
    assert not left - known, dump_all(after.findings, after.verdict)


def test_fix_is_least() -> None:
    """One less, or 1% less, than what a fix raises does not make its finding go."""
    for path, number, which in fixes():
        finding = compiled(path).findings[number]
        fix = finding.fixes[which]
        value = fix.value
        if "raise" not in fix.message or isinstance(value, Steps) or value is None:
            continue
        if isinstance(value, Duration):
            less: Value = Duration(value.months, value.seconds - 1)
        elif isinstance(value, Quantity):
            less = Quantity(value.magnitude * 0.99, value.dimension, value.unit)
        else:
            less = value - 1
        after = compile_text(f"{path.read_text(encoding='utf-8')}\n{fix.path} = {written(less)}\n", path.name)
        assert (finding.code.code, finding.subject) in {(one.code.code, one.subject) for one in after.findings}, path


ELSEWHERE = {"USE104", "USE106", "USE107"}
"""Codes that only files and folders give: lang/test_modules.py."""

RULED = """PWR101 PWR102 PWR103 PWR104 PWR105 PWR106 PWR107 PWR108 PWR110 PWR128 PWR129 COL101 COL102 COL103
COL104 COL105 COL110 COL120 SPC101 SPC102 SPC103 SPC104 SPC106 SPC107 SPC110 CMP101"""


def test_every_code_has_a_mistake() -> None:
    """Each code of the language, of kinds and of budgets, plant, space and deploys is given by one of these plans."""
    given = {finding.code.code for path in PLANS for finding in compiled(path).findings}
    own = {code for code in core_codes.CODES if not code.startswith(("HOL", "SCN"))}
    assert (set(RULED.split()) | set(lang_codes.CODES) | own | set(ASSUMES)) - ELSEWHERE - given == set()


@pytest.mark.parametrize("name", ["pwr101_budget", "pwr120_no_pue", "col120_no_crah", "spc101_positions"])
def test_a_plan_alone_is_told_the_same(name: str) -> None:
    """What is found in a plan does not hang on which plans were compiled before."""
    path = FOLDER / f"{name}.plan"
    lines = "import sys; from planlang.compiler import compile_text as c; r = c(sys.stdin.read()); print(r.verdict)"
    program = f"{lines}; print(*(f.code.code for f in r.findings))"
    run = subprocess.run(
        [sys.executable, "-c", program],
        input=path.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=True,
    )
    result = compiled(path)
    assert run.stdout.split() == [result.verdict, *(finding.code.code for finding in result.findings)]
