"""What is to be done when: the calendar's dates as a list of jobs, each of which is one run of a flow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from baocao.domain.calendar import IsWorkingDay, Schedule
from baocao.domain.period import Period

COLLECTION_HOURS = (time(8), time(11), time(14), time(17))


class Job(StrEnum):
    """The values are the flows' names in code."""

    COLLECT = "collect"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Event:
    """One job at its time."""

    at: datetime
    job: Job
    period: Period


def events_of(schedule: Schedule, is_working_day: IsWorkingDay) -> tuple[Event, ...]:
    """Every job of one period, in order of time."""
    events = [Event(moment, Job.COLLECT, schedule.period) for moment in collection_times(schedule, is_working_day)]
    events.append(Event(schedule.report_at, Job.REPORT, schedule.period))
    return tuple(sorted(events, key=lambda event: (event.at, list(Job).index(event.job))))


def collection_times(schedule: Schedule, is_working_day: IsWorkingDay) -> Iterator[datetime]:
    """When a period is collected: several times each working day of its month, for late ones too.

    Once more at the close, so that what came in before midnight is taken in before the period is called closed.
    """
    yield schedule.close_at
    day = schedule.open_at.date()
    while day <= schedule.period.last_day:
        if is_working_day(day):
            moments = (datetime.combine(day, hour, schedule.open_at.tzinfo) for hour in COLLECTION_HOURS)
            yield from (moment for moment in moments if moment > schedule.open_at)
        day += timedelta(days=1)
