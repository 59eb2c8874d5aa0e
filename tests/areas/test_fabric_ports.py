"""Ports of systems besides their NICs, and the fabrics that join them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from planlang.areas.fabric.drawing import fabric_sheets
from planlang.compiler import compile_text

sys.path.insert(0, str(Path(__file__).parent.parent))
from reading import attribute, derived, messages, read

HEAD = """
use nvidia
switch leaf { ports = 64; rate = 800 Gb/s; split = 8; power = 2 kW }
switch tor { ports = 48; rate = 100 Gb/s; power = 500 W }
transceiver dr { rate = 800 Gb/s; strands = 16; power = 17 W }
transceiver sr { rate = 100 Gb/s; strands = 2; power = 3 W }
system server is nvidia.dgx_b200 { port frontend { rate = 100 Gb/s; count = 2 }
  port manage { rate = 1 Gb/s } }
system store { power = 1 kW; liquid = 0%; port frontend { rate = 100 Gb/s; count = 4 }
  port storage { rate = 100 Gb/s } }
campus c { pue = 1.2; peak_pue = 1.3
  building one { deploy gpus { system = server; count = [10 from 2026-01, 20 from 2026-07] } }
  building two { deploy disks { system = store; count = 6 } }
}
"""
FRONT = "fabric front { connects = [c.one.gpus, c.two.disks]; port = frontend; switch = tor; transceiver = sr"
BACK = "fabric back { connects = [c.one.gpus]; switch = leaf; split = 2; tiers = 2; transceiver = dr }\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoints", "44 until 2026-07, 64 from 2026-07"),  # 10 x 2 + 6 x 4, 20 x 2 + 6 x 4
        ("switches_by_tier", "[2, 1] until 2026-07, [3, 2] from 2026-07"),
        ("links", "92 until 2026-07, 136 from 2026-07"),
        ("transceivers", "184 until 2026-07, 272 from 2026-07"),
        ("power", "2.052 kW until 2026-07, 3.316 kW from 2026-07"),
        ("accelerators_per_switch", "26.667 until 2026-07, 32 from 2026-07"),
    ],
)
def test_figures(name: str, value: str) -> None:
    """An endpoint is a port: so many of each system, servers without accelerators too."""
    assert derived(read(HEAD + FRONT + "; tiers = 2 }"), "front", name) == value


def test_one_deploy_in_two_fabrics() -> None:
    """The NICs of a deploy in one fabric, a port of it in another: each has its own endpoints, and nothing is wrong."""
    text = HEAD + BACK + FRONT + "; tiers = 2 }"
    plan = read(text)
    assert derived(plan, "back", "endpoints") == "80 until 2026-07, 160 from 2026-07"
    assert derived(plan, "front", "endpoints") == "44 until 2026-07, 64 from 2026-07"
    assert [one for one in messages(text) if one.startswith("FAB")] == []
    assert attribute(plan, "front", "port") == "frontend"


def test_holes() -> None:
    """Tiers by the ports, and planes by the rate of one."""
    plan = read(HEAD + FRONT + "; tiers = ?; planes = ? }")
    assert {name: (one.value, one.why) for (_, name), one in plan.situation.sized.items()} == {
        "planes": (1, "the port `server.frontend` feeds 100 Gb/s, and a logical port carries 100 Gb/s"),
        "tiers": (2, "64 endpoints of 1,152 that it can join; 1 tier would join 48"),
    }


def test_rails_of_ports() -> None:
    """Each port of a system on a rail of its own: pairs of leaves, to which every server has a link each."""
    body = "fabric f { connects = [c.one.gpus]; port = frontend; switch = tor; tiers = 2; topology = rail_optimized"
    plan = read(HEAD + body + " }")
    assert derived(plan, "f", "switches_by_tier") == "[2, 1]"
    assert messages(HEAD + body + "; transceiver = sr; rails = 3 }")[-1] == (
        "FAB119 `f`: 2 ports of a system of `c.one.gpus` do not spread evenly over 3 rails"
    )


def test_drawing() -> None:
    """The drawing speaks of ports."""
    (sheet,) = fabric_sheets(read(HEAD + FRONT + "; tiers = 2 }").situation, None)
    assert sheet.what == "fabric of 5 switches for 64 ports"


def test_in_any_word_of_a_rule() -> None:
    """A rule may compare it, and an assignment write another."""
    text = HEAD + FRONT + "; tiers = 2; require port == frontend }\n"
    assert compile_text(text).verdict == "holds"
    assert "RUL101 require in `front` fails from 2026-01: port is frontend, not != frontend" in messages(
        text.replace("== frontend", "!= frontend")
    )
    assert [
        one for one in messages(text.replace("port == frontend", "port == manage or tiers == 3")) if "RUL" in one
    ] == ["RUL101 require in `front` fails from 2026-01"]
    other = text.replace("; require port == frontend", "") + "front.port = storage\n"
    assert "FAB124 `front` joins the port `storage`, which `server` does not have" in messages(other)


def test_a_word_in_a_rule_that_fails() -> None:
    """A rule on a word that does not hold fails, with what it is instead."""
    text = "fabric f { switch = s; tiers = 2; topology = clos; require topology == rail_only }\nswitch s { ports = 4 }"
    assert "RUL101 require in `f` fails: topology is clos, not == rail_only" in messages(text)


@pytest.mark.parametrize(
    ("body", "message", "notes", "fixes"),
    [
        (
            "connects = [c.one.gpus]; port = frontent; tiers = ?; planes = ?",
            "FAB124 `f` joins the port `frontent`, which `server` does not have",
            ["`server` has the ports `frontend` and `manage`"],
            ["write `port = frontend`"],
        ),
        (
            "connects = [c.one.gpus, c.two.disks]; port = storage; tiers = 2",
            "FAB124 `f` joins the port `storage`, which `server` does not have",
            ["`server` has the ports `frontend` and `manage`"],
            [],
        ),
        (
            "port = frontend; tiers = 2",
            "FAB124 `f` joins the port `frontend` of its deploys, and it connects none",
            [],
            [],
        ),
        (
            "connects = [c.one.gpus]; port = frontend; tiers = 2; endpoint = tray",
            "FAB124 `f`: `endpoint` is what its NICs lead to, and it joins the port `frontend`: leave it out",
            [],
            [],
        ),
        (
            'connects = [c.one.gpus]; port = "frontend"; tiers = 2',
            "KND103 `port` is text (frontend) where the name of a port is due, without quotes, as in `frontend`",
            [],
            [],
        ),
        (
            "connects = [c.one.gpus]; port = server.frontend; tiers = 2",
            "KND103 `port` is the port `server.frontend` where the name of a port is due, which stands alone: "
            "`frontend`",
            [],
            [],
        ),
    ],
)
def test_one_message(body: str, message: str, notes: list[str], fixes: list[str]) -> None:
    """A port that is not there, and what is no name of one, are one error each."""
    text = HEAD + f"fabric f {{ {body}; switch = tor; transceiver = sr }}"
    (found,) = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert f"{found.code.code} {found.message}" == message
    assert list(found.notes) == notes
    assert [one.message for one in found.fixes] == fixes
    assert found.span is not None
    assert found.span.source.text[found.span.start : found.span.end] in body


def test_rate_of_a_port() -> None:
    """A port of another rate than a link is told as a NIC is, and so are ports that differ."""
    text = HEAD + "fabric f { connects = [c.one.gpus]; port = manage; switch = tor; transceiver = sr; tiers = 2 }"
    assert [one for one in messages(text) if one.startswith("FAB")] == [
        "FAB105 `f`: 1 plane of 100 Gb/s carries 100 Gb/s, more than the 1 Gb/s that the port `server.manage` feeds"
    ]
    mixed = HEAD.replace(
        "1 kW; liquid = 0%; port frontend { rate = 100", "1 kW; liquid = 0%; port frontend { rate = 25"
    )
    assert [one for one in messages(mixed + FRONT + "; tiers = 2 }") if one.startswith("FAB")] == [
        "FAB118 `front`: its endpoints connect at different rates: 100 Gb/s of `server`, 25 Gb/s of `store`"
    ]


def test_a_port_stands_in_a_system() -> None:
    """Nowhere else."""
    assert "KND107 the port `p` stands in the building `b`, but belongs in a system" in messages(
        "building b { port p { rate = 1 Gb/s } }"
    )
