"""What lights the links of an imported network: a line system for each capacity, each way that light goes, or one that
is assumed."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from planlang.cli.texts import figure, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.cli.texts import Names
    from planlang.cli.topology import Glass, Line, Route, Topology, Waves

ASSUMED = "channels = 32; rate = 800 Gb/s"
_WAVES = (
    *(("spacing", "GHz"), ("band", "THz"), ("baud", "GHz"), ("osnr", "dB"), ("margin", "dB")),
    *(("transmitter_osnr", "dB"), ("launch", "mW")),
)
_GLASS = (
    *(("loss", "dB/km"), ("dispersion", "ps/nm/km"), ("effective_area", "um^2"), ("noise_figure", "dB")),
    *(("power", "mW"), ("gain", "dB")),
)
_NAMES = {"power": "amplifier_power", "gain": "amplifier_gain"}
"""The attributes of a line system and their units; some have a longer name there."""
_MAY_BE_ZERO = {"margin", "loss", "noise_figure"}


class _Span(NamedTuple):
    """The spans, in km, with which a length falls into so many: `low` and more, and less than `high`."""

    low: float
    high: float


class LineSystems:
    """The line systems of a network, each made when a link first needs it."""

    __slots__ = ("_has_demands", "_lines", "_names", "_spans", "_unit", "assumed", "modules", "scaled", "systems")

    def __init__(self, found: Topology, names: Names, unit: str, lengths: Sequence[float | None]) -> None:
        self._lines = found.lines
        self._names, self._unit, self._has_demands = names, unit, bool(found.flows)
        self.systems: dict[object, tuple[str, str]] = {}
        self.assumed = self.modules = self.scaled = False
        self._spans = _common_spans(found.lines, lengths)

    def of(self, place: int) -> list[str]:
        """The attributes of a link, by its place among the lines, that say what it carries."""
        line, pairs = self._lines[place], "1"
        if line.route is not None:
            key: object = ("route", line.route.waves, line.route.glass, self._spans.get(place))
            self._add(key, "line_spans", self._route(line.route, self._spans.get(place)))
            self.assumed = self.assumed or line.route.waves is None
        elif line.capacity is not None:
            unit = "b/s" if line.bits else self._unit
            self.scaled = self.scaled or not line.bits
            key = ("installed", line.capacity, unit)
            self._add(key, "line_installed", f"channels = 1; rate = {figure(line.capacity)} {unit}")
        elif line.module is not None:
            key = ("module", line.module, self._unit)
            self._add(key, "line_module", f"channels = 1; rate = {figure(line.module)} {self._unit}")
            self.modules = self.scaled = True
            pairs = "?"
        else:
            key = ("assumed", 0.0, "")
            self._add(key, "line_assumed", ASSUMED)
            self.assumed, pairs = True, "?" if self._has_demands else "1"
        words = [f"line = {self.systems[key][0]}", f"fiber_pairs = {pairs}"]
        route = line.route
        if route is not None and route.placed and route.spans is not None and route.spans > 1:
            words.append(f"huts = {route.spans - 1}")
        return words

    def mode(self, waves: Waves) -> str:
        """A line system of wavelengths that no link uses."""
        return f"line_system {self._names.new(waves.title, 'mode')} {title(waves.title)}{{ {'; '.join(_said(waves))} }}"

    def written(self) -> list[str]:
        """All line systems, as a plan has them."""
        return [f"line_system {name} {{ {what} }}" for name, what in self.systems.values()]

    @staticmethod
    def _route(route: Route, span: float | None) -> str:
        waves = [ASSUMED] if route.waves is None else _said(route.waves)
        return "; ".join([*waves, *([] if span is None else [f"span = {span:.12g} km"]), *_glass(route.glass)])

    def _add(self, key: object, name: str, what: str) -> None:
        if key not in self.systems:
            self.systems[key] = (self._names.new(name, name), what)

    def remarks(self) -> list[str]:
        """Comments on what the file does not say."""
        found = []
        if self.scaled:
            found.append(f"# Capacities are read in {self._unit}; one counts as the rate of one fiber pair.")
        if self.modules:
            found.append("# Links without installed capacity are sized in their smallest modules.")
        if self.assumed:
            found.append("# The file gives some links no capacity: 32 wavelengths of 800 Gb/s a pair are assumed.")
        return found


def _said(waves: Waves) -> list[str]:
    words = [f"channels = {waves.channels}", f"rate = {figure(waves.rate)} Gb/s"]
    if waves.bands > 1:
        words.append(f"bands = {waves.bands}")
    return words + _attributes(waves, _WAVES)


def _glass(glass: Glass) -> list[str]:
    return _attributes(glass, _GLASS)


def _attributes(given: Waves | Glass, names: tuple[tuple[str, str], ...]) -> list[str]:
    """Those that are given and are figures that a line system may have."""
    words = []
    for name, unit in names:
        value = getattr(given, name)
        if value is not None and 0 <= value < 1e6 and (value > 1e-6 or (value == 0 and name in _MAY_BE_ZERO)):
            words.append(f"{_NAMES.get(name, name)} = {figure(value)} {unit}")
    return words


def _common_spans(lines: Sequence[Line], lengths: Sequence[float | None]) -> dict[int, float]:
    """The `span` in km of each link, by its place, such that its length falls into its spans, and as few different ones
    as can be: the fewest points that meet all intervals, by their upper ends, for links that are alike in all else."""
    groups: dict[object, list[tuple[_Span, int]]] = {}
    for place, (line, km) in enumerate(zip(lines, lengths, strict=True)):
        if line.route is None or line.route.spans is None or km is None:
            continue
        count = line.route.spans
        reach = _Span(km / count, km / (count - 1) if count > 1 else float("inf"))
        groups.setdefault((line.route.waves, line.route.glass), []).append((reach, place))
    found: dict[int, float] = {}
    for group in groups.values():
        left = sorted(group, key=lambda one: (one[0].high, one[0].low))
        while left:
            # The first to end takes with it all that begin before it ends; the longest of their spans suits each.
            end = left[0][0].high
            low = max(reach.low for reach, _ in left if reach.low < end)
            rounded = ceil(low * 1000) / 1000
            found.update((place, rounded if rounded < end else low) for reach, place in left if reach.low < end)
            left = [one for one in left if one[0].low >= end]
    return found
