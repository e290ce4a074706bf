"""Decisions on proposals: what was answered, and that one is done."""

from baocao.decisions import proposals
from baocao.domain.reported.followed import Followed
from baocao.domain.signature import Signature
from baocao.domain.wording import date_text
from baocao.system.errors import UsageError
from portal.desk.fields import day
from portal.desk.fields import number as number_of
from portal.room.visit import Visit


def _one(visit: Visit) -> Followed:
    number = number_of(visit, "number")
    found = next((one for one in proposals.listed(visit.workspace) if one.number == number), None)
    if found is None:
        raise UsageError(f"Không có kiến nghị số {number}. Hãy mở lại bàn làm việc.")
    return found


def state(visit: Visit) -> str:
    """How a proposal stands."""
    one = _one(visit)
    return f"{one.number}/{one.state.value}/{one.answer.at if one.answer else ''}"


def _owner(visit: Visit) -> str:
    return visit.text("owner")


def follows_answer(visit: Visit) -> list[str]:
    """What an answer does."""
    one, owner, due = _one(visit), _owner(visit), day(visit, "due")
    by = visit.text("by") or visit.known.name
    who = f"; người thực hiện: {owner}" if owner else ""
    until = f", trước hết ngày {date_text(due)}" if due else ""
    aside = []
    if owner and proposals.address_of(visit.workspace, owner) is None:
        aside = [f"Kế hoạch không có địa chỉ thư của “{owner}” nên không nhắc được; ghi dạng Tên <địa chỉ> để nhắc."]
    return [
        f"Kiến nghị số {one.number} của {one.unit} được ghi là {by} đã trả lời{who}{until}.",
        "Đơn vị và người thực hiện nhận thư; các báo cáo sau nêu câu trả lời đến khi việc xong.",
        *aside,
    ]


def answer(visit: Visit, signed: Signature) -> None:
    """Keep an answer; ``by`` where it is not this person's own."""
    number = number_of(visit, "number")
    proposals.answer(visit.workspace, number, signed, _owner(visit), day(visit, "due"), visit.text("by"))


def follows_closing(visit: Visit) -> list[str]:
    """What closing does."""
    one = _one(visit)
    return [
        f"Kiến nghị số {one.number} của {one.unit} được ghi là đã xong; báo cáo kỳ tới nêu một lần cuối.",
        "Người thực hiện không bị nhắc nữa.",
    ]


def close(visit: Visit, signed: Signature) -> None:
    """Close a proposal."""
    proposals.close(visit.workspace, number_of(visit, "number"), signed)
