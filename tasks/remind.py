"""Đôn đốc: blank forms, reminders, the escalation; each mail once."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao import reminding
from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.workspace import open_workspace
from tasks.retrying import if_outside_failed


@task(
    name="Soạn thư gửi biểu mẫu",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30,
    retry_condition_fn=if_outside_failed,
)
def queue_forms(period: Period, clock: Clock) -> int:
    """Lay the pre-filled forms and queue their mails; returns how many are new."""
    return reminding.send_forms(open_workspace(), period, clock)


@task(
    name="Soạn thư nhắc nộp",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30,
    retry_condition_fn=if_outside_failed,
)
def queue_reminders(period: Period, clock: Clock) -> int:
    """Queue the reminders that are due now; returns how many are new."""
    return reminding.remind(open_workspace(), period, clock)


@task(
    name="Báo đơn vị chưa nộp khi khóa sổ",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30,
    retry_condition_fn=if_outside_failed,
)
def queue_escalation(period: Period, clock: Clock) -> int:
    """Queue the note to the coordinator; returns how many are new."""
    return reminding.escalate(open_workspace(), period, clock)
