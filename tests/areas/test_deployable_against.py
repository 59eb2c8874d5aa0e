"""How many more systems fit in a hall, against trying one more until something fails."""

from __future__ import annotations

from random import Random

import pytest

from planlang.compiler import compile_text
from planlang.core.derive import value_of
from planlang.lang.values import Steps

HALLS = 60
"""So many are tried here; `python -m tests.areas.test_deployable_against 1000` tries more."""
DESIGNS = ("N", "N+1", "N+2", "2N", "2N+1", "3N/2", "4N/3")


def hall(random: Random) -> tuple[str, int]:
    """A hall of one generation of racks, under limits of which some are written; and how many stand there."""
    power, liquid = random.choice([132, 142, 240, 600]), random.choice([0.0, 0.5, 0.87, 1.0])
    size = random.choice([2, 6, 15])  # MW, about
    count = random.randint(1, max(1, int(size * 300 / power)))

    def units(kind: str, name: str, attribute: str, most: float) -> str:
        each = random.choice([0.5, 1.0, 1.35, 2.0])
        scheme = random.choice(DESIGNS)
        many = max(1, round(most / each)) + random.randint(0, 8)
        unit = random.choice(["MW", "MVA"]) if kind == "ups" else "MW"
        return f"{kind} {name} {{ {attribute} = {each} {unit}; count = {many}; redundancy = {scheme} }}"

    lines = [
        f"power_factor = {random.choice([0.95, 1])}",
        "pue = 1.15; peak_pue = 1.3",
        random.choice(["", f"budget = {size} MW", f"budget = {size * 0.9:.3f} MW"]),
        random.choice(["", f"positions = {random.randint(count, count + 80)}"]),
        random.choice(["", f"rows = {random.randint(4, 20)}; row_budget = {random.choice(['1.5', '1.36', '2'])} MW"]),
        units("ups", "a", "rating", size * 1.2),
        random.choice(["", units("ups", "b", "rating", size * 1.2)]),
        random.choice(["", units("cdu", "loop", "capacity", size * 1.3)]),
        random.choice(["", units("crah", "fans", "capacity", size * 1.3)]),
        random.choice(["", "survives = [ups]"]),
    ]
    body = "\n".join(line for line in lines if line)
    system = f"system rack {{ power = {power} kW; liquid = {liquid:.0%}; positions = {random.choice([1, 0.5, 2])} }}"
    grid = random.choice(["", f"utility grid {{ capacity = {size * 1.4:.2f} MW }}"])
    text = f"{system}\ncampus c {{ {grid}\nbuilding b {{ hall h {{ {body}\n"
    return text + "deploy d { system = rack; count = @ } } } }", count


def holds(text: str, count: int) -> bool:
    return compile_text(text.replace("@", str(count))).verdict == "holds"


def differs(number: int) -> str:
    """What is wrong with the hall of a number; nothing where it fails as it is, or what fits is right."""
    text, count = hall(Random(number))
    result = compile_text(text.replace("@", str(count)))
    if result.verdict != "holds":
        return ""
    value = value_of(result.situation, result.situation.at("c.b.h"), "deployable")
    said = value.values[0] if isinstance(value, Steps) else value
    more = 0
    while more < 2_000 and holds(text, count + more + 1):
        more += 1
    if more == 2_000 or said == more:
        return ""
    return f"hall {number}: {said} are said to fit, and {more} do\n{text.replace('@', str(count))}"


@pytest.mark.parametrize("first", range(0, HALLS, 10))
def test_one_more_fails_and_none_less(first: int) -> None:
    assert [found for number in range(first, first + 10) if (found := differs(number))] == []


if __name__ == "__main__":
    import sys

    many = int(sys.argv[1]) if len(sys.argv) > 1 else HALLS
    print("\n".join(found for number in range(many) if (found := differs(number))) or f"{many} halls, no difference")
