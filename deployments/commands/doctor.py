"""``baocao doctor``: is everything sound that the house stands on, and how to mend what is not."""

from rich.console import Console

from baocao.operations.doctor import Level, examine, exit_code
from baocao.system.clock import now
from deployments.commands.shared.common import JsonOption, print_json


def doctor(as_json: JsonOption = False) -> int:
    """Khám máy: cấu hình, kế hoạch, đĩa, cơ sở dữ liệu, thư, phông chữ, đồng hồ, Prefect; và cách sửa."""
    checks = list(examine(now()))
    if as_json:
        print_json({"checks": [check.as_row() for check in checks]})
        return exit_code(checks)
    console = Console()
    width = max(len(level.label) for level in Level)
    for check in checks:  # no table: a path that is folded in a cell cannot be copied
        remedy = f"\n{'':{width}}  Cách sửa: {check.remedy}" if check.remedy else ""
        told = f"{check.level.label:{width}}  {check.name}: {check.detail}{remedy}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    faults = sum(check.level is Level.FAULT for check in checks)
    warnings = sum(check.level is Level.WARNING for check in checks)
    console.print(f"{faults} lỗi, {warnings} cảnh báo." if faults or warnings else "Mọi thứ đều ổn.", highlight=False)
    return exit_code(checks)
