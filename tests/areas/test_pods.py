"""Redundancy by pod, against racks that are put into pods one by one; whole messages."""

from __future__ import annotations

import random

import pytest

from planlang.compiler import Result, compile_text
from planlang.core.derive import value_of
from planlang.lang.text import show

SPARE = {"N": 0, "N+1": 1, "N+2": 2}


class Hall:
    """A random hall: deploys of racks, and CDUs (or air handlers) in pods."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.kind = draw.choice(["cdu", "crah"])
        self.pod = draw.choice([3, 4, 8])
        self.deploys = [(draw.randint(1, 12), draw.choice([40, 100, 132])) for _ in range(draw.choice([1, 1, 2, 3]))]
        self.scheme = draw.choice(list(SPARE))
        self.units, self.each = draw.randint(2, 24), draw.choice([200, 450, 900])

    def text(self, count: str = "", says: str = "", more: int = 0) -> str:
        """The plan."""
        liquid = 1 if self.kind == "cdu" else 0
        systems = "\n".join(
            f"system s{i} {{ power = {kw} kW; liquid = {liquid} }}" for i, (_, kw) in enumerate(self.deploys)
        )
        deploys = "\n".join(
            f"deploy d{i} {{ system = s{i}; count = {n + (more if i == len(self.deploys) - 1 else 0)} }}"
            for i, (n, _) in enumerate(self.deploys)
        )
        return f"""{systems}
        building b {{ pue = 1.2; {says}
          {deploys}
          {self.kind} loop {{ capacity = {self.each} kW; count = {count or self.units}
            redundancy = {self.scheme}; pod = {self.pod} }} }}"""

    @property
    def pods(self) -> list[float]:
        """The heat of each pod in kW, rack by rack."""
        racks = [kw for n, kw in self.deploys for _ in range(n)]
        return [sum(racks[i : i + self.pod]) for i in range(0, len(racks), self.pod)]

    def holds(self, units: int, spare: int, out: int = 0) -> bool:
        """Whether every pod carries its heat with its units but `spare`, whichever pod has so many out."""
        pods = self.pods
        for place, heat in enumerate(pods):
            own = units // len(pods) + (place < units % len(pods))
            if max(0, own - spare - out) * self.each < heat * (1 - 1e-9):
                return False
        return True


def codes(result: Result) -> set[str]:
    return {one.code.code for one in result.findings if one.code.severity == "error"}


@pytest.mark.parametrize("seed", range(150))
def test_a_hall_holds_where_each_of_its_pods_does(seed: int) -> None:
    hall = Hall(seed)
    result = compile_text(hall.text())
    right = hall.holds(hall.units, SPARE[hall.scheme])
    assert codes(result).intersection({"COL101", "COL102", "COL110"}) is not right, hall.text()
    pods = hall.pods
    if right:  # what may be loaded is the heat, times the room of the fullest pod
        value = value_of(result.situation, result.situation.at("b.loop"), "usable")
        own = [hall.units // len(pods) + (place < hall.units % len(pods)) for place in range(len(pods))]
        room = min((units - SPARE[hall.scheme]) * hall.each / heat for units, heat in zip(own, pods, strict=True))
        assert value is not None
        assert value.magnitude == pytest.approx(sum(pods) * room * 1e3)


@pytest.mark.parametrize("seed", range(60))
def test_a_unit_that_fails_hits_its_own_pod(seed: int) -> None:
    hall = Hall(seed)
    if not hall.holds(hall.units, SPARE[hall.scheme]):
        return  # told as it is, without a failure
    result = compile_text(hall.text(says=f"survives = [{hall.kind}]"))
    assert ("RES101" in codes(result)) is not hall.holds(hall.units, 0, out=1)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("survives", [False, True])
def test_the_least_count_holds_in_every_pod(seed: int, survives: bool) -> None:
    hall = Hall(seed)
    says = f"survives = [{hall.kind}]" if survives else ""
    sized = compile_text(hall.text("?", says)).situation.sized
    spare = SPARE[hall.scheme]

    def enough(units: int) -> bool:
        return hall.holds(units, spare) and (not survives or hall.holds(units, 0, out=1))

    least = next(units for units in range(1, 1000) if enough(units))
    assert [one.value for one in sized.values()] == [least], hall.text("?", says)


def test_whole_messages() -> None:
    hall = """system s { power = 132 kW; liquid = 100% }
    building b { pue = 1.2
      deploy d { system = s; count = 20 }
      cdu loop { capacity = 600 kW; count = COUNT; redundancy = N+1; pod = 8 } }"""
    result = compile_text(hall.replace("COUNT", "7"))
    (finding,) = result.findings
    assert finding.message == (
        "`b.loop`: heat to liquid of 2.64 MW exceeds its usable capacity under N+1 in each of 3 pods of 1.5 MW by "
        "1.14 MW"
    )
    assert [fix.message for fix in finding.fixes] == ["raise `count` to 8", "or raise `capacity` to 1,056 kW"]
    result = compile_text(hall.replace("COUNT", "?"))
    (sized,) = result.situation.sized.values()
    assert (show(sized.value), sized.why) == (
        "8",
        "the heat to liquid of 2.64 MW needs 8 x 600 kW, under N+1 in each of 3 pods",
    )


def test_what_has_no_racks_has_no_pods() -> None:
    text = "building b { pue = 1.2; load = 2 MW; crah f { capacity = 500 kW; count = 5; redundancy = N+1; pod = 8 } }"
    result = compile_text(text)
    value = value_of(result.situation, result.situation.at("b.f"), "usable")
    assert show(value) == "2 MW"
    assert [tuple(one) for one in result.not_examined if "pods" in one.what] == [
        ("pods of b.f", "what it cools has no racks to count: its redundancy holds over all of it")
    ]


def test_how_many_racks_fit_is_found_by_trying() -> None:
    """Seven units: 4 and 3 in two pods of 8 racks; a third pod would leave two units to each."""
    text = """system s { power = 132 kW; liquid = 100% }
    building b { pue = 1.2
      deploy d { system = s; count = COUNT }
      cdu loop { capacity = 600 kW; count = 7; redundancy = N+1; pod = 8 } }"""
    (sized,) = compile_text(text.replace("COUNT", "?")).situation.sized.values()
    assert (sized.value, sized.why) == (16, "with one more the heat to liquid of `b.loop` exceeds its capacity")
    result = compile_text(text.replace("COUNT", "4"))
    assert value_of(result.situation, result.situation.at("b"), "deployable") == 12
