"""The cabling of fabrics, port to port: against the figures that are derived, and the graph that the oracle builds."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.fabric.cabling import Cabling, lay
from planlang.areas.fabric.ends import HOST, CablingError, Device, Link, face_of
from planlang.areas.fabric.parts import counts
from planlang.areas.fabric.shape import design_of, members
from planlang.lang.calendar import parse_date

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))
from reading import derived, read
from test_fabric_graph import wirings

HEAD = """
use nvidia
use optics
switch small { ports = 4; rate = 400 Gb/s; power = 1 kW }
switch large { ports = 64; rate = 800 Gb/s; split = 8; power = 2 kW }
system server { accelerators = 2; power = 1 kW }
campus c { pue = 1.2
  hall a { deploy d { system = server; count = 2 } }
  hall b { deploy d { system = server; count = [1 from 2026-01, 2 from 2027-01] } }
}
"""


def cabling(body: str, head: str = HEAD, at: str | None = None) -> Cabling:
    plan = read(f"{head}fabric f {{ {body} }}\n")
    fabric = plan.situation.at("f")
    assert fabric is not None
    return lay(plan.situation, fabric, None if at is None else parse_date(at).day)


def told(found: Cabling, link: Link) -> str:
    """A link as a person reads it: `leaf1 3 - spine1 1`, with cages as `1/2` and lanes as `3.1`."""
    ends = []
    for end in (link.lower, link.upper):
        cage = "" if end.cage is None else f"{end.cage}/"
        ends.append(f"{found.name(end.device)} {cage}{end.port}" + ("" if end.lane is None else f".{end.lane}"))
    return " - ".join(ends)


def test_a_small_fabric() -> None:
    """Every link of two tiers: leaves are filled in the order of `connects`, and give each spine equally many links."""
    found = cabling("connects = [c.a.d, c.b.d]; switch = small; tiers = 2")
    assert [f"{link.cable}: {told(found, link)}" for link in found.links()] == [
        "1: c.a.d system 1 1 - leaf1 1",
        "2: c.a.d system 1 2 - leaf1 2",
        "3: c.a.d system 2 1 - leaf2 1",
        "4: c.a.d system 2 2 - leaf2 2",
        "5: c.b.d system 1 1 - leaf3 1",
        "6: c.b.d system 1 2 - leaf3 2",
        "7: c.b.d system 2 1 - leaf4 1",
        "8: c.b.d system 2 2 - leaf4 2",
        "9: leaf1 3 - spine1 1",
        "10: leaf1 4 - spine2 1",
        "11: leaf2 3 - spine1 2",
        "12: leaf2 4 - spine2 2",
        "13: leaf3 3 - spine1 3",
        "14: leaf3 4 - spine2 3",
        "15: leaf4 3 - spine1 4",
        "16: leaf4 4 - spine2 4",
    ]
    places = {found.name(device): found.place(device) for device in found.switches()}
    assert {name: place and place.path for name, place in places.items()} == {
        "leaf1": "c.a",
        "leaf2": "c.a",
        "leaf3": "c.b",
        "leaf4": "c.b",
        "spine1": None,
        "spine2": None,
    }


def test_a_date() -> None:
    """Without a date it is the first on which the fabric joins the most; on another one, what is there."""
    body = "connects = [c.a.d, c.b.d]; switch = small; tiers = 2"
    assert cabling(body).links_by_hop() == (8, 8)
    assert cabling(body, at="2026-06").links_by_hop() == (6, 6)
    assert cabling(body, at="2025-06").links_by_hop() == (4, 4)


def test_rails() -> None:
    """Accelerator i of a tray is on rail i; leaves of a rail stand side by side, and a rail apart is a network."""
    body = "connects = [c.a.d]; switch = small; tiers = 2; topology = "
    found = cabling(body + "rail_optimized")
    assert [f"{link.rail}: {told(found, link)}" for link in found.links() if link.hop == 0] == [
        "1: c.a.d system 1 1 - leaf1 1",
        "1: c.a.d system 2 1 - leaf1 2",
        "2: c.a.d system 1 2 - leaf2 1",
        "2: c.a.d system 2 2 - leaf2 2",
    ]
    apart = cabling(body + "rail_only; planes = 2")
    assert [f"{link.plane}: {told(apart, link)}" for link in apart.links() if link.rail == 2] == [
        "1: c.a.d system 1 3 - p1-r2-leaf1 1",
        "1: c.a.d system 2 3 - p1-r2-leaf1 2",
        "1: p1-r2-leaf1 3 - p1-r2-spine1 1",
        "1: p1-r2-leaf1 4 - p1-r2-spine1 2",
        "2: c.a.d system 1 4 - p2-r2-leaf1 1",
        "2: c.a.d system 2 4 - p2-r2-leaf1 2",
        "2: p2-r2-leaf1 3 - p2-r2-spine1 1",
        "2: p2-r2-leaf1 4 - p2-r2-spine1 2",
    ]


def test_split_ports() -> None:
    """A plug of 800 Gb/s is eight lanes of one port, and at the NIC goes to a leaf of each plane."""
    body = "connects = [c.a.d]; switch = large; tiers = 2; split = 8; planes = 8; transceiver = optics.dr8_800g"
    found = cabling(body)
    links = list(found.links())
    assert [told(found, link) for link in links if link.hop == 0][:6] == [
        "c.a.d system 1 1.1 - p1-leaf1 1.1",
        "c.a.d system 1 2.1 - p1-leaf1 1.2",
        "c.a.d system 2 1.1 - p1-leaf1 1.3",
        "c.a.d system 2 2.1 - p1-leaf1 1.4",
        "c.a.d system 1 1.2 - p2-leaf1 1.1",
        "c.a.d system 1 2.2 - p2-leaf1 1.2",
    ]
    up = [link for link in links if link.hop == 1]
    assert told(found, up[0]) == "p1-leaf1 33.1 - p1-spine1 1.1"
    assert told(found, up[255]) == "p1-leaf1 64.8 - p1-spine1 32.8"
    assert {link.strands for link in links} == {2}


def test_copper_that_breaks_out() -> None:
    """A copper cable has one end at the NIC and a leg to each plane; other cables are counted after these."""
    body = "connects = [c.a.d]; switch = large; tiers = 2; split = 8; planes = 8; host_cable = optics.dac_800g; "
    found = cabling(body + "transceiver = optics.dr8_800g")
    first = [link for link in found.links() if link.hop == 0 and link.cable == 2]
    assert [(link.plane, link.leg, told(found, link)) for link in first][:2] == [
        (1, 1, "c.a.d system 1 2.1 - p1-leaf1 1.2"),
        (2, 2, "c.a.d system 1 2.2 - p2-leaf1 1.2"),
    ]
    assert len(first) == 8
    assert {link.cable for link in found.links() if link.hop == 0} == {1, 2, 3, 4}
    assert {link.strands for link in first} == {0}
    assert min(link.cable for link in found.links() if link.hop == 1) == 5


def test_cages() -> None:
    """A plug of two ports takes a cage, and uplinks begin in a cage of their own."""
    head = HEAD + "switch twin { ports = 8; cages = 4; rate = 400 Gb/s; power = 1 kW }\n"
    found = cabling(
        "connects = [c.a.d]; switch = twin; tiers = 2; downlinks = 3; uplinks = 3; transceiver = optics.dr8_800g", head
    )
    assert [told(found, link) for link in found.links()][:4] == [
        "c.a.d system 1 1.1 - leaf1 1/1",
        "c.a.d system 1 1.2 - leaf1 1/2",
        "c.a.d system 2 1.1 - leaf1 2/3",
        "c.a.d system 2 1.2 - leaf2 1/1",
    ]
    assert [told(found, link) for link in found.links() if link.hop == 1][:3] == [
        "leaf1 3/5 - spine1 1/1",
        "leaf1 3/6 - spine1 1/2",
        "leaf1 4/7 - spine1 2/3",
    ]
    assert next(found.links()).strands == 8


def test_trays_of_a_system() -> None:
    """A tray has the NICs of its own accelerators."""
    head = HEAD.replace("accelerators = 2;", "accelerators = 4; tray = 2;")
    found = cabling("connects = [c.a.d]; switch = small; tiers = 2", head)
    assert [told(found, link) for link in found.links()][2:6] == [
        "c.a.d system 1 tray 2 1 - leaf2 1",
        "c.a.d system 1 tray 2 2 - leaf2 2",
        "c.a.d system 2 tray 1 1 - leaf3 1",
        "c.a.d system 2 tray 1 2 - leaf3 2",
    ]
    odd = cabling("connects = [c.a.d]; switch = small; tiers = 3", head.replace("tray = 2", "tray = 3"))
    assert [odd.name(Device(HOST, 0, 0, number)) for number in (1, 3)] == ["c.a.d tray 1", "c.a.d tray 3"]


def test_a_unit() -> None:
    """A unit of three tiers is a pod: its leaves, its spines and their trays, without the links to cores."""
    head = HEAD.replace("count = 2", "count = 8")
    found = cabling("connects = [c.a.d]; switch = small; tiers = 3", head)
    assert (found.units, found.links_by_hop(), found.switches_by_tier()) == (4, (16, 16, 16), (8, 8, 4))
    assert (found.links_by_hop(unit=2), found.switches_by_tier(unit=2)) == ((4, 4, 0), (2, 2, 0))
    assert [f"{link.cable}: {told(found, link)}" for link in found.links(unit=2)] == [
        "5: c.a.d system 3 1 - leaf3 1",
        "6: c.a.d system 3 2 - leaf3 2",
        "7: c.a.d system 4 1 - leaf4 1",
        "8: c.a.d system 4 2 - leaf4 2",
        "21: leaf3 3 - spine3 1",
        "22: leaf3 4 - spine4 1",
        "23: leaf4 3 - spine3 2",
        "24: leaf4 4 - spine4 2",
    ]
    assert found.trays(2) == [(0, 3, 4)]


def test_nothing_is_held() -> None:
    """Two million endpoints in four tiers are counted and begun without their links being made."""
    found = cabling("switch = networking.generic_64x800g; tiers = 4", "use networking\n")
    assert found.links_by_hop() == (2_097_152,) * 4
    assert sum(found.switches_by_tier()) == 229_376
    assert [told(found, link) for link in islice(found.links(), 2)] == ["node 1 1 - leaf1 1", "node 2 1 - leaf1 2"]


@pytest.mark.parametrize(
    ("body", "at", "message"),
    [
        (
            "connects = [c.a.d]; switch = small; tiers = 2; topology = rail_optimized; rails = 4",
            None,
            "`f`: the 2 accelerators of a tray of `c.a.d` do not spread evenly over 4 rails (FAB119)",
        ),
        (
            "connects = [c.a.d]; switch = small; tiers = 2; transceiver = optics.dr4_400g; downlinks = 3; uplinks = 3",
            None,
            "`f`: the plugs of a leaf take 6 logical ports, and it has 4: `plan check` says why",
        ),
        (
            "connects = [c.a.d]; switch = small; tiers = 1; spare_ports = 2",
            None,
            "`f` cannot join its endpoints on 2026-01: `plan check` says why",
        ),
        ("connects = [c.b.d]; switch = small; tiers = 2", "2025-01", "`f` has no endpoints on 2025-01"),
        (
            "connects = [c.a.d]; switch = unknown; tiers = 2",
            None,
            "the size of `f` is not known: `plan check` says what is missing",
        ),
    ],
)
def test_what_cannot_be_laid(body: str, at: str | None, message: str) -> None:
    """Why there is no cabling, with the rule that judges it or where it is told."""
    with pytest.raises(CablingError) as error:
        cabling(body, HEAD + "switch unknown { ports = 4 }\n", at)
    assert str(error.value) == message


# --- against what is derived, and against the graph ---------------------------------------------------


@st.composite
def fabrics(draw: st.DrawFn) -> str:
    """The text of a fabric: full and partial, of planes, rails, split ports, cages, optics and copper, with switches,
    optics and oversubscription by tier, of NICs and of ports; and a design."""
    split, tiers = draw(st.sampled_from([1, 1, 2, 4])), draw(st.integers(1, 4))
    tray, nic = draw(st.sampled_from([1, 2, 4, 8])), draw(st.sampled_from([400, 800, 1600]))
    sizes = draw(st.lists(st.integers(0, 40), max_size=3))
    deploys = "".join(f"hall h{n} {{ deploy d {{ system = y; count = {size} }} }}\n" for n, size in enumerate(sizes))
    connects = f"connects = [{', '.join(f'c.h{n}.d' for n in range(len(sizes)))}]"
    ends = draw(
        st.sampled_from(["", "host_cable = dac; ", "nic_transceiver = nic; ", "endpoint = tray; ", "port = p; "])
    )
    one = draw(st.sampled_from(["switch = s0; ", f"switch = [{', '.join(f's{tier}' for tier in range(tiers))}]; "]))
    optics = ["t", "u", "(t, u)", "(u, t)"]
    by_tier = draw(st.lists(st.sampled_from(optics), min_size=tiers, max_size=tiers))
    lacking = 1 if "cable" in ends else 0
    plugs = [f"transceiver = {draw(st.sampled_from(optics))}; ", ""]
    plugs += [f"transceiver = [{', '.join(by_tier[lacking:])}]; "] if tiers > lacking else []
    ratios = draw(st.lists(st.sampled_from([1, 2, 3]), min_size=tiers - 1, max_size=tiers - 1))
    over = [f"oversubscription = {draw(st.sampled_from([1, 1, 2, 3]))}; "]
    over += [f"oversubscription = [{', '.join(map(str, ratios))}]; "] if ratios else []
    return f"""
{"".join(draw(_switches(tier)) for tier in range(tiers))}
transceiver t {{ rate = {draw(st.sampled_from([400, 800, 1600]))} Gb/s; strands = 16 }}
transceiver u {{ rate = {draw(st.sampled_from([800, 1600]))} Gb/s; strands = 16 }}
transceiver nic {{ rate = {nic} Gb/s; strands = 16 }}
cable dac {{ rate = {nic} Gb/s }}
system y {{ accelerators = {tray * draw(st.integers(1, 3))}; tray = {tray}; power = 1 kW
  port p {{ count = {draw(st.integers(1, 4))}; rate = 400 Gb/s }} }}
campus c {{ pue = 1.1
{deploys}}}
fabric f {{ {one}split = {split}; tiers = {tiers}; planes = {draw(st.integers(1, 3))}
  {connects if sizes else f"rails = {draw(st.sampled_from([1, 2, 4]))}"}
  topology = {draw(st.sampled_from(["clos", "rail_optimized", "rail_only"]))}
  {draw(st.sampled_from(over))}{ends}{draw(st.sampled_from(plugs))}
  spare_ports = {draw(st.sampled_from([0, 0, 1]))}; wan_ports = {draw(st.sampled_from([0, 0, 2]))} }}
"""


@st.composite
def _switches(draw: st.DrawFn, tier: int) -> str:
    ports, rate = draw(st.sampled_from([2, 4, 6, 8, 12, 16])), draw(st.sampled_from([800, 800, 800, 400, 1600]))
    cages = draw(st.sampled_from(["", "", f"cages = {ports // 2}; "]))
    return f"switch s{tier} {{ ports = {ports}; {cages}rate = {800 if tier == 0 else rate} Gb/s; power = 1 kW }}\n"


@settings(max_examples=300, deadline=None)
@given(fabrics())
def test_any_fabric(text: str) -> None:
    """Links, switches, plugs, cables and strands are as many as are derived; no port is taken twice, and none that a
    switch does not have; between switches it is a graph of the oracle; and its planes and units are parts of it."""
    plan = read(text)
    fabric = plan.situation.at("f")
    assert fabric is not None
    try:
        found = lay(plan.situation, fabric)
    except CablingError as error:
        if "says why" in str(error):
            assert {one.code.code[:3] for one in plan.findings if one.code.severity == "error"} == {"FAB"}
        return
    if sum(found.made.links) > 20_000:
        return
    links = list(found.links())
    _as_derived(found, links, plan.situation, fabric)  # type: ignore[no-untyped-call]
    taken = [(end.device, end.link) for link in links for end in (link.lower, link.upper)]
    assert len(set(taken)) == len(taken)
    most = [face_of(plan.situation, fabric, tier).radix for tier in range(len(found.hops))]
    assert all(port <= most[device.tier] for device, port in taken if device.tier != HOST)
    _as_the_oracle(found, links, plan.situation, fabric)  # type: ignore[no-untyped-call]
    assert [link for plane in range(1, found.planes + 1) for link in found.links(plane)] == links
    if found.units < 50:
        _units(found, links)


def _as_derived(found, links, situation, fabric):  # type: ignore[no-untyped-def]
    switches = list(found.switches())
    assert {device for link in links for device in (link.lower.device, link.upper.device)} <= {
        *switches,
        *(Device(HOST, 0, place, number) for place, first, last in found.trays() for number in range(first, last + 1)),
    }
    by_tier = Counter(device.tier for device in set(switches))
    assert tuple(by_tier[tier] for tier in range(len(found.hops))) == found.made.switches == found.switches_by_tier()
    trays = tuple(int(member.trays.values[0]) for member in members(situation, fabric))
    for count in counts(situation, fabric, found.made, trays):
        mine = [link for link in links if link.hop == count.hop.number]
        assert len(mine) == found.made.links[count.hop.number] == found.links_by_hop()[count.hop.number]
        lower = {(link.lower.device, link.lower.plug) for link in mine}
        upper = {(link.upper.device, link.upper.plug) for link in mine}
        cables = {link.cable for link in mine}
        if count.hop.cable is None:
            assert (len(lower), len(upper), len(cables)) == (count.lower, count.upper, len(mine))
        else:
            assert len(lower) == len(cables) == count.cables
            assert len({(link.cable, link.leg) for link in mine}) == len(mine)
        if count.strands is not None:  # of the last plug, all strands are counted
            assert 0 <= count.strands - sum(link.strands for link in mine) < 16
    assert {link.cable for link in links} == set(range(1, len({link.cable for link in links}) + 1))


def _as_the_oracle(found, links, situation, fabric):  # type: ignore[no-untyped-def]
    tiers, stages = len(found.hops), found.made.stages
    network = design_of(situation, fabric, tiers)
    allowed = (
        [wired.links for wired in wirings(network, stages, stages[0].switches * network.down)] if tiers > 1 else []
    )
    graphs: dict[tuple[int, int], Counter[object]] = {}
    for link in links:
        if link.hop:
            ends = [(end.device.tier, end.device.number - 1) for end in (link.lower, link.upper)]
            graphs.setdefault((link.plane, link.upper.device.network), Counter())[tuple(ends)] += 1
    assert all(dict(graph) in allowed for graph in graphs.values())
    assert len(graphs) == (found.made.networks if tiers > 1 else 0)


def _units(found: Cabling, links: list[Link]) -> None:
    chosen = []
    for unit in range(1, found.units + 1):
        mine = list(found.links(unit=unit))
        assert tuple(sum(link.hop == hop for link in mine) for hop in range(len(found.hops))) == found.links_by_hop(
            unit=unit
        )
        assert {(link.lower.device.network, link.lower.device.number) for link in mine if link.hop == 0} == {
            (place, number) for place, first, last in found.trays(unit) for number in range(first, last + 1)
        }
        here = set(found.switches(unit=unit))
        assert {link.upper.device for link in mine} <= here
        assert Counter(device.tier for device in here) == Counter(
            {tier: number for tier, number in enumerate(found.switches_by_tier(unit=unit)) if number}
        )
        chosen += mine
    last = len(found.hops) - 1
    assert sorted(chosen) == sorted(link for link in links if link.hop < last or last == 0)


def test_one_leaf_serves_all_rails() -> None:
    """Plugs of the switch of one tier carry links of several rails: eight accelerators take four plugs of two."""
    head = HEAD.replace("accelerators = 2", "accelerators = 4").replace("ports = 4", "ports = 8; cages = 4")
    body = "connects = [c.a.d]; switch = small; tiers = 1; topology = rail_optimized; transceiver = optics.dr8_800g"
    plan = read(f"{head}fabric f {{ {body} }}\n")
    assert derived(plan, "f", "transceivers") == "8"
    assert [finding.message for finding in plan.findings] == []
    assert len({link.upper.plug for link in cabling(body, head).links()}) == 4
