"""``baocao collect``, ``report`` and ``demo``: the monthly cycle, by the very flows that the schedule runs."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.common import AsOfOption, PeriodOption, run_flow


def collect(period: PeriodOption, as_of: AsOfOption = None) -> None:
    """Tiếp nhận mọi tệp đang chờ, kiểm tra, lưu và trả lời."""
    from baocao.clock import read_clock
    from baocao.workspace import open_workspace
    from deployments.commands.board import print_status

    workspace = open_workspace()
    workspace.schedule(period)
    run_flow("collect", period=str(period), as_of=as_of)
    print_status(workspace, period, read_clock(as_of, workspace.zone))


def report(
    period: PeriodOption,
    as_of: AsOfOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="Bản dự thảo: không đánh số, không gửi thư.")] = False,
) -> None:
    """Tổng hợp số liệu của kỳ, dựng báo cáo và gửi đi."""
    from baocao.clock import read_clock
    from baocao.reporting import DRAFT_FOLDER, ensure_closed, latest_report
    from baocao.workspace import open_workspace

    workspace = open_workspace()
    clock = read_clock(as_of, workspace.zone)
    workspace.schedule(period)
    if draft:
        run_flow("report", period=str(period), as_of=as_of, is_draft=True)
        print(f"Bản dự thảo báo cáo kỳ {period.short}: {workspace.home / 'reports' / str(period) / DRAFT_FOLDER}")
        return
    ensure_closed(workspace, period, clock)
    before = latest_report(workspace, period)
    run_flow("report", period=str(period), as_of=as_of)
    after = latest_report(workspace, period)
    if after is not None and before == after:
        print(f"Số liệu kỳ {period.short} không đổi từ báo cáo lần {after.version}; không dựng và không gửi lại.")
    elif after is not None:
        folder = workspace.report_folder(period, after.version)
        print(f"Đã phát hành báo cáo kỳ {period.short}, lần {after.version}: {folder}")


def demo(
    out: Annotated[Path | None, typer.Option("--out", help="Thư mục dữ liệu; mặc định là BAOCAO_HOME/demo.")] = None,
) -> None:
    """Chạy thử trọn kế hoạch trên số liệu mô phỏng, theo đồng hồ giả lập, với máy chủ thư thật trên máy này."""
    from deployments.replay import replay

    replay(out)
