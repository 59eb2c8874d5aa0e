"""Halls as sheets: every text can be read, what has no room is folded and said, and the data is that of the picture."""

# ruff: noqa: E501 - plans stand whole

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from drawn_sheets import ANY, SVG, faults, sizes, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.areas.compute.drawing import hall_plates
from planlang.compiler import compile_path, compile_text
from planlang.core.plate import Cell, Limits, Plate, RackKind, RowRun
from planlang.views import hall
from planlang.views.canvas import SMALLEST
from planlang.views.schemas import schema

GOLDEN = Path(__file__).parent / "hall.svg"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir() or path.suffix == ".plan")

SMALL = """
use networking
system server "Server & friends" { power = 10 kW; positions = 0.25; height = 8 U; mass = 130 kg; accelerators = 8; liquid = 0 }
system rack "Rack of 132 kW" { power = 132 kW; liquid = 87%; accelerators = 72; tray = 4; height = 48 U; nic = 800 Gb/s }
campus c "Campus" { utility grid { capacity = 20 MW }
  building b { pue = 1.2; peak_pue = 1.3
    hall h "Hall <1>" {
      rows = 4; positions = 26; row_budget = 500 kW; density = 150 kW; air_density = 30 kW
      rack_height = 48 U; rack_mass = 180 kg; rack_limit = 1_600 kg
      deploy large { system = rack; count = 8 }
      deploy small { system = server; count = 21 } } }
  fabric f { switch = networking.generic_64x800g; connects = [b.h.large] } }
"""


def plate_of(text: str) -> Plate:
    (plate,) = hall_plates(compile_text(text).situation, None)
    return plate


def test_a_small_hall() -> None:
    """The whole drawing of a small hall; `UPDATE_GOLDEN=1` writes it anew, to be looked at."""
    drawing = hall.to_svg(plate_of(SMALL))
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(drawing)
    assert drawing == GOLDEN.read_bytes()


def test_what_a_small_hall_says() -> None:
    """Ids are paths, titles tooltips; the rack over its limit of heat to air has a red border and says so."""
    drawing = hall.to_svg(plate_of(SMALL))
    root = ElementTree.fromstring(drawing)
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert {"c.b.h", "c.b.h row 1", "c.b.h row 4", "c.b.h.large", "c.b.h.small", "c.f", "c.b.h.small rack"} <= ids
    over = [
        one
        for one in root.iter(f"{SVG}rect")
        if "over" in one.get("class", "").split() and one.find(f"{SVG}title") is not None
    ]
    assert {one.findtext(f"{SVG}title") for one in over} == {
        "Server & friends: 40 kW, 0 to liquid, 40 to air, over the limit"
    }
    assert len(over) == 5
    words = texts(drawing)
    assert "4 systems of 8 U in 48 U" in words
    assert "mass 700 of 1,600 kg" in words
    assert "heat to air 40 of 30 kW" in words


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_examples_can_be_read(path: Path) -> None:
    """No text on another or off the page, none smaller than 9 points on A3."""
    for plate in hall_plates(compile_path(str(path)).situation, None):
        canvas = hall.drawn(plate)
        assert faults(canvas) == []
        assert min(sizes(canvas.bytes())) >= SMALLEST
        assert 1 / 1.2 <= canvas.width / canvas.height <= 2.2


POWERS = st.sampled_from([0.0, 3.4, 999.0, 10_200.0, 142e3, 1.32e6, 12e6])
NUMBERS = st.none() | st.floats(0.1, 1e5)


@st.composite
def any_plate(draw: st.DrawFn) -> Plate:
    """Any hall: any texts, up to ten kinds, up to thousands of rows and positions."""
    kinds = tuple(
        RackKind(
            draw(ANY), draw(ANY), draw(ANY), draw(ANY), draw(st.booleans()), draw(st.integers(1, 10**7)),
            draw(st.integers(1, 10**6)), draw(st.integers(1, 60) | st.integers(1, 10**9)), draw(st.none() | st.floats(0.5, 60) | st.floats(1e-3, 1e9)),
            draw(st.sampled_from([0.5, 12.0, 42.0, 48.0, 52.0, 100.0, 1e9])), draw(st.booleans()), draw(st.none() | POWERS), draw(POWERS),
            draw(POWERS), draw(NUMBERS), draw(NUMBERS), draw(POWERS), draw(st.integers(0, 3)),
            draw(st.sampled_from([(), ("SPC101",), ("SPC101", "SPC102", "SPC103", "SPC104", "SPC106")])),
        )
        for _ in range(draw(st.integers(1, 10)))
    )  # fmt: skip
    cell = st.builds(
        Cell, st.integers(1, 30) | st.integers(1, 5000), st.none() | st.integers(0, len(kinds) - 1), POWERS
    )
    has_rows, runs, first = draw(st.booleans()), [], 1
    for _ in range(draw(st.integers(1, 8)) if has_rows else 1):
        rows = draw(st.integers(1, 12) | st.integers(1, 3000)) if has_rows else 1
        cells = tuple(draw(st.lists(cell, min_size=1, max_size=6)))
        runs.append(RowRun(first, rows, cells, sum(one.many * one.power for one in cells)))
        first += rows
    limits = Limits(draw(st.none() | POWERS), draw(st.none() | POWERS), draw(NUMBERS), draw(NUMBERS))
    budget = draw(st.none() | st.floats(1e3, 1e8)) if has_rows else None
    return Plate(
        "hall-x", draw(ANY), draw(ANY), draw(ANY), draw(ANY), draw(st.sampled_from(["", "holds", "fails, 1 error"])),
        draw(ANY), tuple(draw(st.lists(ANY, min_size=1, max_size=9))), kinds, tuple(runs), limits, budget,
        draw(st.none() | st.integers(0, 10**6)), has_rows, draw(POWERS), tuple(draw(st.lists(ANY, max_size=9))),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(any_plate())
def test_any_hall_can_be_read(plate: Plate) -> None:
    """Whatever stands there: well-formed, twice the same, no text on another, none off the page; some thousand cells."""
    canvas = hall.drawn(plate)
    drawing = canvas.bytes()
    assert drawing == hall.to_svg(plate)
    assert faults(canvas) == []
    assert len(list(ElementTree.fromstring(drawing).iter(f"{SVG}rect"))) < 8_000
    assert min(sizes(drawing)) >= SMALLEST


CHECKER = jsonschema.Draft202012Validator(schema("hall"))


@settings(max_examples=50, deadline=None)
@given(any_plate())
def test_data_is_that_of_the_picture(plate: Plate) -> None:
    """The JSON follows its schema, and has every rack."""
    found = json.loads(hall.to_json(plate))
    CHECKER.validate(found)
    assert [one["boxes"] for one in found["racks"]] == [kind.boxes for kind in plate.kinds]
    if plate.has_rows:
        assert [[cell["power"] for cell in run["cells"]] for run in found["rows"]] == [
            [cell.power for cell in run.cells] for run in plate.runs
        ]
