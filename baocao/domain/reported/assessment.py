"""Tổng kết, đánh giá: what became of the pilot, and what is proposed for the roll-out (the plan's section V.1)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar

from baocao.domain.model import Frozen
from baocao.domain.planned.indicator import Direction
from baocao.domain.reported.document import ResultsDocument, UnitCell
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import is_reached


class FinalResult(StrEnum):
    """The list of the workbook's sheet «Tự đánh giá»."""

    REACHED = "Đạt"
    MISSED = "Chưa đạt"
    NOT_APPLICABLE = "Không phát sinh"


class Proposal(StrEnum):
    """What a unit proposes for an indicator in the roll-out."""

    KEEP = "Giữ nguyên"
    ADJUST = "Điều chỉnh"
    DROP = "Bỏ"


class UnitAssessment(Frozen):
    """One indicator of one unit at the end of the pilot.

    ``result`` is judged from the figures; ``claimed`` is the unit's own; ``agrees`` is None where it claimed nothing.
    ``score`` is points out of ``maximum``; both None where nothing occurred or nothing was reported.
    """

    unit: str
    code: str
    result: FinalResult | None
    ratio_pct: float | None
    claimed: FinalResult | None = None
    agrees: bool | None = None
    score: float | None = None
    maximum: float | None = None
    cause: str = ""
    lesson: str = ""
    proposal: Proposal | None = None
    adjustment: str = ""


class Recommendation(Frozen):
    """Đề xuất nhân rộng: what to do with an indicator, and on what evidence."""

    code: str
    name: str
    proposal: Proposal
    evidence: str
    adjustments: tuple[str, ...] = ()


class UnitReporting(Frozen):
    """How one unit kept its monthly deadlines; ``score`` is points for reference, out of ``maximum``.

    It adds up the points as they are printed, with two decimals, so that a reader finds the same sum.
    """

    unit: str
    on_time: int
    late: int
    missing: int
    tasks_done: int
    tasks: int
    score: float
    maximum: float


class FinalAssessment(ResultsDocument):
    """Everything that the final assessment says. ``results``: by indicator, for the whole pilot."""

    results: dict[str, FinalResult | None]
    unit_assessments: tuple[UnitAssessment, ...]
    reporting: tuple[UnitReporting, ...]
    recommendations: tuple[Recommendation, ...]
    score_label: str
    score_preset: str
    looks_back: ClassVar[bool] = True

    def unit_cells(self) -> Iterator[UnitCell]:
        return (
            UnitCell(one.unit, one.code, one.ratio_pct, Outcome(one.result.value) if one.result else Outcome.NO_DATA)
            for one in self.unit_assessments
        )


def final_result(
    numerator: float | None, denominator: float | None, target_pct: float, direction: Direction = Direction.HIGHER
) -> FinalResult | None:
    """Đạt, Chưa đạt, Không phát sinh; None where nothing was reported. Compared on the unrounded fraction."""
    if numerator is None or denominator is None:
        return None
    if denominator == 0:
        return FinalResult.NOT_APPLICABLE
    return FinalResult.REACHED if is_reached(numerator, denominator, target_pct, direction) else FinalResult.MISSED


def worst_result(results: list[FinalResult | None]) -> FinalResult | None:
    """The result of an indicator with separate components: the worst of those that occurred."""
    for result in (FinalResult.MISSED, FinalResult.REACHED, FinalResult.NOT_APPLICABLE):
        if result in results:
            return result
    return None


def score_of(
    ratio_pct: float | None, target_pct: float, maximum: float, direction: Direction = Direction.HIGHER
) -> float | None:
    """``min(1, ratio / target) x maximum``, of what is better lower ``min(1, target / ratio)``.

    None where nothing occurred, so that it leaves the maximum.
    """
    if ratio_pct is None:
        return None
    if direction is Direction.LOWER:
        return maximum if ratio_pct <= target_pct else target_pct / ratio_pct * maximum
    return min(1.0, ratio_pct / target_pct) * maximum


def recommend(reached: int, missed: int, proposals: list[Proposal], units: int) -> Proposal:
    """What to do with an indicator in the roll-out, from the units' results and proposals.

    Dropped only where most of all ``units`` propose so; adjusted where most propose to, or where fewer than half of the
    units for which it occurred reached it; else kept. Who proposes nothing proposes no change. The coordinator decides;
    the evidence stands beside it.
    """
    for proposal in (Proposal.DROP, Proposal.ADJUST):
        if proposals.count(proposal) * 2 > units:
            return proposal
    return Proposal.ADJUST if missed > reached else Proposal.KEEP
