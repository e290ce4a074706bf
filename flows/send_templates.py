"""Gửi biểu mẫu: Blank forms: each unit gets its pre-filled form, by mail and in its folder."""

from prefect import flow

from baocao.domain.planned.job import Job
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.support.hooks import HOOKS
from flows.support.parameters import AsOfParameter, PeriodParameter, described
from tasks.deliver import deliver
from tasks.remind import queue_forms


@flow(
    name="gui-bieu-mau",
    description="Gửi cho mỗi đơn vị biểu mẫu đã điền sẵn của một kỳ. Thư đã gửi không gửi lại.",
    flow_run_name="Gửi biểu mẫu kỳ {period}",
    timeout_seconds=3600,
    **HOOKS,
)
@described
def send_templates(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Blank forms: each unit gets its pre-filled form, by mail and in its folder."""
    clock = open_workspace().clock(as_of)
    queue_forms(admit(open_workspace(), Job.SEND_TEMPLATES, period, clock), clock)
    deliver(clock)
