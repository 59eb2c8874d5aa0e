"""The compiler: the passes in their order, from a path to a verdict."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from planlang.areas import AREAS, DERIVING, ON_DEMAND, RULING, RULING_SITES, SIZING
from planlang.core import codes
from planlang.core.build import build
from planlang.core.derive import connect, names_of
from planlang.core.holes import size
from planlang.core.kinds import Kind, Kinds
from planlang.core.rule import RULES
from planlang.core.user_rules import check_user_rules
from planlang.core.usual import QUESTION
from planlang.lang import project
from planlang.lang.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planlang.core.plan import Plan
    from planlang.lang.project import Project

CATALOGUE = os.path.join(os.path.dirname(__file__), "catalog")


class Result(NamedTuple):
    """A compiled plan: the verdict is `holds`, `fails` or `unreadable`; findings are sorted by place."""

    plan: Plan
    findings: tuple[Finding, ...]
    verdict: str

    def count(self, severity: str) -> int:
        """How many findings are that grave."""
        return sum(finding.code.severity == severity for finding in self.findings)


def kinds(everything: bool = False) -> Kinds:
    """Every kind of every area. What is derived for a kind is read when it is first asked for, or `everything` now."""
    found = []
    for area in AREAS:
        found.extend(import_module(f"planlang.areas.{area}.kinds").KINDS)
    for area in DERIVING:
        if everything or area not in ON_DEMAND:
            import_module(f"planlang.areas.{area}.derived")
    return Kinds(found, _derived_names)


def _derived_names(kind: Kind) -> frozenset[str]:
    """The names of what is derived for a kind."""
    if kind.area in ON_DEMAND and not kind.defines:
        import_module(f"planlang.areas.{kind.area}.derived")
    return names_of(kind.name)


def compile_path(path: str) -> Result:
    """Compile a file, or a folder of files. Raises `lang.project.CannotRead` where there is nothing to read."""
    vocabulary = kinds()
    return _unhurried(lambda: _compile(project.load(path, vocabulary, CATALOGUE), vocabulary))


def compile_text(text: str, name: str = "plan.plan") -> Result:
    """Compile a plan from a text."""
    vocabulary = kinds()
    return _unhurried(lambda: _compile(project.load_text(text, vocabulary, CATALOGUE, name), vocabulary))


DEEPEST_STACK = 20_000
"""Calls within one another while compiling: what the limits of the language allow needs more than Python's default."""


def _unhurried(work: Callable[[], Result]) -> Result:
    """Do it without collecting garbage meanwhile: little is thrown away, and much is kept."""
    was_enabled, deepest = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    sys.setrecursionlimit(max(deepest, DEEPEST_STACK))
    try:
        return work()
    finally:
        sys.setrecursionlimit(deepest)
        if was_enabled:
            gc.enable()


def _compile(read: Project, vocabulary: Kinds) -> Result:
    plan = build(read, vocabulary)
    world = read.world
    connect(plan)
    for name, node in plan.root.shape.scenarios.items():
        text = f"the scenario `{name}` is read and kept, but not evaluated: the plan is checked without it"
        world.report(Finding(codes.SCENARIO_NOT_EVALUATED, text, node.head, name))
    if not any(finding.code.severity == "error" for finding in world.findings):
        for run in PASSES:
            for finding in run(plan):
                world.report(finding)
    findings = tuple(sorted(_doubted_once(world.findings), key=_place))
    return Result(plan, findings, _verdict(findings))


def _doubted_once(findings: list[Finding]) -> list[Finding]:
    """The findings without doubts about a unit where another finding at the same place doubts it, too."""
    asking = [one for one in findings if one.notes and one.notes[-1].endswith(QUESTION)]
    known = {one.span for one in asking if one.code.code != "FIG101"}
    return [one for one in findings if one.code.code != "FIG101" or one.span not in known]


def _area_rules(plan: Plan) -> Iterable[Finding]:
    """The rules of every area of which the plan has a kind, and of those that rule any site."""
    present = {entity.kind.name for entity in plan.entities}
    areas = {entity.kind.area for entity in plan.entities}
    for area in RULING:
        if area in areas or area in RULING_SITES or _asked(plan, area):
            import_module(f"planlang.areas.{area}.rules")
    import_module("planlang.areas.usual")
    for _, entry in sorted(RULES.items()):
        if not entry.needs or present.intersection(entry.needs):
            yield from entry.check(plan)


def _asked(plan: Plan, area: str) -> bool:
    """Whether a plan asks for the rules of an area that has no kinds."""
    if area == "resilience":
        return _may_fail(plan)
    return area == "capacity" and plan.settings is not None and "as_of" in plan.settings.values


def _may_fail(plan: Plan) -> bool:
    """Whether failures matter: something is to be survived, or loads have several feeds."""
    return len(plan.of_kind("ups", "pdu", "busway")) > 1 or any("survives" in one.values for one in plan.entities)


def _sizing(plan: Plan) -> Iterable[Finding]:
    """The holes of every area that sizes some."""

    def load() -> None:
        for area in SIZING:
            import_module(f"planlang.areas.{area}.sizing")

    return size(plan, load)


PASSES: tuple[Callable[[Plan], Iterable[Finding]], ...] = (_sizing, _area_rules, check_user_rules)
"""What a plan that can be read goes through, in this order."""


def _place(finding: Finding) -> tuple[object, ...]:
    span = finding.span
    place = ("", 0) if span is None else (span.source.name, span.start)
    return (*place, finding.code.code, finding.subject, finding.message)


READING = ("LEX", "SYN", "UNI", "DAT", "NUM", "NAM", "TYP", "TPL", "USE", "KND", "TIM")
"""Families of codes that say that a plan cannot be read."""


def _verdict(findings: tuple[Finding, ...]) -> str:
    errors = [finding for finding in findings if finding.code.severity == "error"]
    if any(finding.code.code[:3] in READING for finding in errors):
        return "unreadable"
    return "fails" if errors else "holds"
