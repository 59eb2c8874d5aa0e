"""Open fiber pairs: the least pair-kilometres, by trying everything; what decided; what nothing can fill."""

from __future__ import annotations

import random
from itertools import product

import pytest
from areas.networks import arc_share, random_demands, random_network

from planlang.areas.wan.cases import Case, Way
from planlang.areas.wan.design import least
from planlang.areas.wan.multicommodity import Wish
from planlang.compiler import compile_text

SITES = """
plan p { horizon = 2026-01 .. 2027-12 }
line_system one { channels = 10; rate = 1 Tb/s }
campus a { }
campus b { }
campus c { }
conduit rail { }
"""


def link(name: str, ends: str, km: int = 100, pairs: object = "?", more: str = "") -> str:
    return f"link {name} {{ between = [{ends}]; line = one; length = {km} km; fiber_pairs = {pairs}; {more} }}\n"


def demand(name: str, ends: str, rate: object, more: str = "") -> str:
    return f"demand {name} {{ between = [{ends}]; rate = {rate} Tb/s; {more} }}\n"


def sized(text: str) -> dict[str, tuple[object, str]]:
    """What fills each hole, and why."""
    result = compile_text(SITES + text)
    assert [finding.message for finding in result.findings] == []
    return {entity.path: (one.value, one.why) for (entity, _), one in result.situation.sized.items()}


def test_one_link() -> None:
    """The demands of the worst interval decide, and the dates are said."""
    text = link("l", "a, b") + demand("x", "a, b", 34, "from = 2026-03") + demand("y", "b, a", 4.5)
    assert sized(text) == {
        "l": (
            4,
            "with 3, the demands of 38.5 Tb/s exceed what `l` can carry of 30 Tb/s by 8.5 Tb/s from 2026-03 until "
            "2028-01",
        )
    }


def test_the_shorter_way() -> None:
    """What is not needed gets none."""
    ring = link("l", "a, b") + link("m", "b, c", 200) + link("n", "c, a")
    found = sized(ring + demand("x", "a, b", 34))
    assert {name: value for name, (value, _) in found.items()} == {"l": 4, "m": 0, "n": 0}
    assert found["m"][1] == "the demands need none of it"


def test_after_failures() -> None:
    """Ways round are sized for the failures that demands are to survive; conduits fail whole."""
    ring = link("l", "a, b") + link("m", "b, c", 200) + link("n", "c, a")
    found = sized(ring + demand("x", "a, b", 34, "survives = link"))
    assert {name: value for name, (value, _) in found.items()} == {"l": 4, "m": 4, "n": 4}
    assert found["n"][1].startswith("with 3, after the loss of the link `l`, the demands of 34 Tb/s exceed what `n`")
    shared = link("l", "a, b", more="conduits = [rail]") + link("m", "a, b", 300, more="conduits = [rail]")
    shared += link("n", "a, b", 900)
    found = sized(shared + demand("x", "a, b", 20, "survives = conduit"))
    assert {name: value for name, (value, _) in found.items()} == {"l": 2, "m": 0, "n": 2}


def test_latency() -> None:
    """Where the short way is too long for one of two demands, its own link is lit."""
    ring = link("l", "a, b", 300) + link("m", "b, c", 20) + link("n", "c, a", 200)
    free = sized(ring + demand("x", "a, b", 30) + demand("y", "a, c", 30))
    assert {name: value for name, (value, _) in free.items()} == {"l": 0, "m": 3, "n": 6}
    tight = sized(ring + demand("x", "a, b", 30, "latency = 3 ms") + demand("y", "a, c", 30, "latency = 2 ms"))
    assert tight == free
    near = link("l", "a, b", 230) + link("m", "b, c", 20) + link("n", "c, a", 225)
    limited = sized(near + demand("x", "a, b", 30, "latency = 2.3 ms"))
    assert {name: value for name, (value, _) in limited.items()} == {"l": 3, "m": 0, "n": 0}


def test_of_equals_the_earlier() -> None:
    """Of parallel links of one length, the first by path is lit; digits count as numbers."""
    text = "".join(link(f"l{number}", "a, b") for number in (10, 9)) + demand("x", "a, b", 34)
    assert {name: value for name, (value, _) in sized(text).items()} == {"l9": 4, "l10": 0}


def test_optics_of_several_strands() -> None:
    """Where a channel takes several pairs, whole channels are sized."""
    text = "use optics\nlink l { between = [a, b]; length = 0.3 km; transceiver = optics.dr8_800g; fiber_pairs = ? }\n"
    assert sized(text + demand("x", "a, b", 1))["l"][0] == 16


def test_nothing_survives_on_one_way() -> None:
    """A demand that is to survive the loss of its only link leaves the hole open, with an error that says why."""
    result = compile_text(SITES + link("l", "a, b") + demand("x", "a, b", 34, "survives = link"))
    found = {finding.code.code: finding.message for finding in result.findings}
    assert found["HOL102"].endswith("after the loss of the link `l`, `x` has no other way from 2026-01 until 2028-01")
    assert result.situation.sized == {}


def test_one_cause_is_one_finding() -> None:
    """Where nothing fills several links for the same cause, one finding names them."""
    path = link("l", "a, b") + link("m", "b, c")
    result = compile_text(SITES + path + demand("x", "a, c", 34, "survives = link"))
    found = [finding.message for finding in result.findings if finding.code.code == "HOL102"]
    assert found == [
        "`l` and `m`: no fiber_pairs fills `fiber_pairs = ?`: after the loss of the link `l`, `x` has no other way "
        "from 2026-01 until 2028-01"
    ]
    assert result.situation.sized == {}
    assert "HOL101" not in {finding.code.code for finding in result.findings}


def test_past_links_that_are_too_small() -> None:
    """A link of fixed size that is too small is reported as such, and what is open beyond it is sized for all of what
    the demands need, as it says."""
    path = link("l", "a, b", pairs=1) + link("m", "b, c")
    result = compile_text(SITES + path + demand("x", "a, c", 14))
    (finding,) = result.findings
    assert f"{finding.code.code} {finding.message}" == (
        "WAN101 `l`: the demands of 14 Tb/s exceed its capacity of 10 Tb/s by 4 Tb/s from 2026-01 until 2028-01"
    )
    assert finding.fixes[0].message == "raise `fiber_pairs` of `l` to 2"
    ((size, why),) = [(one.value, one.why) for one in result.situation.sized.values()]
    assert (size, why) == (
        2,
        "with 1, the demands of 14 Tb/s exceed what `m` can carry of 10 Tb/s by 4 Tb/s from 2026-01 until 2028-01; "
        "`l`, which is too small, counts as ample",
    )
    mended = sized(path.replace("fiber_pairs = 1", "fiber_pairs = 2") + demand("x", "a, c", 14))
    assert mended["m"] == (2, why.partition(";")[0])
    both = compile_text(SITES + path + demand("x", "a, c", 14) + demand("y", "c, b", 17))
    assert [one.value for one in both.situation.sized.values()] == [4]


@pytest.mark.parametrize("seed", range(40))
def test_least_by_trying_everything(seed: int) -> None:
    """No choice of whole units that carries every case, by another program, costs less than what is chosen."""
    chance = random.Random(seed)
    network = random_network(chance, 4, 3, 4)
    demands = list(random_demands(chance, network, 3, 6).items())
    edges = sorted(network)
    opens = chance.sample(edges, min(3, len(edges)))
    costs = [float(chance.randint(1, 5)) for _ in opens]
    gone: list[tuple[str, str] | None] = [None]
    gone += [one for one in edges if chance.random() < 0.3]
    cases, facts = [], []
    for lost in gone:
        left = {key: network[key] for key in edges if key != lost}
        ample = {key: 99.0 if key in opens else most for key, most in left.items()}
        if arc_share(ample, demands) < 1:
            continue
        ways = tuple(
            Way(key, 0.0, 0.0 if key in opens else most, ((opens.index(key), 2.0),) if key in opens else ())
            for key, most in left.items()
        )
        cases.append(Case(ways, tuple(Wish(pair[:1], pair[1:], rate) for pair, rate in demands)))
        facts.append(left)
    if not cases:
        return
    chosen = least(cases, costs)
    assert chosen.gap == 0

    def works(units: tuple[int, ...]) -> bool:
        return all(
            arc_share(
                {key: 2.0 * units[opens.index(key)] if key in opens else most for key, most in left.items()}, demands
            )
            >= 1 - 1e-7
            for left in facts
        )

    assert works(chosen.units)
    cost = sum(each * count for each, count in zip(costs, chosen.units, strict=True))
    ranges = [range(int(cost // each) + 1) for each in costs]
    for units in product(*ranges):
        if sum(each * count for each, count in zip(costs, units, strict=True)) < cost - 1e-9:
            assert not works(units), units
