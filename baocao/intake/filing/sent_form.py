"""The form goes along where a unit sent a Word or PDF document in its place."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Checked
from baocao.intake.filing.returned import XLSX
from baocao.mail.letters.compose import Outgoing
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.formats.guard import DOCUMENT_REMEDY
from baocao.workspace.workspace import Workspace

_DOCUMENTS = frozenset({".docx", ".doc", ".odt", ".rtf", ".pdf"})


def is_document(checked: Checked) -> bool:
    """Whether a file is a document where a workbook is wanted."""
    return any(finding.message.endswith(DOCUMENT_REMEDY) for finding in checked.findings)


def names_documents(names: Iterable[str]) -> bool:
    """Whether there is a document among files, by their names."""
    return any(PurePath(name.strip().lower()).suffix in _DOCUMENTS for name in names)


def with_form(message: Outgoing, workspace: Workspace, unit: str, period: Period) -> Outgoing:
    """The message with the unit's form of the period: as it was laid for the unit, else a blank one."""
    laid = workspace.form_path(unit, period)
    data = laid.read_bytes() if laid.is_file() else _blank(workspace, unit, period)
    return replace(message, attachments=(*message.attachments, (laid.name, data, XLSX)))


def _blank(workspace: Workspace, unit: str, period: Period) -> bytes:
    from baocao.workbook.blank.blank import write_blank  # noqa: PLC0415 - openpyxl, for a document in a form's place

    plan = workspace.plan
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.xlsx"
        write_blank(plan, plan.form_of(period), plan.unit_by_code[unit], period, NOTHING_KNOWN, path)
        return path.read_bytes()
