"""What follows from links, against published figures; their bill and their map."""

from __future__ import annotations

import datetime

import pytest

from planlang.areas.wan.bill import lines
from planlang.areas.wan.drawing import wan_sheets
from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.text import show

SITES = "use optics\ncampus a { at = (33.45, -84.45) }\ncampus b { at = (42.70, -87.88) }\n"


def derived(link: str, *names: str, more: str = "") -> list[str | None]:
    """Derived quantities of the link `l` as text."""
    result = compile_text(f"{SITES}{more}\nlink l {{ between = [a, b]; {link} }}")
    entity = result.situation.at("l")
    values = [value_of(result.situation, entity, name) for name in names]
    return [None if value is None else show(value) for value in values]


@pytest.mark.parametrize(
    ("lit", "pairs", "capacity"),
    [
        ("transceiver = optics.fr4_800g", 375, "300 Tb/s"),
        ("transceiver = optics.twin_fr4_800g", 750, "300 Tb/s"),
        ("transceiver = optics.dr8_800g", 3000, "300 Tb/s"),
        ("line = optics.dwdm_c_32x800", 12, "307.2 Tb/s"),
        ("line = optics.dwdm_cl_64x800", 6, "307.2 Tb/s"),
        ("line = optics.dwdm_c_32x800", 40, "1.024 Pb/s"),
        ("line = optics.dwdm_cl_64x800", 20, "1.024 Pb/s"),
        ("line = optics.dwdm_cl_64x800", 1, "51.2 Tb/s"),
        ("line = optics.dwdm_cl_64x800", 1000, "51.2 Pb/s"),
        ("transceiver = optics.zr_400g", 1, "25.6 Tb/s"),
        ("transceiver = optics.zr_800g", 1, "25.6 Tb/s"),
        ("transceiver = optics.dr8_800g", 15, "800 Gb/s"),
        ("transceiver = optics.dr8_800g", 7, "0 b/s"),
    ],
)
def test_published_capacities(lit: str, pairs: int, capacity: str) -> None:
    """Pairs that are published for 300 Tb/s and 1 Pb/s carry it; a channel of several pairs is there whole or not."""
    assert derived(f"{lit}; length = 1 km; fiber_pairs = {pairs}", "capacity") == [capacity]


@pytest.mark.parametrize(
    ("lit", "needed"),
    [
        ("transceiver = optics.fr4_800g", 375),
        ("transceiver = optics.twin_fr4_800g", 750),
        ("transceiver = optics.dr8_800g", 3000),
        ("line = optics.dwdm_c_32x800", 12),
        ("line = optics.dwdm_cl_64x800", 6),
    ],
)
def test_published_pairs_are_the_fix(lit: str, needed: int) -> None:
    """With one pair less than is published for 300 Tb/s, the published number is what the check asks for; with it,
    nothing is asked."""
    text = "{}link l {{ between = [a, b]; length = 1 km; {}; fiber_pairs = {} }}\n"
    text += "demand d {{ between = [a, b]; rate = 300 Tb/s }}"
    short = compile_text(text.format(SITES, lit, needed - 1)).findings
    (finding,) = [finding for finding in short if finding.code.code == "WAN101"]
    assert finding.fixes[0].value == needed
    enough = compile_text(text.format(SITES, lit, needed)).findings
    assert not [finding for finding in enough if finding.code.code == "WAN101"]


def test_long_haul() -> None:
    """The published route of 700 miles: 14 huts of spans of 75 km, 5.5 ms one way, 11 ms there and back."""
    names = [
        "pair_capacity",
        "wavelengths",
        "transponders",
        "amplifier_sites",
        "amplifiers",
        "span_loss",
        "delay",
        "round_trip",
        "load",
        "utilization",
    ]
    line = "length = 1_127 km; line = optics.dwdm_c_32x800; fiber_pairs = 12"
    found = derived(line, *names, more="demand d { between = [a, b]; rate = 300 Tb/s }")
    assert found == [
        "25.6 Tb/s",
        "384",
        "768",
        "14",
        "336",
        "20.529 dB",
        "5.5223 ms",
        "11.045 ms",
        "300 Tb/s",
        "0.97656",
    ]


def test_two_bands_have_two_amplifiers_a_direction() -> None:
    """Amplifiers are two for each pair, band and site."""
    line = "length = 160 km; line = optics.dwdm_cl_64x800; fiber_pairs = 3"
    assert derived(line, "amplifier_sites", "amplifiers") == ["1", "12"]


def test_what_is_not_known() -> None:
    """Without an optic there is no capacity, and without a length no delay."""
    assert derived("fiber_pairs = 2", "capacity", "pair_capacity", "delay", "span_loss") == [None] * 4
    assert derived("fiber_pairs = 2", "load") == ["0 b/s"]


def test_parallel_links_share_in_proportion() -> None:
    """Parallel links carry their load in proportion to their capacity."""
    more = "link m { between = [b, a]; length = 9 km; line = optics.dwdm_c_32x800; fiber_pairs = 2 }\n"
    more += "demand d { between = [a, b]; rate = 60 Tb/s }"
    line = "length = 9 km; line = optics.dwdm_c_32x800; fiber_pairs = 1"
    assert derived(line, "load", "utilization", more=more) == ["20 Tb/s", "0.78125"]


def test_paused_and_absent_links_carry_nothing() -> None:
    """While an end is paused, or the link is not there, it has no capacity, and a paused demand needs none."""
    text = """
use optics
plan p { horizon = 2026-01 .. 2026-12 }
campus a { at = (33.45, -84.45) }
campus b { at = (42.70, -87.88); status = [live from 2026-01, paused from 2026-06] }
link l { between = [a, b]; length = 1_100 km; line = optics.dwdm_c_32x400; fiber_pairs = 2; from = 2026-03 }
demand d { between = [a, b]; rate = 10 Tb/s; from = 2026-03 }
"""
    result = compile_text(text)
    assert result.findings == ()
    entity = result.situation.at("l")
    for name, value in (("capacity", "25.6 Tb/s"), ("load", "10 Tb/s"), ("amplifier_sites", "13")):
        zero = "0" if name == "amplifier_sites" else "0 b/s"
        shown = value_of(result.situation, entity, name)
        assert shown is not None
        assert show(shown) == f"{zero} until 2026-03, {value} from 2026-03, {zero} from 2026-06"


def test_bill() -> None:
    """Fiber with its spare pairs, transponders, amplifiers and huts, by the date on which more is needed."""
    text = f"""{SITES}
line_system priced {{
  channels = 32; rate = 800 Gb/s; span = 80 km; price = 6.4 MUSD; site_price = 1 MUSD; source = "a quote"
}}
link l {{
  between = [a, b]; length = 1_100 km; line = priced; spare = 2; fiber_pairs = [4 from 2026-01, 12 from 2026-07]
}}
"""
    result = compile_text(text)
    found = [
        (line.item, line.quantity, line.unit, None if line.price is None else show(line.price), line.needed_by)
        for line in lines(result.situation)
    ]
    first, second = datetime.date(2026, 1, 1), datetime.date(2026, 7, 1)
    assert found == [
        ("l", 6600, "pair-km", None, first),
        ("l", 8800, "pair-km", None, second),
        ("priced", 256, "transponder", "25.6 MUSD", first),
        ("priced", 512, "transponder", "51.2 MUSD", second),
        ("priced", 104, "amplifier", None, first),
        ("priced", 208, "amplifier", None, second),
        ("priced", 13, "site", "13 MUSD", first),
    ]


def test_map() -> None:
    """Parallel links are one line with their pairs and loads; what has no place is not on the map."""
    text = f"""{SITES}
campus nowhere {{ }}
link l {{ between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x800; fiber_pairs = 10 }}
link m {{ between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x800; fiber_pairs = 2 }}
link n {{ between = [a, nowhere]; length = 9 km; line = optics.dwdm_c_32x800; fiber_pairs = 2 }}
demand d {{ between = [a, b]; rate = 300 Tb/s }}
"""
    result = compile_text(text)
    (sheet,) = wan_sheets(result.situation, datetime.date(2026, 1, 1))
    assert (sheet.name, sheet.layout, sheet.date) == ("wan", "map", "2026-01")
    assert [(node.id, node.at) for node in sheet.nodes] == [("a", (33.45, -84.45)), ("b", (42.7, -87.88))]
    (line,) = sheet.edges
    assert line.label == "2 links, 12 pairs, 300 of 307.2 Tb/s"
    assert line.flow == 3e14
    assert line.utilization == pytest.approx(300 / 307.2)


def test_no_map_without_links() -> None:
    """Without a link between two places there is no map."""
    assert wan_sheets(compile_text(SITES).situation, None) == []
