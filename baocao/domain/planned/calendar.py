"""Lịch: every deadline, reminder, collection and report date, derived from the plan's rules.

«Trước ngày 20» is strict: on time means received before the 20th 00:00 local time (the plan's section V.2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from baocao.domain.planned.calendar_rules import Before, CalendarRules, Cycle
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan

IsWorkingDay = Callable[[date], bool]
_LONGEST_HOLIDAY = 30


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of one period; all times are aware, in the plan's time zone.

    Where holidays move two deadlines onto each other, the report's one leaves the report's day.
    """

    period: Period
    form: str
    open_at: datetime
    reminders: tuple[datetime, ...]
    submit_before: datetime
    close_at: datetime
    report_at: datetime
    report_before: datetime

    def as_row(self) -> dict[str, Any]:
        """The schedule as ``plan calendar --json`` prints it."""
        return {
            "period": str(self.period),
            "form": self.form,
            "open_at": self.open_at.isoformat(),
            "reminders": [moment.isoformat() for moment in self.reminders],
            "submit_before": self.submit_before.isoformat(),
            "close_at": self.close_at.isoformat(),
            "report_at": self.report_at.isoformat(),
            "report_before": self.report_before.isoformat(),
        }


def build_calendar(plan: Plan, is_working_day: IsWorkingDay) -> tuple[Schedule, ...]:
    """Every period's schedule, in order."""
    rules = plan.calendar
    schedules = (_schedule(rules, cycle, period, is_working_day) for cycle in rules.cycles for period in cycle.periods)
    return tuple(sorted(schedules, key=lambda schedule: schedule.period))


def schedule_of(plan: Plan, period: Period, is_working_day: IsWorkingDay) -> Schedule:
    """One period's schedule.

    Raises:
        KeyError: the plan has no such period.
    """
    return _schedule(plan.calendar, plan.cycle(period), period, is_working_day)


def _schedule(rules: CalendarRules, cycle: Cycle, period: Period, is_working_day: IsWorkingDay) -> Schedule:
    zone = ZoneInfo(rules.timezone)

    def at_hour(day: date) -> datetime:
        return datetime.combine(day, rules.at, zone)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), zone)

    def deadline(before: Before) -> date:
        return _moved(before.date_in(period), rules.on_holiday, is_working_day)

    submit_day = cycle.moved.get(period) or deadline(cycle.submit)
    first_working = _first_working_day(period, is_working_day)
    last_working = previous_working_day(submit_day, is_working_day)
    reminded = {working_days_before(last_working, count, is_working_day) for count in rules.reminders}
    report_day = _report_day(cycle, period, submit_day, deadline(cycle.report), is_working_day)
    return Schedule(
        period=period,
        form=cycle.form,
        open_at=at_hour(first_working),
        reminders=tuple(at_hour(day) for day in sorted(reminded) if day >= first_working),
        submit_before=midnight(submit_day),
        close_at=midnight(submit_day),
        report_at=at_hour(report_day),
        report_before=midnight(max(deadline(cycle.report), report_day + timedelta(days=1))),
    )


def _first_working_day(period: Period, is_working_day: IsWorkingDay) -> date:
    return next_working_day(period.first_day - timedelta(days=1), is_working_day)


def _report_day(
    cycle: Cycle, period: Period, submit_day: date, report_before: date, is_working_day: IsWorkingDay
) -> date:
    """The last working day of the range; where deadlines moved, within what they leave of it."""
    end = period.last_day.day
    first = max(period.first_day.replace(day=min(cycle.report_days.first, end)), submit_day)
    last = min(period.first_day.replace(day=min(cycle.report_days.last, end)), report_before - timedelta(days=1))
    days = (last - timedelta(days=back) for back in range((last - first).days + 1))
    return next((day for day in days if is_working_day(day)), first)


def _moved(day: date, on_holiday: str, is_working_day: IsWorkingDay) -> date:
    if on_holiday == "keep" or is_working_day(day):
        return day
    if on_holiday == "previous":
        return previous_working_day(day, is_working_day)
    return next_working_day(day, is_working_day)


def previous_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """The last working day before this day."""
    return _walk(day, -1, is_working_day)


def next_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """The first working day after this day."""
    return _walk(day, 1, is_working_day)


def working_days_before(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """The working day so many working days before this day."""
    for _ in range(count):
        day = previous_working_day(day, is_working_day)
    return day


def _walk(day: date, step: int, is_working_day: IsWorkingDay) -> date:
    for distance in range(1, _LONGEST_HOLIDAY + 1):
        candidate = day + timedelta(days=step * distance)
        if is_working_day(candidate):
            return candidate
    raise ValueError(f"không có ngày làm việc nào trong {_LONGEST_HOLIDAY} ngày quanh {day:%d/%m/%Y}")
