"""Whose a file is: its folder's; the sender's, where our mail server vouches for it; or what its Mã nộp proves.

Rule 25 of ``faults.md``. A file that a person let out of the quarantine is whose that person said.
"""

from collections.abc import Sequence
from dataclasses import replace

from baocao.domain.received.submission import QUARANTINE_RULES, Content, Origin, Receipt
from baocao.intake.filing.batch import Read
from baocao.message.sender import units_of
from baocao.store.codes import renewals
from baocao.store.engine.database import reading
from baocao.store.outbox.bounced import is_answer_to
from baocao.workbook.reading.info import check_identity
from baocao.workspace.submission_code import is_token, submission_token
from baocao.workspace.workspace import Workspace

_TOKEN = "token"  # noqa: S105 - the key of a line on the information sheet


def identify(workspace: Workspace, batch: Sequence[Read]) -> list[Read]:
    """The read files with the unit that each counts for; None where nobody knows, and the file is to be held."""
    return [_identified(workspace, one) for one in batch]


def _identified(workspace: Workspace, one: Read) -> Read:
    receipt = one.receipt
    if receipt.released_by is not None:
        return replace(one, content=_as_released(workspace, receipt, one.content))
    if receipt.origin is None or receipt.origin.hold:
        return one
    unit = _vouched(workspace, receipt.origin, one.content) or _proven(workspace, receipt.origin, one.content)
    return replace(one, receipt=replace(receipt, unit=unit))


def _vouched(workspace: Workspace, origin: Origin, content: Content) -> str | None:
    """The unit of an authentic address; of several that share it, the one that the file names."""
    if not origin.is_authentic:
        return None
    codes = [unit.code for unit in units_of(workspace.plan, origin.sender)]
    return content.unit if content.unit in codes else next(iter(codes), None)


def _proven(workspace: Workspace, origin: Origin, content: Content) -> str | None:
    """The unit that the file names, where its Mã nộp was made for just that unit, period and form, and is in force.

    A code alone is not enough, because it can be read by others: the message must bear an address of that unit, or be
    in the thread of one that we sent to it.
    """
    is_good = _code_number(workspace, content) == _renewals(workspace, content)
    return content.unit if is_good and _is_bound(workspace, origin, content) else None


def _renewals(workspace: Workspace, content: Content) -> int:
    if content.unit is None or content.period is None:
        return 0
    with reading(workspace.engine) as connection:
        return renewals(connection, content.unit, content.period)


def _code_number(workspace: Workspace, content: Content) -> int | None:
    """Which of the codes given to this unit for this period and form the file bears; None where it is none of them."""
    given = str(content.info.get(_TOKEN) or "")
    unit, period, form = content.unit, content.period, content.form
    if not given or unit is None or period is None or form is None:
        return None
    plan = workspace.plan.code
    numbers = range(_renewals(workspace, content), -1, -1)
    rights = ((number, submission_token(workspace.home, plan, unit, period, form, number)) for number in numbers)
    return next((number for number, right in rights if is_token(given, right)), None)


def _is_bound(workspace: Workspace, origin: Origin, content: Content) -> bool:
    """Whether a message bears an address of the unit that its file names, or answers one that we sent there."""
    unit = workspace.plan.unit_by_code.get(content.unit or "")
    if unit is None:
        return False
    addresses = [one.strip().lower() for one in (unit.email, *unit.senders)]
    if origin.sender in addresses:
        return True
    with reading(workspace.engine) as connection:
        return is_answer_to(connection, origin.thread, addresses)


def _as_released(workspace: Workspace, receipt: Receipt, content: Content) -> Content:
    """The content for the unit and period that a person named; another period's form is still no good for it."""
    findings = tuple(finding for finding in content.findings if finding.rule not in QUARANTINE_RULES)
    if content.form not in (None, workspace.plan.form_of(receipt.period).key):
        stays = check_identity(content, None, receipt.period)
        return replace(content, unit=receipt.unit, findings=(*findings, *stays))
    return replace(content, unit=receipt.unit, period=receipt.period, findings=findings)


def why_nobodys(workspace: Workspace, origin: Origin, content: Content) -> str:
    """Why a mailed file counts for nobody, for the coordinator."""
    if origin.hold:
        return origin.hold
    sender = f"từ “{origin.sender}”" if origin.sender else "không rõ người gửi"
    number = _code_number(workspace, content)
    if number is not None and number < _renewals(workspace, content):
        return f"Thư {sender} mang Mã nộp cũ của {content.unit}; mã này đã bị thay, không còn dùng được."
    if number is not None:
        return (
            f"Thư {sender} mang Mã nộp đúng của {content.unit}, nhưng địa chỉ gửi không có trong kế hoạch của đơn vị, "
            "và thư không trả lời thư nào mà hệ thống đã gửi cho đơn vị. Hãy hỏi đơn vị rồi mới cho tính."
        )
    return (
        f"Thư {sender} không được máy chủ thư xác nhận là của đơn vị nào trong kế hoạch, "
        "và Mã nộp trong tệp thiếu hoặc không đúng."
    )
