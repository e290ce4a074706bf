"""Filling a real form the way a clerk does: for the demo, the tests and the benchmark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import ColumnType, Form, Rows, Sheet
from baocao.excel.measure import height, lines_needed
from baocao.excel.style import set_growing_height
from baocao.excel.writing import put
from baocao.workbook.layout import code_letter, first_row, label_cells, letters_of
from baocao.workbook.official.writing import put_line

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a clerk types. ``info``: by the line's key; ``tables``: sheet key, row code, column key; ``free``: sheet
    key, then one mapping by column key per row.

    Values: counts and amounts are numbers, percents 0–100, dates ``datetime.date``, marks ``"x"``; any of them may be
    text.
    """

    info: Values = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)
    free: Mapping[str, Sequence[Values]] = field(default_factory=dict)


def fill_form(blank: Path, target: Path, form: Form, filled: Filled, *, ratios_as_values: bool = False) -> None:
    """Fill a blank form of :func:`baocao.workbook.blank.blank.write_blank` and save it under another name.

    ``ratios_as_values`` replaces each ratio's formula by its value in percent, rounded to 2, as Excel would have stored
    it (a formula written by us has no value until a program calculates it); ratios that are typed stay as typed.

    Raises:
        KeyError: a sheet, row or column that the form does not have.
    """
    book = open_form(blank)
    fill_workbook(book, form, filled, ratios_as_values=ratios_as_values)
    book.save(target)


def open_form(path: Path) -> Workbook:
    """A form of ours as an open workbook."""
    return load_workbook(path)


def fill_workbook(book: Workbook, form: Form, filled: Filled, *, ratios_as_values: bool = False) -> None:
    """Like :func:`fill_form`, on an open workbook."""
    _fill_info(book[form.info.name], form.info, filled.info)
    for key, rows in filled.tables.items():
        sheet = form.sheet(key)
        _fill_table(book[sheet.name], sheet, rows)
    for key, items in filled.free.items():
        sheet = form.sheet(key)
        _fill_free(book[sheet.name], sheet, items)
    if ratios_as_values:
        for sheet in form.sheets:
            _settle_ratios(book[sheet.name], sheet)


def row_numbers(worksheet: Worksheet, sheet: Sheet) -> dict[str, int]:
    """The row of each code in a form that we wrote, or in one that was adopted."""
    if sheet.header is not None:
        return {line.code: line.row for line in sheet.lines if line.code}
    letter = code_letter(sheet)
    rows = range(first_row(sheet), worksheet.max_row + 1)
    return {str(code): row for row in rows if (code := worksheet[f"{letter}{row}"].value)}


def _fill_info(worksheet: Worksheet, sheet: Sheet, values: Values) -> None:
    cells = label_cells(sheet)
    for key, value in values.items():
        if key in cells or not any(column.at for column in sheet.columns):
            put_line(worksheet[cells[key]], sheet.column(key), value)


def _fill_table(worksheet: Worksheet, sheet: Sheet, rows: Mapping[str, Values]) -> None:
    numbers = row_numbers(worksheet, sheet)
    for code, values in rows.items():
        if code in numbers or sheet.header is None:
            _fill_row(worksheet, sheet, numbers[code], values)


def _fill_free(worksheet: Worksheet, sheet: Sheet, items: Sequence[Values]) -> None:
    for row, values in enumerate(items if sheet.present else (), start=first_row(sheet)):
        _fill_row(worksheet, sheet, row, values)


def _fill_row(worksheet: Worksheet, sheet: Sheet, row: int, values: Values) -> None:
    letters = letters_of(sheet)
    for key, value in values.items():
        if key in letters or sheet.header is None:
            put(worksheet[f"{letters[key]}{row}"], value)
    _grow(worksheet, sheet, row)


def _grow(worksheet: Worksheet, sheet: Sheet, row: int) -> None:
    """Make a row as tall as its texts need, as Excel does while a clerk types; never lower than it was."""
    letters = letters_of(sheet)
    cells = ((worksheet[f"{letters[column.key]}{row}"], column.width) for column in sheet.present)
    lines = max((lines_needed(cell.value, width) for cell, width in cells if cell.data_type == "s"), default=1)
    set_growing_height(worksheet, row, max(height(lines) + 2, worksheet.row_dimensions[row].height or 0))


def _settle_ratios(worksheet: Worksheet, sheet: Sheet) -> None:
    ratio = next((column.key for column in sheet.columns if column.type is ColumnType.RATIO), None)
    if ratio is None or sheet.rows is Rows.FREE:
        return
    letters = letters_of(sheet)
    if not {ratio, "numerator", "denominator"} <= letters.keys():
        return
    for row in row_numbers(worksheet, sheet).values():
        cell = worksheet[f"{letters[ratio]}{row}"]
        if cell.data_type != "f":
            continue
        numerator = worksheet[f"{letters['numerator']}{row}"].value
        denominator = worksheet[f"{letters['denominator']}{row}"].value
        is_known = isinstance(numerator, int | float) and isinstance(denominator, int | float) and denominator > 0
        cell.value = round(numerator * 100 / denominator, 2) if is_known else None
