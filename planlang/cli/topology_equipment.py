"""GNPy's equipment: what it says of fiber, amplifiers and wavelengths, as far as a line system can say it.

Source of the formats and of what is taken where they are silent: GNPy 3.0, gnpy.readthedocs.io.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from planlang.cli.topology import Glass, Waves, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planlang.cli.topology_optical import Element, Stretch

KEYS = ("Edfa", "Fiber", "RamanFiber", "Span", "Roadm", "SI", "Transceiver")
"""The lists by which a document is known for equipment."""
MOST_MODES = 24
"""The most modes of transceivers that become line systems."""
MOST_BANDS = 3
_AREA = "effective_area"
CONNECTOR = 0.5
"""Decibels of the connectors at each end of a span that a plan reckons with."""
SPLICE = 1.0
"""Decibels of a splice that says none, as GNPy takes it."""
SHORTEST, AIM = 50.0, 90.0
"""Kilometres: no span of GNPy's design is shorter, and this is the length at which it aims."""


class Amplifier(NamedTuple):
    """An amplifier: the least and the greatest gain and the noise figure at each in dB, and its most power in dBm."""

    gain: tuple[float, float] | None
    noise: tuple[float, float] | None
    power: float | None

    def noise_at(self, gain: float | None) -> float | None:
        """The noise figure at a gain, between those at the ends by a line; the worse of them where none is known. That
        of two coils lies below the line."""
        if self.noise is None:
            return None
        low, high = self.noise
        if low == high or gain is None or self.gain is None or self.gain[0] >= self.gain[1]:
            return max(low, high)
        share = (min(max(gain, self.gain[0]), self.gain[1]) - self.gain[0]) / (self.gain[1] - self.gain[0])
        return low + share * (high - low)


class Equipment(NamedTuple):
    """What the file says: fibers as (dispersion in ps/nm/km, effective area in um^2), amplifiers, spectra, the longest
    span in km, connectors in dB, wavelengths to be lit and those that could be, and what is not taken."""

    fibers: dict[str, tuple[float | None, float | None]]
    amplifiers: dict[str, Amplifier]
    longest: float | None
    connectors: tuple[float | None, float | None]
    lit: Waves | None
    wide: Waves | None
    modes: tuple[Waves, ...]
    left: tuple[str, ...]
    remarks: tuple[str, ...]


def equipment(document: dict[str, Any], wanted: Iterable[str] = ()) -> Equipment:
    """What a document says; of the transceivers, those that services ask for (`wanted`), else all."""
    spans = _objects(document, "Span")
    span = spans[0] if spans else {}
    spectra = _objects(document, "SI")
    gains = span.get("power_mode") in (False, "false")
    bands, left = _bands(spectra, not gains)
    if gains and bands:
        left.append("`power_dbm` of `SI`, as amplifiers have gains (`power_mode` is off)")
    modes, cut = _modes(_objects(document, "Transceiver"), set(wanted), bands)
    fitting = [mode for mode in modes if bands and (mode.spacing or 0) <= bands[0].spacing]
    lit = max(
        fitting or modes,
        key=lambda mode: (mode.rate if fitting else -(mode.spacing or 0), -(mode.osnr or 0)),
        default=None,
    )
    remarks = []
    if lit is not None:
        how = f"the fastest that fits {bands[0].spacing:.6g} GHz" if fitting else "the narrowest"
        remarks.append(f"Wavelengths are those of {lit.title}, {how}; further modes are line systems that no link uses")
    if lit is not None and bands and fitting:
        lit = lit._replace(spacing=bands[0].spacing, channels=bands[0].channels)
    wide = None
    if lit is not None and len(bands) > 1:
        channels = sum(floor(one.band * 1000 / (lit.spacing or one.spacing) * (1 + 1e-9)) for one in bands)
        wide = lit._replace(bands=len(bands), channels=channels, band=max(one.band for one in bands))
    amplifiers = _amplifiers(_objects(document, "Edfa"))
    left += _unread(document, span, cut)
    kilometre = _kilometres(span.get("length_units"))
    longest = number(span.get("max_length"))
    return Equipment(
        {
            str(one.get("type_variety")): (_scaled(one.get("dispersion"), 1e6), _scaled(one.get(_AREA), 1e12))
            for one in (*_objects(document, "RamanFiber"), *_objects(document, "Fiber"))
        },
        amplifiers,
        longest * kilometre if longest is not None and longest > 0 and kilometre is not None else None,
        (number(span.get("con_in")), number(span.get("con_out"))),
        lit,
        wide,
        tuple(mode for mode in modes if lit is None or mode.title != lit.title),
        tuple(left),
        tuple(remarks),
    )


# --- wavelengths -------------------------------------------------------------------------------------


class _Band(NamedTuple):
    spacing: float
    band: float
    channels: int
    margin: float | None
    launch: float | None
    transmitter: float | None


def _bands(spectra: list[dict[str, Any]], powered: bool) -> tuple[list[_Band], list[str]]:
    """The spectra of `SI` that one line system can say: of one spacing. Their power is that after each amplifier where
    it is `powered`, and not set by gains."""
    found: list[_Band] = []
    left = []
    for one in spectra:
        low, high, spacing = (_scaled(one.get(name), 1e-9) for name in ("f_min", "f_max", "spacing"))
        if low is None or high is None or spacing is None or not 0 < spacing <= high - low:
            continue
        if len(found) == MOST_BANDS or (found and found[0].spacing != spacing):
            left.append("an `SI` of another spacing")
            continue
        dbm = number(one.get("power_dbm"))
        launch = 10 ** (dbm / 10) if powered and dbm is not None and abs(dbm) < 40 else None
        channels = floor((high - low) / spacing * (1 + 1e-9))
        figures = (number(one.get("sys_margins")), launch, number(one.get("tx_osnr")))
        found.append(_Band(spacing, (high - low) / 1000, channels, *figures))
    return found, left


def _modes(transceivers: list[dict[str, Any]], wanted: set[str], bands: list[_Band]) -> tuple[list[Waves], int]:
    """The modes of the transceivers that are wanted, and how many more there are."""
    chosen = [one for one in transceivers if str(one.get("type_variety")) in wanted] or transceivers
    first = bands[0] if bands else None
    found, seen = [], 0
    for one in chosen:
        for mode in _objects(one, "mode"):
            rate, least = _scaled(mode.get("bit_rate"), 1e-9), _scaled(mode.get("min_spacing"), 1e-9)
            if rate is None or not 1e-6 < rate < 1e9:
                continue
            seen += 1
            if first is not None:
                least = max(least or 0.0, first.spacing)
            width = first.band if first is not None else _width(one)
            if least is None or width is None or not 0 < least <= width * 1000:
                continue
            transmitter = number(mode.get("tx_osnr"))
            found.append(
                Waves(
                    f"{one.get('type_variety')}, {mode.get('format')}",
                    floor(width * 1000 / least * (1 + 1e-9)),
                    rate,
                    least,
                    width,
                    1,
                    _scaled(mode.get("baud_rate"), 1e-9),
                    number(mode.get("OSNR")),
                    None if first is None else first.margin,
                    transmitter if transmitter is not None or first is None else first.transmitter,
                    None if first is None else first.launch,
                )
            )
    others = sum(len(_objects(one, "mode")) for one in transceivers) - seen
    return found[:MOST_MODES], others + seen - len(found[:MOST_MODES])


def _width(transceiver: dict[str, Any]) -> float | None:
    """The spectrum of a transceiver in THz."""
    given = transceiver.get("frequency")
    fields = given if isinstance(given, dict) else {}
    low, high = _scaled(fields.get("min"), 1e-12), _scaled(fields.get("max"), 1e-12)
    return high - low if low is not None and high is not None and high > low else None


# --- amplifiers, and what is not taken ---------------------------------------------------------------


def _amplifiers(given: list[dict[str, Any]]) -> dict[str, Amplifier]:
    """By their type. One of several bands has the worst of each of its amplifiers."""
    found: dict[str, Amplifier] = {}
    groups: list[dict[str, Any]] = []
    for one in given:
        if isinstance(one.get("amplifiers"), list):
            groups.append(one)
            continue
        low, high = number(one.get("gain_min")), number(one.get("gain_flatmax"))
        kind = one.get("type_def")
        noise = None
        if kind == "fixed_gain":
            fixed = number(one.get("nf0"))
            noise = None if fixed is None or fixed < 0 else (fixed, fixed)
        elif kind == "variable_gain":
            least, most = number(one.get("nf_min")), number(one.get("nf_max"))
            noise = None if least is None or most is None or min(least, most) < 0 else (most, least)
        gain = None if low is None or high is None or not 0 <= low <= high else (low, high)
        found[str(one.get("type_variety"))] = Amplifier(gain, noise, number(one.get("p_max")))
    for one in groups:
        parts = [found[str(name)] for name in one["amplifiers"] if str(name) in found]
        found[str(one.get("type_variety"))] = _worst(parts)
    return found


def _worst(parts: list[Amplifier]) -> Amplifier:
    gains, noises = [one.gain for one in parts], [one.noise for one in parts]
    powers = [one.power for one in parts if one.power is not None]
    return Amplifier(
        (max(one[0] for one in gains if one), min(one[1] for one in gains if one)) if parts and all(gains) else None,
        (max(one[0] for one in noises if one), max(one[1] for one in noises if one)) if parts and all(noises) else None,
        min(powers, default=None),
    )


def _unread(document: dict[str, Any], span: dict[str, Any], modes: int) -> list[str]:
    """What a line system cannot say."""
    left = []
    if modes:
        left.append(f"{modes} modes of transceivers")
    if _objects(document, "Roadm"):
        left.append("`Roadm` of the equipment")
    if names := [name for name in ("max_loss", "padding", "EOL") if number(span.get(name))]:
        left.append(f"{', '.join(f'`{name}`' for name in names)} of `Span`")
    return left


# --- links -------------------------------------------------------------------------------------------


def glass(stretches: Sequence[Stretch], amplifiers: Sequence[Element], known: Equipment | None) -> Glass:
    """What a chain runs through. Its loss is that of a kilometre of fiber; what connectors, splices and attenuators
    take beyond 0.5 dB at each end of a span is spread over its length. Raman pumps add gain that is not known."""
    fibers = [one for stretch in stretches for one in stretch.fibers]
    km = sum(one.km or 0.0 for one in fibers)
    loss = None
    if km > 0 and all(one.loss is not None and one.km is not None for one in fibers):
        loss = sum((one.loss or 0.0) * (one.km or 0.0) for one in fibers) / km
        excess = sum(max(0.0, beside(stretch, known) - 2 * CONNECTOR) for stretch in stretches)
        loss += excess / km
    dispersion = area = noise = power = gain = None
    if known is not None:
        figures = [known.fibers.get(one.variety, (None, None)) for one in fibers]
        if km > 0 and all(one[0] is not None for one in figures):
            pairs = zip(figures, fibers, strict=True)
            dispersion = sum((each or 0.0) * (one.km or 0.0) for (each, _), one in pairs) / km
        areas = [one[1] for one in figures]
        area = _all(min, areas)
        types = [one for one in (known.amplifiers.get(amplifier.variety) for amplifier in amplifiers) if one]
        if types and len(types) == len(amplifiers):
            whole = None if loss is None else loss * km / len(stretches) + 2 * CONNECTOR
            noise = _all(max, [one.noise_at(whole) for one in types])
            power = _all(min, [one.power for one in types])
            power = None if power is None or abs(power) > 40 else 10 ** (power / 10)
            gain = _all(min, [None if one.gain is None else one.gain[1] for one in types])
    if any(one.pumped for one in fibers):
        gain = None
    return Glass(loss, dispersion, area if area is not None and area > 0 else None, noise, power, gain)


def _all(choose: Callable[[list[float]], float], given: list[float | None]) -> float | None:
    """The least or the greatest of all; None where any is not known."""
    known = [one for one in given if one is not None]
    return choose(known) if known and len(known) == len(given) else None


def beside(stretch: Stretch, known: Equipment | None) -> float:
    """What a span loses beside its fiber, in dB: splices, attenuators, and connectors, of which 0.5 dB are taken at
    each end where no file says."""
    usual = (None, None) if known is None else known.connectors
    given = [
        one if one is not None else default
        for fiber in stretch.fibers
        for one, default in zip(fiber.connectors, usual, strict=True)
    ]
    ends = [CONNECTOR if one is None else max(0.0, one) for one in (given[0], given[-1])]
    return stretch.lumped + sum(ends) + sum(max(0.0, one) for one in given[1:-1] if one is not None)


def designed(km: float, longest: float) -> int:
    """Into how many spans GNPy's design divides a fiber that is longer than its longest span: such that they come near
    90 km, and none is shorter than 50 km or longer than the longest, if that can be."""
    if km < longest:
        return 1
    aim = max(SHORTEST, min(longest, AIM))
    fewer = max(1, floor(km / aim))
    keep = [SHORTEST <= km / count <= longest for count in (fewer + 1, fewer)]
    if keep[0] != keep[1]:
        return fewer + 1 if keep[0] else fewer
    return fewer + 1 if aim - km / (fewer + 1) < km / fewer - aim else fewer


def _objects(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    given = document.get(name)
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _scaled(given: object, factor: float) -> float | None:
    value = number(given)
    return None if value is None else value * factor


def _kilometres(unit: object) -> float | None:
    """Kilometres of a unit of length; of km where none is given."""
    return {"km": 1.0, "m": 0.001, "mi": 1.609344, "miles": 1.609344, "none": 1.0, "": 1.0}.get(
        str(unit).strip().lower()
    )
