"""Kết quả: what the figures say about the plan, unit by unit and for the whole pilot.

What a report has by the hundred thousand with very many units is a named tuple: little memory, made in a moment.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from baocao.domain.forecast import Outlook
from baocao.domain.indicator import ComponentsMode, IndicatorKind
from baocao.domain.model import Frozen
from baocao.domain.period import Period
from baocao.domain.submission import Timeliness, UnitState


def ratio_pct(numerator: float | None, denominator: float | None) -> float | None:
    """The ratio in percent; None where a part is missing or the denominator is 0 («Không phát sinh»)."""
    if numerator is None or not denominator:
        return None
    return numerator / denominator * 100


def is_impossible(numerator: float | None, denominator: float | None) -> bool:
    """Whether these counts cannot be: negative, a part of a count, or more than there are.

    Only a person's decision lets them into an accepted report; they stay out of every sum until they are corrected.
    """
    counts = [count for count in (numerator, denominator) if count is not None]
    if any(count < 0 or count != int(count) for count in counts):
        return True
    return numerator is not None and denominator is not None and numerator > denominator


def is_reached(numerator: float | None, denominator: float | None, target_pct: float) -> bool | None:
    """Whether the target is met, compared on the unrounded fraction; None where there is no ratio."""
    if numerator is None or not denominator:
        return None
    return numerator * 100 >= target_pct * denominator


class FigureResult(Frozen):
    """One indicator or component for the whole pilot in one period.

    Sums of counts over the units that reported; ``ratio_pct`` is in percent, unrounded. ``cumulative_*``: a FLOW
    figure summed from the first period; a STOCK figure as last accepted from each unit. ``reached`` is None where
    nothing occurred. ``is_estimated``: a joint headline judged by its components because its own figure is missing.
    """

    code: str
    indicator: str
    name: str
    is_headline: bool
    mode: ComponentsMode | None
    kind: IndicatorKind
    target_pct: float
    numerator: float | None
    denominator: float | None
    ratio_pct: float | None
    cumulative_numerator: float | None
    cumulative_denominator: float | None
    cumulative_ratio_pct: float | None
    reached: bool | None
    units_reported: int
    units_reached: int
    units_not_applicable: int
    previous_ratio_pct: float | None = None
    is_estimated: bool = False

    @property
    def change_points(self) -> float | None:
        """Percentage points against the period before; None where either has no ratio."""
        if self.ratio_pct is None or self.previous_ratio_pct is None:
            return None
        return self.ratio_pct - self.previous_ratio_pct


class UnitFigure(NamedTuple):
    """One indicator or component of one unit in one period."""

    unit: str
    code: str
    numerator: float | None
    denominator: float | None
    ratio_pct: float | None
    reached: bool | None
    previous_ratio_pct: float | None = None
    evidence: str = ""
    note: str = ""


class UnitStanding(Frozen):
    """How one unit reported in a period: the board's row. ``received_at`` is aware, in the plan's zone.

    ``is_waiting``: nothing was checked yet, but a file that came early waits for the period.
    """

    unit: str
    name: str
    state: UnitState
    timeliness: Timeliness
    version: int | None = None
    received_at: datetime | None = None
    critical: int = 0
    warnings: int = 0
    is_waiting: bool = False

    @property
    def label(self) -> str:
        """The state for people."""
        return "Đã gửi sớm, chờ kỳ mở" if self.is_waiting else self.state.label


class TaskStatus(StrEnum):
    """The list of the workbook."""

    NOT_STARTED = "Chưa triển khai"
    IN_PROGRESS = "Đang triển khai"
    DONE = "Hoàn thành"
    NOT_APPLICABLE = "Không phát sinh"


class UnitTask(NamedTuple):
    """One task of one unit in one period. ``is_overdue``: past its due date at the cut-off and not done."""

    unit: str
    code: str
    lead: str = ""
    coordinating: str = ""
    due_date: date | None = None
    status: TaskStatus | None = None
    progress_pct: float | None = None
    done_date: date | None = None
    product: str = ""
    note: str = ""
    is_overdue: bool = False


class Difficulty(Frozen):
    """Khó khăn, kiến nghị of one unit. ``since`` is the first period in which it was raised."""

    unit: str
    difficulty: str
    cause: str = ""
    proposal: str = ""
    settled_by: str = ""
    is_beyond_authority: bool = False
    since: Period | None = None


class TrendPoint(Frozen):
    """One indicator's ratio for the whole pilot in one period (components only for separate indicators)."""

    period: Period
    code: str
    ratio_pct: float | None
    target_pct: float


class TimelinessPoint(Frozen):
    """How many units reported in a period."""

    period: Period
    on_time: int
    late: int
    missing: int


class ForecastRow(NamedTuple):
    """Where a figure is heading, in percent at the pilot's end; ``unit`` is None for the whole pilot."""

    unit: str | None
    code: str
    target_pct: float
    expected_pct: float
    lowest_pct: float
    highest_pct: float
    outlook: Outlook
