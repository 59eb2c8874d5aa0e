"""Figures that are off by a thousand or a million: what is doubted, and what never is."""

from __future__ import annotations

from pathlib import Path

import pytest

import planlang
from planlang.areas.usual import USUAL
from planlang.compiler import compile_text, kinds
from planlang.core.usual import FAR, QUESTION, bounds, doubted, is_usual
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
    asked = [tuple(note for note in one if note.endswith(QUESTION)) for one in found]  # beside what follows
    assert asked == ([notes] if notes else [])


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
    ],
)
def test_a_limit_that_a_thousandfold_would_keep(capacity: str, note: str) -> None:
    """What is exceeded hundreds of times is doubted with what exceeds it, though as a figure it is usual."""
    text = f"campus c {{ pue = 1.2; peak_pue = 1.3; load = 200 MW; utility g {{ capacity = {capacity} }} }}"
    notes = [finding.notes for finding in compile_text(text, "p").findings if finding.code.code == "PWR103"]
    assert [one[-1:] for one in notes] == ([(note,)] if note else [()] * len(notes))


SITE = """plan p { horizon = 2026-01 .. 2027-12 }
building b {
  load = LOAD; pue = 1.2; peak_pue = 1.3
  survives = [ups]
  utility g { capacity = 500 MW }
  ups left { rating = 2 mW; count = 4 MORE }
}
"""
FOLLOWS = (
    "RES101 does-not-survive of `b` and PWR106 ups-over of `b.left` follow from it; if the figure is right, "
    '`accept FIG101 "why"` shows that'
)
MEANT = "with `M` for `m`, 2 MW, is usual: is the unit right?"
SUPPOSED = "so it is with the doubted figure in the likeliest unit"


def said(load: str, more: str = "") -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    """What is said of the site: severity and code, subject, notes and fixes."""
    result = compile_text(SITE.replace("LOAD", load).replace("MORE", more))
    assert result.verdict == "fails"
    return [
        (f"{one.code.severity} {one.code.code}", one.subject, one.notes, [fix.message for fix in one.fixes])
        for one in result.findings
        if one.accepted is None
    ]


def test_what_follows_is_one_message() -> None:
    """What does not hold because of a doubted figure is named by the doubt, which then is an error."""
    assert said("2 MW") == [("error FIG101", "b.left", (MEANT, FOLLOWS), ["write `rating = 2 MW`"])]


def test_what_would_not_hold_either() -> None:
    """What does not hold with the unit that is meant, either, is told as it is then; the doubt stands first."""
    assert said("100 MW") == [
        ("error FIG101", "b.left", (MEANT,), ["write `rating = 2 MW`"]),
        (
            "error RES101",
            "b",
            (SUPPOSED,),
            ["raise `count` of `b.left` to 51 from 2026-01", "or raise `rating` of `b.left` to 33.34 MW"],
        ),
        ("error PWR106", "b.left", (SUPPOSED,), ["raise `count` to 50 from 2026-01", "or raise `rating` to 25 MW"]),
    ]


def test_who_answers_for_a_figure_is_told_what_follows() -> None:
    """An accepted doubt leaves nothing out."""
    found = said("2 MW", '\n accept FIG101 "so it is"')
    assert [one[:3] for one in found] == [("error RES101", "b", ()), ("error PWR106", "b.left", ())]


def test_several_doubted_figures() -> None:
    """They are taken together: with one of them alone, the other's would still fail. Of many, some are named."""
    text = SITE.replace("LOAD", "2 MW").replace(" MORE", "")
    result = compile_text(text + text[text.index("building") :].replace("building b", "building c"))
    assert [(one.code.code, one.subject) for one in result.findings] == [("FIG101", "b.left"), ("FIG101", "c.left")]
    assert result.findings[0].notes[-1] == (
        "RES101 does-not-survive of `b`, PWR106 ups-over of `b.left`, RES101 does-not-survive of `c` and PWR106 "
        "ups-over of `c.left` follow from this and the other doubted figures; if the figure is right, `accept FIG101 "
        '"why"` shows that'
    )


def test_a_template_of_a_doubted_figure() -> None:
    """All that have a figure of a template are supposed to have the other."""
    block = "template building two { load = 2 MW; pue = 1.2; peak_pue = 1.3; ups u { rating = 2 mW; count = 4 } }"
    result = compile_text(f"{block}\nbuilding b is two {{ }}\nbuilding c is two {{ }}")
    (found,) = (one for one in result.findings if one.code.severity == "error")
    assert found.code.code == "FIG101"
    assert found.notes[-1].startswith("PWR106 ups-over of `b.u` and PWR106 ups-over of `c.u` follow from it")


def test_a_figure_that_a_let_gives() -> None:
    """It is the figure that is mistyped, wherever it is read: by several attributes, and by rules of the plan."""
    text = (
        "let row = 1_360 mW\nbuilding b { pue = 1.2; peak_pue = 1.3\n"
        "  hall h { rows = 4; row_budget = row; density = row / 10; deploy d { system = s; count = 40 } }\n"
        "  hall i { rows = 4; row_budget = row; deploy d { system = s; count = 40 } } }\n"
        "system s { power = 120 kW; liquid = 100% }\nrequire b.h.row_budget == 1.36 MW"
    )
    found = compile_text(text).findings
    assert [(one.code.code, one.code.severity, one.subject) for one in found] == [("FIG101", "error", "b.h")]
    assert found[0].notes[-1] == (
        "SPC105 rows-over of `b.h`, SPC102 density-over of `b.h.d`, SPC105 rows-over of `b.i` and RUL101 "
        'require-fails follow from it; if the figure is right, `accept FIG101 "why"` shows that'
    )
    right = compile_text(text.replace("1_360 mW", "1.36 MW"))
    assert (right.verdict, right.findings) == ("holds", ())
