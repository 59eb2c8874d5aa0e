"""The weather of a year: annual PUE, water and hours without compressors, against sums hour by hour; whole messages."""

from __future__ import annotations

import random

import pytest

from planlang.compiler import Result, compile_text
from planlang.core.derive import value_of
from planlang.core.unexamined import not_examined
from planlang.lang.values import Duration

PLANTS = ("trim", "tower", "coils", "dry")
"""Dry coolers with chillers that trim; chillers with an economizer before towers, with coils, before dry coolers."""


class Drawn:
    """A random campus of one building with air-cooled and liquid-cooled load, and bins of a year."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.plant = draw.choice(PLANTS)
        self.liquid = draw.choice([0.0, 0.5, 1.0]) if self.plant == "trim" else 0.0
        self.efficiency, self.fans = draw.choice([1.0, 0.95]), draw.choice([0.0, 0.03])
        self.cop, self.outer = draw.choice([3.0, 5.0]), draw.choice([20.0, 30.0])
        self.approach, self.exchanger = draw.choice([4.0, 8.0]), draw.choice([0.0, 2.0])
        self.supply, self.rise = draw.choice([16.0, 22.0, 30.0]), draw.choice([5.0, 10.0])
        many = draw.randint(1, 40)
        self.dry = [round(draw.uniform(-10, 38), 1) for _ in range(many)]
        self.wet = [round(one - draw.uniform(0, 12), 1) for one in self.dry]
        cuts = sorted(draw.uniform(0, 8760) for _ in range(many - 1))
        self.hours = [b - a for a, b in zip([0, *cuts], [*cuts, 8760], strict=True)]

    @property
    def text(self) -> str:
        """The plan."""
        bins = (
            ("dry_bulb", [f"{one} degC" for one in self.dry]),
            ("wet_bulb", [f"{one} degC" for one in self.wet]),
            ("hours", [f"{one!r} h" for one in self.hours]),
        )
        table = "; ".join(f"{name} = [{', '.join(values)}]" for name, values in bins)
        economizer = "" if self.plant == "trim" else "; economizer = true"
        coils = f"; approach = {self.approach} K" if self.plant == "coils" else ""
        chiller = f"capacity = 90 MW; cop = {self.cop}; supply = {self.supply} degC; rise = {self.rise} K"
        behind = {
            "trim": f"dry_cooler d {{ capacity = 99 MW; approach = {self.approach} K; cop = {self.outer} }}",
            "dry": f"dry_cooler d {{ capacity = 99 MW; approach = {self.approach} K; cop = {self.outer}; serves = [p]\n"
            f"  exchanger = {self.exchanger} K }}",
            "tower": f"tower d {{ capacity = 99 MW; approach = {self.approach} K; cop = {self.outer}; cycles = 4\n"
            f"  exchanger = {self.exchanger} K }}",
            "coils": "",
        }[self.plant]
        return f"""campus c {{ design_dry_bulb = 50 degC; design_wet_bulb = 40 degC
          weather y {{ {table} }}
          building b {{
            system s {{ power = 100 kW; liquid = {self.liquid} }}
            deploy racks {{ system = s; count = 80; load_factor = 0.75 }}
            ups u {{ rating = 20 MW; efficiency = {self.efficiency} }}
            cdu l {{ capacity = 20 MW }}
            crah f {{ capacity = 20 MW; fans = {self.fans} }}
            chiller p {{ {chiller}{economizer}{coils} }}
            {behind} }} }}"""

    def part(self, dry: float, wet: float) -> float:
        """What compressors move of the heat in a bin."""
        reached = (wet if self.plant == "tower" else dry) + self.approach
        reached += self.exchanger if self.plant in ("dry", "tower") else 0.0
        return min(1.0, max(0.0, (reached - self.supply) / self.rise))

    def figures(self) -> tuple[float, float, float, float]:
        """Annual PUE, mean water in m3/s, hours without compressors and hours of trimming, summed bin by bin."""
        air = (1 - self.liquid) + (1 / self.efficiency - 1)
        fans = air * self.fans
        heat = self.liquid + air + fans
        pue = water = free = trim = 0.0
        for dry, wet, hours in zip(self.dry, self.wet, self.hours, strict=True):
            part = self.part(dry, wet)
            work = heat * part / self.cop
            outer = {
                "trim": heat * (1 - part),
                "tower": heat + work,
                "dry": heat + work,
                "coils": 0.0,
            }[self.plant] / self.outer
            pue += (1 / self.efficiency + fans + work + outer) * hours / 8760
            if self.plant == "tower":
                water += (heat + work) * 6e6 * 1.49e-3 / 3.6e6 * 4 / 3 * hours / 8760
            free += hours if part == 0 else 0.0
            trim += hours if 0 < part < 1 else 0.0
        return pue, water, free, trim


def derived(result: Result, path: str, name: str) -> float:
    value = value_of(result.situation, result.situation.at(path), name)
    if isinstance(value, Duration):
        return value.total / 3600
    return float(getattr(value, "magnitude", value))


@pytest.mark.parametrize("seed", range(60))
def test_a_year_is_the_sum_of_its_bins(seed: int) -> None:
    site = Drawn(seed)
    result = compile_text(site.text)
    pue, water, free, trim = site.figures()
    assert derived(result, "c", "annual_pue") == pytest.approx(pue, rel=1e-9)
    assert derived(result, "c", "water_use") == pytest.approx(water, rel=1e-9, abs=1e-15)
    assert derived(result, "c.b.p", "economizer_hours") == pytest.approx(free, abs=1e-6)
    assert derived(result, "c.b.p", "trim_hours") == pytest.approx(trim, abs=1e-6)


def test_the_peak_hour_stays_that_of_the_design_weather() -> None:
    site = Drawn(3)
    without = compile_text(site.text.replace("weather y", "weather y").replace("; economizer = true", ""))
    assert derived(compile_text(site.text), "c", "peak_hour_pue") == derived(without, "c", "peak_hour_pue")


def test_hours_that_are_not_given_are_alike() -> None:
    text = Drawn(5).text
    start, end = text.index("; hours = ["), text.index("] }", text.index("; hours = ["))
    alike = compile_text(text[:start] + text[end + 1 :])
    assert [one.code.code for one in alike.findings if one.code.code.startswith("COL17")] == []
    assert derived(alike, "c", "annual_pue") > 1


def told(table: str, design: str = "") -> list[str]:
    text = (
        f"campus c {{ {design}\nweather y {{ {table} }}\n"
        "building b { load = 1 MW; ups u { rating = 2 MW; efficiency = 95% }\n"
        "crah f { capacity = 2 MW; fans = 2% }\n"
        "chiller p { capacity = 3 MW; cop = 4; supply = 18 degC; rise = 8 K; economizer = true; approach = 5 K } } }"
    )
    return [one.message for one in compile_text(text).findings if one.code.code in ("COL170", "COL171")]


def test_tables_that_are_no_year_are_told() -> None:
    assert told("dry_bulb = [10 degC, 30 degC]; hours = [8_000 h, 760 h]") == []
    assert told("dry_bulb = [10 degC, 30 degC]; hours = [8_000 h, 784 h]") == []
    assert told("dry_bulb = [10 degC, 30 degC]; hours = [8_000 h, 700 h]") == [
        "`c.y`: its bins last 8,700 h together, and a year has 8,760 h"
    ]
    assert told("dry_bulb = [10 degC, 30 degC]; hours = [8_760 h]") == [
        "`c.y`: `hours` has 1 values, and `dry_bulb` has 2"
    ]
    assert told("dry_bulb = [10 degC, 30 degC]; wet_bulb = [8 degC, 31 degC]") == [
        "`c.y`: the wet bulb of bin 2 is 31 degC, above its dry bulb of 30 degC"
    ]


def test_a_year_that_is_hotter_than_the_design_hour_is_told() -> None:
    table = "dry_bulb = [10 degC, 30 degC, 34 degC]; hours = [8_000 h, 700 h, 60 h]"
    assert told(table, "design_dry_bulb = 34 degC") == []
    assert told(table, "design_dry_bulb = 33 degC") == [
        "`c.y`: for 60 h of its year the dry bulb is above the 33 degC of `design_dry_bulb`, up to 34 degC"
    ]


def test_weather_from_which_nothing_follows_is_not_examined() -> None:
    def left(building: str, where: str = "c") -> list[tuple[str, str]]:
        text = f"campus c {{ weather y {{ dry_bulb = [10 degC] }}\nbuilding b {{ {building} }} }}"
        return [tuple(one) for one in not_examined(compile_text(text).situation) if "c.y" in one.what]

    plant = (
        "ups u { rating = 2 MW; efficiency = 95% }; crah f { capacity = 2 MW }; chiller p { capacity = 3 MW; cop = 4"
    )
    assert left("area = 100 m2") == [("weather c.y", "nothing with a load stands in it")]
    assert left(f"load = 1 MW; pue = 1.2; {plant} }}") == [
        ("annual PUE by c.y", "a `pue` is written, or no efficiency and COP of its plant")
    ]
    assert left(f"load = 1 MW; {plant} }}") == [("annual PUE by c.y", "no chillers trim, or have an `economizer`")]
    lacking = "; economizer = true }"
    assert left(f"load = 1 MW; {plant}{lacking}") == [
        ("annual PUE by c.y", "no chillers trim, or have an `economizer`")
    ]
    free = "; supply = 18 degC; rise = 8 K; economizer = true; approach = 5 K }"
    assert left(f"load = 1 MW; {plant}{free}") == []


def test_an_economizer_that_lacks_a_figure_is_not_examined() -> None:
    def left(chiller: str, table: str = "weather y { dry_bulb = [10 degC] }") -> list[tuple[str, str]]:
        power = "load = 1 MW; ups u { rating = 2 MW; efficiency = 95% }; crah f { capacity = 2 MW }"
        plant = f"chiller p {{ capacity = 3 MW; cop = 4; economizer = true; {chiller} }}"
        text = f"campus c {{ {table}\nbuilding b {{ {power}\n{plant} }} }}"
        return [tuple(one) for one in not_examined(compile_text(text).situation) if "economizer" in one.what]

    assert left("rise = 8 K; approach = 5 K") == [("economizer of c.b.p", "it has no `supply`")]
    assert left("supply = 18 degC") == [("economizer of c.b.p", "it has no `rise` and `approach`")]
    assert left("supply = 18 degC; rise = 8 K; approach = 5 K") == []
    assert left("supply = 18 degC; rise = 8 K; approach = 5 K", "") == [
        ("economizer of c.b.p", "no `weather` of a year is written")
    ]


def test_dry_coolers_that_work_in_a_year_are_not_idle() -> None:
    text = """campus c {{ design_dry_bulb = 35 degC; {table}
      building b {{ load = 5 MW
        crah f {{ capacity = 3 MW; count = 3 }}
        chiller p {{ capacity = 3 MW; count = 3; supply = 18 degC; rise = 8 K; cop = 4 }}
        dry_cooler dc {{ capacity = 3 MW; count = 3; approach = 6 K; cop = 25 }} }} }}"""

    def codes(table: str) -> set[str]:
        return {one.code.code for one in compile_text(text.format(table=table)).findings}

    assert "COL125" in codes("")
    assert "COL125" in codes("weather y { dry_bulb = [30 degC, 34 degC] }")
    assert "COL125" not in codes("weather y { dry_bulb = [10 degC, 34 degC] }")
