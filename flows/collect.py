"""Thu báo cáo: take in all that waits, check, store, answer."""

from datetime import datetime

from prefect import flow
from prefect.runtime import flow_run

from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.workspace.admission import admit, begin
from baocao.workspace.workspace import open_workspace
from flows.support.collecting import collect_periods
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, MaybePeriodParameter, described
from flows.support.runners import chosen_runner
from flows.support.taking_up import collect_again
from tasks.agenda import opened_periods
from tasks.approval import approved_periods, wake_decided


def _run_name() -> str:
    """A run that takes in for every opened period names none."""
    period = flow_run.parameters.get("period")
    return f"Thu báo cáo kỳ {period}" if period else "Thu báo cáo"


@flow(
    name="thu-bao-cao",
    description="Tiếp nhận, kiểm tra, lưu, trả lời mọi báo cáo đang chờ của các kỳ đã mở. Chạy lại không làm gì thừa.",
    flow_run_name=_run_name,
    timeout_seconds=4 * 3600,
    task_runner=chosen_runner(),
    **{**HOOKS, "on_crashed": [collect_again, *HOOKS["on_crashed"]]},
)
@described
def collect(period: MaybePeriodParameter = None, as_of: AsOfParameter = None) -> None:
    """Take in all that waits, check, store, answer; for every opened period, or for one."""
    clock = open_workspace().clock(as_of)
    if period is None:
        begin(open_workspace(), clock)
        collect_periods(opened_periods(clock), clock)
    else:
        collect_periods([admit(open_workspace(), Job.COLLECT, period, clock)], clock)
    approved = approved_periods()  # by mail, just now
    if approved:
        _publish(approved, as_of)
    wake_decided()


def _publish(periods: list[Period], as_of: datetime | None) -> None:
    from flows.report import report  # noqa: PLC0415 - what draws reports, which a run that finds none has no need of

    for period in periods:
        report(str(period), as_of)
