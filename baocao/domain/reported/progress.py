"""Kết quả: what the figures say about the plan, unit by unit and for the whole pilot.

What a report has by the hundred thousand with very many units is a named tuple: little memory, made in a moment.
"""

import unicodedata
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field

from baocao.domain.characters import without_bullets
from baocao.domain.model import Frozen
from baocao.domain.planned.indicator import ComponentsMode, Direction, IndicatorKind, bound
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.forecast import Outlook
from baocao.domain.wording import shown_change


def ratio_pct(numerator: float | None, denominator: float | None) -> float | None:
    """The ratio in percent; None where a part is missing or the denominator is 0 («Không phát sinh»)."""
    if numerator is None or not denominator:
        return None
    return numerator * 100 / denominator  # in this order 57/100 is 57, and not a hair below it


class Share(NamedTuple):
    """A target as a fraction of whole numbers: reached where ``numerator x whole >= denominator x part``."""

    part: int
    whole: int


@lru_cache(maxsize=1024)
def share_of(target_pct: float) -> Share:
    """The target as it is written: 57.5 is 23/40, though no float is 57.5/100."""
    exact = Fraction(str(target_pct)) / 100
    return Share(exact.numerator, exact.denominator)


def is_impossible(numerator: float | None, denominator: float | None, *, is_bounded: bool = True) -> bool:
    """Whether these counts cannot be: negative, a part of a count, or, where that bounds them, more than there are.

    Only a person's decision lets them into an accepted report; they stay out of every sum until they are corrected.
    """
    counts = [count for count in (numerator, denominator) if count is not None]
    if any(count < 0 or count != int(count) for count in counts):
        return True
    return is_bounded and numerator is not None and denominator is not None and numerator > denominator


def is_reached(
    numerator: float | None, denominator: float | None, target_pct: float, direction: Direction = Direction.HIGHER
) -> bool | None:
    """Whether the target is met, compared on counts, not on a rounded ratio; None where there is no ratio."""
    if numerator is None or not denominator:
        return None
    target = share_of(target_pct)
    has, needs = _exact(numerator) * target.whole, _exact(denominator) * target.part
    return has <= needs if direction is Direction.LOWER else has >= needs


def _exact(count: float) -> Fraction | int:
    return int(count) if count == int(count) else Fraction(count)


class CarriedUnit(NamedTuple):
    """A unit without a report in the period whose value of an earlier one counts on."""

    unit: str
    since: Period


class Comparison(Frozen):
    """A figure against the period before, over the units that are in both sums; ``is_partial`` where others are not.

    Ratios in percent, unrounded; like is compared with like, so that a unit that is missing or back moves nothing.
    """

    now_pct: float | None
    before_pct: float | None
    is_reached_now: bool | None
    was_reached: bool | None
    is_partial: bool


class FigureResult(Frozen):
    """One indicator or component for the whole pilot in one period.

    Sums of counts over the units that reported and, of a STOCK figure, over those ``carried``; ``absent`` are the
    units of the plan that are in no sum. ``ratio_pct`` is in percent, unrounded. ``cumulative_*``: a FLOW figure summed
    from the first period; a STOCK figure as last accepted from each unit. ``reached`` is None where nothing occurred.
    ``units_*`` count those that reported in the period. ``is_estimated``: a joint headline judged by its components
    because its own figure is missing.
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
    comparison: Comparison | None = None
    is_estimated: bool = False
    carried: tuple[CarriedUnit, ...] = ()
    absent: tuple[str, ...] = ()
    direction: Direction = Direction.HIGHER
    targets: dict[str, float] = Field(default_factory=dict)

    def of(self, unit: str) -> "FigureResult":
        """The result with a unit's own target, for what is said of that unit."""
        return self.model_copy(update={"target_pct": self.targets[unit]}) if unit in self.targets else self

    @property
    def before_pct(self) -> float | None:
        """The ratio of the period before over the units that are in both sums; None where there are none."""
        return self.comparison.before_pct if self.comparison else None

    @property
    def change_points(self) -> float | None:
        """Percentage points against the period before, like with like, as the printed ratios differ.

        None where there is nothing to compare.
        """
        if self.comparison is None or self.comparison.now_pct is None or self.comparison.before_pct is None:
            return None
        return shown_change(self.comparison.now_pct, self.comparison.before_pct, bound(self))


class UnitFigure(NamedTuple):
    """One indicator or component of one unit in one period.

    ``is_set_aside``: its report was accepted, but its counts cannot be, so that they are in no sum; the note says them.
    """

    unit: str
    code: str
    numerator: float | None
    denominator: float | None
    ratio_pct: float | None
    reached: bool | None
    previous_ratio_pct: float | None = None
    evidence: str = ""
    note: str = ""
    is_set_aside: bool = False


class UnitStanding(Frozen):
    """How one unit reported in a period: the board's row. ``received_at`` is aware, in the plan's zone.

    ``is_waiting``: nothing was checked yet, but a file that came early waits for the period. ``group``: what it is one
    of, for people. ``signed_by``: who signed the document that it sent beside its workbook.
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
    group: str = ""
    signed_by: tuple[str, ...] = ()

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


OPEN_TASK = (TaskStatus.NOT_STARTED, TaskStatus.IN_PROGRESS)


def is_overdue(due: date | None, status: TaskStatus | None, cutoff: date) -> bool:
    """Whether a task is called overdue: said to be open on a day that lies after its due date.

    ``cutoff`` is the day up to which the unit's figures count, see ``Cycle.cutoff``:
    nobody is called late on a day of which nothing is known.
    """
    return due is not None and status in OPEN_TASK and due < cutoff


class UnitTask(NamedTuple):
    """One task of one unit in one period. ``is_overdue``: see :func:`is_overdue`."""

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
    """Khó khăn, kiến nghị of one unit.

    ``since`` is the first period in which it was raised, ``number`` what the proposal is called in every report.
    ``carried``: the period of the unit's last report where it has none now.
    """

    unit: str
    difficulty: str
    cause: str = ""
    proposal: str = ""
    settled_by: str = ""
    is_beyond_authority: bool = False
    since: Period | None = None
    number: str = ""
    carried: Period | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """See :func:`identity_of`."""
        return identity_of(self.unit, self.difficulty or self.proposal)


def identity_of(unit: str, text: str) -> tuple[str, str]:
    """What tells a difficulty from another, from month to month: its unit and its words without bullets."""
    return unit, folded_words(text)


def folded_words(text: str) -> str:
    """A sentence ready to be compared with another: without bullets, in small letters, single blanks."""
    return " ".join(without_bullets(unicodedata.normalize("NFC", text)).casefold().split())


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
    direction: Direction = Direction.HIGHER
