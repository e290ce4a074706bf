"""Nhắc nộp: Reminders: only to units without an accepted submission."""

from prefect import flow

from baocao.domain.planned.job import Job
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, PeriodParameter, described
from tasks.deliver import deliver
from tasks.remind import queue_reminders


@flow(
    name="nhac-nop",
    description="Nhắc các đơn vị chưa có báo cáo được chấp nhận. Mỗi lần nhắc chỉ gửi một lần.",
    flow_run_name="Nhắc nộp kỳ {period}",
    timeout_seconds=3600,
    **HOOKS,
)
@described
def remind(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Reminders: only to units without an accepted submission."""
    clock = open_workspace().clock(as_of)
    queue_reminders(admit(open_workspace(), Job.REMIND, period, clock), clock)
    deliver(clock)
