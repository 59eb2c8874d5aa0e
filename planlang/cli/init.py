"""`plan init`: a commented starter project."""

from __future__ import annotations

import os

from planlang.cli.files import refuse_links, write_whole
from planlang.cli.terminal import HOLDS, Refusal, remark, write
from planlang.lang.reading import ReadingError, read_plain

STARTER = os.path.join(os.path.dirname(__file__), "starter")
FILES = ("site.plan", "parts/gpu_building.plan")


def run(folder: str) -> int:
    """Write the starter project into a folder; returns the exit code. Nothing that exists is changed.

    Files that an earlier run wrote before it failed do not stop it.
    """
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise Refusal(f"`{folder}` exists, and is no folder")
    texts = {os.path.join(folder, *name.split("/")): _starter(name) for name in FILES}
    for target in texts:
        refuse_links(os.path.dirname(target) or ".")
    there = [target for target in texts if os.path.lexists(target)]
    for target in there:
        if len(there) == len(texts) or not _holds(target, texts[target]):
            raise Refusal(f"`{target}` exists already, and nothing is written over it")
    plans = [name for name in _plans(folder) if os.path.join(folder, name) not in there]
    if plans:
        raise Refusal(f"`{folder}` holds a plan already: {plans[0]}")
    for target in reversed(texts):  # first the file that the other uses
        if target not in there:
            os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
            write_whole(target, texts[target])
    write("".join(f"{target}\n" for target in texts))
    steps = [f"plan check {folder}", f"plan show {folder} prairie", f"plan render {folder} -o out", "plan explain ups"]
    remark("\nnext: " + "\n      ".join(steps))
    return HOLDS


def _starter(name: str) -> bytes:
    with open(os.path.join(STARTER, *name.split("/")), "rb") as stream:
        return stream.read().replace(b"\r\n", b"\n")


def _holds(path: str, text: bytes) -> bool:
    """Whether a file holds exactly this."""
    try:
        return not os.path.islink(path) and read_plain(path) == text
    except ReadingError:
        return False


def _plans(folder: str) -> list[str]:
    """The plan files in a folder: new ones beside them would join their plan."""
    if not os.path.isdir(folder):
        return []
    return sorted(name for name in os.listdir(folder) if name.endswith(".plan"))
