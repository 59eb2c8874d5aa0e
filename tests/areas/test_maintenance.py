"""What places say of maintenance, and of failures under it: held to the oracle, and whole messages."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from oracle.draw import NUMBERS, numbered
from oracle.judge import judge
from oracle.maintenance import Found, of_power, right, said
from oracle.sites import EVER

from planlang.areas.resilience.standing import standings
from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.text import show

SAMPLE = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


@SAMPLE
@given(NUMBERS)
def test_random_sites(number: int) -> None:
    """Every element out for maintenance, and every pair, on the days on which the plant holds."""
    site = of_power(numbered(number))
    judged = judge(site, claims=False)
    if judged.unsettled:
        return
    holding = {day for day in EVER if judged.holds(day)}

    def on_those(found: Found) -> Found:
        return {key: days & holding for key, days in found.items() if days & holding}

    assert on_those(said(site)) == on_those(right(site)), number


SITE = """plan p {{ horizon = 2026-01 .. 2027-12 }}
campus c {{
  pue = 1.2; peak_pue = 1.25; {says}
  utility g {{ capacity = 30 MW }}
  generator d {{ rating = {generator} MW; count = 3 }}
  building b {{ load = 6 MW
    ups u {{ rating = 2 MW; count = {units} }} }}
  building e {{ load = 6 MW
    ups a {{ rating = 6 MW }}
    ups x {{ rating = 6 MW }} }} }}"""


@pytest.mark.parametrize(
    ("says", "generator", "units", "messages"),
    [
        ("maintains = [ups]", 6, 4, []),
        (
            "maintains = [ups]",
            6,
            3,
            [
                "`c` cannot have one ups maintained: without a unit of `c.b.u`, the rest of it is left with a load of "
                "6 MW and can carry 4 MW, 2 MW too little from 2026-01 until 2028-01; 6 MW of IT go dark"
            ],
        ),
        # generators are maintained while the grid is there, and fail while it is gone
        ("maintains = [generator]", 5, 4, []),
        (
            "survives = [generator]",
            5,
            4,
            [
                "`c` does not survive the loss of one generator: without a unit of `c.d`, the rest of it is left with "
                "a load of 15 MW and can carry 10 MW, 5 MW too little from 2026-01 until 2028-01; 12 MW of IT go dark"
            ],
        ),
        ("maintains = [utility]", 5, 4, []),
        (
            "maintains = [utility]",
            4,
            4,
            [
                "`c` cannot have one utility maintained: without the utility `c.g`, `c.d` is left with a load of 15 MW "
                "and can carry 12 MW, 3 MW too little from 2026-01 until 2028-01; 12 MW of IT go dark"
            ],
        ),
        (
            "maintains = [generator]; survives_maintained = [ups]",
            6,
            4,
            [],
        ),
        (
            "maintains = [ups]; survives_maintained = [ups]",
            6,
            5,
            [
                "`c` does not survive the loss of one ups under maintenance: without the feed `c.e.a` while the feed "
                "`c.e.x` is maintained, nothing is left for a load of 6 MW from 2026-01 until 2028-01; 6 MW of IT go "
                "dark"
            ],
        ),
        (
            "survives_maintained = [ups]",
            6,
            4,
            [
                "`c` says that it survives a ups that fails under maintenance, but not what is maintained: write "
                "`maintains`"
            ],
        ),
    ],
)
def test_what_is_said(says: str, generator: int, units: int, messages: list[str]) -> None:
    """One word more or less turns the verdict."""
    result = compile_text(SITE.format(says=says, generator=generator, units=units))
    found = [one.message for one in result.findings if one.code.code.startswith("RES1") and one.code.code != "RES110"]
    assert found == messages


@pytest.mark.parametrize(
    ("says", "count"),
    [
        ("", "3"),
        ("maintains = [ups]", "4"),
        ("survives = [ups]", "4"),
        ("maintains = [ups]; survives_maintained = [ups]", "5"),
    ],
)
def test_sizes_for_maintenance(says: str, count: str) -> None:
    """As many units as are out at once, more."""
    text = f"building b {{ load = 6 MW; pue = 1.2; peak_pue = 1.25; {says}\n ups u {{ rating = 2 MW; count = ? }} }}"
    result = compile_text(text)
    assert result.verdict == "holds"
    ((_, sized),) = result.situation.sized.items()
    assert show(sized.value) == count


@pytest.mark.parametrize(
    ("says", "units", "words"),
    [
        ("survives = [ups]", 4, []),
        ("maintains = [ups, utility, generator]", 4, ["concurrently maintainable"]),
        (
            "maintains = [ups, utility, generator]; survives = [ups, utility, generator]",
            4,
            ["concurrently maintainable and fault tolerant"],
        ),
        (
            "maintains = [ups]",
            3,
            [
                "not concurrently maintainable: one ups cannot be maintained; nothing is said of `utility` and "
                "`generator`"
            ],
        ),
    ],
)
def test_what_a_place_is(says: str, units: int, words: list[str]) -> None:
    """In the trade's words, of all plant that serves it."""
    result = compile_text(SITE.format(says=says, generator=8, units=units))
    assert [one.words for one in standings(result.situation)] == words


def test_the_fix_of_a_pair_ends_it() -> None:
    """Two units are out of one group: the fix says how many there must be."""
    text = "building b { load = 6 MW; pue = 1.2; peak_pue = 1.25; maintains = [ups]; survives_maintained = [ups]\n"
    text += " ups u { rating = 2 MW; count = 4 } }"
    (found,) = (one for one in compile_text(text).findings if one.code.code == "RES105")
    assert [fix.message for fix in found.fixes] == ["raise `count` of `b.u` to 5", "or raise `rating` of `b.u` to 3 MW"]
    assert compile_text(text.replace("count = 4", "count = 5")).verdict == "holds"


@pytest.mark.parametrize(
    ("units", "messages"),
    [
        (4, []),
        (
            3,
            [
                "`b.h` does not survive the loss of one cdu under maintenance: without a unit of `b.h.c` while another "
                "of `b.h.c` is maintained, the rest of it is left with a heat of 2 MW and can carry 1 MW, 1 MW too "
                "little; 20 racks, 2 MW, lose their cooling"
            ],
        ),
    ],
)
def test_cooling_plant_is_maintained(units: int, messages: list[str]) -> None:
    """A unit of cooling plant fails while another is out for maintenance."""
    text = f"""system s {{ power = 100 kW; liquid = 100% }}
building b {{ pue = 1.2; peak_pue = 1.3
  hall h {{ maintains = [cdu]; survives_maintained = [cdu]
    deploy d {{ system = s; count = 20 }}
    cdu c {{ capacity = 1 MW; count = {units} }} }} }}"""
    found = [one.message for one in compile_text(text).findings if one.code.code.startswith("RES")]
    assert found == messages


def test_what_a_failure_relieves_is_no_emptier_at_worst() -> None:
    """While a generator is out the grid is gone, but most failures leave the utility its load."""
    result = compile_text(SITE.format(says="survives = [generator]", generator=8, units=4))
    assert show(value_of(result.situation, result.situation.at("c.g"), "worst")) == "0.5"
