"""``baocao proposal``: what units ask of those who settle it, and what is answered."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console

from baocao.decisions import proposals
from baocao.decisions.signing import sign
from baocao.domain.reported.followed import Followed, ProposalState
from baocao.domain.wording import enumeration
from baocao.mail.sending.delivery import deliver_all
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import AsOfOption, JsonOption, parse_day, print_json
from deployments.commands.shared.homes import existing_home
from deployments.commands.shared.tables import folding, padding_on

NumberArgument = Annotated[int, typer.Argument(metavar="SỐ", help="Số của kiến nghị, như “proposal list” in ra.")]


def list_all(
    is_all: Annotated[bool, typer.Option("--all", help="Kể cả kiến nghị đã xong.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Liệt kê kiến nghị đã trình: số, đơn vị, nêu từ kỳ nào, chờ trả lời hay ai làm, hạn nào."""
    found = [one for one in proposals.listed(existing_home()) if is_all or one.state is not ProposalState.DONE]
    if as_json:
        print_json([_as_row(one) for one in found])
        return
    console = Console()
    headers = ("Số", "Đơn vị", "Kiến nghị", "Nêu từ", "Trạng thái", "Trả lời, người làm, hạn")
    table = folding(*headers, padding=padding_on(console), show_lines=True)
    for one in found:
        told = [one.answer.text, one.answer.owner, one.due_text] if one.answer else []
        answered = "\n".join(filter(None, told))
        table.add_row(str(one.number), one.unit, one.proposal, one.since.short, one.state.label, answered)
    console.print(table, markup=False)
    if not found:
        print("Chưa có kiến nghị nào đang theo dõi; số được cấp khi báo cáo kỳ được lập.")


def _as_row(one: Followed) -> dict[str, Any]:
    told, closed = one.answer, one.closing
    return {
        "number": one.number,
        "unit": one.unit,
        "difficulty": one.difficulty,
        "proposal": one.proposal,
        "settled_by": one.settled_by,
        "beyond_authority": one.is_beyond_authority,
        "since": str(one.since),
        "state": one.state.value,
        "answer": told.text if told else None,
        "answered_by": told.by if told else None,
        "owner": (told.owner or None) if told else None,
        "due": (told.due or None) if told else None,
        "closed_by": closed.by if closed else None,
    }


def answer(
    number: NumberArgument,
    by: Annotated[str, typer.Option("--by", help="Người hoặc cơ quan trả lời.")],
    text: Annotated[str, typer.Option("--text", help="Nội dung trả lời.")],
    owner: Annotated[
        str, typer.Option("--owner", help="Ai thực hiện: mã, tên trong kế hoạch, hay Tên <địa chỉ>.")
    ] = "",
    due: Annotated[date | None, typer.Option("--due", help="Hạn, ví dụ 30/11/2022.", parser=parse_day)] = None,
    as_of: AsOfOption = None,
) -> None:
    """Ghi trả lời của lãnh đạo cho một kiến nghị: ai thực hiện, hạn nào; đơn vị và người làm được báo bằng thư."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    same = proposals.answer(workspace, number, sign(by, text, clock, demand=proposals.ANSWER), owner, due)
    if owner and proposals.address_of(workspace, owner) is None:
        print(f"Không có địa chỉ thư của “{owner}” nên không nhắc được; ghi --owner dạng Tên <địa chỉ> để nhắc.")
    deliver_all(workspace, clock)
    print(f"Đã ghi trả lời kiến nghị {_named(same)}; báo cáo kỳ tới sẽ nêu.")


def close(
    number: NumberArgument,
    by: Annotated[str, typer.Option("--by", "--name", help="Họ tên người ghi.")],
    reason: Annotated[str, typer.Option("--reason", help="Kết quả.")],
    as_of: AsOfOption = None,
) -> None:
    """Ghi một kiến nghị là đã xong, kèm kết quả."""
    workspace = open_workspace()
    signed = sign(by, reason, workspace.clock(as_of), demand=proposals.CLOSING)
    print(f"Đã ghi kiến nghị {_named(proposals.close(workspace, number, signed))} là đã xong.")


def _named(same: Sequence[Followed]) -> str:
    """``số 3 của SCT, cùng nội dung với số 5 của SNV``: all that a decision holds for."""
    first, *others = (f"số {one.number} của {one.unit}" for one in same)
    return f"{first}, cùng nội dung với {enumeration(others)}" if others else first
