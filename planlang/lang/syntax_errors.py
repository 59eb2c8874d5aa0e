"""Says in a person's words what was found, what was expected, and the least change."""

from __future__ import annotations

from planlang.lang import syntax_codes as codes
from planlang.lang import tree
from planlang.lang.character_errors import about_character, is_foreign_comment
from planlang.lang.finding import Finding
from planlang.lang.mistake import ENDS, PLAIN, STATEMENTS, Mistake, generic, is_name, is_token
from planlang.lang.statement_errors import after_path, after_word, at_start, in_accept, in_header
from planlang.lang.value_errors import in_brackets, in_value

_JUDGING = frozenset({"REQUIRE", "PREFER", "MAXIMIZE", "MINIMIZE"})
_BEGIN = frozenset({"LET", "USE", "REQUIRE", "PREFER", "REMOVE"})
_WIDEST_GAP = 100


def diagnose(mistake: Mistake) -> Finding:
    """The finding for a mistake."""
    comment = is_foreign_comment(mistake.source.text, mistake.at)
    if comment >= 0:
        mark = mistake.source.text[comment : comment + 2]
        note = "a note to the reader starts with `#`"
        message = f"`{mark}` starts no comment here"
        return mistake.finding(codes.UNEXPECTED_TOKEN, message, note, start=comment, end=comment + 2)
    if mistake.brackets and (finding := in_brackets(mistake)):
        return finding
    if mistake.token.type == "" and (finding := about_character(mistake.source, mistake.at)):
        return finding
    if finding := _behind_block(mistake):
        return finding
    pieces = mistake.pieces
    first = pieces[0] if pieces else None
    kind = str(getattr(first, "type", ""))
    if any(is_token(piece, "EQUAL") for piece in pieces[:3]) or kind in _JUDGING or mistake.brackets:
        return in_value(mistake)
    if not pieces:
        return at_start(mistake)
    if mistake.last is not None and mistake.last.type == "DOT":
        return generic(mistake)
    if kind == "ACCEPT":
        return in_accept(mistake)
    if kind in ("LET", "MEASURE", "USE", "REMOVE", "TEMPLATE"):
        return after_word(mistake, kind)
    if isinstance(first, STATEMENTS):
        return generic(mistake)
    if (len(pieces) == 1 and isinstance(first, (tree.Name, tree.Member, tree.Index))) or is_name(first, pieces):
        return after_path(mistake)
    return in_header(mistake)


def _behind_block(mistake: Mistake) -> Finding | None:
    """A statement on the line of a block, right behind its `}`, where only another block may stand."""
    begun, first = mistake.begun, mistake.pieces[0] if mistake.pieces else None
    if is_token(first, "RBRACE"):
        if mistake.token.type not in _BEGIN:
            return None
        begun = mistake.at
    elif not is_name(first, mistake.pieces) or mistake.token.type in ("NAME", "FROM", "AS", *ENDS):
        return None
    before = mistake.source.text[max(0, begun - _WIDEST_GAP) : begun].rstrip(" \t\r")
    if not before.endswith("}"):
        return None
    word = PLAIN.match(mistake.source.text, begun)
    found = f"`{word[0]}`" if word else mistake.found
    end = word.end() if word else -1
    return mistake.finding(codes.UNEXPECTED_TOKEN, f"expected a new line or `;` before {found}", start=begun, end=end)
