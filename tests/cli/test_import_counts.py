"""Published networks become plans of as many sites, links and demands: a sample of `python -m tests.imported`."""

from __future__ import annotations

import pytest

from tests.imported.counting import Case, Counts, agree, both, hub, published

PUBLISHED = published()
ROUTED = 10_000
"""Bytes of files whose plan is also checked, in which demands are routed."""
SAMPLE = [case for case in hub() if case[0].stat().st_size < 200_000][::9]
HERE = pytest.mark.skipif(
    not PUBLISHED, reason="needs the published networks: PLANLANG_TEST_DATA names them, or a folder shared/data"
)


@HERE
@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: "+".join(path.name for path in case))
def test_published(case: Case) -> None:
    """SNDlib, Repetita and GNPy: the same counts, and of GNPy the same length of fiber."""
    _, one, other = both(case, checked=sum(path.stat().st_size for path in case) < ROUTED)
    assert agree(one, other), (one, other)


@pytest.mark.skipif(not SAMPLE, reason="topohub is not installed")
@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: "+".join(path.name for path in case))
def test_topohub(case: Case) -> None:
    _, one, other = both(case)
    assert agree(one, other), (one, other)


def test_what_is_not_the_same_is_told() -> None:
    """The comparison can fail: in each of its figures."""
    one = Counts(3, 2, 1, 10.0)
    assert agree(one, Counts(3, 2, 1, 10.00001))
    for other in (
        Counts(4, 2, 1, 10.0),
        Counts(3, 1, 1, 10.0),
        Counts(3, 2, 0, 10.0),
        Counts(3, 2, 1, 10.01),
        Counts(3, 2, 1),
    ):
        assert not agree(one, other)
