"""Builders of ``Content`` without a workbook: a clean one for any form of a plan, and edits of single cells."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from baocao.domain.planned.form import Form, Sheet
from baocao.domain.planned.indicator import Figure
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Content, Row, Table
from baocao.plan.loading import load_plan
from baocao.workbook.filling import Filled
from support import ROOT

PLAN = load_plan(ROOT / "plans" / "ninh-binh-2022")
PERIOD = Period(2022, 10)
CUTOFF = date(2022, 10, 18)
FIRST_ROW = 6


def clean_content(
    plan: Plan = PLAN, *, unit: str = "SCT", period: Period = PERIOD, form: str = "thang", cutoff: date = CUTOFF
) -> Content:
    """A workbook of this form in which no rule finds anything: 100 of 100 everywhere, with evidence."""
    layout = plan.forms[form]
    info: dict[str, Any] = {
        "form": layout.label,
        "unit": unit,
        "period": period,
        "cutoff_date": cutoff,
        "prepared_by": "Người lập (số liệu mô phỏng)",
        "approved_by": "Người duyệt (số liệu mô phỏng)",
    }
    cells = {column.key: f"B{number}" for number, column in enumerate(layout.info.columns, start=3)}
    tables = {sheet.key: _table(plan, layout, sheet) for sheet in layout.sheets}
    return Content(
        form=form,
        unit=unit,
        period=period,
        info=info,
        info_sheet=layout.info.name,
        info_cells=cells,
        tables=tables,
    )


def _table(plan: Plan, form: Form, sheet: Sheet) -> Table:
    letters = {column.key: "ABCDEFGHIJKLM"[place] for place, column in enumerate(sheet.columns)}
    codes = plan.row_codes(sheet.rows)
    rows = tuple(
        Row(number, code, _clean_row(plan, form, sheet.key, code)) for number, code in enumerate(codes, start=FIRST_ROW)
    )
    return Table(sheet.key, sheet.name, letters, rows)


def _clean_row(plan: Plan, form: Form, key: str, code: str) -> Mapping[str, Any]:
    empty = dict.fromkeys(column.key for column in form.sheet(key).columns)
    filled: dict[str, Any] = {"code": code}
    if key == "figures":
        filled |= _clean_figure(plan.figure_by_code[code])
    elif key == "tasks":
        filled |= {"status": "Đang triển khai", "progress_pct": 50.0}
    elif key == "assignments":
        filled |= {"lead": "Văn phòng", "due_date": plan.pilot.end, "product": "Báo cáo"}
    elif key == "assessments":
        filled |= {"result": "Đạt", "proposal": "Giữ nguyên"}
    return empty | filled


def _clean_figure(figure: Figure) -> dict[str, Any]:
    if not figure.is_typed:
        return {}
    return {"numerator": 100.0, "denominator": 100.0, "ratio_pct": 100.0, "evidence": "VB 1/BC"}


def content_of(plan: Plan, unit: str, period: Period, filled: Filled) -> Content:
    """What is read from a workbook that was filled in so, without one."""
    form = plan.form_of(period)
    empty = clean_content(plan, unit=unit, period=period, form=form.key)
    tables = {sheet.key: _filled_table(plan, form, sheet, filled) for sheet in form.sheets}
    return replace(empty, info={**empty.info, **filled.info}, tables=tables)


def _filled_table(plan: Plan, form: Form, sheet: Sheet, filled: Filled) -> Table:
    made = _table(plan, form, sheet)
    empty = dict.fromkeys(column.key for column in sheet.columns)
    coded = filled.tables.get(sheet.key, {})
    rows = [
        replace(row, values=empty | {"code": row.code} | _typed(coded.get(row.code or "", {}))) for row in made.rows
    ]
    free = [
        Row(FIRST_ROW + number, None, empty | _typed(values))
        for number, values in enumerate(filled.free.get(sheet.key, ()))
    ]
    return replace(made, rows=(*rows, *free))


def _typed(values: Mapping[str, object]) -> dict[str, object]:
    """Numbers as the reader gives them; empty text is nothing."""
    numbers = {key: float(value) for key, value in values.items() if isinstance(value, int) and value is not True}
    return {key: value if value != "" else None for key, value in values.items()} | numbers


def edited(content: Content, sheet: str, code: str, **values: Any) -> Content:
    """The content with some values of one row replaced."""
    table = content.tables[sheet]
    rows = tuple(replace(row, values={**row.values, **values}) if row.code == code else row for row in table.rows)
    return replace(content, tables={**content.tables, sheet: replace(table, rows=rows)})


def counted(content: Content, code: str, numerator: float | None, denominator: float | None, **more: Any) -> Content:
    """The content with one row of figures replaced; its ratio left empty."""
    return edited(content, "figures", code, numerator=numerator, denominator=denominator, ratio_pct=None, **more)


def with_info(content: Content, **values: Any) -> Content:
    """The content with some fields of the information sheet replaced."""
    return replace(content, info={**content.info, **values})


def with_rows(content: Content, sheet: str, *rows: Mapping[str, Any]) -> Content:
    """The content with these rows on a free sheet."""
    table = content.tables[sheet]
    made = tuple(Row(number, None, dict(values)) for number, values in enumerate(rows, start=FIRST_ROW))
    return replace(content, tables={**content.tables, sheet: replace(table, rows=made)})


def without_column(content: Content, sheet: str, column: str) -> Content:
    """The content as read from a file that lacks a column."""
    table = content.tables[sheet]
    letters = {key: letter for key, letter in table.columns.items() if key != column}
    rows = tuple(replace(row, values={**row.values, column: None}) for row in table.rows)
    return replace(content, tables={**content.tables, sheet: replace(table, columns=letters, rows=rows)})


def with_finding(content: Content, finding: Finding) -> Content:
    """The content with one more finding of the reader."""
    return replace(content, findings=(*content.findings, finding))


def cell_at(content: Content, sheet: str, code: str, column: str) -> str:
    """The address of a cell."""
    table = content.tables[sheet]
    cell = next(table.cell(row, column) for row in table.rows if row.code == code)
    assert cell
    return cell
