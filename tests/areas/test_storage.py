"""Batteries: bridging until generators run, smoothing swings, shaving peaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.areas.power.storage import to_smooth
from planlang.compiler import Result, compile_text
from planlang.lang.steps import Steps
from planlang.lang.text import show


def said(result: Result) -> list[str]:
    """Every finding as `CODE message`, and its fixes."""
    return [
        line
        for one in result.findings
        for line in (f"{one.code.code} {one.message}", *(f"fix: {fix.message}" for fix in one.fixes))
    ]


# --- bridging -------------------------------------------------------------------------------------------


def bridged(battery: str, start: str = "20 s") -> Result:
    return compile_text(
        f"campus c {{ building b {{ load = 8 MW; pue = 1.2; peak_pue = 1.25\n"
        f"generator diesel {{ rating = 3 MW; count = 4; start = {start} }}\nbattery yard {{ {battery} }} }} }}"
    )


def test_it_carries_the_facility_for_three_starts() -> None:
    """10 MW for 60 s are 166.7 kWh."""
    assert said(bridged("rating = 5 MW; count = 2; energy = 84 kWh")) == []


@pytest.mark.parametrize(
    ("battery", "message", "fix"),
    [
        (
            "rating = 4 MW; count = 2; energy = 1 MWh",
            "PWR134 `c.b.yard`: the load that it bridges of 10 MW exceeds its power of 8 MW by 2 MW",
            "fix: raise `rating` to 5 MW",
        ),
        (
            "rating = 5 MW; count = 3; energy = 80 kWh; redundancy = N+1",
            "PWR134 `c.b.yard`: what it bridges for 3 starts of the generators, 1 min, of 166.67 kWh exceeds its "
            "energy of 160 kWh by 6.667 kWh",
            "fix: raise `energy` to 83.34 kWh",
        ),
    ],
)
def test_too_little_power_or_energy(battery: str, message: str, fix: str) -> None:
    assert said(bridged(battery)) == [message, fix]


def test_who_contributes_is_told_in_what_is_lacking() -> None:
    (finding,) = bridged("rating = 10 MW; energy = 100 kWh").findings
    assert [(one.subject, show(one.share)) for one in finding.contributors if one.share] == [("c.b", "166.67 kWh")]


def test_one_says_its_power_and_another_its_energy() -> None:
    """What nobody says of one is told of the other, and nothing ends badly."""
    result = bridged("energy = 1 MWh }\nbattery more { rating = 4 MW")
    assert said(result) == [
        "PWR134 `c.b.more`: the load that it bridges of 10 MW exceeds its power with `c.b.yard` of 4 MW by 6 MW",
        "fix: raise `rating` to 10 MW",
    ]


def test_faster_generators_are_bridged_more_easily() -> None:
    assert said(bridged("rating = 10 MW; energy = 130 kWh", start="15 s")) == []
    assert len(said(bridged("rating = 10 MW; energy = 130 kWh", start="16 s"))) == 2


# --- swings ---------------------------------------------------------------------------------------------

SWINGING = """
system rack {{ power = 100 kW; idle = 20 kW; liquid = 85% }}
campus c {{ power_factor = 1
  utility grid {{ capacity = 20 MW; ramp = 1 MW/s }}
  {battery}
  building b {{ pue = 1.2; peak_pue = 1.25
    deploy racks {{ system = rack; count = 100; swing_time = 2 s }} }} }}
"""


def test_a_battery_holds_the_ramp() -> None:
    """8 MW in 2 s against 1 MW/s: 6 MW at the most, and 6 MW x 8 s / 2 of energy, 6.667 kWh."""
    battery = "battery yard { duty = smooth; rating = 6 MW; energy = 6.667 kWh }"
    assert said(compile_text(SWINGING.format(battery=battery))) == []


@pytest.mark.parametrize(
    "size", ["rating = 5.9 MW; energy = 1 MWh", "rating = 8 MW; energy = 6.6 kWh", "rating = 6 MW"]
)
def test_one_that_is_too_small_does_not(size: str) -> None:
    assert said(compile_text(SWINGING.format(battery=f"battery yard {{ duty = smooth; {size} }}"))) == [
        "PWR112 `c.grid`: its load swings by 4 MW/s, and its `ramp` is 1 MW/s",
        "fix: raise `ramp` to 4 MW/s",
        "fix: or cap the power: 4 times as long a `swing_time`",
        "fix: or let `c.yard` take 6 MW and 6.667 kWh",
    ]


def test_without_one_it_is_offered() -> None:
    assert said(compile_text(SWINGING.format(battery="")))[-1] == (
        "fix: or let a battery whose `duty` is `smooth` take 6 MW and 6.667 kWh"
    )


def test_batteries_of_two_connections_are_not_counted_twice() -> None:
    """Each connection has half of the swing: 3 MW each are needed of both batteries together."""
    one = "utility grid {{ capacity = 20 MW; ramp = 1 MW/s }}"
    two = [f"utility {name} {{{{ capacity = 10 MW; ramp = 500 kW/s }}}}" for name in ("east", "west")]
    text = SWINGING.replace(one, "\n".join(two))
    whole = "battery yard {{ duty = smooth; rating = {rating} MW; energy = 1 MWh }}"
    assert said(compile_text(text.format(battery=whole.format(rating=6)))) == []
    assert len([one for one in said(compile_text(text.format(battery=whole.format(rating=5)))) if "PWR112" in one]) == 2


@given(st.floats(0.1, 100), st.floats(0.1, 1000), st.floats(0.01, 100))
def test_what_is_smoothed_is_the_area_between_load_and_grid(rate: float, size: float, ramp: float) -> None:
    """Summed in small steps: the load rises at its rate to its size, the grid follows at its ramp."""
    found = to_smooth(Steps.constant(rate), Steps.constant(size), ramp)
    steps = 4000
    end = size / min(rate, ramp)
    gaps = [min(rate * t, size) - min(ramp * t, size) for t in (end * (n + 0.5) / steps for n in range(steps))]
    assert found.power.values[0] == pytest.approx(max(0.0, max(gaps)), rel=2e-3, abs=1e-3 * size)
    assert found.energy.values[0] == pytest.approx(max(0.0, sum(gaps)) * end / steps, rel=2e-3, abs=1e-3 * size * end)


# --- peaks of a day -------------------------------------------------------------------------------------


def shaved(battery: str, grid: str = "9 MW") -> Result:
    return compile_text(
        f"campus c {{ utility grid {{ capacity = {grid} }}\nbattery yard {{ duty = shave; {battery} }}\n"
        "building b { load = 8 MW; pue = 1.1; peak_pue = 1.25 } }"
    )


def test_it_relieves_the_grid_at_the_peak() -> None:
    """10 MW at the peak, 8.8 on average: 1.2 MW for 4 h are 4.8 MWh, of which 9.1 MW of grid have left 6 in 20 h."""
    assert said(shaved("rating = 1.2 MW; energy = 4.8 MWh", "9.1 MW")) == []


def test_its_energy_lasts_for_the_peak() -> None:
    """2 MWh are 0.5 MW for 4 h: the grid and it have 9.5 MW for 10."""
    assert said(shaved("rating = 5 MW; energy = 2 MWh"))[0] == (
        "PWR103 `c.grid`: facility load of 9.4737 MW exceeds its firm capacity of 9 MW by 473.7 kW"
    )


def test_it_must_be_charged_again() -> None:
    """1 MW for 4 h at 85% are 4.706 MWh; what 9 MW of grid have beyond 8.8 are 4 MWh in 20 h."""
    assert said(shaved("rating = 1 MW; energy = 4 MWh")) == [
        "PWR135 `c.yard`: what it must be charged with after 4 h of peak of 4.7059 MWh exceeds what the other sources "
        "have left in the rest of a day of 4 MWh by 705.9 kWh",
        "fix: raise the capacity of the other sources by 35.3 kW",
    ]


# --- sizes ----------------------------------------------------------------------------------------------


def filled(result: Result) -> dict[str, str]:
    return {f"{entity.block.name}.{name}": show(one.value) for (entity, name), one in result.situation.sized.items()}


@pytest.mark.parametrize(
    ("battery", "sizes"),
    [
        ("rating = ?; energy = ?", {"yard.rating": "10 MW", "yard.energy": "166.7 kWh"}),
        ("rating = ?; energy = ?; count = 3; redundancy = N+1", {"yard.rating": "5 MW", "yard.energy": "83.34 kWh"}),
        ("rating = 3 MW; energy = 1 MWh; count = ?; redundancy = N+1", {"yard.count": "5"}),
        ("rating = 3 MW; energy = 20 kWh; count = ?", {"yard.count": "9"}),
    ],
)
def test_bridging_batteries_are_sized(battery: str, sizes: dict[str, str]) -> None:
    """10 MW for 60 s: by power, by energy, or by whichever takes more units."""
    result = bridged(battery)
    assert (said(result), filled(result)) == ([], sizes)


def test_one_beside_another_takes_what_is_left() -> None:
    result = bridged("rating = ?; energy = ? }\nbattery more { rating = 4 MW; energy = 100 kWh")
    assert (said(result), filled(result)) == ([], {"yard.rating": "6 MW", "yard.energy": "66.67 kWh"})


def test_smoothing_batteries_are_sized() -> None:
    result = compile_text(SWINGING.format(battery="battery yard { duty = smooth; rating = ?; energy = ? }"))
    assert (said(result), filled(result)) == ([], {"yard.rating": "6 MW", "yard.energy": "6.667 kWh"})
    ((_, first), _) = result.situation.sized.items()
    assert first.why == "what the grid does not follow of the swings takes 6 MW"


def test_units_beside_an_open_rating() -> None:
    assert said(bridged("rating = ?; energy = 1 MWh; count = ?"))[0] == (
        "HOL102 `c.b.yard`: no rating fills `rating = ?`: its count and its rating are open, and none is the least"
    )


def test_what_shaves_is_sized_for_the_peak_beyond_the_other_sources() -> None:
    """95 MW x 1.3 are 23.5 MW beyond 100 MW, for 4 h; by units of 2 MW and 4 MWh, of 1 MW for 4 h, 24."""
    text = (
        "campus a {{ utility grid {{ capacity = 100 MW }}\n"
        "battery yard {{ duty = shave; {open}; peak_hours = 4 h; efficiency = 100% }}\n"
        "building b {{ load = 95 MW; pue = 1; peak_pue = 1.3 }} }}"
    )

    def sizes(open_: str) -> dict[str, str]:
        return {
            hole.name: show(one.value) for hole, one in compile_text(text.format(open=open_)).situation.sized.items()
        }

    assert sizes("rating = ?; energy = ?") == {"rating": "23.5 MW", "energy": "94 MWh"}
    assert sizes("rating = 2 MW; energy = 4 MWh; count = ?") == {"count": "24"}
    assert sizes("rating = ?; energy = 60 MWh; count = 2") == {"rating": "11.75 MW"}
