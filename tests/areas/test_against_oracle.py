"""The product against the oracle on a sample of random sites; `python -m tests.oracle` tries as many as one likes."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.compare import COMPARISONS, compare, draw_holes, sizes_differ
from oracle.draw import draw_site, sites
from oracle.judge import judge
from oracle.sites import Site

ON: frozenset[str] = frozenset()
"""What of COMPARISONS the product is held to: "usable", "load", "over", "claims", "claims beside overloads", "sizes",
"fixes". That every site can be read always is."""


@settings(max_examples=60, deadline=None)
@given(sites())
def test_random_sites(site: Site) -> None:
    """Loads, what groups may carry, overloads, claims and fixes, on every day."""
    judged = judge(site)
    if not judged.unsettled:
        assert [one.text for one in compare(site, ON, judged)] == []


@pytest.mark.skipif("sizes" not in ON, reason="the product is not held to sizes yet")
@settings(max_examples=40, deadline=None)
@given(sites(), st.integers(0, 10))
def test_sizes(site: Site, seed: int) -> None:
    """One count or rating, or two counts, left open in a site that holds."""
    if judge(site).holds_always:
        holes = draw_holes(Random(seed), site)
        assert [one.text for one in (sizes_differ(site, holes) if holes else None) or []] == []


def test_names_of_comparisons() -> None:
    """A slip in a name would turn a comparison off."""
    assert set(COMPARISONS) >= ON


def test_the_sample_meets_everything() -> None:
    """Sites hold and fail about as often, and each way in which plant can fail or be relieved is met."""
    met: Counter[str] = Counter()
    for number in range(300):
        met.update(judge(draw_site(Random(number), number % 4 / 3)).regimes.keys())
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
