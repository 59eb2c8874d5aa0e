"""What the checks of several plans come to together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def worst(documents: Sequence[dict[str, Any]]) -> str:
    """The worst verdict of these."""
    verdicts = {one["verdict"] for one in documents}
    return next(verdict for verdict in ("unreadable", "fails", "holds") if verdict in verdicts)


def together(found: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The documents of several checks, each behind its path, under the worst verdict and the sums of their counts."""
    documents = [one for _, one in found]
    first = documents[0]
    return {
        "format_version": first["format_version"],
        "verdict": worst(documents),
        "counts": {word: sum(one["counts"][word] for one in documents) for word in first["counts"]},
        "plans": [{"path": path, **one} for path, one in found],
    }
