"""What follows from fabrics: sizes, parts, power and heat, bill and drawing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from planlang.areas.fabric.bill import lines
from planlang.areas.fabric.drawing import fabric_sheets
from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.text import show

sys.path.insert(0, str(Path(__file__).parent.parent))
from reading import derived, messages, read, shown

HEAD = """
use nvidia
use optics
switch small { ports = 64; rate = 400 Gb/s; power = 1 kW }
switch large { ports = 64; rate = 800 Gb/s; split = 8; power = 2 kW; liquid = 75% }
campus c { pue = 1.2; peak_pue = 1.3
  building one { deploy d { system = nvidia.dgx_b200; count = [64 from 2026-01, 256 from 2026-07] } }
  building two { deploy d { system = nvidia.dgx_b200; count = 64 } }
}
"""


def fabric(body: str, name: str = "f") -> str:
    return f"{HEAD}fabric {name} {{ {body} }}\n"


BOTH = "connects = [c.one.d, c.two.d]; switch = small; transceiver = optics.dr4_400g; "


def test_grows_with_its_deploys() -> None:
    """Switches, links, optics and strands follow the endpoints over time."""
    plan = read(fabric(BOTH + "tiers = 3"))
    assert derived(plan, "f", "endpoints") == "1,024 until 2026-07, 2,560 from 2026-07"
    assert derived(plan, "f", "switches_by_tier") == "[32, 32, 16] until 2026-07, [80, 80, 64] from 2026-07"
    assert derived(plan, "f", "links") == "3,072 until 2026-07, 7,680 from 2026-07"
    assert derived(plan, "f", "transceivers") == "6,144 until 2026-07, 15,360 from 2026-07"
    assert derived(plan, "f", "strands") == "24,576 until 2026-07, 61,440 from 2026-07"
    assert derived(plan, "f", "power") == "135.3 kW until 2026-07, 362.24 kW from 2026-07"


@pytest.mark.parametrize(
    ("draws", "plug", "power", "optics"),
    [
        ("", "", None, None),
        ("", "; power = 10 W", "43.52 kW", "43.52 kW"),
        ("; power = 1 kW", "", "66 kW", None),
        ("; power = 1 kW", "; power = 10 W", "109.52 kW", "43.52 kW"),
    ],
)
def test_power_that_is_not_published(draws: str, plug: str, power: str | None, optics: str | None) -> None:
    """A draw of which nothing is published is unknown; of which something is, that."""
    text = f"""
switch bare {{ ports = 64; rate = 400 Gb/s{draws} }}
transceiver plug {{ rate = 400 Gb/s{plug} }}
fabric f {{ switch = bare; tiers = 2; downlinks = 32; uplinks = 2; oversubscription = 16; transceiver = plug }}
"""
    plan = read(text)
    for name, expected in (("power", power), ("optics_power", optics)):
        found = value_of(plan.situation, plan.situation.at("f"), name)
        assert (None if found is None else show(found)) == expected


def test_power_is_it_load_of_the_buildings() -> None:
    """Each building carries its share by endpoints, with its deploys, as IT load, facility load and heat to air."""
    without, having = read(HEAD), read(fabric(BOTH + "tiers = 3"))
    assert derived(without, "c.two", "it_load") == "915.2 kW"
    assert derived(having, "c.two", "it_load") == "982.85 kW until 2026-07, 987.65 kW from 2026-07"
    assert derived(having, "c", "it_load") == "1.9657 MW until 2026-07, 4.9382 MW from 2026-07"
    assert derived(having, "", "it_load") == "1.9657 MW until 2026-07, 4.9382 MW from 2026-07"
    assert derived(having, "c", "heat_air") == "1.9657 MW until 2026-07, 4.9382 MW from 2026-07"
    assert derived(having, "c", "facility_load") == "2.5554 MW until 2026-07, 6.4197 MW from 2026-07"
    assert derived(having, "c.two", "average_load") == "771.65 kW until 2026-07, 776.45 kW from 2026-07"


def test_heat_of_liquid_switches() -> None:
    """The liquid share of the boxes goes to the liquid loop, the rest and the optics to air."""
    plan = read(fabric("connects = [c.two.d]; switch = large; split = 2; tiers = 2; transceiver = optics.dr8_800g"))
    assert derived(plan, "f", "switches_by_tier") == "[8, 4]"
    assert derived(plan, "f", "power") == "41.408 kW"
    assert derived(plan, "c.two", "heat_liquid") == "18 kW"
    assert derived(plan, "c.two", "heat_air") == "938.61 kW"


def test_over_a_budget_it_contributes() -> None:
    """A budget that the fabric breaks names it among what draws."""
    result = compile_text(
        fabric("connects = [c.two.d]; switch = small; tiers = 2; transceiver = optics.dr4_400g")
        + "c.two.budget = 940 kW\n"
    )
    (finding,) = [one for one in result.findings if one.code.code == "PWR101"]
    assert finding.message == "`c.two`: IT load of 957.63 kW exceeds its budget of 940 kW by 17.63 kW from 2026-01"
    assert [one.subject for one in finding.contributors] == ["c.two.d", "f"]


def test_paused_deploys_need_no_fabric() -> None:
    """What is paused has no endpoints, and draws nothing."""
    plan = read(fabric(BOTH + "tiers = 3") + "c.one.status = paused\n")
    assert derived(plan, "f", "endpoints") == "512"


@pytest.mark.parametrize(
    ("body", "name", "value"),
    [
        ("switch = small; tiers = 1", "max_endpoints", "64"),
        ("switch = small; tiers = 2; spare_ports = 4", "max_endpoints", "1,800"),
        ("switch = small; tiers = 2; oversubscription = 3", "max_endpoints", "3,072"),
        ("switch = small; tiers = 2; oversubscription = 3", "switches_by_tier", "[64, 16]"),
        ("switch = small; tiers = 3; oversubscription = 7", "max_endpoints", "114,688"),
        ("switch = small; tiers = 2; wan_ports = 16", "max_endpoints", "1,536"),
        ("switch = small; tiers = 2; wan_ports = 16", "wan_rate", "204.8 Tb/s"),
        ("switch = small; tiers = 2; rails = 8; topology = rail_only", "max_endpoints", "16,384"),
        ("switch = small; tiers = 2; rails = 8; topology = rail_only", "switches_by_tier", "[512, 256]"),
        ("switch = small; tiers = 2; downlinks = 16; uplinks = 16", "switches_by_tier", "[64, 16]"),
        ("switch = small; tiers = 2; downlinks = 16; uplinks = 16", "free_ports", "2,048"),
        ("switch = small; tiers = 2", "bisection", "409.6 Tb/s"),
        ("switch = small; tiers = 2; oversubscription = 3", "bisection", "204.8 Tb/s"),
        ("switch = small; tiers = 3", "paths", "1,024"),
        ("switch = small; tiers = 2; host_cable = optics.dac_800g", "transceivers", "4,096"),
        ("switch = large; tiers = 2; host_cable = optics.dac_800g", "cables", "2,048"),
    ],
)
def test_designs(body: str, name: str, value: str) -> None:
    """Without deploys, a fabric is reckoned at its full size."""
    assert derived(read(fabric(body)), "f", name) == value


def test_rails_apart() -> None:
    """Of rail-only fabrics each rail is a network: leaves and spines of each, and a bisection of one."""
    body = "connects = [c.two.d]; switch = small; tiers = 2; topology = "
    alone, joined = read(fabric(body + "rail_only")), read(fabric(body + "rail_optimized"))
    assert derived(alone, "f", "switches_by_tier") == "[16, 8]"
    assert derived(joined, "f", "switches_by_tier") == "[16, 8]"
    assert derived(alone, "f", "paths") == "1"
    assert derived(joined, "f", "paths") == "8"
    assert derived(alone, "f", "bisection") == "12.8 Tb/s"
    assert derived(joined, "f", "bisection") == "102.4 Tb/s"


def test_rails_fill_leaves_of_their_own() -> None:
    """33 servers of 8 need two leaves for each of 8 rails, though 264 endpoints fit nine."""
    body = "connects = [c.two.d]; switch = small; tiers = 2; topology = "
    more = "\nc.two.d.count = 33\n"
    assert derived(read(fabric(body + "rail_optimized") + more), "f", "switches_by_tier") == "[16, 8]"
    assert derived(read(fabric(body + "clos") + more), "f", "switches_by_tier") == "[9, 8]"


def test_sized() -> None:
    """Tiers and planes that are left open, and why."""
    plan = read(fabric("connects = [c.one.d]; switch = large; split = 8; tiers = ?; planes = ?"))
    entity = plan.situation.at("f")
    assert entity is not None
    assert {name: (sized.value, sized.why) for (_, name), sized in plan.situation.sized.items()} == {
        "planes": (4, "the NIC of `nvidia.dgx_b200` feeds 400 Gb/s, and a logical port carries 100 Gb/s"),
        "tiers": (2, "2,048 endpoints of 131,072 that it can join; 1 tier would join 512"),
    }
    assert shown(plan, "f", "tiers") == "2"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "switch = small; tiers = ?",
            "HOL102 `f`: no tiers fills `tiers = ?`: it connects no deploy whose count and accelerators are known",
        ),
        (
            "connects = [c.one.d]; switch = large; tiers = 2; planes = ?",
            "HOL102 `f`: no planes fills `planes = ?`: the NIC of `nvidia.dgx_b200` feeds 400 Gb/s, less than "
            "the 800 Gb/s that a logical port carries",
        ),
    ],
)
def test_not_sized(body: str, message: str) -> None:
    """What cannot be sized, and why."""
    assert message in messages(fabric(body))


def test_bill() -> None:
    """Switches by tier, optics, cables and strands, at the site, by the date at which more are needed."""
    plan = read(
        fabric(
            "connects = [c.two.d]; switch = small; tiers = 2; transceiver = optics.dr4_400g;"
            "host_cable = optics.dac_800g"
        )
    )
    assert [
        (one.item, one.category, one.description, one.quantity, one.unit, one.site) for one in lines(plan.situation)
    ] == [
        ("small", "fabric", "leaf switches of f, small", 16, "each", "c"),
        ("small", "fabric", "spine switches of f, small", 8, "each", "c"),
        ("optics.dac_800g", "cables", "800G passive copper (DAC)", 256, "each", "c"),
        ("optics.dr4_400g", "optics", "400G DR4", 1024, "transceiver", "c"),
        ("f", "fiber", "strands, links between leaves and spines", 4096, "strand", "c"),
    ]


def test_designs_are_not_bought() -> None:
    """A fabric without deploys is on no bill."""
    assert lines(read(fabric("switch = small; tiers = 2")).situation) == []


def test_drawing() -> None:
    """A box for each tier, the last on top, with its switches; the deploys below; links between."""
    plan = read(fabric("connects = [c.one.d, c.two.d]; switch = large; split = 8; planes = 4; tiers = 3"))
    (sheet,) = fabric_sheets(plan.situation, None)
    assert sheet.name == "fabric-f"
    assert sheet.date == "2026-07"
    assert sheet.what == "fabric of 112 switches for 2,560 accelerators"
    assert [(node.name, node.amount, node.number) for node in sheet.nodes] == [
        ("core", "32 switches in all", 8),
        ("spine", "40 switches in all", 10),
        ("leaf", "40 switches in all", 10),
        ("c.one.d", "2,048 accelerators", 1),
        ("c.two.d", "512 accelerators", 1),
    ]
    assert [(edge.source, edge.target, edge.label) for edge in sheet.edges] == [
        ("f tier 1", "c.one.d ends", "8,192 links"),
        ("f tier 1", "c.two.d ends", "2,048 links"),
        ("f tier 2", "f tier 1", "10,240 links"),
        ("f tier 3", "f tier 2", "10,240 links"),
    ]
    assert [(group.title, group.subtitle) for group in sheet.groups] == [("each of 4 planes", "28 switches")]


def test_circuit_switch() -> None:
    """Circuits at once, of each pair, and their rate; circulators double them."""
    text = HEAD + "ocs o { ports = 136; connects = [c.one, c.two]; transceiver = optics.fr4_800g; loss = 1.5 dB }\n"
    plan = read(text)
    assert derived(plan, "o", "circuits_at_once") == "68"
    assert derived(plan, "o", "circuits_a_pair") == "68"
    assert derived(plan, "o", "pair_rate") == "54.4 Tb/s"
    assert derived(read(text + "o.circulators = true\n"), "o", "pair_rate") == "108.8 Tb/s"
    (sheet,) = fabric_sheets(plan.situation, None)
    assert [(node.name, node.amount, node.note) for node in sheet.nodes] == [
        ("o", "136 ports", "68 circuits between each two, 54.4 Tb/s"),
        ("one", "", ""),
        ("two", "", ""),
    ]


def test_no_ports_left() -> None:
    """Where no port is left for links, nothing is joined, and all figures are known to be so or not known."""
    plan = read(fabric("switch = small; tiers = 3; wan_ports = 64"))
    assert [f"{one.code.code} {one.message}" for one in plan.findings if one.code.severity == "error"] == [
        "FAB102 `f`: of the 64 ports of a switch, none is left for links"
    ]
    assert derived(plan, "f", "max_endpoints") == "0"
    assert derived(plan, "f", "accelerators_per_switch") == "0"


def test_plugs_of_a_last_unit_that_is_not_full() -> None:
    """Each plug carries one link: two a link, also where the last pod has fewer leaves than the others."""
    text = """switch s { ports = 64; rate = 400 Gb/s; power = 1 kW }
    transceiver x { rate = 400 Gb/s; strands = 8; power = 10 W }
    system g { accelerators = 8; tray = 8; nic = 400 Gb/s; power = 10 kW; liquid = 0% }
    building b { peak_pue = 1.3; pue = 1.2
      deploy d { system = g; count = 3_562 } }
    fabric f { connects = [b.d]; switch = s; tiers = 3; transceiver = x
      require links == 85_680
      require transceivers == 2 * 85_680 }"""
    assert compile_text(text).verdict == "holds"


def test_written_spines_bound_what_a_fabric_joins() -> None:
    """Two links of each leaf to each of 60 spines: a spine of 248 ports takes 124 leaves (Alibaba HPN 7.0)."""
    text = """switch t51 { ports = 128; rate = 400 Gb/s; split = 2; power = 1 kW }
    system hpn8 { accelerators = 8; tray = 8; nic = 400 Gb/s; power = 10 kW; liquid = 0% }
    building halls { pue = 1.2; peak_pue = 1.3
      deploy hpn { system = hpn8; count = 1_920 } }
    fabric hpn { connects = [halls.hpn]; switch = t51; topology = rail_optimized; tiers = 2; split = 2; planes = 2
      downlinks = 128; uplinks = 120; spare_ports = 8; spines = 60; oversubscription = 1.07; wan_ports = 8
      require switches_by_tier == [240, 120]
      require max_accelerators == 15_360 }"""
    assert compile_text(text).verdict == "holds"
