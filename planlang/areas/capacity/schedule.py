"""What a plan builds, has delivered and promises, as rows of a timeline."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas import bill_lines
from planlang.areas.site.derived import active
from planlang.areas.site.folding import Folded, folded_label
from planlang.areas.stages import SOURCE
from planlang.core import moment
from planlang.core.derive import once
from planlang.core.holes import natural
from planlang.core.marking import codes as codes_of
from planlang.core.paths import outward
from planlang.core.timeline import Item, Section
from planlang.core.user_rules import holds_from
from planlang.lang.calendar import format_date
from planlang.lang.dimensions import DATA_RATE
from planlang.lang.text import format_number, show
from planlang.lang.values import Date, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planlang.core.bill import BillLine
    from planlang.core.marking import Marks
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding

    Span = tuple[datetime.date, datetime.date]


class Found(NamedTuple):
    """What was found, by its subject, and by each place in which that stands."""

    at: Marks
    below: Marks


MOST_ROWS = 30
"""Rows of a sheet, without the titles of its sections."""
TITLES = {
    "grid": "Grid",
    "place": "Buildings",
    "deploy": "Systems",
    "delivery": "Deliveries",
    "link": "Network",
    "milestone": "Milestones",
}


def sections(situation: Situation, site: Entity | None, span: Span, found: Found) -> tuple[Section, ...]:
    """The rows of a site, or of the whole fleet: those that are late before others, each section by date."""
    items = list(_items(situation, site, span, found))
    kept = set(sorted(range(len(items)), key=lambda at: (not items[at].is_late, items[at].start, at))[:MOST_ROWS])
    made = []
    for kind, title in {**TITLES, **({"place": "Sites"} if site is None else {})}.items():
        mine = [at for at, item in enumerate(items) if item.kind == kind]
        shown = [items[at] for at in mine if at in kept]
        shown.sort(key=lambda item: (item.start, natural(item.id)))
        if mine:
            left = [items[at] for at in mine if at not in kept]
            made.append(Section(title, tuple(shown), len(left), sum(item.is_late for item in left)))
    return tuple(made)


def as_of(situation: Situation) -> datetime.date | None:
    """The date on which a plan is read."""
    said = None if situation.settings is None else situation.value(situation.settings, "as_of")
    return said.day if isinstance(said, Date) else None


def _items(situation: Situation, site: Entity | None, span: Span, found: Found) -> Iterable[Item]:
    inside = list(situation.entities) if site is None else [site, *site.descendants()]
    for one in inside:
        if one.kind.name == SOURCE:
            name = one.path if site is None else one.path.removeprefix(f"{site.path}.")
            yield from _grid(situation, one, name, span, found)
    yield from _places(situation, inside, span, found, deep=site is not None)
    if site is not None:
        yield from _deploys(situation, inside, span)
        yield from _deliveries(situation, site)
    yield from _links(situation, inside, span, found)
    for one in inside:
        if one.kind.name == "milestone":
            yield from _milestone(situation, one, found)


def _first(entity: Entity, span: Span) -> datetime.date:
    return max(entity.start or span[0], span[0])


def _grid(situation: Situation, utility: Entity, name: str, span: Span, found: Found) -> Iterable[Item]:
    """A row for each step of what the grid delivers."""
    usable = moment.steps_of(situation, utility, "usable")
    if usable is None:
        return
    failing = [one for one in found.below.get(utility.path, ()) if one.code.severity == "error"]
    for start, until, watts in usable.between(*span):
        if watts:
            end = until or span[1]
            over = [one for one in failing if (one.start or span[0]) < end and start < (one.until or span[1])]
            label = f"{name} {moment.power(watts)}"
            until_ = None if end >= span[1] else end
            wrong = tuple((max(a, start), min(b, end)) for a, b in _wrong(over, span) if a < end and start < b)
            codes = codes_of(over, "error") if wrong else ()
            yield Item(f"{utility.path} {start}", "grid", label, "", start, until_, codes=codes, wrong=wrong)


def _places(situation: Situation, inside: Sequence[Entity], span: Span, found: Found, deep: bool) -> Iterable[Item]:
    """Buildings of a site, or the sites of a fleet; members of a range with the same dates are one row."""
    groups: dict[object, list[Entity]] = {}
    for one in inside:
        outermost = one.parent is None or not one.parent.kind.holds
        if one.kind.holds and one.kind.name in ("campus", "building") and outermost != deep:
            key = one if one.block.index is None else (one.parent, one.block.name, one.start, one.until)
            groups.setdefault(key, []).append(one)
    for members in groups.values():
        first = members[0]
        loads = [moment.steps_of(situation, one, "it_load") for one in members]
        most = sum(one.maximum(*span) for one in loads if one is not None)
        its = [finding for one in members for finding in found.below.get(one.path, ())]
        label = folded_label(Folded(first, tuple(members)))
        much = f"{moment.power(most)} of IT" if most else ""
        start, until, word = _active(situation, first, span)
        wrong, codes = _wrong(its, span), codes_of(its, "error")
        yield Item(first.path, "place", label, word or much, start, until, codes=codes, wrong=wrong, absent=bool(word))


def _active(situation: Situation, entity: Entity, span: Span) -> tuple[datetime.date, datetime.date | None, str]:
    """From when until when something is there and active for the first time; else when it comes, and why it is not."""
    start, works = _first(entity, span), active(situation, entity)
    if works is None:
        return start, entity.until, ""
    for begin, until, on in works.between(start, min(entity.until or span[1], span[1])):
        if on:
            return max(begin, start), entity.until if until is None or until >= span[1] else until, ""
    return start, entity.until, moment.absence(situation, entity, start)


def _wrong(found: Sequence[Finding], span: Span) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """The stretches of a span on which an error holds."""
    return tuple(
        sorted(
            {
                (max(start or span[0], span[0]), min(until or span[1], span[1]))
                for one in found
                if one.code.severity == "error"
                for start, until in [(each.start, each.until) for each in one.intervals] or [(one.start, one.until)]
            }
        )
    )


def _deploys(situation: Situation, inside: Sequence[Entity], span: Span) -> Iterable[Item]:
    """The systems of a site by what and when: each date on which more of one come."""
    groups: dict[tuple[str, datetime.date], tuple[Entity, float]] = {}
    for deploy in inside:
        if deploy.kind.name != "deploy":
            continue
        count = situation.steps(deploy, "count")
        before = 0.0
        for start, _, many in count.between(*span):
            if many > before:
                system = situation.referred(deploy, "system")
                key = (deploy.path if system is None else system.title, start)
                held = groups.get(key, (deploy, 0.0))
                groups[key] = (held[0], held[1] + many - before)
            before = max(before, many)
    for (title, start), (deploy, many) in groups.items():
        yield Item(f"{deploy.path} {start}", "deploy", f"{format_number(int(many))} x {title}", "", start)


@once
def _orders(situation: Situation) -> dict[str, list[BillLine]]:
    """What is ordered by a date, by each place in which it is needed."""
    found: dict[str, list[BillLine]] = {}
    for line in bill_lines(situation):
        if line.order_by is not None:
            for path in outward(line.site):
                found.setdefault(path, []).append(line)
    return found


def _deliveries(situation: Situation, site: Entity) -> Iterable[Item]:
    """What is ordered for the site, by the last day of its order."""
    today = as_of(situation)
    lines: dict[tuple[str, datetime.date, datetime.date], float] = {}
    units: dict[str, str] = {}
    for line in _orders(situation).get(site.path, ()):
        if line.order_by is not None and line.needed_by is not None:
            key = (line.item, line.needed_by, line.order_by)
            lines[key] = lines.get(key, 0.0) + line.quantity
            units[line.item] = line.unit
    for (item, needed, order), many in lines.items():
        late = 0 if today is None or not order < today < needed else (today - order).days
        unit = "" if units[item] == "each" else f" {units[item]}"
        number = int(many) if float(many).is_integer() else many
        much = f"{format_number(number, 4)}{unit}"
        yield Item(f"{item} {needed}", "delivery", item, much, needed, None, order, late=late)


def ending(situation: Situation, inside: Sequence[Entity]) -> list[Entity]:
    """The links with an end in one of these."""
    here = set(inside)
    links = situation.of_kind("link")
    return [link for link in links if any(end in here for end in situation.all_referred(link, "between"))]


def _links(situation: Situation, inside: Sequence[Entity], span: Span, found: Found) -> Iterable[Item]:
    for link in ending(situation, inside):
        capacity = moment.steps_of(situation, link, "capacity")
        most = 0.0 if capacity is None else capacity.maximum(*span)
        much = show(Quantity(most, DATA_RATE), 4) if most else "no pairs"
        its = found.at.get(link.path, [])
        start, codes, wrong = _first(link, span), codes_of(its, "error"), _wrong(its, span)
        label, absent = link.block.label, not most
        yield Item(link.path, "link", label, much, start, link.until, codes=codes, wrong=wrong, absent=absent)


def _milestone(situation: Situation, milestone: Entity, found: Found) -> Iterable[Item]:
    by = situation.get(milestone, "by")
    if not isinstance(by, Date):
        return
    holds, since = holds_from(situation, milestone)
    codes = codes_of(found.at.get(milestone.path, ()), "error")
    met = (since or min(situation.start or by.day, by.day)) if holds else None
    late = 0 if met is None or met <= by.day else (met - by.day).days
    much = "never" if met is None else "from the start" if since is None else f"from {format_date(met)}"
    yield Item(milestone.path, "milestone", milestone.block.label, much, by.day, met=met, late=late, codes=codes)
