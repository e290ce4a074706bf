"""Đôn đốc: blank forms, reminders, the escalation; each mail once."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.domain.planned.period import Period
from baocao.reminders import reminders
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import if_outside_failed


@task(
    name="Soạn thư gửi biểu mẫu",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30,
    retry_condition_fn=if_outside_failed,
)
def queue_forms(period: Period, clock: Clock) -> int:
    """Lay the pre-filled forms and queue their mails; returns how many are new."""
    return reminders.send_forms(open_workspace(), period, clock)


@task(
    name="Soạn thư nhắc nộp",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30,
    retry_condition_fn=if_outside_failed,
)
def queue_reminders(period: Period, clock: Clock) -> int:
    """Queue the reminders that are due now; returns how many are new."""
    return reminders.remind(open_workspace(), period, clock)


@task(
    name="Báo đơn vị chưa nộp khi khóa sổ",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30,
    retry_condition_fn=if_outside_failed,
)
def queue_escalation(period: Period, clock: Clock) -> int:
    """Queue the note to the coordinator; returns how many are new."""
    return reminders.escalate(open_workspace(), period, clock)
