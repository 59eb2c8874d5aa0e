"""What changes of a plan come to: measures, findings, power over time, sizes and the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.diff.effects import BOUND
from planlang.core.diff.forms import place_of
from planlang.core.diff.records import BillChange, FindingChange, MeasureChange, Money, SizeChange, Stretch
from planlang.core.diff.same import is_close, same
from planlang.lang.steps import EVER, Steps, combine
from planlang.lang.values import NEVER, Date, Duration, Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from planlang.core.bill import BillLine
    from planlang.core.diff.causes import Causes
    from planlang.core.diff.records import Movement, Side, Supply, Watched
    from planlang.core.diff.written import Changes, Draft
    from planlang.core.measures import Figure
    from planlang.lang.finding import Finding
    from planlang.lang.values import Value

    Names = dict[str, str]

DAY = 86_400.0
FIGURES = ("load", "capacity", "headroom")
"""Of a campus, in the order in which they are told."""


def numbers(drafts: Iterable[Draft]) -> tuple[int, ...]:
    """The numbers of changes, in order."""
    return tuple(sorted({draft.number for draft in drafts}))


# --- measures ----------------------------------------------------------------------------------------


def measure_changes(old: Side, new: Side, paths: Names, changes: Changes, causes: Causes) -> Iterator[MeasureChange]:
    """Every measure of either plan, by its path."""
    theirs = {one.path: one for one in new.measures}
    pairs: list[tuple[Figure | None, Figure | None]] = []
    for figure in old.measures:
        there = theirs.pop(figure.path, None) or theirs.pop(_renamed(figure.path, paths, changes.labels), None)
        pairs.append((figure, there))
    pairs += [(None, figure) for figure in theirs.values()]
    for one, other in pairs:
        shown = other or one
        assert shown is not None
        before, after = (None if figure is None else figure.value for figure in (one, other))
        moves = one is not None and other is not None and not same(before, after, paths)
        found = [changes.at.get(place_of(figure.span)) for figure in (one, other) if figure is not None]
        own = [draft for draft in found if draft is not None]
        of = list(own)
        if moves and not (own and before is None):
            of += causes.of_path(shown.path.rpartition(".")[0])
        yield _measure(
            shown.path, shown.title, (before, after), moves, one is not None and other is not None, numbers(of)
        )


def default_changes(old: Side, new: Side, causes: Causes) -> Iterator[MeasureChange]:
    """The default figures; each follows from the changes that reach a block whose part of it differs."""
    ours, theirs = ({one.name: one for one in side.watched} for side in (old, new))
    for name in {**theirs, **ours}:
        one, other = ours.get(name), theirs.get(name)
        before, after = (_nothing(one or other) if side is None else side.value for side in (one, other))
        moves = not same(before, after, {})
        shown = other or one
        assert shown is not None
        yield _measure(name, shown.title, (before, after), moves, True, _causes(one, other, causes) if moves else ())


def _nothing(like: Watched | None) -> Value | None:
    """The figure of a plan that has none of it: no money, where nothing has a price."""
    figure = None if like is None else like.value
    return Quantity(0.0, figure.dimension) if isinstance(figure, Quantity) else 0


def _causes(one: Watched | None, other: Watched | None, causes: Causes) -> tuple[int, ...]:
    ours = {} if one is None else {causes.paths.get(path, path): part for path, part in one.parts.items()}
    theirs = {} if other is None else other.parts
    tops = [path for path in {**ours, **theirs} if ours.get(path) != theirs.get(path)]
    shown = other or one
    if shown is None or not shown.is_derived:
        return numbers(causes.of_tops(tops))
    return numbers([draft for top in tops for draft in causes.of_figure(top, shown.name)] or causes.of_tops(tops))


def _renamed(path: str, paths: Names, labels: Names) -> str:
    """The path of a measure in the new plan."""
    block, _, name = path.rpartition(".")
    name = labels.get(name, name)
    return f"{paths.get(block, block)}.{name}" if block else name


def _measure(
    path: str, title: str, values: tuple[Value | None, Value | None], moves: bool, both: bool, causes: tuple[int, ...]
) -> MeasureChange:
    return MeasureChange(path, title, *values, difference(*values), ratio(*values), moves, both, causes)


def difference(old: Value | None, new: Value | None) -> Value | None:
    """new - old: of quantities of one dimension, numbers and dates (in days); None of anything else."""
    if isinstance(old, Quantity) and isinstance(new, Quantity):
        return Quantity(new.magnitude - old.magnitude, new.dimension) if old.dimension is new.dimension else None
    if isinstance(old, Date) and isinstance(new, Date):
        return None if NEVER in (old, new) else Duration(0, (new.day - old.day).days * DAY)
    if isinstance(old, Duration) and isinstance(new, Duration):
        return Duration(new.months - old.months, new.seconds - old.seconds)
    if _is_number(old) and _is_number(new):
        return new - old  # type: ignore[operator]
    return None


def ratio(old: Value | None, new: Value | None) -> float | None:
    """(new - old) / |old|; None where that is not a finite number."""
    one, other = _amount(old), _amount(new)
    if one is None or other is None or not one or difference(old, new) is None:
        return None
    return (other - one) / abs(one)


def _is_number(value: Value | None) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _amount(value: Value | None) -> float | None:
    if isinstance(value, Quantity):
        return value.magnitude
    return float(value) if _is_number(value) else None  # type: ignore[arg-type]


# --- findings ----------------------------------------------------------------------------------------


def finding_changes(old: Side, new: Side, paths: Names, changes: Changes, causes: Causes) -> Iterator[FindingChange]:
    """Findings that appear, vanish, move or are accepted: those of one code and subject are of one matter."""
    theirs: dict[object, list[Finding]] = {}
    for finding in new.findings:
        theirs.setdefault((finding.code.code, finding.subject), []).append(finding)
    found: list[tuple[Movement, Finding | None, Finding | None]] = []
    ours: dict[object, list[Finding]] = {}
    for finding in old.findings:
        ours.setdefault((finding.code.code, paths.get(finding.subject, finding.subject)), []).append(finding)
    for key in ours.keys() | theirs.keys():
        befores, afters = ours.get(key, []), theirs.get(key, [])
        befores, afters = _unmatched(befores, afters, paths)
        for before, after in _paired(befores, afters):
            if before is None or after is None:
                found.append(("appears" if before is None else "vanishes", before, after))
            elif (before.accepted is None) != (after.accepted is None):
                found.append(("accepted" if after.accepted is not None else "no longer accepted", before, after))
            else:
                found.append(("moves", before, after))
    for what, before, after in sorted(found, key=_order):
        yield FindingChange(what, before, after, numbers(_of_finding(what, before, after, changes, causes)))


def _of_finding(
    what: Movement, before: Finding | None, after: Finding | None, changes: Changes, causes: Causes
) -> Iterable[Draft]:
    """What a finding follows from: of a rule that is new or gone that alone; of what is accepted the accept; else what
    reaches its subject."""
    shown = after if after is not None else before
    assert shown is not None
    own = [changes.at.get(place_of(one.span)) for one in (before, after) if one is not None and one.span is not None]
    drafts = [draft for draft in own if draft is not None and draft.thing in BOUND]
    if any(draft.what in ("added", "removed") for draft in drafts):
        return drafts
    if "accepted" in what and (accepts := causes.accepts(shown.code.code)):
        return accepts
    answered = causes.accepts(shown.code.code) if shown.accepted is not None else ()
    return [*drafts, *causes.of_path(shown.subject), *answered]


_RANKS: dict[Movement, int] = {"appears": 0, "no longer accepted": 1, "moves": 2, "accepted": 3, "vanishes": 4}


def _order(found: tuple[Movement, Finding | None, Finding | None]) -> tuple[object, ...]:
    what, before, after = found
    shown = after if after is not None else before
    assert shown is not None
    grave = shown.code.severity != "error"
    return (_RANKS[what], grave, shown.code.code, shown.subject, shown.start or EVER, shown.message)


def _equal(one: Finding, other: Finding, paths: Names) -> bool:
    """Whether two findings of one code and subject have the same dates and amounts, and are accepted alike."""
    return (
        (one.start, one.until, one.accepted is None) == (other.start, other.until, other.accepted is None)
        and (one.accepted is None or other.accepted is None or one.accepted.until == other.accepted.until)
        and same(one.demand, other.demand, paths)
        and same(one.limit, other.limit, paths)
        and one.code.severity == other.code.severity
        and len(one.intervals) == len(other.intervals)
        and all(
            (a.start, a.until) == (b.start, b.until)
            and same(a.demand, b.demand, paths)
            and same(a.limit, b.limit, paths)
            for a, b in zip(one.intervals, other.intervals, strict=True)
        )
    )


def _unmatched(befores: list[Finding], afters: list[Finding], paths: Names) -> tuple[list[Finding], list[Finding]]:
    """Those of either side without an equal one on the other."""
    rest, left = [], list(afters)
    for before in befores:
        place = next((number for number, after in enumerate(left) if _equal(before, after, paths)), None)
        if place is None:
            rest.append(before)
        else:
            del left[place]
    return rest, left


def _paired(befores: list[Finding], afters: list[Finding]) -> Iterator[tuple[Finding | None, Finding | None]]:
    """The rest, in order of time."""
    ones, others = (sorted(each, key=lambda one: (one.start or EVER, one.message)) for each in (befores, afters))
    for place in range(max(len(ones), len(others))):
        yield ones[place] if place < len(ones) else None, others[place] if place < len(others) else None


# --- power over time ---------------------------------------------------------------------------------


def stretches(old: Side, new: Side, paths: Names, causes: Causes) -> Iterator[Stretch]:
    """Where in time a load, a capacity or a headroom differs, by campus."""
    ours = {(paths.get(one.path, one.path), one.figure): one for one in old.supplies}
    theirs = {(one.path, one.figure): one for one in new.supplies}
    start = _earliest(old.situation.start, new.situation.start)
    until = _latest(old.situation.until, new.situation.until)
    for path, figure in sorted({**theirs, **ours}, key=lambda key: (key[0], FIGURES.index(key[1]))):
        supplies = [each[path, figure] for each in (ours, theirs) if (path, figure) in each]
        before, after = _steps(ours.get((path, figure))), _steps(theirs.get((path, figure)))
        of: tuple[int, ...] | None = None
        last: Stretch | None = None
        for begin, end, (one, other) in combine(lambda a, b: (a, b), before, after).between(start, until):
            if one == other or (one is not None and other is not None and is_close(one, other)):
                continue
            of = numbers(_of_supplies(supplies, causes)) if of is None else of
            first = None if begin == EVER else begin
            if last is not None and (last.until, last.old, last.new) == (first, one, other):
                last = last._replace(until=end)
                continue
            if last is not None:
                yield last
            last = Stretch(path, figure, first, end, one, other, of)
        if last is not None:
            yield last


def _of_supplies(supplies: list[Supply], causes: Causes) -> Iterable[Draft]:
    """What a figure of a campus follows from; of one that is in one plan alone, what reaches it."""
    shown = supplies[-1]
    path = causes.paths.get(shown.path, shown.path)
    if len(supplies) < 2:
        return causes.of_path(path)
    return [draft for name, kind in shown.of for draft in causes.of_figure(path, name, kind)] or causes.of_path(path)


def _steps(supply: Supply | None) -> Steps[float | None]:
    return Steps.constant(None) if supply is None else supply.steps


def _earliest(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    """The first day of either; a plan without dates has none."""
    days = [day for day in (one, other) if day is not None]
    return min(days) if days else None


def _latest(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    """The end of the longer one; without end where either has none."""
    return None if one is None or other is None else max(one, other)


# --- sizes -------------------------------------------------------------------------------------------


def size_changes(old: Side, new: Side, paths: Names, causes: Causes) -> Iterator[SizeChange]:
    """Holes of both plans that are filled otherwise."""
    theirs = {(entity.path, name): sized for (entity, name), sized in new.situation.sized.items()}
    for (entity, name), before in old.situation.sized.items():
        path = paths.get(entity.path, entity.path)
        after = theirs.get((path, name))
        if after is not None and not same(before.value, after.value, paths):
            yield SizeChange(path, name, before, after, numbers(causes.of_path(path)))


# --- the bill ----------------------------------------------------------------------------------------


def bill_changes(old: Side, new: Side, paths: Names, causes: Causes) -> Iterator[BillChange]:
    """Lines that are added, removed or changed: those of one item, unit and site are paired by date."""
    ours, theirs = _lines(old, paths), _lines(new, {})
    for key in {**theirs, **ours}:
        befores, afters = list(ours.get(key, [])), []
        for line in theirs.get(key, []):
            place = next((number for number, one in enumerate(befores) if _same_line(one, line, paths)), None)
            if place is None:
                afters.append(line)
            else:
                del befores[place]
        for before, after in _paired_lines(befores, afters):
            shown = after or before
            assert shown is not None
            of = numbers(causes.of_tops({*_tops(shown.site, paths), *_tops(shown.item, paths)}))
            yield BillChange(
                "added" if before is None else "removed" if after is None else "changed", before, after, of
            )


def _tops(path: str, paths: Names) -> list[str]:
    return [paths.get(path, path).partition(".")[0]] if path else []


def _lines(side: Side, paths: Names) -> dict[tuple[str, ...], list[BillLine]]:
    """The lines by item, category, unit and site, in order of need."""
    found: dict[tuple[str, ...], list[BillLine]] = {}
    for line in side.bill:
        key = (line.category, paths.get(line.item, line.item), line.unit, paths.get(line.site, line.site))
        found.setdefault(key, []).append(line)
    return found


def _same_line(one: BillLine, other: BillLine, paths: Names) -> bool:
    return (
        is_close(one.quantity, other.quantity)
        and (one.needed_by, one.order_by) == (other.needed_by, other.order_by)
        and same(one.unit_price, other.unit_price, paths)
        and same(one.price, other.price, paths)
    )


def _paired_lines(befores: list[BillLine], afters: list[BillLine]) -> Iterator[tuple[BillLine | None, BillLine | None]]:
    """Lines needed on one day together, then the others in order."""
    left = list(afters)
    rest = []
    for before in befores:
        place = next((number for number, after in enumerate(left) if after.needed_by == before.needed_by), None)
        if place is None:
            rest.append(before)
        else:
            yield before, left.pop(place)
    for place in range(max(len(rest), len(left))):
        yield rest[place] if place < len(rest) else None, left[place] if place < len(left) else None


def money(old: Side, new: Side) -> tuple[Money, ...]:
    """What the lines with a price come to, a currency each."""
    before, after = _sums(old), _sums(new)
    found = []
    for currency in sorted({*before, *after}):
        like = (after.get(currency) or before[currency])[0]
        one, other = (sum(part.magnitude for part in side.get(currency, [])) for side in (before, after))
        values = [Quantity(figure, like.dimension) for figure in (one, other, other - one)]
        found.append(Money(currency, *values))
    return tuple(found)


def _sums(side: Side) -> dict[str, list[Quantity]]:
    found: dict[str, list[Quantity]] = {}
    for line in side.bill:
        if isinstance(line.price, Quantity):
            found.setdefault(line.price.dimension.currency or line.price.dimension.unit, []).append(line.price)
    return found
