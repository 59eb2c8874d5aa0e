"""Untrusted text made safe to draw: cleaned, measured, wrapped and escaped."""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# What XML 1.0 cannot carry, and the invisible controls that no font draws.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NONCHARACTER = re.compile(
    "[" + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)) + "]"
)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_GAP = re.compile("([ \t]+)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE_SCHEMES = frozenset({"http", "https", "file", "vscode"})

# Advance widths of Helvetica for U+0020 to U+007E, in thousandths of the font size (Adobe Core 14 metrics).
_HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD = 1.08
_OTHER = 680

LONGEST = 4_000
"""The most characters of a text that are drawn or stand in a tooltip: more than any box has room for."""


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, if it is not too long; else its beginning."""
    return text if len(text) <= longest else text[: longest - 1] + ELLIPSIS


def clean(text: str) -> str:
    """The text with what cannot be drawn or written in XML replaced by U+FFFD, and one kind of line break."""
    text = _BREAK.sub("\n", text)
    return _NONCHARACTER.sub(REPLACEMENT, _ILLEGAL.sub(REPLACEMENT, text))


def _advance(character: str) -> int:
    code = ord(character)
    if 0x20 <= code <= 0x7E:
        return _HELVETICA[code - 0x20]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 1000 if unicodedata.east_asian_width(character) in ("W", "F") else _OTHER


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line in points; in doubt too wide, for scripts without metrics here."""
    return sum(map(_advance, text)) * size / 1000 * (_BOLD if bold else 1.0)


def beyond_latin(text: str) -> bool:
    """Whether the text has characters whose width a drawing engine may not know."""
    return any(ord(character) > 0x24F for character in text)


def _clusters(word: str) -> list[str]:
    """A word in pieces that may stand at the start of a line: marks and joiners stay with their base."""
    pieces: list[str] = []
    for character in word:
        if pieces and (_advance(character) == 0 or pieces[-1][-1] == "\u200d"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def wrap(text: str, limit: float, size: float, bold: bool = False, lines: int = 4) -> list[str]:
    """The text in at most `lines` lines, none wider than `limit` points; what does not fit ends in an ellipsis."""
    done: list[str] = []
    for paragraph in clean(shortened(text)).split("\n"):
        line = gap = ""
        for word in _GAP.split(paragraph.strip(" \t")):
            if not word.strip(" \t"):
                gap = " " if len(word) < 2 else "  "
                continue
            if width(line + gap + word, size, bold) <= limit:
                line += gap + word
                continue
            if line:
                done.append(line)
            line = ""
            for piece in _clusters(word) if width(word, size, bold) > limit else [word]:
                if line and width(line + piece, size, bold) > limit:
                    done.append(line)
                    line = ""
                line += piece
            if len(done) > lines:
                break
        if line:
            done.append(line)
    if len(done) > lines:
        last = _clusters(done[lines - 1])
        while last and width("".join(last) + ELLIPSIS, size, bold) > limit:
            last.pop()
        done[lines - 1 :] = ["".join(last).rstrip() + ELLIPSIS]
    return done


def html(text: str) -> str:
    """The text inside an HTML-like label, in which Graphviz reads escapes (`\\G`) too."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\\", "\\\\").replace("\n", " ")


def escaped(text: str) -> str:
    """The text as a value in which Graphviz reads escapes and entities: ids, links, tooltips."""
    return clean(text).replace("&", "&amp;").replace("\\", "&#92;").replace("\n", "&#10;")


def safe_link(href: str) -> str:
    """The link if it is relative or of a scheme that cannot run anything, else nothing."""
    bare = "".join(character for character in href if character > " " and character.isprintable())
    scheme = _SCHEME.match(bare)
    if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
        return ""
    return bare
