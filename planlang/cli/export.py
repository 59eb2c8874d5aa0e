"""`plan export`: the network of a plan as files that another tool reads.

A plan that fails is exported too, with a remark that it fails. One that cannot be read exits 2, and so does one without
a link that can be written.
"""

from __future__ import annotations

import json
import os

from planlang.cli import opening
from planlang.cli.folder import write_all
from planlang.cli.terminal import HOLDS, UNUSABLE, Refusal, report, write


def run(form: str, path: str, out: str, force: bool = False, name: str = "") -> int:
    """Write the files of a format (`gnpy`) into the folder `out`, and their names to standard output."""
    from planlang.views import gnpy

    assert form == "gnpy"
    result = opening.readable(path, name)
    if result is None:
        return UNUSABLE
    found, left = gnpy.written(result.situation)
    if not found:
        raise Refusal("no link has a line system of known spans and symbol rate, and so there is nothing to export")
    try:
        documents = gnpy.documents(result.situation)
    except gnpy.TooManySpansError as error:
        raise Refusal(str(error)) from None
    files = {name: (json.dumps(document, indent=2) + "\n").encode() for name, document in documents.items()}
    write_all(out, files, force)
    write("".join(f"{os.path.join(out, name)}\n" for name in files))
    if left:
        names = ", ".join(f"`{one}`" for one in left[:5]) + (f" and {len(left) - 5:,} more" if len(left) > 5 else "")
        report(f"plan: not amplified, or of unknown spans or symbol rate, and left out: {names}\n")
    if result.verdict == "fails":
        errors = result.count("error")
        report(f"plan: exported, but the plan fails with {errors:,} error{'' if errors == 1 else 's'}: `plan check`\n")
    return HOLDS
