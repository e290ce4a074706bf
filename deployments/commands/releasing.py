"""``baocao submission release`` and ``renew-code``: a file let out of the quarantine; a code made void."""

from typing import Annotated

import typer

from deployments.commands.common import AsOfOption, MaybePeriodOption, PeriodOption
from deployments.commands.deciding import NameOption, ReasonOption
from deployments.commands.versions import UnitArgument


def release(
    number: Annotated[int, typer.Argument(help="Số tiếp nhận của tệp, có trong thư báo tạm giữ.")],
    name: NameOption,
    reason: Annotated[str, typer.Option("--reason", help="Lý do; được lưu vào nhật ký.")],
    unit: Annotated[str | None, typer.Option("--unit", help="Tính cho đơn vị nào; bỏ trống là đơn vị đã biết.")] = None,
    period: MaybePeriodOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Cho tính một tệp bị tạm giữ cho một đơn vị và kỳ; lần thu báo cáo kế tiếp kiểm tra và trả lời đơn vị."""
    from baocao.clock import read_clock
    from baocao.overriding import sign
    from baocao.quarantine import release as let_out
    from baocao.site import build_site
    from baocao.workspace import open_workspace

    workspace = open_workspace()
    clock = read_clock(as_of, workspace.zone)
    signed = sign(name, reason, clock)
    one = let_out(workspace, number, signed, unit=unit, period=period)
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
    from baocao.clock import read_clock
    from baocao.overriding import sign
    from baocao.renewing import renew_code as renew
    from baocao.workspace import open_workspace

    workspace = open_workspace()
    renew(workspace, unit, period, sign(name, reason, read_clock(as_of, workspace.zone)))
    print(f"{unit}, kỳ {period.short}: Mã nộp cũ hết hiệu lực.")
    print("Biểu mẫu mang mã mới đã vào sổ thư đi, gửi ở lần chạy tới (hoặc ngay: baocao catch-up).")
