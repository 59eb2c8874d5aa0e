"""Says what is wrong in a statement outside its value: at its start, behind its first word, in a header."""

from __future__ import annotations

import re

from planlang.lang import syntax_codes as codes
from planlang.lang.finding import Finding
from planlang.lang.mistake import (
    CLOSERS,
    ENDS,
    PLAIN,
    VALUES,
    Mistake,
    generic,
    is_token,
    last_end,
    reserved_word,
    short,
)
from planlang.lang.value_errors import behind_value, value_due

_INHERITS = frozenset({"extends", "inherits", "of", "like", "from", "as"})
_PATH = re.compile(r"[ \t]+([A-Za-z_][A-Za-z0-9_.]*)")


def at_start(mistake: Mistake) -> Finding:
    """A mistake where a statement must begin."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text = mistake.source.text
    code = codes.UNEXPECTED_TOKEN
    if kind == "RBRACE":
        return mistake.finding(code, "this `}` closes nothing", "remove it, or look for a `{` that is missing")
    if kind in CLOSERS:
        return mistake.finding(code, f"this {found} closes nothing", "remove it")
    if kind == "LBRACE":
        return mistake.finding(code, "expected a kind and a name before `{`", "write `kind name { … }`")
    if kind == "STRING":
        plain = str(token)[1:-1]
        note = f"write `{plain} = …`" if PLAIN.fullmatch(plain) else "write `name = value`"
        return mistake.finding(code, f"a statement begins with a name, not with a text, as {found}", note)
    if kind == "MINUS":
        return mistake.finding(code, "`-` begins no statement", "a list is written `[a, b]`, a block `kind name { … }`")
    if kind == "LSQB":
        return mistake.finding(code, "`[` begins no statement", "a section is a block: `kind name { … }`")
    if kind == "EQUAL":
        return mistake.finding(codes.MISSING_NAME, "expected a name before `=`", "write `name = value`")
    if kind == "QUANTITY" and text[token.end_pos or 0 :].lstrip(" \t")[:1] in ("=", "{"):
        return mistake.finding(codes.MISSING_NAME, f"a name begins with no digit, as {found} does")
    if reserved := reserved_word(mistake, "a name"):
        return reserved
    return mistake.finding(code, f"a statement begins with a name, not with {found}", "write `name = value`")


def after_word(mistake: Mistake, kind: str) -> Finding:
    """A mistake behind `let`, `measure`, `use`, `remove` or `template`."""
    word, found, token = kind.lower(), mistake.found, mistake.token
    count = len(mistake.pieces)
    if kind in ("LET", "MEASURE") and count > 1:
        name = str(mistake.pieces[1])
        if token.type == "COMPARE" or token.type == "":
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"expected `=` after `{word} {name}`, not {found}")
        if token.type in ("DOT", "LSQB"):
            note = f"a `{word}` is seen in its own block: write it there"
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"`{word}` takes a plain name, and no {found}", note)
        if token.type in VALUES or token.type == "STRING":
            note = f"write `{word} {name} = {token}`"
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"expected `=` between `{word} {name}` and {found}", note)
        start = last_end(mistake)
        message = f"expected `=` and a value after `{word} {name}`"
        return mistake.finding(codes.MISSING_VALUE, message, start=mistake.begun, end=start)
    if kind == "USE":
        if token.type == "COMMA":
            return mistake.finding(codes.UNEXPECTED_TOKEN, "one `use` names one module", "write a `use` for each")
        if token.type in ("SLASH", "MINUS") and count > 1:
            note = 'write `use "folder/file.plan"`'
            return mistake.finding(codes.UNEXPECTED_TOKEN, "the path of a file stands in quotes", note)
        if count > 2 or mistake.complete:
            return generic(mistake)
    if kind == "REMOVE" and mistake.complete:
        return mistake.finding(codes.UNEXPECTED_TOKEN, f"`remove` takes a path alone, and no {found} behind it")
    if kind == "TEMPLATE" and count > 2 and not isinstance(mistake.pieces[-1], str):
        return in_header(mistake)
    wanted = {
        "LET": "a name", "MEASURE": "a name",
        "USE": "the name of a module, or a file in quotes,", "REMOVE": "the path of what is removed",
        "TEMPLATE": "a kind and a name",
    }[kind]  # fmt: skip
    if reserved := reserved_word(mistake, "a name"):
        return reserved
    if mistake.token.type in VALUES:
        return mistake.finding(codes.MISSING_NAME, f"a name begins with a letter or `_`, not as {found} does")
    example = {
        "LET": "`let name = value`", "MEASURE": "`measure name = value`",
        "USE": '`use nvidia` or `use "parts.plan"`', "REMOVE": "`remove ups.spare`",
        "TEMPLATE": "`template building hall_type { … }`",
    }[kind]  # fmt: skip
    start = last_end(mistake)
    message = f"expected {wanted} after `{word}`".replace(",", "", 1) if kind != "USE" else (
        "expected the name of a module, or a file in quotes, after `use`"
    )  # fmt: skip
    return mistake.finding(codes.MISSING_NAME, message, f"write {example}", start=start, end=start)


def in_accept(mistake: Mistake) -> Finding:
    """A mistake behind `accept`, which takes a code, perhaps `until` and a date, and a message."""
    found, count, token = mistake.found, len(mistake.pieces), mistake.token
    end = last_end(mistake)
    example = 'write `accept PWR103 until 2027-06 "who answers for it, and why"`'
    if count == 1:
        if token.type == "STRING":
            return mistake.finding(codes.UNEXPECTED_TOKEN, f"the code stands without quotes, not as {found}", example)
        return mistake.finding(codes.MISSING_NAME, "expected a code after `accept`", example, start=end, end=end)
    if mistake.value_due and count == 3:
        return value_due(mistake)
    if mistake.complete:
        return generic(mistake)
    if token.type in ENDS:
        message = "`accept` says who answers for it, and why: its message is missing"
        return mistake.finding(codes.MISSING_VALUE, message, example, start=mistake.begun, end=end)
    if token.type == "FROM":
        note = "it holds from the beginning; a rule of your own begins with its `from`"
        return mistake.finding(codes.UNEXPECTED_TOKEN, "`accept` takes `until`, and no `from`", note)
    if token.type == "COMMA":
        return mistake.finding(codes.UNEXPECTED_TOKEN, "one `accept` takes one code", "write an `accept` for each")
    if count == 2:
        return mistake.finding(
            codes.UNEXPECTED_TOKEN, f"expected `until` or a message after the code, not {found}", example
        )
    return behind_value(mistake)


def after_path(mistake: Mistake) -> Finding:
    """A mistake behind the first name, or dotted path, of a statement."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text = mistake.source.text
    path = text[mistake.begun : last_end(mistake)]
    code = codes.UNEXPECTED_TOKEN
    if kind in ("LBRACE", "IS") or (kind == "STRING" and "{" in text[mistake.at :].split("\n", 1)[0]):
        message = f"expected a name between `{path}` and {found}"
        return mistake.finding(codes.MISSING_NAME, message, f"write `{path} name {{ … }}`")
    if kind in VALUES or kind in ("STRING", "LSQB", "LPAR"):
        if kind == "LPAR":
            note = "a statement sets a value, `name = …`, or begins a block, `kind name { … }`"
            return mistake.finding(code, f"`{path}(…)` alone is no statement", note)
        return mistake.finding(code, f"expected `=` between `{path}` and {found}", f"write `{path} = {token}`")
    if kind in ENDS:
        start = last_end(mistake)
        note = f"write `{path} = value`, or `{path} name {{ … }}` for a block"
        message = f"expected `=` and a value after `{path}`"
        return mistake.finding(codes.MISSING_VALUE, message, note, start=mistake.begun, end=start)
    if kind == "COMPARE":
        if str(token) == "==":
            return mistake.finding(code, "`==` compares; a value is set with `=`", f"write `{path} = …`")
        return mistake.finding(code, "a comparison alone is no statement", f"write `require {path} {token} …`")
    if kind in ("PLUS", "MINUS", "STAR", "SLASH") and text.startswith("=", token.end_pos or 0):
        note = "a value is set once; write it out in full"
        return mistake.finding(code, f"there is no `{token}=`", note, end=(token.end_pos or 0) + 1)
    if kind == "MINUS":
        return mistake.finding(code, "a name holds letters, digits and `_`, and no `-`", "write `_` for `-`")
    if reserved := reserved_word(mistake, "the name of a block"):
        return reserved
    return mistake.finding(code, f"expected `=` after `{path}`, not {found}")


def in_header(mistake: Mistake) -> Finding:
    """A mistake behind the kind and name of a block."""
    token, kind, found = mistake.token, mistake.token.type, mistake.found
    text, end = mistake.source.text, last_end(mistake)
    head = short(text[mistake.begun : end])
    code = codes.UNEXPECTED_TOKEN
    if kind == "NEWLINE" and text[mistake.at :].lstrip().startswith("{"):
        note = f"write `{head} {{`"
        return mistake.finding(code, "the `{` of a block stands on the line of its header", note, start=end, end=end)
    if kind in ENDS:
        note = f"write `{head} {{ … }}`"
        return mistake.finding(code, f"expected `{{` or `is` after `{head}`", note, start=mistake.begun, end=end)
    if kind == "EQUAL":
        if text[token.end_pos or 0 :].lstrip(" \t").startswith("{"):
            return mistake.finding(code, "a block has no `=` before its `{`", f"write `{head} {{ … }}`")
        name = head.split()[-1]
        note = f"write `{name} = …`, or `{head} {{ … }}` for a block"
        return mistake.finding(code, f"expected one name before `=`, not `{head}`", note)
    if kind == "STRING":
        return mistake.finding(code, f"a block has one title, and {found} would be a second")
    if kind in ("MINUS", "DOT"):
        note = f"write `_` for `{token}`"
        return mistake.finding(code, f"the name of a block holds letters, digits and `_`, and no {found}", note)
    if kind == "LPAR":
        return mistake.finding(code, "`(` cannot follow the name of a block", "members are numbered `gpu[1..4]`")
    if reserved := reserved_word(mistake, "the name of a block"):
        return reserved
    if str(token) in _INHERITS:
        base = _PATH.match(text, token.end_pos or 0)
        note = f"write `{head} is {base[1] if base else '…'}`"
        return mistake.finding(code, f"what a block starts from follows `is`, not {found}", note)
    if kind == "NAME" and any(is_token(piece, "IS") for piece in mistake.pieces):
        return mistake.finding(code, f"expected `{{`, a new line or `;` before {found}")
    if kind == "NAME":
        word = str(mistake.last)
        return mistake.finding(code, "the name of a block is one word", f"write `{word}_{token}`, or a title in quotes")
    return mistake.finding(code, f"expected `{{` or `is` after `{head}`, not {found}")
