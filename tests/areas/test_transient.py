"""What lasts for seconds: peaks, swings, steps and autonomy."""

from __future__ import annotations

import pytest
from reading import messages

PEAKS = """
system rack {{ power = 100 kW; peak = {peak} kW; liquid = 0 }}
building b {{ pue = 1.2; peak_pue = 2.1
  deploy racks {{ system = rack; count = 8 }}
  {plant} }}
"""


def codes(text: str) -> list[str]:
    """The codes of what is found, without the missing utility."""
    return [one.split()[0] for one in messages(text) if not one.startswith("PWR122")]


@pytest.mark.parametrize(
    ("plant", "peak", "expected"),
    [
        ("ups u { rating = 800 kW; overload = 1.25 }", 125, []),  # 1 MW of 1 MW
        ("ups u { rating = 800 kW; overload = 1.25 }", 126, ["PWR111"]),
        ("ups u { rating = 800 kW }", 125, ["PWR123"]),
        ("pdu u { rating = 1 MW; continuous = 80%; overload = 1.2 }", 150, []),  # 80% do not bind for seconds
        ("pdu u { rating = 1 MW; continuous = 80%; overload = 1.2 }", 151, ["PWR111"]),
        ("ups a { rating = 400 kW; overload = 1.5 }; ups b { rating = 400 kW; overload = 1.5 }", 150, []),
        (
            "pdu p { rating = 1.5 MW; efficiency = 50%; overload = 1 }; ups u { rating = 2 MW; overload = 1 }",
            125,
            ["PWR126"],
        ),
        (
            "pdu p { rating = 1.5 MW; efficiency = 50%; overload = 1 }; ups u { rating = 2 MW; overload = 1 }",
            126,
            ["PWR126", "PWR111"],  # half is lost, which the PUE does not hold
        ),
    ],
)
def test_peaks_by_hand(plant: str, peak: int, expected: list[str]) -> None:
    """8 racks peak together, with a diversity of 1, against rating x overload."""
    assert codes(PEAKS.format(plant=plant, peak=peak)) == expected


def test_without_a_peak_nothing_is_assumed() -> None:
    """No system with a peak, no word of overloads."""
    text = PEAKS.format(plant="ups u { rating = 800 kW }", peak=100).replace("peak = 100 kW; ", "")
    assert codes(text) == []


@pytest.mark.parametrize(("autonomy", "start", "holds"), [(45, 15, True), (44, 15, False), (30, 10, True)])
def test_three_starts(autonomy: int, start: int, holds: bool) -> None:
    """The UPS bridges three starts of the generators, and needs no autonomy without them."""
    ups = f"ups u {{ rating = 3 MW; autonomy = {autonomy} s }}"
    diesel = f"generator d {{ rating = 3 MW; start = {start} s }}"
    building = "building b {{ load = 2 MW; peak_pue = 1.3; {} }}"
    assert codes(building.format(f"{ups}; {diesel}")) == ([] if holds else ["PWR114"])
    assert codes(building.format(ups)) == []


@pytest.mark.parametrize(
    ("more", "holds"),
    [("", False), ("; block = 1.8 MW", True), ("; block = 1.81 MW", False)],
)
def test_step(more: str, holds: bool) -> None:
    """60% of 3 MW are 1.8 MW: not the 2 MW of the UPS at once, but a smaller block."""
    text = "building b { load = 2 MW; peak_pue = 1.3; ups u { rating = 3 MW }\n generator d { rating = 3 MW; step = 60%"
    assert codes(f"{text}{more} }} }}") == ([] if holds else ["PWR113"])


IDLING = """
    system rack {{ power = 100 kW; liquid = 0{more} }}
    campus a {{ utility g {{ capacity = 2 MW; ramp = {ramp} MW/s }}
      building b {{ peak_pue = 1.3; deploy racks {{ system = rack; count = 8; swing_time = 100 ms }} }} }}
    """


def test_a_job_starts_from_idle() -> None:
    """8 racks of 100 kW rise from 15 kW, as is assumed, in 100 ms: 6.8 MW/s; what they draw on the mean has no part."""
    assert messages(IDLING.format(ramp=3.9, more="")) == [
        "PWR112 `a.g`: its load swings by 6.8 MW/s, and its `ramp` is 3.9 MW/s"
    ]
    for more in ("", "; average = 90 kW"):
        assert codes(IDLING.format(ramp=6.7, more=more)) == ["PWR112"]
        assert codes(IDLING.format(ramp=6.9, more=more)) == ["PWR130"]
        assert codes(IDLING.format(ramp=7.7, more=more)) == []
    assert messages(IDLING.format(ramp=3.9, more="; idle = 50 kW")) == [
        "PWR112 `a.g`: its load swings by 4 MW/s, and its `ramp` is 3.9 MW/s"
    ]
    assert messages(IDLING.format(ramp=4.1, more="; idle = 50 kW")) == []


def test_what_is_assumed_of_idle_is_told() -> None:
    """With other plausible figures the verdict turns."""
    (told,) = messages(IDLING.format(ramp=6.9, more=""))
    assert told == (
        "PWR130 `rack` has no `idle`: 15% of its power are assumed; below 13.8 kW, `a.g` fails (PWR112 ramp-over)"
    )
