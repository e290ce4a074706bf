"""``baocao export``: a period's figures for other programs."""

import sys
from typing import Annotated

import typer

from baocao.operations.data_package import DESCRIPTOR, describe
from baocao.operations.export import FORMATS, WHATS, export_rows
from deployments.commands.shared.common import OutputOption, PeriodOption, write_output
from deployments.commands.shared.homes import existing_home


def export(
    period: PeriodOption,
    what: Annotated[str, typer.Option("--what", help="values, consolidated, tasks, findings, indicators.")] = "values",
    file_format: Annotated[str, typer.Option("--format", help="csv, json hoặc parquet.")] = "csv",
    output: OutputOption = None,
    is_for_excel: Annotated[
        bool, typer.Option("--excel", help="CSV cho Excel tiếng Việt: ngăn cột bằng dấu chấm phẩy, thập phân dấu phẩy.")
    ] = False,
    is_described: Annotated[
        bool, typer.Option("--package/--no-package", help="Ghi thêm datapackage.json tả các cột, cạnh tệp xuất ra.")
    ] = True,
) -> None:
    """Xuất số liệu gọn gàng cho chương trình khác."""
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
        if is_described and not describe(output, what, file_format, period, is_for_excel=is_for_excel):
            print(f"{DESCRIPTOR} trong thư mục này là của việc khác nên để nguyên.", file=sys.stderr)


def _choose(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise typer.BadParameter(f"{option}: “{value}” không có; hãy chọn một trong {', '.join(choices)}")
