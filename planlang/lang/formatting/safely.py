"""Formats a text, and proves on the result that nothing but its form has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.formatting.formatter import formatted
from planlang.lang.garbage import Unswept
from planlang.lang.parser import parse
from planlang.lang.source import Source, Span
from planlang.lang.tokens import all_tokens
from planlang.lang.values import Steps

if TYPE_CHECKING:
    from planlang.lang.finding import Finding
    from planlang.lang.tree import File
    from planlang.lang.vocabulary import Vocabulary


class Formatted(NamedTuple):
    """A text in the one style; or, beside the mistakes that are in it, as it was."""

    text: str
    mistakes: tuple[Finding, ...]


class ChangedError(Exception):
    """The formatter would change more than the form: a mistake of the program. It says what."""


def format_source(source: Source, vocabulary: Vocabulary | None = None) -> Formatted:
    """A file in the one style. A text with a mistake stays as it is.

    Raises ChangedError if the result means something else, lacks a comment or would be formatted differently again.
    """
    parsed = parse(source, vocabulary)
    mistakes = tuple(one for one in parsed.findings if one.code.severity == "error")
    if mistakes:
        return Formatted(source.text, mistakes)
    with Unswept():
        made = formatted(parsed.file)
        if made != source.text:
            prove(parsed.file, made)
    return Formatted(made, ())


def prove(file: File, made: str) -> None:
    """Raise ChangedError unless a text has the tree and the comments of a file, and is its own formatted form."""
    again = parse(Source(file.source.name, made))
    if any(one.code.severity == "error" for one in again.findings):
        raise ChangedError("it could not be read again")
    if meaning(again.file.statements) != meaning(file.statements):
        raise ChangedError("it would mean something else")
    if comments_of(made) != comments_of(file.source.text):
        raise ChangedError("it would lack comments")
    if formatted(again.file) != made:
        raise ChangedError("it would be formatted differently again")


def meaning(node: object) -> object:
    """A tree without its places: two texts that have the same one mean the same."""
    if isinstance(node, tuple):
        return type(node).__name__, *(meaning(part) for part in node if type(part) is not Span)
    if isinstance(node, Steps):
        return repr(node)  # its holes are equal to none but themselves
    return type(node).__name__, node


def comments_of(text: str) -> list[str]:
    """The comments of a text in order, without the blanks behind them."""
    return [text[one.start : one.end].rstrip() for one in all_tokens(text, 0, len(text)) if one.kind == "comment"]
