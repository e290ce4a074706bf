"""Tiếp nhận: files from the inbox into the archive."""

from prefect import task

from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.intake.folder import STABLE_SECONDS, find_waiting
from baocao.intake.taking import take_in_folder
from baocao.workspace import open_workspace
from tasks.retrying import if_outside_failed


@task(
    name="Tiếp nhận tệp",
    task_run_name="Tiếp nhận tệp kỳ {period}",
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=if_outside_failed,
)
def take_in(period: Period, clock: Clock) -> int:
    """Archive and record every file that waits; returns how many were new."""
    workspace = open_workspace()
    stable = 0.0 if clock.is_simulated else STABLE_SECONDS
    units = workspace.plan.unit_by_code
    found = find_waiting(workspace.settings.inbox_folder, units, clock.now, stable)
    return take_in_folder(workspace.engine, workspace.home, found, period, clock.now, is_simulated=clock.is_simulated)
