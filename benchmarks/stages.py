"""Lines a second by stage on written-out plans, and KCL on the same content.

python -m benchmarks.stages LINES ROUNDS     prints one JSON document
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any
from unittest import mock

from benchmarks import content, measure
from planlang import compiler
from planlang.core.build import build
from planlang.core.derive import answer
from planlang.core.situation import Situation
from planlang.lang import parser, project
from planlang.lang.recovery import parse_stretch
from planlang.lang.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK = "text to tree, quick path"
LARK = "text to tree, lark"
BLOCKS = "tree to blocks"
BUILD = "blocks to checked entities"
CHECKS = "rules"
WHOLE = "all of it"
KCL = "KCL, same content"
MOST_LINES_OF_LARK = 20_000


def stages(text: str) -> dict[str, Callable[[], Any]]:
    """The stages in their order; each takes what the one before it left in `state`."""
    source = Source("plan.plan", text)
    state: dict[str, Any] = {}

    def quick() -> None:
        state["parsed"] = parser.parse(source)

    def lark() -> None:
        parse_stretch(source)

    def blocks() -> None:
        state["vocabulary"] = compiler.kinds()
        with mock.patch.object(project, "parse", return_value=state["parsed"]):
            state["read"] = project.load_texts(
                {"plan.plan": text}, ["plan.plan"], state["vocabulary"], compiler.catalogue()
            )

    def built() -> None:
        state["situation"] = Situation(build(state["read"], state["vocabulary"]))
        answer(state["situation"])

    def checks() -> None:
        for finding in compiler.judged(state["situation"])[1]:
            raise RuntimeError(f"the content is to hold: {finding.message}")

    def whole() -> None:
        compiler.compile_text(text)

    works: dict[str, Callable[[], Any]] = {QUICK: quick, LARK: lark, BLOCKS: blocks, BUILD: built, CHECKS: checks}
    works[WHOLE] = whole
    if text.count("\n") > MOST_LINES_OF_LARK:
        del works[LARK]
    return works


def without_collector(work: Callable[[], Any]) -> Callable[[], None]:
    """Do it as the compiler does: garbage is collected before, not meanwhile."""

    def run() -> None:
        gc.disable()
        try:
            work()
        finally:
            gc.enable()

    return run


def kcl_work(nodes: tuple[content.Node, ...], folder: str) -> Callable[[], None]:
    """KCL reading, checking the types of and evaluating the same content."""
    import kcl_lib.api as api  # type: ignore[import-not-found, unused-ignore]

    path = os.path.join(folder, "content.k")
    with open(path, "w", encoding="utf-8") as file:
        file.write(content.kcl(nodes))

    def run() -> None:
        done = api.API().exec_program(api.ExecProgramArgs(k_filename_list=[path]))
        if done.err_message:
            raise RuntimeError(done.err_message)

    return run


def cached(text: str, folder: str, rounds: int) -> dict[str, measure.Timing]:
    """`plan check` of a file, first and unchanged, in processes of their own."""
    path = os.path.join(folder, "content.plan")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    command = [*measure.plan_command(), "check", path]
    cache = os.path.join(folder, "cache")
    return measure.interleaved(
        {"first": measure.process(command), "unchanged": measure.process(command, cache)}, rounds
    )


def main(lines: int, rounds: int) -> None:
    """Measure one size."""
    nodes = content.tree(lines)
    text = content.plan(nodes)
    with tempfile.TemporaryDirectory() as folder:
        works = {name: without_collector(work) for name, work in stages(text).items()}
        if importlib.util.find_spec("kcl_lib"):
            works[KCL] = kcl_work(nodes, folder)
        timings = measure.interleaved(works, rounds)
        commands = cached(text, folder, rounds)
    print(json.dumps({"lines": text.count("\n"), "stages": timings, "commands": commands}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
