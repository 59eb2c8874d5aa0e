"""Edits of random plans, each with what a comparison is to say of it, reckoned from the data alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.edits.plans import Block, Figure, Plan, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random


class Expected(NamedTuple):
    """The one change of what is written: what it is, of what thing, its path, and the blocks in which it acts (of the
    old plan, where they go), or None where any may be. `entities` are the blocks that come or go."""

    what: str
    thing: str
    path: str
    instances: frozenset[str] | None = None
    entities: frozenset[str] = frozenset()


# --- renames, which change nothing -------------------------------------------------------------------


def rename(plan: Plan, random: Random) -> None:
    """Give a block, a template, a `let` or a measure another name, wherever it is said."""
    names = ["power_each", "spare"]
    names += {
        one.name: None for _, one, _ in _blocks(plan) if one.name in ("hall_kind", "other_kind", "rack", "made", "b0")
    }
    names += [one.name for one in plan if isinstance(one, Block) and one.kind == "campus"]
    names += [one.key for one in plan if isinstance(one, Statement) and one.word == "measure"]
    old = random.choice(names)
    _renamed(plan, old, f"{old}_anew")


def _renamed(body: list[Statement | Block], old: str, new: str) -> None:
    for one in body:
        if isinstance(one, Block):
            one.name = new if one.name == old else one.name
            one.base = new if one.base == old else one.base
            _renamed(one.body, old, new)
        else:
            one.key = new if one.key == old else one.key
            if isinstance(one.value, str):
                one.value = " ".join(new if word == old else word for word in one.value.split(" "))


# --- edits -------------------------------------------------------------------------------------------


def edit(plan: Plan, random: Random) -> Expected:
    """Edit a plan in one place; what is to be said of it."""
    return random.choice(EDITS)(plan, random)


def _figure(plan: Plan, random: Random) -> Expected:
    """Another figure, of a block or a template."""
    path, holders, statement = random.choice(list(_figures(plan)))
    assert isinstance(statement.value, Figure)
    statement.value = Figure(statement.value.number + random.randrange(1, 9), statement.value.unit)
    return Expected("changed", "attribute", f"{path}.{statement.key}", frozenset(holders))


def _figures(plan: Plan) -> Iterator[tuple[str, list[str], Statement]]:
    """Attributes that are figures, with the path by which they are written, and the blocks that have them."""
    for path, block, _ in _blocks(plan):
        for one in block.body:
            if isinstance(one, Statement) and not one.word and isinstance(one.value, Figure) and one.key != "liquid":
                yield path, _instances(plan, path, one.key), one


def _blocks(body: list[Statement | Block], path: str = "") -> Iterator[tuple[str, Block, list[Statement | Block]]]:
    """All blocks with the paths by which they are written, and the bodies that they stand in."""
    for one in body:
        if isinstance(one, Block):
            own = f"{path}.{one.name}" if path else one.name
            yield own, one, body
            yield from _blocks(one.body, own)


def _instances(plan: Plan, path: str, key: str) -> list[str]:
    """The blocks of the plan in which an attribute holds that is written at a path."""
    top, _, rest = path.partition(".")
    templates = {one.name for one in plan if isinstance(one, Block) and one.is_template}
    if top not in templates:
        return _members(plan, path)
    found = []
    for own, block, _ in _blocks(plan):
        if block.base == top and not _overrides(block, rest, key):
            found += [f"{member}.{rest}" if rest else member for member in _members(plan, own)]
    return found


def _overrides(block: Block, rest: str, key: str) -> bool:
    for step in filter(None, rest.split(".")):
        inner = [one for one in block.body if isinstance(one, Block) and one.name == step]
        if not inner:
            return False
        block = inner[0]
    return any(isinstance(one, Statement) and one.key == key and not one.word for one in block.body)


def _members(plan: Plan, path: str) -> list[str]:
    """The blocks that are built of what is written at a path: of a range, its members."""
    paths = [""]
    body: list[Statement | Block] = plan
    for step in path.split("."):
        block = next(one for one in body if isinstance(one, Block) and one.name == step)
        labels = [f"{step}[{number}]" for number in range(1, block.count + 1)] if block.count else [step]
        paths = [f"{outer}.{label}" if outer else label for outer in paths for label in labels]
        body = block.body
    return paths


def _let(plan: Plan, random: Random) -> Expected:
    """Another value of a `let`."""
    name = random.choice(("power_each", "spare"))
    statement = next(one for one in plan if isinstance(one, Statement) and one.key == name)
    assert isinstance(statement.value, Figure)
    statement.value = Figure(statement.value.number + random.randrange(1, 9), statement.value.unit)
    return Expected("changed", "let", statement.key)


def _added(plan: Plan, random: Random) -> Expected:
    """One more building, in a campus."""
    campus = _campus(plan, random)
    body: list[Statement | Block] = [
        Statement("", "load", Figure(random.randrange(1, 9), "MW")),
        Statement("", "pue", "1.2"),
    ]
    campus.body.append(Block("building", "extra", body))
    path = f"{campus.name}.extra"
    return Expected("added", "block", path, frozenset({path}), frozenset({path}))


def _gone(plan: Plan, random: Random) -> Expected:
    """A block less."""
    candidates = [
        (path, block, body)
        for path, block, body in _blocks(plan)
        if not block.is_template
        and block.kind in ("campus", "building", "deploy", "ups", "cdu", "utility")
        and not path.startswith(("hall_kind", "other_kind"))
        and ".made." not in path
    ]
    path, block, body = random.choice(candidates)
    members = frozenset(_members(plan, path))
    body.remove(block)
    return Expected("removed", "block", path, members, members)


def _longer(plan: Plan, random: Random) -> Expected:
    """One member more of a range; a range where there is none."""
    ranges = [(path, block) for path, block, _ in _blocks(plan) if block.count]
    if not ranges:
        return _added(plan, random)
    path, block = random.choice(ranges)
    block.count += 1
    member = frozenset({f"{path}[{block.count}]"})
    return Expected("changed", "members", path, member, member)


def _rule(plan: Plan, random: Random) -> Expected:
    """A rule of a campus: new."""
    campus = _campus(plan, random)
    campus.body.append(Statement("require", "", f"facility_load <= {random.randrange(1, 90)}.5 MW"))
    return Expected("added", "rule", f"{campus.name}.require", frozenset({campus.name}))


def _strict(plan: Plan, random: Random) -> Expected:
    """The rule of the whole plan, with another figure."""
    statement = next(one for one in plan if isinstance(one, Statement) and one.word == "require")
    assert isinstance(statement.value, str)
    statement.value = f"it_load <= {random.randrange(61, 90)} MW"
    return Expected("changed", "rule", "require", frozenset())


def _measure(plan: Plan, random: Random) -> Expected:
    """A measure more."""
    plan.append(Statement("measure", "peak", "most(it_load)"))
    return Expected("added", "measure", "peak", frozenset())


def _attribute(plan: Plan, random: Random) -> Expected:
    """An attribute more, of a campus."""
    campus = _campus(plan, random)
    campus.body.append(Statement("", "budget", Figure(random.randrange(1, 90), "MW")))
    return Expected("added", "attribute", f"{campus.name}.budget", frozenset({campus.name}))


def _less(plan: Plan, random: Random) -> Expected:
    """An attribute less, of a building."""
    found = [
        (path, block, one)
        for path, block, _ in _blocks(plan)
        for one in block.body
        if isinstance(one, Statement) and one.key == "peak_pue"
    ]
    path, block, statement = random.choice(found)
    instances = frozenset(_instances(plan, path, "peak_pue"))
    block.body.remove(statement)
    return Expected("removed", "attribute", f"{path}.peak_pue", instances)


def _base(plan: Plan, random: Random) -> Expected:
    """Another template of a building, or of a range of buildings."""
    found = [(path, block) for path, block, _ in _blocks(plan) if block.base]
    if not found:
        return _added(plan, random)
    path, block = random.choice(found)
    block.base = {"hall_kind": "other_kind", "other_kind": "hall_kind"}[block.base]
    return Expected("changed", "base", path)


def _campus(plan: Plan, random: Random) -> Block:
    return random.choice([one for one in plan if isinstance(one, Block) and one.kind == "campus"])


EDITS: tuple[Callable[[Plan, Random], Expected], ...] = (
    *(_figure, _figure, _figure, _let, _added, _gone, _longer, _rule, _strict, _measure, _attribute, _less, _base),
)
