"""Whose a file is: its folder's; the sender's, where our mail server vouches for it; or what its Mã nộp proves.

Rule 25 of ``faults.md``. A file that a person let out of the quarantine is whose that person said.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from baocao.domain.submission import QUARANTINE_RULES, Content, Origin, Receipt
from baocao.intake.sender import units_of
from baocao.token import is_token, submission_token
from baocao.workbook.info import check_identity
from baocao.workspace import Workspace

if TYPE_CHECKING:
    from baocao.filing import Read

_TOKEN = "token"  # noqa: S105 - the key of a line on the information sheet


def identify(workspace: Workspace, batch: "Sequence[Read]") -> "list[Read]":
    """The read files with the unit that each counts for; None where nobody knows, and the file is to be held."""
    return [_identified(workspace, one) for one in batch]


def _identified(workspace: Workspace, one: "Read") -> "Read":
    receipt = one.receipt
    if receipt.released_by is not None:
        return replace(one, content=_as_released(workspace, receipt, one.content))
    if receipt.origin is None or receipt.origin.hold:
        return one
    unit = _vouched(workspace, receipt.origin, one.content) or _proven(workspace, one.content)
    return replace(one, receipt=replace(receipt, unit=unit))


def _vouched(workspace: Workspace, origin: Origin, content: Content) -> str | None:
    """The unit of an authentic address; of several that share it, the one that the file names."""
    if not origin.is_authentic:
        return None
    codes = [unit.code for unit in units_of(workspace.plan, origin.sender)]
    return content.unit if content.unit in codes else next(iter(codes), None)


def _proven(workspace: Workspace, content: Content) -> str | None:
    """The unit that the file names, where its Mã nộp was made for just that unit, period and form."""
    given = content.info.get(_TOKEN)
    if not given or content.unit is None or content.period is None or content.form is None:
        return None
    right = submission_token(workspace.home, workspace.plan.code, content.unit, content.period, content.form)
    return content.unit if is_token(str(given), right) else None


def _as_released(workspace: Workspace, receipt: Receipt, content: Content) -> Content:
    """The content for the unit and period that a person named; another period's form is still no good for it."""
    findings = tuple(finding for finding in content.findings if finding.rule not in QUARANTINE_RULES)
    if content.form not in (None, workspace.plan.form_of(receipt.period).key):
        stays = check_identity(content, None, receipt.period)
        return replace(content, unit=receipt.unit, findings=(*findings, *stays))
    return replace(content, unit=receipt.unit, period=receipt.period, findings=findings)


def why_nobodys(origin: Origin) -> str:
    """Why a mailed file counts for nobody, for the coordinator."""
    if origin.hold:
        return origin.hold
    sender = f"từ “{origin.sender}”" if origin.sender else "không rõ người gửi"
    return (
        f"Thư {sender} không được máy chủ thư xác nhận là của đơn vị nào trong kế hoạch, "
        "và Mã nộp trong tệp thiếu hoặc không đúng."
    )
