"""A fresh rendering: the form written anew, filled with what was read, its findings moved to where their cells now are.

For workbooks that openpyxl cannot carry (.xls, .xlsb, .ods, broken ones).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from baocao.domain.planned.form import Column, ColumnType, Form, Rows, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Checked, Content, Row, Table
from baocao.excel.writing import put
from baocao.workbook.blank.drawing import draw_workbook
from baocao.workbook.blank.occasion import Known, Occasion
from baocao.workbook.cells import Fault
from baocao.workbook.filling import Filled, fill_workbook
from baocao.workbook.layout import first_row, label_cells, letters_of, lines_of
from baocao.workbook.marking.marking_error import CannotMarkError
from baocao.workbook.marking.saving import Cached

Place = tuple[str, str]
"""A sheet's name and an address."""

_UNPARSED = frozenset(fault.value for fault in Fault)
_OF_RATIOS = frozenset({"ratio_agrees", "numerator_le_denominator"})
"""Rules in whose rows a ratio that was typed may not agree."""
_ADDRESS = r"[A-Z]{1,3}[1-9][0-9]{0,6}"


def render_anew(checked: Checked, plan: Plan) -> tuple[Workbook, Cached, Checked]:
    """The form with the values as they were read, its ratios' values, and the findings at its cells, in words too.

    What did not parse stands there as the text that the sender wrote. A finding whose cell the form does not have
    keeps its sheet alone.

    Raises:
        CannotMarkError: the file does not say what form, unit and period it is.
    """
    content = checked.content
    unit = plan.unit_by_code.get(content.unit or "")
    if content.form is None or unit is None or content.period is None:
        raise CannotMarkError("Không lập lại được biểu mẫu vì tệp không cho biết đủ biểu mẫu, đơn vị và kỳ báo cáo.")
    form = _roomy(plan.forms[content.form], content)
    book = draw_workbook(Occasion(plan.at(content.period), form, unit, content.period, _known(content)))
    fill_workbook(book, form, _filled(content, form))
    places = dict(_places(content, form, plan))
    ratios = dict(_ratios(content, form, places))
    for finding in (*content.findings, *checked.findings):
        _restore(book, places, ratios, finding)
    headers = [column.header for sheet in form.sheets for column in sheet.columns]
    moved = tuple(_moved(finding, places, headers) for finding in checked.findings)
    cached: dict[str, dict[str, tuple[str, str]]] = {}
    for (sheet, cell), ratio in ratios.items():
        cached.setdefault(sheet, {})[cell] = ("n", repr(ratio))
    return book, cached, replace(checked, findings=moved)


def _roomy(form: Form, content: Content) -> Form:
    """The form with as many free rows as were filled in."""

    def roomy(sheet: Sheet) -> Sheet:
        count = max(sheet.free_rows, sum(1 for _ in content.rows(sheet.key)))
        if sheet.header is not None and count > sheet.free_rows:
            raise CannotMarkError(f"Biểu mẫu chính thức chỉ có {sheet.free_rows} dòng ở “{sheet.title}”.")
        return sheet.model_copy(update={"free_rows": count}) if sheet.rows is Rows.FREE else sheet

    return form.model_copy(update={"sheets": tuple(roomy(sheet) for sheet in form.sheets)})


def _known(content: Content) -> Known:
    previous = {row.code: row.values.get("previous_pct") for row in content.rows("figures") if row.code}
    due = {row.code: {"due_date": row.values.get("due_date")} for row in content.rows("tasks") if row.code}
    return Known(previous_pct=previous, assignments=due, token=str(content.info.get("token") or ""))


def _filled(content: Content, form: Form) -> Filled:
    info = {column.key: content.info.get(column.key) for column in form.info.columns if not column.given}
    tables: dict[str, dict[str, Mapping[str, object]]] = {}
    free: dict[str, list[Mapping[str, object]]] = {}
    for sheet in form.sheets:
        rows = list(content.rows(sheet.key))
        if sheet.rows is Rows.FREE:
            free[sheet.key] = [_typed(row, sheet) for row in rows]
        elif rows:
            tables[sheet.key] = {row.code: _typed(row, sheet) for row in rows if row.code}
    return Filled(info, tables, free)


def _typed(row: Row, sheet: Sheet) -> dict[str, object]:
    """What the sender typed; what we give, and what is computed, is there already."""
    return {
        column.key: _shown(row.values[column.key], column)
        for column in sheet.columns
        if row.values.get(column.key) is not None and _is_typed(column)
    }


def _is_typed(column: Column) -> bool:
    return not column.given and column.type not in (ColumnType.RATIO, ColumnType.INDEX)


def _shown(value: Any, column: Column) -> object:
    if column.type is ColumnType.MARK:
        return "x" if value else "không"
    return value


def _places(content: Content, form: Form, plan: Plan) -> Iterator[tuple[Place, Place]]:
    """Where each cell of the file stands in the form."""
    cells = label_cells(form.info)
    for key, cell in content.info_cells.items():
        if content.info_sheet is not None and key in cells:
            yield (content.info_sheet, cell), (form.info.name, cells[key])
    for sheet in form.sheets:
        if table := content.tables.get(sheet.key):
            yield from _table_places(table, sheet, plan)


def _table_places(table: Table, sheet: Sheet, plan: Plan) -> Iterator[tuple[Place, Place]]:
    letters = letters_of(sheet)
    numbers = {line.entry.code: line.row for line in lines_of(plan, sheet) if line.entry}
    for offset, row in enumerate(table.rows):
        number = first_row(sheet) + offset if sheet.rows is Rows.FREE else numbers[row.code or ""]
        for key, letter in table.columns.items():
            yield (table.sheet, f"{letter}{row.number}"), (sheet.name, f"{letters[key]}{number}")


def _ratios(content: Content, form: Form, places: Mapping[Place, Place]) -> Iterator[tuple[Place, float]]:
    """The ratios as they were read, at their cells in the form."""
    for sheet in form.sheets:
        keys = [column.key for column in sheet.columns if column.type is ColumnType.RATIO]
        table = content.tables.get(sheet.key)
        for row in table.rows if table and keys else ():
            cell, ratio = table.cell(row, keys[0]) if table else None, row.values.get(keys[0])
            if table is not None and cell is not None and ratio is not None:
                yield places[table.sheet, cell], ratio


def _restore(book: Workbook, places: Mapping[Place, Place], ratios: Mapping[Place, float], finding: Finding) -> None:
    """Put the sender's own text into a cell that did not parse, and a ratio that does not agree where it was typed."""
    own = places.get((finding.sheet or "", finding.cell or ""))
    if own is not None and finding.rule in _UNPARSED and finding.value is not None:
        put(book[own[0]][own[1]], finding.value)
        return
    if finding.rule in _OF_RATIOS:
        rows = {(places[one][0], _row_of(places[one][1])) for one in finding.places if one in places}
        for (sheet, cell), ratio in ratios.items():
            if (sheet, _row_of(cell)) in rows:
                put(book[sheet][cell], ratio)


def _row_of(address: str) -> str:
    return address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _moved(finding: Finding, places: Mapping[Place, Place], headers: list[str]) -> Finding:
    if finding.sheet is None:
        return finding
    old_sheet = finding.sheet
    new = places.get((old_sheet, finding.cell or ""))
    words = "|".join(re.escape(header) for header in headers)
    mentioned = re.compile(rf"([Ôô] (?:(?:{words}) )?)({_ADDRESS}(?:(?:, | và ){_ADDRESS})*)(?![\w])")

    def translate(found: re.Match[str]) -> str:
        return found[1] + re.sub(_ADDRESS, lambda one: places.get((old_sheet, one[0]), ("", one[0]))[1], found[2])

    message = mentioned.sub(translate, finding.message)
    also = tuple(places[place] for place in finding.also if place in places)
    return replace(
        finding, sheet=new[0] if new else old_sheet, cell=new[1] if new else None, message=message, also=also
    )
