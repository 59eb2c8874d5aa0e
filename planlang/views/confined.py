"""Work that may never end, in a separate process: with bounds of time and memory, without the environment's secrets.

The cost of an untrusted template cannot be bounded from within Python: one comparison of lists that share their items
can take years. From outside it is one process, which the system bounds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_BOOT = (
    "import json, sys; request = json.load(sys.stdin.buffer); sys.path[:] = request['path']; "
    "from planlang.views.confined import work; work(request)"
)
_PAUSE, _GRACE = 0.05, 10.0
"""Seconds between two checks of the process, and seconds that it may take to start and to end."""

_NEEDED = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_FRAME = re.compile(r'File "([^"\n]+)", line ([0-9]+)')


class ConfinedError(Exception):
    """Work that was stopped, or failed by itself. `frames` are the file and line of each call, the innermost first."""

    def __init__(self, message: str, frames: list[tuple[str, int]], notes: list[Any]) -> None:
        super().__init__(message)
        self.message = message
        self.frames = frames
        self.notes = notes


class Bounds(NamedTuple):
    """What the work may take: wall-clock seconds, and megabytes of memory."""

    seconds: float
    megabytes: int


def run(function: str, argument: Any, bounds: Bounds) -> str:
    """The result of `module:function` in a separate process, for an argument that JSON can hold. Raises ConfinedError.

    The function is called with the argument and with a function that sends a note, which JSON can hold, meanwhile.
    """
    request = {"path": _path(), "function": function, "argument": argument, "bounds": bounds}
    command = [sys.executable or "", "-I", "-S", "-B", "-c", _BOOT]
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    pipe = subprocess.PIPE
    try:
        started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
    except OSError as reason:
        raise ConfinedError(f"no process of its own can be started: {reason.strerror}", [], []) from None
    with started as process:
        try:
            out, err, why = _followed(process, json.dumps(request).encode(), bounds)
        except BaseException:
            process.kill()
            raise
    answer, error = out.decode("utf-8", "surrogatepass"), err.decode("utf-8", "replace")
    if process.returncode == 0 and answer:
        return answer
    notes = [json.loads(line)[0] for line in error.splitlines() if line.startswith("[")]
    if not why and "Timeout (" in error:
        why = _too_long(bounds)
    raise ConfinedError(why or f"its process ended with {process.returncode}", _frames(error), notes)


def _followed(process: subprocess.Popen[bytes], request: bytes, bounds: Bounds) -> tuple[bytes, bytes, str]:
    """What the process writes until it ends or is killed, and why it was killed."""
    end = time.monotonic() + bounds.seconds + _GRACE
    given: bytes | None = request
    why = ""
    while True:
        try:
            out, err = process.communicate(given, timeout=None if why else _PAUSE)
            return out, err, why
        except subprocess.TimeoutExpired:
            given = None
            taken = _megabytes(process.pid)
            if time.monotonic() > end:
                why = _too_long(bounds)
            elif taken is not None and taken > bounds.megabytes:
                why = too_large(bounds)
            if why:
                process.kill()


def _too_long(bounds: Bounds) -> str:
    return f"it takes more than {bounds.seconds:g} seconds"


def too_large(bounds: Bounds) -> str:
    """The message about work that takes too much memory."""
    return f"it takes more than {bounds.megabytes:,} MB of memory"


def _frames(error: str) -> list[tuple[str, int]]:
    return [(file, int(line)) for file, line in _FRAME.findall(error)]


def _path() -> list[str]:
    """Where the process finds this package and its libraries; never the current folder."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return [here, *(one for one in sys.path if os.path.isabs(one) and one not in (here, os.getcwd()))]


# --- memory, where the system does not bound it ------------------------------------------------------


def _teller(pid: int) -> list[str] | None:
    """The command that prints the memory of a process; None where the system can bound it."""
    if sys.platform == "darwin":
        return ["/bin/ps", "-o", "rss=", "-p", str(pid)]
    if os.name == "nt":
        tasklist = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "tasklist.exe")
        return [tasklist, "/fi", f"PID eq {pid}", "/fo", "csv", "/nh"]
    return None


def _megabytes(pid: int) -> float | None:
    """The memory of a process in MB; None where the system bounds it or says nothing, infinite where asking fails."""
    command = _teller(pid)
    if command is None:
        return None
    try:
        said = subprocess.run(command, capture_output=True, timeout=5, check=False, text=True, errors="replace").stdout
    except (OSError, subprocess.SubprocessError):
        return float("inf")
    digits = re.sub(r"\D", "", said.strip().rpartition(',"')[2])
    return int(digits) / 1024 if digits else None


# --- in the process ----------------------------------------------------------------------------------


def work(request: dict[str, Any]) -> None:
    """Call the function of the request within its bounds, and write the result to standard output."""
    import faulthandler
    from importlib import import_module

    module, _, name = request["function"].partition(":")
    function: Callable[..., str] = getattr(import_module(module), name)
    bounds = Bounds(*request["bounds"])
    _bound_memory(bounds)
    faulthandler.dump_traceback_later(bounds.seconds, exit=True, file=sys.stderr)
    made = function(request["argument"], _note)
    faulthandler.cancel_dump_traceback_later()
    sys.stdout.buffer.write(made.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def _note(note: Any) -> None:
    sys.stderr.write(json.dumps([note]) + "\n")
    sys.stderr.flush()


def _bound_memory(bounds: Bounds) -> None:
    """Bound the memory and allow no files and no core dumps, where the system can."""
    for what, most in (("RLIMIT_AS", bounds.megabytes << 20), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        _limit(what, most)


def free_memory() -> None:
    """Lift the bound on memory, so that a process that has used all of it can still report that."""
    _limit("RLIMIT_AS", None)


def _limit(what: str, most: int | None) -> None:
    """Set one of the limits of this process, or lift it as far as it can be."""
    try:
        import resource

        kind = getattr(resource, what)
        _, hard = resource.getrlimit(kind)
        within = hard if most is None or (hard != resource.RLIM_INFINITY and hard < most) else most
        resource.setrlimit(kind, (within, hard))
    except (ImportError, AttributeError, OSError, ValueError):
        return  # Windows, or what the system does not bound: memory is then looked at from outside
