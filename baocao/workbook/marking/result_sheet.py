"""The sheet «Kết quả kiểm tra»: every finding on one printable list, the worst first, with links to the cells."""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.utils import quote_sheetname
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.received.explanation import Explained
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.wording import enumeration
from baocao.excel import style
from baocao.excel.listing import Columns, draw_header, set_widths
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put
from baocao.workbook.blank.frame import set_paper
from baocao.workbook.explanations import EXPLANATION, MUST_MEND, RESULT_SHEET, RULE_HEADER, is_answered
from baocao.workbook.marking.marked_cells import COLOURS, cell_at, sheet_named

MAX_LISTED = 2_000
"""Findings beyond these are only counted: nobody works through more, and each costs time and room."""

_COLUMNS: Columns = (
    ("Mức", 10, "center"),
    ("Trang", 15, "left"),
    ("Ô", 8, "center"),
    ("Đang ghi", 18, "left"),
    ("Cần", 20, "left"),
    ("Nội dung và cách sửa", 54, "left"),
    (EXPLANATION, 28, "left"),
    (RULE_HEADER, 12, "left"),
)
_LETTERS = "ABCDEFGH"
_ANSWER = "G"
_MOST_PLACES = 40
"""So many further cells of one cause get a link of their own; a clerk sees all of them coloured."""
_LEGEND: tuple[tuple[str, str], ...] = (
    (COLOURS[Severity.CRITICAL], "Lỗi: phải sửa thì báo cáo mới được nhận."),
    (COLOURS[Severity.WARNING], "Cảnh báo: xem lại; nếu số liệu đúng, ghi lý do vào cột Giải trình."),
    (style.WATCH_COLOUR, "Biểu mẫu tự tô khi nhập: tỷ lệ thấp hơn mục tiêu, hoặc còn thiếu điều phải ghi."),
    (style.BREACH_COLOUR, "Biểu mẫu tự tô khi nhập: các ô chưa khớp nhau, như Tử số lớn hơn Mẫu số."),
    ("F2F2F2", "Ô hệ thống đã điền sẵn hoặc tự tính."),
)
_LINK, _ALARM = "1F4E9E", "A8321F"
_WIDTH = sum(width for _, width, _ in _COLUMNS)
_HOW = (
    "Mỗi dòng là một nguyên nhân. Bấm vào địa chỉ ở cột “Ô” để đến chỗ cần sửa; mỗi ô được tô màu, có ghi chú. Sửa "
    "ngay trong tệp này, lưu lại rồi gửi theo cách đã nộp. Không cần xóa trang này, màu tô hay ghi chú."
)
_ANEW = (
    "Tệp đã nộp không đánh dấu trực tiếp được, nên đây là biểu mẫu được lập lại từ những gì hệ thống đã đọc. Phần nằm "
    "ngoài biểu mẫu (cột thêm, trang thêm, định dạng riêng) không có ở đây."
)


def in_order(book: Workbook, findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, then as the sheets and cells stand in the workbook."""
    sheets = {sheet.title: index for index, sheet in enumerate(book.worksheets)}

    def rank(finding: Finding) -> tuple[int, int, tuple[int, int]]:
        sheet = sheet_named(book, finding.sheet)
        place = coordinate_to_tuple(finding.cell) if finding.cell else (0, 0)
        return finding.severity.rank, sheets[sheet.title] if sheet else -1, place

    return sorted(findings, key=rank)


def draw_result_sheet(
    book: Workbook,
    title: str,
    findings: Sequence[Finding],
    answers: Sequence[Explained] = (),
    *,
    is_rendition: bool,
) -> None:
    """Put the list in front of all sheets and let the workbook open there.

    ``title`` says whose report it is; ``answers`` are the sender's, which stay; ``is_rendition``: the workbook is not
    the sender's own.
    """
    sheet = book.create_sheet(RESULT_SHEET, 0)
    set_widths(sheet, _COLUMNS)
    header_row = _draw_head(sheet, title, findings, is_rendition=is_rendition)
    rows = _Rows(book, sheet, answers)
    last = header_row
    for finding in findings[:MAX_LISTED]:
        last = rows.draw(last + 1, finding)
    if (left_out := len(findings) - MAX_LISTED) > 0:
        last += 1
        _write(sheet, last, f"… và {left_out} mục nữa, không liệt kê hết ở đây.", style.font(11, italic=True))
    set_paper(sheet, f"{RESULT_SHEET} · {title}", landscape=True, last=f"{_LETTERS[-1]}{last}", header_row=header_row)
    sheet.freeze_panes = f"A{header_row + 1}"
    _open_here(book, sheet)


def _draw_head(sheet: Worksheet, title: str, findings: Sequence[Finding], *, is_rendition: bool) -> int:
    """The lines above the table and its header; gives the header's row."""
    lines = [
        (RESULT_SHEET.upper(), style.font(15, bold=True, color=style.NAVY), 15.0),
        (title, style.font(12, bold=True), 12.0),
        (_summary(findings), style.font(12, bold=True, color=_ALARM), 12.0),
        *([(_ANEW, style.font(11, italic=True), 11.0)] if is_rendition else []),
        (_HOW if findings else "", style.font(11), 11.0),
    ]
    for row, (text, letters, size) in enumerate(lines, start=1):
        _write(sheet, row, text, letters, size)
    above = len(lines)
    for colour, text in _LEGEND if findings else ():
        above += 1
        sheet[f"A{above}"].fill, sheet[f"A{above}"].border = PatternFill("solid", fgColor=colour), style.BOX
        _write(sheet, above, text, style.font(10), 10.0, first="B")
    sheet.row_dimensions[above + 1].height = 6
    header_row = above + 2
    draw_header(sheet, header_row, _COLUMNS, 6)
    return header_row


def _write(sheet: Worksheet, row: int, text: str, letters: Font, size: float = 11.0, first: str = "A") -> None:
    """A line over all columns from the first."""
    sheet.merged_cells.add(f"{first}{row}:{_LETTERS[-1]}{row}")  # alone: nothing is to be made of the cells behind
    cell = sheet[f"{first}{row}"]
    put(cell, text or None)
    cell.font, cell.alignment = letters, style.align()
    sheet.row_dimensions[row].height = height(lines_needed(text, _WIDTH, size, bold=bool(letters.b)), size) + 2


def _summary(findings: Sequence[Finding]) -> str:
    counts = [sum(finding.severity is severity for finding in findings) for severity in Severity]
    named = zip(counts, ("lỗi phải sửa", "cảnh báo nên xem lại", "lưu ý"), strict=True)
    told = [f"{count} {what}" for count, what in named if count]
    return f"Có {enumeration(told)}." if told else "Không có lỗi hay cảnh báo nào."


class _Rows:
    """The rows of the list. Styles are made once and then copied: making them is most of the work."""

    def __init__(self, book: Workbook, sheet: Worksheet, answers: Sequence[Explained]) -> None:
        self._book, self._sheet, self._answers = book, sheet, answers
        self._dressed: dict[tuple[str, Severity | bool | None], Any] = {}

    def draw(self, row: int, finding: Finding) -> int:
        """Draw one cause: its finding, and a line with a link for each further cell; gives its last row."""
        self._draw_finding(row, finding)
        for name, address in finding.also[:_MOST_PLACES]:
            row += 1
            self._draw_place(row, name, address)
        return row

    def _draw_place(self, row: int, name: str, address: str) -> None:
        target = sheet_named(self._book, name)
        texts = ("", name, address, "", "", "cùng nguyên nhân với dòng trên", "", "")
        for letter, text in zip(_LETTERS, texts, strict=True):
            cell = self._sheet[f"{letter}{row}"]
            self._dress(cell, target is not None if letter == "C" else None)
            put(cell, text or None)
        if target is not None:
            _link(self._sheet[f"C{row}"], target, cell_at(target, address).coordinate)
        self._sheet.row_dimensions[row].outlineLevel = 1

    def _draw_finding(self, row: int, finding: Finding) -> None:
        target = sheet_named(self._book, finding.sheet) if finding.cell else None
        texts = (
            finding.severity.label,
            finding.sheet or "Cả tệp",
            finding.cell or "–",
            finding.value or "",
            finding.expected or "",
            finding.message,
            next((one.text for one in self._answers if one.is_about(finding)), ""),
            finding.rule,
        )
        kinds: dict[str, Severity | bool] = {"A": finding.severity, "C": target is not None}
        tallest = 1
        for letter, text, (_, width, _) in zip(_LETTERS, texts, _COLUMNS, strict=True):
            cell = self._sheet[f"{letter}{row}"]
            self._dress(cell, kinds.get(letter))
            put(cell, text or None)
            tallest = max(tallest, lines_needed(text, width))
        if target is not None and finding.cell:
            _link(self._sheet[f"C{row}"], target, cell_at(target, finding.cell).coordinate)
        self._sheet.row_dimensions[row].height = height(tallest) + 2
        answer = self._sheet[f"{_ANSWER}{row}"]
        answer.protection = Protection(locked=False)
        if not is_answered(finding):
            put(answer, MUST_MEND)
            answer.font = style.font(10, italic=True, color=style.MUTED)

    def _dress(self, cell: Any, kind: Severity | bool | None) -> None:
        """``kind``: the severity in the first column, whether there is a link in the third."""
        key = (cell.column_letter, kind)
        if key in self._dressed:
            cell._style = copy(self._dressed[key])
            return
        side = _COLUMNS[cell.column - 1][2]
        cell.font, cell.border = style.font(bold=isinstance(kind, Severity)), style.BOX
        cell.alignment = style.align(side, indent=0 if side == "center" else 1)
        if isinstance(kind, Severity) and kind in COLOURS:
            cell.fill = PatternFill("solid", fgColor=COLOURS[kind])
        elif kind is True:
            cell.font = Font(name=style.FACE, size=11, color=_LINK, underline="single")
        self._dressed[key] = copy(cell._style)


def _link(cell: Cell, target: Worksheet, address: str) -> None:
    location = f"{quote_sheetname(target.title)}!{address}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, display=str(cell.value), tooltip=location)


def _open_here(book: Workbook, sheet: Worksheet) -> None:
    """Show this sheet first, and it alone selected: what is typed into grouped sheets lands in each of them."""
    book.active = sheet
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    for view in book.views:
        view.firstSheet = 0
