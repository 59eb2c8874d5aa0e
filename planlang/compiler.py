"""The compiler: the passes in their order, from a path to a verdict."""

from __future__ import annotations

import gc
import os
import sys
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from planlang.areas import areas, load
from planlang.core import codes
from planlang.core.area import AreaError, room
from planlang.core.assumptions import ASSUMES
from planlang.core.build import build
from planlang.core.derive import answer, names_of
from planlang.core.holes import holes
from planlang.core.judging import judge
from planlang.core.kinds import Kind, Kinds
from planlang.core.outage import states
from planlang.core.rule import RULES
from planlang.core.situation import Situation
from planlang.core.turning import assumed
from planlang.core.unexamined import Unexamined, not_examined
from planlang.core.usual import with_doubt
from planlang.lang import codes as lang_codes
from planlang.lang import project, syntax_codes
from planlang.lang.catalogue import Catalogue
from planlang.lang.finding import DOUBTFUL, Finding, is_root
from planlang.lang.steps import EVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Literal

    from planlang.core.measures import Figure
    from planlang.core.plan import Plan
    from planlang.core.supposed import Edits
    from planlang.core.turning import Condition
    from planlang.lang.finding import Code
    from planlang.lang.project import Project

    Verdict = Literal["holds", "fails", "unreadable"]


T = TypeVar("T")

UNREAD = Unexamined("all that must hold", "the plan cannot be read")


class Result(NamedTuple):
    """A compiled plan: the verdict is `holds`, `fails` or `unreadable`; findings are sorted by place."""

    situation: Situation
    findings: tuple[Finding, ...]
    verdict: Verdict
    measures: tuple[Figure, ...] = ()
    conditions: tuple[Condition, ...] = ()
    not_examined: tuple[Unexamined, ...] = ()
    failure_states: int = 0

    @property
    def plan(self) -> Plan:
        """What was built."""
        return self.situation.plan

    def count(self, severity: str) -> int:
        """The number of findings of that severity that are not accepted."""
        return sum(finding.code.severity == severity and not finding.accepted for finding in self.findings)


def kinds(everything: bool = False) -> Kinds:
    """Every kind of every area. Derivations of areas `on_demand` are loaded on first use, with `everything` now."""
    found = [kind for area in areas() if area.kinds for kind in room(area.kinds).KINDS]
    for area in areas():
        if area.derived and (everything or not area.on_demand):
            room(area.derived)
    return Kinds(found, _derived_names)


@cache
def catalogue() -> Catalogue:
    """The modules of this package, and those that areas of other packages bring. Raises AreaError."""
    texts: dict[str, str] = {}
    made = Catalogue(os.path.join(os.path.dirname(__file__), "catalog"), texts)
    for area in areas():
        for name, text in area.catalogue.items():
            if made.has(name):
                raise AreaError(f"the area `{area.name}` of another package brings a module `{name}`, which is there")
            texts[name] = text
    return made


def _derived_names(kind: Kind) -> frozenset[str]:
    """The names of what is derived for a kind."""
    if not kind.defines:
        for area in areas():
            if area.on_demand and area.name == kind.area:
                room(area.derived)
    return names_of(kind.name)


def compile_path(path: str) -> Result:
    """Compile a file, or a folder of files. Raises `lang.project.CannotRead` where there is nothing to read."""
    vocabulary = kinds()
    return unhurried(lambda: _compile(project.load(path, vocabulary, catalogue()), vocabulary))


def compile_text(text: str, name: str = "plan.plan", folder: str = "") -> Result:
    """Compile a plan from a text, as if it were the file of that name in that folder."""
    return compile_texts({name: text}, [name], folder)


def compile_texts(texts: Mapping[str, str], names: list[str], folder: str = "") -> Result:
    """Compile a plan from texts by path: the files of `names`, and those of the other texts that they use."""
    vocabulary = kinds()
    return unhurried(lambda: _compile(project.load_texts(texts, names, vocabulary, catalogue(), folder), vocabulary))


DEEPEST_STACK = 20_000
"""Python's recursion limit while compiling: a plan within the limits of the language may need more than the default."""


def unhurried(work: Callable[[], T]) -> T:
    """Do the work without garbage collection, since most objects are kept, and with a higher recursion limit."""
    was_enabled, deepest = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    sys.setrecursionlimit(max(deepest, DEEPEST_STACK))
    try:
        return work()
    finally:
        sys.setrecursionlimit(deepest)
        if was_enabled:
            gc.enable()


def _compile(read: Project, vocabulary: Kinds, doubting: bool = True) -> Result:
    situation = Situation(build(read, vocabulary))
    world = read.world
    answer(situation)
    may_judge = not any(finding.code.severity == "error" for finding in world.findings)
    if may_judge:
        situation, found = judged(situation)
        for finding in found:
            world.report(finding)
    if world.findings:
        from planlang.lang.roots import roots

        found = roots(world, read.sources)
        if _verdict(found) == "unreadable":  # a rule said so: the other failures may follow from it
            found = [one for one in found if one.code.code[:3] in codes.READING or one.code.code == DOUBTFUL]
            may_judge = False
        world.findings = sorted((with_doubt(one) for one in found), key=_place)
    if not may_judge:
        return Result(situation, tuple(world.findings), _verdict(world.findings), not_examined=(UNREAD,))
    measures: list[Figure] = []
    shapes = [read.root.shape, *(entity.block.shape for entity in situation.entities)]
    if any(shape.measures for shape in shapes):
        from planlang.core.measures import figures

        measures = figures(situation)
    conditions = _weigh(situation, any(shape.accepts for shape in shapes))
    situation = situation.closed()
    answer(situation)
    told = _told_once(read, situation, world.findings, vocabulary) if doubting else world.findings
    findings = tuple(sorted(told, key=_place))
    verdict = _verdict(findings)
    if verdict == "unreadable":
        return Result(situation, findings, verdict, not_examined=(UNREAD,))
    unexamined = tuple(not_examined(situation))
    return Result(situation, findings, verdict, tuple(measures), tuple(conditions), unexamined, states(situation))


def _told_once(read: Project, situation: Situation, findings: list[Finding], vocabulary: Kinds) -> list[Finding]:
    """The findings without those that follow from figures whose unit is doubted."""
    if not any(finding.code.code == DOUBTFUL for finding in findings):
        return findings
    from planlang.areas.usual import meant_figures
    from planlang.core.supposed import edited, told_once

    def found_with(edits: Edits) -> tuple[Finding, ...]:
        own = (one for one in read.sources if not one.is_builtin)
        texts = {one.name: edited(one.text, one.name, edits) for one in own}
        other = project.load_texts(texts, list(read.names), vocabulary, catalogue())
        return _compile(other, vocabulary, doubting=False).findings

    return told_once(findings, meant_figures(situation), found_with)


def judged(situation: Situation) -> tuple[Situation, Iterable[Finding]]:
    """The situation with every size that can be found, and the findings of sizing, of the rules of the areas and of
    the rules of the plan."""
    _load_rules(situation)
    written, found = holes(situation), list[Finding]()
    if written:  # an assumed value may depend on a size, so all of them may vary
        situation = situation.open(written, (name for one in ASSUMES.values() for name in one.names))
        from planlang.core.staging import size_all

        load("sizing")
        situation, found = size_all(situation, written, areas())
    elif cells := assumed(situation):
        situation = situation.open(cells)
    answer(situation)
    return situation, chain(found, judge(situation), _near_names(situation))


def _weigh(situation: Situation, accepting: bool) -> list[Condition]:
    """Mark the findings that are accepted or rest on assumptions; give the conditions under which the plan holds."""
    from planlang.core.turning import weigh

    world = situation.world
    if not accepting:
        world.findings[:], conditions = weigh(situation, world.findings, lambda finding: False)
        return conditions
    from planlang.core.accepts import Accepts

    accepts = Accepts(situation, all_codes)
    findings, conditions = weigh(situation, accepts.apply(world.findings), accepts.answered)
    world.findings[:] = accepts.apply(findings)
    for finding in accepts.idle():
        world.report(finding)
    return conditions


def all_codes() -> dict[str, Code]:
    """Every code that a check may give, in order."""
    load("rules")
    rules = {code: entry.code for code, entry in RULES.items()}
    return dict(sorted({**syntax_codes.CODES, **lang_codes.CODES, **codes.CODES, **rules}.items()))


def _load_rules(situation: Situation) -> None:
    """Load the rules of each area whose kinds are in the plan, or whose `any_plan` says that they matter for it."""
    there = {entity.kind.area for entity in situation.entities}
    room("planlang.areas.unexamined")
    for area in areas():
        if area.rules and (area.name in there or (area.any_plan is not None and area.any_plan(situation))):
            room(area.rules)
    room("planlang.areas.usual")


def _near_names(situation: Situation) -> Iterable[Finding]:
    """Names that are mistyped names of the template that their block starts from."""
    if all(len(entity.block.shape.layers) < 2 for entity in situation.entities):
        return ()
    return room("planlang.core.near_names").near_names(situation)  # type: ignore[no-any-return]


def _place(finding: Finding) -> tuple[object, ...]:
    span = finding.span
    place = ("", 0) if span is None else (span.source.name, span.start)
    order = (finding.code.code, finding.subject, finding.start or EVER, finding.message)
    return (not is_root(finding), *place, *order)


def _verdict(findings: Sequence[Finding]) -> Verdict:
    errors = [finding for finding in findings if finding.code.severity == "error" and not finding.accepted]
    if any(finding.code.code[:3] in codes.READING for finding in errors):
        return "unreadable"
    return "fails" if errors else "holds"
