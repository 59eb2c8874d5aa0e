"""Fabrics whose tiers differ: every figure against a graph that is built switch by switch, link by link."""

from __future__ import annotations

import random
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import pytest

from planlang.areas.compute.drawing import hall_plates
from planlang.areas.fabric.bill import lines
from planlang.areas.fabric.clos import design, most_leaves, stages
from planlang.areas.fabric.drawing import fabric_sheets
from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.values import Quantity

sys.path.insert(0, str(Path(__file__).parent.parent))
from areas.test_fabric_graph import Wired, flow, wire
from reading import derived, messages, read


class Box(NamedTuple):
    """A switch of a tier: how many ports, the ratio of a port's rate to a link's, its draw in W and height in U."""

    ports: int
    split: int
    power: int
    height: int


class Plug(NamedTuple):
    """An optic below a tier: links that it carries, strands, draw in W."""

    links: int
    strands: int
    power: int


class Fabric(NamedTuple):
    """A random fabric by tier; `lower` are the optics of other lower ends, `ratios` of all tiers but the last, `count`
    the servers of 8 accelerators."""

    boxes: list[Box]
    plugs: list[Plug]
    lower: list[Plug]
    ratios: list[float]
    planes: int
    kept: int
    outward: int
    count: int

    @property
    def radixes(self) -> list[int]:
        return [box.ports * box.split for box in self.boxes]

    @property
    def text(self) -> str:
        heads = [
            f"switch s{n} {{ ports = {one.ports}; rate = {one.split * 100} Gb/s; power = {one.power} W; "
            f"height = {one.height} U }}"
            for n, one in enumerate(self.boxes)
        ] + [
            f"transceiver t{n} {{ rate = {one.links * 100} Gb/s; strands = {one.strands}; power = {one.power} W }}"
            for n, one in enumerate((*self.plugs, *self.lower))
        ]
        switch = ", ".join(f"s{n}" for n in range(len(self.boxes)))
        tiers = len(self.plugs)
        optics = ", ".join(f"t{n}" if self.lower[n] is self.plugs[n] else f"(t{n + tiers}, t{n})" for n in range(tiers))
        ratio = ", ".join(f"{one:g}" for one in self.ratios)
        return (
            "\n".join(heads)
            + f"""
system server {{ accelerators = 8; tray = 8; nic = {100 * self.planes} Gb/s; power = 10 kW; liquid = 0% }}
building b {{ peak_pue = 1.3
  hall h {{ rack_height = 48 U; deploy d {{ system = server; count = {self.count} }} }} }}
fabric f {{ connects = [b.h.d]; switch = [{switch}]; split = {self.boxes[0].split}; planes = {self.planes}
  spare_ports = {self.kept}; wan_ports = {self.outward}; transceiver = [{optics}]
  {f"oversubscription = [{ratio}]" if ratio else ""} }}
"""
        )


def draw_fabric(seed: int) -> Fabric | None:
    """A random fabric that joins some of the servers that it could; None where it could join none."""
    of = random.Random(seed)
    tiers = of.choice([1, 2, 2, 3, 3, 4])
    boxes = [Box(of.randint(2, 8), of.choice([1, 1, 2]), of.randint(100, 900), of.randint(1, 4)) for _ in range(tiers)]
    plugs = [Plug(of.choice([1, 1, 2, 4]), of.choice([2, 8]), of.randint(1, 20)) for _ in range(tiers)]
    lower = [of.choice([plug, Plug(of.choice([1, 2]), plug.strands, of.randint(1, 20))]) for plug in plugs]
    ratios = [of.choice([1, 1, 1.5, 2, 3]) for _ in range(tiers - 1)]
    kept, outward = of.choice([0, 0, 1]), of.choice([0, 0, 2])
    found = Fabric(boxes, plugs, lower, ratios, of.randint(1, 3), kept, outward, 0)
    network = design(found.radixes, ratios, kept, outward)
    most = network.down * most_leaves(network) // 8
    return found._replace(count=of.randint(1, min(most, 60))) if most else None


CASES = [one for seed in range(400) if (one := draw_fabric(seed)) is not None][:90]


def graph_of(fabric: Fabric) -> Wired:
    """One plane of a fabric, wired."""
    network = design(fabric.radixes, fabric.ratios, fabric.kept, fabric.outward)
    endpoints = fabric.count * 8
    built = stages(network, -(-endpoints // network.down))
    assert built is not None
    return wire(network, built, endpoints)


def number(text: str, name: str) -> float | tuple[float, ...]:
    found = value_of((plan := read(text)).situation, plan.situation.at("f"), name)
    return found.magnitude if isinstance(found, Quantity) else found  # type: ignore[return-value, no-any-return]


@pytest.mark.parametrize("number_of", range(len(CASES)))
def test_against_the_graph(number_of: int) -> None:
    """Ports, ratios, switches, links, optics, strands, power, free ports, racks and bill of a fabric by tier."""
    fabric = CASES[number_of]
    wired, planes = graph_of(fabric), fabric.planes
    down: Counter[tuple[int, int]] = Counter(wired.endpoints)
    up: Counter[tuple[int, int]] = Counter()
    for (low, high), many in wired.links.items():
        up[low] += many
        down[high] += many
    for switch in down:
        tier = switch[0]
        last = tier == len(fabric.boxes) - 1
        outward = fabric.outward if last else 0
        assert down[switch] + up[switch] + fabric.kept + outward <= fabric.radixes[tier]
        assert last or down[switch] <= fabric.ratios[tier] * up[switch] * (1 + 1e-9)
    switches = [sum(one[0] == tier for one in down) for tier in range(len(fabric.boxes))]
    links = [sum(down[one] for one in down if one[0] == tier) for tier in range(len(fabric.boxes))]
    plan = read(fabric.text)

    def value(name: str) -> object:
        found = value_of(plan.situation, plan.situation.at("f"), name)
        return found.magnitude if isinstance(found, Quantity) else found

    assert value("tiers_built") == len(fabric.boxes)
    assert value("switches_by_tier") == tuple(planes * many for many in switches)
    assert value("links_by_tier") == tuple(planes * many for many in links)
    bought_of: Counter[Plug] = Counter()
    for tier, (plug, other) in enumerate(zip(fabric.plugs, fabric.lower, strict=True)):
        bought_of[plug] += planes * sum(-(-down[one] // plug.links) for one in down if one[0] == tier)
        if tier:
            bought_of[other] += planes * sum(-(-up[one] // other.links) for one in down if one[0] == tier - 1)
        else:
            bought_of[other] += fabric.count * -(-8 * planes // other.links)
    assert value("transceivers") == sum(bought_of.values())
    assert value("strands") == sum(
        -(-planes * many // plug.links) * plug.strands for many, plug in zip(links, fabric.plugs, strict=True)
    )
    power = sum(planes * many * box.power for many, box in zip(switches, fabric.boxes, strict=True))
    power += sum(many * plug.power for plug, many in bought_of.items())
    assert value("power") == pytest.approx(power)
    free = sum(many * radix for many, radix in zip(switches, fabric.radixes, strict=True))
    free -= links[0] + 2 * sum(links[1:]) + fabric.outward * switches[-1]
    assert value("free_ports") == planes * free
    assert value("racks") == sum(
        -(-planes * many // (48 // box.height)) for many, box in zip(switches, fabric.boxes, strict=True)
    )
    bought = Counter({one.item: int(one.quantity) for one in lines(plan.situation) if one.category == "fabric"})
    assert bought == Counter({f"s{tier}": planes * many for tier, many in enumerate(switches)})
    optics: Counter[Plug] = Counter()
    for one in lines(plan.situation):
        if one.category == "optics":
            optics[(*fabric.plugs, *fabric.lower)[int(one.item[1:])]] += int(one.quantity)
    assert optics == bought_of
    (sheet,) = fabric_sheets(plan.situation, None)
    assert [node.number for node in sheet.nodes if node.id.startswith("f tier")] == switches[::-1]


@pytest.mark.parametrize("number_of", range(len(CASES)))
def test_largest(number_of: int) -> None:
    """So many endpoints as `max_endpoints` fit, and not one leaf more."""
    fabric = CASES[number_of]
    network = design(fabric.radixes, fabric.ratios, fabric.kept, fabric.outward)
    most = network.down * most_leaves(network)
    assert number(fabric.text, "max_endpoints") == most
    assert stages(network, most_leaves(network)) is not None
    assert stages(network, most_leaves(network) + 1) is None


def halves(seed: int) -> Fabric:
    """A fabric of three tiers at its full size, with an even number of units."""
    of = random.Random(seed)
    boxes = [Box(8, 1, 1, 1), Box(of.choice([4, 8]), 1, 1, 1), Box(of.choice([2, 4]), 1, 1, 1)]
    return Fabric(boxes, [Plug(1, 2, 1)] * 3, [Plug(1, 2, 1)] * 3, [of.choice([1, 3]), of.choice([1, 3])], 1, 0, 0, 0)


@pytest.mark.parametrize("seed", range(12))
def test_bisection(seed: int) -> None:
    """Halves of whole units reach one another at the endpoints' rate over the oversubscription of all tiers."""
    fabric = halves(seed)
    network = design(fabric.radixes, fabric.ratios)
    built = stages(network, most_leaves(network))
    assert built is not None
    wired = wire(network, built, network.down * most_leaves(network))
    order = list(wired.units)
    random.Random(seed).shuffle(order)
    half = len(order) // 2
    one, other = ([leaf for unit in part for leaf in unit] for part in (order[:half], order[half:]))
    carried = flow(wired, dict.fromkeys(one, network.down), dict.fromkeys(other, network.down))
    text = fabric.text.replace("connects = [b.h.d]; ", "")
    assert number(text, "bisection") == pytest.approx(carried * 100e9)


def test_paths() -> None:
    """As many shortest paths between leaves of two units as the last tier has switches, if the middle is not even."""
    network = design([8, 8, 4], [1, 3])
    built = stages(network, most_leaves(network))
    assert built is not None
    assert [(stage.switches, stage.down, stage.up) for stage in built] == [(24, 4, 4), (16, 6, 2), (8, 4, 0)]
    wired = wire(network, built, 96)
    found = list(nx.all_shortest_paths(nx.Graph(list(wired.links)), wired.units[0][0], wired.units[-1][-1]))
    assert len(found) == 8
    assert all(len(pair) == 2 for path in found for pair in pairwise(path))


HEAD = """
switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW; height = 2 U }
switch spine { ports = 128; rate = 800 Gb/s; power = 2 kW; height = 4 U }
switch core { ports = 32; rate = 1_600 Gb/s; split = 2; power = 3 kW; height = 4 U }
transceiver dr { rate = 800 Gb/s; strands = 16; reach = 500 m; power = 17 W }
transceiver fr { rate = 800 Gb/s; strands = 2; reach = 2 km; power = 15 W }
"""


@pytest.mark.parametrize(
    ("body", "name", "value"),
    [
        ("switch = [leaf, spine]", "max_endpoints", "4,096"),
        ("switch = [leaf, spine]", "switches_by_tier", "[128, 32]"),
        ("switch = [leaf, spine]", "power", "192 kW"),
        ("switch = [leaf, spine]; oversubscription = [3]", "switches_by_tier", "[128, 16]"),
        ("switch = [leaf, spine, core]", "switches_by_tier", "[4,096, 2,048, 2,048]"),
        ("switch = [leaf, spine, core]; oversubscription = [1, 3]", "switches_by_tier", "[6,144, 2,048, 1,024]"),
        ("switch = [leaf, spine, core]; oversubscription = [1, 3]", "max_endpoints", "196,608"),
        ("switch = [leaf, spine, core]; oversubscription = 3", "switches_by_tier", "[4,096, 1,024, 1,024]"),
        ("switch = leaf; oversubscription = [1, 3]", "tiers_built", "3"),
        ("switch = leaf; oversubscription = [1, 3]", "switches_by_tier", "[3,072, 2,048, 512]"),
        ("switch = leaf; transceiver = [dr, fr]", "tiers_built", "2"),
        ("switch = leaf; transceiver = [dr, fr]", "strands", "36,864"),
        ("switch = leaf; transceiver = [dr, fr]", "transceivers", "8,192"),
        ("switch = leaf; transceiver = [dr, fr]; top_transceiver = dr", "strands", "65,536"),
        ("switch = leaf; spines = 16", "max_endpoints", "1,024"),
        ("switch = leaf; spines = 16", "switches_by_tier", "[32, 16]"),
        ("switch = leaf; tiers = ?; spines = 16", "tiers_built", "2"),
    ],
)
def test_designs(body: str, name: str, value: str) -> None:
    """A list says how many tiers there are, and each tier's switch, ratio and optic counts."""
    if "tiers = ?" in body:
        body += "; connects = [b.d]"
    text = f"{HEAD}system s {{ accelerators = 8; nic = 800 Gb/s; power = 10 kW }}\nbuilding b {{ peak_pue = 1.3; "
    assert derived(read(text + f"deploy d {{ system = s; count = 64 }} }}\nfabric f {{ {body} }}"), "f", name) == value


def test_optics_by_tier_with_a_cable() -> None:
    """Where a cable leads to endpoints, the list begins with the links above the leaves."""
    cable = "cable dac { rate = 800 Gb/s; reach = 2 m; power = 1 W }\n"
    plan = read(HEAD + cable + "fabric f { switch = [leaf, spine, core]; host_cable = dac; transceiver = [dr, fr] }")
    assert derived(plan, "f", "links_by_tier") == "[131,072, 131,072, 131,072]"
    assert derived(plan, "f", "cables") == "131,072"
    assert derived(plan, "f", "strands") == "2,359,296"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "switch = [leaf, spine]; tiers = 3",
            "FAB122 `f` has 3 tiers: `switch` is a list of 2, and 3 are due, one for each tier",
        ),
        (
            "switch = [leaf, spine]; oversubscription = [1, 3]",
            "FAB122 `f` has 2 tiers, as `switch` is a list of 2: `oversubscription` is a list of 2, and 1 is due, one "
            "for each tier but the last",
        ),
        (
            "switch = [leaf, spine, core]; transceiver = [dr, fr]; oversubscription = [1, 1, 3]",
            "FAB122 `f` has 3 tiers, as `switch` is a list of 3: `transceiver` is a list of 2, and 3 are due, one for "
            "the links below each tier; `oversubscription` is a list of 3, and 2 are due, one for each tier but the "
            "last",
        ),
        (
            "switch = leaf; tiers = 1; oversubscription = [3]",
            "FAB122 `f` has 1 tier: `oversubscription` is a list of 1, and none are due, one for each tier but the "
            "last",
        ),
        (
            "switch = [leaf, spine]; host_cable = dac; transceiver = [dr, fr]",
            "FAB122 `f` has 2 tiers, as `switch` is a list of 2: `transceiver` is a list of 2, and 1 is due, one for "
            "the links below each tier but the first, where `host_cable` leads",
        ),
        (
            "switch = leaf; spines = 16; oversubscription = [1, 3]",
            "FAB103 `f`: `spines` is for two tiers, and it has 3",
        ),
        (
            "switch = [core, leaf]",
            "FAB123 `f`: a link carries 1.6 Tb/s, and the 800 Gb/s of a port of `leaf` are no multiple of that",
        ),
        (
            "switch = [leaf, core]; split = 2",
            "FAB117 `f`: a port of `core` splits into 2 at most, not 4",
        ),
        (
            "switch = [leaf, leaf, leaf, leaf, leaf, leaf, leaf]",
            "KND103 `switch` holds 7 values, and there are at most 6",
        ),
        ("switch = []", "KND103 `switch` is an empty list where one value is due for each tier"),
        (
            "switch = [leaf, dr]",
            "KND103 `switch` holds a value that is the transceiver `dr` where a switch is due",
        ),
        (
            "switch = leaf; oversubscription = [1, 0.5]",
            "KND103 `oversubscription` holds a value that is 0.5, and cannot be below 1",
        ),
    ],
)
def test_one_message(body: str, message: str) -> None:
    """A list of the wrong length, and ports that carry no link, are one error each."""
    cable = "cable dac { rate = 800 Gb/s; reach = 2 m; power = 1 W }\n"
    found = [
        one for one in compile_text(HEAD + cable + f"fabric f {{ {body} }}").findings if one.code.severity == "error"
    ]
    assert [f"{one.code.code} {one.message}" for one in found] == [message]


def test_spines_that_are_too_few() -> None:
    """Written spines bound what is joined: one error, whose fix writes more of them."""
    text = HEAD + (
        "system s { accelerators = 8; nic = 800 Gb/s; power = 10 kW }\nbuilding b { peak_pue = 1.3\n"
        "  deploy d { system = s; count = 200 } }\n"
        "fabric f { connects = [b.d]; switch = leaf; transceiver = dr; spines = 16 }"
    )
    errors = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert [one.message for one in errors] == [
        "`f`: its need of 1,600 endpoints exceeds the most that it joins of 1,024 endpoints by 576 endpoints"
    ]
    assert [one.message for one in errors[0].fixes] == ["write `spines = 32`"]
    assert not [one for one in messages(text.replace("spines = 16", "spines = 32")) if one.startswith("FAB1")]


def test_optics_of_a_list() -> None:
    """What is too long, or has too few strands, is told of its tier, and the fix is the whole list."""
    text = HEAD + (
        "fabric f { switch = [leaf, spine, leaf]; transceiver = [dr, dr, dr]; host_length = 50 m; length = 300 m\n"
        "  top_length = 900 m }"
    )
    (finding,) = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert finding.message == "`f`: links between tiers 2 and 3 are 900 m long, and `dr` reaches 500 m"
    assert [one.message for one in finding.fixes] == ["write `transceiver = [dr, dr, fr]`, where `fr` reaches 2 km"]
    assert compile_text(text.replace("[dr, dr, dr]", "[dr, dr, fr]")).verdict == "holds"


def test_ends_that_differ() -> None:
    """Leaves of 400 Gb/s below spines of 800 Gb/s: a plug of two links above, two of one below; each fits its port."""
    text = """
switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
switch spine { ports = 64; rate = 800 Gb/s; split = 2; power = 2 kW }
transceiver one { rate = 400 Gb/s; strands = 8; reach = 50 m; power = 9 W }
transceiver two { rate = 800 Gb/s; strands = 16; reach = 500 m; power = 17 W }
transceiver far { rate = 400 Gb/s; strands = 8; reach = 500 m; power = 10 W }
fabric f { switch = [leaf, spine]; transceiver = [one, (one, two)]; length = 30 m }
"""
    plan = read(text)
    assert plan.verdict == "holds"
    assert derived(plan, "f", "switches_by_tier") == "[128, 32]"
    assert derived(plan, "f", "transceivers") == "14,336"  # 3 x 4,096 of one link, and 2,048 of two
    assert derived(plan, "f", "power") == "337.41 kW"
    assert messages(text.replace("(one, two)", "one")) == [
        "FAB115 `f`: the plugs of a switch of tier 2 take 128 ports of `spine`, and it has 64"
    ]
    (finding,) = compile_text(text.replace("30 m }", "300 m }")).findings
    assert finding.message == "`f`: links between leaves and spines are 300 m long, and `one` reaches 50 m"
    assert [fix.message for fix in finding.fixes] == [
        "write `transceiver = [one, (far, two)]`, where `far` reaches 500 m"
    ]
    (finding,) = compile_text(text.replace("rate = 800 Gb/s; strands = 16", "rate = 800 Gb/s; strands = 4")).findings
    assert finding.message == (
        "`f`: links between leaves and spines have 8 strands for 400 Gb/s (`one`) at one end, and 4 strands for 800 "
        "Gb/s (`two`) at the other"
    )


def test_order_of_statements() -> None:
    """Figures are the same in any order of statements."""
    body = ["switch = [leaf, spine, core]", "oversubscription = [1, 3]", "transceiver = [dr, dr, fr]"]
    found = {
        tuple(
            derived(read(HEAD + f"fabric f {{ {'; '.join(order)} }}"), "f", name)
            for name in ("switches_by_tier", "power", "strands", "transceivers", "free_ports")
        )
        for order in (body, body[::-1], [body[1], body[0], body[2]])
    }
    assert len(found) == 1


def test_racks_of_each_kind() -> None:
    """Racks hold switches of one kind: leaves of 2 U share one by 21, spines of 4 U by 10, each with its own power."""
    text = HEAD + (
        "system s { accelerators = 8; nic = 800 Gb/s; power = 10 kW; liquid = 0% }\nbuilding b { peak_pue = 1.3\n"
        "  hall h { positions = 300; rows = 10; rack_height = 42 U; deploy d { system = s; count = 250 } } }\n"
        "fabric f { connects = [b.h.d]; switch = [leaf, spine]; transceiver = [dr, fr] }"
    )
    plan = read(text)
    assert derived(plan, "f", "switches_by_tier") == "[63, 16]"
    assert derived(plan, "f", "racks") == "5"
    assert derived(plan, "b.h", "network_racks") == "5"
    (plate,) = hall_plates(plan.situation, None)
    found = [(kind.id, kind.boxes, kind.positions, round(kind.load)) for kind in plate.kinds if kind.is_network]
    leaves = 63 * 1000 + (2000 + 2000) * 17 + 63 * 32 * 15
    assert found == [("f leaf", 63, 3, leaves), ("f spine", 16, 2, 16 * 2000 + 63 * 32 * 15)]
    assert derived(plan, "f", "power") == f"{(leaves + 62_240) / 1000:g} kW"


def test_large_radixes_of_many_tiers() -> None:
    """Radixes of more than a hundred divisors, each tier with its own ratio: within the ports, and at an end."""
    network = design([83_160, 55_440, 98_280, 83_160, 55_440, 98_280], [1, 3, 7, 1.5, 2])
    leaves = most_leaves(network) // 3 + 1
    built = stages(network, leaves)
    assert built is not None
    assert built[0].switches == leaves
    for step, stage in zip(network.steps, built, strict=True):
        assert stage.down <= step.down
        assert stage.up <= step.up
    for low, high in pairwise(built):
        assert low.switches * low.up == (high.switches - high.partial) * high.down + high.partial * high.fewer


def test_spines_without_ports_down() -> None:
    """Where leaves have no port left for endpoints, that is told, and no number of spines is a fix."""
    text = HEAD + (
        "system s { accelerators = 8; nic = 800 Gb/s; power = 10 kW }\nbuilding b { peak_pue = 1.3\n"
        "  deploy d { system = s; count = 200 } }\n"
        "fabric f { connects = [b.d]; switch = leaf; transceiver = [dr, dr, dr]; spines = 7; uplinks = 57; "
        "spare_ports = 7; oversubscription = 3 }"
    )
    errors = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert [one.code.code for one in errors] == ["FAB101", "FAB102"]
    assert [fix.message for one in errors for fix in one.fixes] == []
