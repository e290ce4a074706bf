"""``baocao trace``: where a figure comes from."""

from typing import Annotated

import typer
from rich.console import Console

from baocao.domain.reported.tracing import Part, Trace
from baocao.oversight.tracing import trace as trace_of
from deployments.commands.shared.common import JsonOption, PeriodOption, print_json
from deployments.commands.shared.homes import existing_home
from deployments.commands.shared.tables import folding, padding_on

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
    head = f"{found.code} {found.name}, kỳ {found.period.short}: {found.counts}"
    for line in (head, *found.told):
        console.print(line, markup=False, highlight=False)
    if not found.parts:
        return
    table = folding(*_HEADERS, padding=padding_on(console), show_lines=True)
    for part in found.parts:
        table.add_row(*_row(part))
    console.print(table, markup=False)
    for part in found.parts:
        for told in part.told:
            console.print(f"{part.unit}: {told}", markup=False, highlight=False)


def _row(part: Part) -> tuple[str, ...]:
    file = f"{part.file}\nSHA-256 {part.sha256[:16]}…"
    received = f"{part.received_at:%d/%m/%Y %H:%M}"
    return part.unit, f"{part.period.short}, lần {part.version}", part.where, part.counts, file, received
