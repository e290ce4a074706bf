"""Phê duyệt: where BAOCAO_APPROVAL is ``required``, a report goes out only after a person has said so."""

from baocao.decisions.signing import APPROVAL, REFUSAL, sign
from baocao.domain.mailbox import Mailbox
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Recipient, RecipientRole
from baocao.domain.signature import Channel, Signature
from baocao.domain.wording import moment_text
from baocao.mail.letters.addressing import letter_to, mailbox_of
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.reporting.prepared import Prepared
from baocao.store import audit, reports
from baocao.store.engine.database import writing
from baocao.store.engine.names import Connection
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.clock import Clock
from baocao.system.errors import NotDueError
from baocao.workspace.workspace import Workspace

KIND = "approve"
BASIS_SHOWN = 8
"""So many signs of a report's basis stand in the key of its request: a reply is about these facts and no others."""

_ACTIONS = {ReportState.APPROVED: "approve", ReportState.REFUSED: "refuse"}


def is_waiting(workspace: Workspace, prepared: Prepared) -> bool:
    """Whether this report must wait for a person's decision."""
    record = prepared.record
    undecided = (ReportState.PREPARED, ReportState.AWAITING)
    return workspace.settings.approval == "required" and record is not None and record.state in undecided


def approvers(workspace: Workspace) -> tuple[Recipient, ...]:
    """Who may approve."""
    return workspace.plan.recipients_of(RecipientRole.APPROVER)


def approve(workspace: Workspace, period: Period, name: str, clock: Clock, channel: Channel = Channel.COMMAND) -> None:
    """Let the newest version of a period's report go out; who and when is kept, and printed in report and mail.

    Raises:
        UsageError: the name is empty.
        NotDueError: there is no report that waits.
    """
    _decide(workspace, period, ReportState.APPROVED, sign_decision(name, "", clock, channel, is_approved=True))


def refuse(
    workspace: Workspace, period: Period, name: str, reason: str, clock: Clock, channel: Channel = Channel.COMMAND
) -> None:
    """Keep the newest version of a period's report from going out; it is made anew when the facts change.

    Those who must act are written to: coordinators, operators, and the unit that puts reports forward.

    Raises:
        UsageError: the name or the reason is empty.
        NotDueError: there is no report that waits.
    """
    _decide(workspace, period, ReportState.REFUSED, sign_decision(name, reason, clock, channel, is_approved=False))


def sign_decision(name: str, reason: str, clock: Clock, channel: Channel, *, is_approved: bool) -> Signature:
    """An approver's signature, with the reason on one line.

    Raises:
        UsageError: the name is empty, or a refusal has no reason.
    """
    return sign(name, " ".join(reason.split()), clock, channel, APPROVAL if is_approved else REFUSAL)


def _decide(workspace: Workspace, period: Period, state: ReportState, signed: Signature) -> None:
    with writing(workspace.engine) as connection:
        is_noted = decide_in(connection, workspace, period, state, signed)
    if not is_noted:
        raise NotDueError(
            f"Không có báo cáo kỳ {period.short} nào chờ duyệt; hãy chạy: baocao report --period {period}."
        )


def decide_in(
    connection: Connection, workspace: Workspace, period: Period, state: ReportState, signed: Signature
) -> bool:
    """Note a decision on the newest version in the caller's transaction, with its line in the audit book.

    Idempotent: the same decision of the same person is noted once. Until the report is published, another decision
    takes its place. Returns False where no report waits.
    """
    who, why = signed.name, signed.reason
    before = reports.latest(connection, period)
    if before is None or not reports.decide(connection, period, state, who, why, signed.at):
        return False
    if (before.state, before.decided_by, before.decision_reason or "") == (state, who, why):
        return True
    subject = f"report/{period}/v{before.version}"
    details = {"version": before.version, "basis": before.basis, "before": before.state.value}
    number = audit.record(connection, signed, _ACTIONS[state], subject, details, period=period)
    if state is ReportState.REFUSED:
        enqueue(connection, _refusal(workspace, before, number, signed), workspace.outbox_folder, signed.at)
    return True


def _refusal(workspace: Workspace, record: ReportRecord, number: int, signed: Signature) -> list[Outgoing]:
    """To those who must act: that a report was refused, why, and what to do."""
    recipients = _those_who_act(workspace)
    if not recipients:
        return []
    period = record.period
    letter = render_letter(
        "refusal",
        f"Không được duyệt: báo cáo kỳ {period.short} (lần {record.version})",
        workspace.plan,
        period=period,
        version=record.version,
        who=signed.name,
        reason=signed.reason,
        decided=moment_text(workspace.local(signed.at)),
    )
    return [letter_to(workspace, recipients, f"refusal/{period}/v{record.version}/{number}", letter, period=period)]


def _those_who_act(workspace: Workspace) -> tuple[Mailbox, ...]:
    """Coordinators, operators and the coordinating unit, each address once; never the mailbox that reads replies."""
    plan = workspace.plan
    roles = (RecipientRole.COORDINATOR, RecipientRole.OPERATOR)
    people = [mailbox_of(one) for role in roles for one in plan.recipients_of(role)]
    everyone = [*people, mailbox_of(plan.unit_by_code[plan.coordinator])]
    own = workspace.sender[1].lower() if workspace.settings.smtp_from else ""
    return tuple(
        {address.lower(): (name, address) for name, address in reversed(everyone) if address.lower() != own}.values()
    )
