"""What a habit of another language, country or trade means here."""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """What is wrong (`message`), what is right (`notes`), and the text to write instead, if it is known."""

    message: str
    notes: tuple[str, ...]
    write: str = ""
