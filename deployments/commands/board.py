"""``baocao status``: how a period stands."""

from rich.console import Console

from baocao.domain.planned.period import Period
from baocao.oversight.status import current_period, period_status
from baocao.oversight.troubles import open_troubles, trouble_line
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace
from deployments.commands.shared.common import (
    AsOfOption,
    JsonOption,
    MaybePeriodOption,
    print_json,
)
from deployments.commands.shared.homes import existing_home
from deployments.commands.shared.tables import folding, padding_on


def status(period: MaybePeriodOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Xem ai đã nộp gì, kết quả kiểm tra, thời hạn, báo cáo và thư đã gửi."""
    workspace = existing_home()
    clock = workspace.clock(as_of)
    chosen = period or current_period(workspace, clock)
    if as_json:
        print_json(period_status(workspace, chosen, clock).as_row())
    else:
        print_status(workspace, chosen, clock)


def print_status(workspace: Workspace, period: Period, clock: Clock) -> None:
    """The board of a period as a table."""
    board = period_status(workspace, period, clock)
    console = Console()
    title = f"Kỳ {period.short} ({'đã khóa sổ' if board.is_closed else 'đang thu'})"
    headers = ("Mã", "Đơn vị", "Trạng thái", "Thời hạn", "Lần", "Nhận lúc", "Lỗi", "Cảnh báo")
    table = folding(*headers, title=title, padding=padding_on(console))
    for unit in board.units:
        received = f"{unit.received_at:%d/%m/%Y %H:%M}" if unit.received_at else ""
        version = str(unit.version or "")
        table.add_row(
            unit.unit,
            unit.name,
            unit.label,
            unit.timeliness.label,
            version,
            received,
            str(unit.critical),
            str(unit.warnings),
        )
    console.print(table)
    if board.report:
        console.print(f"Báo cáo: lần {board.report.version}, {board.report.state.label}", highlight=False)
    if line := trouble_line(open_troubles(workspace.home)):
        console.print(f"Sự cố: {line}", highlight=False)
    counts = board.deliveries.told().items()
    console.print("Thư: " + ", ".join(f"{name.lower()} {count}" for name, count in counts), highlight=False)
