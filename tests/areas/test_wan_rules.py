"""What the check says of the network: whole messages, what contributes, and what would mend it."""

from __future__ import annotations

import pytest

from planlang.compiler import Result, compile_text
from planlang.core.rule import RULES
from planlang.lang.text import show

SITES = """
use optics
plan p { horizon = 2026-01 .. 2027-12 }
line_system one { channels = 10; rate = 1 Tb/s }
campus a { at = (33.45, -84.45) }
campus b { at = (42.70, -87.88) }
campus c { }
campus d { }
"""
LENGTH = "length = 1_127 km"


def check(text: str, sites: str = SITES) -> Result:
    return compile_text(sites + text)


def said(text: str, sites: str = SITES) -> list[str]:
    """Every finding as `CODE message`."""
    return [f"{finding.code.code} {finding.message}" for finding in check(text, sites).findings]


def link(name: str, ends: str, pairs: object = 1, more: str = "length = 1_127 km") -> str:
    """A link of so many pairs of 10 Tb/s."""
    return f"link {name} {{ between = [{ends}]; line = one; fiber_pairs = {pairs}; {more} }}\n"


def demand(name: str, ends: str, rate: object, more: str = "") -> str:
    return f"demand {name} {{ between = [{ends}]; rate = {rate} Tb/s; routing = optimal; {more} }}\n"


def test_what_fits_says_nothing() -> None:
    """An exactly full link is not over its capacity."""
    assert said(link("l", "a, b", 3) + demand("x", "a, b", 30)) == []


def test_link_over_capacity() -> None:
    """The load, the capacity, by how much, when; who contributes; each change that alone would do."""
    schedule = "[3 from 2026-01, 5 from 2026-07]"
    result = check(link("l", "a, b", schedule) + demand("x", "a, b", 30, "from = 2026-03") + demand("y", "b, a", 4.5))
    (finding,) = result.findings
    assert finding.code.code == "WAN101"
    assert finding.message == (
        "`l`: the demands of 34.5 Tb/s exceed its capacity of 30 Tb/s by 4.5 Tb/s from 2026-03 until 2026-07"
    )
    assert [(one.subject, one.share and show(one.share)) for one in finding.contributors] == [
        ("x", "30 Tb/s"),
        ("y", "4.5 Tb/s"),
    ]
    assert [fix.message for fix in finding.fixes] == [
        "raise `fiber_pairs` of `l` to 4 from 2026-03",
        "or lower `rate` of `x` to 25.5 Tb/s",
    ]
    assert finding.span is not None
    assert finding.span.text == schedule
    assert result.verdict == "fails"


def test_parallel_links_count_together() -> None:
    """Two links side by side are one limit, and either may grow."""
    result = check(link("l", "a, b") + link("m", "b, a", 2) + demand("x", "a, b", 40))
    (finding,) = result.findings
    assert finding.message == "`l` and `m`: the demands of 40 Tb/s exceed their capacity of 30 Tb/s by 10 Tb/s" + (
        " from 2026-01 until 2028-01"
    )
    assert [fix.message for fix in finding.fixes] == [
        "raise `fiber_pairs` of `l` to 2",
        "or raise `fiber_pairs` of `m` to 3",
        "or lower `rate` of `x` to 30 Tb/s",
    ]


def test_no_route() -> None:
    """A demand whose link is lit later has no route before, and the dark link is named."""
    result = check(link("l", "a, b", "[3 from 2026-06]") + demand("x", "a, b", 30, "from = 2026-02"))
    (finding,) = result.findings
    assert finding.code.code == "WAN102"
    assert finding.message == "`x`: no lit link leads from `a` to `b` from 2026-02 until 2026-06"
    assert finding.notes == ("`l` carries nothing then",)


def test_no_link_at_all() -> None:
    """Without any link both ends are said to have none."""
    (finding,) = check(demand("x", "a, b", 30)).findings
    assert finding.notes == ("no link ends at `a`", "no link ends at `b`")


def test_cut_too_small() -> None:
    """In a ring a demand takes both ways round; the cut that lacks most is named."""
    ring = link("l", "a, b", 2) + link("m", "b, c", 2) + link("n", "c, a", 1)
    assert said(ring + demand("x", "a, b", 30)) == []
    result = check(ring + demand("x", "a, b", 34))
    (finding,) = result.findings
    assert finding.code.code == "WAN103"
    assert finding.message == (
        "`l` and `n`: the demands of 34 Tb/s exceed their capacity of 30 Tb/s by 4 Tb/s from 2026-01 until 2028-01"
    )
    assert [fix.message for fix in finding.fixes] == [
        "raise `fiber_pairs` of `l` to 3",
        "or raise `fiber_pairs` of `n` to 2",
        "or lower `rate` of `x` to 30 Tb/s",
    ]


K23 = "".join(link(f"{one}{other}", f"{one}, {other}") for one in "ab" for other in "cde")
K23_DEMANDS = [("w", "a, b"), ("x", "c, d"), ("y", "d, e"), ("z", "c, e")]


def test_demands_that_do_not_fit_together() -> None:
    """Where every cut holds and yet not all flows, the check says so, with how much of it flows at most."""
    text = "campus e { }\n" + K23 + "".join(demand(name, ends, 10) for name, ends in K23_DEMANDS)
    (finding,) = check(text).findings
    assert finding.code.code == "WAN104"
    assert finding.message == (
        "`w`, `x`, `y` and `z` do not fit together from 2026-01 until 2028-01: at most 75% of every one flows at once"
    )
    assert finding.notes == ("what is full is `ac`, `ad`, `ae`, `bc`, `bd` and `be`",)


def test_survives_conduit() -> None:
    """Two links in one conduit fail with it; what is left is named with what it lacks."""
    sites = "conduit rail { }\nconduit road { }\n"
    links = link("l", "a, b", 2, f"{LENGTH}; conduits = [rail]") + link(
        "m", "a, b", 2, f"{LENGTH}; conduits = [rail, road]"
    )
    links += link("n", "a, b", 2)
    assert said(sites + links + demand("x", "a, b", 40, "survives = link")) == []
    (finding,) = check(sites + links + demand("x", "a, b", 40, "survives = conduit")).findings
    assert finding.code.code == "WAN105"
    assert finding.message == (
        "`x` does not survive the loss of the conduit `rail`: 40 Tb/s exceed what `n` can carry of 20 Tb/s by 20 Tb/s "
        "from 2026-01 until 2028-01"
    )
    assert [fix.message for fix in finding.fixes] == ["raise `fiber_pairs` of `n` to 4"]


def test_survives_nothing_else() -> None:
    """With one way there is no other after it fails, and the worst is reported with the others as notes."""
    (finding,) = check(
        link("l", "a, c", 4) + link("m", "c, b", 4) + demand("x", "a, b", 40, "survives = site")
    ).findings
    assert finding.message == (
        "`x` does not survive the loss of the link `l` from 2026-01 until 2028-01: no other way is left"
    )
    assert finding.notes == ("nor the loss of the site `c`", "nor the loss of the link `m`")


def test_only_what_must_survive_is_routed_anew() -> None:
    """Demands that need not survive yield after a failure."""
    links = link("l", "a, b", 4) + link("m", "a, b", 4)
    assert said(links + demand("x", "a, b", 40, "survives = link") + demand("y", "a, b", 40)) == []


def test_site_failure_spares_demands_that_end_there() -> None:
    """A demand does not have to survive the loss of its own end."""
    ring = link("l", "a, b", 2) + link("m", "b, c", 2) + link("n", "c, a", 2)
    assert said(ring + demand("x", "a, b", 20, "survives = site")) == []


def test_latency() -> None:
    """The shortest lit route decides, and is named."""
    (finding,) = check(link("l", "a, b", 4) + demand("x", "a, b", 40, "latency = 10 ms")).findings
    assert finding.code.code == "WAN106"
    assert finding.message == (
        "`x`: the round trip of 11.045 ms exceeds its `latency` of 10 ms by 1.045 ms from 2026-01 until 2028-01"
    )
    assert finding.notes == ("the shortest way is by `l`",)
    assert said(link("l", "a, b", 4) + demand("x", "a, b", 40, "latency = 12 ms")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "link l { between = [a, b]; line = one; length = 700 km; fiber_pairs = 1 }",
            "WAN110 `l`: its length of 700 km is less than the great circle of 1,070 km between its ends",
        ),
        (
            "link l { between = [a, b]; line = one; length = 2_800 km; fiber_pairs = 1 }",
            "WAN111 `l`: its length of 2,800 km is 2.6 times the great circle, 1,070 km",
        ),
        (
            "line_system far { channels = 1; rate = 1 Tb/s; reach = 1_000 km }\n"
            "link l { between = [a, b]; line = far; length = 1_127 km; fiber_pairs = 1 }",
            "WAN112 `l`: its length of 1,127 km exceeds the reach of `far` of 1,000 km by 127 km",
        ),
        (
            "link l { between = [a, c]; transceiver = optics.fr4_800g; length = 2.1 km; fiber_pairs = 1 }",
            "WAN112 `l`: its length of 2.1 km exceeds the reach of `optics.fr4_800g` of 2 km by 100 m",
        ),
        (
            "line_system far { channels = 1; rate = 1 Tb/s; reach = 1_000 km }\n"
            "link l { between = [a, b]; line = far; fiber_pairs = 1 }",
            "WAN113 `l`: its `length` is not given, so that reach, delay and amplifiers are not checked",
        ),
        (
            "link l { between = [a, b]; length = 1_127 km; fiber_pairs = 1 }\n"
            "demand x { between = [a, b]; rate = 1 Tb/s }",
            "WAN114 `l`: it has neither `line` nor `transceiver`, so that no demand is held against what it carries",
        ),
        (
            "link l { between = [a, c]; line = one; transceiver = optics.fr4_800g; length = 1 km; fiber_pairs = 1 }",
            "WAN115 `l`: it has both `line` and `transceiver`; its capacity is that of `one`",
        ),
        (
            "transceiver t { rate = 400 Gb/s; spacing = 75 GHz; strands = 2; loss_max = 40 dB }\n"
            "link l { between = [a, c]; length = 9 km; transceiver = t; channels = 80; fiber_pairs = 1 }",
            "WAN118 `l`: 80 wavelengths of 75 GHz take 6 THz, and the C band has 4.8 THz",
        ),
        (
            "link l { between = [a, c]; line = one; length = 9 km; channels = 8; fiber_pairs = 1 }",
            "WAN119 `l`: its `channels` change nothing: how many there are is said by `one`",
        ),
        (
            "transceiver t { rate = 400 Gb/s; strands = 2; loss_max = 40 dB }\n"
            "link l { between = [a, c]; length = 9 km; transceiver = t; channels = 8; fiber_pairs = 1 }",
            "WAN119 `l`: its `channels` change nothing: `t` is grey, and has its strands alone",
        ),
        (
            "line_system far { channels = 1; rate = 1 Tb/s; span = 130 km; loss = 0.17 dB/km\n"
            "amplifier_gain = 28 dB }\n"
            "link l { between = [a, c]; line = far; length = 500 km; fiber_pairs = 1 }",
            "WAN116 `l`: its 4 spans of 125 km exceed 100 km",
        ),
        (
            "line_system far { channels = 1; rate = 1 Tb/s; span = 130 km; loss = 0.17 dB/km\n"
            "amplifier_gain = 28 dB }\n"
            "link l { between = [a, c]; line = far; length = 125 km; fiber_pairs = 1 }",
            "WAN116 `l`: its one span of 125 km exceeds 120 km",
        ),
        (
            "link l { between = [a, a]; line = one; length = 9 km; fiber_pairs = 1 }",
            "WAN117 `l`: both of its ends are `a`",
        ),
        ("demand x { between = [a, a]; rate = 9 Tb/s }", "WAN117 `x`: both of its ends are `a`"),
        (
            "campus e { from = 2026-03 }\nlink l { between = [a, e]; line = one; length = 9 km; fiber_pairs = 1 }",
            "TIM103 `l` is there always, but the campus `e` only from 2026-03 on",
        ),
        (
            "campus e { until = 2026-09 }\nlink l { between = [a, e]; line = one; length = 9 km; fiber_pairs = 1 }",
            "TIM103 `l` is there always, but the campus `e` only until 2026-09",
        ),
    ],
)
def test_links_by_themselves(text: str, expected: str) -> None:
    """Each mistake of a link gives one finding."""
    assert said(text) == [expected]


def test_regenerators() -> None:
    """Beyond its reach, the fix says at how many sites every channel is regenerated: ceil(length / reach) - 1."""
    line = "line_system far { channels = 1; rate = 1 Tb/s; reach = 1_000 km }\n"
    line += "link l { between = [a, c]; line = far; length = 2_400 km; fiber_pairs = 1 }"
    (finding,) = check(line).findings
    assert finding.fixes[0].message == "regenerate every channel at 2 sites on the way: 3 links, each within reach"


def test_paused_links_are_not_checked() -> None:
    """A link of which an end is paused for good is passed over."""
    sites = SITES + "campus e { status = paused }\n"
    assert (
        said("link l { between = [a, e]; fiber_pairs = 1 }\ndemand x { between = [a, e]; rate = 9 Tb/s }", sites) == []
    )


def test_buildings_and_their_campus() -> None:
    """A site without links of its own is reached through its campus or its buildings; one with links by these alone."""
    sites = SITES + "campus e { building f { }\n building g { } }\n"
    at_campus = link("l", "a, e", 2)
    assert said(at_campus + demand("x", "a, e.f", 20), sites) == []
    at_buildings = link("l", "a, e.f", 1) + link("m", "a, e.g", 1)
    assert said(at_buildings + demand("x", "a, e", 20), sites) == []
    both = at_campus + link("m", "e.f, e.g", 1, "length = 1 km")
    assert said(both + demand("x", "a, e.f", 10), sites) == [
        "WAN102 `x`: no lit link leads from `a` to `e.f` from 2026-01 until 2028-01"
    ]


def test_links_of_unknown_capacity_are_no_limit() -> None:
    """A link without an optic is warned about, and no demand is held against it."""
    dark = "link l { between = [a, b]; length = 1_127 km; fiber_pairs = 1 }\n"
    found = said(dark + demand("x", "a, b", 900))
    assert [text[:6] for text in found] == ["WAN114"]


def test_latency_forbids_the_long_way() -> None:
    """A demand with `latency` takes no longer route, though others may; what it lacks is said."""
    ring = link("l", "a, c", 2, "length = 100 km") + link("m", "c, d", 4, "length = 400 km")
    ring += link("n", "d, a", 4, "length = 400 km")
    assert said(ring + demand("x", "a, c", 40)) == []
    assert said(ring + demand("x", "a, c", 40, "latency = 8 ms")) == []
    (finding,) = check(ring + demand("x", "a, c", 40, "latency = 2 ms")).findings
    assert f"{finding.code.code} {finding.message}" == (
        "WAN104 `x` does not fit on routes within their `latency` from 2026-01 until 2028-01: at most 50% of it flows "
        "at once"
    )
    assert finding.notes == ("what is full is `l`",)
    others = demand("x", "a, c", 20, "latency = 2 ms") + demand("y", "a, c", 20)
    assert said(ring + others) == []


def test_what_is_full_within_a_latency() -> None:
    """A parallel link that is too long for the demand carries nothing, and is not full; nor is one without pairs."""
    links = link("l", "a, c", 2, "length = 100 km") + link("m", "a, c", 2, "length = 800 km")
    links += link("n", "a, c", 0, "length = 100 km")
    (finding,) = check(links + demand("x", "a, c", 30, "latency = 2 ms")).findings
    assert finding.code.code == "WAN104"
    assert finding.notes == ("what is full is `l`",)


def test_demands_without_a_route_hide_nothing() -> None:
    """A demand that no link carries is left out, and the others are judged together all the same."""
    links = link("l", "a, c", 2, "length = 100 km") + link("m", "a, c", 2, "length = 800 km")
    others = demand("x", "a, c", 15, "latency = 2 ms") + demand("y", "c, a", 15, "latency = 2 ms")
    alone = said(links + others)
    assert [text[:6] for text in alone] == ["WAN104"]
    assert "`x` and `y` do not fit together" in alone[0]
    assert sorted(said(links + others + demand("z", "b, d", 20))) == [
        "WAN102 `z`: no lit link leads from `b` to `d` from 2026-01 until 2028-01",
        *alone,
    ]


def test_latency_after_failures() -> None:
    """What is left after a failure is no way for a demand whose `latency` it does not keep."""
    ring = link("l", "a, c", 2, "length = 100 km") + link("m", "c, d", 2, "length = 400 km")
    ring += link("n", "d, a", 2, "length = 400 km")
    assert said(ring + demand("x", "a, c", 20, "survives = link; latency = 8 ms")) == []
    assert said(ring + demand("x", "a, c", 20, "survives = link; latency = 2 ms")) == [
        "WAN105 `x` does not survive the loss of the link `l` from 2026-01 until 2028-01: no other way within its "
        "`latency` is left"
    ]


def test_rules_explain_themselves() -> None:
    """Every rule has an explanation, a formula, a source and an example."""
    for code, entry in RULES.items():
        if code.startswith("WAN"):
            assert all((entry.code.explanation, entry.code.formula, entry.code.source, entry.code.example)), code


def test_states_with_a_link_out_count_as_those_with_plant_out_do() -> None:
    text = """
    plan p { horizon = 2026-01 .. 2027-12 }
    campus a { } campus b { }
    line_system line { channels = 10; rate = 1 Tb/s }
    conduit rail { }
    link l[1..3] { between = [a, b]; line = line; fiber_pairs = 2 }
    link late { between = [a, b]; line = line; fiber_pairs = 2; from = 2027-01; conduits = [rail] }
    demand d { between = [a, b]; rate = 20 Tb/s; survives = conduit }
    """
    result = compile_text(text)
    assert result.verdict == "holds"
    # three links, then four links and the conduit
    assert result.failure_states == 3 + 5


def test_every_date_on_which_a_failure_fails_is_told() -> None:
    """The head has all dates of the worst failure, the intervals those of any."""
    text = """plan p { horizon = 2026-01 .. 2026-12 }
    line_system one { channels = 1; rate = 1 Tb/s }
    campus a { }
    campus b { }
    link first  { between = [a, b]; line = one; length = 9 km; fiber_pairs = 8 }
    link second { between = [a, b]; line = one; length = 9 km; fiber_pairs = [2 from 2026-04, 8 from 2026-09] }
    demand d { between = [a, b]; rate = 5 Tb/s; survives = link; routing = optimal }"""
    (finding,) = compile_text(text).findings
    assert finding.message == (
        "`d` does not survive the loss of the link `first` from 2026-01 until 2026-09: at worst no other way is left"
    )
    assert [(str(one.start), str(one.until)) for one in finding.intervals] == [
        ("2026-01-01", "2026-04-01"),
        ("2026-04-01", "2026-09-01"),
    ]
