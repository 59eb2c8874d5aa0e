"""The product against the oracle on a sample of random sites; `python -m tests.oracle` tries as many as one likes."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import Phase, given, settings
from oracle.compare import COMPARISONS, Difference, compare, draw_holes, sizes_differ
from oracle.draw import NUMBERS, numbered
from oracle.judge import judge

ON: frozenset[str] = frozenset({"usable", "load", "over", "claims", "sizes", "fixes"})
"""What of COMPARISONS the product is held to: "usable", "load", "over", "claims", "claims beside overloads", "sizes",
"fixes". That every site can be read always is."""


SAMPLE = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


def told(number: int, found: list[Difference]) -> str:
    """What differs, and how to see it on the smallest site that shows it."""
    found = [one for one in found if one.comparison in ON or one.comparison == "reading"]
    texts = "; ".join(one.text for one in found)
    return texts and f"{texts}: see `python -m tests.oracle --sites 1 --seed {number}`"


@SAMPLE
@given(NUMBERS)
def test_random_sites(number: int) -> None:
    """Loads, what groups may carry, overloads, claims and fixes, on every day."""
    site = numbered(number)
    judged = judge(site)
    if not judged.unsettled:
        assert told(number, compare(site, ON, judged)) == ""


@pytest.mark.skipif("sizes" not in ON, reason="the product is not held to sizes yet")
@SAMPLE
@given(NUMBERS)
def test_sizes(number: int) -> None:
    """One count or rating, or two counts, left open in a site that holds."""
    site = numbered(number)
    judged = judge(site)
    if judged.holds_always and not judged.unsettled:
        holes = draw_holes(Random(number), site)
        assert told(number, (sizes_differ(site, holes) if holes else None) or []) == ""


def test_names_of_comparisons() -> None:
    """A slip in a name would turn a comparison off."""
    assert set(COMPARISONS) >= ON


def test_the_sample_meets_everything() -> None:
    """Sites hold and fail about as often, and each way in which plant can fail or be relieved is met."""
    met: Counter[str] = Counter()
    for number in range(300):
        met.update(judge(numbered(number)).regimes.keys())
    assert 90 <= met["holds"] <= 210
    for kind in ("busway", "pdu", "ups", "transformer", "substation", "utility", "generator"):
        claims, failing = met[f"claim of {kind}"], met[f"claim of {kind} fails"]
        assert 0.15 * claims <= failing <= 0.85 * claims, kind
        assert met[f"{kind} over"] >= 1, kind
    for name in (
        "dispatched",
        "contested",
        "paused",
        "efficiency",
        "whole feeds",
        "generators trip",
        "generators for IT",
        "catchers take load",
        "failures dispatched",
        "failures that move load",
        "failures that trip and darken nothing",
        "failures after which ways leave to generators",
        "plant that serves plant of its kind",
        "plant that comes or goes",
        "failures of cooling",
    ):
        assert met[name] >= 3, (name, met.get(name))
