"""Thư dự toán: what the units ask for, to the finance office, which adds it up and finds the money (section V.3)."""

from baocao.domain.planned.plan import RecipientRole
from baocao.domain.reported.assignment import AssignmentReport
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Enclosure, Outgoing
from baocao.narrative.assignment import budget_paragraphs, money_text
from baocao.workspace.workspace import Workspace


def budget_message(
    workspace: Workspace, report: AssignmentReport, attachments: tuple[Enclosure, ...]
) -> Outgoing | None:
    """A letter with the budget workbook; None where nothing is asked for or nobody is to be told.

    One message per version of the report: its key is ``budget/<period>/v<n>``.
    """
    recipients = workspace.plan.recipients_of(RecipientRole.BUDGET)
    if not report.budget or not recipients:
        return None
    correction = f"[Đính chính lần {report.version - 1}] " if report.is_restatement else ""
    letter = render_letter(
        "budget",
        f"{correction}Dự toán kinh phí {report.short_title}",
        workspace.plan,
        addressees=[one.name for one in recipients],
        total=money_text(report.budget_total_mil_vnd),
        paragraphs=[(text.removeprefix("- "), text.startswith("- ")) for text in budget_paragraphs(report)],
        files=[name for name, _, _ in attachments],
    )
    key = f"budget/{report.period}/v{report.version}"
    return letter_to(workspace, recipients, key, letter, period=report.period, attachments=attachments)
