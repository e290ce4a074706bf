"""Trình ký: where BAOCAO_RELEASE is ``signed``, a report that may go out is put to whom signs it; light, unlike the
verifying of what comes back.
"""

from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.reporting.prepared import Prepared
from baocao.reporting.report_mail import PDF_FILE, report_attachments
from baocao.reporting.signed.asking import KIND, asked
from baocao.store import reports
from baocao.store.engine.database import writing
from baocao.store.reports import ReportRecord
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

_BASIS_SHOWN = 8


def await_signature(workspace: Workspace, prepared: Prepared, clock: Clock) -> bool:
    """Ask for the signed file of a report that may go out, once. Returns whether this call did so."""
    record = prepared.record
    if record is None:
        return False
    must_be_approved = workspace.settings.approval == "required"
    with writing(workspace.engine) as connection:
        if not reports.set_signing(connection, record, must_be_approved=must_be_approved):
            return False
        enqueue(connection, [_request(workspace, prepared, record)], workspace.outbox_folder, clock.now)
    return True


def _request(workspace: Workspace, prepared: Prepared, record: ReportRecord) -> Outgoing:
    """To the coordinator, with the very file that is to be signed."""
    report = prepared.report
    subject = f"Chờ ký số: báo cáo kỳ {report.period.short} (lần {report.version})"
    letter = render_letter(
        "signing",
        subject,
        workspace.plan,
        period=report.period,
        version=report.version,
        is_by_reply=workspace.settings.hears_replies,
    )
    key = f"{KIND}/{report.period}/v{report.version}/{record.basis[:_BASIS_SHOWN]}"
    files = report_attachments(report, prepared.folder, (PDF_FILE,))
    return letter_to(workspace, asked(workspace), key, letter, period=report.period, attachments=files)
