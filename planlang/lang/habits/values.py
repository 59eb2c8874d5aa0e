"""Whole values as they are written elsewhere: places, redundancies, bounds and guesses, and choices."""

from __future__ import annotations

import re

from planlang.lang.habits.meaning import Meaning

# --- places on the globe ---------------------------------------------------------------------------

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_DEGREES = r"[+-]?[0-9]+(?:[.,][0-9]+)?"
_PART = r"[ ]*[0-9]+(?:[.,][0-9]+)?[ ]*"
_ANGLE = rf"(?:{_DEGREES})[ ]*(?:°|deg)?(?:{_PART}['′’])?(?:{_PART}(?:''|[\"″”]))?"
_POSITION = re.compile(
    rf"(?=.*(?:°|[NSns].*[EWew]|\.[0-9].*\.|,.*[,;].*,))"
    rf"[(\[\"']?[ ]*(?P<n1>[NSns])?[ ]*(?P<a>{_ANGLE})[ ]*(?P<h1>[NSns])?[ ]*[,; ][ ]*"
    rf"(?P<n2>[EWew])?[ ]*(?P<b>{_ANGLE})[ ]*(?P<h2>[EWew])?[ ]*[)\]\"']?"
)
_JSON_POSITION = re.compile(
    rf"(?=.*(?:°|[NSns].*[EWew]|\.[0-9].*\.|,.*[,;].*,))"
    rf"\{{[ ]*\"?lat(?:itude)?\"?[ ]*[:=][ ]*(?P<a>{_DEGREES})[ ]*[,;][ ]*"
    rf"\"?(?:lon|lng|long|longitude)\"?[ ]*[:=][ ]*(?P<b>{_DEGREES})[ ]*\}}"
)


def position(text: str) -> Meaning | None:
    """A place written without brackets, with its hemispheres, or in degrees, minutes and seconds."""
    text = text.strip()
    match = _JSON_POSITION.fullmatch(text) or _POSITION.fullmatch(text)
    if match is None:
        return None
    if re.fullmatch(rf"\([ ]*{_NUMBER}[ ]*,[ ]*{_NUMBER}[ ]*\)", text):
        return _swapped(*(float(part) for part in text.strip("() ").split(",")))
    marks = match.groupdict()
    latitude = _angle(marks["a"], marks.get("n1") or marks.get("h1") or "")
    longitude = _angle(marks["b"], marks.get("n2") or marks.get("h2") or "")
    written = f"({latitude}, {longitude})"
    if written == text:
        return None
    return Meaning(
        "a place is a pair of degrees in parentheses, south and west below zero", (f"write `{written}`",), written
    )


def _swapped(latitude: float, longitude: float) -> Meaning | None:
    """A pair whose longitude stands first."""
    if abs(latitude) <= 90 or abs(longitude) > 90 or abs(latitude) > 180:
        return None
    written = f"({longitude:g}, {latitude:g})"
    return Meaning("a place is its latitude and then its longitude", (f"write `{written}`",), written)


def _angle(text: str, hemisphere: str) -> str:
    parts = [float(part.replace(",", ".")) for part in re.findall(r"[0-9]+(?:[.,][0-9]+)?", text)]
    value = sum(part / 60**place for place, part in enumerate(parts[:3]))
    below = text.lstrip().startswith("-") or hemisphere.upper() in ("S", "W")
    return f"{'-' if below else ''}{round(value, 5):.5f}".rstrip("0").rstrip(".")


# --- redundancy ------------------------------------------------------------------------------------


def redundancy(text: str) -> Meaning | None:
    """What is meant by a redundancy that is written in another way, as `n+1`, `2(N+1)` or `4-to-3`."""
    raw = text.strip()
    bare = (
        re.sub(r"[\s\"'`]+", "", raw)
        .upper()
        .replace("_PLUS_", "+")
        .replace("PLUS", "+")
        .replace("×", "X")
        .replace("&", "+")
    )
    if re.fullmatch(r"N-[0-9]+", bare):
        return Meaning("a redundancy is no fewer units than are needed", ("write `N`, or `N+1` with a spare one",), "N")
    written, why = _redundancy(bare)
    if not written or written == raw:
        return None
    return Meaning(f"`{raw}` is not how a redundancy is written", (f"write `{written}`{why}",), written)


def _redundancy(bare: str) -> tuple[str, str]:
    bare = bare.strip("()") if bare.count("(") == 1 and bare[:1] == "(" else bare
    if match := re.fullmatch(r"([0-9]*)N(?:\+([0-9]+))?", bare):
        return f"{match[1] if match[1] != '1' else ''}N{f'+{match[2]}' if match[2] and int(match[2]) else ''}", ""
    if match := re.fullmatch(r"([2-9])[X*]?\(?N\+([0-9]+)\)", bare):
        sets, spare = int(match[1]), int(match[2])
        return f"{sets}N+{sets * spare}", ", which has as many units"
    if match := re.fullmatch(r"([0-9])[X*]N|N[X*]([0-9])", bare):
        return f"{match[1] or match[2]}N", ""
    if bare in ("N+N", "NN", "A+B", "AB", "A/B"):
        return "2N", ""
    if match := re.fullmatch(r"N\+N\+([0-9])", bare):
        return f"2N+{match[1]}", ""
    if match := re.fullmatch(r"N\+([0-9]+)\+([0-9]+)", bare):
        return f"N+{int(match[1]) + int(match[2])}", ""
    if match := re.fullmatch(r"[1-9][0-9]*\+([1-9])", bare):
        return f"N+{match[1]}", ""
    if match := re.fullmatch(r"N([1-9])", bare):
        return f"N+{match[1]}", ""
    if match := re.fullmatch(r"([2-9])[-_]?(?:TO[-_]?MAKE|TO|MAKES?|N|/|FOR|OF|OUTOF)[-_]?([1-9])N?(?:R)?", bare):
        many, few = int(match[1]), int(match[2])
        if many == few + 1 and few > 1:
            return f"{many}N/{few}", ""
    if match := re.fullmatch(r"1\.[0-9]+N|N\+[0-9.]+%", bare):
        return "N+1", ": spare units are counted whole"
    return "", ""


# --- guesses, bounds and ranges ----------------------------------------------------------------------

_FIGURE = r"[0-9][0-9_]*(?:[.,][0-9]+)?"
_AMOUNT = rf"{_FIGURE}(?:[ ]*[A-Za-z][A-Za-z0-9/^]*)?"
_BEHIND = re.compile(rf"(?P<a>{_AMOUNT})[ ]+(?P<word>or less|or more|max\.?|min\.?|maximum|minimum|at most|at least)")
_REMARK = re.compile(rf"(?P<a>{_AMOUNT}|[0-9]*N(?:\+[0-9]+)?)[ ]+\((?P<b>[^()]*[A-Za-z][^()]*)\)")
_STOP = re.compile(rf"(?P<a>{_AMOUNT})\.")
_SHARE_MORE = re.compile(rf"(?P<a>{_AMOUNT})[ ]*(?P<sign>[+-])[ ]*(?P<b>[0-9.]+)%")
_TWO = re.compile(rf"(?P<a>{_FIGURE}[ ]*[A-Za-z]+)[ ]+(?P<b>{_FIGURE}[ ]*[A-Za-z]+)")
_GUESS = re.compile(
    r"(?:~=?|≈|±|ca\.?|circa|about|approx\.?|approximately|around|roughly|est\.?|estimated)[ ]*(?=[0-9])", re.I
)
_BOUND = re.compile(
    r"(?P<word><=|>=|=<|=>|<|>|≤|≥|under|over|at least|at most|up to|max\.?|min\.?|minimum|maximum|less than|more than)"
    r"[ ]*(?=[0-9])", re.I,
)  # fmt: skip
_SPREAD = re.compile(
    rf"(?P<a>{_FIGURE})[ ]*(?P<u1>[A-Za-z][A-Za-z0-9/^]*)?[ ]*(?:-|–|—|\.\.\.?|…|\bto\b|\bbis\b)[ ]*"
    rf"(?P<b>{_FIGURE})[ ]*(?P<u2>[A-Za-z%][A-Za-z0-9/^]*)?"
)
_TOLERANCE = re.compile(
    r"(?P<a>[0-9][0-9.,_]*[ ]*(?:[A-Za-z][A-Za-z0-9/^]*)?)[ ]*(?:\+/?-|±)[ ]*[0-9.]+[ ]*(?:%|[A-Za-z]+)?"
)
_MORE = re.compile(r"(?P<a>[0-9][0-9.,_]*(?:[ ]*[A-Za-z][A-Za-z0-9/^]*)?)\+")
_EACH = re.compile(rf"(?P<a>{_AMOUNT})[ ]+(?:(?:per|a|an|each|every|/)[ ]+(?P<u>[A-Za-z_]+)|each|apiece)")
_SLASH = re.compile(r"(?P<a>[0-9]+)/(?P<b>[0-9]+)[ ]*(?P<u>[A-Za-z][A-Za-z0-9^]*)")
_TIMES = re.compile(r"[xX×][ ]*(?P<a>[0-9_]+)|(?P<b>[0-9_]+)[xX×]")
_SUM = re.compile(r"(?P<a>[1-9][0-9.]*)[ ]*[xX×][ ]*(?P<b>[0-9.]+[ ]*[A-Za-z][A-Za-z0-9/^]*)")


def figure(text: str) -> Meaning | None:
    """A guess, a bound or a range where one figure is due."""
    text = text.strip()
    if (match := _GUESS.match(text)) and (rest := text[match.end() :]):
        return _one("a value is one figure; how sure it is may stand in a `note`", rest)
    if match := _BOUND.match(text):
        rest = text[match.end() :]
        sign = (
            "<="
            if match["word"].lower()
            in ("<", "<=", "=<", "≤", "under", "at most", "up to", "max", "max.", "maximum", "less than")
            else ">="
        )
        note = f"write `{rest}`, and the bound as a rule of its own: `require … {sign} {rest}`"
        return Meaning("a value is one figure, and a bound is a rule", (note,), rest)
    if match := _TOLERANCE.fullmatch(text):
        return _one("a value is one figure, without a tolerance", match["a"].strip())
    if (match := _SPREAD.fullmatch(text)) and match["u1"] not in ("e", "E"):
        unit = match["u2"] or match["u1"] or ""
        greater = f"{match['b']} {unit}".strip()
        note = f"write the one to plan with, as `{greater}`"
        return Meaning("a value is one figure, and not a range", (note,), greater)
    if match := _MORE.fullmatch(text):
        return _one("a value is one figure", match["a"].strip())
    if match := _EACH.fullmatch(text):
        return _each(match["a"], match["u"] or "one")
    if match := _BEHIND.fullmatch(text):
        sign = ">=" if match["word"].startswith(("or more", "min", "at least")) else "<="
        note = f"write `{match['a']}`, and the bound as a rule of its own: `require … {sign} {match['a']}`"
        return Meaning("a value is one figure, and a bound is a rule", (note,), match["a"])
    if match := _REMARK.fullmatch(text):
        if re.fullmatch(r"[0-9]*[nN][^a-zA-Z]*", match["b"]):
            return Meaning(
                "a redundancy is told by itself", (f"write `{match['a']}`, and `redundancy = {match['b'].upper()}`",)
            )
        return Meaning("a remark stands behind `#`", (f"write `{match['a']}   # {match['b'].strip()}`",), match["a"])
    if match := _STOP.fullmatch(text):
        return _one("a value ends without a point", match["a"])
    if match := _SHARE_MORE.fullmatch(text):
        share = float(match["b"]) / 100
        return _one("a share more is a product", f"{match['a']} * {1 + share if match['sign'] == '+' else 1 - share:g}")
    if (match := _SLASH.fullmatch(text)) and int(match["b"]):
        return _one(
            f"`{text}` divides by `{match['b']} {match['u']}`", f"{int(match['a']) / int(match['b']):g} {match['u']}"
        )
    if match := _TIMES.fullmatch(text):
        return _one("a count is a number alone", match["a"] or match["b"])
    if match := _SUM.fullmatch(text):
        return _one("multiplication is written with `*`", f"{match['a']} * {match['b']}")
    if match := _TWO.fullmatch(text):
        return _one("a quantity has one unit", f"{match['a']} + {match['b']}")
    return None


def _each(amount: str, word: str) -> Meaning:
    """`40 kW per rack`, a figure for each rack; `4.9 us per km`, where `km` is a unit."""
    from planlang.lang.habits.units import same_unit
    from planlang.lang.units import known_units

    unit = same_unit(word, known_units())
    if unit in known_units():
        return _one("a unit holds no blanks", f"{amount}/{unit}")
    note = f"write `{amount}`: it is said of each {word}"
    return Meaning("a unit holds no blanks, and nothing that is counted", (note,), amount)


def _one(message: str, written: str) -> Meaning:
    return Meaning(message, (f"write `{written}`",), written)


# --- lists -------------------------------------------------------------------------------------------

_PATH = r"[A-Za-z_][\w.]*(?:\[\w+\])?"
_LIST = re.compile(rf"[({{]?[ ]*({_PATH})[ ]*(?:->|<->|=>|--|,|;|&|\+|\bto\b|\band\b)[ ]*({_PATH})[ ]*[)}}]?")


def listed(text: str) -> Meaning | None:
    """Two names that are joined by a sign, and not in a list."""
    match = _LIST.fullmatch(text.strip())
    if match is None:
        return None
    return _one("several values stand in brackets", f"[{match[1]}, {match[2]}]")


# --- choices -----------------------------------------------------------------------------------------

_CHOICES = (
    re.compile(r"if[ ]*\((?P<c>.+)\)[ ]*\{(?P<a>.+)\}[ ]*else[ ]*\{(?P<b>.+)\}", re.I | re.S),
    re.compile(r"(?:if|iif)[ ]*\((?P<c>[^,;]+)[,;](?P<a>[^,;]+)[,;](?P<b>.+)\)", re.I),
    re.compile(r"if[ ]+(?P<c>.+?):(?P<a>.+?)[;, ]*else[ ]*:(?P<b>.+)", re.I),
    re.compile(r"if[ ]*\((?P<c>.+?)\)(?!.*\bthen\b)(?P<a>.+?)\belse\b(?P<b>.+)", re.I),
    re.compile(r"if[ ]+(?P<c>.+?)[ ]*\?(?P<a>.+?)[:](?P<b>.+)", re.I),
    re.compile(r"(?P<c>[^?]+?)[ ]*\?(?P<a>[^:?]+):(?P<b>.+)"),
    re.compile(r"(?P<a>.+?)[ ]+(?:if|when)[ ]+(?P<c>.+?)[ ]*,?[ ]+(?:else|otherwise)[ ]+(?P<b>.+)", re.I),
)


def choice(text: str) -> Meaning | None:
    """`c ? a : b`, `a if c else b`, `IF(c, a, b)`, `if (c) { a } else { b }`."""
    text = text.strip()
    for form in _CHOICES:
        match = form.fullmatch(text)
        if match is None:
            continue
        parts = {name: " ".join(part.split()).strip("; ") for name, part in match.groupdict().items()}
        if not all(parts.values()) or " then " in parts["c"]:
            continue
        written = f"if {operators(parts['c'])} then {parts['a']} else {parts['b']}"
        return Meaning("a choice is written `if … then … else …`", (f"write `{written}`",), written)
    return None


_WORDS = (
    (re.compile(r"[ ]*&&?[ ]*"), " and "),
    (re.compile(r"[ ]*\|\|?[ ]*"), " or "),
    (re.compile(r"!(?!=)[ ]*"), "not "),
    (re.compile(r"\bAND\b"), "and"),
    (re.compile(r"\bOR\b"), "or"),
    (re.compile(r"\bNOT\b"), "not"),
    (re.compile(r"<>|=/=|!==|/="), "!="),
    (re.compile(r"===|(?<![=<>!~])=(?![=<>])"), "=="),
    (re.compile(r"=<|≤"), "<="),
    (re.compile(r"=>|≥"), ">="),
    (re.compile(r"\*\*"), "^"),
)


def operators(text: str) -> str:
    """An expression with the operators of other languages as they are written here."""
    for form, instead in _WORDS:
        text = form.sub(instead, text)
    return text
