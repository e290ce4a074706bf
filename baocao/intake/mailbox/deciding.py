"""What is to become of a received message. Pure: an opened message in, a decision out."""

from dataclasses import dataclass, replace
from enum import StrEnum

from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.wording import enumeration
from baocao.message.attachments import MOST_WORKBOOKS, Attachment
from baocao.message.incoming import Author
from baocao.message.opening import Opened
from baocao.message.sender import units_of

MOST_A_DAY = 20
"""So many messages of one address within a day are answered; more are a loop of two machines, or an attack."""

_NAMES_SHOWN = 5


_HOSTILE = (
    "Thư có quá nhiều phần, lồng nhau quá sâu hoặc quá lớn khi mở ra nên không mở được an toàn; "
    "hãy gửi thư mới, chỉ đính kèm tệp báo cáo .xlsx."
)


class Fate(StrEnum):
    """What became of a message."""

    # Its files are receipts, to be checked.
    TAKEN = "taken"
    # It brought none, and its sender is told, or it was a decision on a report.
    ANSWERED = "answered"
    # A person must look at it, and at its files where it brought any.
    HELD = "held"
    # Nobody has to do anything about it.
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Decision:
    """``why`` is Vietnamese sentences, for the sender who is answered or for the coordinator.

    ``unit``: who is answered, or of whom the files are where that is certain already. ``is_told``: a message that is
    held and brought no files is told to the coordinator, because a unit may be waiting for an answer to it.
    """

    fate: Fate
    why: str = ""
    unit: Unit | None = None
    files: tuple[Attachment, ...] = ()
    is_told: bool = False


def decide(plan: Plan, opened: Opened, *, is_ours: bool, is_flood: bool) -> Decision:
    """Whether a message's files are taken, its sender is answered, or it is left to a person.

    Only persons are answered, and only those for whom our mail server vouches, so that no two machines answer each
    other and nobody is mailed for what another wrote. ``is_ours``: we wrote it. ``is_flood``: too many came before.
    Documents that were looked for are taken where a unit is surely the sender.
    """
    if is_ours or opened.notice is not None:
        return Decision(Fate.IGNORED)
    if opened.is_hostile:
        return replace(_turned_away(plan, opened, _HOSTILE), is_told=not is_flood)
    if opened.author is not Author.PERSON:
        return _of_a_machine(opened)
    files = opened.found.workbooks
    if is_flood:
        return _held(opened, f"Quá {MOST_A_DAY} thư trong một ngày từ địa chỉ này nên không tự động tính và trả lời.")
    if opened.found.count > MOST_WORKBOOKS:
        most = f"nhiều hơn mức {MOST_WORKBOOKS} tệp được tự động nhận; hãy chia thành nhiều thư"
        return _turned_away(plan, opened, f"Thư kèm {opened.found.count} tệp báo cáo, {most}.")
    units = units_of(plan, opened.sender)
    if opened.is_authentic and units:
        files = (*files, *opened.found.documents)
    if files:
        return Decision(Fate.TAKEN, unit=_sure(opened, units), files=files)
    if opened.is_authentic and units:
        return Decision(Fate.ANSWERED, _why_empty(opened), units[0])
    return Decision(Fate.HELD, _why_unknown(opened), is_told=bool(units) or opened.is_broken or not opened.is_whole)


def of_reply(opened: Opened, why: str) -> Decision:
    """A reply that decides something is answered where our mail server vouches for it; else a person reads ``why``."""
    return Decision(Fate.ANSWERED) if opened.is_authentic else Decision(Fate.HELD, why, is_told=True)


def _of_a_machine(opened: Opened) -> Decision:
    if opened.is_report or not opened.found.workbooks:
        return Decision(Fate.IGNORED)
    return _held(
        opened, "Thư này do máy gửi tự động (báo vắng mặt, danh sách thư hoặc thư trả lại), không do người gửi."
    )


def _turned_away(plan: Plan, opened: Opened, why: str) -> Decision:
    """The message itself is held, none of its files is taken; a unit that surely wrote it is told, too."""
    is_certain = opened.is_authentic and opened.author is Author.PERSON
    unit = next(iter(units_of(plan, opened.sender)), None) if is_certain else None
    return Decision(Fate.HELD, why, unit=unit, is_told=True)


def _held(opened: Opened, why: str) -> Decision:
    return Decision(Fate.HELD, why, files=opened.found.workbooks, is_told=True)


def _sure(opened: Opened, units: tuple[Unit, ...]) -> Unit | None:
    return units[0] if opened.is_authentic and len(units) == 1 else None


def _why_empty(opened: Opened) -> str:
    if not opened.is_whole:
        return "Thư quá lớn nên không nhận được."
    if opened.is_broken:
        return "Thư bị hỏng trên đường gửi nên không đọc được tệp đính kèm."
    names, remedies = opened.found.others, opened.found.remedies
    if not names:
        return " ".join(remedies) or "Thư không kèm tệp nào."
    more = f" và {len(names) - _NAMES_SHOWN} tệp khác" if len(names) > _NAMES_SHOWN else ""
    named = enumeration([f"“{name}”" for name in names[:_NAMES_SHOWN]])
    return " ".join([f"Thư chỉ kèm {named}{more}, không có biểu mẫu báo cáo.", *remedies])


def _why_unknown(opened: Opened) -> str:
    fault = _why_empty(opened)
    claimed = f"từ “{opened.sender}”" if opened.sender else "không rõ người gửi"
    return f"{fault} Thư {claimed}, không được máy chủ thư xác nhận là của đơn vị nào nên không trả lời."
