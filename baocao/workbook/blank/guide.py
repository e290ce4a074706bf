"""The guide: how to fill the form in, on one page."""

from openpyxl.styles import Border, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.wording import date_text
from baocao.excel import style
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put
from baocao.workbook.blank.frame import protect, set_page, write_title
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.layout import HEADER_ROW

_WIDTHS = (7.0, 30.0, 58.0)
_LEGEND: tuple[tuple[PatternFill, Border, str], ...] = (
    (style.TYPED_FILL, style.BOX, "Ô trắng: đơn vị nhập."),
    (style.GIVEN_FILL, style.BOX, "Ô xám: đã điền sẵn hoặc tự tính, đã khóa."),
    (style.HATCHED_FILL, style.CROSSED_BOX, "Ô gạch chéo: để trống, không nhập."),
    (
        PatternFill("solid", fgColor=style.WATCH_COLOUR),
        style.BOX,
        "Ô tự đổi màu tím nhạt: tỷ lệ thấp hơn mục tiêu, còn thiếu điều phải ghi, hoặc chép từ kỳ trước, chờ xem lại.",
    ),
    (
        PatternFill("solid", fgColor=style.BREACH_COLOUR),
        style.BOX,
        "Ô tự đổi màu tím đậm: các ô chưa khớp nhau, như Tử số lớn hơn Mẫu số.",
    ),
)
_SIZE = 12


def draw_guide(sheet: Worksheet, occasion: Occasion) -> None:
    """Draw by when the form is wanted, its numbered hints, and the meaning of the colours."""
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    write_title(sheet, occasion, occasion.form.guide_title.upper(), len(_WIDTHS), sum(_WIDTHS))
    _draw_deadline(sheet, occasion)
    row = HEADER_ROW
    for number, text in enumerate(occasion.form.guide, start=1):
        row += 1
        put(sheet[f"A{row}"], f"{number}.")
        sheet[f"A{row}"].font = style.font(_SIZE, bold=True)
        sheet[f"A{row}"].alignment = style.align("center", "top")
        _write(sheet, row, text, is_numbered=True)
    row += 1
    sheet.row_dimensions[row].height = 8
    for fill, border, text in _LEGEND:
        row += 1
        sheet[f"A{row}"].fill, sheet[f"A{row}"].border = fill, border
        _write(sheet, row, text, is_numbered=False)
    set_page(sheet, occasion, landscape=False, last=f"C{row}", has_header=False)
    sheet.page_setup.fitToHeight = 1
    protect(sheet, may_insert_rows=False)


def _draw_deadline(sheet: Worksheet, occasion: Occasion) -> None:
    day = date_text(occasion.plan.cycle(occasion.period).submit_day(occasion.period))
    cell = sheet[f"A{HEADER_ROW}"]
    sheet.merge_cells(f"A{HEADER_ROW}:C{HEADER_ROW}")
    put(cell, f"Hạn nộp: trước ngày {day}, trừ khi có thư báo ngày khác.")
    cell.font, cell.alignment = style.font(_SIZE, bold=True, color=style.NAVY), style.align("center")
    sheet.row_dimensions[HEADER_ROW].height = height(1, _SIZE) + 6


def _write(sheet: Worksheet, row: int, text: str, *, is_numbered: bool) -> None:
    sheet.merge_cells(f"B{row}:C{row}")
    put(sheet[f"B{row}"], text)
    sheet[f"B{row}"].font = style.font(_SIZE)
    sheet[f"B{row}"].alignment = style.align("left", "top" if is_numbered else "center", indent=1)
    sheet.row_dimensions[row].height = height(lines_needed(text, sum(_WIDTHS[1:]), _SIZE), _SIZE) + 3
