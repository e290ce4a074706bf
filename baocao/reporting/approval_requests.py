"""Trình duyệt: the rendered draft goes to the approver once, and is asked for again as the day comes near."""

from datetime import datetime, timedelta

from baocao.domain.planned.period import Period
from baocao.domain.wording import moment_text
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter, render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.reporting.approval import BASIS_SHOWN, KIND, approvers
from baocao.reporting.prepared import Prepared
from baocao.reporting.report_mail import report_attachments
from baocao.store import audit, reports
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.outbox import messages
from baocao.store.reports import ReportRecord
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

_REMIND_BEFORE = timedelta(days=2)


def request_key(record: ReportRecord) -> str:
    """The key of the request about a prepared version; its reminders' keys begin with it."""
    return f"{KIND}/{record.period}/v{record.version}/{record.basis[:BASIS_SHOWN]}"


def ask(workspace: Workspace, prepared: Prepared, clock: Clock, *, may_remind: bool = True) -> None:
    """Send the rendered draft to the approver, once; from two days before it must be out, once a day again.

    A reminder never goes out on the day of the request, nor where ``may_remind`` is false.
    """
    record = prepared.record
    if record is None:
        return
    key = request_key(record)
    with reading(workspace.engine) as connection:
        asked_at = messages.written_at(connection, key)
        refused = _refused_before(connection, record.period)
    outgoing = []
    if asked_at is None:
        letter = _letter(workspace, prepared, clock, refused)
        outgoing = [_message(workspace, prepared, key, letter)]
    elif may_remind and _is_to_be_reminded(workspace, record.period, asked_at, clock):
        letter = _letter(workspace, prepared, clock, refused, is_reminder=True)
        outgoing = [_message(workspace, prepared, f"{key}/nhac-{clock.now:%Y-%m-%d}", letter)]
    with writing(workspace.engine) as connection:
        reports.set_awaiting(connection, record)
        enqueue(connection, outgoing, workspace.outbox_folder, clock.now)


def _is_to_be_reminded(workspace: Workspace, period: Period, asked_at: datetime, clock: Clock) -> bool:
    report_before = workspace.schedule(period).report_before
    is_another_day = workspace.local(asked_at).date() < workspace.local(clock.now).date()
    return is_another_day and clock.now >= report_before - _REMIND_BEFORE


def _refused_before(connection: Connection, period: Period) -> audit.AuditEntry | None:
    """The last refusal of this period's report, where nobody has approved one since."""
    decided = [one for one in audit.entries(connection, period) if one.action in ("approve", "refuse")]
    return decided[-1] if decided and decided[-1].action == "refuse" else None


def _letter(
    workspace: Workspace,
    prepared: Prepared,
    clock: Clock,
    refused: audit.AuditEntry | None,
    *,
    is_reminder: bool = False,
) -> Letter:
    report = prepared.report
    report_before = workspace.schedule(report.period).report_before
    head = "Nhắc duyệt" if is_reminder else "Trình duyệt"
    return render_letter(
        "approval",
        f"{head}: báo cáo kỳ {report.period.short} (lần {report.version})",
        workspace.plan,
        story=prepared.paper.story,
        period=report.period,
        is_reminder=is_reminder,
        report_before=report_before if clock.now < report_before else None,
        refused=refused,
        refused_at=moment_text(workspace.local(refused.at)) if refused else "",
        is_by_reply=workspace.settings.hears_replies,
    )


def _message(workspace: Workspace, prepared: Prepared, key: str, letter: Letter) -> Outgoing:
    report = prepared.report
    files = report_attachments(report, prepared.folder)
    return letter_to(workspace, approvers(workspace), key, letter, period=report.period, attachments=files)
