"""Trees grow without the search for cycles: they hold none, and to look for them takes half of the time."""

from __future__ import annotations

import gc


class Unswept:
    """`with Unswept():` no cycles are looked for meanwhile, if they were before."""

    __slots__ = ("was_on",)

    def __enter__(self) -> None:
        self.was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self.was_on:
            gc.enable()
