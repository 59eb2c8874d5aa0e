"""`plan show` without an expression: the plan as a tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = """\
use nvidia
plan small "Small site" { horizon = 2026-01 .. 2028-12 }
campus east "East" {
  at = (41, -95)
  utility grid { capacity = [20 MW from 2026-01, 40 MW from 2027-06] }
  milestone done { by = 2027-09; holds = accelerators > 1 }
  building b[1..2] "Hall" {
    from = 2026-03 + (index - 1) * 12 months
    budget = 12 MW
    pue = 1.2
    peak_pue = 1.3
    deploy gpus { system = nvidia.gb200_nvl72; count = 80 }
    ups block { rating = 2.5 MW; count = ?; redundancy = N+1 }
  }
}
campus west { at = (41, -90); building spare { from = 2027-01; generator g { rating = 3 MW; count = 2 } } }
link haul { between = [east, west]; length = 500 km; line = optics_line; fiber_pairs = 2 }
line_system optics_line { channels = 32; rate = 800 Gb/s; osnr = 15 dB }
demand one { between = [east, west]; rate = 10 Tb/s; from = 2026-06 }
"""

# 2 x 80 x 132 kW = 21.12 MW, x 1.3 = 27.456 MW of 20 MW; five of six UPS carry 12.5 MW; 2 x 32 x 800 Gb/s = 51.2 Tb/s.
TREE = """\
Small site: 11,520 accelerators, 21.12 MW of IT load, on 2027-03

                    what                     load of limit     full  on
campus east         11,520 accelerators      21.12 MW                2027-03
  utility grid                               27.456 of 20 MW   137%  2027-03
  milestone done    by 2027-09
  building b[1..2]  5,760 accelerators       10.56 of 12 MW    88%   2026-03, 2027-03
    deploy gpus     80 x nvidia.gb200_nvl72  10.56 MW                2026-03
    ups block       6 x 2.5 MW, N+1          10.56 of 12.5 MW  84%   2026-03
      sized count = 6: the critical load of 10.56 MW from 2026-03 until 2029-01 needs 5 x 2.5 MW, of 6 under N+1
campus west                                  0 W
  building spare                             0 W
    generator g     2 x 3 MW                 0 of 6 MW         0%
link haul           2 x optics_line          10 of 51.2 Tb/s   20%   2026-06
demand one                                   10 Tb/s                 2026-06
"""

IN_MAY = """\
Small site: 5,760 accelerators, 10.56 MW of IT load, on 2026-05

                  what                     load of limit     full  on
campus east       5,760 accelerators       10.56 MW
  utility grid                             13.728 of 20 MW   69%
  milestone done  by 2027-09
  building b[1]   5,760 accelerators       10.56 of 12 MW    88%
    deploy gpus   80 x nvidia.gb200_nvl72  10.56 MW
    ups block     6 x 2.5 MW, N+1          10.56 of 12.5 MW  84%
      sized count = 6: the critical load of 10.56 MW from 2026-03 until 2029-01 needs 5 x 2.5 MW, of 6 under N+1
  building b[2]   (from 2027-03)
    deploy gpus   (from 2027-03)
    ups block     (from 2027-03)
      sized count = 6: the critical load of 10.56 MW from 2027-03 until 2029-01 needs 5 x 2.5 MW, of 6 under N+1
campus west                                0 W
  building spare  (from 2027-01)
    generator g   (from 2027-01)
link haul         2 x optics_line          0 of 51.2 Tb/s    0%
demand one        (from 2026-06)
"""


@pytest.fixture(autouse=True)
def _site(place: Path) -> None:
    (place / "a.plan").write_text(SITE)


def test_the_tree(plan: Callable[..., Any]) -> None:
    """Each thing when it is fullest, members of a range that are alike as one; or all on one date."""
    assert plan("show") == (0, TREE, "")
    assert plan("show", "a.plan", "--at", "2026-05") == (0, IN_MAY, "")


def test_an_empty_tree(plan: Callable[..., Any], place: Path) -> None:
    """A plan may hold nothing."""
    (place / "a.plan").write_text("plan p { }\nlet x = 1\n")
    assert plan("show") == (0, "p: nothing stands in it\n", "")
    made = json.loads(plan("show", "--format", "json").out)
    assert made == {"format_version": "1.0", "plan": "p", "at": None, "holds": []}


def test_as_csv(plan: Callable[..., Any]) -> None:
    """A row a thing, no members folded; loads are plain numbers in SI units."""
    code, out, err = plan("show", ".", "--format", "csv")
    why = "needs 5 x 2.5 MW, of 6 under N+1"
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "path,kind,title,on,count,unit,redundancy,accelerators,load,limit,load_unit,utilization,sized",
        "east,campus,East,2027-03-01,,,,11520,21120000,,W,,",
        "east.grid,utility,,2027-03-01,,,,,27456000,20000000,W,1.3728,",
        "east.done,milestone,,,,,,,,,,,",
        "east.b[1],building,Hall,2026-03-01,,,,5760,10560000,12000000,W,0.88,",
        "east.b[1].gpus,deploy,,2026-03-01,80,nvidia.gb200_nvl72,,,10560000,,W,,",
        "east.b[1].block,ups,,2026-03-01,6,2.5 MW,N+1,,10560000,12500000,W,0.8448,"
        f'"count = 6: the critical load of 10.56 MW from 2026-03 until 2029-01 {why}"',
        "east.b[2],building,Hall,2027-03-01,,,,5760,10560000,12000000,W,0.88,",
        "east.b[2].gpus,deploy,,2027-03-01,80,nvidia.gb200_nvl72,,,10560000,,W,,",
        "east.b[2].block,ups,,2027-03-01,6,2.5 MW,N+1,,10560000,12500000,W,0.8448,"
        f'"count = 6: the critical load of 10.56 MW from 2027-03 until 2029-01 {why}"',
        "west,campus,,,,,,0,0,,W,,",
        "west.spare,building,,,,,,0,0,,W,,",
        "west.spare.g,generator,,,2,3 MW,N,,0,6000000,W,0,",
        "haul,link,,2026-06-01,2,optics_line,,,10000000000000,51200000000000,bit/s,0.1953125,",
        "one,demand,,2026-06-01,,,,,10000000000000,,bit/s,,",
    ]


def test_as_json(plan: Callable[..., Any]) -> None:
    """Each thing with what it amounts to, in it what it holds; what it has not is null."""
    made = json.loads(plan("show", ".", "--format", "json").out)
    assert (made["format_version"], made["plan"], made["at"]) == ("1.0", "small", None)
    assert [one["path"] for one in made["holds"]] == ["east", "west", "haul", "one"]
    grid, done, hall, _ = made["holds"][0]["holds"]
    assert grid == {
        **{"path": "east.grid", "kind": "utility", "title": None, "from": None, "until": None, "on": "2027-03-01"},
        **{"active": True, "count": None, "unit": None, "redundancy": None, "accelerators": None},
        "load": {"kind": "quantity", "value": 27456000.0, "unit": "W", "text": "27.456 MW"},
        "limit": {"kind": "quantity", "value": 20000000.0, "unit": "W", "text": "20 MW"},
        **{"utilization": {"kind": "number", "value": 1.3728}, "sized": [], "holds": []},
    }
    assert (done["kind"], done["load"], done["limit"]) == ("milestone", None, None)
    assert (hall["title"], hall["from"]) == ("Hall", "2026-03-01")
    assert hall["accelerators"] == {"kind": "number", "value": 5760}
    ups = hall["holds"][1]
    assert ups["count"] == {"kind": "number", "value": 6}
    assert ups["unit"] == {"kind": "quantity", "value": 2.5e6, "unit": "W", "text": "2.5 MW"}
    assert ups["redundancy"] == {"kind": "redundancy", "value": "N+1"}
    why = "the critical load of 10.56 MW from 2026-03 until 2029-01 needs 5 x 2.5 MW, of 6 under N+1"
    assert ups["sized"] == [{"attribute": "count", "value": {"kind": "number", "value": 6}, "why": why}]
    then = json.loads(plan("show", ".", "--format", "json", "--at", "2026-05").out)
    later = then["holds"][0]["holds"][3]
    assert (then["at"], later["path"], later["active"], later["load"]["value"]) == ("2026-05-01", "east.b[2]", False, 0)


def test_a_load_without_a_limit(plan: Callable[..., Any], place: Path) -> None:
    """Load on plant that carries nothing is beyond any percentage, and null in JSON."""
    (place / "a.plan").write_text(
        "plan p { horizon = 2026-01 .. 2031-12 }\n"
        "campus c { utility g { capacity = [9 MW from 2030-01] }\n"
        "building b { load = 1 MW; pue = 1.2; peak_pue = 1.3 } }\n"
    )
    assert plan("show").out == (
        "p: 0 accelerators, 1 MW of IT load\n\n"
        "              what  load of limit  full     on\n"
        "campus c            1 MW\n"
        "  utility g         1.3 of 0 MW    >9,999%  2026-01\n"
        "  building b        1 MW\n"
    )
    made = json.loads(plan("show", ".", "--format", "json").out)
    assert made["holds"][0]["holds"][0]["utilization"] is None


def test_members_that_differ_stand_apart(plan: Callable[..., Any], place: Path) -> None:
    """A range is one line only where all that stands in its members is alike."""
    (place / "a.plan").write_text(
        "campus c[1..4] { let number = index\n"
        "building b { load = if number == 3 then 2 MW else 1 MW; pue = 1.2; peak_pue = 1.3 } }\n"
    )
    assert plan("show").out == (
        "work: 0 accelerators, 5 MW of IT load\n\n"
        "                 what  load of limit  full  on\n"
        "campus c[1,2,4]        1 MW\n"
        "  building b           1 MW\n"
        "campus c[3]            2 MW\n"
        "  building b           2 MW\n"
    )


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("east.grid", "there is no `east.grid`; to ask it of the plan here: `plan show . east.grid`"),
        ("1 + 1", "there is no `1 + 1`; to ask it of the plan here: `plan show . '1 + 1'`"),
        ("b.plan", "there is no `b.plan`; did you mean `a.plan`?"),
        ("site/b", "there is no `site/b`"),
    ],
)
def test_a_question_in_the_place_of_a_path(plan: Callable[..., Any], word: str, said: str) -> None:
    """One word that is no path is answered by how to ask it."""
    assert plan("show", word) == (2, "", f"plan: {said}\n")
