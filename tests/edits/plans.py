"""Random plans as data, and as text: in any order of statements, any file, with comments, blanks and any units."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


@dataclass
class Figure:
    """A figure that can be written in several ways, all of which mean the same."""

    number: int
    unit: str = ""

    def text(self, random: Random | None) -> str:
        """One of the ways; the plainest without `random`."""
        smaller = {"MW": ("kW", 1000), "km": ("m", 1000)}.get(self.unit)
        ways = [f"{self.number} {self.unit}".strip()]
        if smaller is not None:
            ways.append(f"{self.number * smaller[1]:_} {smaller[0]}")
        if self.number >= 1000:
            ways.append(f"{self.number:_} {self.unit}".strip())
        return ways[0] if random is None else random.choice([*ways, f"({ways[0]})"])


@dataclass
class Statement:
    """`key = value`, `let key = value`, `measure key = value`, `require value`, `remove key`: by its word, empty for an
    attribute. A value is a figure or a text."""

    word: str
    key: str
    value: Figure | str

    def text(self, random: Random | None) -> str:
        """As it is written."""
        value = self.value.text(random) if isinstance(self.value, Figure) else self.value
        if self.word in ("require", "prefer"):
            return f"{self.word} {value}"
        if self.word == "remove":
            return f"remove {self.key}"
        wide = "" if random is None else " " * random.randrange(3)
        return f"{self.word} {self.key} {wide}= {wide}{value}".strip()


@dataclass
class Block:
    """A block: its header and what stands in it."""

    kind: str
    name: str
    body: list[Statement | Block] = field(default_factory=list)
    base: str = ""
    count: int = 0
    """Of a range, which begins with 1; 0 for a single block."""
    is_template: bool = False
    title: str = ""

    def head(self) -> str:
        """The header as it is written."""
        word = "template " if self.is_template else ""
        members = f"[1..{self.count}]" if self.count else ""
        title = f' "{self.title}"' if self.title else ""
        return f"{word}{self.kind} {self.name}{members}{title}{f' is {self.base}' if self.base else ''}"

    def find(self, name: str) -> Block:
        """A block in it."""
        return next(one for one in self.body if isinstance(one, Block) and one.name == name)


Plan = list[Statement | Block]
MODULE = "parts.plan"
"""The file of templates, where there is one."""


def draw(random: Random) -> Plan:
    """A plan of one to three campuses with buildings written out, in ranges and from templates."""
    plan: Plan = [
        Statement("let", "power_each", Figure(random.randrange(90, 140), "kW")),
        Statement("let", "spare", Figure(random.randrange(3, 9))),
        Block("system", "rack", [Statement("", "power", "power_each"), Statement("", "liquid", Figure(1))]),
        _building(random, "hall_kind", is_template=True),
        _building(random, "other_kind", is_template=True),
    ]
    for number in range(random.randrange(1, 4)):
        plan.append(_campus(random, f"c{number}"))
    if random.random() < 0.5:
        plan.append(Statement("measure", "most_racks", "most(accelerators) + 0"))
    if random.random() < 0.5:
        plan.append(Statement("measure", "load", "most(facility_load)"))
    plan.append(Statement("require", "", f"it_load <= {random.randrange(1, 60)} MW"))
    return plan


def _campus(random: Random, name: str) -> Block:
    body: list[Statement | Block] = [
        Block("utility", "grid", [Statement("", "capacity", _capacity(random))]),
        Statement("", "power_factor", "0.95"),
    ]
    for number in range(random.randrange(1, 3)):
        body.append(_building(random, f"b{number}"))
    if random.random() < 0.8:
        overrides: list[Statement | Block] = []
        if random.random() < 0.4:
            overrides.append(Statement("", "budget", Figure(random.randrange(5, 30), "MW")))
        if random.random() < 0.4:
            overrides.append(Block("ups", "block", [Statement("", "count", Figure(random.randrange(5, 15)))]))
        count = random.choice((0, 2, 3))
        if count:
            overrides.append(Statement("", "from", "2026-01 + index * 3 months"))
        body.append(Block("building", "made", overrides, random.choice(("hall_kind", "other_kind")), count))
    return Block("campus", name, body, title=random.choice(("", "A campus", "Ünïcode ] }")))


def _capacity(random: Random) -> str:
    first = random.randrange(1, 40)
    if random.random() < 0.5:
        return f"{first} MW"
    return f"[{first} MW from 2026-01, {first + random.randrange(1, 30)} MW from 2027-0{random.randrange(1, 10)}]"


def _building(random: Random, name: str, is_template: bool = False) -> Block:
    body: list[Statement | Block] = [
        Statement("", "budget", Figure(random.randrange(2, 20), "MW")),
        Statement("", "pue", f"1.{random.randrange(1, 3)}"),
        Statement("", "peak_pue", f"1.{random.randrange(3, 6)}"),
        Block(
            "deploy",
            "racks",
            [Statement("", "system", "rack"), Statement("", "count", Figure(random.randrange(1, 90)))],
        ),
        Block(
            "ups",
            "block",
            [
                Statement("", "rating", Figure(random.randrange(1, 4), "MW")),
                Statement("", "count", random.choice(("?", "spare", "spare + 2"))),
                Statement("", "redundancy", random.choice(("N", "N+1", "2N"))),
            ],
        ),
        Block("cdu", "loop", [Statement("", "capacity", Figure(2, "MW")), Statement("", "count", "?")]),
    ]
    if random.random() < 0.3:
        body.append(Statement("require", "", f"it_load <= {random.randrange(1, 20)} MW"))
    return Block("building", name, body, is_template=is_template)


# --- text --------------------------------------------------------------------------------------------


def plain(plan: Plan) -> dict[str, str]:
    """The plan as one file, in its order."""
    return {"a.plan": "".join(f"{line}\n" for one in plan for line in _lines(one, None))}


def any_text(plan: Plan, random: Random) -> dict[str, str]:
    """The plan in any order, in one to three files, with comments and blanks of all kinds."""
    files: dict[str, list[str]] = {name: [] for name in ("a.plan", "b.plan", "z.plan")[: random.randrange(1, 4)]}
    if random.random() < 0.3:
        plan, files[MODULE] = _with_module(plan, random)
        for name in files.keys() - {MODULE}:
            files[name].append(f'use "{MODULE}"')
    for one in shuffled(plan, random):
        files[random.choice([name for name in files if name != MODULE])] += _lines(one, random)
    ending = random.choice(("\n", "\r\n"))
    return {name: ending.join(lines) + ending for name, lines in files.items()}


def _with_module(plan: Plan, random: Random) -> tuple[Plan, list[str]]:
    """The plan without its templates, and a module that has them."""
    plan = copied(plan)
    templates = [one for one in plan if isinstance(one, Block) and one.is_template]
    for one in templates:
        plan.remove(one)
    _qualify(plan, {one.name for one in templates})
    return plan, [line for one in shuffled([*templates], random) for line in _lines(one, random)]


def _qualify(body: list[Statement | Block], names: set[str]) -> None:
    for one in body:
        if isinstance(one, Block):
            one.base = f"parts.{one.base}" if one.base in names else one.base
            _qualify(one.body, names)


def shuffled(body: list[Statement | Block], random: Random) -> list[Statement | Block]:
    """A body in any order."""
    made = list(body)
    random.shuffle(made)
    return made


def _lines(one: Statement | Block, random: Random | None) -> list[str]:
    noise = _noise(random)
    if isinstance(one, Statement):
        return [*noise, one.text(random) + (" # why not" if random is not None and random.random() < 0.1 else "")]
    body = one.body if random is None else shuffled(one.body, random)
    inner = [line for part in body for line in _lines(part, random)]
    if random is not None and random.random() < 0.3 and not any("#" in line for line in inner):
        return [*noise, f"{one.head()} {{ {'; '.join(line.strip() for line in inner if line.strip())} }}"]
    indent = "  " if random is None else " " * random.randrange(1, 6)
    return [*noise, f"{one.head()} {{", *(indent + line for line in inner), "}"]


def _noise(random: Random | None) -> list[str]:
    if random is None or random.random() > 0.2:
        return []
    return random.choice(([""], ['# a comment with { and "'], ["", "", ""]))


def copied(plan: Plan) -> Plan:
    """A plan of its own, equal to another."""
    return copy.deepcopy(plan)
