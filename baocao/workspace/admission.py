"""Cửa vào của mỗi việc: a job is let in for a period that the plan has and whose time has come, else nothing is done.

Every flow passes here, from the command line, from Prefect's page and by schedule alike.
"""

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.store.engine.database import reading, writing
from baocao.store.homes import began_at, note_beginning
from baocao.system.clock import Clock
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace


def admit(workspace: Workspace, job: Job, period: str | Period, clock: Clock, *, is_draft: bool = False) -> Period:
    """The period, where this job may be done for it now; nothing but the home's beginning is written.

    ``is_draft``: a report that is only looked at, which may be made as soon as its period is open.

    Raises:
        UsageError: the text is no period, or the plan has no such period.
        NotDueError: with the time from which it can be done.
    """
    chosen = period if isinstance(period, Period) else _parsed(period)
    ensure_due(job, workspace.schedule(chosen), clock, is_draft=is_draft)
    begin(workspace, clock)
    return chosen


def opened_periods(workspace: Workspace, clock: Clock) -> list[Period]:
    """The periods that are open or past by now, in order; none before the first one opens."""
    return [period for period, schedule in workspace.calendar.items() if schedule.open_at <= clock.now]


def last_opened(workspace: Workspace, clock: Clock) -> Period:
    """The period that was opened last.

    Raises:
        NotDueError: none is open yet; with the time from which the first one is.
    """
    if opened := opened_periods(workspace, clock):
        return opened[-1]
    first = min(workspace.calendar.values(), key=lambda schedule: schedule.open_at)
    raise NotDueError(
        f"Chưa có kỳ nào mở: kỳ đầu {first.period.short} mở từ {first.open_at:%H:%M ngày %d/%m/%Y}; chưa làm gì."
    )


def begin(workspace: Workspace, clock: Clock) -> None:
    """Note that the home lives at this moment; periods that closed before its first one are not caught up."""
    with reading(workspace.engine) as connection:
        before = began_at(connection)
    if before is None or clock.now < before:
        with writing(workspace.engine) as connection:
            note_beginning(connection, clock.now)


def ensure_due(job: Job, schedule: Schedule, clock: Clock, *, is_draft: bool = False) -> None:
    """Refuse a job before its time, and a reminder after the close.

    Raises:
        NotDueError: with the time from which it can be done.
    """
    period, close_at = schedule.period.short, f"{schedule.close_at:%H:%M ngày %d/%m/%Y}"
    if clock.now < schedule.open_at:
        raise NotDueError(
            f"Kỳ {period} chưa mở, mở từ {schedule.open_at:%H:%M ngày %d/%m/%Y}; chưa làm gì. Hãy xem lại kỳ đã chọn."
        )
    if job is Job.REPORT and not is_draft and clock.now < schedule.close_at:
        raise NotDueError(
            f"Kỳ {period} chưa khóa sổ: hạn nộp là trước {close_at}. "
            "Hãy chờ đến lúc đó, hoặc thêm --draft để xem bản dự thảo."
        )
    first = {Job.REMIND: min(schedule.reminders, default=schedule.close_at), Job.ESCALATE: schedule.close_at}
    if job in first and clock.now < first[job]:
        raise NotDueError(f"Kỳ {period} chưa đến lúc: việc này làm từ {first[job]:%H:%M ngày %d/%m/%Y}.")
    if job is Job.REMIND and clock.now >= schedule.close_at:
        raise NotDueError(f"Kỳ {period} đã khóa sổ lúc {close_at}; không nhắc nữa.")


def _parsed(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise UsageError(f"Không có kỳ báo cáo “{text[:40]}”: {error}.") from None
