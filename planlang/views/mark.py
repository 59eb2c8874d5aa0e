"""The mark in every drawing of this tool. By it a drawing is recognized, whatever a list of files says."""

from __future__ import annotations

MARK = b"drawn by planlang"
"""It stands near the end of the file, where readers of the format ignore it."""

_COMMENTS = {"dot": b"// %s\n", "svg": b"<!-- %s -->\n", "pdf": b"%%%s\n"}
_PNG_END = 12
"""Bytes of the last chunk of a PNG, which is empty."""
_REACH = 64


def marked(drawing: bytes, form: str) -> bytes:
    """A drawing of a form (`dot`, `svg`, `png`, `pdf`) with the mark in it."""
    if form != "png":
        return drawing.rstrip(b"\n") + b"\n" + _COMMENTS[form] % MARK
    from struct import pack
    from zlib import crc32

    chunk = b"tEXtSoftware\0" + MARK
    data = pack(">I", len(chunk) - 4) + chunk + pack(">I", crc32(chunk))
    return drawing[:-_PNG_END] + data + drawing[-_PNG_END:]


def is_marked(drawing: bytes) -> bool:
    """Whether the mark stands in a drawing."""
    return MARK in drawing[-_REACH:]
