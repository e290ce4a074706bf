"""When an office sends: in working hours, on working days before the deadline, or just after it."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from baocao.domain.planned.calendar import IsWorkingDay, Schedule, next_working_day, previous_working_day
from baocao.domain.planned.calendar_rules import CalendarRules
from baocao.plan.workdays import working_days
from deployments.sample.office import Office

_HOURS = (8, 9, 10, 13, 14, 15, 16)


def is_working_day(office: Office) -> IsWorkingDay:
    """The plan's working days."""
    return _test(office.plan.calendar.model_dump_json())


@lru_cache(maxsize=8)
def _test(rules: str) -> IsWorkingDay:
    return working_days(CalendarRules.model_validate_json(rules))


def on_working_day(office: Office, day: date) -> date:
    """The day, or the last working day before it."""
    return previous_working_day(day + timedelta(days=1), is_working_day(office))


def moment_before(office: Office, schedule: Schedule, back: int, hour: int | None = None) -> datetime:
    """A moment so many working days before the last working day before the deadline, not before the opening."""
    is_working, day = is_working_day(office), schedule.submit_before.date()
    day = previous_working_day(day, is_working)
    for _ in range(back):
        day = max(previous_working_day(day, is_working), schedule.open_at.date())
    return _at(office, schedule, day, hour)


def usual_moment(office: Office, schedule: Schedule) -> datetime:
    """When the office sends if nothing happens: mostly in the last days."""
    back = office.chance("sends", schedule.period).choice((0, 0, 1, 1, 2, 3))
    return moment_before(office, schedule, back)


def late_moment(office: Office, schedule: Schedule) -> datetime | None:
    """The first working day from the deadline on, before the report is made; None where there is no such time."""
    day = next_working_day(schedule.submit_before.date() - timedelta(days=1), is_working_day(office))
    moment = _at(office, schedule, day, 10)
    return moment if schedule.submit_before <= moment < schedule.report_at else None


def cutoff_before(office: Office, moment: datetime) -> date:
    """The working day before: up to it the figures count."""
    return previous_working_day(moment.date(), is_working_day(office))


def _at(office: Office, schedule: Schedule, day: date, hour: int | None) -> datetime:
    chance = office.chance("hour", schedule.period, day)
    own, minute = chance.choice(_HOURS), chance.randrange(60)
    return datetime(day.year, day.month, day.day, own if hour is None else hour, minute, tzinfo=schedule.open_at.tzinfo)
