"""The checks of several plans as one document."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from planlang.views.schemas import Check, Checks, Verdict


def worst(documents: Sequence[Check]) -> Verdict:
    """The worst verdict of these."""
    verdicts = {one["verdict"] for one in documents}
    return next(verdict for verdict in ("unreadable", "fails", "holds") if verdict in verdicts)


def together(found: Sequence[tuple[str, Check]]) -> Checks:
    """The documents of several checks, each behind its path, under the worst verdict and the sums of their counts."""
    documents = [one for _, one in found]
    first = documents[0]
    return {
        "format_version": first["format_version"],
        "verdict": worst(documents),
        "counts": {
            "error": sum(one["counts"]["error"] for one in documents),
            "warning": sum(one["counts"]["warning"] for one in documents),
            "accepted": sum(one["counts"]["accepted"] for one in documents),
        },
        "plans": [{"path": path, **one} for path, one in found],
    }
