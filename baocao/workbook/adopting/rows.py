"""Which row of an official table is whose: in the plan's order as far as that goes, then wherever it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from baocao.workbook.layout import Entry
from baocao.workbook.reading.advice import plain

SURE, LIKELY = 85.0, 60.0
_MANY_WORDS = 4
_WITHIN = 0.92
"""A text that only contains the plan's is a little less sure than the plan's own."""


@dataclass(frozen=True, slots=True)
class Said:
    """A row (from 0) as it stands in the file."""

    row: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """A row with its code, and how alike its text is to the plan's."""

    said: Said
    code: str
    score: float
    is_twin: bool = False


def match_rows(said: Sequence[Said], entries: Sequence[Entry]) -> list[Given]:
    """Each row of the plan to at most one row of the file, in the order of the file.

    ``is_twin``: another row has the same text and only the order tells them apart.
    """
    names = [[plain(other) for other in (entry.name, entry.verbatim) if other] for entry in entries]
    scores = [[_score(own, others) for others in names] for own in (plain(one.text) for one in said)]
    pairs = _in_order(scores)
    pairs |= _anywhere(scores, pairs)
    twins = _twins(said, pairs)
    return [
        Given(said[row], entries[at].code, round(scores[row][at], 1), row in twins) for row, at in sorted(pairs.items())
    ]


def _score(own: str, others: Sequence[str]) -> float:
    return max((_alike(own, other) for other in others), default=0.0) if own else 0.0


def _alike(own: str, other: str) -> float:
    is_long = min(len(own.split()), len(other.split())) >= _MANY_WORDS
    return max(fuzz.ratio(own, other), fuzz.token_set_ratio(own, other) * _WITHIN if is_long else 0.0)


def _in_order(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """The pairs with the greatest sum of scores that keep the order of both."""
    height, width = len(scores), len(scores[0]) if scores else 0
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for row in range(height):
        for at in range(width):
            here = scores[row][at] if scores[row][at] >= LIKELY else -1.0
            best[row + 1][at + 1] = max(best[row][at + 1], best[row + 1][at], best[row][at] + here)
    pairs: dict[int, int] = {}
    row, at = height, width
    while row and at:
        if best[row][at] == best[row - 1][at]:
            row -= 1
        elif best[row][at] == best[row][at - 1]:
            at -= 1
        else:
            row, at = row - 1, at - 1
            pairs[row] = at
    return pairs


def _anywhere(scores: Sequence[Sequence[float]], pairs: dict[int, int]) -> dict[int, int]:
    """What is left over on both sides, the most alike first."""
    found: dict[int, int] = {}
    taken = set(pairs.values())
    rest = sorted(
        ((score, -row, -at) for row, line in enumerate(scores) if row not in pairs for at, score in enumerate(line)),
        reverse=True,
    )
    for score, row, at in rest:
        if score >= LIKELY and -row not in found and -at not in taken:
            found[-row] = -at
            taken.add(-at)
    return found


def _twins(said: Sequence[Said], pairs: dict[int, int]) -> set[int]:
    texts = [plain(said[row].text) for row in pairs]
    return {row for row in pairs if texts.count(plain(said[row].text)) > 1}
