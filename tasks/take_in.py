"""Tiếp nhận: files from the inbox and from the mailbox into the archive."""

from prefect import task

from baocao.domain.planned.period import Period
from baocao.intake.sources import take_in_all
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import if_outside_failed


@task(
    name="Tiếp nhận tệp",
    task_run_name="Tiếp nhận tệp kỳ {period}",
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=if_outside_failed,
)
def take_in(period: Period, clock: Clock) -> int:
    """Archive and record every file that waits; returns how many were new."""
    return take_in_all(open_workspace(), period, clock)
