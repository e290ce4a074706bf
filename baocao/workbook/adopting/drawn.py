"""A Word form drawn as a sheet, cell by cell as it stands there, for units to fill in with Excel."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from baocao.excel import style
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put
from baocao.workbook.formats.page import SHEET, Page
from baocao.workbook.layout import column_letter

_A4 = 9
_NARROW = 12.0


def sheet_of(page: Page) -> bytes:
    """The workbook: one sheet, on A4 across, its tables boxed."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth = 0, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for at, width in enumerate(page.widths, start=1):
        sheet.column_dimensions[column_letter(at)].width = width
    for row, cells in enumerate(page.rows, start=1):
        for at, text in enumerate(cells, start=1):
            _put(sheet[f"{column_letter(at)}{row}"], text, is_bold=(row - 1, at - 1) in page.bold)
    for (top, left), (bottom, right) in page.merges:
        sheet.merge_cells(start_row=top + 1, end_row=bottom + 1, start_column=left + 1, end_column=right + 1)
    for (top, _), (bottom, right) in page.areas:
        for row in range(top + 1, bottom + 2):
            _box(sheet, row, right + 1, page)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell, text: str, *, is_bold: bool) -> None:
    put(cell, text or None)
    cell.font = style.font(12, bold=is_bold)


def _box(sheet: Worksheet, row: int, columns: int, page: Page) -> None:
    """Box and wrap a row of a table, as tall as its texts need."""
    tallest = 1
    for at in range(1, columns + 1):
        cell = sheet.cell(row, at)
        cell.border, cell.alignment = style.BOX, style.align()
        width = page.widths[at - 1] if at <= len(page.widths) else _NARROW
        tallest = max(tallest, lines_needed(str(cell.value or ""), width))
    sheet.row_dimensions[row].height = height(tallest) + 2
