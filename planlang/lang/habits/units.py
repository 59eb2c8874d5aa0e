"""What an unknown unit means: the same unit as it is written here, or the way to say it without one."""

from __future__ import annotations

import re
from functools import lru_cache

from planlang.lang.nearest import did_you_mean, distance
from planlang.lang.values import UnitError

_SAME = {
    # time
    "hr": "h", "hrs": "h", "sec": "s", "secs": "s", "mins": "min", "d": "day", "wk": "week", "wks": "weeks",
    "mo": "month", "mos": "months", "mth": "month", "mths": "months", "yr": "year", "yrs": "years", "y": "year",
    "qtr": "quarter", "µs": "us", "μs": "us",
    # length, area, volume, flow
    "feet": "ft", "foot": "ft", "inches": "inch", "yard": "yd", "yards": "yd", "kilometer": "km", "kms": "km",
    "RU": "U", "ru": "U", "sqm": "m2", "sq_m": "m2", "sf": "sqft", "SF": "sqft", "sq_ft": "sqft", "hectare": "ha",
    "hectares": "ha", "cbm": "m3", "cum": "m3", "cf": "ft3", "cuft": "ft3", "l": "L", "gallon": "gal",
    "gallons": "gal", "lpm": "L/min", "lps": "L/s", "cmh": "m3/h", "gpd": "gal/day", "gph": "gal/h",
    "mgd": "Mgal/day", "mld": "ML/day", "slpm": "L/min",
    # mass
    "lbs": "lb", "pound": "lb", "pounds": "lb", "lbf": "lb", "tonne": "t", "tonnes": "t", "kgs": "kg",
    "tCO2": "t", "tCO2e": "t", "kgCO2": "kg", "kgCO2e": "kg", "gCO2": "g", "gCO2e": "g", "lbCO2": "lb",
    # power, energy, pressure
    "kWt": "kW", "kWth": "kW", "kWe": "kW", "kWdc": "kW", "kWac": "kW", "kWp": "kW", "MWt": "MW", "MWth": "MW",
    "MWe": "MW", "MWdc": "MW", "MWac": "MW", "MWp": "MW", "GWe": "GW", "kWhr": "kWh", "kWhrs": "kWh", "MWhr": "MWh",
    "MWhrs": "MWh", "BTUH": "BTU/h", "btuh": "BTU/h", "BTUs": "BTU", "TR": "RT", "psig": "psi", "psia": "psi",
    # temperature
    "C": "degC", "celsius": "degC", "deg_C": "degC", "F": "degF", "fahrenheit": "degF", "deg_F": "degF",
    "kelvin": "K", "dC": "K", "delta_C": "K", "deltaC": "K",
    # data
    "byte": "B", "bytes": "B", "bits": "b", "tok": "token", "toks": "tokens", "TF": "TFLOPS", "PF": "PFLOPS",
    "EF": "EFLOPS", "GBd": "GHz", "Gbd": "GHz", "GBaud": "GHz", "Gbaud": "GHz",
    "GbE": "Gb/s", "GE": "Gb/s", "GigE": "Gb/s", "TbE": "Tb/s",
    # money
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds_sterling": "GBP",
    "mUSD": "MUSD", "MMUSD": "MUSD", "USDm": "MUSD", "USDM": "MUSD", "USDk": "kUSD", "BUSD": "GUSD", "bnUSD": "GUSD",
}  # fmt: skip
"""Other names of units, and the same units of the table."""

_SAID = {
    "ton": "`t` is 1,000 kg, and `RT` is a ton of refrigeration (3.517 kW); a short ton is `2_000 lb`",
    "kvar": "reactive power has no unit here: write real power, in `kW`, or apparent power, in `kVA`",
    "hp": "a horsepower is 0.7457 kW: write it in `kW`",
    "kcmil": "1 kcmil is 0.5067 mm^2: write it in `mm^2`",
    "n": "there is no newton; `N` is a redundancy",
    "kn": "there is no newton: 1 kN is the weight of 102 kg, and a load of 1 kN/m2 is `102 kg/m^2`",
    "dbm": "power is written in `mW`: 0 dBm are 1 mW, 3 dBm are 2 mW, 10 dBm are 10 mW",
    "ah": "there is no charge here: energy is written in `kWh`",
    "cent": "a cent is `0.01 USD`",
    "deg": "temperatures are written in `degC` or `degF`, their differences in `K`",
    "degk": "temperatures are written in `degC` or `degF`, their differences in `K`",
    "df": "a difference of temperatures is written in `K`: 1.8 degF are one",
    "mbh": "1 MBH is `1_000 BTU/h`",
    "kcal": "1 kcal is `4.184 kJ`",
    "atm": "1 atm is `101.325 kPa`",
    "ccf": "1 ccf is `100 ft3`",
    "acreft": "an acre-foot is `1_233.5 m3`",
    "mcf": "1 mcf is `1_000 ft3`",
    "percent": "a share is written with `%`, as in `97%`",
    "million": "a million is written out, `3_000_000`, or as a prefix, as in `3 MW` or `3 MUSD`",
    "thousand": "a thousand is written out, `3_000`, or as a prefix, as in `3 kW` or `3 kUSD`",
    "giga": "a prefix stands before a unit, as in `400 Gb/s` or `3 GW`; a billion is written out, `3_000_000_000`",
    "billion": "a billion is written out, `3_000_000_000`, or as a prefix, as in `3 GW` or `3 GUSD`",
}  # fmt: skip
_ALSO = {
    "tons": "ton", "shortton": "ton", "var": "kvar", "mvar": "kvar", "bhp": "hp", "mcm": "kcmil", "newton": "n",
    "mn": "kn", "kah": "ah", "mah": "ah", "acft": "acreft", "acre_ft": "acreft", "acre_feet": "acreft",
    "cents": "cent", "ct": "cent", "c": "cent", "degree": "deg", "degrees": "deg", "degr": "degk", "pct": "percent",
    "k": "thousand", "thousands": "thousand", "tsd": "thousand", "m": "million", "mil": "million", "mill": "million",
    "mio": "million", "mln": "million", "mm": "million", "millions": "million", "bn": "billion", "mrd": "billion",
    "billions": "billion", "g": "giga",
}  # fmt: skip
"""More spellings of the names in `_SAID` and `_CONVERTED`, in any case."""

_PREFIXES = {
    "milli": "m", "micro": "u", "nano": "n", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P",
    "exa": "E",
}  # fmt: skip
_BASES = {
    "watt": "W", "watthour": "Wh", "watt_hour": "Wh", "voltampere": "VA", "byte": "B", "bit": "b", "meter": "m",
    "metre": "m", "gram": "g", "volt": "V", "amp": "A", "ampere": "A", "hertz": "Hz", "joule": "J", "liter": "L",
    "litre": "L", "flop": "FLOPS", "pascal": "Pa", "second": "s",
}  # fmt: skip
_SPELLED = re.compile(rf"({'|'.join(_PREFIXES)})?({'|'.join(sorted(_BASES, key=len, reverse=True))})s?")
_WORDS = ("minute", "hour", "second", "day", "week", "month", "quarter", "year", "mile", "acre", "token", "therm")


def unknown_unit(name: str, known: tuple[str, ...]) -> UnitError:
    """The error of a unit that is not in the table, with a hint at what is meant."""
    message = f"unknown unit `{name if len(name) <= 40 else name[:39] + '…'}`"
    return UnitError(message, _hint(name, known) if len(name) <= 40 else "")


@lru_cache(maxsize=512)
def _hint(name: str, known: tuple[str, ...]) -> str:
    if name.endswith(("bps", "Bps")) and name[:-3] in ("", *"kKMGTPE"):
        return f"write `{name[:-3].replace('K', 'k')}{name[-3]}/s`"
    same = _SAME.get(name) or _spelled(name)
    if same:
        return f"write `{same}`"
    folded = name.casefold()
    said = _SAID.get(folded) or _SAID.get(_ALSO.get(folded, ""))
    if said:
        return said
    return did_you_mean(_of_other_case(name, known) or _of_other_letters(folded))


def _spelled(name: str) -> str:
    """`megawatts` as `MW`."""
    match = _SPELLED.fullmatch(name.lower())
    return "" if match is None else _PREFIXES.get(match[1], "") + _BASES[match[2]]


def _of_other_case(name: str, known: tuple[str, ...]) -> list[str]:
    """Units that differ only in upper and lower case; mega goes before milli, so that `mw` is `MW`."""
    folded = name.casefold()
    found = [unit for unit in known if unit.casefold() == folded]
    found += [same for spoken, same in _SAME.items() if spoken.casefold() == folded]
    large = [unit for unit in found if unit[:1] != "m" or f"M{unit[1:]}" not in found]
    return list(dict.fromkeys(large))


def _of_other_letters(folded: str) -> list[str]:
    """The unit that a mistyped word means. Short words are left out: one letter makes them another unit."""
    if len(folded) < 4:
        return []
    allowed = 1 if len(folded) < 8 else 2
    spoken = {word: word for word in (*_WORDS, *(f"{word}s" for word in _WORDS))}
    spoken |= {word: same for word, same in _SAME.items() if len(word) > 4 and word.islower()}
    spoken |= {base: symbol for base, symbol in _BASES.items() if len(base) > 4}
    ranked = sorted((distance(folded, word), word) for word in spoken if abs(len(word) - len(folded)) <= allowed)
    return [spoken[word] for far, word in ranked[:1] if far <= allowed]


def same_unit(name: str, known: tuple[str, ...]) -> str:
    """The unit of the table that a name means; the name itself where it is in the table, or nothing is found."""
    if name in known:
        return name
    found = _SAME.get(name) or _spelled(name) or next(iter(_of_other_case(name, known)), "")
    return found or name


_CONVERTED = {
    "hp": (0.745699872, "kW"), "kcmil": (0.5067, "mm^2"), "kn": (101.972, "kg"), "mbh": (1000.0, "BTU/h"),
    "kcal": (4.184, "kJ"), "atm": (101.325, "kPa"), "ccf": (100.0, "ft3"), "mcf": (1000.0, "ft3"),
    "acreft": (1233.48, "m3"), "cent": (0.01, "USD"),
}  # fmt: skip
"""What one of a unit is in a unit of the table (NIST SP 811, appendix B)."""


def converted(number: str, name: str) -> str:
    """A figure in a unit that is not in the table, converted to one that is, to four digits; or nothing."""
    folded = name.casefold()
    folded = _ALSO.get(folded, folded)
    try:
        value = float(number.replace("_", ""))
    except ValueError:
        return ""
    if folded == "dbm":
        return f"{10 ** (value / 10):.3g} mW" if abs(value) < 100 else ""
    factor, unit = _CONVERTED.get(folded, (0.0, ""))
    figure = f"{value * factor:.4g}"
    return f"{figure} {unit}" if unit and "e" not in figure else ""
