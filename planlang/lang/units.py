"""The closed table of units.

Factors are those of NIST SP 811 (2008), appendix B: the international foot, pound and acre, the US gallon, the BTU of
the International Table, the US therm, and the ton of refrigeration of 12,000 BTU/h. A pound per square foot (psf) is
a load of one pound of mass. Binary prefixes are those of IEC 80000-13.
"""

from __future__ import annotations

import re
from functools import lru_cache

from planlang.lang.dimensions import APPARENT_POWER as APPARENT_POWER
from planlang.lang.dimensions import AREA as AREA
from planlang.lang.dimensions import COMPUTING_RATE as COMPUTING_RATE
from planlang.lang.dimensions import CURRENCIES as CURRENCIES
from planlang.lang.dimensions import CURRENT as CURRENT
from planlang.lang.dimensions import DATA as DATA
from planlang.lang.dimensions import DATA_RATE as DATA_RATE
from planlang.lang.dimensions import DECIBEL as DECIBEL
from planlang.lang.dimensions import ENERGY as ENERGY
from planlang.lang.dimensions import FLOW as FLOW
from planlang.lang.dimensions import FREQUENCY as FREQUENCY
from planlang.lang.dimensions import HIGHEST_POWER as HIGHEST_POWER
from planlang.lang.dimensions import LENGTH as LENGTH
from planlang.lang.dimensions import MASS as MASS
from planlang.lang.dimensions import NONE as NONE
from planlang.lang.dimensions import OPERATIONS as OPERATIONS
from planlang.lang.dimensions import POWER as POWER
from planlang.lang.dimensions import TEMPERATURE as TEMPERATURE
from planlang.lang.dimensions import TEMPERATURE_INTERVAL as TEMPERATURE_INTERVAL
from planlang.lang.dimensions import TIME as TIME
from planlang.lang.dimensions import TOKEN as TOKEN
from planlang.lang.dimensions import TOKEN_RATE as TOKEN_RATE
from planlang.lang.dimensions import VOLTAGE as VOLTAGE
from planlang.lang.dimensions import VOLUME as VOLUME
from planlang.lang.dimensions import Dimension as Dimension
from planlang.lang.dimensions import money as money
from planlang.lang.values import SECONDS_PER_MONTH
from planlang.lang.values import UnitError as UnitError

LARGEST_FACTOR = 1e100
"""The largest factor that the units above the line may have together, and those below it; the smallest is 1 over it.
So no conversion overflows, and none gives zero."""

ABSOLUTE_ZERO = 273.15
"""0 degC in kelvin."""
_POINTS = {"degC": ABSOLUTE_ZERO, "degF": 459.67 / 1.8}
"""Units of points on a scale: their zero in kelvin."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


class Unit:
    """A unit as written: `x` of it is `x * factor + offset` in base units of its dimension.

    `months` is how many calendar months it is, for `month`, `quarter` and `year` alone. `fits` says that
    figures computed from it may change its prefix: `300 MW * 4` reads well in GW, `40 sqft * 4` in sqft.
    """

    __slots__ = ("dimension", "factor", "fits", "months", "offset", "text")

    def __init__(
        self,
        text: str,
        factor: float,
        dimension: Dimension,
        offset: float = 0.0,
        *,
        months: int = 0,
        fits: bool = False,
    ) -> None:
        self.text = text
        self.factor = factor
        self.dimension = dimension
        self.offset = offset
        self.months = months
        self.fits = fits

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Unit) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Unit({self.text!r})"


_YEAR = 12 * SECONDS_PER_MONTH
_FOOT = 0.3048
_MILE = 5280 * _FOOT
_GALLON = 3.785411784e-3
_POUND = 0.45359237
_BTU = 1055.05585262

_PRESSURE = {"W": 1, "s": 1, "m": -3}

# Units without prefixes: factor, powers of base units.
_PLAIN: dict[str, tuple[float, dict[str, int]]] = {
    "min": (60.0, {"s": 1}),
    "minute": (60.0, {"s": 1}),
    "h": (3600.0, {"s": 1}),
    "hour": (3600.0, {"s": 1}),
    "second": (1.0, {"s": 1}),
    "day": (86400.0, {"s": 1}),
    "week": (604800.0, {"s": 1}),
    "month": (SECONDS_PER_MONTH, {"s": 1}),
    "quarter": (3 * SECONDS_PER_MONTH, {"s": 1}),
    "year": (_YEAR, {"s": 1}),
    "cm": (1e-2, {"m": 1}),
    "ft": (_FOOT, {"m": 1}),
    "in": (0.0254, {"m": 1}),
    "inch": (0.0254, {"m": 1}),
    "yd": (3 * _FOOT, {"m": 1}),
    "mi": (_MILE, {"m": 1}),
    "mile": (_MILE, {"m": 1}),
    "U": (0.04445, {"m": 1}),
    "m2": (1.0, {"m": 2}),
    "km2": (1e6, {"m": 2}),
    "ft2": (_FOOT**2, {"m": 2}),
    "sqft": (_FOOT**2, {"m": 2}),
    "acre": (4046.8564224, {"m": 2}),
    "ha": (1e4, {"m": 2}),
    "m3": (1.0, {"m": 3}),
    "ft3": (_FOOT**3, {"m": 3}),
    "gpm": (_GALLON / 60, {"m": 3, "s": -1}),
    "cfm": (_FOOT**3 / 60, {"m": 3, "s": -1}),
    "lb": (_POUND, {"kg": 1}),
    "psf": (_POUND / _FOOT**2, {"kg": 1, "m": -2}),
    "psi": (_POUND * 9.80665 / 0.0254**2, _PRESSURE),
    "BTU": (_BTU, {"W": 1, "s": 1}),
    "Btu": (_BTU, {"W": 1, "s": 1}),
    "MMBTU": (1e6 * _BTU, {"W": 1, "s": 1}),
    "MMBtu": (1e6 * _BTU, {"W": 1, "s": 1}),
    "therm": (1.054804e8, {"W": 1, "s": 1}),
    "RT": (12000 * _BTU / 3600, {"W": 1}),
    "dB": (1.0, {"dB": 1}),
    "degC": (1.0, {"degC": 1}),
    "degF": (1 / 1.8, {"degC": 1}),
    "KiB": (8 * 2.0**10, {"bit": 1}),
    "MiB": (8 * 2.0**20, {"bit": 1}),
    "GiB": (8 * 2.0**30, {"bit": 1}),
    "TiB": (8 * 2.0**40, {"bit": 1}),
    "PiB": (8 * 2.0**50, {"bit": 1}),
    "GPU": (1.0, {}),
    "pair": (1.0, {}),
}
_PLURALS = frozenset(_words("minute hour second day week month quarter year mile acre therm GPU pair token"))
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

# Units that take prefixes: factor, powers, the prefixes.
_PREFIXED: dict[str, tuple[float, dict[str, int], str]] = {
    "W": (1.0, {"W": 1}, "umkMGT"),
    "VA": (1.0, {"VA": 1}, "kMG"),
    "Wh": (3600.0, {"W": 1, "s": 1}, "mkMGTP"),
    "J": (1.0, {"W": 1, "s": 1}, "pnumkMGTP"),
    "s": (1.0, {"s": 1}, "pnum"),
    "Hz": (1.0, {"s": -1}, "mkMGT"),
    "b": (1.0, {"bit": 1}, "kMGTPE"),
    "bit": (1.0, {"bit": 1}, "kMGTPE"),
    "B": (8.0, {"bit": 1}, "kMGTPEZ"),
    "m": (1.0, {"m": 1}, "numk"),
    "L": (1e-3, {"m": 3}, "mkMG"),
    "gal": (_GALLON, {"m": 3}, "kM"),
    "g": (1e-3, {"kg": 1}, "umk"),
    "t": (1e3, {"kg": 1}, "kMG"),
    "A": (1.0, {"A": 1}, "umk"),
    "V": (1.0, {"A": -1, "VA": 1}, "umkM"),
    "K": (1.0, {"K": 1}, "m"),
    "Pa": (1.0, _PRESSURE, "kM"),
    "bar": (1e5, _PRESSURE, "m"),
    "FLOP": (1.0, {"FLOP": 1}, "kMGTPEZY"),
    "FLOPS": (1.0, {"FLOP": 1, "s": -1}, "kMGTPEZY"),
    "token": (1.0, {"token": 1}, "kMGTP"),
    "tokens": (1.0, {"token": 1}, "kMGTP"),
}
_CURRENCY_PREFIXES = "kMGT"
_FACTORS = {
    "p": 1e-12,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "Z": 1e21,
    "Y": 1e24,
}
# What a figure without a unit of its own is shown in, by dimension; `$` is any currency. First is the smallest.
_FAMILIES = (
    "uW mW W kW MW GW TW",
    "VA kVA MVA GVA",
    "Wh kWh MWh GWh TWh",
    "b/s kb/s Mb/s Gb/s Tb/s Pb/s Eb/s",
    "B kB MB GB TB PB EB",
    "nm um mm m km",
    "g kg t kt Mt",
    "Hz kHz MHz GHz THz",
    "mA A kA",
    "mV V kV",
    "FLOPS kFLOPS MFLOPS GFLOPS TFLOPS PFLOPS EFLOPS ZFLOPS",
    "FLOP kFLOP MFLOP GFLOP TFLOP PFLOP EFLOP ZFLOP YFLOP",
    "token Mtoken Gtoken Ttoken",
    "token/s Mtoken/s Gtoken/s",
    "$ M$ G$ T$",
    "$/h M$/h G$/h",
    "us/km ps/nm",
    "Pa kPa MPa",
)
_SINGLES = _words(
    "degC K dB m2 m3 m3/day kg/m^2 kg/h g/kWh L/kWh ps/nm/km dB/km kW/m2 J/token FLOPS/W $/kWh $/kW $/Mtoken $/m2 "
    "$/m3 $/m $/kg $/GB"
)


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """The unit written as `a`, `a/b/c` or `a*b`, each with an optional `^int`, without blanks; or UnitError."""
    numerator = denominator = 1.0
    dimension = NONE
    pieces = re.split(r"([*/])", text)
    for place in range(0, len(pieces), 2):
        under = place > 0 and pieces[place - 1] == "/"
        factor, part = _powered_atom(pieces[place], text)
        if under:
            denominator *= factor
        else:
            numerator *= factor
        try:
            dimension = dimension / part if under else dimension * part
        except OverflowError as error:
            raise UnitError(f"unit `{_short(text)}` is too long: {error}") from None
    if text not in _POINTS and (point := next((piece for piece in pieces if piece[:4] in _POINTS), "")):
        message = f"`{point[:4]}` is a point on a scale and cannot be part of `{_short(text)}`"
        raise UnitError(message, "write `K`" if point[:4] == "degC" else "write `K`: 1.8 degF are one")
    if not (1 / LARGEST_FACTOR <= numerator <= LARGEST_FACTOR and 1 / LARGEST_FACTOR <= denominator <= LARGEST_FACTOR):
        raise UnitError(f"the unit `{_short(text)}` is beyond all measure", "write it with other prefixes")
    offset = _POINTS.get(text, 0.0)
    months = _months(text) if dimension is TIME else 0
    return Unit(text, numerator / denominator, dimension, offset, months=months, fits=_fits(text))


def _powered_atom(piece: str, text: str) -> tuple[float, Dimension]:
    atom, caret, power = piece.partition("^")
    if not atom:
        raise UnitError(f"`{_short(text)}` is not a unit", "units are written like `USD/kW/month` or `kg/m^2`")
    factor, dimension = _atom(atom)
    if not caret:
        return factor, dimension
    if not re.fullmatch(r"-?[1-9][0-9]?", power) or abs(int(power)) > HIGHEST_POWER:
        raise UnitError(f"`{_short(piece)}` is not a unit", "a power is a small whole number, as in `m^2`")
    try:
        return factor ** int(power), dimension ** int(power)
    except OverflowError:
        raise UnitError(f"`{_short(piece)}` is not a unit", "a power is a small whole number, as in `m^2`") from None


@lru_cache(maxsize=512)
def _atom(name: str) -> tuple[float, Dimension]:
    plain = _PLAIN.get(name)
    if plain is None and name.endswith("s") and name[:-1] in _PLURALS:
        plain = _PLAIN.get(name[:-1])
    if plain is not None:
        return plain[0], Dimension.of(plain[1])
    prefixed = _PREFIXED.get(name)
    if prefixed is not None:
        return prefixed[0], Dimension.of(prefixed[1])
    if name in CURRENCIES:
        return 1.0, money(name)
    prefix, rest = name[:1], name[1:]
    if rest in CURRENCIES and prefix in _CURRENCY_PREFIXES:
        return _FACTORS[prefix], money(rest)
    prefixed = _PREFIXED.get(rest)
    if prefixed is not None and prefix in prefixed[2]:
        return _FACTORS[prefix] * prefixed[0], Dimension.of(prefixed[1])
    from planlang.lang.habits.units import unknown_unit

    raise unknown_unit(name, known_units())


def _months(text: str) -> int:
    return _MONTHS.get(text, 0) or _MONTHS.get(text.removesuffix("s"), 0)


@lru_cache(maxsize=1)
def _fitting() -> frozenset[str]:
    return frozenset(name for family in _FAMILIES for name in family.split())


def _fits(text: str) -> bool:
    if text in _fitting():
        return True
    amount = text.removesuffix("/h")
    return amount in CURRENCIES or (amount[1:] in CURRENCIES and amount[:1] in _CURRENCY_PREFIXES)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@lru_cache(maxsize=1)
def known_units() -> tuple[str, ...]:
    """Every single unit of the table, with its prefixes, sorted."""
    names = set(_PLAIN) | {name + "s" for name in _PLURALS} | set(CURRENCIES) | set(_PREFIXED)
    names |= {prefix + name for name, (_, _, prefixes) in _PREFIXED.items() for prefix in prefixes}
    names |= {"k" + name for name in CURRENCIES} | {"M" + name for name in CURRENCIES}
    return tuple(sorted(names))


# --- units to show figures in --------------------------------------------------------------------


@lru_cache(maxsize=1)
def _families() -> dict[Dimension, tuple[str, ...]]:
    """The texts of the units of each dimension, with USD for every currency."""
    table: dict[Dimension, tuple[str, ...]] = {}
    for family in (*(text.split() for text in _FAMILIES), *([text] for text in _SINGLES)):
        texts = tuple(text.replace("$", "USD") for text in family)
        table.setdefault(parse_unit(texts[0]).dimension, texts)
    return table


@lru_cache(maxsize=256)
def display_units(dimension: Dimension) -> tuple[Unit, ...]:
    """The units that figures of a dimension are shown in, smallest first; its base unit if it has no others."""
    currency = dimension.currency
    known = _families()
    texts = known.get(dimension)
    if texts is not None:
        return tuple(parse_unit(text) for text in texts)
    if currency is not None:
        in_dollars = known.get(dimension / money(currency) * money("USD"))
        if in_dollars is not None:
            return tuple(parse_unit(text.replace("USD", currency)) for text in in_dollars)
    return (Unit(dimension.unit, 1.0 / dimension.scale, dimension),)
