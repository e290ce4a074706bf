"""``baocao submission release`` and ``renew-code``: a file let out of the quarantine; a code made void."""

from typing import Annotated

import typer

from baocao.decisions.quarantine import release as let_out
from baocao.decisions.signing import sign
from baocao.reminders.code_renewal import renew_code as renew
from baocao.site import build_site
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import AsOfOption, MaybePeriodOption, PeriodOption
from deployments.commands.submissions.deciding import NameOption, ReasonOption
from deployments.commands.submissions.versions import UnitArgument


def release(
    number: Annotated[int, typer.Argument(help="Số tiếp nhận của tệp, có trong thư báo tạm giữ.")],
    name: NameOption,
    reason: Annotated[str, typer.Option("--reason", help="Lý do; được lưu vào nhật ký.")],
    unit: Annotated[str | None, typer.Option("--unit", help="Tính cho đơn vị nào; bỏ trống là đơn vị đã biết.")] = None,
    period: MaybePeriodOption = None,
    despite_content: Annotated[
        bool,
        typer.Option("--despite-content", help="Vẫn tính dù tệp ghi đơn vị hoặc kỳ khác; được ghi vào nhật ký."),
    ] = False,
    as_of: AsOfOption = None,
) -> None:
    """Cho tính một tệp bị tạm giữ cho một đơn vị và kỳ; lần thu báo cáo kế tiếp kiểm tra và trả lời đơn vị."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    signed = sign(name, reason, clock)
    one = let_out(workspace, number, signed, unit=unit, period=period, despite_content=despite_content)
    print(
        f"Tệp “{one.name}” được tính cho {one.unit}, kỳ {one.period.short}. "
        f"Để kiểm tra ngay: baocao collect --period {one.period}"
    )
    build_site(workspace, clock)


def renew_code(
    unit: UnitArgument,
    period: PeriodOption,
    name: NameOption,
    reason: ReasonOption,
    as_of: AsOfOption = None,
) -> None:
    """Thay Mã nộp của một đơn vị trong một kỳ: mã cũ hết hiệu lực, biểu mẫu mang mã mới được gửi cho đơn vị."""
    workspace = open_workspace()
    renew(workspace, unit, period, sign(name, reason, workspace.clock(as_of)))
    print(f"{unit}, kỳ {period.short}: Mã nộp cũ hết hiệu lực.")
    print("Biểu mẫu mang mã mới đã vào sổ thư đi, gửi ở lần chạy tới (hoặc ngay: baocao catch-up).")
