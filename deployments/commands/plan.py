"""``baocao plan``: is the plan sound, when is what due, what is asked of a workbook and why."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from baocao.domain.planned.calendar import Schedule, build_calendar
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Severity
from baocao.plan.ics import calendar_file
from baocao.plan.loading import load_plan
from baocao.plan.rollout import moved_plan, read_sources, read_templates
from baocao.plan.workdays import presumed_years, working_days
from baocao.system.clock import now
from baocao.system.errors import UsageError
from baocao.system.files import write_folder
from baocao.workspace.settings import load_settings
from deployments.commands.shared.common import JsonOption, parse_period, print_json, write_output
from deployments.commands.shared.tables import folding, padding_on
from expectations.catalogue import catalogue, limit_texts


def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục kế hoạch; bỏ trống là kế hoạch đang dùng.")] = None,
) -> None:
    """Kiểm tra các tệp của kế hoạch; lỗi nêu rõ tệp, dòng, trường."""
    plan = load_plan(folder or load_settings().plan_folder)
    build_calendar(plan, working_days(plan.calendar))
    first, last = plan.periods[0], plan.periods[-1]
    print(
        f"Kế hoạch “{plan.code}” hợp lệ: {len(plan.units)} đơn vị, {len(plan.indicators)} chỉ tiêu "
        f"({len(plan.figures)} dòng số liệu), {len(plan.unit_tasks)} nhiệm vụ, {len(plan.forms)} biểu mẫu, "
        f"{len(plan.periods)} kỳ từ {first.short} đến {last.short}."
    )
    for remark in plan.remarks:
        print(f"Lưu ý: {remark}")


def calendar(
    as_json: JsonOption = False,
    ics: Annotated[
        Path | None, typer.Option("--ics", help="Ghi lịch ra tệp .ics cho Outlook, Google, điện thoại.")
    ] = None,
) -> None:
    """Xem mọi hạn nộp, ngày nhắc, ngày khóa sổ, ngày báo cáo."""
    plan = load_plan(load_settings().plan_folder)
    schedules = build_calendar(plan, working_days(plan.calendar))
    if ics is not None:
        _write_ics(plan, schedules, ics)
    if as_json:
        print_json({"periods": [schedule.as_row() for schedule in schedules]})
        return
    console = Console()
    headers = ("Kỳ", "Biểu mẫu", "Mở", "Nhắc", "Nộp trước", "Báo cáo", "Báo cáo trước")
    table = folding(*headers, title="Lịch báo cáo (giờ Việt Nam)", padding=padding_on(console))
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
    console.print(table)
    for year in presumed_years(plan.calendar, schedules):
        print(
            f"Năm {year}: chưa có thông báo chính thức về ngày nghỉ, lịch còn có thể đổi. Khi có thông báo: "
            f"ghi ngày nghỉ, ngày làm bù vào calendar.overrides và {year} vào calendar.announced trong plan.yaml."
        )


def _write_ics(plan: Plan, schedules: Sequence[Schedule], path: Path) -> None:
    write_output(path, calendar_file(plan, schedules, now()))
    print(f"Đã ghi lịch vào {path}; mở tệp để nhập vào chương trình lịch.", file=sys.stderr)


def rules(as_json: JsonOption = False) -> None:
    """Xem mọi quy tắc kiểm tra: mức độ, trang, ngưỡng, cách sửa, căn cứ."""
    plan = load_plan(load_settings().plan_folder)
    entries = catalogue(plan)
    if as_json:
        print_json([entry.as_row() for entry in entries])
        return
    table = Table(title=f"Quy tắc kiểm tra của kế hoạch “{plan.code}”", show_lines=True)
    table.add_column("Quy tắc", no_wrap=True)
    for header in ("Nội dung, cách sửa", "Ngưỡng, căn cứ"):
        table.add_column(header)
    for entry in entries:
        place = entry.sheet or "Cả tệp hoặc nhiều trang"
        ground = "\n".join((*limit_texts(plan, entry), entry.source))
        table.add_row(
            f"{entry.rule}\n{Severity(entry.severity).label}",
            Text(f"{place}\n{entry.says}\n{entry.remedy}"),
            Text(ground),
        )
    Console().print(table)


def new(
    source: Annotated[Path, typer.Option("--from", help="Thư mục kế hoạch gốc.")],
    start: Annotated[Period, typer.Option("--start", help="Kỳ đầu tiên của kế hoạch mới.", parser=parse_period)],
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi kế hoạch mới.")],
) -> None:
    """Lập kế hoạch mới từ một kế hoạch có sẵn, mọi ngày dời theo tháng."""
    if output.exists() and any(output.iterdir()):
        raise UsageError(f"Thư mục {output} đã có tệp; hãy chọn thư mục khác để không ghi đè kế hoạch.")
    load_plan(source)
    texts = moved_plan(read_sources(source), start)
    files = {name: text.encode("utf-8") for name, text in texts.items()} | read_templates(source)
    write_folder(output, files, "kế hoạch")
    plan = load_plan(output)
    print(f"Đã ghi kế hoạch “{plan.code}” vào {output}: {plan.periods[0].short} đến {plan.periods[-1].short}.")
    for remark in plan.remarks:
        print(f"Lưu ý: {remark}")
