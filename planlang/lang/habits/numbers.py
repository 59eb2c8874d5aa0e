"""Numbers, money and shares as they are written elsewhere."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from planlang.lang.dimensions import CURRENCIES
from planlang.lang.habits.meaning import Meaning
from planlang.lang.values import UnitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUPS = "  \u00a0\u202f'\u2019"
_DIGITS = rf"[0-9](?:[0-9_.,{_GROUPS}]*[0-9])?"
_SCALES = {
    3: ["k", "thousand", "thousands", "tsd"],
    6: ["M", "MM", "mil", "mill", "mio", "mln", "mn", "million", "millions"],
    9: ["bn", "bln", "billion", "billions", "mrd", "milliard"],
    12: ["trillion", "trillions"],
}
_MONEY_SCALES = {3: ["K"], 6: ["m", "mm", "Mill"], 9: ["B", "b", "G"], 12: ["T"]}
_PREFIXES = {3: "k", 6: "M", 9: "G", 12: "T"}
_POWER_OF = {word: power for power, words in _SCALES.items() for word in words}
_MONEY_POWER_OF = {**_POWER_OF, **{word: power for power, words in _MONEY_SCALES.items() for word in words}}
_SIGNS = {
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD",
    "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW",
}  # fmt: skip
_NAMES = {
    "dollar": "USD", "dollars": "USD", "us dollar": "USD", "us dollars": "USD", "euro": "EUR", "euros": "EUR",
    "yen": "JPY", "yuan": "CNY", "rmb": "CNY",
}  # fmt: skip


def _any(words: Iterator[str] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_SCALE = rf"(?P<s>{_any(list(_MONEY_POWER_OF))}|Mio|Mrd|Tsd)"
_SIGN = rf"(?P<c>{_any(list(_SIGNS))}|(?i:{_any([*CURRENCIES, *_NAMES])})(?![A-Za-z]))"
_PER = r"(?P<per>(?:[ \t]*(?:/|per|a|p\.)[ \t]*[A-Za-z][A-Za-z0-9^]*(?:-[A-Za-z]+)*)*)"
_MONEY = (
    re.compile(rf"{_SIGN}[ \t]?(?P<n>{_DIGITS})(?:[ \t]?{_SCALE}(?![A-Za-z0-9]))?{_PER}"),
    re.compile(rf"(?P<n>{_DIGITS})[ \t]?(?:{_SCALE}[ \t]?)?{_SIGN}{_PER}"),
    re.compile(rf"(?P<n>{_DIGITS})[ \t]?(?P<c>{_any(list(CURRENCIES))})[ \t]?{_SCALE}(?![A-Za-z0-9]){_PER}"),
)
_CENTS = re.compile(rf"(?P<n>{_DIGITS})[ \t]?(?:c|ct|cts|cents?|¢){_PER}(?![A-Za-z0-9])")
_SCALED = re.compile(
    rf"(?P<n>{_DIGITS})[ \t]?(?P<s>{_any(list(_POWER_OF))}|Mio|Mrd|Tsd)"
    r"(?:[ \t]+(?P<u>[A-Za-z][A-Za-z0-9/^]*))?(?![A-Za-z0-9])"
)
_PERCENT = re.compile(rf"(?P<n>{_DIGITS})(?:[ \t]+%|[ \t]*(?:percent|per cent|pct|Prozent)(?![A-Za-z0-9]))")
_REMAINDER = re.compile(r"([\w.]+)[ \t]*%[ \t]*([\w.]+)")
_GROUPED = re.compile(rf"(?<![\w.]){_DIGITS}(?![0-9_])")
_WITH_UNIT = re.compile(rf"(?<![\w.])(?P<n>{_DIGITS})[ \t]*(?P<u>[^\s;,=()\[\]{{}}#\"]+)")
_POINTED = re.compile(r"(?<![\w.])(?P<n>[0-9]+)\.(?![.0-9])[ \t]*(?P<u>[A-Za-z][A-Za-z0-9/^]*)?")
_FRACTION = re.compile(r"([0-9]*)[ \t]*([½¼¾])")
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_PLAIN = {"°c": "degC", "℃": "degC", "°f": "degF", "℉": "degF", "°k": "K", "µ": "u", "μ": "u", "·": "*", "×": "*"}


def normal(digits: str) -> str:
    """A number with other signs for thousands and decimals, as it is written here; "" where it is no number.

    `1,400` is read as `1_400`, and `1.400,5`, as some countries write it, as `1_400.5`.
    """
    digits = digits.strip()
    if re.fullmatch(r"[0-9][0-9_]*(?:\.[0-9]+)?", digits):
        return digits
    for group, point in ((",", "."), (".", ","), (rf"[{_GROUPS}]", "[.,]")):
        group = group if len(group) > 1 else re.escape(group)
        point = point if len(point) > 1 else re.escape(point)
        three, indian = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+", rf"[0-9]{{1,2}}(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}"
        if match := re.fullmatch(rf"({three}|{indian})(?:{point}([0-9]+))?", digits):
            whole = re.sub(group, "_", match[1])
            return f"{whole}.{match[2]}" if match[2] else whole
    if match := re.fullmatch(r"([0-9][0-9_]*),([0-9]+)", digits):
        return f"{match[1]}.{match[2]}"
    return ""


def find(text: str, start: int, end: int, at: int) -> tuple[int, int, Meaning] | None:
    """What the number around the place `at` in `text[start:end]` means, with where it stands."""
    for reader in (_money, _cents, _scaled, _percent, _fraction, _pointed, _grouped, _odd_unit):
        for first, last, meaning in reader(text, start, end):
            if first <= at <= last:
                return first, last, meaning
    return None


def _money(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for form in _MONEY:
        for match in form.finditer(text, start, end):
            number = normal(match["n"])
            scale = match.groupdict().get("s") or ""
            power = _MONEY_POWER_OF.get(scale) or _POWER_OF.get(scale.lower(), 0)
            sign = match["c"]
            currency = _SIGNS.get(sign) or _NAMES.get(sign.lower()) or sign.upper()
            if not number:
                continue
            amount = f"{number} {_PREFIXES.get(power, '')}{currency}{_per(match['per'])}"
            if amount != match[0]:
                said = "money is a number and its currency, which takes a prefix"
                message = f"`{match[0]}` is not how money is written" if power else f"{said.partition(',')[0]}"
                yield match.start(), match.end(), Meaning(message, (f"write `{amount}`",), amount)


def _per(per: str) -> str:
    """The units behind `/` or `per`, each as it is written here."""
    from planlang.lang.habits.units import same_unit
    from planlang.lang.units import known_units

    parts = re.split(r"-|[ \t]*(?:/|\bper\b|\ba\b|\bp\.)[ \t]*", per.strip())
    return "".join(f"/{same_unit(part, known_units())}" for part in parts[1:])


def _cents(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for match in _CENTS.finditer(text, start, end):
        number = normal(match["n"])
        if number:
            amount = f"{_times(number, -2)} USD{_per(match['per'])}"
            note = f"write `{amount}`, or the same in another currency"
            yield (
                match.start(),
                match.end(),
                Meaning("there are no cents: a price is written in whole units", (note,), amount),
            )


def _times(number: str, power: int) -> str:
    """The number times 10 to the `power`, with `_` between thousands."""
    try:
        value = Decimal(number.replace("_", "")).scaleb(power)
    except InvalidOperation:
        return number
    if value == value.to_integral_value():
        return f"{int(value):_}"
    return f"{value.normalize():f}"


def _scaled(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for match in _SCALED.finditer(text, start, end):
        number = normal(match["n"])
        if number:
            power = _POWER_OF.get(match["s"]) or _POWER_OF.get(match["s"].lower(), 0)
            unit = f" {match['u']}" if match["u"] else ""
            written = f"{_times(number, power)}{unit}"
            message = f"`{text[match.start() : match.end('s')]}` is no number: numbers are written out"
            yield match.start(), match.end(), Meaning(message, (f"write `{written}`",), written)


def _percent(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for match in _PERCENT.finditer(text, start, end):
        remainder = _REMAINDER.match(text, match.start())
        if remainder is not None and "%" in match[0]:
            a, b = remainder[1], remainder[2]
            note = f"the remainder of a division is `{a} - floor({a} / {b}) * {b}`; a share is written `{a}%`"
            yield match.start(), match.end(), Meaning("there is no `%` between two numbers", (note,))
        elif number := normal(match["n"]):
            note = f"write `{number}%`"
            yield (
                match.start(),
                match.end(),
                Meaning("a share is written with `%` right behind its number", (note,), f"{number}%"),
            )


def _fraction(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for match in _FRACTION.finditer(text, start, end):
        written = f"{match[1] or '0'}{_FRACTIONS[match[2]][1:]}"
        yield (
            match.start(),
            match.end(),
            Meaning("fractions are written with a point", (f"write `{written}`",), written),
        )


def _pointed(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for match in _POINTED.finditer(text, start, end):
        written = f"{match['n']}{' ' if match['u'] else ''}{match['u']}"
        yield match.start(), match.end(), Meaning("a number ends with a digit", (f"write `{written}`",), written)


def _grouped(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    for match in _GROUPED.finditer(text, start, end):
        digits = match[0]
        number = normal(digits)
        if not number or number == digits:
            continue
        if re.fullmatch(r"[0-9]{1,3},[0-9]{3}", digits):
            note = f"write `{number}`, or `{digits.replace(',', '.')}` for a decimal"
            message = "a number holds no comma; thousands are parted with `_`"
        elif "_" in number:
            note = f"write `{number}`"
            message = "thousands are parted with `_`" + (", and decimals follow a point" if "." in number else "")
        else:
            note, message = f"write `{number}`", "a number holds no comma; decimals follow a point"
        yield match.start(), match.end(), Meaning(message, (note,), number)


def _odd_unit(text: str, start: int, end: int) -> Iterator[tuple[int, int, Meaning]]:
    """Units with signs that the language does not have: `35 °C`, `10 m³/h`."""
    from planlang.lang.units import parse_unit

    for match in _WITH_UNIT.finditer(text, start, end):
        unit = match["u"]
        if unit.isascii():
            continue
        plain = unit.replace("²", "2").replace("³", "3")
        for sign, meant in _PLAIN.items():
            plain = re.sub(re.escape(sign), meant, plain, flags=re.IGNORECASE)
        for written in (plain, unit.replace("²", "^2").replace("³", "^3")):
            try:
                parse_unit(written)
            except UnitError:
                continue
            amount = f"{normal(match['n']) or match['n']} {written}"
            message = f"units are written in plain letters, and `{unit}` is not"
            yield match.start(), match.end(), Meaning(message, (f"write `{amount}`",), amount)
            break
