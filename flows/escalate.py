"""Báo chưa nộp: Escalation: the coordinator learns at the close who has not reported."""

from prefect import flow

from baocao.domain.planned.job import Job
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, PeriodParameter, described
from tasks.deliver import deliver
from tasks.remind import queue_escalation


@flow(
    name="bao-chua-nop",
    description="Khi khóa sổ, báo cán bộ tổng hợp các đơn vị chưa có báo cáo.",
    flow_run_name="Báo chưa nộp kỳ {period}",
    timeout_seconds=3600,
    **HOOKS,
)
@described
def escalate(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Escalation: the coordinator learns at the close who has not reported."""
    clock = open_workspace().clock(as_of)
    queue_escalation(admit(open_workspace(), Job.ESCALATE, period, clock), clock)
    deliver(clock)
