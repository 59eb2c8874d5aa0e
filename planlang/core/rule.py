"""Rules: what must hold. A rule is a generator of findings; its docstring is what `plan explain` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.area import folder_of
from planlang.lang.finding import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding, Severity

    Check = Callable[[Situation], Iterator[Finding]]


class RuleEntry(NamedTuple):
    """A rule: its code, the function, and the kinds without which there is nothing for it to examine."""

    code: Code
    check: Check
    needs: tuple[str, ...]

    @property
    def area(self) -> str:
        """The area that has it: the folder of its module."""
        return folder_of(self.check.__module__)


RULES: dict[str, RuleEntry] = {}


def rule(code: str, name: str, severity: Severity = "error", needs: tuple[str, ...] = ()) -> Callable[[Check], Check]:
    """Register a rule. Its function finds its own `Code` by `code_of`.

    The docstring says what must hold; lines that begin with `Formula:`, `Source:` and `Example:` say how it is
    computed, where that comes from, and what breaks it.
    """

    def wrap(check: Check) -> Check:
        RULES[code] = RuleEntry(make_code(code, name, severity, check.__doc__ or ""), check, needs)
        return check

    return wrap


def code_of(code: str) -> Code:
    """The code record of a registered rule."""
    return RULES[code].code


def make_code(code: str, name: str, severity: Severity, doc: str) -> Code:
    """The record of a code whose explanation is a docstring."""
    parts: dict[str, list[str]] = {"": [], "Formula": [], "Source": [], "Example": []}
    current = ""
    for line in doc.splitlines():
        text = line[4:] if line.startswith("    ") else line
        word, colon, rest = text.partition(":")
        if colon and word in parts and word:
            current, text = word, rest.strip()
        parts[current].append(text)
    joined = {key: _flow(lines) for key, lines in parts.items() if key != "Example"}
    example = "\n".join(parts["Example"]).strip("\n")
    return Code(code, name, severity, joined[""], joined["Formula"], joined["Source"], example)


def _flow(lines: list[str]) -> str:
    """Paragraphs as single lines."""
    paragraphs = "\n".join(line.strip() for line in lines).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
