"""Trả lại: marked copies of a batch's workbooks with findings, made in parallel by killable processes, and kept."""

from collections.abc import Mapping, Sequence

from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Checked, Submission, Verdict
from baocao.intake.filing.batch import FiledRound, Read
from baocao.intake.filing.returned import is_marked_document
from baocao.isolation.pools import mark_safely
from baocao.mail.files import write_all
from baocao.store.archive import archive_path
from baocao.workbook.marking.request import Marking
from baocao.workbook.marking.uncoded import without_codes
from baocao.workspace.workspace import Workspace

Copies = Mapping[int, bytes]
"""Marked copies by the receipt that they answer."""


def mark_returned(workspace: Workspace, batch: Sequence[Read], checked: Sequence[Checked]) -> Copies:
    """The marked copy of every rejected workbook of a batch, and of accepted ones with warnings, as far as one can be
    made.

    Warnings are explained beside them in it. Unreadable workbooks have none.
    Nothing is stored; the same batch gives the same copies.
    """
    asked = {
        one.receipt.id: Marking(archive_path(workspace.home, one.receipt.sha256, one.receipt.name), result)
        for one, result in zip(batch, checked, strict=True)
        if result.verdict is Verdict.REJECTED or _is_asked(result)
    }
    copies = mark_safely(workspace.plan, list(asked.values()))
    return {receipt: copy for receipt, copy in zip(asked, copies, strict=True) if copy is not None}


def _is_asked(checked: Checked) -> bool:
    has_warnings = any(one.severity is Severity.WARNING for one in checked.findings)
    return checked.verdict is Verdict.ACCEPTED and has_warnings


def lay_returned(workspace: Workspace, outcome: FiledRound, copies: Copies) -> None:
    """Lay the marked copies of a filed batch into ``returned/<period>/<unit>/v<n>.xlsx``, before the commit.

    A marked document is ``v<n>.docx``.

    The folder may be shared, so they hold no Mã nộp; the copy that is mailed to the unit does.
    Idempotent; what a transaction that was rolled back left there is written over.

    Raises:
        OutsideServiceError: the disk refuses.
    """
    laid = {
        _place(workspace, new, copies[receipt]): without_codes(
            copies[receipt], [str(filed.checked.content.info.get("token") or "")]
        )
        for new, filed in outcome.submissions
        if (receipt := filed.receipt.id) in copies
    }
    write_all(workspace.home, laid)


def _place(workspace: Workspace, new: Submission, copy: bytes) -> str:
    path = workspace.returned_path(new.period, new.unit, new.version).relative_to(workspace.home)
    return str(path.with_suffix(".docx") if is_marked_document(copy) else path)
