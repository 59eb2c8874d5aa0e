"""`plan check`: whole outputs, exit codes, and what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOLDS = """\
plan small "Small" { horizon = 2026-01 .. 2027-12 }
region east { from = 2026-02 }
"""
FAILS = """\
plan small { horizon = 2026-01 .. 2027-12 }
let racks = 10
require racks < 5 "the permit's cap"
prefer racks > 20 "or so"
"""
UNREADABLE = """\
region east { cabron = 3 g/kWh }
region west {
	note = "ä" + \t1 km
}
"""


def test_a_plan_that_holds(plan: Callable[..., Any], place: Path) -> None:
    """What holds is one line: how much was examined, and on how many intervals."""
    (place / "a.plan").write_text(HOLDS)
    assert plan("check", "a.plan") == (0, "small holds: 2 entities, 2 intervals\n", "")


def test_states_after_failures_are_counted(plan: Callable[..., Any], place: Path) -> None:
    """Three units and two, each out on each of two intervals; the line and the document say so."""
    (place / "a.plan").write_text(
        """campus c { peak_pue = 1.3; survives = [ups, generator]
          utility grid { capacity = 9 MW }
          building b { load = [1 MW from 2026-01, 2 MW from 2027-01]
            ups u { rating = 2 MW; count = 3 }
            generator g { rating = 3 MW; count = 2 } } }"""
    )
    assert plan("check", "a.plan") == (
        0,
        "a holds: 5 entities, 2 intervals, 10 failure states\nnot examined: cooling, no cooling plant is written\n",
        "",
    )
    _, out, _ = plan("check", "a.plan", "--format", "json")
    assert json.loads(out)["plan"] == {"name": "a", "entities": 5, "intervals": 2, "failure_states": 10}


def test_a_plan_that_fails(plan: Callable[..., Any], place: Path) -> None:
    """The verdict comes first, with a line a code; then each diagnostic with its place, its line, its operands."""
    (place / "site").mkdir()
    (place / "site" / "a.plan").write_text(FAILS)
    assert plan("check", "site") == (
        1,
        """\
small fails: 1 error, 1 warning
  RUL101 require-fails  1 error
  RUL102 prefer-fails   1 warning

error[RUL101] require-fails: require fails from 2026-01 until 2028-01: racks is 10, not < 5 (the permit's cap)
 --> site/a.plan:3:1
  |
3 | require racks < 5 "the permit's cap"
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = note: racks is 10

warning[RUL102] prefer-fails: prefer fails from 2026-01 until 2028-01: racks is 10, not > 20 (or so)
 --> site/a.plan:4:1
  |
4 | prefer racks > 20 "or so"
  | ^^^^^^^^^^^^^^^^^^^^^^^^^
  = note: racks is 10
""",
        "",
    )


def test_a_plan_that_cannot_be_read(plan: Callable[..., Any], place: Path) -> None:
    """Mistakes exit with 2; tabs are blanks, and the underline stands below what it means."""
    (place / "b.plan").write_text(UNREADABLE)
    assert plan("check", ".") == (
        2,
        """\
work cannot be read: 2 mistakes
  KND102 unknown-attribute  1 error: east
  TYP101 operation          1 error

error[KND102] unknown-attribute: a region has no attribute `cabron`
 --> b.plan:1:15
  |
1 | region east { cabron = 3 g/kWh }
  |               ^^^^^^^^^^^^^^^^
  = help: did you mean `carbon`?

error[TYP101] operation: cannot add text and length (km)
 --> b.plan:3:9
  |
3 |     note = "ä" +     1 km
  |            ^^^^^^^^^^^^^^
""",
        "",
    )


def test_json(plan: Callable[..., Any], place: Path) -> None:
    """The document is exactly this."""
    (place / "a.plan").write_text(FAILS)
    code, out, err = plan("check", "a.plan", "--format", "json")
    assert (code, err) == (1, "")

    def diagnostic(
        severity: str, code: str, name: str, message: str, line: int, end: int, limit: int
    ) -> dict[str, Any]:
        interval = {"from": "2026-01-01", "until": "2028-01-01", "demand": None, "limit": None}
        start_and_end = {"start": {"line": line, "column": 1}, "end": {"line": line, "column": end}}
        return {
            **{"severity": severity, "code": code, "name": name, "message": message, "subject": ""},
            **{"from": "2026-01-01", "until": "2028-01-01"},
            **{"demand": {"kind": "number", "value": 10}, "limit": {"kind": "number", "value": limit}},
            **{"intervals": [interval], "span": {"file": "a.plan", **start_and_end}},
            **{"contributors": [], "fixes": [], "notes": ["racks is 10"], "accepted": None},
        }

    assert json.loads(out) == {
        "format_version": "1.0",
        "verdict": "fails",
        "scenario": None,
        "counts": {"error": 1, "warning": 1, "accepted": 0},
        "plan": {"name": "small", "entities": 1, "intervals": 1},
        "sized": [],
        "measures": [],
        "conditions": [],
        "not_examined": [],
        "diagnostics": [
            diagnostic(
                "error",
                "RUL101",
                "require-fails",
                "require fails from 2026-01 until 2028-01: racks is 10, not < 5 (the permit's cap)",
                3,
                37,
                5,
            ),
            diagnostic(
                "warning",
                "RUL102",
                "prefer-fails",
                "prefer fails from 2026-01 until 2028-01: racks is 10, not > 20 (or so)",
                4,
                26,
                20,
            ),
        ],
    }


def test_strict_lets_warnings_fail(plan: Callable[..., Any], place: Path) -> None:
    """With `--strict` a warning gives exit code 1, in every format."""
    (place / "a.plan").write_text("plan p { }\nprefer 1 > 2\n")
    assert plan("check").code == 0
    code, out, _ = plan("check", "--strict")
    assert (code, out.splitlines()[0]) == (1, "p fails: 1 warning (strict)")
    code, out, _ = plan("check", "--strict", "--format", "json")
    assert (code, json.loads(out)["verdict"]) == (1, "fails")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "plan: there is no `nowhere`\n"),
        (["check", "empty"], "plan: there is no `.plan` file in `empty`\n"),
        (["check", "a.plam"], "plan: there is no `a.plam`; did you mean `a.plan`?\n"),
        (["check", "\x1b[31m"], "plan: there is no `\\x1b[31m`\n"),
        (["check", "a\0b"], "plan: there is no `a\\x00b`\n"),
        (["check", "--wrong"], "plan: `plan check` has no option `--wrong`; `plan check --help` lists them\n"),
        (["check", "--fromat", "json"], "plan: `plan check` has no option `--fromat`; did you mean `--format`?\n"),
        (
            ["check", "--format", "jsn"],
            "plan: --format does not know `jsn`: it takes text, json, sarif, github, junit; did you mean `json`?\n",
        ),
        (["chekc"], "plan: there is no command `chekc`; did you mean `check`?\n"),
        (["a.plan"], "plan: there is no command `a.plan`; did you mean `plan check a.plan`?\n"),
        (["verify\x1b"], "plan: there is no command `verify\\x1b`; `plan --help` lists them\n"),
        (["--vresion"], "plan: `plan` has no option `--vresion`; did you mean `--version`?\n"),
        (["explain"], "plan: missing argument 'SUBJECT'; `plan explain --help` says how\n"),
    ],
)
def test_bad_usage_is_one_line(plan: Callable[..., Any], place: Path, arguments: list[str], message: str) -> None:
    """Whatever cannot be done is said in one line on standard error, with exit code 2."""
    (place / "a.plan").write_text(HOLDS)
    (place / "empty").mkdir()
    assert plan(*arguments) == (2, "", message)


def test_an_unreadable_file(plan: Callable[..., Any], place: Path) -> None:
    """A file that is not text is a finding with its place."""
    (place / "a.plan").write_bytes(b"plan \xff")
    code, out, err = plan("check", "a.plan")
    assert (code, err) == (2, "")
    assert out == (
        "a cannot be read: 1 mistake\n  USE106 not-text  1 error\n\n"
        "error[USE106] not-text: `a.plan` is not UTF-8 text: byte 6 belongs to no character\n --> a.plan:1:1\n"
    )


def test_members_of_a_range_fail_as_one(plan: Callable[..., Any], place: Path) -> None:
    """Of members of a range that fail alike, one is shown, and the rest are named; `--verbose` shows each."""
    text = 'plan p { }\ncampus a {\n  building gpu[1..100] {\n    require 1 > 2 "no"\n  }\n}\n'
    (place / "a.plan").write_text(text)
    code, out, _ = plan("check")
    assert code == 1
    assert out == (
        "p fails: 100 errors\n  RUL101 require-fails  100 errors: a.gpu[1..100]\n\n"
        "error[RUL101] require-fails: require in `a.gpu[1]` fails: 1 is 1, not > 2 (no)\n"
        ' --> a.plan:4:5\n  |\n4 |     require 1 > 2 "no"\n  |     ^^^^^^^^^^^^^^^^^^\n'
        "and 99 more like it: a.gpu[2..100]\n"
    )
    _, out, _ = plan("check", "--verbose")
    assert out.count("error[RUL101]") == 100
    assert "require in `a.gpu[37]` fails: 1 is 1, not > 2 (no)\n" in out
    assert "more like it" not in out
    _, out, _ = plan("check", "--format", "json")
    assert len(json.loads(out)["diagnostics"]) == 100


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "json"])
def test_no_format_lets_escapes_through(plan: Callable[..., Any], place: Path, form: str) -> None:
    """What a plan's texts hold can steer no terminal, and forge no annotation."""
    text = 'plan p { }\nrequire 1 > 2 "\\u001b[2J\\u202e\\n::error::forged\\u0007"\n# \u202e\n'
    (place / "a.plan").write_text(text, encoding="utf-8")
    code, out, _ = plan("check", "--format", form)
    assert code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert not any(line.startswith("::error::") for line in out.splitlines())


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text")
@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "json"])
def test_names_that_are_no_text(plan: Callable[..., Any], place: Path, form: str) -> None:
    """The names of files and folders may be any bytes, and are escaped."""
    name = os.fsdecode(b"\xff\x1b\n")
    (place / name).mkdir()
    (place / name / f"{name}.plan").write_text("plan p { }\nrequire 1 > 2\n")
    code, out, err = plan("check", name, "--format", form)
    assert (code, err) == (1, "")
    assert "\x1b" not in out
    out.encode()
    assert plan("check", name, "--format", form) == (code, out, err)


# --- the process itself ---------------------------------------------------------------------------


def _run(script: str, place: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], cwd=place, capture_output=True, text=True, timeout=120, check=False, **options
    )


@pytest.mark.parametrize("arguments", [["check"], ["check", "a.plan"]])
def test_the_plain_forms_import_little(place: Path, arguments: list[str]) -> None:
    """The plain check needs no parser of options; that of an unchanged plan nothing at all but itself."""
    (place / "a.plan").write_text(HOLDS)
    script = f"""if True:
        import sys
        from planlang.cli.main import main
        assert main({arguments!r}) == 0
        print(sorted({{"typer", "click", "pydantic", "lark", "re", "json", "typing", "planlang.compiler"}}
                     & set(sys.modules)), file=sys.stderr)
    """
    first, second = _run(script, place), _run(script, place)
    assert first.stdout == second.stdout == "small holds: 2 entities, 2 intervals\n"
    assert not {"typer", "click", "pydantic", "lark"} & set(eval(first.stderr))
    assert eval(second.stderr) == []


def test_options_import_no_models(place: Path) -> None:
    """Options are read without pydantic's models, which take longer to import than a small plan to check."""
    (place / "a.plan").write_text(HOLDS)
    script = """if True:
        import sys
        from planlang.cli.main import main
        assert main(["check", "--format", "github"]) == 0
        print({"pydantic", "lark"} & set(sys.modules))
    """
    assert _run(script, place).stdout.splitlines()[-1] == "set()"


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
def test_a_closed_pipe(place: Path) -> None:
    """A reader that goes away ends the program with one line."""
    (place / "a.plan").write_text("plan p { }\n" + "".join(f"require {i} < 0\n" for i in range(3000)))
    script = "import sys; from planlang.cli.main import main; sys.exit(main(['check']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == "plan: the reader of the output went away before all was written\n"
    assert process.returncode == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
def test_a_full_disk(place: Path) -> None:
    """Output that cannot be written is said in one line."""
    (place / "a.plan").write_text(HOLDS)
    script = "import sys; from planlang.cli.main import main; sys.exit(main(['check']))"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=place, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "plan: cannot write the output: no space left on device\n")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyboardInterrupt(), "plan: interrupted\n"),
        (MemoryError(), "plan: there is not enough memory for this\n"),
        (PermissionError(13, "Permission denied", "a\n.plan"), "plan: cannot use `a\\n.plan`: permission denied\n"),
        (
            ValueError("what\nnow"),
            "plan: internal error (ValueError: what now): a mistake of the program, not of the plan; please report it "
            "with what it prints under PLANLANG_DEBUG=1\n",
        ),
    ],
)
def test_no_error_shows_a_traceback(
    plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, error: BaseException, message: str
) -> None:
    """Whatever goes wrong within is one line, and exit code 2."""

    def fail(path: str) -> int:
        raise error

    monkeypatch.setattr("planlang.cli.check.run", fail)
    assert plan("check") == (2, "", message)


def test_debugging_shows_the_traceback(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """With PLANLANG_DEBUG the traceback of an internal error comes first."""
    monkeypatch.setenv("PLANLANG_DEBUG", "1")
    monkeypatch.setattr("planlang.cli.check.run", lambda path: 1 // 0)
    code, out, err = plan("check")
    assert (code, out) == (2, "")
    assert err.startswith("Traceback (most recent call last):")
    assert "please report it" in err.splitlines()[-1]


# --- what is shown, and what counts ---------------------------------------------------------------

SEVERAL = """\
plan small { horizon = 2026-01 .. 2027-12 }
campus c { pue = 1.1; peak_pue = 1.2
  utility grid { capacity = 2 MW }
  building b { load = 2 MW; budget = 1 MW
    prefer it_load < 1 MW "or so" } }
"""
NOT_EXAMINED = "not examined: power behind the grid, no power plant is written; cooling, no cooling plant is written\n"


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ([], 1, "small fails: 2 errors, 1 warning"),
        (["--quiet"], 1, "small fails: 2 errors, 1 warning"),
        (["--ignore", "PWR103"], 1, "small fails: 1 error, 1 warning, 1 error ignored (PWR103)"),
        (["--ignore", "pwr"], 0, "small holds: 1 warning, 2 errors ignored (PWR101, PWR103), 4 entities, 1 interval"),
        (
            ["--ignore", "PWR,RUL", "--strict"],
            0,
            "small holds: 2 errors and 1 warning ignored (PWR101, PWR103, RUL102), 4 entities, 1 interval",
        ),
        (["--select", "RUL"], 0, "small holds: 1 warning, 2 errors ignored (PWR101, PWR103), 4 entities, 1 interval"),
        (
            ["--select", "PWR", "--ignore", "PWR101"],
            1,
            "small fails: 1 error, 1 error and 1 warning ignored (PWR101, RUL102)",
        ),
        (["--select", "PWR101", "--select", "PWR103"], 1, "small fails: 2 errors, 1 warning ignored (RUL102)"),
    ],
)
def test_what_counts_is_chosen(
    plan: Callable[..., Any], place: Path, arguments: list[str], code: int, line: str
) -> None:
    """Codes and families are chosen or left out; the verdict always says what was left out."""
    (place / "a.plan").write_text(SEVERAL)
    result = plan("check", *arguments)
    assert (result.code, result.out.splitlines()[0], result.err) == (code, line, "")
    if "--quiet" in arguments:
        assert result.out == f"{line}\n"


def test_a_doubt_that_makes_a_plan_fail_always_counts(plan: Callable[..., Any], place: Path) -> None:
    """What does not hold because of a doubted figure is named by the doubt alone: leaving that out would hide it."""
    (place / "a.plan").write_text("building b { load = 2 MW; pue = 1.2; peak_pue = 1.3; ups u { rating = 2 mW } }")
    for arguments in ([], ["--ignore", "FIG"], ["--select", "PWR"]):
        result = plan("check", "--quiet", *arguments)
        assert (result.code, result.out.split(",")[0]) == (1, "work fails: 1 error\n")


def test_what_is_left_out_is_in_every_format(plan: Callable[..., Any], place: Path) -> None:
    """The document has what counts, and how much is left out."""
    (place / "a.plan").write_text(SEVERAL)
    code, out, _ = plan("check", "--ignore", "PWR", "--format", "json")
    made = json.loads(out)
    assert (code, made["verdict"], made["counts"]) == (0, "holds", {"error": 0, "warning": 1, "accepted": 0})
    assert [one["code"] for one in made["diagnostics"]] == ["RUL102"]
    assert made["ignored"] == {"error": 2, "warning": 0, "accepted": 0, "codes": ["PWR101", "PWR103"]}
    _, out, _ = plan("check", "--ignore", "PWR", "--format", "github")
    assert out.splitlines()[-1] == ("small holds: 1 warning, 2 errors ignored (PWR101, PWR103), 4 entities, 1 interval")


def test_mistakes_of_reading_are_never_left_out(plan: Callable[..., Any], place: Path) -> None:
    """What keeps a plan from being read is said, whatever is chosen."""
    (place / "b.plan").write_text(UNREADABLE)
    code, out, _ = plan("check", "--ignore", "KND,TYP", "--select", "PWR")
    assert (code, out.splitlines()[0]) == (2, "work cannot be read: 2 mistakes")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "PWR1O3"], "plan: --select knows no code or family `PWR1O3`; did you mean `PWR103`?\n"),
        (["--ignore", "PWE"], "plan: --ignore knows no code or family `PWE`; did you mean `PWR`?\n"),
        (
            ["--ignore", "everything"],
            "plan: --ignore knows no code or family `everything`; `plan explain rules` lists the codes\n",
        ),
    ],
)
def test_unknown_codes_are_bad_usage(plan: Callable[..., Any], place: Path, arguments: list[str], message: str) -> None:
    """A code that there is not is said, with the nearest."""
    (place / "a.plan").write_text(SEVERAL)
    assert plan("check", *arguments) == (2, "", message)


def test_the_whole_of_it(plan: Callable[..., Any], place: Path) -> None:
    """Measures, a condition, what is accepted, what is not examined: all in their places, in text and in JSON."""
    (place / "a.plan").write_text(
        """\
plan small { horizon = 2026-01 .. 2027-12 }
measure load_in_all = most(it_load) "IT load"
accept PWR101 until 2027-01 "the budget grows"
campus c {
  utility grid { capacity = 2.5 MW }
  building b { load = 2 MW; budget = 1 MW; until = 2027-01 } }
"""
    )
    assert plan("check") == (
        0,
        """\
small holds, if c.peak_pue <= 1.25 (assumed 1.45): 1 warning, 1 accepted, 4 entities, 2 intervals
  load_in_all = 2 MW  IT load
  PWR103 utility-over       1 warning: c.grid
  PWR101 power-over-budget  1 accepted: c.b
"""
        + NOT_EXAMINED
        + """\

warning[PWR103] utility-over: `c.grid`: facility load of 2.9 MW exceeds its firm capacity of 2.5 MW by 400 kW \
from 2026-01 until 2027-01
 --> a.plan:5:29
  |
5 |   utility grid { capacity = 2.5 MW }
  |                             ^^^^^^
  = from c.b: 2.9 MW (a.plan:6:3)
  = note: `c` has neither `peak_pue` nor `pue`: 1.45 is assumed for the peak hour; it holds with at most 1.25
  = note: plausible are 1.1 to 1.6: liquid cooling in a mild climate, and the mean of surveys; planning takes \
1.25 to 1.45
  = fix: raise `capacity` to 2.9 MW from 2026-01
  = or: write `peak_pue = …` in `c`: it holds with at most 1.25

accepted[PWR101] power-over-budget: `c.b`: IT load of 2 MW exceeds its budget of 1 MW by 1 MW from 2026-01 until 2027-01
 --> a.plan:6:38
  |
6 |   building b { load = 2 MW; budget = 1 MW; until = 2027-01 } }
  |                                      ^^^^
  = from c.b: 2 MW (a.plan:6:3)
  = fix: raise `budget` to 2 MW from 2026-01
  = accepted until 2027-01: the budget grows
""",
        "",
    )
    _, out, _ = plan("check", "--format", "json")
    made = json.loads(out)
    watts = {"kind": "quantity", "value": 2e6, "unit": "W", "text": "2 MW"}
    assert made["measures"] == [{"path": "load_in_all", "title": "IT load", "value": watts}]
    assert made["conditions"] == [
        {
            "path": "c.peak_pue",
            "relation": "<=",
            "value": {"kind": "number", "value": 1.25},
            "assumed": {"kind": "number", "value": 1.45},
        }
    ]
    assert made["not_examined"] == [
        {"what": "power behind the grid", "why": "no power plant is written"},
        {"what": "cooling", "why": "no cooling plant is written"},
    ]
    assert [(one["severity"], one["accepted"]) for one in made["diagnostics"]] == [
        ("warning", None),
        ("error", {"until": "2027-01-01", "message": "the budget grows"}),
    ]
    assert plan("check", "--strict").code == 1
