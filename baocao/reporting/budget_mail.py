"""Thư dự toán: what the units ask for, to the finance office, which adds it up and finds the money (section V.3)."""

from pathlib import Path

from baocao.domain.planned.plan import RecipientRole
from baocao.domain.reported.assignment import AssignmentReport
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.narrative.assignment import budget_paragraphs, money_text
from baocao.render.papers.assignment import BUDGET_BOOK
from baocao.reporting.report_mail import PDF_FILE, report_attachments
from baocao.workspace.workspace import Workspace

_FILES = (BUDGET_BOOK, PDF_FILE)


def budget_letters(workspace: Workspace, report: AssignmentReport, folder: Path) -> list[Outgoing]:
    """A letter with the budget workbook and the report; none where nothing is asked for or nobody is to be told.

    One message per version of the report: its key is ``budget/<period>/v<n>``.
    """
    recipients = workspace.plan.recipients_of(RecipientRole.BUDGET)
    if not report.budget or not recipients:
        return []
    attachments = report_attachments(report, folder, _FILES)
    letter = render_letter(
        "budget",
        report.as_subject(f"Dự toán kinh phí {report.short_title}"),
        workspace.plan,
        addressees=[one.name for one in recipients],
        total=money_text(report.budget_total_mil_vnd),
        paragraphs=[(text.removeprefix("- "), text.startswith("- ")) for text in budget_paragraphs(report)],
        files=[name for name, _, _ in attachments],
    )
    key = f"budget/{report.period}/v{report.version}"
    return [letter_to(workspace, recipients, key, letter, period=report.period, attachments=attachments)]
