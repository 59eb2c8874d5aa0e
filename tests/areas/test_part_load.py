"""What stays of losses at part load, against a balance of its own."""

from __future__ import annotations

import random

import pytest

from planlang.compiler import Result, compile_text
from planlang.core.derive import value_of

FED = ("", "fed_by = [t]", "fed_by = [u]")


class Site:
    """A random building: its plant, and how far it is loaded."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.load = draw.choice([0.5, 1.0, 4.0, 8.0])
        self.ups, self.transformer = draw.choice([0.93, 0.97]), draw.choice([0.98, 0.995])
        self.fans, self.cop = draw.choice([0.02, 0.05]), draw.choice([3.0, 6.0])
        self.stays = {kind: draw.choice([0.0, 0.2, 0.5]) for kind in ("ups", "transformer", "crah", "chiller")}
        self.fed = {kind: draw.choice(FED) for kind in ("crah", "chiller")}
        self.written = draw.random() < 0.2

    @property
    def text(self) -> str:
        """The plan."""
        stays = {kind: f"no_load = {part}" if part else "" for kind, part in self.stays.items()}
        return f"""campus c {{ {"pue = 1.9" if self.written else ""}
          utility g {{ capacity = 100 MW }}
          building b {{ load = {self.load} MW
            transformer t {{ rating = 5 MVA; count = 6; power_factor = 1; efficiency = {self.transformer}
              {stays["transformer"]} }}
            ups u {{ rating = 3 MW; count = 5; efficiency = {self.ups}; {stays["ups"]} }}
            crah f {{ capacity = 1 MW; count = 14; fans = {self.fans}; {stays["crah"]}; {self.fed["crah"]} }}
            chiller p {{ capacity = 4 MW; count = 4; cop = {self.cop}; {stays["chiller"]}
              {self.fed["chiller"]} }} }} }}"""

    def figures(self) -> tuple[float, float]:
        """Facility load and the heat that chillers take, in MW."""
        ups, transformer = 1 / self.ups - 1, 1 / self.transformer - 1
        fan = self.fans / (1 + self.fans)
        moves = {kind: 1 - part for kind, part in self.stays.items()}
        stay_ups = ups * self.stays["ups"] * 15
        lost = ups * (1 - self.stays["ups"]) * self.load
        hall = self.load + lost + stay_ups
        chilled = hall * (1 + self.fans)
        if self.written:
            return 1.9 * self.load, chilled
        outer = 1 + transformer * moves["transformer"]
        factor = {"": outer, "fed_by = [t]": outer, "fed_by = [u]": (1 + ups * moves["ups"]) * outer}

        def draws(heat: float) -> float:
            fans = heat * (1 + self.fans) * fan * moves["crah"] * factor[self.fed["crah"]]
            works = heat * (1 + self.fans) / self.cop * moves["chiller"] * factor[self.fed["chiller"]]
            return fans + works

        def bare(heat: float) -> float:
            return heat * (1 + self.fans) * (fan * moves["crah"] + moves["chiller"] / self.cop)

        in_proportion = (self.load + lost) * outer + draws(self.load + lost)
        stays = stay_ups + bare(stay_ups) + transformer * self.stays["transformer"] * 30
        own = {
            "crah": fan * self.stays["crah"] * 14,
            "chiller": self.stays["chiller"] * 16 / self.cop,
        }
        factor[""] = 1.0  # a load where it stands, as other load
        return in_proportion + stays + sum(own[kind] * factor[self.fed[kind]] for kind in own), chilled


def megawatts(result: Result, path: str, name: str) -> float:
    value = value_of(result.situation, result.situation.at(path), name)
    return float(getattr(value, "magnitude", value)) / 1e6


@pytest.mark.parametrize("seed", range(80))
def test_a_site_draws_what_its_balance_says(seed: int) -> None:
    site = Site(seed)
    result = compile_text(site.text)
    facility, chilled = site.figures()
    assert megawatts(result, "c", "facility_load") == pytest.approx(facility), site.text
    assert megawatts(result, "c.g", "load") == pytest.approx(facility)
    assert megawatts(result, "c.b.p", "load") == pytest.approx(chilled)


def test_the_pue_is_worse_at_part_load() -> None:
    """The day-one PUE of a site is 1 + (fixed + k x load) / load: at full load it is that of the ratings."""
    plant = """ups u { rating = 2 MW; count = 5; efficiency = 95%; no_load = 40% }
      crah f { capacity = 2 MW; count = 6 }
      chiller p { capacity = 3 MW; count = 4; cop = 4; no_load = 25% }"""

    def pue(load: float) -> float:
        result = compile_text(f"building b {{ load = {load} MW; {plant} }}")
        value = value_of(result.situation, result.situation.at("b"), "peak_hour_pue")
        return float(value)  # type: ignore[arg-type]

    fixed = (1 / 0.95 - 1) * 0.4 * 10 * (1 + 0.75 / 4) + 12 / 4 * 0.25
    each = (1 + (1 / 0.95 - 1) * 0.6) * (1 + 0.75 / 4)
    assert [pue(load) for load in (1, 5, 10)] == [pytest.approx(each + fixed / load) for load in (1, 5, 10)]


def test_what_has_no_effect_is_not_examined() -> None:
    def left(plant: str, says: str = "") -> list[tuple[str, str]]:
        result = compile_text(f"building b {{ load = 1 MW; {says}\n{plant} }}")
        return [tuple(one) for one in result.not_examined if one.what.startswith("no_load")]

    cooled = "crah f { capacity = 2 MW }; chiller p { capacity = 3 MW; cop = 4 }"
    ups = "ups u { rating = 2 MW; efficiency = 95%; no_load = 40% }"
    assert left(f"{ups}\n{cooled}") == []
    assert left(f"{ups.replace('efficiency = 95%; ', '')}\n{cooled}") == [("no_load of b.u", "it has no `efficiency`")]
    assert left(f"{ups}\n{cooled}", "pue = 1.3") == [("no_load of b.u", "the PUE is written or assumed, and counts it")]
