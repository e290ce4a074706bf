"""Completing a copy of an official form: its lines, and the hidden identity."""

from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.packaging.custom import StringProperty

from baocao.domain.planned.form import Column
from baocao.domain.planned.period import Period
from baocao.domain.wording import date_text
from baocao.excel.writing import put
from baocao.workbook.official.identity import IDENTITY_SHEET, KEYS, PROPERTY
from baocao.workbook.official.lines import rest_of


def write_identity(book: Workbook, values: dict[str, str]) -> None:
    """Write the identity into a workbook: keys in the first column, values in the second; one that it had goes."""
    if IDENTITY_SHEET in book.sheetnames:
        book.remove(book[IDENTITY_SHEET])
    sheet = book.create_sheet(IDENTITY_SHEET)
    sheet.sheet_state = "veryHidden"
    for row, key in enumerate(KEYS, start=1):
        sheet.cell(row, 1, key)
        if values.get(key):
            sheet.cell(row, 2, values[key]).data_type = "s"
            _set_property(book, key, values[key])


def _set_property(book: Workbook, key: str, value: str) -> None:
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined]
    name = f"{PROPERTY}{key}"
    if name in properties.names:
        del properties[name]
    properties.append(StringProperty(name=name, value=value))


def put_line(cell: Cell, column: Column, value: object) -> None:
    """Complete a line: behind its label, where that stands in the cell, else in the cell itself."""
    text = str(cell.value or "")
    if column.at and rest_of(text, column.header) is not None:
        label = text.strip()[: len(column.header)]
        put(cell, f"{label}: {_shown(value)}" if value is not None else text)
    else:
        put(cell, value)


def _shown(value: object) -> str:
    if isinstance(value, Period):
        return f"tháng {value.short}"
    return date_text(value) if isinstance(value, date) else str(value)
