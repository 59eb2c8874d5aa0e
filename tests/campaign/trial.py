"""One trial: a mutant through one of the readers, with everything that must be true of what comes out."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from typing import TYPE_CHECKING

from planlang.cli import networks, render
from planlang.cli.import_ import plan_of
from planlang.cli.terminal import Refusal
from planlang.compiler import compile_text
from planlang.lang.parser import parse
from planlang.lang.source import Source
from planlang.views import bom, github, gnpy, junit, plates, sarif, templating, tree, verdict
from planlang.views.document import document
from planlang.views.render import to_dot
from tests.campaign import mutants
from tests.oracle.draw import numbered

if TYPE_CHECKING:
    import random

WEIGHTS = {"read": 430, "words": 120, "check": 130, "figures": 200, "import": 119, "template": 1}
"""Of a thousand inputs so many are read alone, are words in any order, are checked and told, are readable plans with
other figures, are imported, are filled in."""
NOT_FINITE = re.compile(r"(?<!\\)\b(?:nan|inf|Infinity|NaN)\b")
EVERY = 200
"""Of so many checked plans one is checked twice, and must come out the same."""
DRAWN = 20
"""Of so many plans with other figures one is drawn, bought, exported and logged."""


class Bases:
    """What mutants are made of, read once."""

    def __init__(self) -> None:
        self.snippets = mutants.snippets()
        self.plans = [text for text in mutants.plans() if len(text) < 1_500]
        known = [text for text in self.plans if compile_text(text).verdict != "unreadable"]
        self.readable = known + [numbered(number).text() for number in range(60)]


def draw(chance: random.Random, bases: Bases) -> tuple[str, str]:
    """A kind of trial, and its input."""
    kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if kind == "read":
        return kind, mutants.mutant(chance, chance.choice(bases.snippets), bases.snippets)
    if kind == "check":
        return kind, mutants.mutant(chance, chance.choice(bases.plans), bases.snippets)
    if kind == "figures":
        return kind, mutants.refigured(chance, chance.choice(bases.readable))
    if kind == "words":
        return kind, mutants.any_words(chance)
    pool = mutants.NETWORKS if kind == "import" else mutants.TEMPLATES
    return kind, mutants.mutant(chance, chance.choice(pool), list(pool))


def run(kind: str, text: str, twice: bool = False, drawn: bool = False) -> str:
    """Put an input through its reader; the outcome in a word. Raises whatever must not happen."""
    if kind == "read":
        found = parse(Source("plan.plan", text)).findings
        for finding in found:
            assert finding.message
            assert finding.span is None or 0 <= finding.span.start <= finding.span.end <= len(text)
        return "mistakes" if found else "read"
    if kind in ("check", "words"):
        return _check(text, twice)
    if kind == "figures":
        outcome = _check(text, twice)
        if drawn:
            _drawn(text)
        return outcome
    if kind == "import":
        try:
            compile_text(plan_of(networks.read(text.encode("utf-8", "surrogatepass")), "network", "Mb/s"))
        except Refusal:
            return "refused"
        return "imported"
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "bom.md.j2"), "w", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
        try:
            templating.fill("bom.md.j2", {"title": "p", "lines": [{"item": "a", "quantity": 1}]}, folder)
        except templating.FillingError:
            return "refused"
    return "filled"


def _drawn(text: str) -> None:
    """All that is drawn, bought and exported of a plan, and its logs: each to its end, and with nothing but figures."""
    result = compile_text(text)
    made = document(result)
    logs = [sarif.render([(made, "")]), junit.render([(made, "")]), github.render(made)]
    if result.verdict != "unreadable":
        logs.append(json.dumps(tree.to_document(result.situation, "p", None), allow_nan=False))
        logs.append(bom.to_csv(bom.bill(result.situation)))
        logs += [to_dot(sheet) for _, sheet in render.sheets(result, None, render.LEVELS)]
        for _, plate in render.plates(result, None, render.LEVELS):
            plates.to_svg(plate)
            logs.append(plates.to_json(plate).decode())
        with contextlib.suppress(gnpy.TooManySpansError):  # which the command says
            logs.append(json.dumps(gnpy.documents(result.situation), allow_nan=False))
    for log in logs:
        found = NOT_FINITE.search(log)
        assert found is None, log[max(0, found.start() - 200) : found.end() + 100]


def _check(text: str, twice: bool) -> str:
    made = document(compile_text(text))
    written = json.dumps(made, allow_nan=False)
    assert made["verdict"] in ("holds", "fails", "unreadable")
    failing = any(one["severity"] == "error" and not one["accepted"] for one in made["diagnostics"])
    assert failing == (made["verdict"] != "holds")
    assert verdict.render(made, lambda _: text.split("\n"))
    if twice:
        assert json.dumps(document(compile_text(text)), allow_nan=False) == written
    return str(made["verdict"])
