"""The commands and their options. Each is imported when it is called, and runs after the options are read."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from planlang.cli.terminal import UNUSABLE, complain, write

Action = Callable[[], int]

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="AI data centres planned as code: one text, a checked plan, diagrams and bills of materials.",
    epilog="Example: plan check examples/fairwater",
)


class CheckFormat(enum.StrEnum):
    """How the findings of a check are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"
    junit = "junit"


class ExportFormat(enum.StrEnum):
    """What reads what is exported."""

    gnpy = "gnpy"


class ShowFormat(enum.StrEnum):
    """How a value is written."""

    text = "text"
    json = "json"


def run(arguments: list[str]) -> int:
    """Read the options and run the command; returns the exit code."""
    command = typer.main.get_command(app)
    try:
        action = command.main(arguments or ["--help"], prog_name="plan", standalone_mode=False)
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "plan"
        text = " ".join(message().split()).rstrip(".")
        stop = "" if text.endswith("?") else ";"
        return complain(f"{text[:1].lower()}{text[1:]}{stop} `{path} --help` says how")
    except SystemExit:
        return UNUSABLE
    if callable(action):
        return int(action())
    if not arguments:
        return UNUSABLE
    return action if isinstance(action, int) else 0


def _words(given: list[str] | None) -> tuple[str, ...]:
    """The words of an option that may be repeated, or hold several with commas between."""
    return tuple(word.strip() for one in given or () for word in one.split(",") if word.strip())


def _version(wanted: bool) -> None:
    if wanted:
        from planlang import __version__

        write(f"planlang {__version__}\n")
        sys.stdout.flush()
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


Path = Annotated[str, typer.Argument(metavar="PATH", help="A .plan file, or a folder of them.")]


@app.command(epilog="Example: plan check . --strict --format json")
def check(
    path: Path = ".",
    form: Annotated[CheckFormat, typer.Option("--format", help="How to write what is found.")] = CheckFormat.text,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say the verdict alone.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell each finding, also of alike ones.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CODE", help="Only these codes or families (PWR, PWR103). May be repeated."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="CODE", help="Not these codes or families; the verdict says so."),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Check again, even if nothing changed.")] = False,
) -> Action:
    """Check every constraint and rule of a plan.

    Exits with 0 if it holds, 1 if a constraint or rule fails, 2 if it cannot be read.
    """
    from planlang.cli import check as command

    codes, left_out = _words(select), _words(ignore)
    return lambda: command.run(path, form.value, strict, not no_cache, quiet, verbose, codes, left_out)


@app.command(epilog="Example: plan render . -o out --level campus --at 2026-10 --png")
def render(
    path: Path,
    out: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write to.")],
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PART", help="Only diagrams, or only bom. May be repeated."),
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="LEVEL", help="Only fleet, campus or building. May be repeated."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="DATE", help="Draw this date, not the one of the worst utilization."),
    ] = None,
    templates: Annotated[
        str | None,
        typer.Option("--templates", metavar="DIR", help="Templates of your own, before the built-in ones."),
    ] = None,
    png: Annotated[bool, typer.Option("--png", help="Draw PNG too.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Draw PDF too.")] = False,
    dot: Annotated[
        str, typer.Option("--dot", metavar="ENGINE", help="What draws: auto, embedded, or the path of a dot.")
    ] = "auto",
    force: Annotated[bool, typer.Option("--force", help="Write over files that are not its own.")] = False,
) -> Action:
    """Write diagrams and the bill of materials of a plan into a folder."""
    from planlang.cli import render as command

    parts, levels = _words(only), _words(level)
    return lambda: command.run(path, out, parts, levels, at, templates, png, pdf, dot, force)


@app.command(epilog="Example: plan export gnpy . -o out")
def export(
    form: Annotated[ExportFormat, typer.Argument(metavar="FORMAT", help="What is to read it: gnpy.")],
    path: Path,
    out: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write to.")],
    force: Annotated[bool, typer.Option("--force", help="Write over files that are not its own.")] = False,
) -> Action:
    """Write the network of a plan for another tool.

    gnpy: topology, equipment and services as JSON, of one fiber pair of each link that is amplified.
    """
    from planlang.cli import export as command

    return lambda: command.run(form.value, path, out, force)


@app.command(epilog="Example: plan show . wisconsin.it_load --at 2026-10")
def show(
    path: Path,
    expression: Annotated[str, typer.Argument(metavar="EXPRESSION", help="A name, a path or any expression.")],
    form: Annotated[ShowFormat, typer.Option("--format", help="How to write the value.")] = ShowFormat.text,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="Only the value of that date.")] = None,
) -> Action:
    """Evaluate an expression on a plan, dated where it varies.

    Of a block, its attributes and derived quantities are shown.
    """
    from planlang.cli import show as command

    return lambda: command.run(path, expression, form.value, at)


@app.command(epilog="Example: plan explain PWR101")
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT", help="A code, its name, a kind, KIND.ATTRIBUTE, or one of: kinds, rules, functions."
        ),
    ],
) -> Action:
    """Explain a code (what it means, its formula, source and example) or a kind (all that one may write of it)."""
    from planlang.cli import explain as command

    return lambda: command.run(subject)


@app.command(epilog="Example: plan init my_campus && plan check my_campus")
def init(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder to make; it may exist.")],
) -> Action:
    """Write a commented starter project that checks clean."""
    from planlang.cli import init as command

    return lambda: command.run(folder)


@app.command("import", epilog="Example: plan import abilene.xml -o abilene.plan")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="GraphML, node-link JSON or SNDlib XML.")],
    out: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write, not standard output.")
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help="Of capacities and demands: b/s, kb/s, Mb/s, Gb/s or Tb/s.")
    ] = "Mb/s",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> Action:
    """Make a plan of a network that another tool describes."""
    from planlang.cli import import_ as command

    return lambda: command.run(file, out, unit, force)
