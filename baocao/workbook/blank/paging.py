"""Where the pages of a table end: never between a heading and its first rows."""

from collections.abc import Iterator

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import Sheet
from baocao.workbook.layout import HEADER_ROW, Line

_SHORT, _LONG = 516.0, 763.0
"""Of an A4 page, within its margins, in points."""
_POINTS_PER_SIGN, _POINTS_PER_COLUMN = 5.25, 3.75
_ROWS_TO_KEEP = 2
_SURE = 0.92
"""So much of a page is surely there, whatever program lays it out."""


def keep_headings(worksheet: Worksheet, lines: tuple[Line, ...], sheet: Sheet) -> None:
    """Break the page before a heading that would stand at its foot, alone or with a single row."""
    for row in _breaks(worksheet, lines, _page(sheet)):
        worksheet.row_breaks.append(Break(id=row - 1))


def _page(sheet: Sheet) -> float:
    """How many points of rows go on a page that is as wide as the sheet."""
    width = sum(column.width * _POINTS_PER_SIGN + _POINTS_PER_COLUMN for column in sheet.columns)
    across, down = (_LONG, _SHORT) if sheet.landscape else (_SHORT, _LONG)
    return down * max(1.0, width / across)


def _breaks(worksheet: Worksheet, lines: tuple[Line, ...], page: float) -> Iterator[int]:
    repeated = _height(worksheet, HEADER_ROW)
    used = sum(_height(worksheet, row) for row in range(1, HEADER_ROW + 1))
    for index, line in enumerate(lines):
        if line.heading and used > repeated and used + _kept(worksheet, lines[index:]) > page * _SURE:
            yield line.row
            used = repeated
        used += _height(worksheet, line.row)
        if used > page:
            used = repeated + _height(worksheet, line.row)


def _kept(worksheet: Worksheet, lines: tuple[Line, ...]) -> float:
    """The height of the heading, of those right below it, and of the first rows."""
    first = next((index for index, line in enumerate(lines) if line.entry), 0)
    return sum(_height(worksheet, line.row) for line in lines[: first + _ROWS_TO_KEEP])


def _height(worksheet: Worksheet, row: int) -> float:
    return float(worksheet.row_dimensions[row].height or 15.0)
