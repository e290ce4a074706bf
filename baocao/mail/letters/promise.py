"""When a unit is answered: at once as a rule; else when the calendar takes in what waits."""

from datetime import datetime

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.collecting import HOURS, next_collection
from baocao.domain.wording import moment_text


def promise(schedule: Schedule, now: datetime) -> str:
    """Two sentences for letters that ask a unit to send something; ``now`` is aware."""
    at = moment_text(next_collection(schedule, now))
    return (
        "Hệ thống trả lời trong vài phút sau khi nhận, kể cả ngày nghỉ. "
        f"Nếu chưa thấy thư trả lời: lần thu theo lịch gần nhất là {at} (lịch thu: {HOURS}); "
        "sau lần thu đó vẫn chưa có trả lời, xin liên hệ theo địa chỉ cuối thư."
    )
