"""When a unit is answered: at once where arrivals are watched; else when the calendar takes in what waits."""

from datetime import datetime

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.collecting import HOURS, next_collection
from baocao.domain.wording import date_text, moment_text


def promise(schedule: Schedule, now: datetime, *, is_watched: bool) -> str:
    """Two sentences for letters that ask a unit to send something; ``now`` is aware.

    ``is_watched``: arrivals start the collection; without it nothing is answered before the next one by the calendar.
    """
    at = moment_text(next_collection(schedule, now))
    if not is_watched:
        return (
            f"Hệ thống trả lời sau lần thu theo lịch kế tiếp ({at} nếu gửi ngay; {HOURS}). "
            "Sau lần đó vẫn chưa có trả lời, xin liên hệ theo địa chỉ cuối thư."
        )
    return (
        "Hệ thống trả lời trong vài phút, kể cả ngày nghỉ. Chưa thấy trả lời, xin chờ lần thu theo lịch kế tiếp "
        f"({at} nếu gửi ngay; {HOURS}); sau lần đó vẫn chưa có, xin liên hệ theo địa chỉ cuối thư."
    )


def next_time(following: Schedule | None) -> str:
    """A sentence on the period after: when its form comes, and by when it is wanted; empty after the last one."""
    if following is None:
        return ""
    opens, deadline = date_text(following.open_at.date()), date_text(following.submit_before.date())
    return f"Kỳ sau ({following.period.short}): biểu mẫu gửi ngày {opens}, nộp trước ngày {deadline}."
