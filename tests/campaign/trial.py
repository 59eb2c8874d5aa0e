"""One trial: a mutant through one of the readers, with everything that must be true of what comes out."""

from __future__ import annotations

import json
import os
import tempfile
from typing import TYPE_CHECKING

from planlang.cli import topology
from planlang.cli.import_ import plan_of
from planlang.cli.terminal import Refusal
from planlang.compiler import compile_text
from planlang.lang.parser import parse
from planlang.lang.source import Source
from planlang.views import templating, verdict
from planlang.views.document import document
from tests.campaign import mutants

if TYPE_CHECKING:
    import random

WEIGHTS = {"read": 780, "check": 170, "import": 49, "template": 1}
"""Of a thousand inputs so many are read alone, checked and told, imported, filled in."""
EVERY = 200
"""Of so many checked plans one is checked twice, and must come out the same."""


class Bases:
    """What mutants are made of, read once."""

    def __init__(self) -> None:
        self.snippets = mutants.snippets()
        self.plans = [text for text in mutants.plans() if len(text) < 1_500]


def draw(chance: random.Random, bases: Bases) -> tuple[str, str]:
    """A kind of trial, and its input."""
    kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if kind == "read":
        return kind, mutants.mutant(chance, chance.choice(bases.snippets), bases.snippets)
    if kind == "check":
        return kind, mutants.mutant(chance, chance.choice(bases.plans), bases.snippets)
    pool = mutants.NETWORKS if kind == "import" else mutants.TEMPLATES
    return kind, mutants.mutant(chance, chance.choice(pool), list(pool))


def run(kind: str, text: str, twice: bool = False) -> str:
    """Put an input through its reader; the outcome in a word. Raises whatever must not happen."""
    if kind == "read":
        found = parse(Source("plan.plan", text)).findings
        for finding in found:
            assert finding.message
            assert finding.span is None or 0 <= finding.span.start <= finding.span.end <= len(text)
        return "mistakes" if found else "read"
    if kind == "check":
        return _check(text, twice)
    if kind == "import":
        try:
            compile_text(plan_of(topology.read(text.encode("utf-8", "surrogatepass")), "network", "Mb/s"))
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
