"""``baocao report release`` and ``register``: signed, numbered reports."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from baocao.decisions.signing import sign
from baocao.domain.received.numbering import Numbered
from baocao.domain.wording import date_text
from baocao.mail.sending.delivery import deliver_all
from baocao.reporting.signed.release import RELEASE
from baocao.reporting.signed.release import register as entries
from baocao.reporting.signed.release import release as let_out
from baocao.site import build_site
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import (
    AsOfOption,
    JsonOption,
    PeriodOption,
    login_name,
    parse_day,
    print_json,
)
from deployments.commands.shared.homes import existing_home
from deployments.commands.shared.tables import folding, padding_on
from deployments.commands.shared.unsent import OF_REPORTS, tell_unsent


def release(
    period: PeriodOption,
    number: Annotated[str, typer.Option("--number", help="Số văn bản, ví dụ 123/BC-STTTT.", prompt="Số văn bản")],
    dated: Annotated[
        date, typer.Option("--date", help="Ngày văn bản, ví dụ 25/10/2022.", prompt="Ngày văn bản", parser=parse_day)
    ],
    file: Annotated[
        Path | None, typer.Option("--file", help="Tệp PDF đã ký; bỏ trống là tệp trong HOME/release/KỲ/.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Họ tên người phát hành; bỏ trống là tên đăng nhập.")] = None,
    as_of: AsOfOption = None,
) -> int:
    """Kiểm tra bản ký số của báo cáo, ghi số, ngày, rồi gửi đi; bản không đúng thì nói rõ vì sao."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    signed = sign(login_name() if by is None else by, "", clock, demand=RELEASE)
    one = let_out(workspace, period, file, Numbered(number, dated), signed, clock)
    names = ", ".join(name for name, _ in one.signers)
    print(f"Đã phát hành báo cáo kỳ {period.short} số {one.number} ngày {date_text(one.dated)}, người ký: {names}.")
    deliver_all(workspace, clock)
    build_site(workspace, clock)
    return tell_unsent(workspace, period, OF_REPORTS)


def register(as_json: JsonOption = False) -> None:
    """Sổ văn bản đã phát hành: số, ngày, trích yếu, người ký."""
    found = entries(existing_home())
    if as_json:
        print_json([one.as_row() for one in found])
        return
    console = Console()
    table = folding("Số", "Ngày", "Trích yếu", "Người ký", padding=padding_on(console))
    for one in found:
        table.add_row(one.number, date_text(one.dated), one.subject, "\n".join(name for name, _ in one.signers))
    console.print(table, markup=False)
