"""Chờ duyệt: a scheduled run is suspended until its approver decides; else, as in a catch-up, the database waits."""

from typing import Any, Literal

from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import deployment, flow_run
from pydantic import ConfigDict, Field

from baocao.reporting.prepared import Prepared
from baocao.system.clock import Clock
from tasks.approval import APPROVED, REFUSED, note_decision, waits_for_approval
from tasks.deliver import deliver
from tasks.report import ask_approver, prepare, render
from tasks.support.handing import whole

WAIT_SECONDS = 30 * 24 * 3600
_SOMETHING = r"\S"
_FORM: dict[str, Any] = {
    "title": "Duyệt báo cáo",
    "description": "Ý kiến được ghi vào nhật ký; họ tên người duyệt in trong báo cáo và thư gửi đi.",
    # a refusal needs a reason; Prefect's server refuses the form without one
    "if": {"properties": {"decision": {"const": REFUSED}}, "required": ["decision"]},
    "then": {"properties": {"reason": {"pattern": _SOMETHING}}, "required": ["reason"]},
}


class ApprovalInput(RunInput):
    """What the approver fills in when the run is resumed."""

    model_config = ConfigDict(json_schema_extra=_FORM)

    decision: Literal["Duyệt", "Không duyệt"] = Field(
        default=APPROVED,
        title="Quyết định",
        description="Duyệt: báo cáo được gửi đi ngay. Không duyệt: báo cáo không được gửi, người phải sửa được báo.",
    )
    name: str = Field(title="Họ tên người duyệt", description="Bắt buộc. In trong báo cáo và thư.", pattern=_SOMETHING)
    reason: str = Field(
        default="", title="Lý do", description="Bắt buộc khi không duyệt: cần sửa gì. Khi duyệt thì để trống."
    )


def await_approval(prepared: Prepared, clock: Clock) -> Prepared:
    """The report as it may go out: approved, refused, or still waiting where this run cannot wait.

    A run that was resumed does not remind the approver, who has just answered.
    """
    if not waits_for_approval(whole(prepared)):
        return prepared
    ask_approver(whole(prepared), clock, may_remind=(flow_run.run_count or 0) <= 1)
    deliver(clock)
    if deployment.id is None or flow_run.parent_flow_run_id is not None:  # Prefect suspends no subflow
        return prepared
    answer = suspend_flow_run(wait_for_input=ApprovalInput, timeout=WAIT_SECONDS, key=_key(prepared))
    is_approved = answer.decision == APPROVED
    note_decision(prepared.report.period, answer.name, answer.reason, clock, is_approved=is_approved)
    approved = prepare(prepared.report.period, clock, is_draft=False)
    render(whole(approved))
    return approved


def _key(prepared: Prepared) -> str:
    return f"duyet-{prepared.report.period}-{prepared.record.basis[:8] if prepared.record else 'du-thao'}"
