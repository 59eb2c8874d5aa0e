"""The catalogue: modules that a plan uses by their bare names, as files of a folder and as texts."""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import TYPE_CHECKING

from planlang.lang.reading import SUFFIX, plan_names, read_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFINITION = re.compile(r"^(?:template )?([a-z_]+) ([A-Za-z_]\w*)(?= )", re.MULTILINE)


class Catalogue:
    """The modules of a folder, and others by their names and texts."""

    def __init__(self, folder: str, texts: Mapping[str, str]) -> None:
        self.folder = folder
        self.texts = texts

    @cached_property
    def modules(self) -> list[str]:
        """The names of all modules, sorted."""
        try:
            files = plan_names(self.folder)
        except OSError:
            files = []
        return sorted({*(name.removesuffix(SUFFIX) for name in files), *self.texts})

    def has(self, name: str) -> bool:
        """Whether there is a module of that name."""
        return name in self.texts or os.path.isfile(os.path.join(self.folder, name + SUFFIX))

    def data(self, name: str) -> bytes:
        """The text of a module, in UTF-8. Raises reading.ReadingError."""
        text = self.texts.get(name)
        return read_plain(os.path.join(self.folder, name + SUFFIX)) if text is None else text.encode()

    @cached_property
    def definitions(self) -> dict[str, list[tuple[str, str]]]:
        """The kinds and names of what each module defines, read from its text."""
        return {name: _DEFINITION.findall(self.data(name).decode("utf-8-sig")) for name in self.modules}
