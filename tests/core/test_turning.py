"""What rests on what is assumed: where it is told, as what, and that the printed figure is itself sound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import messages

from planlang.compiler import Result, compile_text
from planlang.lang.text import show


def conditions(result: Result) -> list[str]:
    """Every condition as one line."""
    return [f"{one.path} {one.relation} {show(one.value, 12)}" for one in result.conditions]


def campus(name: str, load: float, capacity: float, more: str = "") -> str:
    return (
        f"campus {name} {{ utility grid {{ capacity = {capacity} MW }}\n {more} building b {{ load = {load} MW }} }}\n"
    )


@pytest.mark.parametrize(
    ("capacity", "verdict", "said", "expected"),
    [
        (16, "holds", [], []),
        (15.1, "holds", ["warning PWR120"], ["c.peak_pue <= 1.51"]),
        (14.5, "holds", ["warning PWR120"], ["c.peak_pue <= 1.45"]),
        (14.4, "holds", ["warning PWR103"], ["c.peak_pue <= 1.44"]),
        (11, "holds", ["warning PWR103"], ["c.peak_pue <= 1.1"]),
        (10.9, "fails", ["error PWR103"], []),
    ],
)
def test_where_no_pue_is_written(capacity: float, verdict: str, said: list[str], expected: list[str]) -> None:
    """10 MW at 1.45, plausible from 1.1 to 1.6: silent, a warning, a condition, or an error, by what that can turn."""
    result = compile_text(campus("c", 10, capacity))
    assert result.verdict == verdict
    assert [f"{one.code.severity} {one.code.code}" for one in result.findings] == said
    assert conditions(result) == expected


@pytest.mark.parametrize(
    ("capacity", "said", "expected"),
    [
        (15, [], []),
        (14, ["warning PWR120"], ["c.peak_pue <= 1.4"]),
        (11.9, ["error PWR103"], []),
    ],
)
def test_the_peak_hour_draws_no_less_than_the_year(capacity: float, said: list[str], expected: list[str]) -> None:
    """An annual PUE of 1.2 leaves 1.2 to 1.5 for the peak hour."""
    result = compile_text(campus("c", 10, capacity, "pue = 1.2;"))
    assert [f"{one.code.severity} {one.code.code}" for one in result.findings] == said
    assert conditions(result) == expected


LOADS = st.integers(1, 400).map(lambda tenths: tenths / 10)
SHARES = st.floats(1.0, 1.7)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(LOADS, SHARES), min_size=1, max_size=4))
def test_the_printed_figure_is_sound_and_tight(sites: list[tuple[float, float]]) -> None:
    """Written into the plan, all limits together let it hold as it is said to; a thousandth more does not."""
    names = "abcd"
    text = "".join(
        campus(name, load, round(load * share, 6)) for name, (load, share) in zip(names, sites, strict=False)
    )
    result = compile_text(text)
    errors = {one.subject for one in result.findings if one.code.severity == "error"}
    limits = {one.path: float(show(one.value, 12)) for one in result.conditions}
    at_limit = compile_text(text + "".join(f"{path} = {limit!r}\n" for path, limit in limits.items()))
    assert {one.subject for one in at_limit.findings if one.code.severity == "error"} == errors
    for path, limit in limits.items():
        beyond = compile_text(f"{text}{path} = {limit + 0.0011!r}\n")
        site = path.partition(".")[0]
        assert f"{site}.grid" in {one.subject for one in beyond.findings if one.code.code == "PWR103"}


def test_each_limit_has_its_own_figure() -> None:
    """Campuses turn apart, each at its own value; buildings that share a grid turn together."""
    text = campus("a", 10, 12.5) + campus("b", 10, 15.1) + campus("c", 10, 30)
    text += "campus d { utility grid { capacity = 42.5 MW }\n building b[1..2] { load = 10 MW }\n"
    text += "building own { load = 10 MW; peak_pue = 1.2; pue = 1.1 } }"
    assert conditions(compile_text(text)) == [
        "a.peak_pue <= 1.25",
        "b.peak_pue <= 1.51",
        "d.b[1].peak_pue <= 1.525",
        "d.b[2].peak_pue <= 1.525",
    ]


@pytest.mark.parametrize("rating", [15.4, 15.1])
def test_conditions_hold_together(rating: float) -> None:
    """Two figures on one constraint: each finding says its own limit, the verdict what holds of both at once."""
    text = f"campus c {{ substation s {{ rating = {rating} MVA }}\n building b {{ load = 10 MW }} }}\n"
    result = compile_text(text)
    limits = {one.path: float(show(one.value, 12)) for one in result.conditions}
    both = text + "".join(f"{path} = {limit!r}\n" for path, limit in limits.items())
    assert [one.code.code for one in compile_text(both).findings if one.code.severity == "error"] == []
    if rating == 15.4:  # 14.63 MW for 14.5 MW
        assert [one.message.partition("; ")[2] for one in result.findings] == [
            "above 1.463, `c.s` fails (PWR104 substation-over)",
            "below 0.942, `c.s` fails (PWR104 substation-over)",
        ]
        assert limits == {"c.peak_pue": 1.456, "c.s.power_factor": 0.946}
    else:  # 14.345 MW for 14.5 MW: what the peak hour is assumed to draw is too much
        assert limits == {"c.peak_pue": 1.434}


def test_a_rule_of_the_plan_turns_too() -> None:
    """What a rule reads is found by leaving each figure out; others are not named."""
    text = campus("a", 10, 30) + campus("b", 10, 30) + 'require a.facility_load <= 15 MW "the lease"\n'
    assert messages(text) == [
        "PWR120 `a` has neither `peak_pue` nor `pue`: 1.45 is assumed for the peak hour; above 1.5, "
        '`require a.facility_load <= 15 MW "the lease"` fails (RUL101 require-fails)'
    ]
    both = campus("a", 10, 30) + campus("b", 10, 30) + "require facility_load <= 30 MW\n"
    assert conditions(compile_text(both)) == ["a.peak_pue <= 1.5", "b.peak_pue <= 1.5"]


def test_a_rule_turns_with_what_it_reads_wherever_it_stands() -> None:
    """A rule that stands in one campus and reads another rests on the other."""
    text = campus("c", 10, 30, "require d.facility_load <= 15 MW;") + campus("d", 10, 30)
    assert conditions(compile_text(text)) == ["d.peak_pue <= 1.5"]


def test_parts_of_another_time_count() -> None:
    """A finding names those that make up its worst interval; others have a part in an earlier one."""
    text = """
        campus c { utility grid { capacity = [15.1 MW from 2026-01, 15.2 MW from 2027-01] }
          building a { load = 10 MW; until = 2027-01 }
          building b { load = 10 MW; from = 2027-01 }
          building own { load = 0 MW; peak_pue = 1.2; pue = 1.1 } }
        """
    result = compile_text(text)
    limits = {one.path: float(show(one.value, 12)) for one in result.conditions}
    assert limits.keys() == {"c.a.peak_pue", "c.b.peak_pue"}
    assert limits["c.a.peak_pue"] <= 1.51
    assert limits["c.b.peak_pue"] <= 1.52


def test_what_is_pooled_turns_together() -> None:
    """Two substations share a load: the power factor of either counts."""
    text = """
        campus c { substation s { rating = 8 MVA }
          substation t { rating = 8 MVA }
          building b { load = 10 MW; peak_pue = 1.48; pue = 1.1 } }
        campus d { substation s { rating = 80 MVA }
          building b { load = 10 MW; peak_pue = 1.48; pue = 1.1 } }
        """
    assert conditions(compile_text(text)) == ["c.s.power_factor >= 0.925", "c.t.power_factor >= 0.925"]


def test_a_rule_may_want_more() -> None:
    """Where a figure may not fall, the condition says so."""
    text = campus("a", 10, 30) + "require facility_load >= 13 MW\n"
    assert conditions(compile_text(text)) == ["a.peak_pue >= 1.3"]


def test_what_is_accepted_turns_nothing() -> None:
    """An error that somebody answers for needs no condition."""
    text = campus("c", 10, 12.5, 'accept PWR103 "turbines bridge it";')
    result = compile_text(text)
    assert (result.verdict, conditions(result)) == ("holds", [])
    assert [(one.code.severity, one.code.code, one.accepted is not None) for one in result.findings] == [
        ("error", "PWR103", True)
    ]


def test_a_warning_of_what_is_assumed_can_be_accepted() -> None:
    """Then it is listed, and `--strict` lets it pass; the condition stays."""
    result = compile_text(campus("c", 10, 15.1, 'accept PWR120 "a number comes with the design";'))
    assert (result.count("warning"), conditions(result)) == (0, ["c.peak_pue <= 1.51"])
    assert [one.accepted is not None for one in result.findings] == [True]


def test_sizes_stay_as_they_are_told() -> None:
    """A grid that the compiler sized by the assumed figure holds up to that figure, and says so."""
    text = "campus c { substation s { rating = 5 MVA; power_factor = 1; count = ? }\n building b { load = 10 MW } }"
    result = compile_text(text)
    assert [sized.value for sized in result.situation.sized.values()] == [3]
    assert conditions(result) == ["c.peak_pue <= 1.5"]


def test_nothing_is_left_behind() -> None:
    """What was tried is forgotten: values, derived quantities and what was said stay those of the plan."""
    result = compile_text(campus("c", 10, 15.1) + "measure load_of_all = most(facility_load)")
    entity = result.situation.at("c")
    assert entity is not None
    assert "peak_pue" not in entity.written
    assert show(result.measures[0].value) == "14.5 MW"  # type: ignore[arg-type]
    assert [one.code.code for one in result.situation.world.findings] == ["PWR120"]


def test_a_rule_that_looks_only_at_what_is_written_turns_nothing() -> None:
    """A dry cooler that cannot reach its supply by any approach is an error; by some, it is a condition."""
    text = """
        campus a { design_dry_bulb = 35 degC
          dry_cooler yard { capacity = 5 MW; count = 2; supply = %d degC }
          building b { load = 1 MW; pue = 1.1; peak_pue = 1.2; crah f { capacity = 2 MW } } }
        """
    assert [f"{one.code.severity} {one.code.code}" for one in compile_text(text % 39).findings] == ["error COL132"]
    result = compile_text(text % 42)
    assert [f"{one.code.severity} {one.code.code}" for one in result.findings] == ["warning COL132"]
    assert conditions(result) == ["a.yard.approach <= 7 K"]
