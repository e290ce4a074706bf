"""Kết quả của một chỉ tiêu: how a figure stands against its target, and how that is written in prose and tables."""

from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from baocao.domain.planned.indicator import Aimed, ComponentsMode, Direction, bound
from baocao.domain.reported.progress import FigureResult, UnitFigure
from baocao.domain.wording import NO_DATA, NOT_APPLICABLE, decimal_text, percent_text

_SHOWN_STEP = 0.05


class Outcome(StrEnum):
    """The values are what a reader sees."""

    REACHED = "Đạt"
    MISSED = "Chưa đạt"
    NOT_APPLICABLE = NOT_APPLICABLE
    NO_DATA = NO_DATA


class Figured(Protocol):
    """Whatever has a period's figures in the plan's order: a report, or a page."""

    @property
    def figures(self) -> tuple[FigureResult, ...]:
        """Every headline and component."""
        ...


def is_separate(figure: FigureResult) -> bool:
    """Whether this is a headline without a ratio of its own, reported by its components (A4, B8)."""
    return figure.is_headline and figure.mode is ComponentsMode.SEPARATE


def components(report: Figured, figure: FigureResult) -> tuple[FigureResult, ...]:
    """The components of a headline, in the plan's order."""
    return tuple(part for part in report.figures if part.indicator == figure.code and not part.is_headline)


def outcome(report: Figured, figure: FigureResult) -> Outcome:
    """How the whole pilot stands on a headline or component."""
    if figure.reached is not None:
        return Outcome.REACHED if figure.reached else Outcome.MISSED
    parts = components(report, figure) if is_separate(figure) else (figure,)
    has_counts = any(part.denominator is not None for part in parts)
    return Outcome.NOT_APPLICABLE if has_counts else Outcome.NO_DATA


def unit_outcome(figure: UnitFigure) -> Outcome:
    """How one unit stands on a headline or component."""
    if figure.reached is not None:
        return Outcome.REACHED if figure.reached else Outcome.MISSED
    return Outcome.NO_DATA if figure.denominator is None else Outcome.NOT_APPLICABLE


def measured(report: Figured, figure: FigureResult) -> tuple[FigureResult, ...]:
    """What has a ratio to speak of: the headline itself, or its components where it has none of its own."""
    if is_separate(figure) or figure.is_estimated:
        return components(report, figure)
    return (figure,)


def ratio_text(figure: FigureResult) -> str:
    """A figure's ratio for people: ``85,5%``, «Không phát sinh», «Chưa có số liệu»."""
    if figure.ratio_pct is None and figure.denominator is None:
        return NO_DATA
    return percent_text(figure.ratio_pct, bound(figure))


def target_text(aimed: Aimed) -> str:
    """``60%``; of what is better the lower it is ``≤ 5%``."""
    return _target_text(aimed.target_pct, aimed.direction)


@lru_cache(maxsize=1024)
def _target_text(target_pct: float, direction: Direction) -> str:
    return f"{'≤ ' if direction is Direction.LOWER else ''}{percent_text(target_pct)}"


def lacking_points(figure: FigureResult) -> float:
    """Percentage points missing to the target, or above it; 0 where it is reached or there is no ratio."""
    if figure.ratio_pct is None:
        return 0.0
    lacking = figure.target_pct - figure.ratio_pct
    return max(0.0, -lacking if figure.direction is Direction.LOWER else lacking)


def lacking_text(points: float) -> str:
    """``5,7 điểm phần trăm``; what would round to nothing is «chưa đến 0,1 điểm phần trăm»."""
    return "chưa đến 0,1 điểm phần trăm" if points < _SHOWN_STEP else f"{decimal_text(points)} điểm phần trăm"


def direction(points: float | None) -> int:
    """-1, 0 or 1: whether a change is visible at one decimal."""
    if points is None or abs(points) < _SHOWN_STEP:
        return 0
    return 1 if points > 0 else -1


def met_before_and_now(report: Figured, figure: FigureResult) -> tuple[bool, bool] | None:
    """Whether a headline's target was met in the period before, and is now, over the units that are in both.

    None where there is nothing to compare.
    """
    known = [part.comparison for part in measured(report, figure) if part.comparison is not None]
    now = [one.is_reached_now for one in known if one.is_reached_now is not None]
    before = [one.was_reached for one in known if one.was_reached is not None]
    return (all(before), all(now)) if now and before else None
