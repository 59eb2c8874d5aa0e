"""Racks laid into rows: whatever is placed fits, nothing is placed twice or lost, and no other way places more of one kind."""

# ruff: noqa: E501 - messages stand whole

from __future__ import annotations

import datetime
from itertools import permutations
from math import ceil, inf, isclose
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reading import messages, read

from planlang.areas.compute.derived import it_load
from planlang.areas.compute.drawing import MOST_HALLS, hall_plates
from planlang.areas.compute.layout import Lot, drawn, lay_out, used
from planlang.areas.compute.rack_rules import _Row
from planlang.areas.compute.rows import rows_for
from planlang.compiler import compile_text
from planlang.core import moment

if TYPE_CHECKING:
    from planlang.core.plan import Entity
    from planlang.core.plate import Plate
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding
    from planlang.lang.steps import Steps

SHARES = st.sampled_from([1 / 20, 0.1, 0.25, 0.3, 0.5, 1.0, 1.5, 2.0])
LOTS = st.lists(
    st.builds(Lot, st.integers(0, 60), st.sampled_from([0.0, 1e3, 3e3, 10e3, 17e3, 132e3]), SHARES), max_size=5
)


@settings(max_examples=300, deadline=None)
@given(LOTS, st.integers(0, 12), st.none() | st.integers(0, 80), st.none() | st.sampled_from([9e3, 50e3, 132e3, 1.5e6]))
def test_what_is_placed_fits(lots: list[Lot], rows: int, positions: int | None, budget: float | None) -> None:
    """Every rack is placed once or left; no row has more positions or power than its own."""
    most, watts = inf if positions is None else positions, inf if budget is None else budget
    made = lay_out(most, rows, watts, lots)
    assert sum(row.rows for row in made.rows) == rows
    if positions is not None and rows:
        assert sum(row.rows * row.positions for row in made.rows) == positions
        wide = {row.positions for row in made.rows}
        assert max(wide) - min(wide) <= 1
    for place, lot in enumerate(lots):
        there = sum(row.rows * many for row in made.rows for at, many in row.holds if at == place)
        assert there + made.left[place] == lot.many
    for row in made.rows:
        assert used(lots, row) <= row.positions
        assert drawn(lots, row) <= watts * (1 + 1e-9)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 200), st.integers(1, 9), st.integers(1, 5), st.integers(0, 9), st.integers(0, 30))
def test_most_of_one_kind(many: int, most: int, each: int, rows: int, positions: int) -> None:
    """As many as the best of all ways to deal positions to rows, which `test_the_most_by_trying` tries."""
    made = lay_out(positions, rows, most * 10e3, [Lot(many, 10e3, 1 / each)])
    assert many - made.left[0] == min(many, _Row(most, each).room(rows, positions))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 15)), max_size=4), st.integers(15, 40))
def test_rows_that_are_counted_hold(counts: list[tuple[int, int]], budget: int) -> None:
    """As many rows as are counted by power alone hold all, where positions do not matter."""
    rows = rows_for(budget, counts)
    assume(rows < inf)
    assert not any(lay_out(inf, int(rows), budget, [Lot(many, power, 1.0) for many, power in counts]).left)


def test_a_large_hall_takes_no_longer() -> None:
    """Almost a thousand million racks are a handful of equal rows."""
    made = lay_out(10**9, 10**6, 1.5e8, [Lot(10**9 - 10**5, 132e3, 1.0), Lot(10**6, 1e3, 0.05)])
    assert len(made.rows) < 8
    assert made.left == (0, 0)


# --- in a hall -----------------------------------------------------------------------------------------

MIXED = """
use nvidia
use networking
campus c "Campus" { utility grid { capacity = 60 MW }
  building b { pue = 1.2; peak_pue = 1.3
    hall h { rows = 12; positions = 120; row_budget = 1.5 MW; rack_height = 48 U; load = 20 kW
      deploy gpus { system = nvidia.gb200_nvl72; count = [60 from 2026-01, 90 from 2027-01] }
      deploy dgx { system = nvidia.dgx_h200; count = 31 } }
    hall i { positions = 40; deploy dgx { system = nvidia.dgx_h200; count = 62 } } }
  fabric f { switch = networking.generic_64x800g; connects = [b.h.gpus, b.h.dgx, b.i.dgx]; split = 2; planes = 1; tiers = 3 } }
"""


LATER = datetime.date(2027, 6, 1)


def steps_of(situation: Situation, entity: Entity | None, name: str) -> Steps[float]:
    steps = moment.steps_of(situation, entity, name)
    assert steps is not None
    return steps


def plates(text: str) -> list[Plate]:
    return hall_plates(compile_text(text).situation, None)


def test_the_cells_of_a_hall_are_its_load() -> None:
    """The kW of all cells are the IT load of the hall's racks, and each deploy has its positions."""
    situation = read(MIXED).situation
    found = hall_plates(situation, LATER)
    assert [plate.id for plate in found] == ["c.b.h", "c.b.i"]
    for plate in found:
        load = it_load(situation, situation.at(plate.id))
        assert load is not None
        cells = sum(run.rows * cell.many * cell.power for run in plate.runs for cell in run.cells)
        assert isclose(cells + plate.plain, load.at(LATER))
        assert isclose(cells, sum(kind.load for kind in plate.kinds))
        for place, kind in enumerate(plate.kinds):
            there = sum(run.rows * cell.many for run in plate.runs for cell in run.cells if cell.kind == place)
            assert (there, kind.left) == (kind.positions, 0)
    assert [plate.plain for plate in found] == [20e3, 0.0]
    assert hall_plates(situation, None)[0].date == "2027-01"


def test_switches_stand_where_their_deploys_do() -> None:
    """The switches of a fabric are shared by endpoints, whole ones; their racks take positions, rows and power once."""
    situation = read(MIXED).situation
    fabric, hall = situation.at("c.f"), situation.at("c.b.h")
    network = [kind for plate in hall_plates(situation, LATER) for kind in plate.kinds if kind.is_network]
    every = steps_of(situation, fabric, "switches").at(LATER)
    shares = [90 * 72 + 31 * 8, 62 * 8]
    assert sum(kind.boxes for kind in network) == every
    for kind, share in zip(network, shares, strict=True):
        assert abs(kind.boxes - every * share / sum(shares)) < 1
        assert kind.positions == ceil(kind.boxes / (24 if kind.rack_height == 48 else 21))
    racks = [kind.positions for kind in network]
    assert steps_of(situation, hall, "network_racks").at(LATER) == racks[0]
    assert steps_of(situation, hall, "racks").at(LATER) == 90 + 8 + racks[0]
    assert steps_of(situation, fabric, "racks").at(LATER) == sum(racks)
    power = steps_of(situation, fabric, "power").at(LATER)
    assert isclose(sum(kind.load for kind in network), power)
    systems = 90 * 132e3 + (31 + 62) * 10.2e3 + 20e3
    assert isclose(steps_of(situation, situation.at("c"), "it_load").at(LATER), systems + power)


SMALL_HALL = """
use networking
system server {{ power = 10 kW; positions = 0.25; height = 8 U; liquid = 0; accelerators = 8; nic = 800 Gb/s }}
campus c {{ utility grid {{ capacity = 20 MW }}
  building b {{ pue = 1.2; peak_pue = 1.3
    hall h {{ positions = {positions}; {more}deploy s {{ system = server; count = {count} }} }} }}
  fabric f {{ switch = networking.generic_64x800g; connects = [b.h.s] }} }}
"""


def spaces(positions: int, count: str, more: str = "") -> list[str]:
    text = SMALL_HALL.format(positions=positions, count=count, more=more)
    return [message for message in messages(text) if message.startswith(("SPC", "HOL"))]


def test_racks_of_the_network_take_positions() -> None:
    """200 servers take 50 positions, and 75 switches four racks of 21: what is short says so."""
    assert spaces(54, "200") == []
    assert spaces(53, "200") == [
        "SPC101 `c.b.h`: its need of 54 rack positions exceeds its space of 53 rack positions by 1 rack positions"
    ]


@pytest.mark.parametrize("positions", [5, 20, 54, 77])
def test_as_many_fit_as_leave_room_for_their_network(positions: int) -> None:
    """A count that is open takes all but the positions of its network: as many fit as by trying, and no more."""
    text = SMALL_HALL.format(positions=positions, count="?", more="budget = 90 MW; ")
    sized = read(text).situation.sized
    (found,) = [size.value for (entity, _), size in sized.items() if entity.path == "c.b.h.s"]
    assert isinstance(found, int)
    assert spaces(positions, str(found)) == []
    assert [message[:6] for message in spaces(positions, str(found + 1))] == ["SPC101"]


def test_racks_of_the_network_keep_to_density() -> None:
    """A rack with fewer switches draws less: at 10 kW a position, eight of 1.18 kW share one, and not 21."""
    text = SMALL_HALL.format(positions=400, count="200", more="density = 10 kW; ")
    (plate,) = plates(text)
    network = plate.kinds[-1]
    assert network.power is not None
    assert network.power <= 10e3
    assert network.positions == ceil(network.boxes / (10e3 // (network.load / network.boxes)))


def test_equal_halls_are_drawn_once() -> None:
    """Of 800 halls in 400 buildings two look different; of many that differ a dozen is drawn, and the others are named."""
    text = """
    system rack { power = 100 kW; liquid = 0 }
    campus c { utility grid { capacity = 9 GW }
      building b[1..400] { pue = 1.2; peak_pue = 1.3; let many = %s
        hall h { positions = 20; rows = 2; deploy racks { system = rack; count = 10 } }
        hall i { positions = 20; rows = 2; deploy racks { system = rack; count = many } } } }
    """
    found = plates(text % "12")
    assert [len(plate.equals) for plate in found] == [400, 400]
    assert found[0].left_out == ()
    many = plates(text % "1 + index - 15 * floor(index / 15)")
    assert len(many) == MOST_HALLS
    assert sum(len(plate.equals) for plate in many) + len(many[0].left_out) == 800
    loads = [plate.kinds[0].load for plate in many]
    assert loads == sorted(loads, reverse=True)


@pytest.mark.parametrize("count", [1, 10, 40])
def test_what_still_fits_leaves_room_for_its_network(count: int) -> None:
    """`deployable` is exact where positions bind, with the racks that the network of more systems takes."""
    situation = read(SMALL_HALL.format(positions=20, count=count, more="budget = 90 MW; ")).situation
    more = steps_of(situation, situation.at("c.b.h"), "deployable").values
    assert len(more) == 1
    assert spaces(20, str(count + int(more[0]))) == []
    assert [message[:6] for message in spaces(20, str(count + int(more[0]) + 1))] == ["SPC101"]


def test_the_order_of_statements_changes_nothing() -> None:
    """Deploys, halls and fabrics in any order are the same sheets."""
    lines = [
        "deploy large { system = rack; count = 9 }",
        "deploy small { system = rack; count = 9 }",
        "deploy other { system = half; count = 9 }",
    ]
    text = """
    system rack { power = 100 kW; liquid = 0 }
    system half { power = 50 kW; liquid = 0; positions = 0.5 }
    building b { pue = 1.2; peak_pue = 1.3
      hall h { rows = 4; positions = 30; row_budget = 800 kW; %s } }
    """
    found = {tuple(plates(text % "; ".join(order))) for order in permutations(lines)}
    assert len(found) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from([10, 30, 70, 100])), min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(1, 24),
)
def test_fixes_of_a_layout_mend_it(systems: list[tuple[int, int]], rows: int, positions: int) -> None:
    """Where no layout is found, more positions or rows as they are named let one be found, and nothing else be short."""

    def told(rows: int, positions: int) -> list[Finding]:
        kinds = "".join(f"system s{at} {{ power = {kw} kW; liquid = 0 }}\n" for at, (_, kw) in enumerate(systems))
        deploys = "; ".join(f"deploy d{at} {{ system = s{at}; count = {n} }}" for at, (n, _) in enumerate(systems))
        hall = f"hall h {{ rows = {rows}; positions = {positions}; row_budget = 100 kW; {deploys} }}"
        found = compile_text(f"{kinds} building b {{ pue = 1.2; peak_pue = 1.3; {hall} }}").findings
        return [one for one in found if one.code.code.startswith("SPC")]

    found = told(rows, positions)
    assert len([one for one in found if one.code.code == "SPC109"]) in (0, len(found))
    for finding in found:
        if finding.code.code == "SPC109":
            assert finding.fixes
            for fix in finding.fixes:
                assert isinstance(fix.value, int)
                assert told(*((fix.value, positions) if fix.path.endswith("rows") else (rows, fix.value))) == []
