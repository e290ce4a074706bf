"""``baocao check``: one workbook, nothing stored."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Severity, place
from baocao.domain.received.submission import WORD, Checked
from baocao.isolation.pools import mark_safely
from baocao.system.errors import UsageError
from baocao.workbook.marking.request import Marking
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import JsonOption, MaybePeriodOption, print_json, write_output
from deployments.commands.shared.tables import folding
from expectations.single import check_workbook

FINDINGS_CODE = 1


def check(
    file: Annotated[Path, typer.Argument(help="Tệp báo cáo cần kiểm tra.")],
    unit: Annotated[str | None, typer.Option("--unit", help="Mã đơn vị phải đúng.")] = None,
    period: MaybePeriodOption = None,
    as_json: JsonOption = False,
    annotate: Annotated[
        Path | None, typer.Option("--annotate", help="Ghi bản đánh dấu ô lỗi ra tệp này (.xlsx; của tệp Word: .docx).")
    ] = None,
) -> int:
    """Kiểm tra một tệp báo cáo, không lưu gì."""
    if not file.is_file():
        raise UsageError(f"Không có tệp {file}; hãy kiểm tra lại đường dẫn.")
    suffix = WORD if file.suffix.lower() == WORD else ".xlsx"
    if annotate is not None and annotate.suffix.lower() != suffix:
        raise UsageError(f"Bản đánh dấu là tệp {suffix}, không phải “{annotate.name}”; hãy đặt tên có đuôi {suffix}.")
    if annotate is not None and annotate.exists() and annotate.samefile(file):
        raise UsageError("Bản đánh dấu không được ghi đè lên tệp đang kiểm tra; hãy chọn tên khác.")
    workspace = open_workspace()
    checked = check_workbook(workspace, file, unit, period)
    if as_json:
        print_json(checked.as_row(str(file)))
    else:
        _print_findings(checked, f"{file}: {checked.verdict.label}{_counted(checked)}")
    if annotate is not None:
        _annotate(workspace.plan, file, checked, annotate)
    return 0 if checked.verdict == "accepted" else FINDINGS_CODE


def _annotate(plan: Plan, file: Path, checked: Checked, target: Path) -> None:
    """Write the marked copy; a word on the error stream says where it is, or that there is none."""
    (copy,) = mark_safely(plan, [Marking(file, checked)])
    if copy is None:
        print("Không có bản đánh dấu: tệp không mở được hoặc không cho biết biểu mẫu, đơn vị, kỳ.", file=sys.stderr)
    else:
        write_output(target, copy)
        print(f"Đã ghi bản đánh dấu: {target}", file=sys.stderr)


def _counted(checked: Checked) -> str:
    """How many causes there are of each weight."""
    counts = ((checked.count(Severity.CRITICAL), "lỗi"), (checked.count(Severity.WARNING), "cảnh báo"))
    told = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f" ({told})" if told else ""


def _print_findings(checked: Checked, verdict: str) -> None:
    console = Console()
    console.print(verdict, highlight=False, markup=False)
    if not checked.findings:
        return
    table = folding("Mức", "Vị trí", "Nội dung", show_lines=True)
    for finding in checked.findings:
        table.add_row(finding.severity.label, place(finding), finding.message)
    console.print(table, markup=False)
