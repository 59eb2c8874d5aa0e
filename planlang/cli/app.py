"""The commands and their options. Each is imported when it is called, and runs after the options are read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from planlang.cli.choices import (
    CATALOG_FORMATS,
    CHECK_FORMATS,
    DIFF_FORMATS,
    EXPORT_FORMATS,
    LAB_KINDS,
    LEVELS,
    PARTS,
    SHOW_FORMATS,
    UNITS,
    Nodes,
    Part,
    catalogued,
    chosen,
    explained,
    one_of,
)
from planlang.cli.terminal import UNUSABLE, Refusal, complain, write

Action = Callable[[], int]

app = typer.Typer(
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="AI data centres planned as code: one text, a checked plan, diagrams and bills of materials.\n\n"
    "Without a command, in a folder that holds a plan, it is checked.",
    epilog="Example: plan check examples/fairwater",
)


def run(arguments: list[str]) -> int:
    """Read the options and run the command; returns the exit code."""
    command = typer.main.get_command(app)
    _refuse_unknown(arguments, getattr(command, "commands", {}))
    try:
        action = command.main(arguments or ["--help"], prog_name="plan", standalone_mode=False)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return complain(_mistaken(error))
    except SystemExit as end:  # raised by shell completion
        return end.code if isinstance(end.code, int) else 0
    if callable(action):
        return int(action())
    if not arguments:
        return UNUSABLE
    return action if isinstance(action, int) else 0


def _refuse_unknown(arguments: list[str], commands: dict[str, object]) -> None:
    """Raise Refusal where the first word is no command."""
    word = next(iter(arguments), "-")
    if word.startswith("-") or word in commands:
        return
    import os

    from planlang.lang.nearest import did_you_mean, nearest

    hint = did_you_mean(nearest(word, commands, 1)) or "`plan --help` lists them"
    if os.path.exists(word):
        hint = f"did you mean `plan check {word}`?"
    raise Refusal(f"there is no command `{word}`; {hint}")


def _mistaken(error: Exception) -> str:
    """What is wrong with the options, in one line, with the nearest name."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "plan"
    option = getattr(error, "option_name", None)
    if option and hasattr(error, "possibilities"):
        from planlang.lang.nearest import did_you_mean, nearest

        known = [name for one in context.command.params for name in one.opts] if context is not None else []
        hint = did_you_mean(nearest(option, known, 1))
        return f"`{path}` has no option `{option}`; {hint or f'`{path} --help` lists them'}"
    text = " ".join(error.format_message().split()).rstrip(".")  # type: ignore[attr-defined]
    return f"{text[:1].lower()}{text[1:]}; `{path} --help` says how"


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


# --- what commands share: how a plan is opened, and what is written over ---------------------------------

_PATH = "A .plan file, a folder of them, or - for standard input."
Path = Annotated[str, typer.Argument(metavar="PATH", help=_PATH)]
Paths = Annotated[list[str] | None, typer.Argument(metavar="PATH", help=f"{_PATH} Several are checked in turn.")]
Name = Annotated[
    str, typer.Option("--name", metavar="FILE", help="The file that standard input stands for, in messages and `use`.")
]
Folder = Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write to.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are not its own.")]


@app.command(epilog="Example: plan check . --strict --format json")
def check(
    paths: Paths = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            autocompletion=one_of(CHECK_FORMATS),
            help=f"How to write what is found: {', '.join(CHECK_FORMATS)}.",
        ),
    ] = "text",
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
    name: Name = "",
) -> Action:
    """Check every constraint and rule of plans.

    Exits with 0 if they hold, 1 if a constraint or rule fails, 2 if one cannot be read.
    """
    from planlang.cli import check as command

    formats, codes, left_out = chosen("--format", form, CHECK_FORMATS), _words(select), _words(ignore)
    return lambda: command.run(
        paths or ["."], formats, strict, not no_cache, name, command.Shown(quiet, verbose, codes, left_out)
    )


@app.command(epilog="Example: plan render . -o out --level campus --at 2026-10 --png")
def render(
    out: Folder,
    path: Path = ".",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PART",
            autocompletion=one_of(PARTS),
            help="Only diagrams, or only bom. May be repeated.",
        ),
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(
            "--level",
            metavar="LEVEL",
            autocompletion=one_of(LEVELS),
            help="Only fleet, campus or building. May be repeated.",
        ),
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
    force: Force = False,
    name: Name = "",
) -> Action:
    """Write diagrams and the bill of materials of a plan into a folder."""
    from planlang.cli import render as command

    return lambda: command.run(path, out, only or (), level or (), at, templates, png, pdf, dot, force, name)


@app.command(epilog="Example: plan export cables . -o out")
def export(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            autocompletion=one_of(EXPORT_FORMATS),
            help=f"What is to read it: {', '.join(EXPORT_FORMATS)}.",
        ),
    ],
    out: Folder,
    path: Path = ".",
    fabric: Annotated[
        list[str] | None,
        typer.Option("--fabric", metavar="NAME", help="Only this fabric, also if it is a design. May be repeated."),
    ] = None,
    plane: Annotated[int | None, typer.Option("--plane", metavar="N", help="Only this plane of fabrics.")] = None,
    unit: Annotated[
        int | None,
        typer.Option(
            "--unit", metavar="N", help="Only this unit (pod) of those that the last tier joins; of two tiers, a leaf."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="DATE", help="As fabrics are on this date, not when they join the most."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            autocompletion=one_of(LAB_KINDS),
            help=f"What switches of a lab are: {', '.join(LAB_KINDS)}.",
        ),
    ] = "",
    image: Annotated[str, typer.Option("--image", metavar="IMAGE", help="The image of a lab's switches.")] = "",
    force: Force = False,
    name: Name = "",
) -> Action:
    """Write the networks of a plan for another tool, or for those who install them.

    cables: every link of fabrics, port to port, as one CSV.

    containerlab: a topology for each fabric, to emulate it.

    gnpy: the network between sites as topology, equipment and services in JSON, one fiber pair of each link that is
    amplified.
    """
    from planlang.cli import export as command

    part, nodes = Part(tuple(fabric or ()), at, plane, unit), Nodes(kind, image)
    return lambda: command.run(chosen("FORMAT", form, EXPORT_FORMATS), path, out, part, nodes, force, name)


@app.command(epilog="Example: plan show . wisconsin.it_load --at 2026-10")
def show(
    path: Path = ".",
    expression: Annotated[
        str | None,
        typer.Argument(metavar="EXPRESSION", help="A name, a path or any expression. Without one, the plan as a tree."),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            autocompletion=one_of(SHOW_FORMATS),
            help=f"How to write it: {', '.join(SHOW_FORMATS)}.",
        ),
    ] = "text",
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="Only what holds on that date.")] = None,
    name: Name = "",
) -> Action:
    """Show a plan as a tree with loads and sizes, or the value of an expression.

    A value that varies is dated. Of a block, its attributes and derived quantities are shown.
    """
    from planlang.cli import show as command

    return lambda: command.run(path, expression, chosen("--format", form, SHOW_FORMATS), at, name)


@app.command(epilog="Example: plan fmt --check . || plan fmt --diff .")
def fmt(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="A .plan file, a folder (with the folders in it), or - for standard input. Without one, this folder.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the files that would change, and exit with 1 then.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    name: Name = "",
) -> Action:
    """Format plans in the one style; their meaning and comments stay.

    A file with a mistake in its text is left as it is, and the mistake is told. Exits with 0 when all is done, 1 if
    with --check a file would change, 2 if one cannot be read.
    """
    from planlang.cli import fmt as command

    return lambda: command.run(paths or ["."], check, diff, name)


@app.command(epilog="Example: plan diff --git main . --exit-code")
def diff(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="OLD NEW", help=f"{_PATH} With --git one PATH alone, by default the current folder."),
    ] = None,
    git: Annotated[
        str | None,
        typer.Option(
            "--git",
            metavar="REV",
            help="Compare PATH with a Git revision of itself; REV..REV two revisions, REV...REV since they parted.",
        ),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            autocompletion=one_of(DIFF_FORMATS),
            help=f"How to write it: {', '.join(DIFF_FORMATS)}.",
        ),
    ] = "text",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where a finding or a measure moves.")
    ] = False,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="CONDITION",
            help='Exit with 1 where this is so, as in "change(it_load) > 5%". May be repeated.',
        ),
    ] = None,
    driver: Annotated[
        bool, typer.Option("--driver", help="Be the diff driver of Git, with the arguments that it gives.")
    ] = False,
    name: Name = "",
) -> Action:
    """Say what changes between two plans, or between Git revisions of one.

    What is written otherwise, and by which of it findings, measures, loads over time, sizes and the bill differ. Text
    that only moves is no change. Exits with 0 whatever differs, if nothing else is asked for, and with 2 where a plan
    cannot be read.
    """
    if driver:
        from planlang.cli import diff_driver

        return lambda: diff_driver.run(paths or [])
    from planlang.cli import diff as command

    formats = chosen("--format", form, DIFF_FORMATS)
    return lambda: command.run(paths or [], formats, git, exit_code, fail_on or (), name)


@app.command(epilog="Example: plan explain PWR101")
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT",
            autocompletion=explained,
            help="A code, its name, a kind, KIND.ATTRIBUTE, a SKU, or one of: kinds, rules, functions.",
        ),
    ],
) -> Action:
    """Explain a code, a kind, an attribute or a SKU.

    Of a code: what it means, its formula, source and example. Of a kind: all that one may write, and what follows. Of a
    SKU of the catalogue: its figures with their sources, what follows, and what a plan takes where none is published.
    """
    from planlang.cli import explain as command

    return lambda: command.run(subject)


@app.command(epilog="Example: plan catalog gb200 gb300 --compare")
def catalog(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            autocompletion=catalogued,
            help="An entry, a module, a kind, or a part of a name or title. Without one, all.",
        ),
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Side by side, each kind by itself.")] = False,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            autocompletion=one_of(CATALOG_FORMATS),
            help=f"How to write it: {', '.join(CATALOG_FORMATS)}.",
        ),
    ] = "text",
) -> Action:
    """List or compare the SKUs of the catalogue.

    Of a single entry, and side by side, each figure stands with its confidence; of a single one with its source.
    """
    from planlang.cli import catalog as command

    return lambda: command.run(names or [], compare, chosen("--format", form, CATALOG_FORMATS))


@app.command(epilog="Example: plan init my_campus && plan check my_campus")
def init(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder to make; it may exist.")],
) -> Action:
    """Write a commented starter project that checks clean."""
    from planlang.cli import init as command

    return lambda: command.run(folder)


@app.command("import", epilog="Example: plan import abilene.xml -o abilene.plan")
def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="GraphML (yEd's, too), node-link JSON, SNDlib (XML, JSON), Repetita (graph, demands), GNPy (topology, "
            "equipment, services as JSON; workbooks).",
        ),
    ],
    out: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write, not standard output.")
    ] = None,
    unit: Annotated[
        str,
        typer.Option(
            "--unit",
            metavar="UNIT",
            autocompletion=one_of(UNITS),
            help="Of capacities and demands: b/s, kb/s, Mb/s, Gb/s or Tb/s.",
        ),
    ] = "Mb/s",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> Action:
    """Make a plan of a network that another tool describes."""
    from planlang.cli import import_ as command

    return lambda: command.run(files, out, chosen("--unit", unit, UNITS), force)
