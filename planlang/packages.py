"""Which installed packages add areas to the trade, found without importing any of them.

A check must start fast, and most machines have no such package. So the lists of entry points are searched as texts,
and the library that parses them is imported only where one of them names the group.
"""

from __future__ import annotations

import os
import sys

GROUP = "planlang.areas"
"""The group of entry points by which a package adds its areas."""
_ABOUT = (".dist-info", ".egg-info")
_LIST = "entry_points.txt"


def advertising() -> list[str]:
    """The lists of entry points that name the group, by their paths, in the order of the import path.

    The current folder, which `python -m` puts on that path, is left out: its files may not be trusted.
    """
    found: dict[str, str] = {}
    here = os.getcwd()
    for folder in sys.path:
        if folder in ("", here):
            continue
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if entry.name.endswith(_ABOUT))
        except (OSError, ValueError):
            continue
        for name in names:
            path = os.path.join(folder, name, _LIST)
            if name not in found and _names_group(path):
                found[name] = path
    return list(found.values())


def _names_group(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return f"[{GROUP}]" in stream.read()
    except OSError:
        return False


def files() -> list[str]:
    """All files that these areas depend on: the lists, and the code of the packages that they name."""
    lists = advertising()
    if not lists:
        return []
    from configparser import ConfigParser, Error
    from importlib.util import find_spec

    found = list(lists)
    for path in lists:
        parser = ConfigParser(delimiters=("=",), interpolation=None)
        try:
            parser.read(path, encoding="utf-8")
            modules = {value.split(":")[0].split(".")[0].strip() for _, value in parser.items(GROUP)}
            specs = [find_spec(module) for module in sorted(modules)]
        except (Error, OSError, ValueError, ImportError):
            continue
        for spec in specs:
            folders = (spec.submodule_search_locations or ()) if spec is not None else ()
            found += [os.path.join(room, name) for top in folders for room, _, names in os.walk(top) for name in names]
            if spec is not None and spec.origin and not folders:
                found.append(spec.origin)
    return [path for path in found if not path.endswith(".pyc")]
