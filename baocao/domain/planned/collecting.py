"""Giờ thu: when the calendar takes in what waits, whatever arrivals have started before.

Every day counts: a report that is sent on a Sunday is answered on that Sunday, while there is time to mend it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from baocao.domain.planned.calendar import Schedule

DAILY = (time(8), time(11), time(14), time(17))
CATCH_UP = time(7, 30)
"""When, once a day, also outside of these times, whatever is due is done; it collects, too."""
HOURLY_BEFORE = timedelta(days=2)
HOURLY_AFTER = timedelta(hours=6)
LAST_ONES = timedelta(minutes=10)
"""After the close: for what was laid or mailed in its last minute and had to lie still, or was on its way."""
HOURS = "hằng ngày 8, 11, 14, 17 giờ, hai ngày cuối trước hạn mỗi giờ"


def collection_times(schedule: Schedule) -> tuple[datetime, ...]:
    """When a period is collected, in order; aware, in the plan's zone.

    Several times every day of its month, for late ones too, and until the close where that is in a later month; each
    hour of the two days before the close; at the close, so that what came before midnight is in before the period is
    called closed; and after it.
    """
    close_at = schedule.close_at
    times = {*_daily(schedule), *_hourly(close_at), close_at, close_at + LAST_ONES}
    return tuple(sorted(moment for moment in times if moment > schedule.open_at))


def next_collection(schedule: Schedule, now: datetime) -> datetime:
    """When what waits is taken in next, at the latest; ``now`` is aware, the answer in the plan's zone."""
    local = now.astimezone(schedule.open_at.tzinfo)
    today = datetime.combine(local.date(), CATCH_UP, local.tzinfo)
    catch_up = today if today > local else today + timedelta(days=1)
    return min((moment for moment in (*collection_times(schedule), catch_up) if moment > local), default=catch_up)


def _daily(schedule: Schedule) -> Iterator[datetime]:
    day: date = schedule.open_at.date()
    last_day = max(schedule.period.last_day, schedule.close_at.date())
    while day <= last_day:
        yield from (datetime.combine(day, hour, schedule.open_at.tzinfo) for hour in DAILY)
        day += timedelta(days=1)


def _hourly(close_at: datetime) -> Iterator[datetime]:
    moment, last = close_at - HOURLY_BEFORE, close_at + HOURLY_AFTER
    while moment <= last:
        yield moment
        moment += timedelta(hours=1)
