"""Figures that are off by a thousand or a million: what is doubted, and what never is."""

from __future__ import annotations

from pathlib import Path

import pytest

import planlang
from planlang.areas.usual import USUAL
from planlang.compiler import compile_text, kinds
from planlang.core.usual import FAR, bounds, doubted, is_usual
from planlang.lang.text import show
from planlang.lang.units import parse_unit
from planlang.lang.values import Duration, Quantity

KINDS = kinds(everything=True).by_name
FIGURES = [(kind, name) for kind, table in USUAL.items() for name in table]
CATALOGUE = sorted((Path(planlang.__file__).parent / "catalog").glob("*.plan"))


@pytest.mark.parametrize(("kind", "name"), FIGURES)
def test_the_table(kind: str, name: str) -> None:
    """An entry is of an attribute that there is and takes its figures, which go from less to more."""
    usual, attribute = USUAL[kind][name], KINDS[kind].attributes[name]
    low, high = bounds(usual)
    assert 0 < low < high
    for text, figure in ((usual.low, low), (usual.high, high)):
        value = Quantity(figure, parse_unit(text.partition(" ")[2]).dimension)
        assert attribute.takes(Duration(0, figure) if attribute.type.name == "duration" else value), text


@pytest.mark.parametrize(("kind", "name"), FIGURES)
def test_what_is_never_doubted(kind: str, name: str) -> None:
    """A figure that is usual, or nearly so, is right; and what no other unit makes usual may be."""
    low, high = bounds(USUAL[kind][name])
    for figure in (low / FAR, low, (low * high) ** 0.5, high, high * FAR, 0.0):
        assert doubted(figure, (low, high), "") == []
    assert doubted(low / 1e15, (low, high), "") == doubted(high * 1e15, (low, high), "") == []


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_the_catalogue_is_usual(path: Path) -> None:
    """Each figure of the catalogue lies within what is usual, of which it is a part."""
    seen, far = 0, []
    for entity in compile_text(path.read_text(encoding="utf-8"), path.name).situation.entities:
        for name, usual in USUAL.get(entity.kind.name, {}).items():
            value = entity.written.get(name)
            if isinstance(value, Quantity):
                seen += 1
                if not is_usual(value.magnitude, bounds(usual)):
                    far.append(f"{entity.path}.{name} = {show(value)}")
    assert seen
    assert far == []


@pytest.mark.parametrize(
    ("written", "notes"),
    [
        ("2.5 mW", ("with `M` for `m`, 2.5 MW, is usual: is the unit right?",)),
        (
            "2.5 GW",
            ("a thousandth, 2.5 MW, is usual: is the unit right?", "a millionth, 2.5 kW, is usual: is the unit right?"),
        ),
        (
            "3 W",
            ("a thousandfold, 3 kW, is usual: is the unit right?", "a millionfold, 3 MW, is usual: is the unit right?"),
        ),
        ("60 MW", ()),
        ("300 W", ()),
    ],
)
def test_a_ups(written: str, notes: tuple[str, ...]) -> None:
    """The unit that is meant is told, or both that may be; a figure that is only rare is not doubted."""
    result = compile_text(f"building b {{ load = 1 kW; ups u {{ rating = {written}; count = 3 }} }}", "p")
    found = [finding.notes for finding in result.findings if finding.code.code == "FIG101"]
    assert found == ([notes] if notes else [])


def test_what_is_computed_is_not_doubted() -> None:
    """A figure is doubted for its unit, and what is computed is written in none."""
    text = "let block = 2.5 mW * 1\nbuilding b { load = 1 kW; ups u { rating = block; count = 3 } }"
    assert "FIG101" not in {finding.code.code for finding in compile_text(text, "p").findings}


@pytest.mark.parametrize(
    ("written", "notes"),
    [
        ("1.400 km", ("is 1,400 km meant? write `1_400 km`; else `1.4 km`",)),
        ("1.000 km", ("is 1,000 km meant? write `1_000 km`; else `1 km`",)),
        ("1.127 km", ()),
        ("1.4 km", ()),
        ("1_400 km", ()),
        ("21.500 km", ()),
    ],
)
def test_a_point_for_thousands(written: str, notes: tuple[str, ...]) -> None:
    """A last digit of zero says nothing in a decimal, and much where a point parts thousands."""
    text = "line_system o { channels = 1; rate = 1 Tb/s }\ncampus a { }\ncampus b { }\nlink l { between = [a, b]; "
    text += f"line = o; fiber_pairs = 1; length = {written} }}"
    found = [finding.notes for finding in compile_text(text, "p").findings if finding.code.code == "FIG101"]
    assert found == ([notes] if notes else [])


@pytest.mark.parametrize(
    ("capacity", "note"),
    [
        ("300 kW", "a thousandfold, 300 MW, would do: is the unit right?"),
        ("300 MW", ""),
        ("30 MW", ""),
        ("300 W", "a millionfold, 300 MW, would do: is the unit right?"),
    ],
)
def test_a_limit_that_a_thousandfold_would_keep(capacity: str, note: str) -> None:
    """What is exceeded hundreds of times is doubted with what exceeds it, though as a figure it is usual."""
    text = f"campus c {{ pue = 1.2; peak_pue = 1.3; load = 200 MW; utility g {{ capacity = {capacity} }} }}"
    notes = [finding.notes for finding in compile_text(text, "p").findings if finding.code.code == "PWR103"]
    assert [one[-1:] for one in notes] == ([(note,)] if note else [()] * len(notes))
