"""What surrounds a sheet's content: title lines, page, protection."""

from openpyxl.styles import Font
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from baocao.excel import style
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.layout import HEADER_ROW, TITLE_ROWS, column_letter

_A4 = 9


def status_text(occasion: Occasion) -> str:
    """``Biểu mẫu đề xuất, thay cho Phụ lục 2``, or what the form's status says."""
    form = occasion.form
    status = "Biểu mẫu đề xuất" if form.status == "proposal" else "Biểu mẫu chính thức"
    return f"{status}, thay cho {form.stands_in_for}" if form.stands_in_for else status


def write_title(sheet: Worksheet, occasion: Occasion, title: str, columns: int, width: float) -> None:
    """The lines above the header: who reports and on which form, the title, the plan, the period."""
    last = column_letter(columns)
    left_columns = _left_columns(sheet, columns, width)
    left, right = column_letter(left_columns), column_letter(left_columns + 1)
    lines: tuple[tuple[str, str, Font, style.Across], ...] = (
        (f"A1:{left}1", occasion.unit.name.upper(), style.font(11, bold=True), "left"),
        (
            f"{right}1:{last}1",
            f"Biểu số {occasion.form.label}\n{status_text(occasion)}",
            style.font(10, italic=True),
            "right",
        ),
        (f"A2:{last}2", title, style.font(15, bold=True, color=style.NAVY), "center"),
        (f"A3:{last}3", occasion.plan.title, style.font(11, italic=True), "center"),
        (f"A4:{last}4", f"Kỳ báo cáo: {occasion.period.label}", style.font(11, bold=True), "center"),
    )
    for area, text, letters, side in lines:
        sheet.merge_cells(area)
        cell = sheet[area.split(":")[0]]
        put(cell, text)
        cell.font, cell.alignment = letters, style.align(side)
    sheet.row_dimensions[1].height = height(2, 10)
    sheet.row_dimensions[2].height = height(lines_needed(title, width, 15, bold=True), 15)
    sheet.row_dimensions[3].height = height(lines_needed(occasion.plan.title, width))
    sheet.row_dimensions[4].height = height(1)
    sheet.row_dimensions[TITLE_ROWS + 1].height = 6


def _left_columns(sheet: Worksheet, columns: int, width: float) -> int:
    """How many columns make up about the left half of the sheet."""
    passed = 0.0
    for index in range(1, columns):
        passed += sheet.column_dimensions[column_letter(index)].width
        if passed >= width / 2:
            return max(1, index if index < columns else columns - 1)
    return max(1, columns - 1)


def set_page(sheet: Worksheet, occasion: Occasion, *, landscape: bool, last: str, has_header: bool) -> None:
    """A4, one page wide, the header on every page, a footer that says which paper this is."""
    paper = f"{occasion.form.label} · {occasion.unit.name} · {occasion.period.short}"
    set_paper(sheet, paper, landscape=landscape, last=last, header_row=HEADER_ROW if has_header else None)


def set_paper(sheet: Worksheet, paper: str, *, landscape: bool, last: str, header_row: int | None) -> None:
    """The same for any sheet: ``paper`` stands in the footer, ``header_row`` on every page."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.6, 0.5, 0.5, 0.6
    margins.header = margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{last}"
    if header_row is not None:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.HeaderFooter.oddFooter = _footer(paper.replace("&", "&&"), "Trang &P/&N")
    sheet.sheet_view.showGridLines = False


def _footer(left: str, right: str) -> HeaderFooterItem:
    footer = HeaderFooterItem()
    for part, text in ((footer.left, left), (footer.right, right)):
        part.text, part.font, part.size = text, f"{style.FACE},Italic", 9
    return footer


def protect(sheet: Worksheet, *, may_insert_rows: bool) -> None:
    """Lock the given cells without a password: selecting, and widening columns and rows, stay allowed."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = False
    protection.formatRows = False
    protection.insertRows = not may_insert_rows
