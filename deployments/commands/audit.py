"""``baocao audit``: the book of what people decided."""

from rich.console import Console
from rich.table import Table

from baocao.store.audit import entries
from baocao.store.engine.database import reading
from deployments.commands.shared.common import JsonOption, MaybePeriodOption, print_json
from deployments.commands.shared.homes import existing_home

_BESIDE_SUBJECT = 70


def audit(period: MaybePeriodOption = None, as_json: JsonOption = False) -> None:
    """Nhật ký các quyết định của con người: ai, khi nào, việc gì, lý do. Chỉ thêm, không sửa, không xóa."""
    workspace = existing_home()
    with reading(workspace.engine) as connection:
        found = entries(connection, period)
    if as_json:
        print_json([entry.as_row() for entry in found])
        return
    table = Table()
    for header in ("Số", "Lúc", "Ai", "Việc", "Về", "Lý do"):
        table.add_column(header, overflow="fold", no_wrap=header == "Về")
    for entry in found:
        at = f"{workspace.local(entry.at):%d/%m/%Y %H:%M}"
        table.add_row(str(entry.id), at, entry.who, entry.label, entry.subject, entry.reason)
    console = Console()  # what an entry is about may be a mail's key: whole, however narrow the terminal
    longest = max((len(entry.subject) for entry in found), default=0)
    Console(width=max(console.width, longest + _BESIDE_SUBJECT)).print(table, markup=False)
