"""Charts over time: exact steps, every text readable, and the same figures in picture and data."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from drawn_sheets import ANY, faults, sizes, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.capacity.drawing import campus_plates, fleet_plates
from planlang.compiler import compile_path, compile_text
from planlang.core.chart import Charts, Panel, Step
from planlang.lang.dimensions import DATA_RATE, POWER
from planlang.views import axis, chart
from planlang.views.canvas import SMALLEST
from planlang.views.schemas import schema

if TYPE_CHECKING:
    from planlang.core.situation import Situation

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir() or path.suffix == ".plan")

TWO = """
plan p "Two" { horizon = 2026-01 .. 2028-01 }
system s { power = 100 kW; accelerators = 8 }
campus a "A" { pue = 1; at = (40, -90)
  utility grid { capacity = [10 MW from 2026-01, 30 MW from 2027-01] }
  building b[1..3] { from = if index == 1 then 2026-01 else 2026-07
    hall h { positions = 60; deploy d { system = s; count = 50 } }
    ups u { rating = 1 MW; count = 6; redundancy = N+1; serves = [h] } } }
campus z "Z" { pue = 1.5; load = 4 MW; at = (45, -80) }
line_system l { channels = 4; rate = 1 Tb/s }
link az { between = [a, z]; length = 50 km; line = l; fiber_pairs = [1 from 2026-01, 2 from 2027-06] }
demand d { between = [a, z]; rate = 3 Tb/s; from = 2026-04 }
"""


def charts_of(situation: Situation) -> list[Charts]:
    found = (*fleet_plates(situation, None), *campus_plates(situation, None))
    return [one for one in found if isinstance(one, Charts)]


def of_site(text: str, site: str) -> Charts:
    (found,) = [one for one in charts_of(compile_text(text).situation) if one.id == site]
    return found


def rows(panel: Panel) -> list[tuple[str, str, float, float | None]]:
    return [(str(one.start), str(one.until), one.load, one.limit) for one in panel.steps]


def test_steps_stand_at_their_dates() -> None:
    """Each resource has its own steps, exactly, with what makes up the load."""
    panels = {panel.id: panel for panel in of_site(TWO, "a").panels}
    grid = panels["grid"]
    assert rows(grid) == [
        ("2026-01-01", "2026-07-01", 5e6, 10e6),
        ("2026-07-01", "2027-01-01", 15e6, 10e6),
        ("2027-01-01", "2028-02-01", 15e6, 30e6),
    ]
    assert grid.parts == ("b[2..3]", "b[1]")
    assert [step.parts for step in grid.steps] == [(0, 5e6), (10e6, 5e6), (10e6, 5e6)]
    assert grid.worst == grid.steps[1]
    assert (panels["ups"].title, rows(panels["ups"])[1]) == (
        "Usable power: ups",
        ("2026-07-01", "2028-02-01", 15e6, 15e6),
    )
    assert rows(panels["positions"])[0] == ("2026-01-01", "2026-07-01", 50, 60)
    assert rows(panels["links"]) == [
        ("2026-01-01", "2026-04-01", 0, 4e12),
        ("2026-04-01", "2027-06-01", 3e12, 4e12),
        ("2027-06-01", "2028-02-01", 3e12, 8e12),
    ]
    assert [step.load for step in panels["accelerators"].steps] == [400, 1200]


def test_what_is_not_modelled_has_no_chart() -> None:
    """Of a site without grid, plant and halls: its load, and its links."""
    charts = of_site(TWO, "z")
    assert [(panel.id, panel.title) for panel in charts.panels] == [
        ("grid", "Facility load"),
        ("links", "Links to other sites"),
    ]
    assert charts.panels[0].worst is None
    assert campus_plates(compile_text("campus c { }").situation, None) == []


def test_the_fleet_is_the_sum_of_its_sites() -> None:
    """Where there are several; its parts are the sites."""
    fleet = charts_of(compile_text(TWO).situation)[0]
    assert fleet.panels[0].parts == ("A", "Z") or fleet.panels[0].parts == ("a", "z")
    assert [step.load for step in fleet.panels[0].steps] == [11e6, 21e6]
    assert fleet.panels[0].worst is None, "one site has no grid, and the others' is not for it"
    alone = TWO[: TWO.index("campus z")]
    assert fleet_plates(compile_text(alone).situation, None) == []


UNEVEN = """
plan p { horizon = 2026-01 .. 2027-01 }
campus a { pue = 1
  utility small { capacity = 5 MW; serves = [one] }
  utility wide { capacity = 50 MW; serves = [two] }
  building one { load = [4 MW from 2026-01, 12 MW from 2026-07]; ups u { rating = 3 MW } }
  building two { load = 10 MW; ups u { rating = 30 MW } } }
"""


def test_the_fullest_is_not_hidden_by_the_sum() -> None:
    """Two groups together have room, and one of them has not: the panel is as full as that."""
    panels = {panel.id: panel for panel in of_site(UNEVEN, "a").panels}
    for name, full in (("grid", [0.8, 2.4]), ("ups", [4 / 3, 4])):
        assert [step.full for step in panels[name].steps] == pytest.approx(full)
        worst = panels[name].worst
        assert worst is not None
        assert worst.is_uneven
        assert worst.load < (worst.limit or 0)
    assert "the fullest 400% 2026-07" in texts(chart.to_svg(of_site(UNEVEN, "a")))


def test_plant_of_its_own_counts_as_a_source() -> None:
    """Turbines that run beside the grid carry their part."""
    situation = compile_path(str(EXAMPLES / "bridged_by_turbines.plan")).situation
    for charts in charts_of(situation):
        grid = charts.panels[0]
        assert grid.worst is None or (grid.worst.full or 0) <= 1, charts.id


def test_all_dates_are_shown() -> None:
    """Without a horizon, every date on which something changes is on the axis, and a year after the last."""
    text = """campus a { pue = 1; utility grid { capacity = 20 MW }
      building one { from = 2026-01; load = [10 MW from 2026-01, 25 MW from 2027-06-15] } }"""
    charts = of_site(text, "a")
    assert [str(day) for day in charts.span] == ["2026-01-01", "2028-06-14"]
    assert charts.panels[0].worst is not None
    assert charts.panels[0].worst.full == 1.25
    assert charts_of(compile_text("campus a { pue = 1; load = 4 MW; utility g { capacity = 5 MW } }").situation) == []


def test_what_a_sheet_says() -> None:
    """Verdict, figures by interval and the table of all resources."""
    drawing = texts(chart.to_svg(of_site(TWO, "a")._replace(verdict="fails, 1 error")))
    assert {"Grid and facility load, MW", "150%", "-5", "Usable power: ups, MW"} <= set(drawing)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_examples_can_be_read(path: Path) -> None:
    """No text on another, beyond the page or too small; the data holds to its schema."""
    situation = compile_path(str(path)).situation
    for charts in charts_of(situation):
        canvas = chart.drawn(charts)
        assert faults(canvas) == []
        assert min(sizes(canvas.bytes())) >= SMALLEST
        jsonschema.validate(json.loads(chart.to_json(charts)), schema("chart"))


@st.composite
def any_charts(draw: st.DrawFn) -> Charts:
    """Sheets of every shape: many steps, many parts, huge and tiny figures, titles of any script."""
    start = datetime.date(draw(st.integers(1990, 2090)), draw(st.integers(1, 12)), draw(st.integers(1, 28)))
    days = draw(st.integers(1, 20_000))
    until = start + datetime.timedelta(days=days)
    panels = []
    for number in range(draw(st.integers(1, 6))):
        chance = random.Random(draw(st.integers(0, 2**32)))
        cuts = sorted({0, *(chance.randrange(days) for _ in range(draw(st.integers(0, 60))))})
        many = draw(st.integers(0, 8)) if number == 0 else 0
        most = 10.0 ** draw(st.integers(-3, 15))
        limited = draw(st.booleans())
        steps = []
        for cut, end in zip(cuts, [*cuts[1:], days], strict=True):
            parts = tuple(chance.random() * most for _ in range(many))
            load = sum(parts) if many else chance.choice([0.0, chance.random() * most])
            days_of = [start + datetime.timedelta(days=one) for one in (cut, end)]
            steps.append(Step(*days_of, load, chance.choice([0.0, most, 2 * most]) if limited else None, parts))
        dimension = draw(st.sampled_from([POWER, DATA_RATE, None]))
        names = tuple(draw(ANY) for _ in range(many))
        panels.append(Panel(f"r{number}", draw(ANY), dimension, draw(ANY), tuple(steps), names))
    words = [draw(ANY) for _ in range(5)]
    return Charts("chart", "c", words[0], words[1], words[2], words[3], words[4], (start, until), tuple(panels))


@settings(max_examples=150, deadline=None)
@given(any_charts())
def test_any_charts_can_be_read(charts: Charts) -> None:
    canvas = chart.drawn(charts)
    assert faults(canvas) == []
    assert b"nan" not in canvas.bytes()


@given(st.floats(1e-6, 1e18), st.integers(2, 12))
def test_a_scale_reaches_what_it_shows(most: float, ticks: int) -> None:
    """In round steps, no more than asked for and one, and no higher than a step above."""
    found = axis.scale(most, ticks)
    assert found.top >= most * (1 - 1e-9) > found.top - found.step * (1 + 1e-9)
    assert len(found.ticks) <= ticks + 1
    assert f"{found.step:e}"[0] in "125"


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 1, 1)), st.integers(1, 60_000), st.integers(2, 30))
def test_dates_below_an_axis(start: datetime.date, days: int, most: int) -> None:
    """Ascending, within the axis, no more than asked for."""
    found = axis.marks(start, start + datetime.timedelta(days=days), most)
    assert len(found) <= most
    places = [mark.part for mark in found]
    assert places == sorted(places)
    assert all(0 <= part < 1 for part in places)
