"""Light that passes sites: what is said of it, what is bought, and that no order of statements changes it."""

from __future__ import annotations

import random

import pytest
from reading import derived, messages, read

from planlang.areas.wan.bill import lines
from planlang.compiler import compile_text
from planlang.core.unexamined import not_examined
from planlang.lang.text import show

SURE = (
    "margin = 2 dB; noise_figure = 5 dB; loss = 0.2 dB/km; dispersion = 16.7 ps/nm/km; effective_area = 83 um^2; "
    "transmitter_osnr = 40 dB; amplifier_power = 200 mW; amplifier_gain = 28 dB; filter_penalty = 0.1 dB; "
    "band = 4.8 THz"
)
"""Nothing is assumed."""
SITES = "campus a { }\ncampus b { }\ncampus c { }\ncampus d { }\n"


def line(text: str, name: str = "s") -> str:
    wave = "rate = 800 Gb/s; spacing = 150 GHz; baud = 118 GHz"
    return f"line_system {name} {{ {wave}; span = 80 km; express = true; {text} }}\n"


def link(name: str, length: int, pairs: object = 1, more: str = "line = s") -> str:
    ends = f"between = [{name[0]}, {name[1]}]; length = {length} km"
    return f"link {name} {{ {ends}; fiber_pairs = {pairs}; connector_loss = 0.5 dB; {more} }}\n"


def demand(name: str, rate: int, more: str = "") -> str:
    return f"demand {name} {{ between = [{name[0]}, {name[1]}]; rate = {rate} Gb/s; {more} }}\n"


ROW = SITES + link("ab", 400) + link("bc", 400) + link("cd", 400)


# --- what arrives --------------------------------------------------------------------------------


def test_noise() -> None:
    """Whose light, over what, how much is lacking, and where to regenerate; the site that leaves the most."""
    text = ROW + line(f"channels = 32; osnr = 23 dB; {SURE}") + demand("ad", 800)
    (finding,) = compile_text(text).findings
    assert finding.message == (
        "`ad`: what arrives over `ab`, `bc` and `cd` without regeneration has a signal to noise of 24 dB, "
        "1.4 dB below the 25.4 dB that `s` requires with 2 dB of margin and 0.4 dB for 4 filters"
    )
    assert [fix.message for fix in finding.fixes] == [
        "regenerate `ad` at `b`, with `regenerates = [b]`: then 25.74 dB arrive at worst, 0.54 dB more than is required"
    ]
    assert messages(text.replace("rate = 800 Gb/s;  }", "rate = 800 Gb/s; regenerates = [b] }")) == []
    assert messages(text.replace("rate = 800 Gb/s;  }", "rate = 800 Gb/s; regenerates = [c] }")) == []


def test_gsnr_of_a_demand() -> None:
    """Of its worst light path: less over several links than over each, and that of a part where it is regenerated."""
    text = ROW + line(f"channels = 32; osnr = 20 dB; {SURE}") + demand("ad", 800)
    found = read(text + demand("ad2", 800, "regenerates = [b]") + demand("ad3", 800, "regenerates = [b, c]"))
    assert [derived(found, one, "gsnr") for one in ("ad", "ad2", "ad3")] == ["24.004 dB", "25.736 dB", "28.611 dB"]
    assert derived(found, "ab", "gsnr") == "28.611 dB"


def test_without_express_light_ends_at_each_site() -> None:
    """The same links hold one by one."""
    text = ROW + line(f"channels = 32; osnr = 24 dB; {SURE}") + demand("ad", 800)
    assert messages(text.replace("express = true", "express = false")) == []
    assert messages(text.replace("filter_penalty = 0.1 dB", "filter_penalty = 0 dB")) != []


def test_demands_of_one_path_are_told_once() -> None:
    """One light path that does not arrive is one mistake, from whichever end."""
    text = ROW + line(f"channels = 32; osnr = 24 dB; {SURE}") + demand("ad", 800) + demand("da", 800)
    (told,) = messages(text)
    assert told.startswith("WAN133 `ad` and `da`: what arrives over `ab`, `bc` and `cd` without regeneration ")


def test_a_link_that_does_not_hold_by_itself_is_told_alone() -> None:
    """What arrives over the path is then no second mistake."""
    text = (
        SITES + link("ab", 1_600) + link("bc", 400) + line(f"channels = 32; osnr = 24 dB; {SURE}") + demand("ac", 800)
    )
    (told,) = messages(text)
    assert told.startswith("WAN121 `ab`: what arrives over 1,600 km ")


def test_other_line_systems_end_light() -> None:
    """Only links of one line system pass light on."""
    both = line(f"channels = 32; osnr = 24 dB; {SURE}") + line(f"channels = 32; osnr = 24 dB; {SURE}", "t")
    text = SITES + link("ab", 400) + link("bc", 400, 1, "line = t") + link("cd", 400) + both + demand("ad", 800)
    assert messages(text) == []


def test_at_will_another_way_is_taken() -> None:
    """The shortest way does not arrive, as it passes sites; a longer one does, as its light ends halfway."""
    links = SITES + link("ab", 400) + link("bd", 500) + link("ac", 500, 1, "line = t") + link("cd", 500)
    text = links + line(f"channels = 32; osnr = 24.3 dB; {SURE}") + line(f"channels = 32; osnr = 20 dB; {SURE}", "t")
    text += demand("ad", 800)
    assert messages(text) == []
    found = read(text)
    assert [derived(found, name, "transponders") for name in ("ab", "bd", "ac", "cd")] == ["64"] * 4
    (told,) = messages(text.replace("rate = 800 Gb/s;  }", "rate = 800 Gb/s; latency = 9 ms }"))
    assert told.startswith("WAN133 `ad`: what arrives over `ab` and `bd` without regeneration ")


def test_regenerated_at_a_campus() -> None:
    """A site that is named stands for the buildings in it, at which links end."""
    text = (
        "campus a { }\ncampus b { building hub { } }\ncampus c { }\n"
        + link("ab", 400).replace("[a, b]", "[a, b.hub]")
        + link("bc", 900).replace("[b, c]", "[b.hub, c]")
        + line(f"channels = 32; osnr = 23 dB; {SURE}")
        + demand("ac", 800, "regenerates = [b]")
    )
    assert messages(text) == []
    (told,) = messages(text.replace("regenerates = [b]", ""))
    assert told.startswith("WAN133 `ac`: ")


def test_reach_and_dispersion() -> None:
    """Of the links together, where they are stated."""
    text = ROW + line("channels = 32; reach = 900 km") + demand("ad", 800)
    assert messages(text) == [
        "WAN134 `ad`: the length of `ab`, `bc` and `cd` of 1,200 km, without regeneration, exceeds the reach of `s` of "
        "900 km by 300 km"
    ]
    text = ROW + line("channels = 32; dispersion = 17 ps/nm/km; dispersion_max = 10_000 ps/nm") + demand("ad", 800)
    assert messages(text) == [
        "WAN134 `ad`: the dispersion of `ab`, `bc` and `cd` without regeneration, 20,400 ps/nm, exceeds the "
        "10,000 ps/nm that `s` makes up for"
    ]


# --- channels ------------------------------------------------------------------------------------


def test_whole_wavelengths() -> None:
    """Demands of one light path share wavelengths; those that end elsewhere do not."""
    text = SITES + link("ab", 80) + link("bc", 80) + line("channels = 2")
    assert messages(text + demand("ac", 400) + demand("ca", 400) + demand("ab1", 800)) == []
    assert messages(text + demand("ac", 400) + demand("ab1", 400) + demand("ba1", 400)) == []
    assert messages(text + demand("ac", 500) + demand("ca", 400) + demand("ab1", 100)) == [
        "WAN135 `ab`: the light paths over it take at least 3 channels, and it has 2"
    ]


def test_directions_share_wavelengths() -> None:
    """What flows there and what flows back are carried by the same transponders."""
    text = SITES + link("ab", 80) + link("bc", 80) + line("channels = 1")
    there = demand("ac", 800, "rate_back = 0 Gb/s")
    back = "demand other { between = [c, a]; rate = 800 Gb/s; rate_back = 0 Gb/s }\n"
    assert messages(text + there + back) == []
    assert [one[:6] for one in messages(text + there + there.replace("demand ac", "demand twice"))] == ["WAN101"] * 2


def test_dated() -> None:
    """Only from the day on which channels lack."""
    text = SITES + link("ab", 80) + link("bc", 80) + line("channels = 2") + "plan p { horizon = 2026-01 .. 2028-12 }\n"
    text += demand("ac", 900) + demand("ab1", 100, "from = 2027-01; until = 2028-01")
    (finding,) = compile_text(text.replace("rate = 900", "rate = 850")).findings
    assert finding.message == (
        "`ab`: the light paths over it take at least 3 channels, and it has 2 from 2027-01 until 2028-01"
    )
    assert [fix.message for fix in finding.fixes] == ["raise `fiber_pairs` of `ab` to 2"]


def test_open_pairs_are_raised() -> None:
    """A hole is as large as whole wavelengths need."""
    text = SITES + link("ab", 80, "?") + link("bc", 80, "?") + line("channels = 2")
    text += demand("ac", 900) + demand("ab1", 100)
    found = read(text)
    assert not found.findings
    assert [show(found.situation.get(found.situation.at(one), "fiber_pairs")) for one in ("ab", "bc")] == ["2", "1"]  # type: ignore[arg-type]


def test_too_many_channels_are_not_told_apart() -> None:
    """That is said, and nothing is claimed."""
    text = (
        SITES
        + link("ab", 80)
        + link("bc", 80)
        + line("channels = 2_001").replace("800 Gb/s; spacing = 150 GHz; baud = 118 GHz", "30 Gb/s")
    )
    assert messages(text + demand("ac", 900)) == [
        "WAN136 `s`: whether all wavelengths have channels is not decided: the search ends without a proof"
    ]


# --- what is bought ------------------------------------------------------------------------------


def test_transponders() -> None:
    """A wavelength that passes a site has none there; the bill has what is left."""
    text = ROW + line("channels = 4; price = 8 kUSD") + demand("ad", 1_600) + demand("ac", 100, "from = 2027-01")
    text += "plan p { horizon = 2026-01 .. 2028-12; currency = USD }\n"
    found = read(text)
    assert not found.findings
    assert derived(found, "bc", "transponders") == "4 until 2027-01, 3 from 2027-01"
    optics = [one for one in lines(found.situation) if one.category == "optics"]
    assert [(one.site, one.quantity, one.description) for one in optics] == [
        ("ab", 6, "transponders, where its wavelengths end"),
        ("bc", 4, "transponders, where its wavelengths end"),
        ("cd", 6, "transponders, where its wavelengths end"),
    ]
    assert [show(one.price) for one in optics if one.price is not None] == ["6,000 USD", "4,000 USD", "6,000 USD"]


# --- what else is said ---------------------------------------------------------------------------


def test_what_is_not_examined() -> None:
    """Ways after a failure; and `express` without amplifiers."""
    text = SITES + link("ab", 80) + link("bc", 80) + link("ac", 80) + line("channels = 2")
    situation = read(text + demand("ab1", 100, "survives = link")).situation
    assert ("light of ab1 after a failure", "ways are judged while nothing fails") in not_examined(situation)
    bare = (
        SITES + link("ab", 30) + "line_system s { channels = 2; rate = 800 Gb/s; loss_max = 20 dB; express = true }\n"
    )
    told = ("s.express", "it has no amplifiers: its signals end at each site")
    assert told in not_examined(compile_text(bare).situation)


PLANS = {
    "noise": ROW + line(f"channels = 32; osnr = 24 dB; {SURE}") + demand("ad", 800) + demand("da", 800),
    "channels": SITES + link("ab", 80) + link("bc", 80) + line("channels = 2") + demand("ac", 900) + demand("ab1", 10),
    "mesh": SITES
    + "".join(link(name, 100) for name in ("ab", "bc", "cd", "da", "ac"))
    + line("channels = 3")
    + "".join(demand(name, rate) for name, rate in (("ab1", 900), ("bd1", 1_700), ("ac1", 1_500), ("cd1", 1_200))),
}


@pytest.mark.parametrize("name", PLANS)
def test_in_any_order(name: str) -> None:
    """The same is found and bought, however the statements are ordered."""
    statements = PLANS[name].splitlines()
    seen = set()
    for seed in range(12):
        random.Random(seed).shuffle(statements)
        result = compile_text("\n".join(statements))
        told = tuple(sorted((one.message, tuple(fix.message for fix in one.fixes)) for one in result.findings))
        links = result.situation.of_kind("link")
        seen.add((told, tuple(sorted((one.path, derived(result, one.path, "transponders")) for one in links))))
    assert len(seen) == 1
