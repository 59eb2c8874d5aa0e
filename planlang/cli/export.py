"""`plan export`: the networks of a plan as files that another tool reads.

A plan that fails is exported too, with a remark that it fails. One that cannot be read exits 2, as does one in which
there is nothing to export.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from planlang.cli import opening
from planlang.cli.choices import Nodes, Part
from planlang.cli.folder import write_all
from planlang.cli.terminal import HOLDS, UNUSABLE, Refusal, listed, report, write

if TYPE_CHECKING:
    from planlang.core.situation import Situation


def run(form: str, path: str, out: str, part: Part, nodes: Nodes, force: bool = False, name: str = "") -> int:
    """Write the files of a format into the folder `out`, and their names to standard output."""
    if form == "gnpy" and part != Part():
        raise Refusal(
            "--fabric, --at, --plane and --unit choose parts of fabrics: gnpy takes the network between sites"
        )
    if form != "containerlab" and nodes != Nodes():
        raise Refusal(f"--kind and --image are for containerlab, not for {form}")
    result = opening.readable(path, name)
    if result is None:
        return UNUSABLE
    if form == "gnpy":
        names = _gnpy(result.situation, out, force)
    else:
        from planlang.cli import export_fabrics

        if form == "cables":
            names = export_fabrics.cables(result.situation, out, part, force)
        else:
            names = export_fabrics.containerlab(result.situation, out, part, nodes, force)
    write("".join(f"{os.path.join(out, name)}\n" for name in names))
    if result.verdict == "fails":
        errors = result.count("error")
        report(f"plan: exported, but the plan fails with {errors:,} error{'' if errors == 1 else 's'}: `plan check`\n")
    return HOLDS


def _gnpy(situation: Situation, out: str, force: bool) -> tuple[str, ...]:
    from planlang.views import gnpy

    found, left = gnpy.written(situation)
    if not found:
        raise Refusal("no link has a line system of known spans and symbol rate, and so there is nothing to export")
    try:
        documents = gnpy.documents(situation)
    except gnpy.TooManySpansError as error:
        raise Refusal(str(error)) from None
    files = {name: (json.dumps(document, indent=2) + "\n").encode() for name, document in documents.items()}
    write_all(out, files, force)
    if left:
        report(f"plan: not amplified, or of unknown spans or symbol rate, and left out: {listed(left)}\n")
    return tuple(files)
