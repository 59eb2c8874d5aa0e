"""Units and dimensions obey the laws of algebra, and the table is closed."""

from __future__ import annotations

import copy
import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.lang import literals, operations, units
from planlang.lang.text import show
from planlang.lang.units import Dimension, UnitError, parse_unit
from planlang.lang.values import Duration, LiteralError, OperationError, Quantity, Redundancy

BASES = ["W", "VA", "bit", "s", "m", "kg", "K", "USD", "token"]
dimensions = st.dictionaries(st.sampled_from(BASES), st.integers(-3, 3), max_size=4).map(Dimension.of)
known = st.sampled_from([name for name in units.known_units() if not name.startswith("deg")])


@given(dimensions, dimensions, dimensions)
def test_dimensions_form_an_abelian_group(a: Dimension, b: Dimension, c: Dimension) -> None:
    """Products commute and associate, quotients undo them, and equal dimensions are one object."""
    assert a * b is b * a
    assert (a * b) * c is a * (b * c)
    assert (a * b) / b is a
    assert a / a is units.NONE
    assert a * units.NONE is a


@given(dimensions, st.integers(-3, 3), st.integers(-3, 3))
def test_powers_add(a: Dimension, m: int, n: int) -> None:
    """Powers follow the laws of exponents, and a square has its root."""
    assert a**m * a**n is a ** (m + n)
    assert (a**2).root() is a


@given(dimensions)
def test_copies_are_the_same_dimension(a: Dimension) -> None:
    """Interning survives pickling and copying."""
    assert pickle.loads(pickle.dumps(a)) is a
    assert copy.deepcopy(a) is a


@given(dimensions)
def test_every_dimension_has_a_name_and_units_to_show(a: Dimension) -> None:
    """A name, a base unit, and display units of that dimension."""
    assert a is units.NONE or (a.name and a.unit)
    assert all(unit.dimension is a for unit in units.display_units(a))


@given(known, known)
def test_units_multiply_and_divide(a: str, b: str) -> None:
    """A product or quotient of units is the product or quotient of their factors and dimensions."""
    one, other = parse_unit(a), parse_unit(b)
    product, quotient = parse_unit(f"{a}*{b}"), parse_unit(f"{a}/{b}")
    assert product.factor == pytest.approx(one.factor * other.factor, rel=1e-15)
    assert product.dimension is one.dimension * other.dimension
    assert quotient.factor == pytest.approx(one.factor / other.factor, rel=1e-15)
    assert quotient.dimension is one.dimension / other.dimension


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_a_unit_error(text: str) -> None:
    """Nothing else is raised."""
    with suppress(UnitError):
        parse_unit(text)


@pytest.mark.parametrize(
    ("text", "magnitude", "name", "unit"),
    [
        ("300 MW", 3e8, "power", "W"),
        ("2.5 MVA", 2.5e6, "apparent power", "VA"),
        ("1 kWh", 3.6e6, "energy", "J"),
        ("0.36 USD/kWh", 1e-7, "money per energy", "USD/J"),
        ("3.4 MUSD", 3.4e6, "money", "USD"),
        ("800 Gb/s", 8e11, "data rate", "bit/s"),
        ("800 Gbit/s", 8e11, "data rate", "bit/s"),
        ("1 GB", 8e9, "data", "bit"),
        ("4.9 us/km", 4.9e-9, "delay per length", "s/m"),
        ("1360 kg/m^2", 1360.0, "mass per area", "kg/m^2"),
        ("25 degC", 298.15, "temperature", "K"),
        ("6 K", 6.0, "temperature difference", "K"),
        ("1 RT", 3516.8528420667, "power", "W"),
        ("2 U", 0.0889, "length", "m"),
        ("100 sqft", 9.290304, "area", "m^2"),
        ("1 m3/day", 1 / 86400, "flow", "m^3/s"),
        ("13.8 kV", 13800.0, "voltage", "V"),
        ("75 GHz", 7.5e10, "frequency", "Hz"),
        ("5 PFLOPS", 5e15, "computing rate", "FLOP/s"),
        ("0.2 dB/km", 2e-4, "loss per length", "dB/m"),
        ("7.3 USD/GPU/h", 7.3 / 3600, "money per time", "USD/h"),
    ],
)
def test_table(text: str, magnitude: float, name: str, unit: str) -> None:
    """Units mean what the trade means by them."""
    value = literals.quantity(text)
    assert isinstance(value, Quantity)
    assert value.magnitude == pytest.approx(magnitude, rel=1e-14)
    assert (value.dimension.name, value.dimension.unit) == (name, unit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Mw", "unknown unit `Mw`: did you mean `MW`?"),
        ("Gbps", "unknown unit `Gbps`: write `Gb/s`"),
        ("mw", "unknown unit `mw`: did you mean `MW`?"),
        ("KB", "unknown unit `KB`: did you mean `kB` or `kb`?"),
        ("hr", "unknown unit `hr`: write `h`"),
        ("lpm", "unknown unit `lpm`: write `L/min`"),
        ("MWth", "unknown unit `MWth`: write `MW`"),
        ("megawatts", "unknown unit `megawatts`: write `MW`"),
        ("GBps", "unknown unit `GBps`: write `GB/s`"),
        ("USD/kwh", "unknown unit `kwh`: did you mean `kWh`?"),
        ("mounths", "unknown unit `mounths`: did you mean `months`?"),
        ("N", "unknown unit `N`: there is no newton; `N` is a redundancy"),
        ("degK", "unknown unit `degK`: temperatures are written in `degC` or `degF`, their differences in `K`"),
        ("hp", "unknown unit `hp`: a horsepower is 0.7457 kW: write it in `kW`"),
        (
            "kvar",
            "unknown unit `kvar`: reactive power has no unit here: write real power, in `kW`, or apparent power, "
            "in `kVA`",
        ),
        (
            "tons",
            "unknown unit `tons`: `t` is 1,000 kg, and `RT` is a ton of refrigeration (3.517 kW); "
            "a short ton is `2_000 lb`",
        ),
        ("cfn", "unknown unit `cfn`"),
        ("GPM", "unknown unit `GPM`: did you mean `gpm`?"),
        ("xyzzy", "unknown unit `xyzzy`"),
        ("kW//h", "`kW//h` is not a unit: units are written like `USD/kW/month` or `kg/m^2`"),
        ("m^99", "`m^99` is not a unit: a power is a small whole number, as in `m^2`"),
        ("W/degC", "`degC` is a point on a scale and cannot be part of `W/degC`: write `K`"),
        ("W/degF", "`degF` is a point on a scale and cannot be part of `W/degF`: write `K`: 1.8 degF are one"),
    ],
)
def test_unknown_units(text: str, message: str) -> None:
    """What is not in the table is named, with what comes nearest."""
    with pytest.raises(UnitError) as raised:
        parse_unit(text)
    assert str(raised.value) == message


CONVERSIONS = [
    # NIST Special Publication 811 (2008), appendix B.8: to convert from, to, multiply by.
    ("mi", "m", 1.609344e3),
    ("ft", "m", 3.048e-1),
    ("inch", "m", 2.54e-2),
    ("yd", "m", 9.144e-1),
    ("ft2", "m2", 9.290304e-2),
    ("sqft", "m2", 9.290304e-2),
    ("ft3", "m3", 2.831685e-2),
    ("gal", "m3", 3.785412e-3),
    ("gpm", "m3/s", 6.309020e-5),
    ("gal/min", "m3/s", 6.309020e-5),
    ("cfm", "m3/s", 4.719474e-4),
    ("ft3/min", "m3/s", 4.719474e-4),
    ("lb", "kg", 4.535924e-1),
    ("psf", "kg/m^2", 4.882428),
    ("lb/ft2", "kg/m^2", 4.882428),
    ("BTU", "J", 1.055056e3),
    ("Btu", "J", 1.055056e3),
    ("BTU/h", "W", 2.930711e-1),
    ("MMBtu/h", "W", 2.930711e5),
    ("therm", "J", 1.054804e8),
    ("RT", "W", 3.516853e3),
    ("psi", "Pa", 6.894757e3),
    ("bar", "Pa", 1.0e5),
    ("mbar", "Pa", 1.0e2),
    ("kgal", "gal", 1e3),
    # IEC 80000-13 (2008): binary prefixes.
    ("KiB", "B", 1_024),
    ("GiB", "B", 1_073_741_824),
    ("TiB", "B", 1_099_511_627_776),
]


@pytest.mark.parametrize(("one", "other", "factor"), CONVERSIONS)
def test_published_conversions(one: str, other: str, factor: float) -> None:
    """A unit is as many of another, of the same dimension, as is published to seven digits."""
    a, b = parse_unit(one), parse_unit(other)
    assert a.dimension is b.dimension
    assert a.factor / b.factor == pytest.approx(factor, rel=2e-7)


@pytest.mark.parametrize(
    ("fahrenheit", "celsius"), [(32, 0), (212, 100), (68, 20), (95, 35), (-40, -40), (0, -17.777778), (104, 40)]
)
def test_points_of_the_scales(fahrenheit: float, celsius: float) -> None:
    """t/degC = (t/degF - 32) / 1.8 (NIST SP 811, appendix B.8), above and below zero."""
    text = f"{abs(fahrenheit)} degF"
    one = literals.quantity(text) if fahrenheit >= 0 else operations.unary("-", literals.quantity(text))
    other = literals.quantity(f"{abs(celsius)} degC")
    other = other if celsius >= 0 else operations.unary("-", other)
    assert isinstance(one, Quantity)
    assert isinstance(other, Quantity)
    assert one.dimension is other.dimension
    assert one.magnitude == pytest.approx(other.magnitude, abs=1e-6)


def test_points_differ_by_intervals() -> None:
    """Points in either scale differ by kelvins, and a point and an interval are a point in its own scale."""
    hot, cold = literals.quantity("95 degF"), literals.quantity("20 degC")
    apart = operations.binary("-", hot, cold)
    assert isinstance(apart, Quantity)
    assert (apart.dimension.name, round(apart.magnitude, 9)) == ("temperature difference", 15.0)
    warmer = operations.binary("+", hot, literals.quantity("10 K"))
    assert show(warmer) == "113 degF"
    assert operations.binary(">", hot, cold) is True
    for operator in ("+", "*", "/"):
        with pytest.raises(OperationError):
            operations.binary(operator, hot, cold)


def test_durations_and_counts() -> None:
    """Pure time is a Duration, calendar units stay months, and counting units are numbers."""
    assert literals.quantity("18 months") == Duration(18)
    assert literals.quantity("4 years") == Duration(48)
    assert literals.quantity("160 weeks") == Duration(0, 96_768_000)
    assert literals.quantity("30 ms") == Duration(0, 0.03)
    assert type(getattr(literals.quantity("1.5 years"), "months", None)) is int
    assert literals.quantity("72 GPUs") == 72
    assert type(literals.quantity("72 GPUs")) is int


def test_literals_are_shared() -> None:
    """The same text gives the same object."""
    assert literals.quantity("300 MW") is literals.quantity("300 MW")


def test_numbers() -> None:
    """Whole numbers stay whole; a percentage is a hundredth."""
    assert (literals.number("1_400"), literals.number("3.2e5"), literals.percent("85%")) == (1400, 320000.0, 0.85)
    assert type(literals.number("1_400")) is int


@pytest.mark.parametrize(
    ("reader", "text", "message"),
    [
        (literals.number, "1__0", "`1__0` is not a number: numbers are written `72`, `1_400`, `1.28` or `3.2e5`"),
        (literals.number, "1e999", "`1e999` is too large: numbers stay below 1e300"),
        (literals.number, "9" * 5000, f"`{'9' * 39}…` is too large: numbers stay below 1e300"),
        (literals.quantity, "1e299 GW", "`1e299 GW` is too large: numbers stay below 1e300"),
        (literals.quantity, "5", "`5` has no unit: a quantity is a number and a unit, as in `300 MW`"),
        (
            literals.text,
            r'"a\q"',
            r"unknown escape `\q`: known are `\"`, `\\`, `\n`, `\t` and `\u` with four hex digits",
        ),
        (literals.text, '"a', 'the text does not end: a text ends with `"` on its line'),
        (
            literals.redundancy,
            "4N/2",
            "`4N/2` is not a redundancy: redundancy is written `N`, `N+1`, `2N`, `2N+1`, `3N/2` or `4N/3`",
        ),
    ],
)
def test_bad_literals(reader: object, text: str, message: str) -> None:
    """A literal that means nothing says what one writes."""
    assert callable(reader)
    with pytest.raises(LiteralError) as raised:
        reader(text)
    assert str(raised.value) == message


@given(st.text(max_size=20))
def test_text_literals_round_trip(text: str) -> None:
    """What is escaped reads back as it was."""
    raw = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\u000d")
    assert literals.text(f'"{raw}"') == text


@given(st.text(max_size=12))
def test_literals_raise_nothing_else(text: str) -> None:
    """Any text gives a value or a LiteralError."""
    for reader in (
        literals.number,
        literals.quantity,
        literals.percent,
        literals.date,
        literals.redundancy,
        literals.text,
    ):
        with suppress(LiteralError):
            reader(text)


@pytest.mark.parametrize("text", ["N", "N+1", "N+2", "2N", "2N+1", "3N/2", "4N/3", "3N"])
def test_redundancy_reads_as_written(text: str) -> None:
    """The canonical text is the one that people write."""
    assert literals.redundancy(text).text == text
    assert literals.redundancy(text) == literals.redundancy(text.replace("+", " + "))


def brute_force(text: str, count: int) -> int:
    """Usable units, by spreading units over systems or by looking for the most that have their copies and spares."""
    if "/" in text:
        systems = int(text[0])
        spread = [count // systems + (number < count % systems) for number in range(systems)]
        return sum(spread) - max(spread) if count >= systems else 0
    copies, _, spare = text.partition("N")
    many, more = int(copies or 1), int(spare.lstrip("+") or 0)
    return max([usable for usable in range(count + 1) if many * usable + more <= count], default=0)


@given(st.sampled_from(["N", "N+1", "N+2", "2N", "2N+1", "3N+1", "3N/2", "4N/3"]), st.integers(0, 200))
def test_usable_units(text: str, count: int) -> None:
    """Usable units are those of which enough copies and spares exist, or that are left without the largest system."""
    redundancy: Redundancy = literals.redundancy(text)
    assert redundancy.usable_units(count) == brute_force(text, count)


@given(st.sampled_from(["N", "N+1", "2N", "2N+1", "3N/2", "4N/3"]), st.floats(0.01, 300))
def test_units_for_is_the_least_count(text: str, usable: float) -> None:
    """The count suffices, and one less does not."""
    redundancy = literals.redundancy(text)
    count = redundancy.units_for(usable)
    assert redundancy.usable_units(count) >= usable * (1 - 1e-9)
    assert redundancy.usable_units(count - 1) < usable
