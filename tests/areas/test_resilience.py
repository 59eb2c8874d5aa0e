"""Failures in topologies of the trade, and feeds that hang on one unit."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from reading import read
from small_sites import DAYS, Plant, Site, follow, halls_of, systems

from planlang.areas.resilience.failures import examine
from planlang.compiler import compile_text

# --- topologies in words -----------------------------------------------------------------------------


def spread(systems: int, rating: float, loads: list[float]) -> Site:
    """So many systems of one unit, and a hall at each pair of them."""
    pairs = list(combinations(range(systems), 2))
    halls = {f"h{a}{b}": (load,) * len(DAYS) for (a, b), load in zip(pairs, loads, strict=True)}
    return Site(
        halls,
        (
            tuple(
                Plant("ups", f"s{n}", rating, (1,) * len(DAYS), tuple(f"h{a}{b}" for a, b in pairs if n in (a, b)))
                for n in range(systems)
            ),
        ),
    )


def survives(site: Site) -> bool:
    return read(site.text()).verdict == "holds"


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([3, 4]), st.data(), st.sampled_from([1.0, 2.0, 3.0, 4.0, 6.0]))
def test_distributed_pair_by_pair(systems: int, data: st.DataObject, rating: float) -> None:
    """3N/2 and 4N/3: for every failed f and survivor j, the sum over pairs with j of P/2, and P_jf/2, is within S."""
    pairs = list(combinations(range(systems), 2))
    loads = [data.draw(st.sampled_from([0.5, 1.0, 1.5, 2.0, 2.5, 3.0])) for _ in pairs]
    of = dict(zip(pairs, loads, strict=True))
    holds = all(
        sum(load / 2 for pair, load in of.items() if j in pair) + of[min(f, j), max(f, j)] / 2 <= rating + 1e-9
        for f in range(systems)
        for j in range(systems)
        if f != j
    )
    assert survives(spread(systems, rating, loads)) == holds


def test_an_uneven_spread_needs_more() -> None:
    """4 MW on 3N/2 needs systems of 2 MW where it is even, and of 0.625 x 4 MW where it is 50/25/25."""
    assert survives(spread(3, 2.0, [4 / 3, 4 / 3, 4 / 3]))
    assert not survives(spread(3, 2.0, [2.0, 1.0, 1.0]))
    assert not survives(spread(3, 2.499, [2.0, 1.0, 1.0]))
    assert survives(spread(3, 2.5, [2.0, 1.0, 1.0]))


def sides(units: int, load: float, redundancy: str = "N") -> str:
    """Two systems of so many 1-MW units for one hall."""
    return f"""campus c {{ peak_pue = 1.3; survives = [ups]; utility grid {{ capacity = 1 GW }}
      building b {{ hall h {{ load = {load} MW }}
        ups a {{ rating = 1 MW; count = {units}; redundancy = {redundancy}; serves = [h] }}
        ups b {{ rating = 1 MW; count = {units}; redundancy = {redundancy}; serves = [h] }} }} }}"""


def test_two_systems() -> None:
    """2N as two systems: either carries all of it; 2N as a word is the same, of one group."""
    assert read(sides(4, 4.0)).verdict == "holds"
    assert [one.code.code for one in read(sides(4, 4.1)).findings] == ["RES102"]
    word = "campus c {{ peak_pue = 1.3; utility g {{ capacity = 1 GW }}; building b {{ load = {} MW; {} }} }}"
    group = "ups u { rating = 1 MW; count = 8; redundancy = 2N }"
    assert read(word.format(4, group)).verdict == "holds"
    assert read(word.format(4.1, group)).verdict == "fails"


def test_two_systems_with_a_spare_each() -> None:
    """2(N+1): n/2 - 1 units of a system carry its half; all of one carries the whole when the other is out."""
    assert read(sides(5, 5.0, "N+1")).verdict == "holds"
    assert {one.code.code for one in read(sides(5, 5.1, "N+1")).findings} == {"RES102"}
    assert {one.code.code for one in read(sides(5, 8.1, "N+1")).findings} == {"PWR106", "RES101", "RES102"}


def test_states_are_counted() -> None:
    """Each unit and each feed on each interval: 3 units of 2 groups, 2 feeds; equal units are counted, not reckoned."""
    result = read(sides(3, 2.0))
    assert examine(result.situation).states == 8


# --- what feeds share --------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_feeds_that_share_a_unit(data: st.DataObject) -> None:
    """RES110 names exactly the single units upstream without which a hall of several feeds has none left."""
    halls = {name: (1.0,) * len(DAYS) for name in data.draw(halls_of())}
    pdus = data.draw(systems("pdu", 3, list(halls)))
    ups = data.draw(systems("ups", 2, [one.name for one in pdus]))
    substations = data.draw(systems("substation", 2, [one.name for one in ups]))
    site = Site(halls, (pdus, ups, substations))
    backed = data.draw(st.booleans())
    text = site.text()
    if backed:
        text = text[:-1] + "\ngenerator g { rating = 99 MW } }"
    found = {finding.subject.split(".")[-1] for finding in read(text).findings if finding.code.code == "RES110"}
    expected = set()
    whole = {one.name: [one.rating] * max(one.counts) for one in site.plant}
    feeds_of = feeds(site)
    for one in (*ups, *(() if backed else substations)):
        if max(one.counts) == 1:
            _, _, dark = follow(site, 0, {**whole, one.name: []})
            stage = site.stages.index(ups if one in ups else substations)
            expected |= {one.name for hall in dark if any(len(some) > 1 for some in feeds_of[hall][:stage])}
    assert found == expected


def feeds(site: Site) -> dict[str, list[set[str]]]:
    """The groups by which each hall is fed, stage by stage."""
    table: dict[str, list[set[str]]] = {}
    for hall in site.halls:
        sinks = {hall}
        table[hall] = []
        for stage in site.stages:
            sinks = {one.name for one in stage if sinks & set(one.serves)}
            table[hall].append(sinks)
    return table


def test_generators_of_one_building_relieve_the_rest() -> None:
    """One building on its own generators leaves the surviving utility to the other, where alone it goes dark."""
    text = """campus c {{ survives = [utility]
  utility ga {{ capacity = 20 MW }}
  utility gb {{ capacity = {left} MW }}
  building one {{ load = 5 MW; pue = 1.2; peak_pue = 1.3
    generator d {{ rating = 1 MW; count = 8; redundancy = N+1 }} }}
  building two {{ load = 5 MW; pue = 1.2; peak_pue = 1.4 }} }}"""
    assert compile_text(text.format(left=8)).verdict == "holds"
    found = [one.message for one in compile_text(text.format(left=5)).findings]
    assert len(found) == 1
    assert found[0].endswith(
        "`c.gb` is left with a load of 7 MW and can carry 5 MW, 2 MW too little; 5 MW of IT go dark"
    )


def test_what_was_relieved_is_looked_at_again() -> None:
    """Others take what a transformer could not carry by its part; a substation that then gives less is not enough,
    though by its own part it would be."""
    text = """campus c {{ pue = 1; peak_pue = 1; power_factor = 1; survives = [substation]
  hall a {{ load = 3 MW }}
  hall b {{ load = 3 MW }}
  transformer t {{ rating = 2 MVA; serves = [c.a] }}
  substation s {{ rating = {rating} MVA; count = 3; serves = [c.t] }}
  transformer u {{ rating = 4 MVA; serves = [c.a, c.b] }}
  utility g {{ capacity = 10 MW }} }}"""
    assert compile_text(text.format(rating=1)).verdict == "holds"
    found = [(one.code.code, one.message) for one in compile_text(text.format(rating=0.7)).findings]
    assert found == [
        (
            "RES101",
            "`c` does not survive the loss of one substation: without a unit of `c.s`, `c.u` is left with a load of "
            "4.4444 MW and can carry 4 MW, 444.4 kW too little; 6 MW of IT go dark",
        )
    ]


def test_who_comes_while_all_stays_the_same() -> None:
    """A hall comes on the day on which another gives up as much: its own claim is judged from then on."""
    text = """plan p { horizon = 2026-01 .. 2027-12 }
campus c { pue = 1; peak_pue = 1
  hall a { load = [3 MW from 2026-01, 1.5 MW from 2027-01] }
  hall b { load = 1.5 MW; from = 2027-01; survives = [utility] }
  utility g { capacity = 4 MW } }"""
    (found,) = (one for one in compile_text(text).findings if one.code.severity == "error")
    assert found.message == (
        "`c.b` does not survive the loss of one utility: without the utility `c.g`, nothing is left for a load of 3 MW "
        "from 2027-01 until 2028-01; 3 MW of IT go dark"
    )
