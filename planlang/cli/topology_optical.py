"""Networks as optics has them, of elements in chains: what stands between two sites becomes one link.

Sites are add/drop nodes and transceivers; fibers, amplifiers and splices between two of them are a chain, one for each
direction. A transceiver is part of the one add/drop node that it reaches without a fiber.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas.wan.sphere import distance
from planlang.cli.terminal import Refusal
from planlang.cli.topology import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROADM, TRANSCEIVER, FIBER, AMPLIFIER, FUSED = "ROADM", "transceiver", "fiber", "amplifier", "splice"
LONGEST_NOTE = 1_000


class Element(NamedTuple):
    """An element of a chain, or a site.

    Of a fiber: length in km, loss in dB/km, and that of its connectors at start and end in dB. `lumped` is what it
    takes besides in dB. `variety` is its type in the equipment; an amplifier has one or `several` bands, and a fiber
    may be `pumped`, for Raman gain.
    """

    uid: str
    kind: str
    label: str = ""
    at: tuple[float, float] | None = None
    km: float | None = None
    loss: float | None = None
    connectors: tuple[float | None, float | None] = (None, None)
    lumped: float = 0.0
    variety: str = ""
    several: bool = False
    pumped: bool = False


class Stretch(NamedTuple):
    """Fibers from one amplifier to the next, and what takes light beside them, in dB."""

    fibers: tuple[Element, ...]
    lumped: float

    @property
    def km(self) -> float | None:
        """Its length; None where that of a fiber is not given."""
        return total(one.km for one in self.fibers)


class Chain(NamedTuple):
    """What stands between two sites in one direction."""

    source: str
    target: str
    elements: tuple[Element, ...]

    @property
    def fibers(self) -> list[Element]:
        """Those on the way, in order."""
        return [one for one in self.elements if one.kind == FIBER]

    @property
    def km(self) -> float | None:
        """Its length; None where it has no fiber, or one without a length."""
        return total(one.km for one in self.fibers) if self.fibers else None

    def stretches(self) -> list[Stretch]:
        """The fibers between amplifiers. Where fiber follows fiber is one, too, as GNPy's design puts it there."""
        found: list[Stretch] = []
        fibers: list[Element] = []
        lumped, before = 0.0, ""
        for one in self.elements:
            if fibers and (one.kind == AMPLIFIER or before == one.kind == FIBER):
                found.append(Stretch(tuple(fibers), lumped))
                fibers, lumped = [], 0.0
            if one.kind == FIBER:
                fibers.append(one)
            elif one.kind == AMPLIFIER:
                lumped = 0.0
            lumped += one.lumped
            before = one.kind
        return [*found, Stretch(tuple(fibers), lumped)] if fibers else found

    def amplifiers(self) -> list[Element]:
        """Those that make up for a span: they come after a fiber."""
        places = [place for place, one in enumerate(self.elements) if one.kind == FIBER]
        return [one for one in self.elements[places[0] :] if one.kind == AMPLIFIER] if places else []

    def said(self, hidden: frozenset[str]) -> str:
        """The fibers and what joins them, as `60 km, Springfield, 65 km`; ends and names of `hidden` are not told."""
        places = [place for place, one in enumerate(self.elements) if one.kind == FIBER]
        if len(places) < 2:
            return ""
        words = []
        for one in self.elements[places[0] : places[-1] + 1]:
            if one.kind == FIBER:
                words.append("? km" if one.km is None else f"{one.km:.6g} km")
            else:
                label = one.uid if one.label in hidden or not one.label else one.label
                words.append(f"{label} (spliced)" if one.kind == FUSED else label)
        return ", ".join(words)[:LONGEST_NOTE]


class Pairing(NamedTuple):
    """Two chains in opposite directions, or one alone."""

    there: Chain
    back: Chain | None


class Network(NamedTuple):
    """What chains make: sites, the site of each transceiver, pairs of chains, elements that no chain passes, sites that
    are where chains branch, and how often fiber follows fiber."""

    sites: tuple[Site, ...]
    homes: dict[str, str]
    pairs: tuple[Pairing, ...]
    loose: tuple[str, ...]
    branches: tuple[str, ...]
    joints: int


def total(values: Iterable[float | None]) -> float | None:
    """The sum; None if any is not known."""
    found = list(values)
    return None if None in found else sum(one for one in found if one is not None)


def assembled(elements: Sequence[Element], connections: Iterable[tuple[str, str]]) -> Network:
    """The sites and the pairs of chains between them. Raises Refusal where a connection ends at no element."""
    known: dict[str, Element] = {}
    for one in elements:
        if one.uid in known:
            raise Refusal(f"the element `{one.uid[:40]}` is there twice")
        known[one.uid] = one
    after: dict[str, list[str]] = {}
    before: Counter[str] = Counter()
    for source, target in dict.fromkeys(connections):
        for end in (source, target):
            if end not in known:
                raise Refusal(f"a connection ends at `{end[:40]}`, and there is no such element")
        after.setdefault(source, []).append(target)
        before[target] += 1
    passed = {one.uid for one in elements if one.kind not in (ROADM, TRANSCEIVER)}
    branches = [uid for uid in known if uid in passed and (len(after.get(uid, ())) > 1 or before[uid] > 1)]
    passed.difference_update(branches)
    chains, seen = _chains(known, after, passed)
    homes = _homes(known, chains)
    chains = [
        chain._replace(source=homes[chain.source], target=homes[chain.target])
        for chain in chains
        if chain.fibers or homes[chain.source] != homes[chain.target]
    ]
    own = [uid for uid in known if uid not in passed and homes[uid] == uid]
    joints = sum(one.kind == other.kind == FIBER for chain in chains for one, other in pairwise(chain.elements))
    loose = tuple(uid for uid in known if uid in passed and uid not in seen)
    return Network(_sites([known[uid] for uid in own]), homes, _paired(chains), loose, tuple(branches), joints)


def _chains(known: dict[str, Element], after: dict[str, list[str]], passed: set[str]) -> tuple[list[Chain], set[str]]:
    """The chains from site to site, and the elements on them. An element is passed by one chain at most."""
    chains, seen = [], set()
    for source in known:
        for first in () if source in passed else after.get(source, ()):
            uid, on_it = first, []
            while uid in passed:
                on_it.append(uid)
                following = after.get(uid, ())
                if not following:
                    break
                uid = following[0]
            if uid not in passed:
                chains.append(Chain(source, uid, tuple(known[one] for one in on_it)))
                seen.update(on_it)
    return chains, seen


def _homes(known: dict[str, Element], chains: list[Chain]) -> dict[str, str]:
    """The site to which each belongs: a transceiver to the one add/drop node that it reaches without a fiber."""
    reached: dict[str, set[str]] = {}
    for chain in chains:
        if not chain.fibers:
            for one, other in ((chain.source, chain.target), (chain.target, chain.source)):
                if known[one].kind == TRANSCEIVER and known[other].kind == ROADM:
                    reached.setdefault(one, set()).add(other)
    return {uid: next(iter(found)) if len(found := reached.get(uid, set())) == 1 else uid for uid in known}


def _sites(own: list[Element]) -> tuple[Site, ...]:
    """By their label, or by their name where it is that of several."""
    often = Counter(one.label for one in own)
    return tuple(Site(one.uid, one.label if often[one.label] == 1 else one.uid, one.at) for one in own)


def _paired(chains: list[Chain]) -> tuple[Pairing, ...]:
    """Opposite chains are one link: first those of the same fibers the other way, then any that are left."""
    mates: dict[int, int] = {}
    for exact in (True, False):
        waiting: dict[object, list[int]] = {}
        for place, chain in enumerate(chains):
            if place in mates or chain.source == chain.target:
                continue
            fibers = tuple(one.km for one in chain.fibers) if exact else ()
            mate = waiting.get((chain.target, chain.source, fibers[::-1]))
            if mate:
                other = mate.pop(0)
                mates[other], mates[place] = place, other
            else:
                waiting.setdefault((chain.source, chain.target, fibers), []).append(place)
    return tuple(
        Pairing(chain, chains[mates[place]] if place in mates else None)
        for place, chain in enumerate(chains)
        if mates.get(place, place) >= place
    )


def are_drawn(sites: Iterable[Site], pairs: Iterable[Pairing]) -> bool:
    """Whether coordinates are those of a drawing: all links together are shorter than the great circles they span."""
    places = {site.id: site.at for site in sites}
    along = straight = 0.0
    for pair in pairs:
        one, other, km = places[pair.there.source], places[pair.there.target], pair.there.km
        if one is not None and other is not None and km is not None:
            along, straight = along + km, straight + distance(one, other) / 1000
    return along < 0.98 * straight
