"""Whole commands on small files, against a bare interpreter."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import content, measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Timing

QUICKSTART = os.path.join("examples", "quickstart.plan")
BARE = "a bare interpreter"
LINES = 100
_KCL = "import sys, kcl_lib.api as k; k.API().exec_program(k.ExecProgramArgs(k_filename_list=[sys.argv[1]]))"
_JSONNET = "import sys, _jsonnet; _jsonnet.evaluate_file(sys.argv[1])"


class Startup(NamedTuple):
    """The commands' times, the lines of the small file, and the tools that were not there to compare with."""

    timings: dict[str, Timing]
    lines: int
    missing: list[str]


def run(folder: str, rounds: int) -> Startup:
    """Measure in a folder for files of passage."""
    nodes = content.tree(LINES)
    texts = {"plan": content.plan(nodes), "tf": content.hcl(nodes), "k": content.kcl(nodes)}
    texts["jsonnet"] = content.jsonnet(nodes)
    paths = {}
    for suffix, text in texts.items():
        paths[suffix] = os.path.join(folder, f"small.{suffix}")
        with open(paths[suffix], "w", encoding="utf-8") as file:
            file.write(text)
    cache = os.path.join(folder, "cache")
    check = [*measure.plan_command(), "check"]
    works: dict[str, Callable[[], None]] = {
        BARE: measure.process([sys.executable, "-c", "pass"]),
        "`plan check`, quickstart, first": measure.process([*check, QUICKSTART]),
        "`plan check`, quickstart, unchanged": measure.process([*check, QUICKSTART], cache),
        "`plan check`, small file, first": measure.process([*check, paths["plan"]]),
        "`plan check`, small file, unchanged": measure.process([*check, paths["plan"]], cache),
    }
    missing = []
    hcl = measure.beside_python("hcl2tojson")
    if hcl:
        works["`hcl2tojson` (python-hcl2): parse"] = measure.process([*hcl, paths["tf"]])
    else:
        missing.append("python-hcl2")
    for package, module, code, suffix, does in (
        ("kcl-lib", "kcl_lib", _KCL, "k", "parse, check types, evaluate"),
        ("jsonnet", "_jsonnet", _JSONNET, "jsonnet", "parse, evaluate"),
    ):
        if importlib.util.find_spec(module):
            works[f"{package} from Python: {does}"] = measure.process([sys.executable, "-c", code, paths[suffix]])
        else:
            missing.append(package)
    return Startup(measure.interleaved(works, rounds), texts["plan"].count("\n"), missing)
