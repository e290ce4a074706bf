"""The whole pilot's figures, month by month, and where they are heading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from baocao.consolidation.figures import consolidate, courses, pilot_ratios
from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.form import FormKind
from baocao.domain.planned.indicator import Figure
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.forecast import Forecast, forecast
from baocao.domain.reported.outcome import Outcome, outcome
from baocao.domain.reported.progress import FigureResult, TaskStatus
from baocao.store.accepted.tallies import Reach, reach, reporting_units, summed, task_counts
from baocao.store.engine.names import Connection


@dataclass(frozen=True)
class Results:
    """The months of a cycle. ``period`` is the one that is told about: the newest closed one that has figures.

    ``months`` are all of the cycle, ``ratios`` in percent by month and code, ``courses`` what
    forecasts follow.
    """

    period: Period
    months: tuple[Period, ...]
    reported: tuple[Period, ...]
    figures: tuple[FigureResult, ...]
    ratios: Mapping[tuple[Period, str], float | None]
    courses: Mapping[tuple[Period, str], float | None]
    tasks: Mapping[str | None, int]

    @property
    def headlines(self) -> tuple[FigureResult, ...]:
        """The indicators without their components."""
        return tuple(figure for figure in self.figures if figure.is_headline)

    def tally(self, *wanted: Outcome) -> int:
        """How many indicators stand so."""
        return sum(outcome(self, figure) in wanted for figure in self.headlines)

    @property
    def silent(self) -> frozenset[str]:
        """The units without an accepted report of the period."""
        carried = {one.unit for figure in self.figures for one in figure.carried}
        return frozenset(carried | {unit for figure in self.figures for unit in figure.absent})

    @property
    def counted_tasks(self) -> int:
        """How many tasks can be done at all."""
        idle = self.tasks.get(None, 0) + self.tasks.get(TaskStatus.NOT_APPLICABLE.value, 0)
        return sum(self.tasks.values()) - idle

    def series(self, code: str) -> list[tuple[int, float | None]]:
        """What a figure's forecast follows, by number of month; see :func:`baocao.consolidation.figures.courses`."""
        return [(self.months.index(month), self.courses[month, code]) for month in self.reported]

    def ahead(self, figure: FigureResult | Figure) -> Forecast | None:
        """Where a figure is heading; None on too few months, or where all months are told."""
        if self.reported[-1:] == self.months[-1:]:
            return None
        return forecast(self.series(figure.code), len(self.months) - 1, figure.target_pct, figure.direction)


def read_results(
    connection: Connection, plan: Plan, calendar: Mapping[Period, Schedule], now: datetime
) -> Results | None:
    """The monthly figures as they are known now; None where none were accepted yet."""
    monthly = [one for one in plan.periods if plan.form_of(one).kind is FormKind.MONTHLY]
    opened = [one for one in monthly if calendar[one].open_at <= now]
    if not opened:
        return None
    cycle = plan.cycle(opened[-1])
    sums = summed(connection, cycle.form, opened[-1], plan.unbounded)
    known = set(sums["period"])
    reported = [one for one in opened if str(one) in known and one in cycle.periods]
    if not reported:
        return None
    period = max((one for one in reported if calendar[one].close_at <= now), default=reported[-1])
    plan = plan.targeted(period)
    counts = reach(connection, plan, period)
    figures = consolidate(plan, sums, period, reporting_units(connection, cycle.form, period))
    return Results(
        period=period,
        months=cycle.periods,
        reported=tuple(reported),
        figures=tuple(_counted(one, counts.get(one.code)) for one in figures),
        ratios=pilot_ratios(plan, sums, reported),
        courses=courses(plan, sums, reported),
        tasks=task_counts(connection, cycle.form, period),
    )


def _counted(figure: FigureResult, counts: Reach | None) -> FigureResult:
    counts = counts or Reach(0, 0, 0)
    return figure.model_copy(
        update={
            "units_reported": counts.reported,
            "units_reached": counts.reached,
            "units_not_applicable": counts.not_applicable,
        }
    )
