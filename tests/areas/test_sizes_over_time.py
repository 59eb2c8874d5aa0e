"""Sizes hold on every date on which they stand, with every sibling that comes and goes."""

from __future__ import annotations

import pytest
from reading import read

from planlang.lang.text import show

LATE = """\
building b { load = 3 MW; pue = 1.2; peak_pue = 1.3
  utility g { capacity = 6 MW }
  ups a { rating = 1 MW; count = 4 }
  ups x { rating = 1 MW; count = ?; from = 2026-06 } }
"""
BEFORE = """\
building b { pue = 1.2; peak_pue = 1.3
  utility g { capacity = 20 MW }
  hall h1 { load = 2500 kW }
  hall h3 { load = 2000 kW }
  ups u1 { rating = 5 MW; from = 2026-03; serves = [h1] }
  ups u2 { rating = ?; count = 2; serves = [h1, h3] } }
"""
CATCHER = """\
building b {{ pue = 1.2; peak_pue = 1.3{claim}
  utility g {{ capacity = 20 MW }}
  hall h1 {{ load = 2 MW }}
  hall h2 {{ load = 1.5 MW }}
  ups u1 {{ rating = 2 MW; serves = [h1] }}
  ups u2 {{ rating = 2 MW; serves = [h2] }}
  ups k {{ {open}; serves = [h1, h2]; catcher = true }} }}
"""
THREE = """\
building b { load = 3.6 MW; pue = 1.2; peak_pue = 1.3; survives = [ups]
  utility g { capacity = 20 MW }
  ups a { rating = 1 MW; count = ? }
  ups x { rating = 1 MW; count = ? }
  ups y { rating = 1 MW; count = ? } }
"""


@pytest.mark.parametrize(
    ("text", "path", "name", "size"),
    [
        (LATE, "b.x", "count", "2"),
        (BEFORE, "b.u2", "rating", "1.625 MW"),
        (CATCHER.format(claim="", open="rating = ?"), "b.k", "rating", "2 MW"),
        (CATCHER.format(claim="; survives = [ups]", open="rating = ?"), "b.k", "rating", "2 MW"),
        (CATCHER.format(claim="; survives = [ups]", open="rating = 1 MW; count = ?"), "b.k", "count", "2"),
        (THREE, "b.a", "count", "2"),
        (THREE, "b.y", "count", "2"),
    ],
)
def test_the_least_that_holds_on_every_date(text: str, path: str, name: str, size: str) -> None:
    """The size is the least, and nothing that is sized fails its own check."""
    result = read(text)
    entity = result.situation.at(path)
    assert entity is not None
    assert show(result.situation.get(entity, name)) == size
    assert not [finding for finding in result.findings if finding.code.severity == "error"]


def test_a_count_of_none_is_a_group_that_is_not_there() -> None:
    """A feed with no units yet has no part of the load, as one that starts later has none."""
    later = read(LATE.replace("count = ?; from = 2026-06", "count = 2; from = 2026-06"))
    empty = read(LATE.replace("count = ?; from = 2026-06", "count = [2 from 2026-06]"))
    assert [later.findings, empty.findings] == [(), ()]
    sole = read(
        "building b { load = [1 MW from 2026-01]; pue = 1.2; peak_pue = 1.3\n"
        "ups u { rating = 1 MW; count = [2 from 2026-06] } }"
    )
    assert [finding.code.code for finding in sole.findings] == ["PWR110"]


SHARED = """\
campus c { pue = 1.2; peak_pue = 1.25; power_factor = 1.0
  hall h0 { load = 4 MW }
  hall h1 { load = 2 MW }
  transformer t0 { rating = ?; serves = [h0, h1] }
  transformer t1 { rating = 4 MVA; serves = [h1] } }
"""
HELD = """\
campus c { pue = 1.1; peak_pue = 1.25; power_factor = 1.0
  hall h { load = 500 kW
    transformer t0 { rating = 300 kVA; count = ? }
    transformer t1 { rating = 400 kVA } }
  utility u1 { capacity = 100 kW; serves = [h.t1] }
  utility u0 { capacity = 600 kW; serves = [h.t0] } }
"""
SPARE = """\
campus c { pue = 1.1; peak_pue = 1.25; power_factor = 1.0; survives = [transformer]
  hall h { load = 3 MW }
  transformer t0 { rating = 8 MVA }
  transformer t1 { rating = ? } }
"""
NONE = """\
campus c { pue = 1.1; peak_pue = 1.25; power_factor = 1.0
  hall h { load = 1 MW }
  transformer t0 { rating = 700 kVA; count = ? }
  transformer t1 { rating = 1 MVA; count = 2 }
  utility u0 { capacity = 700 kW; serves = [t0] }
  utility u1 { capacity = 600 kW; serves = [t1] } }
"""


@pytest.mark.parametrize(
    ("text", "path", "size", "why"),
    [
        (
            SPARE.replace("rating = ?", "rating = 2 MVA; count = ?"),
            "c.t1",
            "2",
            "`c` survives the loss of one transformer: with less, 3 MW of IT go dark without a unit of `c.t0`",
        ),
        (
            SPARE,
            "c.t1",
            "3.75 MVA",
            "`c` survives the loss of one transformer: without a unit of `c.t0` it has a load of 3.75 MW to carry",
        ),
        (
            NONE,
            "c.t0",
            "1",
            "the facility load of 650 kW needs 1 x 700 kVA, as what is beside it is given no more",
        ),
        (
            SHARED,
            "c.t0",
            "5 MVA",
            "the part of the facility load that `c.t1` cannot take, of 5 MW, is carried by 1 unit",
        ),
        (
            HELD,
            "c.h.t0",
            "2",
            "the facility load of 525 kW needs 2 x 300 kVA, as what is beside it is given no more",
        ),
    ],
)
def test_sizes_by_dispatch(text: str, path: str, size: str, why: str) -> None:
    """A pool is sized for what can be divided otherwise, and for what a source holds back from others of it."""
    result = read(text)
    assert result.verdict == "holds"
    ((hole, sized),) = result.situation.sized.items()
    assert (hole[0].path, show(sized.value), sized.why) == (path, size, why)
    less = text.replace("rating = ?", f"rating = {float(size.split()[0]) - 0.01:.2f} MVA").replace(
        "count = ?", f"count = {int(size[0]) - 1}"
    )
    assert read(less).verdict == "fails"


def test_a_rating_that_nothing_asks_for() -> None:
    """Without the claim the other carries it all, and no rating is the least."""
    result = read(SPARE.replace("; survives = [transformer]", ""))
    assert [one.message for one in result.findings if one.code.severity == "error"] == [
        "`c.t1`: no rating fills `rating = ?`: `c.t0` carries all of it, and no rating is the least"
    ]
    assert result.situation.sized == {}


def test_a_rating_beside_what_binds_on_the_day_with_fewest_units() -> None:
    """What a source holds back is carried by two units before there are three."""
    text = """plan p { horizon = 2026-01 .. 2027-12 }
campus c { pue = 1; peak_pue = 1; power_factor = 1
  hall h { load = 5 MW }
  substation s { rating = ?; count = [2 from 2026-01, 3 from 2027-01] }
  substation t { rating = 9 MVA }
  utility g { capacity = 2 MW; serves = [t] }
  utility rest { capacity = 9 MW; serves = [s] } }"""
    result = read(text)
    assert result.verdict == "holds"
    ((_, sized),) = result.situation.sized.items()
    assert show(sized.value) == "1.5 MVA"
