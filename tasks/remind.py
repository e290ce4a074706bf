"""Đôn đốc: blank forms, reminders, the escalation; each mail once."""

from prefect import task

from baocao.domain.planned.period import Period
from baocao.reminders import reminders
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import once_more


@task(
    name="Soạn thư gửi biểu mẫu",
    **once_more(30),
)
def queue_forms(period: Period, clock: Clock) -> int:
    """Lay the pre-filled forms and queue their mails; returns how many are new."""
    return reminders.send_forms(open_workspace(), period, clock)


@task(
    name="Soạn thư nhắc nộp",
    **once_more(30),
)
def queue_reminders(period: Period, clock: Clock) -> int:
    """Queue the reminders that are due now; returns how many are new."""
    return reminders.remind(open_workspace(), period, clock)


@task(
    name="Báo đơn vị chưa nộp khi khóa sổ",
    **once_more(30),
)
def queue_escalation(period: Period, clock: Clock) -> int:
    """Queue the note to the coordinator; returns how many are new."""
    return reminders.escalate(open_workspace(), period, clock)
