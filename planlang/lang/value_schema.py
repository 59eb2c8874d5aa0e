"""Values as JSON, field by field: the part of the documents that the language knows."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class NumberValue(TypedDict):
    """A number without a dimension."""

    kind: Literal["number"]
    value: float


class QuantityValue(TypedDict):
    """A number in an SI base unit, and as the plan shows it."""

    kind: Literal["quantity"]
    value: float
    unit: str
    text: str


class WordValue(TypedDict):
    """A date (`2026-02-01`; `text` where it is `never`), a redundancy (`N+1`), a text, or the path of what is referred
    to."""

    kind: Literal["date", "redundancy", "text", "reference"]
    value: str
    text: NotRequired[str]


class DurationValue(TypedDict):
    """Months of the calendar and seconds, which are kept apart."""

    kind: Literal["duration"]
    months: float
    seconds: float


class BooleanValue(TypedDict):
    """True or false."""

    kind: Literal["boolean"]
    value: bool


class ItemsValue(TypedDict):
    """A list, or a pair; what is unknown in it is null."""

    kind: Literal["list", "pair"]
    items: list[Value | None]


class RangeOfValues(TypedDict):
    """A range, of which both ends belong to it."""

    kind: Literal["range"]
    first: Value
    last: Value


Step = TypedDict("Step", {"from": str | None, "value": "Value | None"})
Step.__doc__ = "A step of a schedule, from a day on; null is ever before."


class ScheduleValue(TypedDict):
    """A step function of time."""

    kind: Literal["schedule"]
    steps: list[Step]


Value = (
    NumberValue | QuantityValue | WordValue | DurationValue | BooleanValue | ItemsValue | RangeOfValues | ScheduleValue
)
