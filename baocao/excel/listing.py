"""A list on a sheet: its columns, from A on, and the row that names them."""

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from baocao.excel import style
from baocao.excel.measure import height
from baocao.excel.writing import put

Columns = tuple[tuple[str, float, style.Across], ...]
"""Of each column its header, its width (Excel's units), and on which side its texts stand."""


def set_widths(sheet: Worksheet, columns: Columns) -> None:
    """Give the sheet's columns their widths."""
    for at, (_, width, _) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width


def draw_header(sheet: Worksheet, row: int, columns: Columns, margin: float) -> None:
    """Name the columns, in a row that is higher than its line by so many points."""
    for at, (header, _, _) in enumerate(columns, start=1):
        draw_name(sheet[f"{get_column_letter(at)}{row}"], header)
    sheet.row_dimensions[row].height = height(1) + margin


def draw_name(cell: Any, header: str) -> None:
    """One column's name in its cell."""
    put(cell, header)
    cell.font, cell.alignment = style.font(bold=True, color=style.NAVY), style.align("center")
    cell.fill, cell.border = style.HEADER_FILL, style.BOX
