"""Builders that tests share: the shipped plan, clean submissions (số liệu mô phỏng), workbooks with planted faults."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.plan.loading import load_plan
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN, Known
from baocao.workbook.filling import Filled, fill_form
from deployments.sample.office import MARK, Office
from deployments.sample.writing.contents import assignment_content, final_content, month_content
from support import ROOT

Edit = Callable[[Workbook], object]
SAMPLE = MARK


@lru_cache
def plan(name: str = "ninh-binh-2022") -> Plan:
    """A shipped plan."""
    return load_plan(ROOT / "plans" / name)


def clean_filled(plan: Plan, unit_code: str, period: Period | str, seed: int = 0) -> Filled:
    """A month of a unit without a critical finding: grows from month to month, some targets reached and some not.

    The same arguments give the same values.
    """
    return month_content(_office(plan, unit_code, seed), _period(period), _cutoff(plan, period))


def clean_final(plan: Plan, unit_code: str, period: Period | str = "2023-03", seed: int = 0) -> Filled:
    """A final self-assessment without a critical finding; its results agree with its figures."""
    return final_content(_office(plan, unit_code, seed), _cutoff(plan, period))


def clean_assignment(plan: Plan, unit_code: str, period: Period | str = "2022-08") -> Filled:
    """An assignment plan with a budget, without a critical finding."""
    return assignment_content(_office(plan, unit_code), _period(period), _cutoff(plan, period))


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
    path = tmp_path / f"{plan().form_of(_period(period)).key}-{unit}-{period}.xlsx"
    tmp_path.mkdir(parents=True, exist_ok=True)
    data = _clean_workbook(unit, period)
    if edit is None:
        path.write_bytes(data)
    else:
        book = load_workbook(BytesIO(data))
        edit(book)
        book.save(path)
    return path


@lru_cache
def _clean_workbook(unit: str, period: str) -> bytes:
    """Its bytes: drawing a form takes far longer than opening it."""
    shipped = plan()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.xlsx"
        write_filled(path, shipped, unit, period, clean(shipped, shipped.form_of(_period(period)), unit, period))
        return path.read_bytes()


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


def _office(plan: Plan, unit_code: str, seed: int = 0) -> Office:
    return Office(plan, plan.unit_by_code[unit_code], seed)


def _cutoff(plan: Plan, period: Period | str) -> date:
    period = _period(period)
    return plan.cycle(period).submit.date_in(period) - timedelta(days=2)


def _period(period: Period | str) -> Period:
    return Period.parse(period) if isinstance(period, str) else period
