"""DOT text to SVG, PNG or PDF, by the embedded Graphviz or by one that the user names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import NamedTuple

PACKAGE = "graphviz-pure"
_VERSION = re.compile(rb"version (\d+(?:\.\d+)+)")
_BY_ANOTHER = frozenset({"pdf", "ps", "eps"})
_START = {"svg": b"<", "png": b"\x89PNG", "pdf": b"%PDF"}
_END = {"svg": b"</svg>", "png": b"IEND\xaeB`\x82", "pdf": b"%%EOF"}
_INSTALL = "install Graphviz, which brings `dot`, or name one with --dot"


class DrawingError(Exception):
    """A drawing that could not be made: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Both are whole sentences without a stop, as the command line prints them."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class Drawn(NamedTuple):
    """A drawing, and which program and version drew it."""

    data: bytes
    engine: str


class Engine(NamedTuple):
    """A Graphviz executable, and its name in messages."""

    path: str
    words: str


def embedded() -> Engine | None:
    """The executable of the `graphviz-pure` package, wherever it is installed; PATH plays no part."""
    import importlib.metadata

    try:
        found = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in found.files or ():
        if file.name in (PACKAGE, f"{PACKAGE}.exe"):
            path = os.path.realpath(str(file.locate()))
            if os.access(path, os.X_OK):
                return Engine(path, f"{PACKAGE} {found.version}")
    return None


def system(path: str = "dot") -> Engine | None:
    """A `dot` on PATH or at a path, with the version that it reports; None where it does not run."""
    where = shutil.which(path)
    if where is None:
        return None
    try:
        said = subprocess.run([where, "-V"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    version = _VERSION.search(said.stderr + said.stdout)
    return Engine(where, f"dot {version[1].decode()} ({where})") if version else None


def find(format: str = "svg", dot: str = "auto") -> Engine:
    """The engine for a format. `dot` is `auto`, `embedded`, or the path of an executable.

    Raises DrawingError where there is none.
    """
    if dot not in ("auto", "embedded"):
        chosen = system(dot)
        if chosen is None:
            raise DrawingError(f"{dot} is not a Graphviz `dot` that runs", "give the path of the executable")
        return chosen
    if format in _BY_ANOTHER:
        if dot == "embedded":
            raise DrawingError(f"{PACKAGE} does not write {format.upper()}", _INSTALL)
        chosen = system()
        if chosen is None:
            raise DrawingError(f"{format.upper()} needs Graphviz, which is not on PATH", _INSTALL)
        return chosen
    chosen = embedded() or (system() if dot == "auto" else None)
    if chosen is None:
        raise DrawingError("no Graphviz found to draw with", f"install the {PACKAGE} package, or Graphviz itself")
    return chosen


def _whole(data: bytes, format: str) -> bool:
    return (
        data.lstrip().startswith(_START.get(format, b""))
        and data.rstrip().endswith(_END.get(format, b""))
        and bool(data)
    )


def draw(
    source: str, format: str = "svg", dot: str = "auto", pinned: bool = False, seconds: float = 60.0, dpi: int = 144
) -> Drawn:
    """The drawing of a DOT text; `pinned` for one whose nodes have positions.

    `dpi` is for PNG. Success is judged by standard output, not by the exit code: Graphviz sometimes reports a failure
    after a complete drawing. Raises DrawingError.
    """
    engine = find(format, dot)
    command = [engine.path, "-Kneato", "-n2"] if pinned else [engine.path, "-Kdot"]
    command.append(f"-T{format}")
    if format == "png":
        command.append(f"-Gdpi={dpi}")
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise DrawingError(
            f"{engine.words} took longer than {seconds:g} seconds", "draw a lower level, or fold more: --level"
        ) from None
    except OSError as error:
        raise DrawingError(f"{engine.words} does not run: {error.strerror}", _INSTALL) from None
    if _whole(done.stdout, format):
        return Drawn(done.stdout, engine.words)
    said = [line.strip() for line in done.stderr.decode(errors="replace").splitlines() if "rror" in line]
    raise DrawingError(
        f"{engine.words} drew nothing: {said[0] if said else f'exit code {done.returncode}'}",
        "try another with --dot; the DOT text is complete",
    )
