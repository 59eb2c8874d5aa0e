"""Check the examples: each gives the verdict that `examples/README.md` states, and draws the same bytes every time.

    python tools/examples.py

Every example is run by the `plan` command in processes of their own, rendered twice with different hash seeds.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

FOLDER = "examples"
EXIT_CODES = {"holds": 0, "fails": 1}
COMMAND = (sys.executable, "-c", "import sys; from planlang.cli.main import main; sys.exit(main())")
_ROW = re.compile(r"^\| `([^`]+)` \| (\w+)")


def stated(page: str) -> dict[str, int]:
    """The exit code of each example, from the table of its page."""
    rows = (_ROW.match(line) for line in page.splitlines())
    return {row[1].rstrip("/"): EXIT_CODES[row[2]] for row in rows if row}


def present(folder: str) -> list[str]:
    """The plans and projects of a folder."""
    names = sorted(os.listdir(folder))
    return [name for name in names if name.endswith(".plan") or os.path.isdir(os.path.join(folder, name))]


def plan(*arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """Run the `plan` command."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PLANLANG_CACHE": "off"}
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=environment, check=False)


def contents(folder: str) -> dict[str, bytes]:
    """The bytes of every file of a folder, by its path there."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def faults(name: str, expected: int) -> list[str]:
    """What is wrong with an example."""
    path = os.path.join(FOLDER, name)
    done = plan("check", path)
    if done.returncode != expected:
        said = (done.stdout + done.stderr).strip()
        return [f"{name}: `plan check` exits {done.returncode}, not {expected}\n{said}"]
    drawn = []
    for seed in ("1", "2"):
        with tempfile.TemporaryDirectory() as target:
            done = plan("render", path, "-o", target, seed=seed)
            if done.returncode not in (0, expected):
                return [f"{name}: `plan render` exits {done.returncode}\n{(done.stdout + done.stderr).strip()}"]
            drawn.append(contents(target))
    if not drawn[0]:
        return [f"{name}: `plan render` writes nothing"]
    differing = [file for file in sorted({*drawn[0], *drawn[1]}) if drawn[0].get(file) != drawn[1].get(file)]
    return [f"{name}: two renderings differ in {', '.join(differing)}"] if differing else []


def main() -> int:
    """Check them all; 1 where one is not as stated."""
    with open(os.path.join(FOLDER, "README.md"), encoding="utf-8") as file:
        codes = stated(file.read())
    here = present(FOLDER)
    wrong = [f"{name}: examples/README.md does not state its verdict" for name in here if name not in codes]
    wrong += [
        f"{name}: examples/README.md states its verdict, but it is not there" for name in codes if name not in here
    ]
    for name in here:
        if name in codes:
            found = faults(name, codes[name])
            wrong += found
            if not found:
                print(f"{name}: exits {codes[name]} as stated, renders the same bytes twice")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
