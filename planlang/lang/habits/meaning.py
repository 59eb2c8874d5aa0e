"""What a habit of another language, country or trade means here."""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """What is wrong with what was typed, further lines on what is right, and the text to write, if it is known."""

    message: str
    notes: tuple[str, ...]
    write: str = ""
