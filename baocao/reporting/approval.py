"""Phê duyệt: where BAOCAO_APPROVAL is ``required``, a report goes out only after a person has said so."""

from sqlalchemy import Connection

from baocao.decisions.overrides import LONGEST_NAME
from baocao.domain.mailbox import Mailbox
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.wording import moment_text
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.reporting.prepared import Prepared
from baocao.store import audit, reports
from baocao.store.engine.database import writing
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.clock import Clock
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace

_ACTIONS = {ReportState.APPROVED: "approve", ReportState.REFUSED: "refuse"}


def is_waiting(workspace: Workspace, prepared: Prepared) -> bool:
    """Whether this report must wait for a person's decision."""
    record = prepared.record
    undecided = (ReportState.PREPARED, ReportState.AWAITING)
    return workspace.settings.approval == "required" and record is not None and record.state in undecided


def approve(workspace: Workspace, period: Period, name: str, clock: Clock) -> None:
    """Let the newest version of a period's report go out; who and when is kept, and printed in report and mail.

    Raises:
        UsageError: the name is empty.
        NotDueError: there is no report that waits.
    """
    _decide(workspace, period, ReportState.APPROVED, name, "", clock)


def refuse(workspace: Workspace, period: Period, name: str, reason: str, clock: Clock) -> None:
    """Keep the newest version of a period's report from going out; it is made anew when the facts change.

    Those who must act are written to: coordinators, operators, and the unit that puts reports forward.

    Raises:
        UsageError: the name or the reason is empty.
        NotDueError: there is no report that waits.
    """
    _decide(workspace, period, ReportState.REFUSED, name, reason, clock)


def _decide(workspace: Workspace, period: Period, state: ReportState, name: str, reason: str, clock: Clock) -> None:
    with writing(workspace.engine) as connection:
        is_noted = decide_in(connection, workspace, period, state, name, reason, clock)
    if not is_noted:
        raise NotDueError(
            f"Không có báo cáo kỳ {period.short} nào chờ duyệt; hãy chạy: baocao report --period {period}."
        )


def decide_in(
    connection: Connection,
    workspace: Workspace,
    period: Period,
    state: ReportState,
    name: str,
    reason: str,
    clock: Clock,
) -> bool:
    """Note a decision on the newest version in the caller's transaction, with its line in the audit book.

    Idempotent: the same decision of the same person is noted once. Until the report is published, another decision
    takes its place. Returns False where no report waits.

    Raises:
        UsageError: the name is empty, or a refusal has no reason.
    """
    who, why = " ".join(name.split()), " ".join(reason.split())
    _check(state, who, why)
    before = reports.latest(connection, period)
    if before is None or not reports.decide(connection, period, state, who, why, clock.now):
        return False
    if (before.state, before.decided_by, before.decision_reason or "") == (state, who, why):
        return True
    subject = f"report/{period}/v{before.version}"
    details = {"version": before.version, "basis": before.basis, "before": before.state.value}
    number = audit.record(connection, clock.now, who, _ACTIONS[state], subject, why, details, period=period)
    if state is ReportState.REFUSED:
        letters = _refusal(workspace, before, number, who, why, clock)
        enqueue(connection, letters, workspace.outbox_folder, clock.now)
    return True


def _check(state: ReportState, who: str, why: str) -> None:
    if not who or len(who) > LONGEST_NAME:
        raise UsageError("Duyệt hay không duyệt đều phải có họ tên người quyết định.")
    if state is ReportState.REFUSED and not why:
        raise UsageError("Không duyệt thì phải nêu lý do: thêm --reason “…”.")


def _refusal(
    workspace: Workspace, record: ReportRecord, number: int, who: str, why: str, clock: Clock
) -> list[Outgoing]:
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
        who=who,
        reason=why,
        decided=moment_text(workspace.local(clock.now)),
    )
    return [
        Outgoing(
            plan=workspace.plan.code,
            key=f"refusal/{period}/v{record.version}/{number}",
            kind="refusal",
            period=period,
            sender=workspace.sender,
            recipients=recipients,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
        )
    ]


def _those_who_act(workspace: Workspace) -> tuple[Mailbox, ...]:
    """Coordinators, operators and the coordinating unit, each address once; never the mailbox that reads replies."""
    plan = workspace.plan
    roles = (RecipientRole.COORDINATOR, RecipientRole.OPERATOR)
    people = [(one.name, one.email) for role in roles for one in plan.recipients_of(role)]
    office = plan.unit_by_code[plan.coordinator]
    everyone = [*people, (office.name, office.email)]
    own = workspace.sender[1].lower() if workspace.settings.smtp_from else ""
    return tuple(
        {address.lower(): (name, address) for name, address in reversed(everyone) if address.lower() != own}.values()
    )
