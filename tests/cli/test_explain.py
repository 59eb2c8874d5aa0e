"""`plan explain` and `plan init`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from planlang.compiler import all_codes, kinds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODES = all_codes()
KINDS = kinds().by_name


@pytest.mark.parametrize("code", CODES)
def test_every_code(plan: Callable[..., Any], code: str) -> None:
    """Every code is explained, by its code in either case and by its name."""
    outcome = plan("explain", code)
    assert outcome.code == 0
    assert outcome.out.startswith(f"{code} {CODES[code].name} ({CODES[code].severity})\n\n")
    assert CODES[code].explanation.split()[0] in outcome.out
    assert plan("explain", code.lower()) == plan("explain", CODES[code].name) == outcome


def test_names_are_told_apart() -> None:
    """No two codes share a name."""
    names = [code.name for code in CODES.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind(plan: Callable[..., Any], kind: str) -> None:
    """Every kind is explained with all its attributes, each of which is explained alone too."""
    code, out, _ = plan("explain", kind)
    assert code == 0
    for name in KINDS[kind].attributes:
        assert f"\n  {name} " in out
        assert plan("explain", f"{kind}.{name}").code == 0
    assert max(map(len, out.splitlines())) <= 140


def test_an_attribute(plan: Callable[..., Any]) -> None:
    """An attribute is explained with its marks, type, default and meaning."""
    assert plan("explain", "ups.count").out == (
        "ups.count\n\n  count ?~  whole number, as in `12`; default 1\n      All units, the redundant ones included.\n"
    )


def test_lists(plan: Callable[..., Any]) -> None:
    """All rules, kinds and functions can be listed."""
    assert all(code in plan("explain", "rules").out for code in CODES)
    assert all(f"  {kind} " in plan("explain", "kinds").out for kind in KINDS)
    assert "least(schedule)" in plan("explain", "functions").out


@pytest.mark.parametrize(
    ("subject", "hint"),
    [
        ("PWR10l", "did you mean `PWR101`"),
        ("bulding", "did you mean `building`?"),
        ("budget", "did you mean `campus.budget`, `building.budget` or `hall.budget`?"),
        ("building.buget", "did you mean `building.budget`?"),
        ("xyzzyxyzzy", "`plan explain rules`, `plan explain kinds` and `plan catalog` list all there are"),
    ],
)
def test_near_misses(plan: Callable[..., Any], subject: str, hint: str) -> None:
    """What is not known is answered with what comes near."""
    code, out, err = plan("explain", subject)
    assert (code, out) == (2, "")
    assert hint in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("genset", ["`genset` is called `generator` here.", "\n\ngenerator (power)\n"]),
        ("bess", ["`bess` is called `battery` here."]),
        ("rack", ["`rack` is called `system` here.", "What one orders is a `system`, how many stand there a `deploy`"]),
        ("ats", ["Transfer switches are not modelled"]),
        ("qty", ["As an attribute it is `count`"]),
        ("colo", ["`colo` is called `campus` here."]),
        ("leased_line", []),
    ],
)
def test_words_of_the_trade(plan: Callable[..., Any], word: str, said: list[str]) -> None:
    """A word of the trade is explained by what it is called here."""
    code, out, err = plan("explain", word)
    assert code == (0 if said else 2), err
    assert all(part in out for part in said), out


def test_usual_figures(plan: Callable[..., Any]) -> None:
    """What is usual of an attribute is told with it."""
    assert "500 W to 50 MW" in plan("explain", "ups").out


def test_a_starter_project_checks_clean(plan: Callable[..., Any], place: Path) -> None:
    """What `plan init` writes holds without a warning, and is never written over."""
    assert plan("init", "new") == (0, "new/site.plan\nnew/parts/gpu_building.plan\n", "")
    code, out, err = plan("check", "new", "--strict")
    expected = (
        "my_campus holds: 17 entities, 2 intervals\n"
        "not examined: feeds of cooling plant, no `fed_by` names them; failures, nothing says `survives`; "
        "networks within sites, no fabric is written\n"
    )
    assert (code, out, err) == (0, expected, "")
    assert plan("init", "new") == (
        2,
        "",
        "plan: `new/site.plan` exists already, and nothing is written over it\n",
    )


def test_no_starter_beside_a_plan(plan: Callable[..., Any], place: Path) -> None:
    """A folder that holds a plan, or a file in its place, is left alone."""
    (place / "mine.plan").write_text("")
    assert plan("init", ".") == (2, "", "plan: `.` holds a plan already: mine.plan\n")
    assert plan("init", "mine.plan") == (2, "", "plan: `mine.plan` exists, and is no folder\n")


def test_every_command_helps_with_an_example(plan: Callable[..., Any]) -> None:
    """Every help ends with an example, and the help of all lists every command."""
    import typer

    from planlang.cli.app import app

    commands = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    listed = plan("--help").out
    assert "\n  Example: plan check examples/fairwater\n" in listed
    for command in commands:
        assert f"\n  {command} " in listed
        code, out, err = plan(command, "--help")
        assert (code, err) == (0, "")
        assert out.splitlines()[0].startswith(f"Usage: plan {command} [OPTIONS]")
        assert out.rstrip("\n").splitlines()[-1].startswith(f"  Example: plan {command} ")


def test_version_and_help(plan: Callable[..., Any]) -> None:
    """The version is one line; without a command the help comes, and exit code 2."""
    from planlang import __version__

    assert plan("--version") == (0, f"planlang {__version__}\n", "")
    assert plan("--help").code == 0
    code, out, _ = plan()
    assert (code, out) == (2, plan("--help").out)
