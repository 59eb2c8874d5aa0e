"""Demands of campuses and their buildings: what one asks for never changes what the network carries of another."""

from __future__ import annotations

import random

from tests.reading import compile_text

SITES = ("x", "y", "m", "m.b1", "m.b2", "m.b3", "r", "r.b1", "r.b2")
PLACES = "campus x { }\ncampus y { }\ncampus m { building b1 { }\n building b2 { }\n building b3 { } }\n"
PLACES += "campus r { building b1 { }\n building b2 { } }\nline_system one { channels = 1; rate = 1 Tb/s }\n"
ROUTES = ("WAN101", "WAN102", "WAN103", "WAN104", "WAN105")


def failing(lines: list[str]) -> bool:
    found = compile_text(PLACES + "\n".join(lines)).findings
    assert all(one.code.code[:3] in ("WAN", "TIM") for one in found if one.code.severity == "error"), found
    return any(one.code.code in ROUTES for one in found)


def drawn(chance: random.Random) -> tuple[list[str], list[str]]:
    """Links and demands at random, between campuses, buildings and both."""
    links = []
    for number in range(chance.randint(2, 9)):
        a, b = chance.sample(SITES, 2)
        pairs = chance.randint(1, 9)
        links.append(f"link l{number} {{ between = [{a}, {b}]; line = one; length = 9 km; fiber_pairs = {pairs} }}")
    demands = []
    for number in range(chance.randint(2, 5)):
        a, b = chance.sample(SITES, 2)
        survives = chance.choice(("none", "none", "link", "site"))
        what = f"rate = {chance.randint(1, 6)} Tb/s; survives = {survives}"
        demands.append(f"demand d{number} {{ between = [{a}, {b}]; {what} }}")
    return links, demands


def test_more_demand_never_makes_a_plan_hold() -> None:
    """What fails with some of the demands fails with all."""
    chance = random.Random(5)
    tried = 0
    for _ in range(150):
        links, demands = drawn(chance)
        if failing(links + demands[:-1]):
            assert failing(links + demands), links + demands
            tried += 1
    assert tried > 50


def test_a_campus_does_not_join_its_buildings_for_others() -> None:
    links = [
        "link l1 { between = [x, m.b1]; line = one; length = 9 km; fiber_pairs = 8 }",
        "link l2 { between = [x, m.b2]; line = one; length = 9 km; fiber_pairs = 8 }",
    ]
    of_campus = "demand d { between = [x, m]; rate = 16 Tb/s }"
    of_buildings = "demand e { between = [m.b1, m.b2]; rate = 9 Tb/s }"
    assert not failing([*links, of_campus])
    assert failing([*links, of_buildings])
    assert failing([*links, of_campus, of_buildings])
    assert failing([*links, of_campus.replace("16", "17")])


def test_a_campus_is_reached_while_one_of_its_buildings_is() -> None:
    """After the loss of a building's links, or of the building, the campus is reached by the other."""
    links = [
        "link l1 { between = [x, m.b1]; line = one; length = 9 km; fiber_pairs = 8 }",
        "link l2 { between = [x, m.b2]; line = one; length = 9 km; fiber_pairs = 4 }",
    ]
    for word in ("link", "site"):
        assert not failing([*links, f"demand d {{ between = [x, m]; rate = 4 Tb/s; survives = {word} }}"])
        text = PLACES + "\n".join([*links, f"demand d {{ between = [x, m]; rate = 5 Tb/s; survives = {word} }}"])
        (finding,) = [one for one in compile_text(text).findings if one.code.severity == "error"]
        assert finding.message == (
            "`d` does not survive the loss of the link `l1`: 5 Tb/s exceed what `l2` can carry of 4 Tb/s by 1 Tb/s"
        )
