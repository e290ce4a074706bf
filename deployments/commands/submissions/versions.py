"""``baocao submission list``, ``show`` and ``diff``: what the units sent, version by version."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from baocao.decisions.versions import Shown, compare, list_versions, show_version
from baocao.domain.planned.form import Sheet
from baocao.domain.received.finding import place
from baocao.domain.received.submission import Submission
from baocao.domain.wording import date_text, decimal_text
from baocao.workspace.workspace import Workspace
from deployments.commands.shared.common import JsonOption, MaybePeriodOption, PeriodOption, print_json
from deployments.commands.shared.homes import existing_home
from deployments.commands.shared.tables import folding, padding_on

UnitArgument = Annotated[str, typer.Argument(help="Mã đơn vị, ví dụ SCT.")]
_LISTED = "Kỳ", "Đơn vị", "Lần", "Kết quả", "Thời hạn", "Nhận lúc", "Lỗi", "Cảnh báo", "Hiệu lực", "Quyết định"


def list_all(period: MaybePeriodOption = None, as_json: JsonOption = False) -> None:
    """Liệt kê các lần nộp: kết quả, thời hạn, lần đang có hiệu lực, quyết định bằng tay."""
    workspace = existing_home()
    listed = list_versions(workspace, period)
    if as_json:
        print_json([one.as_row() for one in listed])
        return
    console = Console()
    table = folding(*_LISTED, padding=padding_on(console))
    for one in listed:
        row = one.submission
        received = f"{workspace.local(row.received_at):%d/%m/%Y %H:%M}"
        counts = (str(row.critical), str(row.warnings))
        mark = "có" if one.is_effective else ""
        words = (row.verdict.label, row.timeliness.label, received)
        table.add_row(row.period.short, row.unit, str(row.version), *words, *counts, mark, row.decided_by or "")
    console.print(table, markup=False)


def show(
    unit: UnitArgument,
    period: PeriodOption,
    version: Annotated[int | None, typer.Option("--version", help="Lần nộp; bỏ trống là lần đang có hiệu lực.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Xem một lần nộp: số liệu, nhiệm vụ, lỗi và cảnh báo."""
    workspace = existing_home()
    shown = show_version(workspace, unit, period, version)
    if as_json:
        print_json(shown.as_row())
    else:
        _print_version(workspace, shown)


def diff(
    unit: UnitArgument,
    period: PeriodOption,
    first: Annotated[int | None, typer.Option("--from", help="Lần nộp trước; bỏ trống là lần kế cuối.")] = None,
    second: Annotated[int | None, typer.Option("--to", help="Lần nộp sau; bỏ trống là lần cuối.")] = None,
    as_json: JsonOption = False,
) -> None:
    """So sánh hai lần nộp: ô nào thay đổi, từ đâu thành đâu."""
    difference = compare(existing_home(), unit, period, first, second)
    if as_json:
        print_json(difference.as_row())
        return
    between = f"lần {difference.first.version} và lần {difference.second.version}"
    if not difference.changes:
        print(f"{unit}, kỳ {period.short}: {between} không khác nhau về số liệu.")
        return
    rows = [(one.sheet, one.row, one.column, _text(one.before), _text(one.after)) for one in difference.changes]
    _print_table(f"{unit}, kỳ {period.short}: khác nhau giữa {between}", ("Trang", "Dòng", "Cột", "Trước", "Sau"), rows)


def _print_version(workspace: Workspace, shown: Shown) -> None:
    one = shown.listed.submission
    print(f"{one.unit}, kỳ {one.period.short}, lần {one.version}: {_verdict(workspace, one)}")
    received, deadline = workspace.local(one.received_at), workspace.local(one.submit_before)
    print(f"Nhận lúc {received:%H:%M ngày %d/%m/%Y} ({one.timeliness.label.lower()}; trước {deadline:%H:%M %d/%m/%Y})")
    print("Đang có hiệu lực." if shown.listed.is_effective else "Không có hiệu lực.")
    for sheet in workspace.plan.forms[one.form].sheets:
        if rows := shown.content.get(sheet.key):
            _print_sheet(sheet, rows)
    found = [(finding.severity.label, _place(finding), finding.message) for finding in shown.findings]
    if found:
        _print_table("Lỗi và cảnh báo", ("Mức", "Vị trí", "Nội dung"), found)


def _place(finding: Any) -> str:
    return place(finding)


def _verdict(workspace: Workspace, one: Submission) -> str:
    if one.decided_by is None or one.decided_at is None:
        return one.verdict.label
    at = f"{workspace.local(one.decided_at):%d/%m/%Y %H:%M}"
    return f"{one.verdict.label} theo quyết định của {one.decided_by} ({at}): {one.decision_reason}"


def _print_sheet(sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    columns = [column for column in sheet.columns if column.key in rows[0] and column.key not in ("code", "ordinal")]
    headers = ("Dòng", *(column.header for column in columns))
    filled = [row for row in rows if any(row[column.key] not in (None, "") for column in columns)]
    table = [
        (str(row.get("code") or row.get("ordinal")), *(_text(row[column.key]) for column in columns)) for row in filled
    ]
    _print_table(sheet.name, headers, table)


def _print_table(title: str, headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = folding(*headers, title=title)
    for row in rows:
        table.add_row(*row)
    Console().print(table, markup=False)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, float):
        return decimal_text(value, 2)
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_text(value)
    return "" if value is None else str(value)
