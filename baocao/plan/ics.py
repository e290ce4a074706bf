"""The calendar for people's own calendar programs (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.plan import Plan

_LENGTH = timedelta(minutes=30)


def calendar_file(plan: Plan, schedules: Iterable[Schedule], made_at: datetime, *, with_reports: bool = True) -> bytes:
    """The dates as an .ics file: the last day of each deadline with an alarm the day before, openings, reports.

    A date that moves keeps its name (UID), so that a calendar program that is given the file again moves it, too;
    ``made_at`` (aware) tells which file is newer. ``with_reports``: also when reports go out, for the coordinator.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//baocao//lich bao cao//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Lịch báo cáo {plan.code}")
    for schedule in schedules:
        for event in _events(plan, schedule, with_reports=with_reports):
            event.add("dtstamp", made_at)
            event.add("sequence", int(made_at.timestamp()) // 60)
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _events(plan: Plan, schedule: Schedule, *, with_reports: bool) -> Iterator[Event]:
    what = f"{plan.forms[schedule.form].title.capitalize()} kỳ {schedule.period.short}"
    last_day = (schedule.submit_before - timedelta(seconds=1)).date()
    deadline = _event(plan, schedule, "han-nop", f"Hạn nộp (hết hôm nay): {what}")
    deadline.add("dtstart", last_day)
    deadline.add("dtend", last_day + timedelta(days=1))
    deadline.add("description", f"Báo cáo phải đến trước {schedule.submit_before:%H:%M ngày %d/%m/%Y}.")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Sắp đến hạn nộp: {what}")
    alarm.add("trigger", timedelta(hours=-16))  # at eight in the morning of the day before
    deadline.add_component(alarm)
    yield deadline
    moments = [("mo", f"Nhận biểu mẫu: {what}", schedule.open_at)]
    moments += [("bao-cao", f"Gửi báo cáo tổng hợp: {what}", schedule.report_at)] if with_reports else []
    for key, summary, moment in moments:
        event = _event(plan, schedule, key, summary)
        event.add("dtstart", moment)
        event.add("dtend", moment + _LENGTH)
        yield event


def _event(plan: Plan, schedule: Schedule, key: str, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{plan.code}-{schedule.period}-{key}@baocao")
    event.add("summary", summary)
    return event
