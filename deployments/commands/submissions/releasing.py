"""``baocao submission held``, ``release`` and ``renew-code``: files in the quarantine, let out; a code made void."""

from typing import Annotated

import typer

from deployments.commands.shared.common import AsOfOption, JsonOption, MaybePeriodOption, PeriodOption, print_json
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
    from baocao.decisions.quarantine import release as let_out
    from baocao.decisions.signing import sign
    from baocao.site import build_site
    from baocao.system.clock import read_clock
    from baocao.workspace.workspace import open_workspace

    workspace = open_workspace()
    clock = read_clock(as_of, workspace.zone)
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
    from baocao.decisions.signing import sign
    from baocao.reminders.code_renewal import renew_code as renew
    from baocao.system.clock import read_clock
    from baocao.workspace.workspace import open_workspace

    workspace = open_workspace()
    renew(workspace, unit, period, sign(name, reason, read_clock(as_of, workspace.zone)))
    print(f"{unit}, kỳ {period.short}: Mã nộp cũ hết hiệu lực.")
    print("Biểu mẫu mang mã mới đã vào sổ thư đi, gửi ở lần chạy tới (hoặc ngay: baocao catch-up).")


def held(as_json: JsonOption = False) -> None:
    """Liệt kê các tệp đang tạm giữ, chờ quyết định: số, lý do, có vẻ của ai, làm gì được."""
    from baocao.decisions.quarantine import held_files
    from baocao.domain.received.holding import likely_unit, release_command
    from baocao.workspace.workspace import open_workspace

    workspace = open_workspace()
    found = held_files(workspace)
    if as_json:
        print_json([one.as_row() for one in found])
        return
    if not found:
        print("Không có tệp nào đang tạm giữ.")
        return
    for one in (one.receipt for one in found):
        received = f"{workspace.local(one.received_at):%d/%m/%Y %H:%M}"
        period = one.said_period or one.period
        print(f"Số {one.id}: {one.name} (nhận lúc {received})")
        print(f"  Có vẻ của: {likely_unit(one) or 'chưa rõ'}, kỳ {period.short}")
        print(f"  Lý do giữ: {one.note}")
        print(f"  Cho tính: {release_command(one)}")
    print(f"Xem tệp trong {workspace.home / 'quarantine'}. Không đúng thì đề nghị đơn vị gửi lại.")
