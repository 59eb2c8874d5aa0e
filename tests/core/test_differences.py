"""The list of changes: what is told of which edit, in which class, and by which causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planlang.comparing import compared
from planlang.compiler import compile_texts

if TYPE_CHECKING:
    from planlang.core.diff.records import Difference

BASE = """\
use nvidia
let racks = 4
template building hall {
  budget = 2 MW; pue = 1.2; peak_pue = 1.3
  deploy gpus { system = nvidia.gb200_nvl72; count = racks }
  ups block { rating = 1 MW; count = ?; redundancy = N+1 }
}
campus east {
  utility grid { capacity = 9 MW }
  building b[1..3] is hall { from = 2026-01 + (index - 1) * 6 months }
}
campus west {
  utility grid { capacity = 9 MW }
  building b is hall { from = 2026-01; deploy gpus { count = 2 } }
}
"""


def diff(old: str, new: str, more: dict[str, str] | None = None) -> Difference:
    sides = [compile_texts(texts, sorted(texts)) for texts in ({"a.plan": old}, {"a.plan": new, **(more or {})})]
    assert [side.verdict for side in sides if side.verdict == "unreadable"] == []
    return compared(*sides)


def edited(*replacements: tuple[str, str], text: str = BASE) -> Difference:
    """The base against itself with these replacements, each of which is one."""
    new = text
    for before, after in replacements:
        assert new.count(before) == 1, before
        new = new.replace(before, after)
    return diff(text, new)


def told(found: Difference) -> list[tuple[object, ...]]:
    return [(one.what, one.thing, one.path, one.instances, one.grade) for one in found.written]


# --- what is told, and what not ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("budget = 2 MW", "budget = 2_000 kW"),
        ("from = 2026-01 + (index - 1) * 6 months", "from = 2026-01 + (6 months) * (index - 1)"),
        ("count = 2 }", 'count = 2; note = "two"; source = "a letter"; tags = ["x"] }'),
        ("campus west {", '## Documented.\ncampus west "A title" {'),
        ("deploy gpus { count = 2 }", "gpus.count = 2"),
        ("let racks = 4", "let racks = 2 * 2"),
        ("b[1..3] is hall", "b[1..1 + 2] is hall"),
        ("capacity = 9 MW }\n  building b is", "capacity = [9 MW from 2026-01] }\n  building b is"),
    ],
)
def test_the_same_in_another_way(before: str, after: str) -> None:
    """Whatever gives the same values is no change, also if it is written otherwise."""
    if "[9 MW from" in after:  # that is zero before, and so no longer the same
        assert edited((before, after)).grade == "local"
        return
    found = edited((before, after))
    assert (found.grade, told(found), found.follows) == ("cosmetic", [], ())


def test_a_change_of_a_template_is_one() -> None:
    """With the blocks in which it acts: not those that write something of their own."""
    found = edited(("count = racks", "count = racks + 1"))
    own = ("east.b[1].gpus", "east.b[2].gpus", "east.b[3].gpus")
    assert told(found) == [("changed", "attribute", "hall.gpus.count", own, "verdict")]
    (change,) = found.written
    assert change.old is not None
    assert change.new is not None
    assert (change.old.text, change.old.value, change.new.text, change.new.value) == ("racks", 4, "racks + 1", 5)


def test_what_follows_names_its_cause() -> None:
    """A `let` is one change; the attributes that read it follow, as one; and so does all else."""
    found = edited(("let racks = 4", "let racks = 9"))
    assert told(found) == [("changed", "let", "racks", (), "verdict")]
    (follows,) = found.follows
    assert (follows.name, follows.paths, follows.old, follows.new, follows.causes) == (
        "count",
        ("east.b[1].gpus", "east.b[2].gpus", "east.b[3].gpus"),
        4,
        9,
        (1,),
    )
    assert {one.path for one in found.sizes} == {"east.b[1].block", "east.b[2].block", "east.b[3].block"}
    assert {one.causes for one in (*found.sizes, *found.stretches, *found.bill)} == {(1,)}


def test_sizes_say_what_decided() -> None:
    """Both sizes, and both reasons."""
    found = edited(("count = 2 }", "count = 8 }"))
    (size,) = found.sizes
    assert size.old is not None
    assert size.new is not None
    assert (size.path, size.name, size.old.value, size.new.value) == ("west.b.block", "count", 2, 3)
    assert size.old.why == "the critical load of 264 kW from 2026-01 needs 1 x 1 MW, of 2 under N+1"
    assert size.new.why == "the critical load of 1.056 MW from 2026-01 needs 2 x 1 MW, of 3 under N+1"


def test_stages_of_a_hole() -> None:
    """What is asked for on other dates is a change of what is written; a size that only follows is none."""
    text = BASE.replace("count = ?", "count = [? from 2026-01, ? from 2027-01]")
    found = diff(text, text.replace("? from 2027-01]", "? from 2026-07]").replace("count = 2 }", "count = 20 }"))
    assert [one[:3] for one in told(found)] == [
        ("changed", "attribute", "hall.block.count"),
        ("changed", "attribute", "west.b.gpus.count"),
    ]
    assert diff(BASE, BASE.replace("count = ?", "count = ? staged")).written[0].path == "hall.block.count"


def test_a_base_that_differs() -> None:
    """It is one change, and what the block has of it follows."""
    text = BASE.replace("campus east", "template building cold is hall { pue = 1.1; peak_pue = 1.2 }\ncampus east")
    found = edited(("building b is hall", "building b is cold"), text=text)
    assert [one[:3] for one in told(found)] == [("changed", "base", "west.b")]
    assert {(one.name, one.paths, one.causes) for one in found.follows} == {
        ("pue", ("west.b",), (1,)),
        ("peak_pue", ("west.b",), (1,)),
    }


def test_blocks_that_come_and_go() -> None:
    """The outermost ones, with how many stand in them; a range is one change."""
    found = edited(("b[1..3]", "b[1..5]"))
    assert told(found) == [("changed", "members", "east.b", ("east.b[4]", "east.b[5]"), "verdict")]
    assert [(one.what, one.path, one.within, one.causes) for one in found.entities] == [
        ("added", "east.b[4]", 2, (1,)),
        ("added", "east.b[5]", 2, (1,)),
    ]
    found = edited((BASE[BASE.index("campus west") :], ""))
    assert told(found) == [("removed", "block", "west", ("west",), "verdict")]
    assert [(one.what, one.path, one.within) for one in found.entities] == [("removed", "west", 4)]
    found = edited(("{ from = 2026-01; deploy", "{ remove block; from = 2026-01; deploy"))
    assert told(found) == [("added", "removal", "west.b.block", ("west.b.block",), "local")]
    assert [(one.what, one.path, one.causes) for one in found.entities] == [("removed", "west.b.block", (1,))]


def test_names() -> None:
    """A block that has another name is the same, with all that names it; what differs in it besides is told."""
    link = "fiber f { loss = 0.2 dB/km }\nlink l { between = [east, west]; length = 100 km; fiber_pairs = 1 }\n"
    found = diff(BASE + link, (BASE + link).replace("west", "far").replace("gpus", "racks_of"))
    assert found.grade == "cosmetic"
    assert [(one.thing, one.old_path, one.path) for one in found.written] == [
        ("block", "east.b[1].gpus", "east.b[1].racks_of"),
        ("block", "west", "far"),
    ]
    members = tuple(f"east.b[{number}].racks_of" for number in (1, 2, 3))
    assert found.written[0].instances == (*members, "far.b.racks_of")
    two_alike = "region n { carbon = 1 g/kWh }\nregion m { carbon = 1 g/kWh }\n"
    found = diff(two_alike, two_alike.replace("region n", "region k").replace("region m", "region l"))
    assert sorted(one.what for one in found.entities) == ["added", "added", "removed", "removed"]


def test_another_file() -> None:
    """A template and a system that move to a module, where one figure of them is edited: that is the one change."""
    own = "system rack { power = 100 kW; liquid = 0 }\n"
    old = BASE.replace("nvidia.gb200_nvl72", "rack") + own
    start, end = old.index("template"), old.index("campus east")
    parts = "system rack { power = 110 kW; liquid = 0 }\n" + old[start:end]
    new = (old[:start] + old[end:]).replace(own, "").replace("is hall", "is parts.hall")
    found = diff(old, f'use "parts.plan"\n{new}', {"parts.plan": parts})
    assert [one[:3] for one in told(found) if one[-1] != "cosmetic"] == [("changed", "attribute", "parts.rack.power")]


# --- rules, measures, what is accepted ---------------------------------------------------------------


def test_rules() -> None:
    """A rule is told as such, and is the one cause of its finding if it is new."""
    text = BASE + "require it_load <= 5 MW\n"
    found = diff(text, text.replace("let racks = 4", "let racks = 5") + 'require accelerators >= 9_999 "more"\n')
    assert [one[:3] for one in told(found)] == [("changed", "let", "racks"), ("added", "rule", "require")]
    assert [(one.what, one.shown.code.code, one.causes) for one in found.findings] == [("appears", "RUL101", (2,))]
    assert diff(text, text.replace("5 MW", '5 MW "said"')).written == ()
    found = diff(text, text.replace("<= 5 MW", "<= 1 MW"))
    assert [one[:3] for one in told(found)] == [("changed", "rule", "require")]


def test_measures() -> None:
    """Where both plans have one, measures are compared; where not, the default figures are shown, too."""
    text = BASE + "measure gpus = most(accelerators)\n"
    found = diff(text, text.replace("let racks = 4", "let racks = 5"))
    assert [(one.path, one.old, one.new, one.difference, one.moves) for one in found.measures] == [
        ("gpus", 1008, 1224, 216, True)
    ]
    assert found.measures[0].ratio == pytest.approx(216 / 1008)
    found = diff(BASE, text)
    assert found.grade == "local"
    assert [one.path for one in found.measures] == ["accelerators", "it_load", "facility_load", "bill_USD", "gpus"]
    assert [(one.path, one.is_in_both, one.causes) for one in found.measures][-1] == ("gpus", False, (1,))


def test_what_is_accepted() -> None:
    """A finding that somebody answers for is told apart, and by that."""
    text = BASE.replace("capacity = 9 MW }\n  building b is", "capacity = 1 kW }\n  building b is")
    accept = 'accept PWR103 "contract 17"'
    found = diff(text, text.replace("campus west {", f"campus west {{ {accept}"))
    assert [(one.what, one.shown.code.code, one.causes) for one in found.findings] == [("accepted", "PWR103", (1,))]
    assert [one[:3] for one in told(found)] == [("added", "accept", "west.PWR103")]
    back = diff(text.replace("campus west {", f"campus west {{ {accept}"), text)
    assert [one.what for one in back.findings] == ["no longer accepted"]


def test_findings_that_move() -> None:
    """In amounts, or in dates."""
    text = BASE.replace("capacity = 9 MW }\n  building b is", "capacity = 1 kW }\n  building b is")
    found = diff(text, text.replace("1 kW", "2 kW"))
    (change,) = found.findings
    assert change.what == "moves"
    assert change.old is not None
    assert change.new is not None
    assert change.old.message.endswith("exceeds its firm capacity of 1 kW by 342.2 kW from 2026-01")
    assert change.new.message.endswith("exceeds its firm capacity of 2 kW by 341.2 kW from 2026-01")


# --- causes ------------------------------------------------------------------------------------------


def test_each_campus_has_its_own_causes() -> None:
    """Of two edits each is named where it acts."""
    grid = "capacity = 9 MW }\n  building b["
    found = edited((grid, grid.replace("9", "8")), ("count = 2 }", "count = 5 }"))
    assert [(one.number, one.path) for one in found.written] == [(1, "east.grid.capacity"), (2, "west.b.gpus.count")]
    assert {(one.path, one.causes) for one in found.stretches} == {("east", (1,)), ("west", (2,))}
    assert {one.causes for one in found.bill} == {(2,)}
    assert {(one.path, one.causes) for one in found.measures if one.moves} == {
        ("accelerators", (2,)),
        ("it_load", (2,)),
        ("facility_load", (2,)),
        ("bill_USD", (2,)),
    }
    assert [one.grade for one in found.written] == ["local", "verdict"]


def test_loads_and_capacities_of_one_campus_have_their_own_causes() -> None:
    """Sums follow from what acts in the innermost blocks in which they differ."""
    grid, rating = "capacity = 9 MW }\n  building b is", "rating = 1 MW"
    found = edited((grid, grid.replace("9", "8")), (rating, "rating = 2 MW"), ("count = 2 }", "count = 5 }"))
    numbers = {one.path: one.number for one in found.written}
    assert numbers == {"hall.block.rating": 1, "west.b.gpus.count": 2, "west.grid.capacity": 3}
    assert {(one.figure, one.causes) for one in found.stretches} == {
        ("load", (2,)),
        ("capacity", (3,)),
        ("headroom", (2, 3)),
    }
    assert {one.causes for one in found.measures if one.moves and one.path != "bill_USD"} == {(2,)}


def test_a_system_reaches_those_that_deploy_it() -> None:
    """By reference: only the campus that has racks of it."""
    own = BASE.replace("nvidia.gb200_nvl72; count = racks", "rack; count = racks")
    text = own.replace("count = 2 }", "system = other; count = 2 }")
    systems = "system rack { power = 100 kW; liquid = 0 }\nsystem other { power = 90 kW; liquid = 0 }\n"
    found = diff(text + systems, text + systems.replace("100 kW", "101 kW").replace("90 kW", "91 kW"))
    assert [one.path for one in found.written] == ["other.power", "rack.power"]
    assert {(one.path, one.causes) for one in found.stretches} == {("east", (2,)), ("west", (1,))}


def test_stretches_are_exact() -> None:
    """On the days on which a load differs, and by how much; a campus that is gone has no figure."""
    found = edited(("2026-01 + (index - 1) * 6 months", "2026-01 + (index - 1) * 9 months"))
    loads = [one for one in found.stretches if one.figure == "load"]
    rack, watts = 4 * 132e3 * 1.3, []
    for one in loads:
        assert one.old is not None
        assert one.new is not None
        watts.append((str(one.start), str(one.until), round((one.new - one.old) / rack, 9)))
    assert watts == [("2026-07-01", "2026-10-01", -1.0), ("2027-01-01", "2027-07-01", -1.0)]
    gone = edited((BASE[BASE.index("campus west") :], ""))
    assert {one.new for one in gone.stretches} == {None}


def test_unused_templates_and_scenarios_are_told() -> None:
    """Nothing shows what they come to, so that they are told."""
    text = BASE + "template building spare { pue = 1.2 }\nscenario late { west.grid.capacity = 3 MW }\n"
    found = diff(text, text.replace("{ pue = 1.2 }", "{ pue = 1.3 }").replace("= 3 MW }", "= 4 MW }"))
    assert told(found) == [
        ("changed", "scenario", "late", (), "local"),
        ("changed", "attribute", "spare.pue", (), "local"),
    ]


def test_the_order_of_statements_says_nothing() -> None:
    """The same changes in the same order."""
    new = BASE.replace("racks = 4", "racks = 5").replace("9 MW }\n  building b is", "8 MW }\n  building b is")
    start = new.index("campus west")
    turned = new[start:] + new[:start]
    found = [diff(BASE, text) for text in (new, turned)]
    assert [told(one) for one in found] == [told(found[0])] * 2
    assert len({str([each.causes for each in one.stretches]) for one in found}) == 1
