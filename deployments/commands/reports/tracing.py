"""``baocao trace``: where a figure comes from."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from baocao.domain.reported.tracing import Part, PublishedLine, Trace
from baocao.domain.wording import NO_DATA, count_text
from baocao.oversight.tracing import trace as trace_of
from deployments.commands.shared.common import JsonOption, PeriodOption, print_json
from deployments.commands.shared.homes import existing_home
from deployments.commands.shared.tables import padding_on

_HEADERS = ("Đơn vị", "Lần", "Ô", "Số", "Tệp", "Nhận lúc")


def trace(
    period: PeriodOption,
    code: Annotated[str, typer.Option("--code", help="Mã chỉ tiêu hoặc thành phần, ví dụ B7.")],
    unit: Annotated[str | None, typer.Option("--unit", help="Chỉ số liệu của một đơn vị.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Con số này từ đâu: đơn vị nào, lần nộp nào, ô nào, tệp nào, ai đã quyết định gì."""
    found = trace_of(existing_home(), period, code, unit)
    if as_json:
        print_json(found.as_row())
    else:
        _print(found)


def _print(found: Trace) -> None:
    console = Console()
    counts = _counts(found.numerator, found.denominator)
    console.print(f"{found.code} {found.name}, kỳ {found.period.short}: {counts}", markup=False, highlight=False)
    for line in found.published:
        console.print(_published(line, found), markup=False, highlight=False)
    if found.components:
        own = ", ".join(found.components)
        console.print(f"Chỉ tiêu này không có số riêng; xem từng thành phần: {own}.", markup=False, highlight=False)
    if not found.parts:
        return
    table = Table(padding=padding_on(console), show_lines=True)
    for header in _HEADERS:
        table.add_column(header, overflow="fold")
    for part in found.parts:
        table.add_row(*_row(part))
    console.print(table, markup=False)
    for part in found.parts:
        for told in _said(part):
            console.print(told, markup=False, highlight=False)


def _row(part: Part) -> tuple[str, ...]:
    cells = ", ".join(filter(None, (part.numerator_cell, part.denominator_cell)))
    where = f"{part.sheet}!{cells}" if part.sheet and cells else "không còn tệp để đọc"
    file = f"{part.file}\nSHA-256 {part.sha256[:16]}…"
    received = f"{part.received_at:%d/%m/%Y %H:%M}"
    return part.unit, f"{part.period.short}, lần {part.version}", where, _counts(*_of(part)), file, received


def _of(part: Part) -> tuple[float | None, float | None]:
    return part.numerator, part.denominator


def _counts(numerator: float | None, denominator: float | None) -> str:
    if numerator is None and denominator is None:
        return NO_DATA
    return f"{count_text(numerator) or 'trống'}/{count_text(denominator) or 'trống'}"


def _published(line: PublishedLine, found: Trace) -> str:
    same = (line.numerator, line.denominator) == (found.numerator, found.denominator)
    counts = _counts(line.numerator, line.denominator)
    note = "" if same else " (khác số hiện nay)"
    return f"Báo cáo lần {line.version}, phát hành {line.sent_at:%d/%m/%Y %H:%M}: {counts}{note}"


def _said(part: Part) -> list[str]:
    decided = [f"{one['who']}: {one['reason']}" if one["who"] else str(one["reason"]) for one in part.decisions]
    return [f"{part.unit}: {text}" for text in (*decided, *part.findings)]
