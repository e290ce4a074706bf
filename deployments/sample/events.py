"""What happens to whom in which month: each office has its events by its part in the story, one a month."""

from collections.abc import Mapping
from enum import StrEnum

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.period import Period
from deployments.sample.office import Character, Office, months_of
from deployments.sample.times import late_moment


class Event(StrEnum):
    """Something other than an ordinary report; the values are what a reader sees."""

    LOCK_FILE = "để quên tệp tạm của chương trình bảng tính"
    DECOMPOSED = "gõ dấu tổ hợp (NFD)"
    RETURNED = "bị trả lại, sửa và nộp lại đúng hạn"
    LATE = "nộp quá hạn"
    TYPED = "gõ số dạng chữ"
    UNPROVEN = "thiếu minh chứng"
    TWICE = "nộp trùng một tệp hai lần"
    MISSING = "không nộp"


_WISHES: Mapping[Character, tuple[tuple[int, Event], ...]] = {
    Character.STEADY: ((0, Event.LOCK_FILE), (1, Event.DECOMPOSED), (4, Event.TYPED)),
    Character.HURRIED: ((1, Event.RETURNED), (2, Event.LATE), (3, Event.TYPED), (4, Event.UNPROVEN)),
    Character.SHORT_HANDED: ((0, Event.TWICE), (3, Event.MISSING), (1, Event.TYPED), (4, Event.UNPROVEN)),
}


def events_of(office: Office, calendar: Mapping[Period, Schedule]) -> dict[Period, Event]:
    """The event of each month that has one: in the month wished for, else in the next that is free and fits."""
    months = [month for month in months_of(office.plan) if month in calendar]
    events: dict[Period, Event] = {}
    for wish, event in _WISHES[office.character]:
        for step in range(len(months)):
            month = months[(wish + office.turn + step) % len(months)]
            if month not in events and _fits(event, office, calendar[month]):
                events[month] = event
                break
    return events


def _fits(event: Event, office: Office, schedule: Schedule) -> bool:
    """Late is late only where offices work between the deadline and the report."""
    return event is not Event.LATE or late_moment(office, schedule) is not None
