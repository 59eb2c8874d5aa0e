"""Times of things done in turns, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.compiler import Result

_DISTURBING = ("PYTHONDONTWRITEBYTECODE", "PLANLANG_CACHE")


class Timing(NamedTuple):
    """Seconds: the least and the median of several runs."""

    least: float
    median: float


def interleaved(works: dict[str, Callable[[], None]], rounds: int) -> dict[str, Timing]:
    """Do each work once a round, in turns, after a first round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            if number:
                seconds[name].append(time.perf_counter() - begun)
    return {name: Timing(min(taken), median(taken)) for name, taken in seconds.items()}


def environment(cache: str = "") -> dict[str, str]:
    """The environment of a process to be measured: compiled modules are kept; the cache lies in a folder, or is off."""
    kept = {name: value for name, value in os.environ.items() if name not in _DISTURBING}
    return {**kept, "XDG_CACHE_HOME": cache} if cache else {**kept, "PLANLANG_CACHE": "off"}


def process(command: list[str], cache: str = "") -> Callable[[], None]:
    """The work of running a command to its end. It may exit with 1 (a plan that fails), not with more."""
    env = environment(cache)

    def run() -> None:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.decode()}")

    return run


def beside_python(name: str) -> list[str] | None:
    """The command of that name that was installed with this interpreter."""
    path = os.path.join(os.path.dirname(sys.executable), name)
    return [path] if os.path.exists(path) else None


def plan_command() -> list[str]:
    """The `plan` command."""
    code = "import sys; from planlang.cli.main import main; sys.exit(main())"
    return beside_python("plan") or [sys.executable, "-c", code]


def checked(text: str) -> tuple[Result, float]:
    """A plan compiled and checked, which is to hold, and the seconds.

    It is by the package that is found first, which may be another version of it.
    """
    from planlang import compiler

    begun = time.perf_counter()
    result = compiler.compile_text(text)
    seconds = time.perf_counter() - begun
    if result.verdict != "holds":
        raise RuntimeError(f"the content is to hold: {result.findings[0].message}")
    return result, seconds


def child(module: str, *arguments: str) -> str:
    """What a module of the benchmarks prints in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment(), check=True).stdout
