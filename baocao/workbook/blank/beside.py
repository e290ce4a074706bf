"""Beside a table: what was reported before, and where a unit confirms what goes over from the last report.

The columns stand right of the table and of the print area, after a narrow gap, and only where something is known: the
table's own headers stay as they are, and reading looks at none of it.
"""

from datetime import date

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import Column, Rows, Sheet
from baocao.domain.wording import count_text
from baocao.excel import style
from baocao.excel.listing import draw_name
from baocao.excel.writing import put
from baocao.workbook.blank.fixed_cells import carried_value
from baocao.workbook.blank.occasion import Carried, Occasion, Reported
from baocao.workbook.blank.selfcheck.formulas import all_of, literal, serial
from baocao.workbook.layout import HEADER_ROW, Line, column_letter, letters_of

_GAP_WIDTH, _WIDTH, _WORDS_WIDTH = 2.0, 14.0, 32.0
_COUNTS = ("numerator", "denominator")
_OF_FIGURES = ("Tử số đã báo cáo", "Mẫu số đã báo cáo", "Của kỳ")
_OF_TASKS = ("Chép từ kỳ", "Còn đúng (ghi x)")
_ONLY_X = "Ghi x, hoặc để trống."


def said_before(occasion: Occasion, line: Line, column: Column) -> str:
    """What the prompt of a cell says of the last report; empty where nothing is known."""
    if line.entry is None:
        return ""
    code = line.entry.code
    if column.key in _COUNTS and (reported := occasion.known.reported.get(code)):
        count = dict(zip(_COUNTS, reported[:2], strict=True))[column.key]
        return f"Đã báo cáo ({reported.since}): {count_text(count)}. "
    if carried_value(occasion, line, column) is not None:
        return f"Chép từ kỳ {occasion.known.carried[code].period.short}, sửa nếu đã khác. "
    return ""


def draw_beside(worksheet: Worksheet, sheet: Sheet, lines: tuple[Line, ...], occasion: Occasion) -> None:
    """Draw the columns that go with a table of figures or of tasks; nothing where nothing is known."""
    if sheet.rows is Rows.FIGURES and (reported := occasion.known.reported):
        letters = _draw_headers(worksheet, sheet, _OF_FIGURES)
        for line in lines:
            if line.entry and line.entry.code in reported:
                _draw_counts([worksheet[f"{letter}{line.row}"] for letter in letters], reported[line.entry.code])
    elif sheet.rows is Rows.TASKS and (carried := occasion.known.carried):
        source, confirmed = _draw_headers(worksheet, sheet, _OF_TASKS)
        marks = DataValidation("list", formula1='"x"', allow_blank=True, showErrorMessage=True, error=_ONLY_X)
        worksheet.add_data_validation(marks)
        for line in lines:
            if line.entry and line.entry.code in carried:
                _draw_source(worksheet[f"{source}{line.row}"], carried[line.entry.code].period.short)
                _draw_confirmed(worksheet[f"{confirmed}{line.row}"], marks)
                _draw_waiting(worksheet, sheet, line, carried[line.entry.code], confirmed)


def _draw_headers(worksheet: Worksheet, sheet: Sheet, headers: tuple[str, ...]) -> list[str]:
    """The headers after the gap; gives their letters."""
    first = len(sheet.columns) + 2
    worksheet.column_dimensions[column_letter(first - 1)].width = _GAP_WIDTH
    letters = [column_letter(first + index) for index in range(len(headers))]
    for letter, header in zip(letters, headers, strict=True):
        worksheet.column_dimensions[letter].width = _WORDS_WIDTH if header == _OF_FIGURES[-1] else _WIDTH
        draw_name(worksheet[f"{letter}{HEADER_ROW}"], header)
    return letters


def _draw_counts(cells: list[Cell], reported: Reported) -> None:
    for cell, value in zip(cells, reported, strict=True):
        _draw_source(cell, value)
        if isinstance(value, int):
            cell.number_format, cell.alignment = "#,##0", style.align("right", indent=1)


def _draw_source(cell: Cell, value: object) -> None:
    put(cell, value)
    cell.font, cell.fill, cell.border = style.font(10.5, color=style.MUTED), style.GIVEN_FILL, style.BOX
    cell.alignment = style.align("center")


def _draw_confirmed(cell: Cell, marks: DataValidation) -> None:
    cell.font, cell.fill, cell.border = style.font(), style.TYPED_FILL, style.BOX
    cell.alignment, cell.protection = style.align("center"), style.OPEN
    marks.add(cell)


def _draw_waiting(worksheet: Worksheet, sheet: Sheet, line: Line, carried: Carried, confirmed: str) -> None:
    """Colour a row's carried cells until one of them is changed, or the row confirmed."""
    letters = letters_of(sheet)
    cells = {letters[key]: value for key, value in carried.values.items() if key in letters}
    same = [f"${letter}{line.row}={_in_formula(value)}" for letter, value in cells.items()]
    waits = all_of(f'TRIM(${confirmed}{line.row})=""', *same)
    rule = Rule(type="expression", dxf=DifferentialStyle(fill=style.WATCH_FILL), formula=[waits])
    worksheet.conditional_formatting.add(" ".join(f"{letter}{line.row}" for letter in cells), rule)


def _in_formula(value: object) -> str:
    if isinstance(value, date):
        return str(serial(value))
    return repr(value) if isinstance(value, int | float) else literal(str(value))
