"""A blank copy of an adopted form: the official file itself, with what is known in it and our identity hidden."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import Column, ColumnType, Sheet
from baocao.excel.writing import put, put_formula
from baocao.workbook.blank.fixed_cells import info_value, ratio_formula, table_value, target_format
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.formats.guard import examine, load
from baocao.workbook.layout import Line, letters_of, lines_of
from baocao.workbook.official.identity import KEYS
from baocao.workbook.official.writing import put_line, write_identity


def official_workbook(occasion: Occasion) -> Workbook:
    """The official file with nothing changed but cells that were empty, for a unit and a period.

    Raises:
        OSError: the file is gone. RefusedError: it was exchanged for one that must not be opened.
    """
    occasion = replace(occasion, known=replace(occasion.known, carried={}))  # no room here to mark it as such
    book = load_workbook(BytesIO(examine(load(Path(occasion.form.template))).data), rich_text=True)
    for sheet in occasion.form.sheets:
        for line in lines_of(occasion.plan, sheet):
            _fill_row(book[sheet.name], sheet, line, occasion)
    _fill_lines(book, occasion)
    write_identity(book, {key: str(info_value(occasion, key) or "") for key in KEYS})
    return book


def _fill_lines(book: Workbook, occasion: Occasion) -> None:
    values = {"unit_name": occasion.unit.name, "period": occasion.period}
    info = occasion.form.info
    for column in info.columns:
        if column.at and column.key in values:
            cell = book[info.name][column.at]
            if isinstance(cell, Cell):
                put_line(cell, column, values[column.key])


def _fill_row(worksheet: Worksheet, sheet: Sheet, line: Line, occasion: Occasion) -> None:
    letters = letters_of(sheet)
    for column in sheet.present:
        cell = worksheet[f"{letters[column.key]}{line.row}"]
        if not isinstance(cell, Cell) or cell.value not in (None, ""):
            continue
        if column.type is ColumnType.RATIO:
            if formula := ratio_formula(sheet, line):
                put_formula(cell, formula)
                cell.number_format = "0.00"
        elif (value := _known(occasion, line, column)) is not None:
            put(cell, value)
            if column.type is ColumnType.DATE:
                cell.number_format = "dd/mm/yyyy"
            elif column.key == "target_pct" and line.entry and line.entry.figure and line.entry.figure.is_lower:
                cell.number_format = target_format(line.entry.figure)


def _known(occasion: Occasion, line: Line, column: Column) -> object:
    if column.type is ColumnType.CODE or column.key == "name":
        return None
    return table_value(occasion, line, column)
