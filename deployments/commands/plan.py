"""``baocao plan``: is the plan sound, and when is what due."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.common import JsonOption, print_json
from deployments.vietnamese import Command, group

app = group("Kiểm tra kế hoạch và xem lịch.")


@app.command(cls=Command)
def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục kế hoạch; bỏ trống là kế hoạch đang dùng.")] = None,
) -> None:
    """Kiểm tra các tệp của kế hoạch; lỗi nêu rõ tệp, dòng, trường."""
    from baocao.plans import load_plan
    from baocao.settings import load_settings

    plan = load_plan(folder or load_settings().plan_folder)
    first, last = plan.periods[0], plan.periods[-1]
    print(
        f"Kế hoạch “{plan.code}” hợp lệ: {len(plan.units)} đơn vị, {len(plan.indicators)} chỉ tiêu "
        f"({len(plan.figures)} dòng số liệu), {len(plan.unit_tasks)} nhiệm vụ, {len(plan.forms)} biểu mẫu, "
        f"{len(plan.periods)} kỳ từ {first.short} đến {last.short}."
    )
    for remark in plan.remarks:
        print(f"Lưu ý: {remark}")


@app.command(cls=Command)
def calendar(as_json: JsonOption = False) -> None:
    """Xem mọi hạn nộp, ngày nhắc, ngày khóa sổ, ngày báo cáo."""
    from baocao.workspace import open_workspace

    schedules = list(open_workspace().calendar.values())
    if as_json:
        print_json({"periods": [schedule.as_row() for schedule in schedules]})
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Lịch báo cáo (giờ Việt Nam)")
    for header in ("Kỳ", "Biểu mẫu", "Mở", "Nhắc", "Nộp trước", "Báo cáo", "Báo cáo trước"):
        table.add_column(header)
    for one in schedules:
        table.add_row(
            one.period.short,
            one.form,
            f"{one.open_at:%d/%m/%Y %H:%M}",
            ", ".join(f"{moment:%d/%m}" for moment in one.reminders),
            f"{one.submit_before:%d/%m/%Y %H:%M}",
            f"{one.report_at:%d/%m/%Y %H:%M}",
            f"{one.report_before:%d/%m/%Y %H:%M}",
        )
    Console().print(table)
