"""``baocao status`` and ``baocao export``: what is known about a period."""

from typing import TYPE_CHECKING, Annotated

import typer

from baocao.domain.planned.period import Period
from deployments.commands.shared.common import (
    AsOfOption,
    JsonOption,
    MaybePeriodOption,
    OutputOption,
    PeriodOption,
    print_json,
    write_output,
)

if TYPE_CHECKING:
    from baocao.system.clock import Clock
    from baocao.workspace.workspace import Workspace


def status(period: MaybePeriodOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Xem ai đã nộp gì, kết quả kiểm tra, thời hạn, báo cáo và thư đã gửi."""
    from baocao.oversight.status import current_period, period_status
    from baocao.system.clock import read_clock
    from deployments.commands.shared.homes import existing_home

    workspace = existing_home()
    clock = read_clock(as_of, workspace.zone)
    chosen = period or current_period(workspace, clock)
    if as_json:
        print_json(period_status(workspace, chosen, clock).as_row())
    else:
        print_status(workspace, chosen, clock)


def print_status(workspace: "Workspace", period: Period, clock: "Clock") -> None:
    """The board of a period as a table."""
    from rich.console import Console
    from rich.table import Table

    from baocao.oversight.status import period_status
    from baocao.oversight.troubles import open_troubles, trouble_line
    from deployments.commands.shared.tables import padding_on

    board = period_status(workspace, period, clock)
    console = Console()
    title = f"Kỳ {period.short} ({'đã khóa sổ' if board.is_closed else 'đang thu'})"
    table = Table(title=title, padding=padding_on(console))
    for header in ("Mã", "Đơn vị", "Trạng thái", "Thời hạn", "Lần", "Nhận lúc", "Lỗi", "Cảnh báo"):
        table.add_column(header, overflow="fold")
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


def export(
    period: PeriodOption,
    what: Annotated[str, typer.Option("--what", help="values, consolidated, tasks hoặc findings.")] = "values",
    file_format: Annotated[str, typer.Option("--format", help="csv, json hoặc parquet.")] = "csv",
    output: OutputOption = None,
    is_for_excel: Annotated[
        bool, typer.Option("--excel", help="CSV cho Excel tiếng Việt: ngăn cột bằng dấu chấm phẩy, thập phân dấu phẩy.")
    ] = False,
) -> None:
    """Xuất số liệu gọn gàng cho chương trình khác."""
    import sys

    from baocao.operations.export import FORMATS, WHATS, export_rows
    from deployments.commands.shared.homes import existing_home

    _choose("--what", what, WHATS)
    _choose("--format", file_format, FORMATS)
    if is_for_excel and file_format != "csv":
        raise typer.BadParameter("--excel chỉ dùng cùng --format csv.")
    workspace = existing_home()
    workspace.schedule(period)
    data = export_rows(workspace, period, what, file_format, is_for_excel=is_for_excel)
    if output is None:
        sys.stdout.buffer.write(data + (b"\n" if file_format == "json" else b""))
    else:
        write_output(output, data)


def _choose(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise typer.BadParameter(f"{option}: “{value}” không có; hãy chọn một trong {', '.join(choices)}")
