"""The mail that carries a report: body, charts and files."""

from dataclasses import replace
from pathlib import Path

from baocao.domain.mailbox import Mailbox
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.document import Document
from baocao.mail.letters.compose import Attachment, Outgoing, lighter
from baocao.narrative.phrases import lower_first
from baocao.narrative.telling import AnyReport, story_of
from baocao.render import mail_charts, render_mail
from baocao.reporting.budget_mail import budget_message
from baocao.workspace.workspace import Workspace

_MIME = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BUDGET_FILE = "du-toan.xlsx"
MOST_BYTES = 18 << 20
"""Attachments of this size make a mail of 25 MB, the most that common mail servers take."""
_ATTACHED = ("bao-cao.docx", "bao-cao.pdf", "so-lieu.xlsx")


def report_messages(workspace: Workspace, report: AnyReport, folder: Path) -> list[Outgoing]:
    """Every mail of a report: the report itself, and of an assignment report the budget for the finance office."""
    messages = [_report_message(workspace, report, folder)]
    if isinstance(report, AssignmentReport):
        files = report_attachments(report, folder, (BUDGET_FILE, "bao-cao.pdf"))
        budget = budget_message(workspace, report, files)
        messages += [budget] if budget else []
    return messages


def _report_message(workspace: Workspace, report: AnyReport, folder: Path) -> Outgoing:
    """The report's mail to all who receive it; one message per period and version.

    Where the server calls it too large, a lighter one with the PDF alone goes out and says where the rest is; at once
    where its files are larger than any server takes.
    """
    charts = {name: folder / "bieu-do" / f"{name}.png" for name in mail_charts(report)}
    present = {name: path.read_bytes() for name, path in charts.items() if path.is_file()}
    attachments = report_attachments(report, folder)
    body = render_mail(report, {name: name for name in present}, _missing(folder))
    outgoing = Outgoing(
        plan=workspace.plan.code,
        key=f"report/{report.period}/v{report.version}",
        kind="report",
        period=report.period,
        sender=workspace.sender,
        recipients=_recipients(workspace),
        subject=_subject(report),
        text=body.text,
        html=body.html,
        images=present,
        attachments=attachments,
    )
    where = f"tại {workspace.sender[0]} ({workspace.sender[1]})"
    light = lighter(outgoing, (f"bao-cao-{_stem(report)}.pdf",), where)
    if sum(len(content) for _, content, _ in outgoing.attachments) > MOST_BYTES:
        return replace(light, key=outgoing.key)
    return replace(outgoing, fallback=light)


def report_attachments(report: Document, folder: Path, names: tuple[str, ...] = _ATTACHED) -> tuple[Attachment, ...]:
    """The rendered files of a report that could be made, under names that tell its period and version."""
    return tuple(_attachment(folder / name, _stem(report)) for name in names if (folder / name).is_file())


def _missing(folder: Path) -> tuple[str, ...]:
    return tuple(name for name in _ATTACHED if not (folder / name).is_file())


def _stem(report: Document) -> str:
    return f"{report.period}" if report.version == 1 else f"{report.period}-dinh-chinh-{report.version - 1}"


def _subject(report: AnyReport) -> str:
    """The document's trích yếu, marked where it corrects a published report."""
    subject = f"Báo cáo {lower_first(story_of(report).subject)}"
    return f"[Đính chính lần {report.version - 1}] {subject}" if report.is_restatement else subject


def _recipients(workspace: Workspace) -> tuple[Mailbox, ...]:
    plan = workspace.plan
    named = [(one.name, one.email) for one in plan.recipients_of(RecipientRole.REPORT)]
    if plan.is_report_copied_to_units:
        named += [(unit.name, unit.email) for unit in plan.units]
    return tuple(named)


def _attachment(path: Path, stem: str) -> Attachment:
    return f"{path.stem}-{stem}{path.suffix}", path.read_bytes(), _MIME[path.suffix]
