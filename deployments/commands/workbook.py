"""``baocao template`` and ``baocao check``: one workbook, nothing stored."""

from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.common import JsonOption, MaybePeriodOption, PeriodOption, print_json

FINDINGS_CODE = 1


def template(
    period: PeriodOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="Tệp ghi ra (.xlsx).")],
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị, ví dụ SCT.")],
    form: Annotated[str | None, typer.Option("--form", help="Biểu mẫu; bỏ trống là biểu mẫu của kỳ.")] = None,
) -> None:
    """Tạo biểu mẫu trống cho một đơn vị, điền sẵn những gì đã biết."""
    from baocao.forms import write_form
    from baocao.workspace import open_workspace

    write_form(open_workspace(), unit, period, output, form)
    print(f"Đã tạo biểu mẫu kỳ {period.short} cho {unit}: {output}")


def check(
    file: Annotated[Path, typer.Argument(help="Tệp báo cáo cần kiểm tra.")],
    unit: Annotated[str | None, typer.Option("--unit", help="Mã đơn vị phải đúng.")] = None,
    period: MaybePeriodOption = None,
    as_json: JsonOption = False,
) -> int:
    """Kiểm tra một tệp báo cáo, không lưu gì."""
    from baocao.errors import UsageError
    from baocao.workspace import open_workspace
    from expectations.single import check_workbook

    if not file.is_file():
        raise UsageError(f"Không có tệp {file}; hãy kiểm tra lại đường dẫn.")
    checked = check_workbook(open_workspace(), file, unit, period)
    content = checked.content
    document: dict[str, Any] = {
        "file": str(file),
        "form": content.form,
        "unit": content.unit,
        "period": str(content.period) if content.period else None,
        "verdict": checked.verdict.value,
        "findings": [finding.as_row() for finding in checked.findings],
    }
    if as_json:
        print_json(document)
    else:
        _print_findings(document, checked.verdict.label)
    return 0 if checked.verdict == "accepted" else FINDINGS_CODE


def _print_findings(document: dict[str, Any], verdict: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{document['file']}: {verdict}", highlight=False, markup=False)
    if not document["findings"]:
        return
    table = Table(show_lines=True)
    for header in ("Mức", "Vị trí", "Nội dung"):
        table.add_column(header, overflow="fold")
    levels = {"critical": "Lỗi", "warning": "Cảnh báo", "info": "Lưu ý"}
    for row in document["findings"]:
        where = f"{row['sheet']}!{row['cell']}" if row["cell"] else row["sheet"] or "Cả tệp"
        table.add_row(levels[row["severity"]], where, row["message"])
    console.print(table, markup=False)
