"""Thư dự toán: what the units ask for, to the finance office, which adds it up and finds the money (section V.3)."""

from baocao.domain.assignment import AssignmentReport
from baocao.domain.narrative import issuer_name
from baocao.domain.narrative_assignment import budget_paragraphs, money_text
from baocao.domain.plan import RecipientRole
from baocao.mail.compose import Attachment, Outgoing
from baocao.workspace import Workspace


def budget_message(
    workspace: Workspace, report: AssignmentReport, attachments: tuple[Attachment, ...]
) -> Outgoing | None:
    """A letter with the budget workbook; None where nothing is asked for or nobody is to be told.

    One message per version of the report: its key is ``budget/<period>/v<n>``.
    """
    recipients = workspace.plan.recipients_of(RecipientRole.BUDGET)
    if not report.budget or not recipients:
        return None
    correction = f"[Đính chính lần {report.version - 1}] " if report.is_restatement else ""
    return Outgoing(
        plan=workspace.plan.code,
        key=f"budget/{report.period}/v{report.version}",
        kind="budget",
        period=report.period,
        sender=workspace.sender,
        recipients=tuple((one.name, one.email) for one in recipients),
        subject=f"{correction}Dự toán kinh phí {report.short_title}",
        text=budget_letter(report, tuple(one.name for one in recipients), tuple(name for name, _, _ in attachments)),
        attachments=attachments,
    )


def budget_letter(report: AssignmentReport, addressees: tuple[str, ...], files: tuple[str, ...]) -> str:
    """The letter: what is asked for, in all, by unit, source and task, and where the figures are."""
    marks = ("SỐ LIỆU MÔ PHỎNG, không phải số liệu thật",) if report.is_sample else ()
    asked = (
        f"Thực hiện {report.plan_title}, {issuer_name(report)} gửi dự toán kinh phí do các đơn vị đề nghị, tổng cộng "
        f"{money_text(report.budget_total_mil_vnd)}, để tổng hợp, thẩm định và tham mưu bố trí kinh phí."
    )
    parts = (
        f"Kính gửi: {', '.join(addressees)}.",
        *marks,
        asked,
        "\n".join(budget_paragraphs(report)),
        f"Kèm theo: {', '.join(files)}.",
        f"Trân trọng,\n{issuer_name(report)}",
    )
    return "\n\n".join(parts) + "\n"
