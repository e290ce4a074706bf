"""Drawing a blank form with openpyxl: the information sheet, the form's tables, the self-check, the guide."""

from dataclasses import replace

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import Column, ColumnType, Rows, Sheet
from baocao.domain.received.example import dated, dated_form
from baocao.excel import style
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put
from baocao.workbook.blank.fixed_cells import info_value
from baocao.workbook.blank.frame import protect, set_page, write_title
from baocao.workbook.blank.guide import draw_guide
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.blank.official import official_workbook
from baocao.workbook.blank.selfcheck.sheet import draw_self_check
from baocao.workbook.blank.table import TableDrawing
from baocao.workbook.blank.validation import validation_of
from baocao.workbook.layout import HEADER_ROW, HELP_LETTER, LABEL_LETTER, VALUE_LETTER, column_letter, label_cells

_INFO_WIDTHS = {LABEL_LETTER: 25.0, VALUE_LETTER: 42.0, HELP_LETTER: 30.0}
_INFO_SIZE = 12


def draw_workbook(occasion: Occasion) -> Workbook:
    """The whole blank workbook; of an adopted form, a copy of the official file."""
    if occasion.form.is_adopted:
        return official_workbook(occasion)
    form = dated_form(occasion.form, occasion.period)
    occasion = replace(occasion, form=form)
    book = Workbook()
    style.set_default_font(book)
    _draw_info(book.worksheets[0], form.info, occasion)
    for sheet in form.sheets:
        worksheet = book.create_sheet(sheet.name)
        if sheet.rows is Rows.LABELS:
            _draw_info(worksheet, sheet, occasion)
        else:
            _draw_table(worksheet, sheet, occasion)
    guide = book.create_sheet(form.guide_title, 0)
    draw_guide(guide, occasion)
    draw_self_check(book.create_sheet(form.self_check_title), (guide, book[form.info.name]), occasion)
    book.active = guide
    for worksheet in book.worksheets:
        for validation in worksheet.data_validations.dataValidation:
            validation.error = dated(validation.error or "", occasion.period) or None
    _set_properties(book, occasion)
    return book


def _set_properties(book: Workbook, occasion: Occasion) -> None:
    plan, properties = occasion.plan, book.properties
    properties.title = f"{occasion.form.title} – {occasion.unit.name} – {occasion.period.label}"
    properties.subject = plan.title
    properties.creator = properties.lastModifiedBy = plan.unit_by_code[plan.coordinator].name
    properties.language = "vi-VN"


def _draw_table(worksheet: Worksheet, sheet: Sheet, occasion: Occasion) -> None:
    for index, column in enumerate(sheet.columns, start=1):
        worksheet.column_dimensions[column_letter(index)].width = column.width
    width = sum(column.width for column in sheet.columns)
    write_title(worksheet, occasion, sheet.title, len(sheet.columns), width)
    table = TableDrawing(worksheet, sheet, occasion)
    table.draw()
    set_page(worksheet, occasion, landscape=sheet.landscape, last=table.last, has_header=True)
    protect(worksheet, may_insert_rows=sheet.rows is Rows.FREE)


def _draw_info(worksheet: Worksheet, sheet: Sheet, occasion: Occasion) -> None:
    worksheet.title = sheet.name
    for letter, width in _INFO_WIDTHS.items():
        worksheet.column_dimensions[letter].width = width
    write_title(worksheet, occasion, sheet.title, len(_INFO_WIDTHS), sum(_INFO_WIDTHS.values()))
    cells = label_cells(sheet)
    for row, column in enumerate(sheet.columns, start=HEADER_ROW):
        _draw_label(worksheet, row, column)
        _draw_info_value(worksheet, cells[column.key], column, info_value(occasion, column.key))
    last_row = _draw_signatures(worksheet, HEADER_ROW + len(sheet.columns))
    set_page(worksheet, occasion, landscape=sheet.landscape, last=f"{HELP_LETTER}{last_row}", has_header=False)
    protect(worksheet, may_insert_rows=False)


def _draw_signatures(worksheet: Worksheet, row: int) -> int:
    """Room for the signatures of a printed copy; gives the last row."""
    worksheet.row_dimensions[row].height = 18
    blocks = (
        (LABEL_LETTER, LABEL_LETTER, "", "NGƯỜI LẬP\n(Ký, ghi rõ họ tên)"),
        (
            VALUE_LETTER,
            HELP_LETTER,
            "……………, ngày …… tháng …… năm ………",
            "THỦ TRƯỞNG ĐƠN VỊ\n(Ký, đóng dấu, ghi rõ họ tên)",
        ),
    )
    for first, last, place_and_date, who in blocks:
        for offset, text, bold in ((1, place_and_date, False), (2, who, True)):
            cell = worksheet[f"{first}{row + offset}"]
            if first != last:
                worksheet.merge_cells(f"{first}{row + offset}:{last}{row + offset}")
            put(cell, text or None)
            cell.font, cell.alignment = style.font(bold=bold, italic=not bold), style.align("center")
    worksheet.row_dimensions[row + 1].height = height(1)
    worksheet.row_dimensions[row + 2].height = height(2)
    worksheet.row_dimensions[row + 3].height = 80
    return row + 3


def _draw_label(worksheet: Worksheet, row: int, column: Column) -> None:
    label, hint = worksheet[f"{LABEL_LETTER}{row}"], worksheet[f"{HELP_LETTER}{row}"]
    put(label, column.header)
    label.font, label.fill, label.border = style.font(_INFO_SIZE, bold=True), style.BAND_FILL, style.BOX
    label.alignment = style.align(indent=1)
    text = " ".join(part for part in ("Bắt buộc." if column.required and not column.given else "", column.help) if part)
    put(hint, text or None)
    hint.font, hint.alignment = style.font(10, italic=True, color=style.MUTED), style.align(indent=1)
    worksheet.row_dimensions[row].height = max(26, height(lines_needed(text, 30, 10), 10))


def _draw_info_value(worksheet: Worksheet, address: str, column: Column, value: object) -> None:
    cell = worksheet[address]
    put(cell, value)
    cell.font, cell.border, cell.alignment = style.font(_INFO_SIZE), style.BOX, style.align(indent=1)
    cell.fill = style.GIVEN_FILL if column.given else style.TYPED_FILL
    cell.protection = style.LOCKED if column.given else style.OPEN
    cell.number_format = "dd/mm/yyyy" if column.type is ColumnType.DATE else "@"
    lines = lines_needed(str(value or ""), _INFO_WIDTHS[VALUE_LETTER], _INFO_SIZE)
    needed = height(lines, _INFO_SIZE)
    if needed > worksheet.row_dimensions[cell.row].height:
        worksheet.row_dimensions[cell.row].height = needed
    if not column.given and (validation := validation_of(column)):
        worksheet.add_data_validation(validation)
        validation.add(cell)
