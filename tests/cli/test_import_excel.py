"""GNPy's workbooks, and workbooks that are meant to do harm."""

from __future__ import annotations

import builtins
import io
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from planlang.cli import topology, workbook
from planlang.cli.import_ import plan_of
from planlang.cli.networks import read
from planlang.cli.terminal import Refusal
from planlang.compiler import compile_text
from tests.imported.counting import folder

if TYPE_CHECKING:
    from collections.abc import Callable

openpyxl = pytest.importorskip("openpyxl")

NODES = [
    ["City", "State", "Country", "Region", "Latitude", "Longitude", "Type"],
    ["Oslo", "", "Norway", "", 59.9, 10.7, "ROADM"],
    ["Geilo", "", "Norway", "", 60.5, 8.2, "ILA"],
    ["Voss", "", "Norway", "", 60.6, 6.4, "FUSED"],
    ["Bergen", "", "Norway", "", 60.4, 5.3, "ROADM"],
    [5020, "", "", "", "", "", "ROADM"],
]
LINKS = [
    ["", "", "east cable (from a to z)", "", "", "", "", "west (from z to a)"],
    ["Node A", "Node Z", "Distance (km)", "Fiber type", "lineic att", "Con_in", "Con_out", "Distance (km)"],
    ["Oslo", "Geilo", 210, "SSMF", 0.19, 0.5, 0.5],
    ["Voss", "Geilo", 120, "SSMF", 0.19, 0.5, 0.5, 121],
    ["Voss", "Bergen", 100, "SSMF", 0.19, 0.5, 0.5],
    ["Bergen", 5020, 10],
    ["Bergen", 5020, 12],
]
SERVICE = [
    ["route id", "Source", "Destination", "TRX type", "Mode", "System: spacing", "path bandwidth"],
    [0, "Oslo", "Bergen", "Voyager", "mode 1", 50, 100],
    ["1b", "Bergen", "Oslo", "Voyager", "", 50, 250],
    [2, "Bergen", 5020, "Voyager", "", 50, ""],
]


def book(**sheets: list[list[Any]]) -> bytes:
    """An .xlsx of sheets whose headings stand below some empty rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in [["for the example"], [], *rows]:
            sheet.append([None if cell == "" else cell for cell in row])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def plan(data: bytes) -> str:
    return plan_of(read(data), "n.xlsx", "Mb/s")


def test_sheets() -> None:
    """Amplifier and splice sites are on a link; a way back that is not given is that there; parallel links stay."""
    # Over 430 km are 81.7 dB of fiber; the splice of 1 dB and the 1 dB of connectors at it are beyond those of a span.
    assert plan(book(Nodes=NODES, Links=LINKS, Service=SERVICE)) == (
        "# Imported from n.xlsx (GNPy Excel).\n"
        "# The file gives some links no capacity: 32 wavelengths of 800 Gb/s a pair are assumed.\n"
        "# Left out: `country` of nodes, `mode` of services, `system: spacing` of services, types of fibers and "
        "amplifiers, as\n"
        "# no equipment is given, coordinates of amplifiers and splices.\n"
        "# Directions differ on 1 link: the longer one counts, and the notes tell both.\n"
        "# Spans are unequal on 1 link: a plan reckons with equal ones, and the notes tell them.\n"
        "# No amplifiers are given on 1 link with fibers of 150 km or more, and so no spans.\n"
        "# What connectors, splices and attenuators take beyond 0.5 dB at each end of a span is spread over the fiber, "
        "as loss\n"
        "# a kilometre.\n"
        "# Rates come with GNPy's equipment: name its file, too.\n"
        "# Left out: 1 service without a bandwidth.\n"
        "# Opposite demands are the two directions of one: `rate` and `rate_back`.\n"
        "\n"
        'plan n_xlsx "n.xlsx" { }\n'
        "\n"
        "line_system line_spans { channels = 32; rate = 800 Gb/s; loss = 0.194651 dB/km }\n"
        "line_system line_spans_2 { channels = 32; rate = 800 Gb/s; span = 12 km }\n"
        "\n"
        'campus oslo "Oslo" { at = (59.9, 10.7) }\n'
        'campus bergen "Bergen" { at = (60.4, 5.3) }\n'
        'campus site_5020 "5020" { }\n'
        "\n"
        "link oslo_bergen { between = [oslo, bergen]; length = 431 km; line = line_spans; fiber_pairs = 1; "
        'note = "210 km, Geilo, 121 km, Voss (spliced), 100 km; the other way 100 km, Voss (spliced), 120 km, Geilo, '
        '210 km" }\n'
        "link bergen_site_5020 { between = [bergen, site_5020]; length = 10 km; line = line_spans_2; "
        "fiber_pairs = 1 }\n"
        "link bergen_site_5020_2 { between = [bergen, site_5020]; length = 12 km; line = line_spans_2; "
        "fiber_pairs = 1 }\n"
        "\n"
        "demand bergen_to_oslo { between = [bergen, oslo]; rate = 250 Gb/s; rate_back = 100 Gb/s }\n"
    )


def test_what_the_west_says_and_units() -> None:
    """Columns of the other side by their own headings; distances in metres and miles."""
    for unit, given, km in (("km", 80, "80"), ("m", 80_000, "80"), ("mi", 50, "80.4672"), ("", 80, "80")):
        heading = f"Distance ({unit})" if unit else "Distance"
        links = [["Node A", "Node Z", f"east {heading}", f"west {heading}"], ["Oslo", "Bergen", given]]
        text = plan(book(Nodes=[NODES[0], NODES[1], NODES[4]], Links=links))
        assert f"length = {km} km;" in text


def test_amplifiers_of_eqpt() -> None:
    """An amplifier site whose both directions are `fused` is a splice without loss."""
    eqpt = [
        ["", "", "east amp", "", "west amp"],
        ["Node A", "Node Z", "amp type", "amp gain", "amp type"],
        ["Geilo", "Voss", "fused", 3, "fused"],
    ]
    text = plan(
        book(
            Nodes=NODES[:3] + NODES[4:5], Links=[*LINKS[:2], ["Oslo", "Geilo", 20], ["Geilo", "Bergen", 30]], Eqpt=eqpt
        )
    )
    assert 'note = "20 km, Geilo (spliced), 30 km"' in text
    assert "huts" not in text
    assert "`amp gain` of Eqpt" in text


def test_sites_without_two_links_are_sites() -> None:
    """An amplifier site with one link, or three, is none."""
    text = plan(book(Nodes=NODES[:3], Links=[*LINKS[:2], ["Oslo", "Geilo", 20]]))
    assert 'campus geilo "Geilo"' in text
    assert "# Without two links they are no amplifier sites, and so sites of the plan: `Geilo`.\n" in text


def test_distances_that_are_missing() -> None:
    text = plan(book(Nodes=[NODES[0], NODES[4], NODES[5]], Links=[*LINKS[:2], ["Bergen", 5020]]))
    assert "# 1 link has no distance, for which GNPy takes 80 km; the plan has no length there.\n" in text
    assert "length = " not in text


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"Other": []}, "it is a workbook, but without the sheets `Nodes` and `Links` of GNPy's"),
        (
            {"Service": SERVICE},
            "it is GNPy's equipment or services, which need the file of their topology beside them",
        ),
        ({"Nodes": [], "Links": LINKS}, "the sheet `Nodes` has no row of headings with `City`"),
        ({"Nodes": NODES, "Links": []}, "the sheet `Links` has no row of headings with `Node a`, `Node z`"),
        ({"Nodes": [*NODES, NODES[1]], "Links": LINKS}, "the node `Oslo` is there twice"),
        (
            {"Nodes": NODES, "Links": [*LINKS, ["Oslo", "Rome", 3]]},
            "a link ends at `Rome`, and there is no such node",
        ),
        (
            {"Nodes": NODES, "Links": LINKS, "Service": [SERVICE[0], [1, "Geilo", "Rome", "", "", "", 5]]},
            "an edge or a demand ends at `Geilo`, and there is no such node",
        ),
    ],
)
def test_refusals(sheets: dict[str, list[list[Any]]], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(book(**sheets))
    assert str(refusal.value) == message


# --- what is missing, and what does harm -------------------------------------------------------------


@pytest.mark.parametrize(
    ("library", "data", "message"),
    [
        ("openpyxl", workbook.XLSX, "reading .xlsx needs openpyxl: pip install 'planlang[excel]'"),
        ("xlrd", workbook.XLS, "reading .xls needs xlrd: pip install 'planlang[excel]'"),
    ],
)
def test_a_library_that_is_missing(library: str, data: bytes, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    real = builtins.__import__

    def without(name: str, *more: Any, **others: Any) -> Any:
        if name == library:
            raise ImportError(name)
        return real(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refusal) as refusal:
        read(data + b"x" * 100)
    assert str(refusal.value) == message


def changed(change: Callable[[str, bytes], bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with its parts changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(Nodes=NODES, Links=LINKS))) as given,
        zipfile.ZipFile(stream, "w", method) as made,
    ):
        for name in given.namelist():
            made.writestr(name, change(name, given.read(name)))
    return stream.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        read(data)
    return str(refusal.value)


def test_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is small packed and large unpacked, many elements, rows and columns without end, entities."""
    assert "it has a document type" in refused(
        changed(
            lambda name, data: (
                b'<!DOCTYPE a [<!ENTITY b "c">]>' + data.partition(b"?>")[2] if "sheet1" in name else data
            )
        )
    )
    blanks = b" " * (workbook.MOST_UNPACKED + 1)
    assert refused(changed(lambda name, data: data + blanks if "sheet1" in name else data)) == (
        "unpacked it has more than 64 MiB, which no network takes"
    )
    assert refused(changed(lambda _, data: data, zipfile.ZIP_BZIP2)) == (
        "a part of the workbook is encrypted, or packed in a way that Excel does not use"
    )
    monkeypatch.setattr(topology, "MOST_PARTS", 150)
    assert refused(book(Nodes=NODES, Links=LINKS)) == "it has more than the 150 elements that are read"
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "MOST_MEMBERS", 3)
    assert "parts, more than the 3 that are read" in refused(book(Nodes=NODES, Links=LINKS))
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    assert refused(book(Nodes=NODES, Links=LINKS)) == "the sheet `Nodes` has more than the 5 rows that are read"


def test_a_cell_far_away_is_not_reached_for() -> None:
    """A row far below is too many rows; a column far to the right is not read."""
    made = openpyxl.load_workbook(io.BytesIO(book(Nodes=NODES, Links=LINKS)))
    made["Nodes"].cell(5, 16_384, "far")
    stream = io.BytesIO()
    made.save(stream)
    assert len(read(stream.getvalue()).sites) == 3
    made["Nodes"].cell(1_048_576, 1, "far")
    made.save(stream := io.BytesIO())
    assert refused(stream.getvalue()) == "the sheet `Nodes` has more than the 120,000 rows that are read"


@pytest.mark.parametrize(
    "data", [workbook.XLSX, workbook.XLS, workbook.XLSX + b"x" * 500, workbook.XLS + b"\0" * 5_000]
)
def test_what_is_no_workbook(data: bytes) -> None:
    assert refused(data).startswith("it is no workbook that can be read: ")


@pytest.mark.parametrize("seed", range(3))
def test_broken_workbooks_end_well(seed: int) -> None:
    """With bytes changed or cut off, old or new: a plan that can be read, or one sentence."""
    given = [book(Nodes=NODES, Links=LINKS, Service=SERVICE)]
    place = folder()
    if place is not None:
        given += [path.read_bytes() for path in sorted((place / "gnpy").glob("*.xls"))]
    chance = random.Random(seed)
    for _ in range(60):
        data = bytearray(chance.choice(given))
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(8, len(data)) :]
        assert "\n" not in _ending(bytes(data))


def _ending(data: bytes) -> str:
    """Why it is refused; empty where it becomes a plan, which can be read."""
    try:
        text = plan(data)
    except Refusal as refusal:
        return str(refusal)
    assert compile_text(text).verdict != "unreadable"
    return ""
