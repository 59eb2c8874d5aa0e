"""Power of one's own beside the grid: what it relieves, for how long, and what carries what the grid takes back."""

from __future__ import annotations

import datetime

import pytest

from planlang.areas.power.fuel import fuel_rows
from planlang.compiler import Result, compile_text
from planlang.lang.text import show

HALL = "building b {{ load = {load} MW; pue = {pue}; peak_pue = 1.25 }}"


def check(plant: str, load: float = 8, pue: float = 1.2) -> Result:
    return compile_text(f"campus c {{ power_factor = 0.95\n{plant}\n{HALL.format(load=load, pue=pue)} }}")


def said(result: Result) -> list[str]:
    """Every finding as `CODE message`, and its fixes."""
    return [
        line
        for one in result.findings
        for line in (f"{one.code.code} {one.message}", *(f"fix: {fix.message}" for fix in one.fixes))
    ]


def derived(result: Result, path: str, name: str) -> str:
    from planlang.core.derive import value_of

    entity = result.situation.at(path)
    value = value_of(result.situation, entity, name)
    return "unknown" if value is None else show(value)


@pytest.mark.parametrize("duty", ["prime", "continuous"])
def test_what_runs_beside_the_grid_relieves_it(duty: str) -> None:
    """10 MW of facility load by 4 MW of grid and three sets of 3 MW under N+1: in proportion to 4 and 6."""
    result = check(
        "utility grid { capacity = 4 MW }\n"
        f"generator gas {{ duty = {duty}; rating = 3 MW; count = 3; redundancy = N+1; mean_load = 100% }}"
    )
    assert said(result) == []
    assert (derived(result, "c.grid", "load"), derived(result, "c.gas", "load")) == ("4 MW", "6 MW")


def test_what_stands_by_relieves_nothing() -> None:
    result = check("utility grid { capacity = 4 MW }\ngenerator gas { rating = 3 MW; count = 4 }")
    assert said(result) == [
        "PWR103 `c.grid`: facility load of 10 MW exceeds its firm capacity of 4 MW by 6 MW",
        "fix: raise `capacity` to 10 MW",
    ]


def test_too_little_of_both_is_told_of_both() -> None:
    result = check(
        "utility grid { capacity = 4 MW }\n"
        "generator gas { duty = continuous; rating = 2 MW; count = 3; redundancy = N+1 }"
    )
    assert said(result) == [
        "PWR103 `c.grid`: facility load of 5 MW exceeds its firm capacity of 4 MW by 1 MW",
        "fix: raise `capacity` to 6 MW",
        "PWR105 `c.gas`: facility load of 5 MW exceeds its usable capacity under N+1 of 4 MW by 1 MW",
        "fix: raise `count` to 4",
        "fix: or raise `rating` to 3 MW",
    ]


def test_kva_of_a_set_are_at_its_own_power_factor() -> None:
    """2.5 MVA at 0.8 are 2 MW, whatever the site's power factor."""
    result = check("generator gas { duty = continuous; rating = 2_500 kVA; count = 5; derate = 0.9 }")
    assert derived(result, "c.gas", "usable") == "9 MW"


def test_bridging_until_the_substation_is_there() -> None:
    """Turbines until the grid comes, rented ones in between: each date has its sources."""
    result = compile_text(
        "plan p { horizon = 2026-01 .. 2028-12 }\n"
        "campus c { power_factor = 0.95\n"
        "utility grid { capacity = [0 MW from 2026-01, 60 MW from 2027-07] }\n"
        "generator gas { duty = continuous; rating = 5 MW; count = 5; until = 2027-07 }\n"
        "generator rented { duty = continuous; rating = 2 MW; count = 10; from = 2027-01; until = 2027-06 }\n"
        "building b { pue = 1.2; peak_pue = 1.25; load = [20 MW from 2026-01, 36 MW from 2027-01] } }"
    )
    assert said(result) == [
        "PWR105 `c.gas`: facility load of 45 MW exceeds its usable capacity under N of 25 MW by 20 MW from 2027-06 "
        "until 2027-07",
        "fix: raise `count` to 9 from 2027-06",
        "fix: or raise `rating` to 9 MW",
    ]


def test_prime_duty_bears_70_percent_on_average() -> None:
    """8 MW x 1.2 on average are 9.6 MW: five sets of 2.5 MW, of which 12.5 MW carry the peak, bear 8.75."""
    result = check("generator gas { duty = prime; rating = 2.5 MW; count = 5 }")
    assert said(result) == [
        "PWR131 `c.gas`: what is left to it on average over a day of 9.6 MW exceeds what its prime duty allows, 70% of "
        "its usable capacity, of 8.75 MW by 850 kW",
        "fix: raise `count` to 6",
        "fix: or run them in continuous duty, at their continuous rating: `duty = continuous`",
    ]


@pytest.mark.parametrize(
    "more", ["mean_load = 80%", "count = 6", "duty = continuous"], ids=["agreed", "a sixth", "continuous"]
)
def test_what_ends_that(more: str) -> None:
    own = {"duty": "prime", "rating": "2.5 MW", "count": "5"} | dict([more.split(" = ")])
    result = check(f"generator gas {{ {'; '.join(f'{name} = {value}' for name, value in own.items())} }}")
    assert said(result) == []


def test_the_grid_takes_of_the_mean_what_it_can() -> None:
    """Beside 3 MW of grid, 6.6 MW are left on average."""
    assert (
        said(check("utility g { capacity = 3 MW }\ngenerator gas { duty = prime; rating = 2.5 MW; count = 5 }")) == []
    )


def test_sets_are_sized_for_the_peak_and_for_the_mean() -> None:
    """10 MW at the peak are four sets of 2.5 MW; 9.6 MW on average are 70% of 13.7 MW: six."""
    result = check("generator gas { duty = prime; rating = 2.5 MW; count = ? }")
    ((_, sized),) = result.situation.sized.items()
    assert (result.verdict, sized.value, sized.why) == (
        "holds",
        6,
        "a mean load of 9.6 MW is 70% of 13.714 MW, which its duty allows: it needs 6 x 2.5 MW",
    )


def test_a_unit_fails_and_the_grid_carries_on() -> None:
    """Generators that run are no island: what one leaves goes to the grid and the others."""
    plant = (
        "survives = generator\nutility grid {{ capacity = {grid} MW }}\n"
        "generator gas {{ duty = continuous; rating = 2 MW; count = 3 }}"
    )
    assert said(check(plant.format(grid=6))) == []
    assert said(check(plant.format(grid=5)))[0] == (
        "RES101 `c` does not survive the loss of one generator: without a unit of `c.gas`, `c.grid` is left with a "
        "load of 5.5556 MW and can carry 5 MW, 555.6 kW too little; 8 MW of IT go dark"
    )


# --- what the grid may take back ------------------------------------------------------------------------

CURTAILED = "utility grid { capacity = 6 MW; curtailable = 6 MW; curtailed_hours = 150 h }\n"


def test_what_may_be_curtailed_counts_while_it_is_not() -> None:
    result = check(CURTAILED + "generator diesel { rating = 2 MW; count = 5 }")
    assert said(result) == []
    assert derived(result, "c.grid", "usable") == "12 MW"


def test_curtailed_load_needs_generators() -> None:
    assert said(check(CURTAILED)) == [
        "PWR132 `c.grid`: while it is curtailed, the load that nothing else takes of 10 MW exceeds its firm capacity "
        "of 6 MW by 4 MW",
        "fix: let generators of 4 MW run beside `c.grid` meanwhile, or stand by for what it feeds",
    ]


def test_sources_on_site_relieve_it_too() -> None:
    gas = "generator gas { duty = continuous; rating = 1 MW; count = 4 }"
    assert said(check(CURTAILED + gas)) == []
    assert said(check(CURTAILED + gas.replace("count = 4", "count = 3")))[0] == (
        "PWR132 `c.grid`: while it is curtailed, the load that nothing else takes of 7 MW exceeds its firm capacity of "
        "6 MW by 1 MW"
    )


def test_connections_beside_one_another_are_curtailed_together() -> None:
    plant = (
        "utility east {{ capacity = 3 MW; curtailable = 4 MW; serves = [b] }}\n"
        "utility west {{ capacity = 2 MW; curtailable = 4 MW; serves = [b] }}\n"
        "generator gas {{ duty = continuous; rating = 1 MW; count = {count}; serves = [b] }}"
    )
    assert said(check(plant.format(count=5))) == []
    assert said(check(plant.format(count=4)))[0] == (
        "PWR132 `c.east`: while it is curtailed, the load that nothing else takes of 6 MW exceeds its firm capacity of "
        "5 MW by 1 MW"
    )


def test_standby_sets_are_made_for_200_hours() -> None:
    result = check(CURTAILED.replace("150 h", "400 h") + "generator diesel { rating = 2 MW; count = 5 }")
    assert said(result) == [
        "PWR133 `c.grid` may be curtailed for 400 h a year, and what stands by then is rated for 200 h a year",
        "fix: use generators of a prime rating, or agree on fewer hours",
    ]
    assert result.verdict == "holds"


# --- fuel -----------------------------------------------------------------------------------------------


def test_fuel_is_burned_by_the_mean_load() -> None:
    """9.6 MW at 9,000 kJ/kWh (2.5) are 24 MW of fuel, 210.24 GWh a year; 48 h of 12.5 MW are 1.5 GWh."""
    result = check(
        "generator gas { duty = continuous; rating = 2.5 MW; count = 5; heat_rate = 9_000 kJ/kWh; fuel_hours = 48 h }"
    )
    names = ("fuel_use", "fuel_energy", "fuel_stored")
    assert [derived(result, "c.gas", name) for name in names] == ["24 MW", "210.24 GWh", "1.5 GWh"]


def test_fuel_costs_what_it_costs_in_its_currency() -> None:
    """24 MW of fuel at 5 EUR/GJ are 432 EUR an hour, from 2028 at 6 EUR/GJ 518.4; by the year 3.78 and 4.54 MEUR."""
    result = check(
        'generator gas { duty = continuous; rating = 2.5 MW; count = 5; heat_rate = 9_000 kJ/kWh; fuel = "gas"\n'
        "  fuel_price = [5 EUR/GJ from 2026-01, 6 EUR/GJ from 2028-01] }"
    )
    assert derived(result, "c.gas", "fuel_cost") == "432 EUR/h until 2028-01, 518.4 EUR/h from 2028-01"
    rows = [
        (row.start, row.fuel, *(show(one) for one in (row.hour, row.year, row.cost)), row.stored)
        for row in fuel_rows(result.situation)
    ]
    assert rows == [
        (datetime.date(2026, 1, 1), "gas", "24 MWh", "210.24 GWh", "3.7843 MEUR", None),
        (datetime.date(2028, 1, 1), "gas", "24 MWh", "210.24 GWh", "4.5412 MEUR", None),
    ]
