"""The entry point. `plan check` without options goes straight to its function; all else goes through typer's parser.

That parser takes several times as long as the check of an unchanged plan.
"""

from __future__ import annotations

import os
import sys

from planlang.cli.terminal import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


COMPLETION = "_PLAN_COMPLETE"
"""The environment variable by which a shell asks for completions."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return guarded(lambda: _run(given))


def _run(given: list[str]) -> int:
    if not given and COMPLETION not in os.environ:
        from planlang.cli.opening import has_plan

        given = ["check"] if has_plan(".") else []
    if given[:1] == ["check"] and not any(one.startswith("-") and one != "-" for one in given):
        from planlang.cli import check

        return check.run(given[1:] or ["."])
    from planlang.cli import app

    return app.run(given)
