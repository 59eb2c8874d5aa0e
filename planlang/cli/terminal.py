"""The output of the program and its exit codes: results go to standard output, all else to standard error.

Nothing that a user does ends in a traceback.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from typing import TextIO

HOLDS, FAILS, UNUSABLE = 0, 1, 2
"""Exit codes: done; a constraint or rule fails; a plan cannot be read, or the command is wrong."""


_PIECE = 16_384
PAUSE = 1.0
"""Seconds before the terminal shows what is being done, and between two updates."""
_LONGEST_REMARK = 60


class Refusal(Exception):  # noqa: N818 - it refuses a command, and is no error of the program
    """Why a command cannot do what it is asked to, in one line."""


def guarded(action: Callable[[], int]) -> int:
    """Run a command. Whatever goes wrong becomes one line on standard error, and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a sign that the terminal's encoding lacks is escaped
            stream.reconfigure(errors="backslashreplace")
    try:
        code = action()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except Refusal as refusal:
        return complain(str(refusal))
    except BrokenPipeError:
        _abandon()
        return complain("the reader of the output went away before all was written")
    except KeyboardInterrupt:
        return complain("interrupted")
    except MemoryError:
        return complain("there is not enough memory for this")
    except OSError as error:
        _abandon()
        return complain(os_error(error))
    except Exception as error:
        from planlang.core.area import AreaError

        return complain(str(error)) if isinstance(error, AreaError) else _internal(error)


def write(text: str) -> None:
    """Write a result to standard output."""
    if sys.stdout is None or sys.stdout.closed:
        raise Refusal("standard output is closed")
    for start in range(0, len(text), _PIECE):  # an unbuffered stream drops what a pipe does not take at once
        sys.stdout.write(text[start : start + _PIECE])


def listed(paths: list[str]) -> str:
    """Some paths, the first five of them by name."""
    return ", ".join(f"`{one}`" for one in paths[:5]) + (f" and {len(paths) - 5:,} more" if len(paths) > 5 else "")


def remark(text: str) -> None:
    """Write a remark to standard error, and only if that is a terminal."""
    if is_terminal(sys.stderr):
        from planlang.views.printable import printable

        report("\n".join(map(printable, text.split("\n"))) + "\n")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads what is written there."""
    return stream is not None and not stream.closed and stream.isatty()


class working:  # noqa: N801 - it reads as a statement: `with working("drawing"):`
    """Shows on a terminal what is being done, once it has taken a second, and clears the line when it is done."""

    __slots__ = ("_done", "_thread", "what")

    def __init__(self, what: str) -> None:
        self.what = what
        """What is being done; may be changed meanwhile."""
        self._thread: threading.Thread | None = None

    def __enter__(self) -> working:
        if is_terminal(sys.stderr):
            import threading

            self._done = threading.Event()
            self._thread = threading.Thread(target=self._tell, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is not None:
            self._done.set()
            self._thread.join()

    def _tell(self) -> None:
        from planlang.views.printable import cells, printable

        seconds, width = 0, 0
        while not self._done.wait(PAUSE):
            seconds += 1
            text = f"{printable(self.what)[:_LONGEST_REMARK]} … {seconds} s"
            report("\r" + text + " " * max(0, width - cells(text)))
            width = cells(text)
        if width:
            report("\r" + " " * width + "\r")


def complain(text: str) -> int:
    """Say in one line on standard error why a command cannot be done. Returns the exit code."""
    from planlang.views.printable import printable

    report(f"plan: {printable(text)}\n")
    return UNUSABLE


def report(text: str) -> None:
    """Write to standard error, if anyone can still read it."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except (OSError, ValueError):
        pass


def os_error(error: OSError) -> str:
    """The reason of an error of the system, in one line."""
    reason = (error.strerror or str(error) or "it failed").lower()
    if error.filename is not None:
        name = error.filename.decode("utf-8", "replace") if isinstance(error.filename, bytes) else str(error.filename)
        return f"cannot use `{name}`: {reason}"
    return f"cannot write the output: {reason}"


def has_colour(stream: TextIO | None) -> bool:
    """Whether colours are wanted: on a terminal, unless NO_COLOR is set."""
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if os.name == "nt" and not (os.environ.get("WT_SESSION") or os.environ.get("TERM")):
        return False
    return stream.isatty()


def _abandon() -> None:
    """Send the interpreter's last flush to nowhere, so that it does not print one more error."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        pass


def _internal(error: Exception) -> int:
    if os.environ.get("PLANLANG_DEBUG"):
        import traceback

        report("".join(traceback.format_exception(error)))
    said = " ".join(str(error).split())[:200]
    return complain(
        f"internal error ({type(error).__name__}: {said}): a mistake of the program, not of the plan; please report it "
        "with what it prints under PLANLANG_DEBUG=1"
    )
