"""Drawing a table: header, heading bands, rows, ratios, Excel's own checks."""

from copy import copy
from functools import cached_property
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.styles import PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import Column, ColumnType, Sheet
from baocao.excel import style
from baocao.excel.listing import draw_name
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put, put_formula
from baocao.workbook.blank.beside import draw_beside, said_before
from baocao.workbook.blank.colouring import colour
from baocao.workbook.blank.fixed_cells import (
    carried_value,
    is_fixed,
    is_hatched,
    is_locked,
    ratio_formula,
    table_value,
    target_format,
)
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.blank.paging import keep_headings
from baocao.workbook.blank.validation import prompt_only, validation_of
from baocao.workbook.layout import HEADER_ROW, Entry, Line, code_letter, column_letter, letters_of, lines_of

_FORMATS = {
    ColumnType.COUNT: "#,##0",
    ColumnType.AMOUNT: "#,##0.###",
    ColumnType.RATIO: "0.00",
    ColumnType.DATE: "dd/mm/yyyy",
    ColumnType.TEXT: "@",
}
_CENTRED = frozenset(
    {ColumnType.CODE, ColumnType.INDEX, ColumnType.DATE, ColumnType.CHOICE, ColumnType.MARK, ColumnType.PERIOD}
)
_FIGURES = frozenset({ColumnType.COUNT, ColumnType.AMOUNT, ColumnType.RATIO, ColumnType.PERCENT})
_FREE_ROW_POINTS = 24.0


class Look(NamedTuple):
    """How a cell of a table looks; equal ones are put together once, which takes openpyxl longer than the rest."""

    bold: bool
    italic: bool
    side: style.Across
    indent: int
    number_format: str
    is_closed: bool
    is_hatched: bool

    def put_on(self, cell: Cell) -> None:
        """Dress a cell."""
        cell.font = style.font(bold=self.bold, italic=self.italic)
        cell.alignment = style.align(self.side, indent=self.indent)
        cell.border = style.CROSSED_BOX if self.is_hatched else style.BOX
        cell.number_format = self.number_format
        cell.protection = style.LOCKED if self.is_closed else style.OPEN
        cell.fill = style.HATCHED_FILL if self.is_hatched else _fill(is_closed=self.is_closed)


class TableDrawing:
    """One table on its worksheet; the layout comes from :mod:`baocao.workbook.layout`."""

    def __init__(self, worksheet: Worksheet, sheet: Sheet, occasion: Occasion) -> None:
        self.worksheet = worksheet
        self.sheet = sheet
        self.occasion = occasion
        self.letters = letters_of(sheet)
        self.lines = lines_of(occasion.plan, sheet)
        self._validations: dict[tuple[str, str], DataValidation] = {}
        self._looks: dict[Look, StyleArray] = {}

    @cached_property
    def last(self) -> str:
        """The table's last cell."""
        return f"{column_letter(len(self.sheet.columns))}{self.lines[-1].row if self.lines else HEADER_ROW}"

    def draw(self) -> None:
        """Draw everything below the title lines."""
        self._draw_header()
        for line in self.lines:
            if line.heading:
                self._draw_heading(line)
            else:
                self._draw_row(line)
        colour(self.worksheet, self.sheet, self.lines)
        draw_beside(self.worksheet, self.sheet, self.lines, self.occasion)
        keep_headings(self.worksheet, self.lines, self.sheet)
        self.worksheet.freeze_panes = f"{self._first_scrolling_letter()}{HEADER_ROW + 1}"

    def _first_scrolling_letter(self) -> str:
        """The column after the leading given ones that name a row."""
        for index, column in enumerate(self.sheet.columns, start=1):
            if column.type not in (ColumnType.CODE, ColumnType.INDEX) and column.key != "name":
                return column_letter(index)
        return "A"

    def _draw_header(self) -> None:
        tallest = 1
        for column in self.sheet.columns:
            draw_name(self.worksheet[f"{self.letters[column.key]}{HEADER_ROW}"], column.header)
            tallest = max(tallest, lines_needed(column.header, column.width, bold=True, indent=0))
        self.worksheet.row_dimensions[HEADER_ROW].height = height(tallest) + 6

    def _draw_heading(self, line: Line) -> None:
        is_section = line.heading.isupper()
        for letter in self.letters.values():
            cell = self.worksheet[f"{letter}{line.row}"]
            cell.fill = style.SECTION_FILL if is_section else style.BAND_FILL
            cell.border = style.BAND_BOX
        cell = self.worksheet[f"{self._heading_letter()}{line.row}"]
        put(cell, line.heading)
        cell.font = style.font(bold=True, color=style.NAVY)
        cell.alignment = style.align(wrap_text=False)
        self.worksheet.row_dimensions[line.row].height = height(1) + 2

    def _heading_letter(self) -> str:
        """A heading never stands in the code column: a row without a code is no data."""
        code = code_letter(self.sheet)
        return next(letter for letter in self.letters.values() if letter != code)

    def _draw_row(self, line: Line) -> None:
        tallest = 1
        for column in self.sheet.columns:
            cell = self.worksheet[f"{self.letters[column.key]}{line.row}"]
            value = self._fill(cell, line, column)
            self._dress(cell, line, column)
            self._check(cell, line, column)
            tallest = max(tallest, self._lines(value, line, column))
        least = 0.0 if line.entry else _FREE_ROW_POINTS
        style.set_growing_height(self.worksheet, line.row, max(least, height(tallest) + 2))

    def _fill(self, cell: Cell, line: Line, column: Column) -> object:
        if column.type is ColumnType.RATIO:
            if formula := ratio_formula(self.sheet, line):
                put_formula(cell, formula)
            return None
        value = line.row - HEADER_ROW if column.type is ColumnType.INDEX else table_value(self.occasion, line, column)
        put(cell, value)
        return value

    def _dress(self, cell: Cell, line: Line, column: Column) -> None:
        look = Look(
            bold=_is_bold(line.entry, column),
            italic=carried_value(self.occasion, line, column) is not None,
            side=_side(column),
            indent=_indent(line.entry, column),
            number_format=_number_format(line, column),
            is_closed=is_locked(line, column) or is_fixed(self.sheet, column, cell.value),
            is_hatched=is_hatched(line, column),
        )
        if look in self._looks:
            cell._style = copy(self._looks[look])  # type: ignore[attr-defined]
        else:
            look.put_on(cell)
            self._looks[look] = cell._style  # type: ignore[attr-defined]

    def _check(self, cell: Cell, line: Line, column: Column) -> None:
        prompt = said_before(self.occasion, line, column) + _prompt(line.entry, column)
        key = (column.key, prompt)
        if is_hatched(line, column):
            return
        if key not in self._validations:
            validation = _validation(column, prompt)
            if validation is None:
                return
            self.worksheet.add_data_validation(validation)
            self._validations[key] = validation
        self._validations[key].add(cell)

    def _lines(self, value: object, line: Line, column: Column) -> int:
        if not isinstance(value, str):
            return 1
        bold, indent = _is_bold(line.entry, column), _indent(line.entry, column)
        return lines_needed(value, column.width, bold=bold, indent=indent)


def _fill(*, is_closed: bool) -> PatternFill:
    return style.GIVEN_FILL if is_closed else style.TYPED_FILL


def _side(column: Column) -> style.Across:
    if column.type in _FIGURES:
        return "right"
    return "center" if column.type in _CENTRED else "left"


def _indent(entry: Entry | None, column: Column) -> int:
    if _side(column) == "center":
        return 0
    is_component = entry is not None and entry.figure is not None and not entry.figure.is_headline
    return 3 if is_component and column.key == "name" else 1


def _is_bold(entry: Entry | None, column: Column) -> bool:
    is_name = column.type is ColumnType.CODE or column.key == "name"
    return is_name and entry is not None and entry.figure is not None and entry.figure.is_headline


def _number_format(line: Line, column: Column) -> str:
    if column.type is ColumnType.TEXT and is_locked(line, column):
        return "General"
    if column.key == "target_pct" and line.entry and line.entry.figure:
        return target_format(line.entry.figure)
    return "0.0" if column.key == "previous_pct" else _FORMATS.get(column.type, "General")


def _validation(column: Column, prompt: str) -> DataValidation | None:
    if column.given:
        return prompt_only(column.header, prompt) if prompt else None
    return validation_of(column, prompt)


def _prompt(entry: Entry | None, column: Column) -> str:
    """What to count, by the plan's definition of the figure, or its own words; else the column's help."""
    if entry is not None and column.key == "name":
        return entry.verbatim
    if entry is None or entry.figure is None:
        return column.help
    definition = {"numerator": entry.figure.numerator, "denominator": entry.figure.denominator}.get(column.key, "")
    return f"{definition}. {column.help}" if definition else column.help
