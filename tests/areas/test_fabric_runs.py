"""The lengths of links between places: runs between halls, what they decide, and what is assumed without them."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from planlang.areas.fabric.bill import lines
from planlang.areas.fabric.clos import design, stages
from planlang.areas.fabric.places import links_by_pair, switches_by_place
from planlang.compiler import compile_text
from planlang.core.unexamined import not_examined

sys.path.insert(0, str(Path(__file__).parent.parent))
from areas.test_fabric_graph import wire
from reading import messages, read

HEAD = """
switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
transceiver dr { rate = 400 Gb/s; strands = 8; reach = 500 m; loss_max = 3 dB; power = 9 W }
transceiver fr { rate = 400 Gb/s; strands = 2; reach = 2 km; loss_max = 4 dB; power = 10 W }
system g { accelerators = 8; tray = 8; nic = 400 Gb/s; power = 10 kW; liquid = 0% }
building one { pue = 1.2; peak_pue = 1.3
  hall a { deploy d { system = g; count = 32 } }
  hall b { deploy d { system = g; count = [0 from 2026-01, 16 from 2026-07] } } }
building two { pue = 1.2; peak_pue = 1.3
  hall c { deploy d { system = g; count = 16 } } }
"""
ALL = "connects = [one.a.d, one.b.d, two.c.d]; switch = leaf"


def errors(text: str) -> list[str]:
    return [f"{one.code.code} {one.message}" for one in compile_text(text).findings if one.code.severity == "error"]


def assumed(text: str) -> list[tuple[str, str]]:
    return [(one.what, one.why) for one in not_examined(read(text).situation) if one.what.startswith("way")]


def fabric(body: str, runs: str = "") -> str:
    return HEAD + f"fabric f {{ {ALL}; {body}\n  {runs} }}\n"


AC = "run ac { between = [one.a, two.c]; length = 700 m }"
AB = "run ab { between = [one.b, one.a]; length = 120 m }"
BC = "run bc { between = [two.c, one.b]; length = 900 m }"


def test_reach_by_the_longest_run() -> None:
    """The longest of the ways that links span decides, and the finding stands at its run."""
    text = fabric("tiers = 2; transceiver = dr; length = 60 m", "\n  ".join((AC, AB, BC)))
    (found,) = [one for one in compile_text(text).findings if one.code.severity == "error"]
    assert found.message == (
        "`f`: links between leaves and spines from `one.b` to `two.c` are 900 m long, and `dr` reaches 500 m"
    )
    assert found.span is not None
    assert found.span.source.text[found.span.start : found.span.end] == "900 m"
    assert [one.message for one in found.fixes] == ["write `transceiver = fr`, which reaches 2 km"]
    assert errors(text.replace("transceiver = dr", "transceiver = fr")) == []
    assert assumed(text) == []


def test_runs_of_places_that_are_not_reached() -> None:
    """A way on which no link leads is not judged: hall `b` is empty until the plan's end."""
    text = fabric("tiers = 2; transceiver = dr; length = 60 m", "\n  ".join((AB, BC, AC.replace("700", "400"))))
    assert errors(text) != []
    assert errors(text + "plan p { horizon = 2026-01 .. 2026-03 }\n") == []


def test_loss_by_the_longest_run() -> None:
    """The fiber of the run takes its share of the loss."""
    body = "tiers = 2; transceiver = fr; length = 60 m; connectors = 7"
    run = AC.replace("700 m", "1.9 km")
    assert errors(fabric(body)) == []
    assert errors(fabric(body, run)) == [
        "FAB109 `f`: links between leaves and spines from `one.a` to `two.c` lose 4.26 dB, and `fr` bears 4 dB"
    ]


def test_without_a_run() -> None:
    """A missing run falls back to `length`, and the check says so; without that it says that nothing is known."""
    text = fabric("tiers = 2; transceiver = dr; length = 600 m", AC.replace("700", "400"))
    assert errors(text) == ["FAB107 `f`: links between leaves and spines are 600 m long, and `dr` reaches 500 m"]
    assert assumed(text) == [
        ("way of cables of f from one.a to one.b", "it has no `run`, and is taken to be the `length` of 600 m"),
        ("way of cables of f from one.b to two.c", "it has no `run`, and is taken to be the `length` of 600 m"),
    ]
    assert assumed(text.replace("; length = 600 m", ""))[0] == (
        "way of cables of f from one.a to one.b",
        "it has neither a `run` nor `length`",
    )
    assert assumed(fabric("tiers = 2; transceiver = dr; length = 600 m")) == []


def test_runs_of_buildings() -> None:
    """A run between buildings is that of all their halls, but of those that have one of their own."""
    runs = "run far { between = [one, two]; length = 450 m }\n  run near { between = [one, one]; length = 100 m }"
    text = fabric("tiers = 2; transceiver = dr; length = 60 m", runs)
    assert errors(text) == []
    assert assumed(text) == []
    assert errors(fabric("tiers = 2; transceiver = dr; length = 60 m", f"{runs}\n  {BC}")) == [
        "FAB107 `f`: links between leaves and spines from `one.b` to `two.c` are 900 m long, and `dr` reaches 500 m"
    ]


def test_within_a_hall() -> None:
    """A run from a hall to itself is the length of what stays there."""
    own = "run own { between = [one.a, one.a]; length = 550 m }"
    assert errors(fabric("tiers = 2; transceiver = dr; length = 60 m", own)) == [
        "FAB107 `f`: links between leaves and spines within `one.a` are 550 m long, and `dr` reaches 500 m"
    ]


def test_bill() -> None:
    """The strands of each way, with its length; of 16 leaves and 8 spines 8 and 4 stand in `a`, 4 and 2 elsewhere."""
    plan = read(
        fabric("tiers = 2; transceiver = dr; length = 60 m", "\n  ".join((AC, AB))) + "plan p { currency = EUR }"
    )
    found = Counter[str]()
    for one in lines(plan.situation):
        if one.category == "fiber":
            found[one.description] += int(one.quantity)
    said = "strands, links between leaves and spines"
    half = plan.situation.at("f")
    assert half is not None
    links = links_by_pair(plan.situation, half, 1)
    assert links is not None
    assert {(a.path, b.path): many for (a, b), many in links.values[-1].items()} == {
        ("one.a", "one.a"): 128,
        ("one.a", "one.b"): 128,
        ("one.a", "two.c"): 128,
        ("one.b", "one.b"): 32,
        ("one.b", "two.c"): 64,
        ("two.c", "two.c"): 32,
    }
    assert (
        found[f"{said} from one.a to two.c, 700 m"] == 176 * 8
    )  # of 12 leaves 8 and 4, of 8 spines 5 and 3, before `b` is there
    assert found[f"{said} from one.a to one.b, 120 m"] == 128 * 8
    assert found[f"{said} from one.b to two.c, 60 m"] == 64 * 8
    assert found["strands, links to endpoints"] == 512 * 8


@pytest.mark.parametrize("seed", range(40))
def test_against_the_graph(seed: int) -> None:
    """Links by places, against every link of the graph: switches stand place by place, in the order of the paths."""
    of = random.Random(seed)
    tiers, planes = of.choice([2, 3, 3, 4]), of.choice([1, 2])
    counts = [of.randint(1, 12) for _ in range(of.randint(1, 4))]
    ratio = of.choice([1, 3])
    halls = "\n".join(f"  hall h{n} {{ deploy d {{ system = s; count = {many} }} }}" for n, many in enumerate(counts))
    joined = ", ".join(f"b.h{n}.d" for n in range(len(counts)))
    text = f"""
switch leaf {{ ports = 8; rate = 100 Gb/s; power = 1 kW }}
system s {{ accelerators = 4; tray = 4; nic = {100 * planes} Gb/s; power = 10 kW; liquid = 0% }}
building b {{ peak_pue = 1.3
{halls} }}
fabric f {{ connects = [{joined}]; switch = leaf; tiers = {tiers}; oversubscription = {ratio}; planes = {planes} }}
"""
    network = design([8] * tiers, [ratio])
    built = stages(network, -(-4 * sum(counts) // network.down))
    plan = read(text)
    entity = plan.situation.at("f")
    assert entity is not None
    if built is None:
        return
    wired = wire(network, built, 4 * sum(counts))
    for hop in range(1, tiers):
        stands = []
        for tier in (hop - 1, hop):
            mine = switches_by_place(plan.situation, entity, (tier,))
            stands.append([place.path for place, many in mine.items() for _ in range(int(many.values[0]))])
        found = links_by_pair(plan.situation, entity, hop)
        assert found is not None
        by_pair = {(a.path, b.path): many for (a, b), many in found.values[0].items()}
        assert sum(by_pair.values()) == planes * sum(n for (low, _), n in wired.links.items() if low[0] == hop - 1)
        if hop == 1 and planes == 1:  # of later hops it is open which upper switches stand where
            number: Counter[tuple[str, str]] = Counter()
            for (low, high), many in wired.links.items():
                if low[0] == 0:
                    one, other = stands[0][low[1]], stands[1][high[1]]
                    number[min(one, other), max(one, other)] += many
            assert by_pair == number
        if hop == tiers - 1:
            ends: Counter[str] = Counter()
            for (one, other), many in by_pair.items():
                ends.update({one: many})
                ends.update({other: many})
            for place in {*stands[0], *stands[1]}:
                due = stands[0].count(place) * built[hop - 1].up + stands[1].count(place) * built[hop].down
                assert abs(ends[place] - due) <= len(by_pair)


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        (
            f"{AC}\n  run again {{ between = [two.c, one.a]; length = 300 m }}",
            "FAB125 `f.again`: the run between `two.c` and `one.a` is written already, as `f.ac`",
        ),
        (
            "run none { between = [one.a, three.x]; length = 300 m }",
            "FAB126 `f.none`: `f` has no links between `one.a` and `three.x`, so that it says nothing",
        ),
        (
            "run three { between = [one.a, one.b, two.c]; length = 300 m }",
            "KND103 `between` names 3 where 2 are due: `[a, b]`",
        ),
        ("run none { between = [one.a, two.c] }", "KND104 the run `none` needs `length`"),
    ],
)
def test_one_message(runs: str, message: str) -> None:
    """Two runs of the same pair, one between places without links, and what is no run."""
    text = fabric("tiers = 2; transceiver = fr; length = 60 m", runs) + "building three { hall x { } }\n"
    assert [one for one in messages(text) if one.startswith(("FAB", "KND"))] == [message]
