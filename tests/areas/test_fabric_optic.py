"""The optic that fills `transceiver = ?`, why that one, and what is said where none fits."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from planlang.compiler import compile_text

sys.path.insert(0, str(Path(__file__).parent.parent))
from reading import derived, messages, read

HEAD = """
switch leaf { ports = 64; rate = 800 Gb/s; split = 8; power = 1 kW; port_power = 20 W }
transceiver sr { rate = 800 Gb/s; strands = 16; reach = 50 m; power = 15 W }
transceiver dr { rate = 800 Gb/s; strands = 16; reach = 500 m; loss_max = 3 dB; power = 17 W }
transceiver lpo { rate = 800 Gb/s; strands = 16; reach = 500 m; loss_max = 2 dB; power = 9 W }
transceiver fr { rate = 800 Gb/s; strands = 2; reach = 2 km; loss_max = 4 dB; power = 16 W }
transceiver lr { rate = 800 Gb/s; strands = 2; reach = 10 km; loss_max = 6.3 dB; power = 24 W }
transceiver half { rate = 400 Gb/s; strands = 8; reach = 500 m; power = 8 W }
transceiver double { rate = 1_600 Gb/s; strands = 16; reach = 500 m; power = 10 W }
transceiver zr { rate = 800 Gb/s; strands = 2; reach = 120 km; spacing = 150 GHz; power = 1 W }
system g { accelerators = 8; tray = 8; nic = 800 Gb/s; power = 10 kW; liquid = 0% }
building b { pue = 1.2; peak_pue = 1.3; hall h { deploy d { system = g; count = 32 } } }
"""


def fabric(body: str) -> str:
    return HEAD + f"fabric f {{ connects = [b.h.d]; switch = leaf; tiers = 2; transceiver = ?; {body} }}\n"


def sized(text: str) -> tuple[str, str]:
    plan = read(text)
    ((_, found),) = plan.situation.sized.items()
    return getattr(found.value, "path", ""), found.why


@pytest.mark.parametrize(
    ("body", "plug", "why"),
    [
        (
            "length = 40 m",
            "lpo",
            "it draws the least a link of 4 that fit, 9 W, as none has a price, for links of up to 40 m",
        ),
        (
            "length = 40 m; connectors = 5",
            "sr",
            "it draws the least a link of 3 that fit, 15 W, as none has a price, for links of up to 40 m",
        ),
        (
            "length = 300 m; connectors = 5",
            "fr",
            "it draws the least a link of 2 that fit, 16 W, as none has a price, for links of up to 300 m",
        ),
        (
            "length = 40 m; host_length = 400 m",
            "lpo",
            "it draws the least a link of 3 that fit, 9 W, as none has a price, for links of up to 400 m",
        ),
        (
            "length = 40 m; top_length = 1 km; connectors = 4",
            "fr",
            "no other of those known fits, for links of up to 1 km",
        ),
        (
            "split = 8; planes = 8; length = 40 m",
            "lpo",
            "it draws the least a link of 3 that fit, 1.125 W, as none has a price, for links of up to 40 m",
        ),
        (
            "",
            "lpo",
            "it draws the least a link of 4 that fit, 9 W, as none has a price; no length of its links is written, so "
            "that any reach will do",
        ),
        (
            "length = 40 m; top_length = 1 km; top_transceiver = lr; host_length = 30 m",
            "lpo",
            "it draws the least a link of 4 that fit, 9 W, as none has a price, for links of up to 30 m",
        ),
        (
            "length = 40 m; nic_transceiver = fr",
            "fr",
            "no other of those known fits, for links of up to 40 m",
        ),
    ],
)
def test_chosen(body: str, plug: str, why: str) -> None:
    """By reach, loss, fibers, the draw that a port gives, and the plug at the other end; then by draw."""
    assert sized(fabric(body)) == (plug, why)
    found = [one for one in messages(fabric(body)) if one.startswith(("FAB", "HOL"))]
    assert [one for one in found if "`lr` draws" not in one] == []  # that one is written, and no port gives as much


def test_by_price() -> None:
    """The least price a link comes first, then those without a price; of several currencies none counts."""
    text = fabric("length = 40 m")
    dear = text.replace("loss_max = 3 dB; power = 17 W", "loss_max = 3 dB; power = 17 W; price = 900 USD")
    assert sized(dear) == ("dr", "it has the least price a link of 4 that fit, 900 USD, for links of up to 40 m")
    cheap = dear.replace("reach = 50 m; power = 15 W", "reach = 50 m; power = 15 W; price = 400 USD")
    assert sized(cheap) == ("sr", "it has the least price a link of 4 that fit, 400 USD, for links of up to 40 m")
    other = cheap.replace("400 USD", "400 EUR")
    assert sized(other) == (
        "lpo",
        "it draws the least a link of 4 that fit, 9 W, as prices are in several currencies, for links of up to 40 m",
    )


def test_of_the_catalogue() -> None:
    """What the plan uses is known beside its own; what it does not use is not."""
    text = fabric("length = 1.5 km")
    assert sized(text)[0] == "fr"
    used = "use optics\n" + text
    assert sized(used) == (
        "optics.fr4_800g",
        "it draws the least a link of 4 that fit, 15 W, as none has a price, for links of up to 1.5 km",
    )


def test_what_it_draws_counts() -> None:
    """Its draw is that of the fabric, and bounds how many systems fit, before and after it is chosen."""
    text = fabric("length = 40 m").replace("count = 32", "count = ?").replace("hall h {", "hall h { budget = 330 kW;")
    plan, written = (read(one) for one in (text, text.replace("transceiver = ?", "transceiver = lpo")))
    for name in ("power", "transceivers", "strands", "switches"):
        assert derived(plan, "f", name) == derived(written, "f", name)
    assert derived(plan, "b.h", "it_load") == derived(written, "b.h", "it_load")
    assert plan.verdict == "holds"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "length = 30 km",
            "none of 7 known transceivers fits: the nearest is `fr`, which reaches 2 km where links between leaves and "
            "spines are 30 km long and which bears 4 dB where links between leaves and spines lose 13 dB",
        ),
        (
            "length = 40 m; connectors = 12",
            "none of 7 known transceivers fits: the nearest is `lr`, which draws 24 W where a port of `leaf` gives "
            "20 W",
        ),
        (
            "length = 40 m; host_transceiver = sr; top_transceiver = sr",
            "all of its links have another optic or a cable",
        ),
    ],
)
def test_none_fits(body: str, reason: str) -> None:
    """One error, which says the nearest and what keeps it."""
    text = fabric(body).replace("reach = 50 m; power = 15 W", "reach = 50 m; loss_max = 2 dB; power = 15 W")
    found = [f"{one.code.code} {one.message}" for one in compile_text(text).findings if one.code.severity == "error"]
    assert found == [f"HOL102 `f`: no transceiver fills `transceiver = ?`: {reason}"]


def test_none_is_known() -> None:
    """A plan without optics is told where they are."""
    leaf = "switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }\n"
    text = leaf + "fabric f { switch = leaf; tiers = 2; transceiver = ? }"
    assert (
        "HOL102 `f`: no transceiver fills `transceiver = ?`: no transceiver is known: write one, or `use optics`"
        in messages(text)
    )


def test_by_runs() -> None:
    """The longest run that links span counts."""
    more = "building e { pue = 1.2; peak_pue = 1.3; hall h { deploy d { system = g; count = 32 } } }\n"
    text = fabric("length = 40 m; run far { between = [b.h, e.h]; length = 1.2 km }").replace(
        "[b.h.d]", "[b.h.d, e.h.d]"
    )
    assert sized(text + more) == ("fr", "no other of those known fits, for links of up to 1.2 km")


def test_tiers_of_lists() -> None:
    """Where lists do not fit, that is the one error."""
    text = fabric("oversubscription = [1, 3]")
    assert [one for one in messages(text) if one.startswith(("HOL", "FAB"))] == [
        "FAB122 `f` has 2 tiers: `oversubscription` is a list of 2, and 1 is due, one for each tier but the last"
    ]


def test_no_hole_in_a_list() -> None:
    """`?` is the whole value."""
    text = fabric("length = 40 m").replace("transceiver = ?", "transceiver = [dr, ?]")
    assert messages(text) == ["KND103 `transceiver` holds `?`, which stands for all that it says, and in no list"]


def test_ports_that_are_not_known() -> None:
    """A tier whose switch says no ports bounds nothing, and its optic is chosen by the other figures."""
    text = fabric("length = 40 m").replace("switch = leaf", "switch = [leaf, bare]")
    assert sized(text + "switch bare { rate = 800 Gb/s; power = 1 kW }\n")[0] == "lpo"
