"""``baocao doctor``: is everything sound that the house stands on, and how to mend what is not."""

from rich.console import Console
from rich.table import Table

from baocao.operations.doctor import Level, examine, exit_code
from baocao.system.clock import now
from deployments.commands.shared.common import JsonOption, print_json


def doctor(as_json: JsonOption = False) -> int:
    """Khám máy: cấu hình, kế hoạch, đĩa, cơ sở dữ liệu, thư, phông chữ, đồng hồ, Prefect; và cách sửa."""
    checks = list(examine(now()))
    if as_json:
        print_json({"checks": [check.as_row() for check in checks]})
        return exit_code(checks)
    table = Table()
    for header in ("Mức", "Hạng mục", "Tình trạng", "Cách sửa"):
        table.add_column(header, overflow="fold")
    for check in checks:
        table.add_row(check.level.label, check.name, check.detail, check.remedy)
    console = Console()
    console.print(table, markup=False)
    faults = sum(check.level is Level.FAULT for check in checks)
    warnings = sum(check.level is Level.WARNING for check in checks)
    console.print(f"{faults} lỗi, {warnings} cảnh báo." if faults or warnings else "Mọi thứ đều ổn.", highlight=False)
    return exit_code(checks)
