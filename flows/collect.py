"""Thu báo cáo: take in all that waits, check, store, answer."""

from prefect import flow

from baocao.domain.planned.job import Job
from baocao.system.clock import read_clock
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.report import report
from flows.support.collecting import collect_periods
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, PeriodParameter, described
from flows.support.runners import chosen_runner
from tasks.approval import approved_periods, wake_decided


@flow(
    name="thu-bao-cao",
    description="Tiếp nhận, kiểm tra, lưu và trả lời mọi báo cáo đang chờ của một kỳ. Chạy lại không làm gì thừa.",
    flow_run_name="Thu báo cáo kỳ {period}",
    timeout_seconds=4 * 3600,
    task_runner=chosen_runner(),
    **HOOKS,
)
@described
def collect(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Take in all that waits, check, store, answer."""
    clock = read_clock(as_of, open_workspace().zone)
    collect_periods([admit(open_workspace(), Job.COLLECT, period, clock)], clock)
    for approved in approved_periods():  # by mail, just now
        report(str(approved), as_of)
    wake_decided()
