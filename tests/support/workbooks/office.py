"""Workbooks as other hands save them: LibreOffice in its formats, rows and columns moved, text in other spellings."""

import shutil
import unicodedata
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.wording import count_text, decimal_text
from support.workbooks.standing_office import standing_office

HAS_OFFICE = shutil.which("soffice") is not None


def saved_by_libreoffice(path: Path, suffix: str) -> Path:
    """The workbook opened by LibreOffice and saved in another format (``xlsx``, ``xls``, ``ods``)."""
    (made,) = standing_office().convert([path], suffix, path.parent / f"libreoffice-{suffix}")
    return made


def disarrange(book: Workbook) -> None:
    """Move everything that does not matter: rows above the headers, columns swapped, more columns and sheets, NFD."""
    for sheet in book.worksheets:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        sheet.data_validations.dataValidation.clear()
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Bản của đơn vị, thêm ba dòng trên cùng"
    for name in ("Chỉ tiêu", "Nhiệm vụ"):
        swap_columns(book[name], 4, 5)
        swap_columns(book[name], 1, 2)
        book[name].insert_cols(4)
        book[name].cell(9, 4, "Cột thêm")
    book.create_sheet("Ghi chép", 0)["B3"] = "Trang thêm"
    for sheet in book.worksheets:
        sheet.merge_cells("A1:F2")
        decompose(sheet)


def swap_columns(sheet: Worksheet, left: int, right: int) -> None:
    """Swap two columns with their number formats."""
    for row in range(1, sheet.max_row + 1):
        one, other = sheet.cell(row, left), sheet.cell(row, right)
        one.value, other.value = other.value, one.value
        one.number_format, other.number_format = other.number_format, one.number_format


def decompose(sheet: Worksheet) -> None:
    """All text in NFD, as some keyboards and file systems give it."""
    sheet.title = unicodedata.normalize("NFD", sheet.title)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = unicodedata.normalize("NFD", cell.value)


def numbers_as_text(book: Workbook) -> None:
    """Counts as ``1.234`` and percentages as ``85,5%`` in text cells, as people paste them."""
    for name, headers in (("Chỉ tiêu", ("Tử số", "Mẫu số", "Tỷ lệ (%)")), ("Nhiệm vụ", ("Tiến độ (%)",))):
        for header in headers:
            _texts(book[name], header)


def _texts(sheet: Worksheet, header: str) -> None:
    top = next(cell for row in sheet.iter_rows() for cell in row if cell.value == header)
    for row in range(top.row + 1, sheet.max_row + 1):
        cell = sheet.cell(row, top.column)
        if isinstance(cell.value, int | float):
            cell.value = f"{decimal_text(cell.value, 2)}%" if "%" in header else f"\xa0{count_text(cell.value)} "
            cell.number_format = "@"
