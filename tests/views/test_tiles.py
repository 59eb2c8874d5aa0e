"""A fleet as tiles: who stands where, what each says, and that every text can be read."""

from __future__ import annotations

import json
import random
from xml.etree import ElementTree

import jsonschema
import pytest
from drawn_sheets import ANY, SVG, faults, sizes, texts
from hypothesis import given, settings

from planlang.areas.site.drawing import MOST_CAMPUSES, fleet_plates, fleet_sheets
from planlang.compiler import compile_text
from planlang.core.fleet import Fleet
from planlang.views import tiles
from planlang.views.canvas import SMALLEST
from planlang.views.schemas import schema


def fleet(many: int, regions: int, seed: int = 1) -> str:
    """A fleet whose campuses differ in size, date, limit and title."""
    chance = random.Random(seed)
    lines = ['plan p "Fleet" { horizon = 2026-01 .. 2030-01 }']
    lines += [f'region r{one} "Region {one}" {{ }}' for one in range(regions)]
    for number in range(many):
        title = chance.choice(["Ames", "West Des Moines", "A title that is far too long for any tile", "北京"])
        where = f"region = r{number % regions}; " if regions else ""
        status = chance.choice(["", "", "", "status = paused; "])
        limit = f"utility grid {{ capacity = {chance.choice([100, 200, 400])} MW }}" if chance.random() < 0.9 else ""
        first, then = chance.randint(0, 200), chance.randint(0, 400)
        load = f"[{first} MW from 2026-0{chance.randint(1, 9)}, {then} MW from 2028-0{chance.randint(1, 9)}]"
        lines.append(f'campus c{number} "{title} {number}" {{ pue = 1.2; {where}{status}{limit}\n  load = {load} }}')
    return "\n".join(lines)


def drawn(text: str) -> list[Fleet]:
    return fleet_plates(compile_text(text).situation, None)


def test_few_campuses_are_a_graph_and_many_are_tiles() -> None:
    """A dozen are drawn with their buildings; one more makes tiles of all, and no graph beside."""
    for many in (MOST_CAMPUSES, MOST_CAMPUSES + 1):
        situation = compile_text(fleet(many, 2)).situation
        assert bool(fleet_sheets(situation, None)) == (many == MOST_CAMPUSES)
        assert bool(fleet_plates(situation, None)) == (many > MOST_CAMPUSES)


SMALL = (
    """
plan p "Fleet" { horizon = 2026-01 .. 2028-01 }
region north "North" { }
"""
    + "".join(f"campus c{number} {{ pue = 1 }}\n" for number in range(10))
    + """
campus full "Full" { pue = 1; region = north; utility grid { capacity = 100 MW }
  load = [50 MW from 2026-01, 152 MW from 2027-01] }
campus near "Near" { pue = 1; region = north; utility grid { capacity = 100 MW }
  load = [50 MW from 2026-01, 95 MW from 2027-07] }
campus wide "Wide" { pue = 1; region = north; utility grid { capacity = 100 MW }; load = 40 MW }
campus tall "Tall" { pue = 1; region = north; utility grid { capacity = 100 MW }
  hall h { density = 50 kW; deploy d { system = s; count = 10 } } }
campus gone "Gone" { pue = 1; region = north; status = dropped; load = 40 MW }
system s { power = 100 kW }
"""
)


def test_what_tiles_say() -> None:
    """Worst first: what is over its limit and since when, what fails otherwise, what is tight, what holds."""
    (sheet,) = drawn(SMALL)
    rows = {row.region: row.tiles for row in sheet.rows}
    assert [(one.title, tiles.words_of(one), tiles.state_of(one).name) for one in rows["North"]] == [
        ("Tall", "fails: SPC102", "over"),
        ("Full", "fails 2027-01", "over"),
        ("Near", "tight, 95% 2027-07", "near"),
        ("Wide", "holds, 40% at most", "ok"),
        ("Gone", "inactive", "inactive"),
    ]
    assert {tiles.words_of(one) for one in rows[""]} == {"holds"}
    words = texts(tiles.to_svg(sheet))
    assert {"50 to 152 MW", "152%", "2 fail", "1 tight", "5 campuses", "no limit is written"} <= set(words)


def test_utilization_is_exact_over_time() -> None:
    """Steps stand at their dates, of the fullest of grid and plant."""
    text = SMALL.replace(
        "campus wide",
        'campus plant "Plant" { pue = 1; utility grid { capacity = 100 MW }\n'
        "  hall h { load = [40 MW from 2026-01, 20 MW from 2026-10] }\n"
        "  ups u { rating = 10 MW; count = 5; serves = [h] } }\ncampus wide",
        1,
    )
    (sheet,) = drawn(text)
    (tile,) = [one for one in sheet.every if one.id == "plant"]
    assert [(str(one.start), str(one.until), one.full) for one in tile.strip] == [
        ("2026-01-01", "2026-10-01", 0.8),
        ("2026-10-01", "2028-02-01", 0.4),
    ]
    assert (tile.fullest, str(tile.fullest_on), tile.load) == (0.8, "2026-01-01", (40e6, 20e6))


@pytest.mark.parametrize(("many", "regions"), [(13, 0), (40, 4), (60, 1), (150, 7)])
def test_every_text_can_be_read(many: int, regions: int) -> None:
    """None on another, none beyond the page, none too small; every campus on one sheet, and its data the same."""
    sheets = drawn(fleet(many, regions))
    seen = []
    for sheet in sheets:
        canvas = tiles.drawn(sheet)
        assert faults(canvas) == []
        assert min(sizes(canvas.bytes())) >= SMALLEST
        data = json.loads(tiles.to_json(sheet))
        jsonschema.validate(data, schema("fleet"))
        ids = {one.get("id") for one in ElementTree.fromstring(canvas.bytes()).iter(f"{SVG}g")}
        assert {one["of"] for one in data["campuses"]} <= ids
        seen += [one["of"] for one in data["campuses"]]
    assert sorted(seen) == sorted(f"c{number}" for number in range(many))
    assert [sheet.part for sheet in sheets] == (
        [""] if len(sheets) == 1 else [f"{place} of {len(sheets)}" for place in range(1, len(sheets) + 1)]
    )


def test_the_same_in_any_order() -> None:
    """Statements may stand in any order."""
    lines = fleet(20, 3).splitlines()
    blocks = "\n".join(lines).split("\ncampus ")
    shuffled = [blocks[0], *random.Random(2).sample(blocks[1:], len(blocks) - 1)]
    one, other = (drawn(text) for text in ("\ncampus ".join(blocks), "\ncampus ".join(shuffled)))
    assert [tiles.to_svg(sheet) for sheet in one] == [tiles.to_svg(sheet) for sheet in other]


@settings(max_examples=25, deadline=None)
@given(ANY)
def test_titles_are_text(title: str) -> None:
    """Whatever a title has in it, it is drawn as text and stays on the page."""
    (sheet,) = drawn(SMALL)
    row = sheet.rows[0]
    tile = row.tiles[0]._replace(title=title, href="javascript:alert(1)")
    canvas = tiles.drawn(sheet._replace(title=title, rows=(row._replace(tiles=(tile,), region=title),)))
    assert faults(canvas) == []
    drawing = ElementTree.fromstring(canvas.bytes())
    assert not [one for one in drawing.iter() if "javascript" in (one.get("href") or "")]
