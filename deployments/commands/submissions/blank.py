"""``baocao template``: a blank form; what draws it is nothing that a check waits for."""

from pathlib import Path
from typing import Annotated

import typer

from baocao.reminders.blank_forms import write_form
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import PeriodOption


def template(
    period: PeriodOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="Tệp ghi ra (.xlsx).")],
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị, ví dụ SCT.")],
    form: Annotated[str | None, typer.Option("--form", help="Biểu mẫu; bỏ trống là biểu mẫu của kỳ.")] = None,
) -> None:
    """Tạo biểu mẫu trống cho một đơn vị, điền sẵn những gì đã biết."""
    write_form(open_workspace(), unit, period, output, form)
    print(f"Đã tạo biểu mẫu kỳ {period.short} cho {unit}: {output}")
