"""``baocao submission release``: a person lets a file out of the quarantine."""

from typing import Annotated

import typer

from deployments.commands.common import AsOfOption, MaybePeriodOption
from deployments.commands.deciding import NameOption


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
    from baocao.workspace import open_workspace

    workspace = open_workspace()
    signed = sign(name, reason, read_clock(as_of, workspace.zone))
    one = let_out(workspace, number, signed, unit=unit, period=period)
    print(
        f"Tệp “{one.name}” được tính cho {one.unit}, kỳ {one.period.short}. "
        f"Để kiểm tra ngay: baocao collect --period {one.period}"
    )
