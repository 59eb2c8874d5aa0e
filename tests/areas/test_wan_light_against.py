"""Light that passes sites against others: GNPy's figures, and on small networks the ways of networkx with channels by
brute force."""

from __future__ import annotations

import json
import random
from itertools import combinations_with_replacement
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planlang.areas.wan.channels import Problem, Wire, colours, first_fit, used
from planlang.areas.wan.light import gauge, run_over
from planlang.areas.wan.light_fit import FITS, SHORT, decide
from planlang.areas.wan.light_mending import binding, mendings
from planlang.areas.wan.light_plan import fitting, light
from planlang.areas.wan.network import network
from planlang.areas.wan.optics import decibels, ratio
from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.core.plan import magnitude

if TYPE_CHECKING:
    from planlang.areas.wan.channels import Channels, Waves
    from planlang.areas.wan.light_plan import Fitting, Light
    from planlang.core.situation import Situation

from areas.test_wan_optics import recorder

RECORDED = json.loads((Path(__file__).parent.parent / "data" / "gnpy_gsnr.json").read_text(encoding="utf-8"))["paths"]


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: f"{len(case['lengths'])} links, {case['gsnr']} dB")
def test_within_a_fifth_of_a_decibel_of_gnpy(case: dict[str, Any]) -> None:
    """2 to 6 links in a row, of 40 to 1,000 km."""
    plan = {name: value for name, value in case.items() if name != "gsnr"}
    situation = compile_text(recorder().plan_of_path(plan)).situation
    (line,) = situation.of_kind("line_system")
    run, held = run_over(situation, situation.of_kind("link")), gauge(situation, line)
    assert run.gsnr(held) == pytest.approx(case["gsnr"], abs=0.2)
    assert run.needs(held) == pytest.approx(10 + 2 + 0.2 * (len(case["lengths"]) - 1))


def test_many_are_recorded() -> None:
    """Short and long ones, with up to six links."""
    assert len(RECORDED) >= 30
    assert {len(case["lengths"]) for case in RECORDED} >= {2, 3, 4, 5, 6}


# --- networks ------------------------------------------------------------------------------------


class Net:
    """A random network of a few sites, as a plan and as a graph of networkx."""

    def __init__(self, seed: int, lengths: tuple[int, int], most_pairs: int, channels: int, osnr: float) -> None:
        nx = pytest.importorskip("networkx")
        self.chance = random.Random(seed)
        sites = [f"s{number}" for number in range(self.chance.randint(3, 5))]
        ends = [(sites[self.chance.randrange(place)], sites[place]) for place in range(1, len(sites))]
        ends += [tuple(self.chance.sample(sites, 2)) for _ in range(self.chance.randint(0, 3))]
        self.sites, self.channels, self.graph = sites, channels, nx.MultiGraph()
        self.osnr = osnr
        for number, (a, b) in enumerate(ends):
            pairs, length = self.chance.randint(1, most_pairs), self.chance.randint(*lengths)
            self.graph.add_edge(a, b, key=f"l{number}", pairs=pairs, length=length)
        self.demands: list[tuple[str, str, float]] = []

    def text(self) -> str:
        """The plan."""
        found = f"line_system s {{ channels = {self.channels}; rate = 1 Tb/s; spacing = 150 GHz; span = 80 km; "
        found += f"osnr = {self.osnr} dB; filter_penalty = 0.2 dB; express = true }}\n"
        found += "".join(f"campus {site} {{ }}\n" for site in self.sites)
        for a, b, name, of in self.graph.edges(keys=True, data=True):
            found += f"link {name} {{ between = [{a}, {b}]; length = {of['length']} km; line = s; "
            found += f"fiber_pairs = {of['pairs']} }}\n"
        for number, (a, b, waves) in enumerate(self.demands):
            found += f"demand d{number} {{ between = [{a}, {b}]; rate = {waves} Tb/s }}\n"
        return found

    def ways(self, a: str, b: str) -> list[list[str]]:
        """All ways without a site twice, as names of links."""
        nx = pytest.importorskip("networkx")
        return [[key for _, _, key in way] for way in nx.all_simple_edge_paths(self.graph, a, b)]


def only_state(situation: Situation) -> tuple[Light, Fitting | None]:
    (state,) = network(situation).states.values
    return light(situation, state), fitting(situation, state)


def assignable(net: Net) -> bool:
    """Whether each demand's wavelengths have ways and channels, by trying all."""
    free = {
        (key, channel): of["pairs"]
        for *_, key, of in net.graph.edges(keys=True, data=True)
        for channel in range(net.channels)
    }
    together: dict[tuple[str, str], float] = {}
    for a, b, rate in net.demands:
        together[min(a, b), max(a, b)] = together.get((min(a, b), max(a, b)), 0) + rate
    asked = [(net.ways(*ends), ceil(round(rate, 6))) for ends, rate in together.items()]

    def from_here(place: int) -> bool:
        if place == len(asked):
            return True
        ways, waves = asked[place]
        choices = [(tuple(way), channel) for way in ways for channel in range(net.channels)]
        for chosen in combinations_with_replacement(choices, waves):
            for way, channel in chosen:
                for key in way:
                    free[key, channel] -= 1
            fits = all(room >= 0 for room in free.values()) and from_here(place + 1)
            for way, channel in chosen:
                for key in way:
                    free[key, channel] += 1
            if fits:
                return True
        return False

    return from_here(0)


def test_channels_are_those_of_brute_force() -> None:
    """Of 300 random networks with demands that may take any way: light paths fit exactly where trying all ways and
    channels finds some, what is chosen keeps to the links, and the first fix is the least."""
    seen = {True: 0, False: 0}
    short = mended = 0
    for seed in range(300):
        net = Net(seed, (10, 80), 2, random.Random(seed).randint(1, 3), 5.0)
        for _ in range(net.chance.randint(2, 6)):
            net.demands.append((*net.chance.sample(net.sites, 2), net.chance.choice((0.2, 0.5, 1, 1.2))))
        situation = compile_text(net.text()).situation
        found, fits = only_state(situation)
        assert not found.dim
        if fits is None:
            continue  # the demands do not fit at all, or no signal passes a site
        problem, decision = fits
        expected = assignable(net)
        seen[expected] += 1
        assert decision.verdict == (FITS if expected else SHORT), net.text()
        if expected:
            assert decision.chosen is not None
            assert decision.channels is not None
            check(problem, decision.chosen.waves, decision.channels)
            continue
        short += 1
        lack = binding(problem)
        assert lack.needed > lack.had or not lack.side
        assert decide(problem.unlimited(lack.links)).verdict != SHORT or len(lack.links) < len(problem.wires)
        for pairs in mendings(problem, lack.links)[:1]:
            mended += 1
            assert decide(problem.with_pairs(pairs)).verdict == FITS
            for number, many in pairs.items():
                assert many > problem.wires[number].pairs
                assert decide(problem.with_pairs({**pairs, number: many - 1})).verdict != FITS
    assert min(seen.values()) > 20
    assert short == seen[False]
    assert mended > short / 2


def check(problem: Problem, waves: Waves, channels: Channels) -> None:
    """Each wavelength has one channel on all its links, and no channel of a link is taken more often than it has
    pairs."""
    taken: dict[tuple[int, int], int] = {}
    for stretch, many in waves.items():
        assert sum(channels[stretch].values()) == many
        for channel, some in channels[stretch].items():
            for number in stretch:
                assert 0 <= channel < problem.wires[number].channels
                taken[number, channel] = taken.get((number, channel), 0) + some
    assert all(some <= problem.wires[number].pairs for (number, _), some in taken.items())


def test_dim_light_is_that_of_networkx_ways() -> None:
    """Of 150 random networks: a demand's light does not arrive exactly where it does on none of networkx's ways, with
    noise multiplied up over the links; what is taken is the shortest on which it does."""
    lost = arrived = 0
    for seed in range(150):
        net = Net(10_000 + seed, (80, 1_500), 1, 32, 21.0)
        net.demands = [(*net.chance.sample(net.sites, 2), 1)]
        situation = compile_text(net.text()).situation
        ((a, b, _),) = net.demands
        each = {link.path: link for link in situation.of_kind("link")}

        def holds(way: list[str], situation: Situation = situation, each: dict[str, Any] = each) -> bool:
            wide, whole = 120 / 12.5, 1.0  # 0.8 of the spacing, in 0.1 nm
            for name in way:
                value = value_of(situation, each[name], "gsnr")
                whole *= 1 + wide * (1 / ratio(magnitude(value)) - 1e-4)  # type: ignore[arg-type]
            return len(way) == 1 or -decibels((whole - 1) / wide + 1e-4) >= 23 + 0.4 * (len(way) - 1)

        ways = net.ways(a, b)
        shortest = [sum(net.graph.edges[edge]["length"] for edge in net.graph.edges if edge[2] in way) for way in ways]
        good = [length for way, length in zip(ways, shortest, strict=True) if holds(way)]
        found, fits = only_state(situation)
        if fits is None and not found.dim:
            continue
        assert bool(found.dim) == (not good), net.text()
        lost += not good
        if good and fits is not None and fits.decision.chosen is not None:
            arrived += 1
            names = network(situation).links
            (taken,) = fits.decision.chosen.waves
            length = sum(magnitude(situation.get(names[number].entity, "length")) for number in taken)
            assert length == pytest.approx(1000 * min(good))
    assert lost > 20
    assert arrived > 20


# --- colouring -----------------------------------------------------------------------------------


def problems(seed: int) -> tuple[Problem, Waves]:
    """A ring of links, and light paths over arcs of it, with no more channels than the fullest link needs."""
    chance = random.Random(seed)
    size = chance.randint(3, 6)
    pairs = [chance.choice((1, 1, 2)) for _ in range(size)]
    waves: Waves = {}
    for _ in range(chance.randint(3, 7)):
        begin, length = chance.randrange(size), chance.randint(1, size - 1)
        waves[tuple((begin + step) % size for step in range(length))] = chance.randint(1, 2)
    channels = max(ceil(many / pairs[number]) for number, many in used(waves).items())
    wires = {n: Wire(f"l{n}", "s", channels, pairs[n], 1e12, float("inf"), 1e5) for n in range(size)}
    return Problem((), wires), waves


def colourings(problem: Problem, waves: Waves, channels: int) -> bool:
    """Whether so many channels suffice, by trying all."""
    single = [one for one in sorted(waves, key=len, reverse=True) for _ in range(waves[one])]
    free = {(number, channel): wire.pairs for number, wire in problem.wires.items() for channel in range(channels)}

    def from_here(place: int, new: int) -> bool:
        if place == len(single):
            return True
        for channel in range(min(new + 1, channels)):
            if all(free[number, channel] > 0 for number in single[place]):
                for number in single[place]:
                    free[number, channel] -= 1
                fits = from_here(place + 1, max(new, channel + 1))
                for number in single[place]:
                    free[number, channel] += 1
                if fits:
                    return True
        return False

    return from_here(0, 0)


def test_colours_are_those_of_brute_force() -> None:
    """On 600 rings: how many channels are needed is never less than what is proven, and what is found holds; all are
    decided."""
    none = hard = 0
    for seed in range(600):
        problem, waves = problems(seed)
        channels = problem.wires[0].channels
        expected = colourings(problem, waves, channels)
        found = colours(problem, waves)
        quick = first_fit(problem, waves)
        if quick is not None:
            assert expected
            check(problem, waves, quick)
        if found.channels is not None:
            check(problem, waves, found.channels)
        several = {one: many for one, many in waves.items() if len(one) > 1}
        assert not colourings(problem, several, found.least - 1) or not several
        assert (found.channels is not None) == expected
        assert (found.least > channels) == (not expected)
        none += not expected
        hard += expected and quick is None
    assert none > 10
    assert hard > 0
