"""Dimensions: what is measured, as powers of base units."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CURRENCIES = frozenset(
    _words(
        "USD EUR GBP JPY CNY INR KRW CAD AUD CHF SEK NOK DKK ISK SGD AED SAR QAR BRL MXN ZAR TWD HKD NZD PLN CZK HUF "
        "RON THB MYR IDR VND PHP ILS TRY CLP"
    )
)
"""Each is a base of its own: the language knows no exchange rates."""

HIGHEST_POWER = 24
"""No base unit stands to a higher power than this."""


class Dimension:
    """Powers of base units, sorted by base. Interned: equal dimensions are one object (make them by `of`)."""

    __slots__ = ("_name", "_over", "_times", "_unit", "exponents")

    _interned: dict[tuple[tuple[str, int], ...], Dimension] = {}  # noqa: RUF012 - the one table of all

    def __init__(self, exponents: tuple[tuple[str, int], ...]) -> None:
        self.exponents = exponents
        self._times: dict[Dimension, Dimension] = {}
        self._over: dict[Dimension, Dimension] = {}
        self._unit: str | None = None
        self._name: str | None = None

    @staticmethod
    def of(powers: Mapping[str, int]) -> Dimension:
        """The dimension of these powers of base units; OverflowError if one is above `HIGHEST_POWER`."""
        exponents = tuple(sorted((base, power) for base, power in powers.items() if power))
        found = Dimension._interned.get(exponents)
        if found is None:
            if any(abs(power) > HIGHEST_POWER for _, power in exponents):
                raise OverflowError("a unit to a power that high means nothing")
            found = Dimension._interned[exponents] = Dimension(exponents)
        return found

    def __mul__(self, other: Dimension) -> Dimension:
        found = self._times.get(other)
        if found is None:
            powers = dict(self.exponents)
            for base, power in other.exponents:
                powers[base] = powers.get(base, 0) + power
            found = self._times[other] = Dimension.of(powers)
        return found

    def __truediv__(self, other: Dimension) -> Dimension:
        found = self._over.get(other)
        if found is None:
            found = self._over[other] = self * other**-1
        return found

    def __pow__(self, power: int) -> Dimension:
        return Dimension.of({base: own * power for base, own in self.exponents})

    def root(self) -> Dimension | None:
        """The square root, or `None` where a power is odd."""
        if any(power % 2 for _, power in self.exponents):
            return None
        return Dimension.of({base: power // 2 for base, power in self.exponents})

    @property
    def currency(self) -> str | None:
        """The currency of which this is an amount, alone or per something else."""
        found = [base for base, power in self.exponents if base in CURRENCIES and power == 1]
        return found[0] if len(found) == 1 else None

    @property
    def unit(self) -> str:
        """The unit of its numbers in JSON: SI base units, J for energy, money over time per hour."""
        if self._unit is None:
            self._unit = _base_text(self)
        return self._unit

    @property
    def scale(self) -> float:
        """What an SI magnitude is multiplied by to be in `unit`: 3600 for money over time, else 1."""
        return 3600.0 if self.unit.endswith("/h") else 1.0

    @property
    def name(self) -> str:
        """What a person calls it: "power", "money per energy"; failing that, its base unit."""
        if self._name is None:
            currency = self.currency
            plain = tuple(("$", 1) if base == currency else (base, power) for base, power in self.exponents)
            self._name = _names().get(tuple(sorted(plain)), self.unit)
        return self._name

    def __repr__(self) -> str:
        return f"Dimension({self.unit or '1'!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Dimension.of, (dict(self.exponents),)


def _base_text(dimension: Dimension) -> str:
    exponents = dimension.exponents
    powers = dict(exponents)
    if len(exponents) == 2 and powers.get("s") == -1 and dimension.currency:
        return f"{dimension.currency}/h"
    if exponents == (("s", -1),):
        return "Hz"
    watts, seconds = powers.get("W", 0), powers.get("s", 0)
    apparent = powers.get("VA", 0)
    if apparent and apparent == -powers.get("A", 0):
        del powers["VA"], powers["A"]
        powers["V"] = apparent
    elif watts * seconds > 0:
        joules = min(watts, seconds, key=abs)
        powers["W"], powers["s"] = watts - joules, seconds - joules
        powers["J"] = joules
    if "degC" in powers and powers == {"degC": 1}:
        return "K"
    over = [_powered(base, power) for base, power in sorted(powers.items()) if power > 0]
    under = [_powered(base, -power) for base, power in sorted(powers.items()) if power < 0]
    return "/".join(["*".join(over) or "1", *under]) if powers else ""


def _powered(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"


@lru_cache(maxsize=1)
def _names() -> dict[tuple[tuple[str, int], ...], str]:
    """Names by exponents, with any one currency as `$`."""
    table = {
        "number": {},
        "power": {"W": 1},
        "apparent power": {"VA": 1},
        "energy": {"W": 1, "s": 1},
        "data": {"bit": 1},
        "data rate": {"bit": 1, "s": -1},
        "time": {"s": 1},
        "frequency": {"s": -1},
        "length": {"m": 1},
        "area": {"m": 2},
        "volume": {"m": 3},
        "flow": {"m": 3, "s": -1},
        "speed": {"m": 1, "s": -1},
        "delay per length": {"s": 1, "m": -1},
        "mass": {"kg": 1},
        "mass per area": {"kg": 1, "m": -2},
        "mass per time": {"kg": 1, "s": -1},
        "mass per energy": {"kg": 1, "W": -1, "s": -1},
        "volume per energy": {"m": 3, "W": -1, "s": -1},
        "power per area": {"W": 1, "m": -2},
        "energy per data": {"W": 1, "s": 1, "bit": -1},
        "energy per token": {"W": 1, "s": 1, "token": -1},
        "temperature": {"degC": 1},
        "temperature difference": {"K": 1},
        "current": {"A": 1},
        "voltage": {"VA": 1, "A": -1},
        "pressure": {"W": 1, "s": 1, "m": -3},
        "decibels": {"dB": 1},
        "loss per length": {"dB": 1, "m": -1},
        "operations": {"FLOP": 1},
        "computing rate": {"FLOP": 1, "s": -1},
        "computing rate per power": {"FLOP": 1, "s": -1, "W": -1},
        "tokens": {"token": 1},
        "token rate": {"token": 1, "s": -1},
        "money": {"$": 1},
        "money per time": {"$": 1, "s": -1},
        "money per energy": {"$": 1, "W": -1, "s": -1},
        "money per power": {"$": 1, "W": -1},
        "money per length": {"$": 1, "m": -1},
        "money per area": {"$": 1, "m": -2},
        "money per volume": {"$": 1, "m": -3},
        "money per mass": {"$": 1, "kg": -1},
        "money per token": {"$": 1, "token": -1},
        "money per data": {"$": 1, "bit": -1},
    }
    return {tuple(sorted(powers.items())): name for name, powers in table.items()}


NONE = Dimension.of({})
"""The dimension of plain numbers."""
POWER = Dimension.of({"W": 1})
APPARENT_POWER = Dimension.of({"VA": 1})
TIME = Dimension.of({"s": 1})
ENERGY = Dimension.of({"W": 1, "s": 1})
LENGTH = Dimension.of({"m": 1})
AREA = Dimension.of({"m": 2})
VOLUME = Dimension.of({"m": 3})
FLOW = Dimension.of({"m": 3, "s": -1})
MASS = Dimension.of({"kg": 1})
DATA = Dimension.of({"bit": 1})
DATA_RATE = Dimension.of({"bit": 1, "s": -1})
FREQUENCY = Dimension.of({"s": -1})
TEMPERATURE = Dimension.of({"degC": 1})
"""A point on the scale; its differences are `TEMPERATURE_INTERVAL`."""
TEMPERATURE_INTERVAL = Dimension.of({"K": 1})
CURRENT = Dimension.of({"A": 1})
VOLTAGE = Dimension.of({"VA": 1, "A": -1})
"""Of alternating current: volts times amperes are apparent power."""
DECIBEL = Dimension.of({"dB": 1})
TOKEN = Dimension.of({"token": 1})
TOKEN_RATE = Dimension.of({"token": 1, "s": -1})
OPERATIONS = Dimension.of({"FLOP": 1})
COMPUTING_RATE = Dimension.of({"FLOP": 1, "s": -1})


def money(currency: str) -> Dimension:
    """The dimension of amounts in a currency."""
    return Dimension.of({currency: 1})
