"""The mail that carries a report: body, charts and files."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.reported.document import Document
from baocao.mail.letters.addressing import Addressee, letter_to
from baocao.mail.letters.answers import Letter
from baocao.mail.letters.compose import Enclosure, Outgoing, lighter
from baocao.narrative.phrases import lower_first
from baocao.narrative.proposals import complete, is_pending
from baocao.narrative.story import Story
from baocao.plan.rollout import ROLLOUT_FOLDER
from baocao.render.mail import render_mail
from baocao.render.papers.paper import Paper, attachment_name
from baocao.workspace.workspace import Workspace

_MIME = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_BYTES = 18 << 20
"""Attachments of this size make a mail of 25 MB, the most that common mail servers take."""
PDF_FILE, SIGNED_FILE = "bao-cao.pdf", "bao-cao-da-ky.pdf"
"""The report, and the signed one, which is mailed in its place."""
_ATTACHED = ("bao-cao.docx", PDF_FILE, "so-lieu.xlsx")


def report_message(workspace: Workspace, paper: Paper, folder: Path, number: str = "") -> Outgoing:
    """The report's mail to all who receive it; one message per period and version.

    Where the server calls it too large, a lighter one with the PDF alone goes out and says where the rest is; at once
    where its files are larger than any server takes. ``number``: the one that a signed report bears.
    """
    report = paper.report
    charts = {name: folder / "bieu-do" / f"{name}.png" for name in paper.mail_charts}
    present = {name: path.read_bytes() for name, path in charts.items() if path.is_file()}
    attachments = (*report_attachments(report, folder), *_draft(report, folder))
    body = render_mail(paper, {name: name for name in present}, _missing(folder), _how_to_answer(workspace, report))
    outgoing = letter_to(
        workspace,
        _recipients(workspace, report.period),
        f"report/{report.period}/v{report.version}",
        Letter(_subject(report, paper.story, number), body.text, body.html),
        period=report.period,
        images=present,
        attachments=attachments,
    )
    where = f"tại {workspace.sender[0]} ({workspace.sender[1]})"
    light = lighter(outgoing, (attachment_name(report, "bao-cao.pdf"),), where)
    if sum(len(content) for _, content, _ in outgoing.attachments) > MOST_BYTES:
        return replace(light, key=outgoing.key)
    return replace(outgoing, fallback=light)


def _how_to_answer(workspace: Workspace, report: Document) -> str:
    """How a reader answers a proposal by replying; nothing where none waits, or no reply would be heard."""
    if not workspace.settings.hears_replies:
        return ""
    numbers = [one.number for one in report.difficulties if one.number and complete(one) and is_pending(report, one)]
    if not numbers:
        return ""
    return (
        "Trả lời ngay thư này để ghi ý kiến, mỗi kiến nghị một dòng, ví dụ: "
        f"“Kiến nghị số {min(numbers, key=int)}: đồng ý; thực hiện: tên đơn vị; hạn: ngày/tháng/năm”."
    )


def report_attachments(report: Document, folder: Path, names: tuple[str, ...] = _ATTACHED) -> tuple[Enclosure, ...]:
    """The rendered files of a report that could be made, under names that tell its period and version."""
    return tuple(_attachment(report, folder / name) for name in names if (folder / name).is_file())


def _draft(report: Document, folder: Path) -> tuple[Enclosure, ...]:
    """The draft of the plan after, in one archive of equal bytes for equal files; nothing where there is none."""
    files = sorted(path for path in (folder / ROLLOUT_FOLDER).rglob("*") if path.is_file())
    if not files:
        return ()
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for path in files:
            archive.writestr(ZipInfo(str(path.relative_to(folder))), path.read_bytes())
    return ((attachment_name(report, f"{ROLLOUT_FOLDER}.zip"), buffer.getvalue(), "application/zip"),)


def _missing(folder: Path) -> tuple[str, ...]:
    return tuple(name for name in _ATTACHED if not (folder / name).is_file())


def _subject(report: Document, story: Story, number: str) -> str:
    """The document's number and trích yếu, marked where it corrects a published report."""
    return report.as_subject(f"Báo cáo {f'số {number}: ' if number else ''}{lower_first(story.subject)}")


def _recipients(workspace: Workspace, period: Period) -> tuple[Addressee, ...]:
    plan = workspace.plan.at(period)
    copied = plan.units if plan.is_report_copied_to_units else ()
    return (*plan.recipients_of(RecipientRole.REPORT), *copied)


def _attachment(report: Document, path: Path) -> Enclosure:
    signed = path.with_name(SIGNED_FILE)
    source = signed if path.name == PDF_FILE and signed.is_file() else path
    return attachment_name(report, path.name), source.read_bytes(), _MIME[path.suffix]
