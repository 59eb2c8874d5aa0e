"""`plan init`: a commented starter project."""

from __future__ import annotations

import os

from planlang.cli.terminal import HOLDS, Refusal, remark, write

STARTER = os.path.join(os.path.dirname(__file__), "starter")
FILES = ("site.plan", "parts/gpu_building.plan")


def run(folder: str) -> int:
    """Write the starter project into a folder; returns the exit code. Nothing that exists is touched."""
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise Refusal(f"`{folder}` exists, and is no folder")
    targets = [(name, os.path.join(folder, *name.split("/"))) for name in FILES]
    for _, target in targets:
        if os.path.lexists(target):
            raise Refusal(f"`{target}` exists already, and nothing is written over it")
    plans = _plans(folder)
    if plans:
        raise Refusal(f"`{folder}` holds a plan already: {plans[0]}")
    for name, target in targets:
        with open(os.path.join(STARTER, *name.split("/")), encoding="utf-8") as stream:
            text = stream.read()
        os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        with open(target, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        write(f"{target}\n")
    steps = [f"plan check {folder}", f"plan show {folder} prairie", f"plan render {folder} -o out", "plan explain ups"]
    remark("\nnext: " + "\n      ".join(steps))
    return HOLDS


def _plans(folder: str) -> list[str]:
    """The plan files that are there, with which new ones would make one plan."""
    if not os.path.isdir(folder):
        return []
    return sorted(name for name in os.listdir(folder) if name.endswith(".plan"))
