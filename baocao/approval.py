"""Phê duyệt: where BAOCAO_APPROVAL is ``required``, a report goes out only after a person has said so."""

from datetime import timedelta

from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.domain.plan import RecipientRole
from baocao.domain.telling import story_of
from baocao.errors import NotDueError
from baocao.mail.compose import Outgoing
from baocao.mail.letters import render_letter
from baocao.mail.outbox import enqueue
from baocao.mail.reports import report_attachments
from baocao.reporting import Prepared
from baocao.store import reports
from baocao.store.database import writing
from baocao.store.reports import ReportState
from baocao.workspace import Workspace

_REMIND_BEFORE = timedelta(days=2)


def is_waiting(workspace: Workspace, prepared: Prepared) -> bool:
    """Whether this report must wait for a person's decision."""
    record = prepared.record
    undecided = (ReportState.PREPARED, ReportState.AWAITING)
    return workspace.settings.approval == "required" and record is not None and record.state in undecided


def ask(workspace: Workspace, prepared: Prepared, clock: Clock) -> None:
    """Send the rendered draft to the approver, once; and once a day again when the report must soon be out."""
    record = prepared.record
    if record is None:
        return
    report = prepared.report
    report_before = workspace.schedule(report.period).report_before
    is_late = clock.now >= report_before - _REMIND_BEFORE
    key = f"approve/{report.period}/v{record.version}/{record.basis[:8]}"
    head = f"Nhắc duyệt, cần gửi trước ngày {report_before:%d/%m/%Y}" if is_late else "Trình duyệt"
    letter = render_letter(
        "approval",
        f"{head}: báo cáo kỳ {report.period.short} (lần {record.version})",
        workspace.plan,
        story=story_of(report),
        period=report.period,
        report_before=report_before,
    )
    message = Outgoing(
        plan=workspace.plan.code,
        key=f"{key}/nhac-{clock.now:%Y-%m-%d}" if is_late else key,
        kind="approve",
        period=report.period,
        sender=workspace.sender,
        recipients=tuple((one.name, one.email) for one in workspace.plan.recipients_of(RecipientRole.APPROVER)),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        attachments=report_attachments(report, prepared.folder),
    )
    with writing(workspace.engine) as connection:
        reports.set_awaiting(connection, record)
        enqueue(connection, [message], workspace.outbox_folder, clock.now)


def approve(workspace: Workspace, period: Period, name: str, clock: Clock) -> None:
    """Let the newest version of a period's report go out; who and when is kept and printed in the report.

    Raises:
        NotDueError: there is no report that waits.
    """
    _decide(workspace, period, ReportState.APPROVED, name, "", clock)


def refuse(workspace: Workspace, period: Period, name: str, reason: str, clock: Clock) -> None:
    """Keep the newest version of a period's report from going out; it is made anew when the facts change.

    Raises:
        NotDueError: there is no report that waits.
    """
    _decide(workspace, period, ReportState.REFUSED, name, reason, clock)


def _decide(workspace: Workspace, period: Period, state: ReportState, name: str, reason: str, clock: Clock) -> None:
    with writing(workspace.engine) as connection:
        is_noted = reports.decide(connection, period, state, name, reason, clock.now)
    if not is_noted:
        raise NotDueError(
            f"Không có báo cáo kỳ {period.short} nào chờ duyệt; hãy chạy: baocao report --period {period}."
        )
