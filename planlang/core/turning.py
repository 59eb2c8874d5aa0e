"""Where a verdict turns: for what is assumed, up to which value the plan holds, or would hold."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from planlang.core.assumptions import ASSUMES
from planlang.core.derive import REGISTRY
from planlang.core.judging import judged_with
from planlang.core.rule import RULES
from planlang.core.user_rules import names_read
from planlang.lang.finding import Contributor, Finding, Fix
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planlang.core.assumptions import Assumes, Assumption
    from planlang.core.plan import Entity, Plan
    from planlang.lang.values import Value

    Key = tuple[object, ...]
    Errors = dict[Key, Finding]
    Answered = Callable[[Finding], bool]
    Figure = Callable[[Assumption], float]

FINEST = 1000
"""Into so many parts the way from a value that holds to one that fails is cut."""
MOST_APART = 24
"""Of so many assumptions each is left out in turn, to see what depends on it; of more, all count together."""
DIGITS = 12
"""A limit is shown as it was tried, not rounded to where it may fail."""


class Condition(NamedTuple):
    """What must be true of an assumed figure, so that the plan holds: `path relation value`, where it is `assumed`."""

    path: str
    relation: str
    value: Value
    assumed: Value


class Weighed(NamedTuple):
    """The findings as they stand once it is known what rests on what is assumed, and on which conditions it holds."""

    findings: list[Finding]
    conditions: list[Condition]


def weigh(plan: Plan, findings: list[Finding], answered: Answered) -> Weighed:
    """Which findings turn with what is assumed. `answered` says of an error whether it is accepted on all its dates."""
    conditions: list[Condition] = []
    settled: set[Key] = set()  # what rests on an assumption already is not weighed again
    for _, assumes in sorted(ASSUMES.items()):
        groups: dict[str, dict[Entity, Assumption]] = {}
        for one in assumes.taken(plan):
            groups.setdefault(one.name, {}).setdefault(one.entity, one)
        for group in groups.values():
            weighing = _Weighing(plan, assumes, list(group.values()), findings, answered, settled)
            findings, found = weighing.weighed()
            errors = {identity(one) for one in findings if one.code.severity == "error"}
            settled.update(key for key in weighing.base if key not in errors)
            conditions += found
    return Weighed(findings, conditions)


def identity(finding: Finding) -> Key:
    """What makes two findings of two judgements one."""
    span = finding.span
    return (finding.code.code, finding.subject, None if span is None else (span.source.name, span.start))


class _Cluster:
    """Assumptions that are moved together, as some finding depends on several, and what fails with them."""

    def __init__(self, members: list[Assumption], keys: set[Key]) -> None:
        self.members = members
        self.keys = keys

    def fails(self, errors: Iterable[Key]) -> bool:
        """Whether something of it is among these."""
        return not self.keys.isdisjoint(errors)


class _Search:
    """The way of a cluster from where it holds (0) to where it fails (FINEST), and the stretch that is left of it."""

    def __init__(self, cluster: _Cluster, good: Figure, bad: Figure) -> None:
        self.cluster = cluster
        self.good = good
        self.bad = bad
        self.holds, self.fails = 0, FINEST

    @property
    def middle(self) -> int:
        """The part to try next; where nothing is left, the last that holds."""
        return (self.holds + self.fails) // 2

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to try."""
        return self.fails - self.holds <= 1

    @property
    def relation(self) -> str:
        """Whether it holds up to a value, or down to it."""
        one = self.cluster.members[0]
        return "<=" if self.good(one) < self.bad(one) else ">="

    def number(self, one: Assumption, part: int) -> float:
        """The figure at a part of the way, in few digits, rounded to where it holds."""
        good, bad = self.good(one), self.bad(one)
        if part == 0:
            return good
        digits = 2 - floor(log10(one.most - one.least))
        scale = 10.0**digits
        exact = (good + (bad - good) * part / FINEST) * scale
        if good < bad:
            return max(good, round(floor(exact + 1e-9) / scale, max(0, digits)))
        return min(good, round(ceil(exact - 1e-9) / scale, max(0, digits)))

    def numbers(self, part: int) -> list[tuple[Assumption, float]]:
        """The figures of all members at a part of the way."""
        return [(one, self.number(one, part)) for one in self.cluster.members]


class _Weighing:
    """What findings make of the assumptions of one name."""

    def __init__(
        self,
        plan: Plan,
        assumes: Assumes,
        group: list[Assumption],
        findings: list[Finding],
        answered: Answered,
        settled: set[Key],
    ) -> None:
        self.plan = plan
        self.assumes = assumes
        self.group = group
        self.findings = findings
        self.answered = answered
        self.settled = settled
        self.own = self._own_rules_read()
        reached = (*assumes.reaches, "RUL") if self.own else assumes.reaches
        self.known: set[Key] = set()
        self.base = self._keyed(one for one in findings if one.code.code.startswith(reached))

    def _own_rules_read(self) -> bool:
        """Whether rules of the plan read what may follow from the figures."""
        areas = {entry.area for code, entry in RULES.items() if code.startswith(self.assumes.reaches)}
        areas.add(self.assumes.area)
        names = names_read(self.plan)
        return any(
            name in names and any(one.function.__module__.split(".")[2] in areas for one in group)
            for name, group in REGISTRY.items()
        )

    def _keyed(self, findings: Iterable[Finding]) -> Errors:
        errors = [one for one in findings if one.code.severity == "error" and one.accepted is None]
        return {key: one for one in errors if (key := identity(one)) not in self.settled and not self.answered(one)}

    def _errors(self, numbers: list[tuple[Assumption, float]]) -> Errors:
        """What fails with these figures."""
        values: dict[tuple[Entity, str], Value] = {}
        for one, number in numbers:
            values[one.entity, one.name] = one.written(number)
            for name, value in one.beside:
                values[one.entity, name] = value
        reaches = self.assumes.reaches
        return self._keyed(judged_with(self.plan, values, lambda entry: entry.code.code.startswith(reaches), self.own))

    def weighed(self) -> Weighed:
        """The findings and the conditions."""
        low = self._errors([(one, one.least) for one in self.group])
        high = self._errors([(one, one.most) for one in self.group])
        known = {**low, **high, **self.base}
        self.known = set(known)
        turning = {key: one for key, one in known.items() if not (key in low and key in high and key in self.base)}
        if not turning:
            return Weighed(self.findings, [])
        written = self._errors([(one, one.value) for one in self.group])
        turning = {key: one for key, one in turning.items() if (key in written) == (key in self.base)}
        clusters = self._clusters(turning, self._influence(turning, low, high))
        searches = self._searched(clusters, low, high)
        if len(clusters) > 1 and not self._sound(searches):
            clusters = [_Cluster(self.group, set(turning))]
            searches = self._searched(clusters, low, high)
        findings, conditions = list(self.findings), []
        for search in searches:
            self._tell(search, turning, findings)
            conditions += [
                Condition(one.path, search.relation, one.written(number), one.written(one.value))
                for one, number in search.numbers(search.holds)
            ]
        return Weighed(findings, conditions)

    # --- which assumptions a finding depends on ---

    def _influence(self, turning: Errors, low: Errors, high: Errors) -> dict[Key, set[int]]:
        """Which of the assumptions each finding depends on, by place in the group.

        Those that its parts name; where it names none, those without which it is another at the end where it fails.
        """
        found = {
            key: {place for place, one in enumerate(self.group) if _has_part(finding, one)}
            for key, finding in turning.items()
        }
        everyone = set(range(len(self.group)))
        vague = [key for key, members in found.items() if not members]
        if len(everyone) > MOST_APART:
            vague, found = [], {key: members or everyone for key, members in found.items()}
        for errors, end in ((high, _most), (low, _least)) if vague else ():
            for left_out in everyone:
                without = self._errors([(one, end(one)) for place, one in enumerate(self.group) if place != left_out])
                for key in vague:
                    if key in errors and without.get(key) != errors[key]:
                        found[key].add(left_out)
        return {key: members or everyone for key, members in found.items()}

    def _clusters(self, turning: Errors, influence: dict[Key, set[int]]) -> list[_Cluster]:
        """The assumptions that one finding depends on move together."""
        joined: list[tuple[set[int], set[Key]]] = []
        for key in turning:
            members, keys = set(influence[key]), {key}
            apart = []
            for other, its in joined:
                if other & members:
                    members |= other
                    keys |= its
                else:
                    apart.append((other, its))
            joined = [*apart, (members, keys)]
        return [
            _Cluster([self.group[place] for place in sorted(members)], keys)
            for members, keys in sorted(joined, key=lambda pair: min(pair[0]))
        ]

    # --- where it turns ---

    def _searched(self, clusters: list[_Cluster], low: Errors, high: Errors) -> list[_Search]:
        """For each cluster that holds somewhere and fails elsewhere, how far it holds."""
        rounds: list[list[_Search]] = [[], []]
        for cluster in clusters:
            if cluster.fails(self.base):
                if not cluster.fails(low):
                    rounds[0].append(_Search(cluster, _least, _value))
                elif not cluster.fails(high):
                    rounds[0].append(_Search(cluster, _most, _value))
                continue
            if cluster.fails(high):
                rounds[0].append(_Search(cluster, _value, _most))
            if cluster.fails(low):
                rounds[1].append(_Search(cluster, _value, _least))
        for searches in rounds:
            self._narrow(searches)
        return [*rounds[0], *rounds[1]]

    def _narrow(self, searches: list[_Search]) -> None:
        """Halve what is left of all of them at once."""
        while open_ := [one for one in searches if not one.is_done]:
            errors = self._errors([pair for search in open_ for pair in search.numbers(search.middle)])
            has_new = not self.known.issuperset(errors)  # which both ends do not have: nothing is said to hold there
            for search in open_:
                middle = search.middle
                if has_new or search.cluster.fails(errors):
                    search.fails = middle
                else:
                    search.holds = middle

    def _sound(self, searches: list[_Search]) -> bool:
        """Whether all that is to hold does so, each cluster at its own limit."""
        limits = {id(search.cluster): search for search in searches}
        errors = self._errors([pair for search in limits.values() for pair in search.numbers(search.holds)])
        return self.known.issuperset(errors) and not any(search.cluster.fails(errors) for search in searches)

    # --- what is told ---

    def _tell(self, search: _Search, turning: Errors, findings: list[Finding]) -> None:
        """Turn what would hold into warnings, or warn of what would fail."""
        cluster = search.cluster
        first = cluster.members[0]
        limit = show(first.written(search.number(first, search.holds)), DIGITS)
        others = len(cluster.members) - 1
        said = first.said + (f", and so of {others:,} more" if others else "")
        least, most = (show(first.written(number)) for number in (first.least, first.most))
        plausible = f"plausible are {least} to {most}: {first.source}"
        bound = "at most" if search.relation == "<=" else "at least"
        fix = Fix(f"write {_where_to_write(first)}: it holds with {bound} {limit}", first.path)
        failing = [one for key, one in turning.items() if key in cluster.keys]
        now = [one for one in failing if identity(one) in self.base]
        for finding in now:
            note = f"{said}; it holds with {bound} {limit}"
            findings[findings.index(finding)] = finding._replace(
                code=finding.code._replace(severity="warning"),
                notes=(*finding.notes, note, plausible),
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
        code = self.assumes.code
        findings.append(
            Finding(code, text, first.span, first.entity.path, contributors=parts, fixes=(fix,), notes=(plausible,))
        )


def _cut(finding: Finding) -> str:
    """A rule as it is written, or its beginning."""
    text = "" if finding.span is None else " ".join(finding.span.text.split())
    return text if len(text) <= 50 else f"{text[:49]}…"


def _where_to_write(one: Assumption) -> str:
    """The attribute, in its block, or in one of one's own that starts from the catalogue's."""
    entity = one.entity
    if entity.span.source.name.startswith("catalogue/"):
        return f"`{entity.kind.name} mine is {entity.path} {{ {one.name} = … }}`"
    return f"`{one.name} = …` in `{entity.path}`"


def _least(one: Assumption) -> float:
    return one.least


def _value(one: Assumption) -> float:
    return one.value


def _most(one: Assumption) -> float:
    return one.most


def _has_part(finding: Finding, assumption: Assumption) -> bool:
    """Whether a finding is about the place of an assumption, or about what stands in it, or has a part from there."""
    place = assumption.entity.path
    return any(_is_below(path, place) for path in (finding.subject, *(one.subject for one in finding.contributors)))


def _is_below(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))
