"""Báo chưa nộp: Escalation: the coordinator learns at the close who has not reported."""

from prefect import flow

from baocao.domain.planned.job import Job
from baocao.system.clock import read_clock
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.support.alerts import alert_operators, settle
from flows.support.parameters import AsOfParameter, PeriodParameter, described
from flows.support.signing import sign_run
from tasks.deliver import deliver
from tasks.remind import queue_escalation


@flow(
    name="bao-chua-nop",
    description="Khi khóa sổ, báo cán bộ tổng hợp các đơn vị chưa có báo cáo.",
    flow_run_name="Báo chưa nộp kỳ {period}",
    timeout_seconds=3600,
    on_running=[sign_run],
    on_completion=[settle],
    on_failure=[alert_operators],
    on_crashed=[alert_operators],
)
@described
def escalate(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Escalation: the coordinator learns at the close who has not reported."""
    clock = read_clock(as_of, open_workspace().zone)
    queue_escalation(admit(open_workspace(), Job.ESCALATE, period, clock), clock)
    deliver(clock)
