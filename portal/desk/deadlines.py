"""Decisions on deadlines: more time, no more time, a reminder now."""

from baocao.decisions import more_time, overrides
from baocao.domain.signature import Signature
from baocao.domain.wording import enumeration, moment_text
from baocao.reminders.reminders import remind, to_remind
from baocao.store import decisions
from baocao.store.engine.database import reading
from baocao.system.errors import NotDueError, UsageError
from portal.desk.fields import moment, of_unit, period_of
from portal.room.visit import Visit


def state(visit: Visit) -> str:
    """The deadline in force, and what the unit asked for."""
    unit, period = of_unit(visit)
    with reading(visit.workspace.engine) as connection:
        until = decisions.extended_deadlines(connection).get((unit, str(period)))
    asked = [one.number for one in more_time.waiting(visit.workspace) if (one.unit, one.period) == (unit, period)]
    return f"{unit}/{period}/{until}/{asked}"


def follows_extension(visit: Visit) -> list[str]:
    """What more time does."""
    unit, period = of_unit(visit)
    return [
        f"{unit} được nộp báo cáo kỳ {period.short} trước {moment_text(moment(visit))} mà vẫn đúng hạn.",
        "Các lần đã nộp quá hạn được xét lại theo hạn mới. Đơn vị nhận thư nêu tên và lý do.",
    ]


def extend(visit: Visit, signed: Signature) -> None:
    """Give a unit more time."""
    unit, period = of_unit(visit)
    overrides.extend(visit.workspace, unit, period, moment(visit), signed)


def follows_no(visit: Visit) -> list[str]:
    """What saying no does."""
    unit, period = of_unit(visit)
    return [
        f"Hạn nộp báo cáo kỳ {period.short} của {unit} giữ nguyên.",
        "Đơn vị nhận thư nêu tên và lý do; báo cáo nộp muộn vẫn được nhận và ghi là quá hạn.",
    ]


def decline(visit: Visit, signed: Signature) -> None:
    """Give a unit no more time."""
    unit, period = of_unit(visit)
    more_time.decline(visit.workspace, unit, period, signed)


def reminder_state(visit: Visit) -> str:
    """Whom the reminder would go to."""
    period = period_of(visit)
    return ",".join(one.code for one in to_remind(visit.workspace, period, visit.clock))


def follows_reminder(visit: Visit) -> list[str]:
    """Whom a reminder goes to."""
    period = period_of(visit)
    names = [one.name for one in to_remind(visit.workspace, period, visit.clock)]
    if not names:
        raise NotDueError(
            f"Không còn đơn vị nào để nhắc kỳ {period.short}: mọi đơn vị đã nộp, hoặc đã nhận thư nhắc của lần này."
        )
    return [
        f"Thư nhắc nộp báo cáo kỳ {period.short}, kèm biểu mẫu, được gửi ngay tới {enumeration(names)}.",
        "Lịch tự nhắc không gửi lại lần nhắc này nữa.",
    ]


def remind_now(visit: Visit, signed: Signature) -> None:
    """Send the reminder that is due."""
    period = period_of(visit)
    if not remind(visit.workspace, period, visit.clock, signed):
        raise UsageError(f"Không có thư nhắc kỳ {period.short} nào chưa gửi.")
