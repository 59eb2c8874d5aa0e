"""The model of a hall as a sheet of its own: rows of racks, and a rack of each kind in front view. No drawing is known
here. Powers are in W, heights in U, masses in kg, loads on the floor in kg/m2; None is what nobody has written."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """What the hall lets a rack position have."""

    density: float | None = None
    air_density: float | None = None
    rack_limit: float | None = None
    floor_load: float | None = None


class RackKind(NamedTuple):
    """Racks of one kind in a hall.

    `id` is the path of the deploy, or of the fabric (with the switch, where it has several); `box` that of the system
    or switch, which `contains` what is said in words. A full rack has `together` of them, each `height` U high, in a
    rack of `rack_height` U (`is_assumed` where that is not written, and no system is a rack itself). `power`, `liquid`
    and `air` are those of a full position;
    `mass` is that of a full rack. `boxes` are there in all, on `positions`, and draw `load`; `left` of them find no
    place in the rows."""

    id: str
    box: str
    title: str
    contains: str
    is_network: bool
    boxes: int
    positions: int
    together: int
    height: float | None
    rack_height: float
    is_assumed: bool
    power: float | None
    liquid: float
    air: float
    mass: float | None
    floor: float | None
    load: float
    left: int = 0
    codes: tuple[str, ...] = ()


class Cell(NamedTuple):
    """`many` equal positions side by side: the place of their kind (None: free), and what each draws."""

    many: int
    kind: int | None = None
    power: float = 0.0


class RowRun(NamedTuple):
    """`rows` equal rows, the first of them with the number `first`; what one has on its positions and draws."""

    first: int
    rows: int
    cells: tuple[Cell, ...]
    load: float

    @property
    def positions(self) -> int:
        """Positions of one row."""
        return sum(cell.many for cell in self.cells)


class Plate(NamedTuple):
    """A hall at one date. `name` is its file's stem, `id` its path, `equals` are the paths of all halls that look like
    it, itself the first. `budget` is that of a row. `has_rows` is False where nobody has written rows: then `runs` is
    one row of all positions. `plain` is load of the hall that stands in no rack of the plan. `found` says what was
    found here, `left_out` the paths of halls that are not drawn."""

    name: str
    id: str
    title: str
    what: str
    date: str
    verdict: str
    found: str
    equals: tuple[str, ...]
    kinds: tuple[RackKind, ...]
    runs: tuple[RowRun, ...]
    limits: Limits
    budget: float | None
    positions: int | None
    has_rows: bool
    plain: float
    left_out: tuple[str, ...] = ()

    @property
    def stranded(self) -> float | None:
        """What rows with racks have left of their budgets."""
        if self.budget is None:
            return None
        return sum(run.rows * max(0.0, self.budget - run.load) for run in self.runs if run.load)
