"""Chờ duyệt: a scheduled run is suspended until its approver decides; else, as in a catch-up, the database waits."""

from enum import StrEnum

from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import deployment, flow_run
from pydantic import Field

from baocao.clock import Clock
from baocao.reporting import Prepared
from tasks.approval import ask_approver, note_decision, waits_for_approval
from tasks.handing import whole
from tasks.report import prepare, render

WAIT_SECONDS = 30 * 24 * 3600


class Decision(StrEnum):
    """What an approver can say."""

    APPROVE = "Duyệt"
    REFUSE = "Không duyệt"


class ApprovalInput(RunInput):
    """What the approver fills in when the run is resumed."""

    decision: Decision = Field(default=Decision.APPROVE, title="Quyết định")
    name: str = Field(title="Họ tên người duyệt", min_length=2)
    reason: str = Field(default="", title="Lý do (khi không duyệt)")


def await_approval(prepared: Prepared, clock: Clock) -> Prepared:
    """The report as it may go out: approved, refused, or still waiting where this run cannot wait."""
    if not waits_for_approval(whole(prepared)):
        return prepared
    ask_approver(whole(prepared), clock)
    if deployment.id is None or flow_run.parent_flow_run_id is not None:  # Prefect suspends no subflow
        return prepared
    answer = suspend_flow_run(wait_for_input=ApprovalInput, timeout=WAIT_SECONDS, key=_key(prepared))
    is_approved = answer.decision is Decision.APPROVE
    note_decision(prepared.report.period, answer.name, answer.reason, clock, is_approved=is_approved)
    approved = prepare(prepared.report.period, clock, is_draft=False)
    render(whole(approved))
    return approved


def _key(prepared: Prepared) -> str:
    return f"duyet-{prepared.report.period}-{prepared.record.basis[:8] if prepared.record else 'du-thao'}"
