"""Builders that tests share: the shipped plan, clean submissions (số liệu mô phỏng), workbooks with planted faults."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.form import Form
from baocao.domain.indicator import ComponentsMode, Indicator, IndicatorKind, figures_of
from baocao.domain.period import Period
from baocao.domain.plan import Plan, Unit
from baocao.domain.progress import TaskStatus, is_reached
from baocao.plans import load_plan
from baocao.workbook.blank import NOTHING_KNOWN, Known, write_blank
from baocao.workbook.filling import Filled, fill_form

ROOT = Path(__file__).parents[1]
Counts = dict[str, tuple[int, int]]
Edit = Callable[[Workbook], object]
SAMPLE = "số liệu mô phỏng"


@lru_cache
def plan(name: str = "ninh-binh-2022") -> Plan:
    """A shipped plan."""
    return load_plan(ROOT / "plans" / name)


def clean_filled(plan: Plan, unit_code: str, period: Period | str, seed: int = 0) -> Filled:
    """A month of a unit without a critical finding: grows from month to month, some targets reached and some not.

    The same arguments give the same values; a unit's denominators of STOCK figures stay the same over the periods.
    """
    period = _period(period)
    step = plan.cycle(period).periods.index(period)
    cutoff = plan.cycle(period).submit.date_in(period) - timedelta(days=2)
    return Filled(
        info=_info(cutoff),
        tables={
            "figures": _figure_rows(plan, clean_counts(plan, unit_code, step, seed)),
            "tasks": _task_rows(plan, unit_code, step, cutoff, seed),
        },
        free={"difficulties": _difficulties()},
    )


def clean_final(plan: Plan, unit_code: str, period: Period | str = "2023-03", seed: int = 0) -> Filled:
    """A final self-assessment without a critical finding; its results agree with its figures."""
    period = _period(period)
    cutoff = plan.cycle(period).submit.date_in(period) - timedelta(days=2)
    counts = clean_counts(plan, unit_code, 6, seed)
    return Filled(
        info=_info(cutoff),
        tables={
            "figures": _figure_rows(plan, counts),
            "tasks": _task_rows(plan, unit_code, 6, cutoff, seed),
            "assessments": {item.code: _assessment(item, counts) for item in plan.indicators},
        },
        free={"difficulties": _difficulties()},
    )


def clean_assignment(plan: Plan, unit_code: str, period: Period | str = "2022-08") -> Filled:
    """An assignment plan with a budget, without a critical finding."""
    period = _period(period)
    unit = plan.unit_by_code[unit_code]
    codes = [item.code for item in plan.indicators] + [task.code for task in plan.unit_tasks]
    rows: dict[str, Mapping[str, object]] = {}
    for index, code in enumerate(codes):
        rows[code] = {
            "lead": ("Văn phòng", "Phòng Kế hoạch – Tài chính", "Thanh tra")[index % 3],
            "coordinating": f"Các phòng, đơn vị thuộc {unit.name}",
            "start_date": plan.pilot.start,
            "due_date": plan.pilot.end - timedelta(days=7 * (index % 8)),
            "product": "Báo cáo kết quả, văn bản triển khai",
            "note": "",
        }
    budget = [
        {"ordinal": 1, "purpose": f"Tập huấn kỹ năng số ({SAMPLE})", "task": codes[-1], "amount_mil_vnd": 120,
         "source": "Ngân sách tỉnh", "note": ""},
        {"ordinal": 2, "purpose": f"Trang bị chữ ký số ({SAMPLE})", "task": codes[0], "amount_mil_vnd": 85.5,
         "source": "Ngân sách tỉnh", "note": ""},
    ]  # fmt: skip
    return Filled(
        info=_info(period.first_day + timedelta(days=24)), tables={"assignments": rows}, free={"budget": budget}
    )


def clean(plan: Plan, form: Form, unit_code: str, period: Period | str, seed: int = 0) -> Filled:
    """A clean submission for any of the three forms."""
    if form.key == "phan-cong":
        return clean_assignment(plan, unit_code, period)
    make = clean_final if form.key == "tong-ket" else clean_filled
    return make(plan, unit_code, period, seed)


def write_filled(
    path: Path,
    plan: Plan,
    unit: Unit | str,
    period: Period | str,
    filled: Filled,
    *,
    known: Known = NOTHING_KNOWN,
    ratios_as_values: bool = True,
) -> Path:
    """Write the unit's real blank form of the period, fill it and save it at ``path``; gives the path back."""
    period = _period(period)
    form = plan.form_of(period)
    unit = plan.unit_by_code[unit] if isinstance(unit, str) else unit
    path.parent.mkdir(parents=True, exist_ok=True)
    write_blank(plan, form, unit, period, known, path)
    fill_form(path, path, form, filled, ratios_as_values=ratios_as_values)
    return path


def filled_workbook(tmp_path: Path, unit: str = "SCT", period: str = "2022-10", edit: Edit | None = None) -> Path:
    """A clean filled workbook in a folder; ``edit`` gets the open workbook before it is saved, to plant a fault."""
    shipped = plan()
    form = shipped.form_of(_period(period))
    path = tmp_path / f"{form.key}-{unit}-{period}.xlsx"
    write_filled(path, shipped, unit, period, clean(shipped, form, unit, period))
    if edit is not None:
        book = load_workbook(path)
        edit(book)
        book.save(path)
    return path


def cell_of(workbook: Workbook, sheet_name: str, code: str, header: str) -> Cell:
    """The cell of a row (by its code, or its number on a sheet of free rows) and a column (by its header).

    Found by looking, not by the layout. On the information sheet ``header`` is the label and ``code`` is not looked at.
    """
    sheet = workbook[sheet_name]
    top = next(cell for row in sheet.iter_rows() for cell in row if cell.value == header)
    if _is_information(sheet_name):
        return _cell(sheet, top.row, top.column + 1)
    rows = sheet.iter_rows(min_row=top.row + 1)
    left = next(cell for row in rows for cell in row if str(cell.value) == code)
    return _cell(sheet, left.row, top.column)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), f"{cell.coordinate} is merged away"
    return cell


def _is_information(sheet_name: str) -> bool:
    """Whether the sheet is the information sheet, with labels at the left instead of headers on top."""
    return any(form.info.name == sheet_name for form in plan().forms.values())


def clean_counts(plan: Plan, unit_code: str, step: int, seed: int = 0) -> Counts:
    """Numerator and denominator by figure code, after so many months; joint headlines within their bounds."""
    counts: Counts = {}
    for indicator in plan.indicators:
        lasting = random.Random(f"{plan.code}/{unit_code}/{seed}/{indicator.code}")  # noqa: S311 - sample data
        counts |= dict(_indicator_counts(indicator, lasting, step))
    return counts


def _indicator_counts(indicator: Indicator, chance: random.Random, step: int) -> Iterator[tuple[str, tuple[int, int]]]:
    typed = [figure for figure in figures_of(indicator) if figure.is_typed]
    shared = chance.randint(40, 160)
    if indicator.kind is IndicatorKind.FLOW:
        shared = shared * 8 + 37 * step
    parts: list[int] = []
    for figure in reversed(typed):
        start, growth = chance.uniform(0.7, 0.98), chance.uniform(0.01, 0.06)
        denominator = (
            shared if indicator.components_mode is not ComponentsMode.SEPARATE else shared + chance.randint(1, 30)
        )
        numerator = min(denominator, int(denominator * (start + growth * (step + 1))))
        if figure.is_headline and parts:
            least = max(0, sum(parts) - (len(parts) - 1) * denominator)
            numerator = (least + 3 * min(parts)) // 4
        else:
            parts.append(numerator)
        yield figure.code, (numerator, denominator)


def _figure_rows(plan: Plan, counts: Counts) -> dict[str, dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for figure in plan.figures:
        if not figure.is_typed:
            continue
        numerator, denominator = counts[figure.code]
        row: dict[str, object] = {"numerator": numerator, "denominator": denominator}
        if is_reached(numerator, denominator, figure.target_pct):
            row["evidence"] = f"Báo cáo số 12/BC-VP ({SAMPLE})"
        else:
            row["note"] = f"Chưa rà soát xong; sẽ hoàn thành trong quý tới ({SAMPLE})"
        rows[figure.code] = row
    return rows


def _task_rows(plan: Plan, unit_code: str, step: int, cutoff: date, seed: int) -> dict[str, dict[str, object]]:
    chance = random.Random(f"{plan.code}/{unit_code}/{seed}/tasks")  # noqa: S311 - sample data
    rows: dict[str, dict[str, object]] = {}
    for task in plan.unit_tasks:
        progress = max(0, min(100, chance.choice((-25, -10, 0, 15, 30)) + 20 * (step + 1)))
        status = TaskStatus.DONE if progress == 100 else TaskStatus.IN_PROGRESS if progress else TaskStatus.NOT_STARTED
        row: dict[str, object] = {
            "lead": "Văn phòng",
            "coordinating": "Các phòng chuyên môn",
            "due_date": plan.pilot.end,
            "status": status.value,
            "progress_pct": progress,
        }
        if status is TaskStatus.DONE:
            done_date = min(cutoff, plan.pilot.end) - timedelta(days=3)
            row |= {"done_date": done_date, "product": f"Kế hoạch số 45/KH-VP ngày {done_date:%d/%m/%Y} ({SAMPLE})"}
        rows[task.code] = row
    return rows


def _assessment(indicator: Indicator, counts: Counts) -> dict[str, object]:
    judged = [figure for figure in figures_of(indicator) if figure.is_typed]
    if not indicator.is_separate:
        judged = judged[:1]
    reached = [is_reached(*counts[figure.code], figure.target_pct) for figure in judged]
    is_met = all(value is not False for value in reached)
    return {
        "result": ("Đạt" if any(reached) else "Không phát sinh") if is_met else "Chưa đạt",
        "cause": "" if is_met else f"Dữ liệu chưa đồng bộ hết ({SAMPLE})",
        "lesson": f"Giao việc kèm thời hạn cụ thể ({SAMPLE})",
        "proposal": "Giữ nguyên" if is_met else "Điều chỉnh",
        "adjustment": "" if is_met else f"Kéo dài thời hạn thêm một quý ({SAMPLE})",
    }


def _difficulties() -> list[dict[str, object]]:
    return [
        {
            "ordinal": 1,
            "difficulty": f"Đường truyền chưa ổn định vào giờ cao điểm ({SAMPLE})",
            "cause": "Thiết bị mạng đã cũ",
            "proposal": "Bố trí kinh phí thay thế",
            "settled_by": "Sở Tài chính",
            "is_beyond_authority": "x",
        }
    ]


def _info(cutoff: date) -> dict[str, object]:
    return {
        "cutoff_date": cutoff,
        "prepared_by": f"Chuyên viên tổng hợp ({SAMPLE})",
        "phone": "0229 000 000",
        "email": "tonghop@donvi.example",
        "approved_by": f"Phó Giám đốc ({SAMPLE})",
        "approved_date": cutoff,
    }


def _period(period: Period | str) -> Period:
    return Period.parse(period) if isinstance(period, str) else period
