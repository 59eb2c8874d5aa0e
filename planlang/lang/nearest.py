"""The names nearest to a mistyped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


LONGEST = 64
"""The longest word, in letters, that is compared letter by letter."""


def nearest(word: str, candidates: Iterable[str], limit: int = 3) -> list[str]:
    """At most `limit` candidates near `word`, nearest first, then by name; if some differ only in case, only these."""
    folded = word.casefold()
    allowed = max(1, min(3, len(folded) // 3)) if 1 < len(folded) <= LONGEST else 0
    letters = set(folded)
    ranked = []
    for candidate in set(candidates):
        other = candidate.casefold()
        if other == folded:
            rank = 0
        elif (
            not allowed
            or abs(len(other) - len(folded)) > allowed
            or len(letters.difference(other)) > allowed  # each takes an edit of its own
            or (rank := distance(folded, other)) > allowed
        ):
            if len(folded) < 3 or not (other.startswith(folded) or other.endswith("_" + folded)):
                continue
            rank = allowed + 1
        ranked.append((rank, sum(a != b for a, b in zip(word, candidate)), candidate))  # noqa: B905 - lengths differ
    ranked.sort()
    if ranked and ranked[0][0] == 0:
        ranked = [one for one in ranked if one[0] == 0]
    return [candidate for _, _, candidate in ranked[:limit]]


def distance(one: str, other: str) -> int:
    """How many letters to insert, delete, replace or swap with their neighbour (restricted Damerau-Levenshtein)."""
    while one and one[-1:] == other[-1:]:
        one, other = one[:-1], other[:-1]
    while one and one[:1] == other[:1]:
        one, other = one[1:], other[1:]
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, target in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, previous = previous, row
    return previous[-1]


def did_you_mean(names: list[str]) -> str:
    """The hint that names them, or nothing."""
    if not names:
        return ""
    quoted = [f"`{name}`" for name in names]
    return f"did you mean {' or '.join([', '.join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)}?"
