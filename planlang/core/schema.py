"""Blocks against their kinds: every attribute of the right type, each mistake at its place in the file.

The engine is pydantic-core, driven directly: the schemas are the tables of `Kind`, and its errors' `loc` leads
back to the attribute (`core.mistakes` says what is wrong with it). To import pydantic's model classes would take as
long as to start Python nine times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, SchemaValidator, ValidationError

from planlang.core.kinds import COMMON
from planlang.lang.values import POISON, Hole, Referable, Steps, is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planlang.core.kinds import Attribute, Kind
    from planlang.lang.blocks import Block
    from planlang.lang.shapes import Cell
    from planlang.lang.values import Value

NO_SIZE = "cannot be a hole: `?` stands for what the compiler can size"
_validators: dict[str, SchemaValidator] = {}


def check_values(block: Block, kind: Kind, cells: Mapping[str, Cell]) -> Mapping[str, Value]:
    """The values of a block that its kind accepts. Mistakes go to the world; failed values are left out."""
    validator = _validators.get(kind.name)
    if validator is None:
        validator = _validators[kind.name] = SchemaValidator(_schema(kind))
    given = {name: cell.value for name, cell in cells.items() if cell.value is not POISON}
    try:
        accepted = validator.validate_python(given)
    except ValidationError as errors:
        from planlang.core.mistakes import Fault, report

        faults = [Fault(str(one["loc"][0]), one["type"], one["msg"]) for one in errors.errors(include_url=False)]
        report(block, kind, cells, [fault for fault in faults if not _follows(block, fault.name, fault.error, given)])
        wrong = {fault.name for fault in faults}
        accepted = {name: value for name, value in given.items() if name not in wrong}
    return accepted  # type: ignore[no-any-return]


def _follows(block: Block, name: str, error: str, given: Mapping[str, Value]) -> bool:
    """Whether a fault may follow from a mistake that is reported elsewhere."""
    if error == "missing":
        return _may_say_more(block)
    if error == "extra_forbidden":
        return block.shape.partial
    return name in given and _is_of_unknown_kind(given[name], block)


def _may_say_more(block: Block) -> bool:
    """Whether a block may have attributes that are not known: from its base, or where a part could not be read."""
    world, shape = block.world, block.shape
    if shape.partial or not world.unread:
        return shape.partial
    return any(layer.node is not None and world.is_unread(layer.node.span) for layer in shape.layers)


def _is_of_unknown_kind(value: Value, block: Block) -> bool:
    """Whether a reference leads to a block of an unknown kind, which is reported there."""
    items = value if isinstance(value, tuple) else (value,)
    known = block.world.vocabulary.kind
    return any(isinstance(item, Referable) and bool(item.kind) and known(item.kind) is None for item in items)


def _schema(kind: Kind) -> Any:
    fields = {}
    for name, attribute in {**COMMON, **kind.attributes}.items():
        fields[name] = {
            "type": "typed-dict-field",
            "schema": {
                "type": "function-plain",
                "function": {"type": "no-info", "function": _tester(attribute)},
            },
            "required": attribute.required,
        }
    return {"type": "typed-dict", "fields": fields, "extra_behavior": "forbid"}


def _tester(attribute: Attribute) -> Callable[[Value], Value]:
    fault = attribute.type.fault

    def test(value: Value) -> Value:
        if value.__class__ is Hole:
            if attribute.hole:
                return value
            raise PydanticCustomError("hole", NO_SIZE)
        if isinstance(value, Steps):
            if not attribute.varies:
                raise PydanticCustomError("schedule", "cannot vary in time: write one value")
            if not attribute.hole and is_open(value):
                raise PydanticCustomError("hole", NO_SIZE)
            written = (one for one in value.values if one.__class__ is not Hole)
            faults = [wrong for one in written if (wrong := fault(one)) is not None]
            wrong = faults[0] if faults else None
        else:
            wrong = fault(value)
        if wrong is not None:
            raise PydanticCustomError("value", "{wrong}", {"wrong": wrong})
        return value

    return test
