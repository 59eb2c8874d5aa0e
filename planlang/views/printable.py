"""Untrusted text on a terminal: what would control the terminal or mislead the reader is escaped; cells are counted."""

from __future__ import annotations

_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")
_JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    """The text on one line, without control characters, direction marks or halves of characters."""
    if text.isprintable() and text.isascii():
        return text
    return "".join([glyph(character)[0] for character in text])


def glyph(character: str) -> tuple[str, int]:
    """What to print for a character, and how many cells it takes."""
    if " " <= character <= "~":
        return character, 1
    if character == "\t":
        return "    ", 4
    import unicodedata

    category = unicodedata.category(character)
    if category in _HIDDEN and character not in _JOINERS:
        escaped = _escaped(ord(character))
        return escaped, len(escaped)
    if category in ("Mn", "Me") or character in _JOINERS:
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _escaped(code: int) -> str:
    if code == 10:
        return "\\n"
    if code == 13:
        return "\\r"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def cells(text: str) -> int:
    """How many cells the printable text takes."""
    return len(text) if text.isascii() and text.isprintable() else sum([glyph(character)[1] for character in text])
