"""What an attribute may hold: a type is a test of one value, and the words that say what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import dimensions
from planlang.lang.values import Date, Duration, Hole, Pair, Quantity, RangeValue, Redundancy, Referable, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.lang.dimensions import Dimension
    from planlang.lang.values import Value


LARGEST = 1e24
"""Figures, in base units, lie below this and above 1 over it, so that what is computed from them stays finite."""

MOST_COUNTED = 10**12
"""Units are counted up to this."""

LONGEST = Duration(12_000)
"""No duration is longer: a thousand years."""


class Type(NamedTuple):
    """A type: its name in the docs, an example, and `fault`, which says why a value is not of it (or None). `bare`: it
    is a name of something in other blocks, and stands bare."""

    name: str
    example: str
    fault: Callable[[Value], str | None]
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    bare: bool = False


def article(word: str) -> str:
    """`a power`, `an area`, `money`."""
    if word.startswith("money") or word in ("data", "time", "text", "energy"):
        return word
    vowel = word[:1] in "aeiou" and not word.startswith("uti")  # a utility
    return f"an {word}" if vowel else f"a {word}"


def describe(value: Value) -> str:
    """What a value is, with the value itself: "a length (2 km)"."""
    from planlang.lang.describe import kind_of
    from planlang.lang.text import show

    kind = kind_of(value)
    if isinstance(value, Quantity):
        if value.dimension.name == value.dimension.unit:
            return show(value)
        kind = article(kind)
    return f"{kind} ({show(value)})"


def quantity(dimension: Dimension, example: str, *, above: float | None = 0.0, zero: bool = True) -> Type:
    """A quantity of a dimension. By default not negative; `zero=False` refuses zero, too."""

    def fault(value: Value) -> str | None:
        if isinstance(value, Quantity) and value.dimension is dimension:
            if above is not None and (value.magnitude < above or (not zero and value.magnitude == above)):
                return "is below zero" if zero else "is not above zero"
            return _beyond(value, value.magnitude, f" {dimension.unit}")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return f"is a bare number where {article(dimension.name)} is due: write its unit, as in `{example}`"
        return f"is {describe(value)} where {article(dimension.name)} is due, as in `{example}`"

    return Type(dimension.name, example, fault)


def price(example: str, per: Dimension = dimensions.NONE, *, above: float | None = 0.0) -> Type:
    """Money in any currency, per unit of a dimension."""
    usual = quantity(dimensions.money("USD") / per, example, above=above)

    def fault(value: Value) -> str | None:
        currency = value.dimension.currency if isinstance(value, Quantity) else None
        if currency is None:
            return usual.fault(value)
        return quantity(dimensions.money(currency) / per, example, above=above).fault(value)

    return Type(usual.name, example, fault)


def _beyond(value: Value, size: float, unit: str = "") -> str | None:
    """What is wrong with a figure that is too large or too small to compute with."""
    from planlang.lang.text import show

    if abs(size) > LARGEST:
        return f"is {show(value)}, too large to reckon with: figures stay below {show(LARGEST)}{unit}"
    if 0 < abs(size) < 1 / LARGEST:
        return f"is {show(value)}, too small to reckon with: figures stay above {show(1 / LARGEST)}{unit}"
    return None


def quantity_of_any(types: tuple[Type, ...], name: str, example: str) -> Type:
    """A quantity of any of several types."""

    def fault(value: Value) -> str | None:
        dimension = value.dimension.name if isinstance(value, Quantity) else ""
        return next((one for one in types if one.name == dimension), types[0]).fault(value)

    return Type(name, example, fault)


def number(
    example: str, least: float | None = 0.0, most: float | None = None, *, whole: bool = False, name: str = "number"
) -> Type:
    """A plain number within bounds; whole ones are counted no further than `MOST_COUNTED`."""
    top = MOST_COUNTED if whole and most is None else most

    def fault(value: Value) -> str | None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"is {describe(value)} where a {name} is due, as in `{example}`"
        if whole and not float(value).is_integer():
            return f"is {value:g} where a whole number is due, as in `{example}`"
        if least is not None and value < least:
            return f"is {value:g}, and cannot be below {least:g}"
        if top is not None and value > top:
            return f"is {value:g}, and cannot be above {top:g}"
        return _beyond(value, value)

    return Type(name, example, fault)


def word(*words: str) -> Type:
    """One of the given words, written bare."""
    listed = ", ".join(f"`{one}`" for one in words)

    def fault(value: Value) -> str | None:
        return None if isinstance(value, str) and value in words else f"is {describe(value)}; it may be {listed}"

    return Type("one of " + listed, words[0], fault, words)


def several(one: Type, more: str) -> Type:
    """A list of values of a type; `more` names it."""

    def fault(value: Value) -> str | None:
        if not isinstance(value, tuple) or not value:
            return f"is {describe(value)} where a list of {more} is due, as in `[{one.example}, …]`"
        wrong = next((found for item in value if (found := one.fault(item)) is not None), None)
        return None if wrong is None else f"holds a value that {wrong}"

    return Type(f"list of {more}", f"[{one.example}]", fault)


def name_of(what: str, example: str) -> Type:
    """The name of something that each of several blocks may have, written bare."""

    def fault(value: Value) -> str | None:
        if isinstance(value, Word):
            return None
        shown = describe(value)
        if isinstance(value, Referable):
            shown, own = f"the {value.kind or 'module'} `{value.path}`", value.path.rpartition(".")[2]
            return f"is {shown} where the name of a {what} is due, which stands alone: `{own}`"
        return f"is {shown} where the name of a {what} is due, without quotes, as in `{example}`"

    return Type(f"name of a {what}", example, fault, bare=True)


def words_of(*words: str) -> Type:
    """A list of the given words (or one of them alone)."""
    listed = ", ".join(f"`{one}`" for one in words)

    def fault(value: Value) -> str | None:
        items = value if isinstance(value, tuple) else (value,)
        wrong = next((item for item in items if not (isinstance(item, str) and item in words)), None)
        return None if wrong is None else f"holds {describe(wrong)}; it may hold {listed}"

    return Type("list of " + listed, f"[{words[0]}]", fault, words)


def reference(*kinds: str) -> Type:
    """A block of one of the kinds."""
    due = " or ".join(kinds)

    def fault(value: Value) -> str | None:
        if isinstance(value, Referable) and value.kind in kinds:
            return None
        if isinstance(value, Referable):
            return f"is the {value.kind or 'module'} `{value.path}` where {article(due)} is due"
        if isinstance(value, tuple) and value and all(isinstance(item, Referable) for item in value):
            return f"is several blocks where one {due} is due"
        return f"is {describe(value)} where {article(due)} is due"

    return Type(f"reference to {article(due)}", kinds[0], fault, (), kinds)


def references(*kinds: str, exactly: int | None = None) -> Type:
    """A list of blocks of the given kinds."""
    one = reference(*kinds)
    due = " or ".join(kinds)

    def fault(value: Value) -> str | None:
        items = value if isinstance(value, tuple) else (value,)
        for item in items:
            wrong = one.fault(item)
            if wrong is not None:
                return wrong.replace("is ", "holds ", 1) if isinstance(value, tuple) else wrong
        if exactly is not None and len(items) != exactly:
            return f"names {len(items)} where {exactly} are due: `[a, b]`"
        return None

    return Type(f"list of {due}", f"[{kinds[0]}]", fault, (), kinds)


def one_or_pair(one: Type, what: str) -> Type:
    """A value of a type, or a pair of two; `what` names what the two are."""

    def fault(value: Value) -> str | None:
        if not isinstance(value, Pair):
            return one.fault(value)
        return next((found for part in (value.first, value.second) if (found := one.fault(part)) is not None), None)

    return Type(f"{one.name}, or a pair of {what}", one.example, fault, one.words, one.kinds)


def one_or_list(one: Type, what: str, most: int) -> Type:
    """A value of a type for all, or a list of at most so many, one for each; `what` names what there is of each."""

    def fault(value: Value) -> str | None:
        if not isinstance(value, tuple):
            return one.fault(value)
        if not value:
            return f"is an empty list where one value is due for each {what}"
        if any(item.__class__ is Hole for item in value):
            return "holds `?`, which stands for all that it says, and in no list"
        wrong = next((found for item in value if (found := one.fault(item)) is not None), None)
        if wrong is not None:
            return f"holds a value that {wrong}"
        return f"holds {len(value)} values, and there are at most {most}" if len(value) > most else None

    return Type(f"{one.name}, or a list by {what}", one.example, fault, one.words, one.kinds)


def _plain(name: str, example: str, forms: type | tuple[type, ...]) -> Type:
    def fault(value: Value) -> str | None:
        return (
            None
            if isinstance(value, forms)
            else f"is {describe(value)} where {article(name)} is due, as in `{example}`"
        )

    return Type(name, example, fault)


def _duration(value: Value) -> str | None:
    if not isinstance(value, Duration):
        return f"is {describe(value)} where a duration is due, as in `18 months`"
    if value.total < 0:
        return "is below zero"
    return None if value.total <= LONGEST.total else f"is {describe(value)}, and cannot be above 1,000 years"


def _place(value: Value) -> str | None:
    example = "a place is a pair of degrees, north and east, as in `(42.70, -87.88)`"
    if not isinstance(value, Pair):
        return f"is {describe(value)}; {example}"
    for part, most, name in ((value.first, 90, "latitude"), (value.second, 180, "longitude")):
        if isinstance(part, bool) or not isinstance(part, (int, float)):
            return f"holds {describe(part)}; {example}"
        if abs(part) > most:
            return f"has the {name} {part:g}, which is beyond {most} degrees; {example}"
    return None


def _period(value: Value) -> str | None:
    if isinstance(value, RangeValue) and isinstance(value.first, Date):
        return None
    return f"is {describe(value)} where a range of dates is due, as in `2025-Q4 .. 2028-Q4`"


def _condition(value: Value) -> str | None:
    return None


def _texts(value: Value) -> str | None:
    items = value if isinstance(value, tuple) else (value,)
    wrong = next((item for item in items if not isinstance(item, str)), None)
    return None if wrong is None else f"holds {describe(wrong)} where text is due"


TEXT = _plain("text", '"text"', str)
TEXTS = Type("list of text", '["text"]', _texts)
DATE = _plain("date", "2026-02", Date)
DURATION = Type("duration", "18 months", _duration)
REDUNDANCY = _plain("redundancy", "N+1", Redundancy)
BOOLEAN = _plain("truth value", "true", bool)
PLACE = Type("place (latitude, longitude)", "(42.70, -87.88)", _place)
PERIOD = Type("range of dates", "2025-Q4 .. 2028-Q4", _period)
CONDITION = Type("condition", "it_load <= 300 MW", _condition)

COUNT = number("12", 0, whole=True, name="whole number")
SHARE = number("0.87", 0, 1, name="share")
RATIO = number("0.95", 0.01, 1, name="ratio")
FACTOR = number("1.2", 1, 10, name="factor")
POSITIVE = number("2", 0, name="number")
EITHER_POWER = quantity_of_any(
    (
        quantity(dimensions.POWER, "2.5 MW", zero=False),
        quantity(dimensions.APPARENT_POWER, "2.5 MVA", zero=False),
    ),
    "power or apparent power",
    "2.5 MW",
)
