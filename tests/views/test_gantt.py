"""Timelines: every date as it follows from the plan, and every text readable."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import jsonschema
import pytest
from drawn_sheets import ANY, faults, sizes, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.capacity.drawing import campus_plates, fleet_plates
from planlang.areas.capacity.schedule import MOST_ROWS
from planlang.compiler import compile_path, compile_text
from planlang.core.timeline import Item, Section, Timeline
from planlang.views import gantt
from planlang.views.canvas import SMALLEST
from planlang.views.schemas import schema

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir() or path.suffix == ".plan")

PRAIRIE = """
plan p "Deliveries" { horizon = 2026-01 .. 2029-01; as_of = 2026-07-15 }
system s "Rack" { power = 100 kW; accelerators = 72 }
campus c "Prairie" { pue = 1.2
  utility grid { capacity = [60 MW from 2026-01, 120 MW from 2027-06] }
  building gpu[1..3] { from = if index == 1 then 2026-02 else if index == 2 then 2027-01 else 2028-01
    hall h { deploy d { system = s; count = 150 } }
    substation t { rating = 40 MVA; count = 2; power_factor = 0.95; lead_time = 128 weeks }
    ups u { rating = 2.5 MW; count = 12; serves = [h]; lead_time = 20 weeks } }
  milestone one { by = 2026-06; holds = accelerators >= 10_000 }
  milestone two { by = 2026-10; holds = accelerators >= 20_000 }
  milestone never { by = 2028-06; holds = accelerators >= 50_000 }
}
"""


def timelines(text: str) -> list[Timeline]:
    situation = compile_text(text).situation
    return [
        one for one in (*fleet_plates(situation, None), *campus_plates(situation, None)) if isinstance(one, Timeline)
    ]


def rows(timeline: Timeline, title: str) -> list[tuple[str, str, str]]:
    (section,) = [one for one in timeline.sections if one.title == title]
    return [(item.title, str(item.start), gantt.slack(timeline, item)) for item in section.items]


def test_what_stands_on_it() -> None:
    """Grid steps, buildings, systems, orders by their lead times, and milestones by when they are met."""
    (found,) = timelines(PRAIRIE)
    assert rows(found, "Grid") == [("grid 60 MW", "2026-01-01", ""), ("grid 120 MW", "2027-06-01", "")]
    assert [row[:2] for row in rows(found, "Buildings")] == [
        ("gpu[1]", "2026-02-01"),
        ("gpu[2]", "2027-01-01"),
        ("gpu[3]", "2028-01-01"),
    ]
    assert rows(found, "Systems")[0] == ("150 x Rack", "2026-02-01", "")
    assert rows(found, "Deliveries") == [
        ("substation 40 MVA", "2026-02-01", "ordered"),
        ("ups 2.5 MW", "2026-02-01", "ordered"),
        ("substation 40 MVA", "2027-01-01", "104 weeks late"),
        ("ups 2.5 MW", "2027-01-01", "4 weeks left"),
        ("substation 40 MVA", "2028-01-01", "52 weeks late"),
        ("ups 2.5 MW", "2028-01-01", "56 weeks left"),
    ]
    assert rows(found, "Milestones") == [
        ("one", "2026-06-01", "17 weeks early"),
        ("two", "2026-10-01", "14 weeks late"),
        ("never", "2028-06-01", "never"),
    ]
    (soon,) = [item for section in found.sections for item in section.items if item.id == "ups 2.5 MW 2027-01-01"]
    assert gantt.state_of(found, soon).name == "near"


def test_late_is_what_the_check_says() -> None:
    """Deliveries are late just where BUY101 says so, and milestones where RUL103 does."""
    (found,) = timelines(PRAIRIE)
    codes = [one.code.code for one in compile_text(PRAIRIE).findings]
    late = [item for section in found.sections for item in section.items if item.late]
    assert sum(item.kind == "delivery" for item in late) == codes.count("BUY101") == 2
    missed = [item for section in found.sections for item in section.items if item.kind == "milestone" and item.is_late]
    assert len(missed) == codes.count("RUL103") == 2


ODD = """
plan p { horizon = 2026-01 .. 2029-12 }
campus c { pue = 1; utility grid { capacity = 60 MW }
  building one { load = [5 MW from 2026-02, 0 MW from 2027-01, 5 MW from 2027-07] }
  building gone { from = 2026-06; status = dropped; load = 1 MW }
  building rests { status = [live from 2026-01, paused from 2027-01]; load = 70 MW }
  milestone early { by = 2025-06; holds = it_load >= 0 MW }
  milestone lost { by = 2026-07; holds = one.it_load >= 5 MW }
}
"""


def test_late_is_what_is_late() -> None:
    """A milestone that holds from the start is not, nor one that is lost later: its code says that."""
    (found,) = timelines(ODD)
    assert rows(found, "Milestones") == [("early", "2025-06-01", ""), ("lost", "2026-07-01", "RUL103")]


def test_what_is_dropped_or_paused_is_not_there() -> None:
    """Dropped things are drawn as absent, paused ones end, and only what fails is hatched, on its dates."""
    (found,) = timelines(ODD)
    items = {item.id: item for section in found.sections for item in section.items}
    assert (items["c.gone"].absent, items["c.gone"].much) == (True, "dropped")
    assert gantt.state_of(found, items["c.gone"]).name == "inactive"
    assert (items["c.rests"].absent, str(items["c.rests"].until)) == (False, "2027-01-01")
    (grid,) = [item for item in items.values() if item.kind == "grid"]
    assert [tuple(map(str, one)) for one in grid.wrong] == [("2026-01-01", "2026-02-01"), ("2026-02-01", "2027-01-01")]


def test_nothing_to_show_is_no_sheet() -> None:
    """Where nothing has a date, there is no timeline."""
    assert timelines("campus c { pue = 1; load = 4 MW }") == []


def test_the_rows_of_a_fleet() -> None:
    """A fleet shows its sites, with the grid of each by its path."""
    text = PRAIRIE + "campus z { pue = 1; load = 4 MW; from = 2027-01; utility feed { capacity = 9 MW } }"
    fleet, *_ = timelines(text)
    assert [row[:2] for row in rows(fleet, "Sites")] == [("c", "2026-01-01"), ("z", "2027-01-01")]
    assert ("z.feed 9 MW", "2027-01-01", "") in rows(fleet, "Grid")


def test_many_rows() -> None:
    """Of more rows than a sheet has, those that are late stay, and how many are left out is said."""
    more = "".join(f"building b{n} {{ from = 20{26 + n // 12}-{n % 12 + 1:02}; load = 1 MW }}\n" for n in range(24))
    (found,) = timelines(PRAIRIE.replace("milestone one", more + "milestone one"))
    shown = [item for section in found.sections for item in section.items]
    assert len(shown) == MOST_ROWS
    assert sum(item.is_late for item in shown) == 4
    assert sum(section.more for section in found.sections) == 2 + 3 + 24 + 3 + 6 + 3 - MOST_ROWS
    drawing = texts(gantt.to_svg(found))
    assert any(words.endswith("more, in time") for words in drawing)
    assert faults(gantt.drawn(found)) == []


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_examples_can_be_read(path: Path) -> None:
    """No text on another, beyond the page or too small; the data holds to its schema."""
    situation = compile_path(str(path)).situation
    for one in (*fleet_plates(situation, None), *campus_plates(situation, None)):
        if isinstance(one, Timeline):
            canvas = gantt.drawn(one)
            assert faults(canvas) == []
            assert min(sizes(canvas.bytes())) >= SMALLEST
            assert 1.2 <= canvas.width / canvas.height <= 2.2
            jsonschema.validate(json.loads(gantt.to_json(one)), schema("timeline"))


DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 1, 1))


@st.composite
def any_timeline(draw: st.DrawFn) -> Timeline:
    """Sheets of every shape, with titles of any script and dates anywhere."""
    start, days = draw(DAYS), draw(st.integers(1, 9_000))
    sections, left = [], MOST_ROWS
    for number in range(draw(st.integers(1, 6))):
        many = draw(st.integers(0, min(left, 12)))
        left -= many
        kind = draw(st.sampled_from(["grid", "place", "deploy", "delivery", "link", "milestone"]))
        items = tuple(
            Item(
                f"i{number}.{place}",
                kind,
                draw(ANY),
                draw(ANY),
                draw(DAYS),
                draw(st.none() | DAYS),
                draw(st.none() | DAYS) if kind == "delivery" else None,
                draw(st.none() | DAYS) if kind == "milestone" else None,
                draw(st.sampled_from([0, 0, 3, 400])),
                draw(st.sampled_from([(), ("PWR103",), ("PWR103", "SPC101", "RUL103")])),
            )
            for place in range(many)
        )
        sections.append(Section(draw(ANY), items, draw(st.sampled_from([0, 0, 7]))))
    words = [draw(ANY) for _ in range(5)]
    span = (start, start + datetime.timedelta(days=days))
    return Timeline(
        "t", "t", words[0], words[1], words[2], words[3], words[4], span, draw(st.none() | DAYS), tuple(sections)
    )


@settings(max_examples=150, deadline=None)
@given(any_timeline())
def test_any_timeline_can_be_read(timeline: Timeline) -> None:
    assert faults(gantt.drawn(timeline)) == []
