"""Làm bù: whatever is due by now and not done, in order."""

from prefect import flow

from baocao.workspace.admission import begin
from baocao.workspace.workspace import open_workspace
from flows.jobs import run_job
from flows.support.collecting import collect_periods
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, described
from flows.support.runners import chosen_runner
from tasks.agenda import due_events, opened_periods
from tasks.approval import wake_decided


@flow(
    name="lam-bu",
    description="So lịch với dữ liệu rồi làm lần lượt mọi việc đã đến hạn mà chưa làm. Chạy lại không làm gì thừa.",
    flow_run_name="Làm bù",
    timeout_seconds=8 * 3600,
    task_runner=chosen_runner(),
    **HOOKS,
)
@described
def catch_up(as_of: AsOfParameter = None) -> None:
    """Do what is due and not done: first take in what waits for any open or past period, then the rest in order."""
    clock = open_workspace().clock(as_of)
    begin(open_workspace(), clock)
    collect_periods(opened_periods(clock), clock, is_full=True)
    for event in due_events(clock):
        run_job(event, as_of)
    wake_decided()
