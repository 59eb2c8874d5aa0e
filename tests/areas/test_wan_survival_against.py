"""What survives the loss of each link is what a plan without that link says: with campuses and their buildings, ECMP,
links that are not filled up, and latency."""

from __future__ import annotations

import random

from tests.reading import compile_text

SITES = ("x", "y", "m", "m.b1", "m.b2", "r.b1", "r.b2", "r")
PLACES = "campus x { }\ncampus y { }\ncampus m { building b1 { }\n building b2 { } }\n"
PLACES += "campus r { building b1 { }\n building b2 { } }\nline_system one { channels = 1; rate = 1 Tb/s }\n"
FAILS = ("WAN101", "WAN102", "WAN103", "WAN104", "WAN107")


class Plan:
    """A random network, of which a link, or what is not to survive, may be left out."""

    def __init__(self, chance: random.Random) -> None:
        self.links = []
        sites = chance.sample(SITES, chance.randint(3, 5))
        for _ in range(chance.randint(len(sites) + 1, 10)):
            a, b = chance.sample(sites, 2)
            fill = chance.choice(("", "", "; utilization_max = 0.6"))
            what = f"between = [{a}, {b}]; line = one; length = {chance.choice((50, 100, 200))} km"
            self.links.append((f"{what}; fiber_pairs = {chance.randint(3, 12)}", fill))
        self.demands = []
        for _ in range(chance.randint(1, 4)):
            a, b = chance.sample(sites if chance.random() < 0.7 else SITES, 2)
            routing = chance.choice(("", "", "; routing = ecmp"))
            latency = chance.choice(("", "", "; latency = 4 ms"))
            back = chance.choice(("", "", f"; rate_back = {chance.randint(0, 7)} Tb/s"))
            rate = f"between = [{a}, {b}]; rate = {chance.randint(1, 7)} Tb/s{back}{routing}"
            self.demands.append((rate + ("" if routing else latency), chance.random() < 0.7))

    def codes(self, without: int | None = None) -> set[str]:
        """What is said of the plan; after a loss, of what is to survive it, with links filled up."""
        after = without is not None
        links = [
            f"link l{number} {{ {what}{'' if after else fill} }}"
            for number, (what, fill) in enumerate(self.links)
            if number != without
        ]
        demands = [
            f"demand d{number} {{ {what}{'; survives = link' if survives and not after else ''} }}"
            for number, (what, survives) in enumerate(self.demands)
            if survives or not after
        ]
        return {one.code.code for one in compile_text(PLACES + "\n".join([*links, *demands])).findings}


def ends_stay(plan: Plan, without: int) -> bool:
    """Whether the sites with links are the same: else a demand would end elsewhere than before."""

    def linked(links: list[tuple[str, str]]) -> set[str]:
        return {site for what, _ in links for site in what[len("between = [") :].split("]")[0].split(", ")}

    return linked(plan.links) == linked([link for number, link in enumerate(plan.links) if number != without])


def run(count: int, seed: int) -> tuple[int, int]:
    """How many plans that hold without a failure were compared, and how many of them survive."""
    chance, compared, survived = random.Random(seed), 0, 0
    for _ in range(count):
        plan = Plan(chance)
        said = plan.codes()
        losses = range(len(plan.links))
        if said.intersection(FAILS) or "WAN106" in said or not all(ends_stay(plan, number) for number in losses):
            continue
        # a latency that no route keeps after the loss is a demand without a route there
        expected = any(plan.codes(number).intersection((*FAILS, "WAN106")) for number in losses)
        assert ("WAN105" in said) == expected, (plan.links, plan.demands)
        compared += 1
        survived += not expected
    return compared, survived


def test_the_loss_of_each_link() -> None:
    compared, survived = run(250, 3)
    assert compared > 40
    assert survived > 5


if __name__ == "__main__":
    import sys

    print(run(int(sys.argv[1]), int(sys.argv[2])))
