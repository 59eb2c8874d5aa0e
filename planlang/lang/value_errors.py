"""Says what is wrong in a value: between brackets, behind a `=`, behind a value that could end there."""

from __future__ import annotations

import re

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.mistake import (
    BEGINNINGS,
    CLOSERS,
    CLOSES,
    ENDS,
    VALUES,
    Mistake,
    generic,
    is_token,
    last_end,
    reserved_word,
    short,
)

_REST_OF_LINE = re.compile(r"[ \t\r]*(?:#[^\n]*)?(?=\n|\}|\Z)")

# --- brackets ------------------------------------------------------------------------------------


def in_brackets(mistake: Mistake) -> Finding | None:
    """A bracket that is not closed, or closed by another one."""
    opener = mistake.brackets[-1]
    sign, start = str(opener), opener.start_pos or 0
    close = CLOSES[sign]
    kind = mistake.token.type
    if CLOSERS.get(kind, sign) != sign:
        message = f"`{sign}` is closed by `{close}`, not by {mistake.found}"
        return mistake.finding(codes.UNCLOSED_BRACKET, message, f"write `{close}`")
    if kind in ENDS or kind in ("LBRACE", *BEGINNINGS) or mistake.begins_anew:
        note = f"add a `{close}` before the next statement"
        return mistake.finding(codes.UNCLOSED_BRACKET, f"this `{sign}` is not closed", note, start=start, end=start + 1)
    return None


# --- values --------------------------------------------------------------------------------------


def in_value(mistake: Mistake) -> Finding:
    """A mistake behind a `=`, or behind the word of a rule."""
    special = _habit(mistake)
    if special is not None:
        return special
    return value_due(mistake) if mistake.value_due else behind_value(mistake)


def _habit(mistake: Mistake) -> Finding | None:
    """A mistake that comes from other languages, or None."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text, at, last = mistake.source.text, mistake.at, mistake.last
    code = codes.UNEXPECTED_TOKEN
    adjacent = last is not None and last.end_pos == at
    if mistake.swallowed >= 0 and mistake.complete:
        start, end = mistake.swallowed, (last.end_pos or 0) if last else at
        message = f"expected a new line or `;` before `{text[start:end]}`"
        return mistake.finding(code, message, start=start, end=end)
    if text[at : at + 2] in ("=<", "=>"):
        note = "write `<=`" if text[at + 1] == "<" else "write `>=`"
        return mistake.finding(code, f"there is no `{text[at : at + 2]}`", note, end=at + 2)
    if kind == "EQUAL" and not mistake.value_due:
        if last is not None and adjacent and last.type == "COMPARE":
            return mistake.finding(code, f"there is no `{last}=`", start=last.start_pos or 0)
        note = "write `==`"
        return mistake.finding(code, "`=` sets a value; a comparison is written `==`", note)
    if kind in ("EQUAL", "COMPARE") and adjacent and last is not None and last.type in ("EQUAL", "COMPARE"):
        written = f"{last}{token}"
        start = last.start_pos or 0
        if (written == "==" and is_token(mistake.pieces[0], "NAME", "FROM", "UNTIL")) or written == "==":
            return mistake.finding(code, "`==` compares; a value is set with `=`", "write `=`", start=start)
        right = {"<>": "!=", "=<": "<=", "=>": ">=", "===": "==", "!==": "!="}.get(written)
        notes = (f"write `{right}`",) if right else ()
        return mistake.finding(code, f"there is no `{written}`", *notes, start=start)
    if kind == "LBRACE":
        name = short(text[mistake.begun : at].split("=", 1)[0].strip())
        if mistake.value_due:
            note = f"a block is written `{name} name {{ … }}`, without `=`"
            return mistake.finding(code, "`{` begins no value", note)
        return mistake.finding(code, "`{` cannot follow a value", "a block is written `kind name { … }`, without `=`")
    if kind == "COMMA" and not mistake.brackets:
        return _comma(mistake)
    if kind in ("COMPARE", "TILDE") and not mistake.value_due and _compared(mistake):
        note = "join two comparisons with `and`: `a < b and b < c`"
        return mistake.finding(codes.CHAINED_COMPARISON, "a comparison has two sides, and this one has a third", note)
    if kind == "DOT" and text[at + 1 : at + 2].isdigit() and mistake.value_due:
        digits = re.match(r"[0-9]+", text[at + 1 :])
        number = digits[0] if digits else ""
        message = "a number begins with a digit"
        return mistake.finding(codes.BAD_NUMBER, message, f"write `0.{number}`", end=at + 1 + len(number))
    if kind == "QMARK" and not mistake.value_due:
        return mistake.finding(code, "`?` stands for a value alone", "a choice is written `if c then a else b`")
    if kind == "FROM" and not mistake.value_due and not text[token.end_pos or 0 :].lstrip(" \t").startswith("="):
        if mistake.brackets and str(mistake.brackets[-1]) == "[":
            note = "write `[450 MW from 2026-01, 2 GW from 2027-06]`"
            return mistake.finding(code, "in a schedule every value has its date", note)
        if not mistake.brackets:
            note = "write `[value from date]`"
            return mistake.finding(code, "a value with its date stands in brackets", note)
    if kind in ("IF", "NOT") and mistake.value_due:
        return mistake.finding(code, f"{found} behind an operator stands in parentheses", f"write `({token} …)`")
    return None


def _comma(mistake: Mistake) -> Finding:
    text, at = mistake.source.text, mistake.at
    if _REST_OF_LINE.match(text, at + 1):
        note = "remove the comma"
        return mistake.finding(codes.UNEXPECTED_TOKEN, "a statement ends with its line or `;`, not with a comma", note)
    return mistake.finding(codes.UNEXPECTED_TOKEN, "several values stand in brackets", "write `[a, b]`")


def _compared(mistake: Mistake) -> bool:
    """Whether the expression being read already is a comparison."""
    for piece in reversed(mistake.pieces):
        if is_token(piece, "COMPARE", "TILDE"):
            return True
        if is_token(piece, "LPAR", "LSQB", "EQUAL", "AND", "OR", "NOT", "IF", "THEN", "ELSE"):
            return False
    return False


def value_due(mistake: Mistake) -> Finding:
    """A mistake where a value must begin."""
    token, last, found = mistake.token, mistake.last, mistake.found
    after = f"`{short(str(last))}`" if last is not None else "it"
    what = "a condition" if last is not None and last.type in ("REQUIRE", "PREFER", "IF", "WHERE") else "a value"
    if token.type in ENDS or token.type in ("RPAR", "RSQB", "COMMA"):
        start = (last.start_pos or 0) if last is not None else mistake.at
        end = (last.end_pos or 0) if last is not None else mistake.at
        message = f"expected {what} after {after}"
        notes = ("write `?` for what the compiler is to size",) if last is not None and last.type == "EQUAL" else ()
        return mistake.finding(codes.MISSING_VALUE, message, *notes, start=start, end=end)
    if reserved := reserved_word(mistake, "a value"):
        return reserved
    if token.type == "":
        return mistake.finding(codes.UNEXPECTED_CHARACTER, f"expected {what} after {after}, not {found}")
    return mistake.finding(codes.MISSING_VALUE, f"expected {what} between {after} and {found}")


def _open_choice(mistake: Mistake) -> str:
    """What an `if` or `~` that is being read still wants, or nothing."""
    for piece in reversed(mistake.pieces):
        if is_token(piece, "LPAR", "LSQB", "EQUAL", "ELSE", "WITHIN", "IN"):
            return ""
        if is_token(piece, "THEN"):
            return "`else` and a value: every `if` has both"
        if is_token(piece, "IF"):
            return "`then` and a value"
        if is_token(piece, "TILDE"):
            return "`within` and a tolerance, as in `a ~ b within 5%`,"
        if is_token(piece, "FOR"):
            return "`in` and a collection"
    return ""


def behind_value(mistake: Mistake) -> Finding:
    """A mistake behind a value, which may end there or go on with an operator."""
    kind, found, last = mistake.token.type, mistake.found, mistake.last
    code = codes.UNEXPECTED_TOKEN
    wanted = _open_choice(mistake)
    end = last_end(mistake)
    if wanted and kind not in ("LPAR", "DOT"):
        place = (mistake.at, mistake.token.end_pos or 0) if kind not in ENDS else (end, end)
        tail = wanted if wanted.endswith("both") else f"{wanted.rstrip(',')}"
        message = f"expected {tail}" if kind in ENDS else f"expected {wanted.rstrip(',')}, before {found}"
        return mistake.finding(code, message, start=place[0], end=place[1])
    if kind in CLOSERS and not mistake.brackets:
        return mistake.finding(code, f"this {found} closes nothing", "remove it")
    if kind == "RBRACE" and not mistake.nested:
        return mistake.finding(code, "this `}` closes nothing", "remove it, or look for a `{` that is missing")
    if kind == "LPAR":
        return mistake.finding(code, "`(` follows the name of a function alone", "multiply with `*`")
    if kind == "WITHIN":
        return mistake.finding(code, "`within` follows `~`", "write `a ~ b within 5%`")
    if kind in ("THEN", "ELSE"):
        return mistake.finding(code, f"{found} has no `if` before it", "write `if c then a else b`")
    if kind in ("FOR", "WHERE", "IN"):
        note = "write `sum(x.it_load for x in buildings where x.pue < 1.2)`"
        return mistake.finding(code, f"{found} stands in the parentheses of a function alone", note)
    if mistake.brackets:
        sign = str(mistake.brackets[-1])
        if sign == "[" and last is not None and kind in ("COMMA", "RSQB"):
            note = "write `[450 MW from 2026-01, 2 GW from 2027-06]`"
            return mistake.finding(code, "in a schedule every value has its date", note)
        if sign == "(" and kind == "COMMA":
            return mistake.finding(code, "a pair has two values, and this is a third", "a list is written `[a, b, c]`")
        return mistake.finding(code, f"expected `,` or `{CLOSES[sign]}` before {found}")
    if reserved := (None if mistake.complete and kind in BEGINNINGS
                    else reserved_word(mistake, "here")):  # fmt: skip
        return reserved._replace(code=code, message=f"{found} has no place behind a value", notes=())
    if kind in ("DOT",) and last is not None and last.type in VALUES:
        return mistake.finding(code, f"`.` cannot follow `{short(str(last))}`")
    return generic(mistake)
