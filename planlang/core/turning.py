"""Where a verdict turns: up to which value of an assumed figure the plan holds, or would hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.core.area import folder_of
from planlang.core.assumptions import ASSUMES
from planlang.core.derive import REGISTRY, once
from planlang.core.halving import FINEST, Cluster, Search, joined, least, most, taken
from planlang.core.judging import identity, judged_apart
from planlang.core.paths import is_below
from planlang.core.rule import RULES
from planlang.core.user_rules import names_read
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planlang.core.assumptions import Assumes, Assumption
    from planlang.core.halving import Figure, Key
    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.values import Value

    Errors = dict[Key, Finding]
    Answered = Callable[[Finding], bool]
    Numbers = Iterable[tuple[Assumption, float]]

MOST_APART = 24
"""Up to this many assumptions are left out one by one, to see what depends on each; more are taken together."""
DIGITS = 12
"""A limit is shown as it was tried, not rounded to where it may fail."""


class Condition(NamedTuple):
    """What must be true of a figure so that the plan holds: `path relation value`; `assumed` is the assumed value."""

    path: str
    relation: str
    value: Value
    assumed: Value


class Weighed(NamedTuple):
    """The findings, changed where they depend on an assumption, and the conditions on which the verdict holds."""

    findings: list[Finding]
    conditions: list[Condition]


class _Group(NamedTuple):
    """The assumptions of one attribute, and which rules may read them: `own` says whether the plan's own may."""

    assumes: Assumes
    members: list[Assumption]
    own: bool

    @property
    def reached(self) -> tuple[str, ...]:
        """Beginnings of the codes of the findings that may depend on them."""
        return (*self.assumes.reaches, "RUL") if self.own else self.assumes.reaches


def weigh(situation: Situation, findings: list[Finding], answered: Answered) -> Weighed:
    """Which findings turn with what is assumed. `answered` says of an error whether it is accepted on all its dates."""
    groups = _groups(situation)
    if not groups:
        return Weighed(findings, [])
    cells = list(_cells(groups))
    family = situation if situation.is_open(cells) else situation.closed().open(cells)
    court = _Court(family, answered)
    moved = _moved(court, groups, findings)
    told: list[Search] = []
    for group in groups:
        signs = {sign for code, sign in moved if code.startswith(group.reached)}
        if not all(one.worse for one in group.members):
            signs = {1, -1}  # either end may be the worse one
        if not signs:
            continue
        weighing = _Weighing(court, group, findings, signs)
        searches = weighing.searches()
        findings = weighing.told(searches)
        errors = {identity(one) for one in findings if one.code.severity == "error"}
        court.settled.update(key for key in weighing.base if key not in errors)
        told += searches
    share = _share(_Court(family, answered), groups, told, findings)
    conditions = [
        Condition(one.path, search.relation, one.written(number), one.written(one.value))
        for search in told
        for one, number in search.numbers(search.holds * share // FINEST)
    ]
    return Weighed(findings, conditions)


def assumed(situation: Situation) -> list[tuple[Entity, str]]:
    """What `weigh` may try with other values."""
    return list(_cells(_groups(situation)))


def _cells(groups: list[_Group]) -> Iterator[tuple[Entity, str]]:
    """What is tried with other values."""
    for one in (one for group in groups for one in group.members):
        yield one.entity, one.name
        yield from ((one.entity, name) for name, _ in one.beside)


@once
def _groups(situation: Situation) -> list[_Group]:
    """What is assumed in a plan and may be read by a rule, attribute by attribute."""
    names = names_read(situation)
    groups = []
    for _, assumes in sorted(ASSUMES.items()):
        own = _reads(names, assumes)
        if not own and not assumes.reaches:
            continue
        by_name: dict[str, dict[Entity, Assumption]] = {}
        for one in assumes.taken(situation):
            by_name.setdefault(one.name, {}).setdefault(one.entity, one)
        groups += [_Group(assumes, list(found.values()), own) for found in by_name.values()]
    return groups


def _reads(names: set[str], assumes: Assumes) -> bool:
    """Whether one of these names is a quantity derived in an area that may read the assumptions."""
    areas = {assumes.area, *(entry.area for code, entry in RULES.items() if code.startswith(assumes.reaches))}
    return any(
        name in names and any(folder_of(one.function.__module__) in areas for one in group)
        for name, group in REGISTRY.items()
    )


def _moved(court: _Court, groups: list[_Group], findings: list[Finding]) -> set[tuple[str, int]]:
    """The codes of the findings that change with all figures at their worse ends (1), or at their better ones (-1)."""
    whole = _whole(groups)
    base = court.standing(findings, whole)
    codes: set[tuple[str, int]] = set()
    for sign in (1, -1):
        numbers = [(one, one.end(sign)) for group in groups for one in group.members if one.worse]
        if numbers:
            codes.update((str(key[0]), sign) for key in court.errors(numbers, whole).keys() ^ base.keys())
    return codes


def _whole(groups: list[_Group]) -> _Group:
    """All groups as one, without members."""
    reaches = tuple(dict.fromkeys(code for group in groups for code in group.assumes.reaches))
    return _Group(groups[0].assumes._replace(reaches=reaches), [], any(group.own for group in groups))


def _share(court: _Court, groups: list[_Group], told: list[Search], findings: list[Finding]) -> int:
    """How far towards their limits all figures may go at once (of FINEST parts), so that the conditions hold together.

    Each limit was found with all else as it is assumed: figures that share a constraint cannot all reach theirs.
    """
    limits = list({id(search.cluster): search for search in told}.values())
    if len({search.cluster.members[0].name for search in limits}) < 2:
        return FINEST
    whole = _whole(groups)
    standing = court.standing(findings, whole).keys()

    def holds(share: int) -> bool:
        numbers = [pair for search in limits for pair in search.numbers(search.holds * share // FINEST)]
        return court.errors(numbers, whole).keys() <= standing

    if holds(FINEST):
        return FINEST
    least_share, most_share = 0, FINEST
    while most_share - least_share > 1:
        middle = (least_share + most_share) // 2
        least_share, most_share = (middle, most_share) if holds(middle) else (least_share, middle)
    return least_share


class _Court:
    """Judges a plan with other figures. Findings in `settled` are known to depend on an assumption, and left out."""

    def __init__(self, family: Situation, answered: Answered) -> None:
        self.family = family
        self.answered = answered
        self.settled: set[Key] = set()

    def standing(self, findings: Iterable[Finding], group: _Group) -> Errors:
        """The errors among findings that may depend on a group, and that nobody answers for."""
        errors = [one for one in findings if one.code.severity == "error" and one.accepted is None]
        reached = [one for one in errors if one.code.code.startswith(group.reached) and not self.answered(one)]
        return {key: one for one in reached if (key := identity(one)) not in self.settled}

    def errors(self, numbers: Numbers, group: _Group) -> Errors:
        """What fails with these figures."""
        moved = list(numbers)
        beside = {(one.entity, name): value for one, _ in moved for name, value in one.beside}
        values = {**beside, **{(one.entity, one.name): one.written(number) for one, number in moved}}
        reaches = group.assumes.reaches
        trial = self.family.with_(values)
        found = judged_apart(trial, lambda entry: entry.code.code.startswith(reaches), group.own)
        return self.standing(found, group)


class _Weighing:
    """Tests how findings depend on the assumptions of one attribute; `signs` are the ends at which they may change."""

    def __init__(self, court: _Court, group: _Group, findings: list[Finding], signs: set[int]) -> None:
        self.court = court
        self.group = group
        self.members = group.members
        self.findings = findings
        self.signs = signs
        self.base = court.standing(findings, group)
        self.known: set[Key] = set()
        self.turning: Errors = {}

    def _errors(self, numbers: Numbers) -> Errors:
        return self.court.errors(numbers, self.group)

    def _at(self, end: Figure) -> Errors:
        """What fails with all of them at one end."""
        sign = 1 if end(self.members[0]) == self.members[0].end(1) else -1
        return self._errors([(one, end(one)) for one in self.members]) if sign in self.signs else self.base

    def searches(self) -> list[Search]:
        """The searches that find how far the plan holds, for all findings that turn."""
        low, high = self._at(least), self._at(most)
        found = {**low, **high, **self.base}
        self.known = set(found)
        turning = {key: one for key, one in found.items() if not (key in low and key in high and key in self.base)}
        if not turning:
            return []
        # A rule that only looks at what is written says nothing of what is assumed.
        written = self._errors([(one, one.value) for one in self.members])
        self.turning = turning = {key: one for key, one in turning.items() if (key in written) == (key in self.base)}
        clusters = joined(self._influence(low, high), self.members)
        searches = self._searched(clusters, low, high)
        if not self._is_sound(searches):
            clusters = [Cluster(self.members, set(turning))]
            searches = self._searched(clusters, low, high)
        return searches

    def _influence(self, low: Errors, high: Errors) -> dict[Key, set[int]]:
        """Which of the assumptions each turning finding depends on, by place in the group, as far as is known.

        It depends on those that have a part in it. If none has, it depends on each that changes it, at the end where it
        fails, when left out.
        """
        found = {
            key: {place for place, one in enumerate(self.members) if _has_part(finding, one)}
            for key, finding in self.turning.items()
        }
        everyone = set(range(len(self.members)))
        vague = [key for key, members in found.items() if not members]
        if vague and 1 < len(everyone) <= MOST_APART:
            for errors, end in ((high, most), (low, least)):
                for left_out in everyone:
                    rest = [(one, end(one)) for place, one in enumerate(self.members) if place != left_out]
                    without = self._errors(rest)
                    for key in vague:
                        if key in errors and without.get(key) != errors[key]:
                            found[key].add(left_out)
        return {key: members or everyone for key, members in found.items()}

    # --- where it turns ---

    def _searched(self, clusters: list[Cluster], low: Errors, high: Errors) -> list[Search]:
        """For each cluster that holds somewhere and fails elsewhere, how far it holds."""
        rounds: list[list[Search]] = [[], []]
        for cluster in clusters:
            if cluster.fails(self.base):
                if not cluster.fails(low):
                    rounds[0].append(Search(cluster, least, taken))
                elif not cluster.fails(high):
                    rounds[0].append(Search(cluster, most, taken))
                continue
            if cluster.fails(high):
                rounds[0].append(Search(cluster, taken, most))
            if cluster.fails(low):
                rounds[1].append(Search(cluster, taken, least))
        for searches in rounds:
            self._narrow(searches)
        return [*rounds[0], *rounds[1]]

    def _narrow(self, searches: list[Search]) -> None:
        """Halve all searches at once, with one judgement a round, until they are done."""
        while open_ := [one for one in searches if not one.is_done]:
            errors = self._errors([pair for search in open_ for pair in search.numbers(search.middle)])
            has_new = not self.known.issuperset(errors)  # errors that neither end has: nothing holds there
            for search in open_:
                middle = search.middle
                if has_new or search.cluster.fails(errors):
                    search.fails = middle
                else:
                    search.holds = middle

    def _is_sound(self, searches: list[Search]) -> bool:
        """Whether each cluster holds at its limit whatever the others are, so that it depends on nothing else.

        The clusters are split in two by each bit of their number. So of any two clusters, each is once at its limit
        while the other is as bad as is plausible. What is in no cluster is as bad as that throughout.
        """
        for end, relation in ((most, "<="), (least, ">=")):
            some = [search for search in searches if search.relation == relation]
            inside = {one.entity for search in some for one in search.cluster.members}
            outside = [(one, end(one)) for one in self.members if one.entity not in inside]
            if not some or (len(some) == 1 and not outside):
                continue  # its limit was judged in this very state
            for bit in range(max(1, (len(some) - 1).bit_length())):
                for side in (0, 1):
                    held = [search for number, search in enumerate(some) if (number >> bit) & 1 == side]
                    rest = [one for search in some if search not in held for one in search.cluster.members]
                    at_limit = [pair for search in held for pair in search.numbers(search.holds)]
                    errors = self._errors([*outside, *((one, end(one)) for one in rest), *at_limit]) if held else {}
                    if not self.known.issuperset(errors) or any(search.cluster.fails(errors) for search in held):
                        return False
        return True

    # --- what is told ---

    def told(self, searches: list[Search]) -> list[Finding]:
        """The findings, with what turns as warnings."""
        findings = list(self.findings)
        for search in searches:
            self._tell(search, findings)
        return findings

    def _tell(self, search: Search, findings: list[Finding]) -> None:
        """Turn errors that would hold at another value into warnings, or warn of what would fail at one."""
        cluster = search.cluster
        first = cluster.members[0]
        limit = show(first.written(search.number(first, search.holds)), DIGITS)
        others = len(cluster.members) - 1
        said = first.said + (f", and so of {others:,} more" if others else "")
        ends = " to ".join(show(first.written(end(first))) for end in (least, most))
        plausible = f"plausible are {ends}: {first.source}"
        bound = "at most" if search.relation == "<=" else "at least"
        fix = Fix(f"write {_where_to_write(first)}: it holds with {bound} {limit}", first.path)
        failing = [one for key, one in self.turning.items() if key in cluster.keys]
        now = [one for one in failing if identity(one) in self.base]
        for finding in now:
            findings[findings.index(finding)] = finding._replace(
                code=finding.code._replace(severity="warning"),
                notes=(*finding.notes, f"{said}; it holds with {bound} {limit}", plausible),
                fixes=(*finding.fixes, fix._replace(message=f"or {fix.message}" if finding.fixes else fix.message)),
            )
        if now:
            return
        one = failing[0]
        where = f"`{_cut(one)}`" if one.code.code.startswith("RUL") else f"`{one.subject}`"
        more = f" and {len(failing) - 1:,} more fail" if len(failing) > 1 else " fails"
        beyond = "above" if search.relation == "<=" else "below"
        text = f"{said}; {beyond} {limit}, {where}{more} ({one.code.code} {one.code.name})"
        parts = tuple(Contributor(other.entity.path, None, other.span) for other in cluster.members[1:])
        code = self.group.assumes.code
        findings.append(
            Finding(code, text, first.span, first.entity.path, contributors=parts, fixes=(fix,), notes=(plausible,))
        )


def _cut(finding: Finding) -> str:
    """A rule as it is written, or its beginning."""
    text = "" if finding.span is None else " ".join(finding.span.text.split())
    return text if len(text) <= 50 else f"{text[:49]}…"


def _where_to_write(one: Assumption) -> str:
    """The attribute in its block; for an entry of the catalogue, in a new block that starts from it."""
    entity = one.entity
    if entity.span.source.is_builtin:
        return f"`{entity.kind.name} mine is {entity.path} {{ {one.name} = … }}`"
    return f"`{one.name} = …` in `{entity.path}`"


def _has_part(finding: Finding, assumption: Assumption) -> bool:
    """Whether a finding is about the place of an assumption or something in it, or has a contributor there."""
    if not assumption.entity.kind.holds or finding.code.code.startswith("RUL"):
        return False  # a figure of plant affects what it is pooled with; a rule of the plan reads anything
    place = assumption.entity.path
    return any(is_below(path, place) for path in (finding.subject, *(one.subject for one in finding.contributors)))
