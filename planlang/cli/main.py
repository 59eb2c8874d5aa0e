"""The entry. The plain forms of `plan check` go straight to their function; all else goes by the parser of options.

That parser costs several times what the check of an unchanged plan does.
"""

from __future__ import annotations

import sys

from planlang.cli.terminal import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return guarded(lambda: _run(given))


def _run(given: list[str]) -> int:
    if given[:1] == ["check"] and (len(given) == 1 or (len(given) == 2 and not given[1].startswith("-"))):
        from planlang.cli import check

        return check.run(given[1] if len(given) == 2 else ".")
    from planlang.cli import app

    return app.run(given)
