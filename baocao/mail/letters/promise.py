"""When a unit is answered: at once as a rule; else when the calendar takes in what waits."""

from datetime import datetime

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.collecting import HOURS, next_collection
from baocao.domain.wording import moment_text


def promise(schedule: Schedule, now: datetime) -> str:
    """Two sentences for letters that ask a unit to send something; ``now`` is aware."""
    at = moment_text(next_collection(schedule, now))
    return (
        "Hệ thống trả lời trong vài phút, kể cả ngày nghỉ. Chưa thấy trả lời, xin chờ lần thu theo lịch kế tiếp "
        f"({at} nếu gửi ngay; {HOURS}); sau lần đó vẫn chưa có, xin liên hệ theo địa chỉ cuối thư."
    )
