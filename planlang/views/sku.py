"""One SKU of the catalogue explained: its figures and where they come from, what follows from them, and what a plan
takes where nobody published a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.core.plan import magnitude
from planlang.lang.dimensions import AREA, DATA_RATE, MASS, POWER
from planlang.lang.text import format_number, show
from planlang.lang.values import Quantity
from planlang.views.catalogue import entry_text, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.views.catalogue import Entry

TAKEN = {
    "system": {
        "power": "a plan writes it: without it nothing of power is checked",
        "average": "its `power` counts as its mean, so energy is the most that it can be",
        "peak": "peaks of milliseconds are not checked",
        "idle": "15% of its power, where a grid limits the ramp; told where it decides",
        "liquid": "all of its heat goes to the air",
        "supply_max": "the temperature of its supply is not examined",
        "air_max": "35 degC (ASHRAE class A2); told where it decides",
        "positions": "one rack position each",
        "height": "how many share a rack is not examined",
        "mass": "the load on the floor is not examined",
        "flow": "that of its heat, at the rise of its loop",
    },
    "switch": {
        "power": "what its network draws is not known",
        "typical_power": "its `power` counts as its mean",
        "split": "its ports are not split",
        "height": "how many share a rack is not examined",
    },
    "transceiver": {"power": "what it draws is not known", "osnr": "signal to noise is not examined"},
    "line_system": {"osnr": "signal to noise is not examined", "reach": "its reach is not examined"},
}
"""What a plan takes, or leaves unexamined, where an attribute of a kind is not written."""


def explained(one: Entry) -> str:
    """An entry whole, with what follows from it, and what is taken for what it lacks."""
    parts = [entry_text(one)]
    if follows := list(_follows(one)):
        parts.append(f"\nfollows:\n{table(follows)}")
    taken = [(name, TAKEN[one.kind.name][name]) for name in one.missing if name in TAKEN.get(one.kind.name, {})]
    if taken:
        parts.append(f"\nwhere it is not written:\n{table(taken)}")
    parts.append(f"\nIn a plan: `use {one.path.partition('.')[0]}`, then `{one.path}`.\n")
    return "".join(parts)


def _follows(one: Entry) -> Iterator[tuple[str, str]]:
    found = {name: figure.value for name, figure in one.figures.items()}

    def number(name: str) -> float:
        value = found.get(name)
        return 0.0 if value is None else magnitude(value)

    power = number("power")
    if one.kind.name == "system" and power:
        if number("accelerators"):
            yield "power an accelerator", show(Quantity(power / number("accelerators"), POWER), 4)
        if "liquid" in found:
            liquid = power * number("liquid")
            yield "heat to liquid", show(Quantity(liquid, POWER), 4)
            yield "heat to air", show(Quantity(power - liquid, POWER), 4)
        if "average" in found:
            yield "mean over power", f"{number('average') / power:.3g}"
        if "peak" in found:
            yield "peak over power", f"{number('peak') / power:.3g}"
        yield "systems in 1 MW of IT", format_number(int(1e6 / power))
        if number("mass") and number("footprint"):
            load = Quantity(number("mass") / number("footprint"), MASS / AREA)
            yield "load on the floor under it", show(load, 4)
    if one.kind.name == "switch" and number("ports"):
        rate = number("ports") * number("rate")
        yield "rate of all ports", show(Quantity(rate, DATA_RATE), 4)
        yield "ports at most", format_number(int(number("ports") * max(1.0, number("split"))))
        if power:
            yield "power a port", show(Quantity(power / number("ports"), POWER), 4)
    if one.kind.name == "accelerator" and number("tdp"):
        for name in ("bf16", "fp8"):
            if name in found:
                yield f"{name} a watt", f"{number(name) / number('tdp') / 1e12:.3g} TFLOPS"
    if one.kind.name == "transceiver" and power and number("rate"):
        yield "energy a bit", f"{power / number('rate') * 1e12:.3g} pJ"
    if one.kind.name == "line_system" and number("channels") and number("rate"):
        yield "rate of a fiber pair", show(Quantity(number("channels") * number("rate"), DATA_RATE), 4)
