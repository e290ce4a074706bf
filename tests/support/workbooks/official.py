"""Official-looking forms made by code: no code column, merged headers, Roman or dotted numbers, signatures below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.plan import Plan
from baocao.workbook.layout import entries_of, lines_of

_SIDE = Side(style="thin")
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_ROMAN = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True)
class Style:
    """How an office draws it. ``figures``: the names of the columns, each with the group above it (or none).

    ``rows``: of how many rows the header is. ``is_dotted``: rows are 1.1, 1.2 … instead of 1, 2 … under Roman numbers.
    """

    figures: Sequence[tuple[str, str]]
    rows: int = 2
    is_dotted: bool = False
    is_split: bool = False
    has_difficulties: bool = True


PLAIN = Style(
    (
        ("", "TT"),
        ("", "Nội dung chỉ tiêu"),
        ("", "ĐVT"),
        ("", "Mục tiêu"),
        ("Kết quả thực hiện", "Tổng số"),
        ("Kết quả thực hiện", "Số đạt"),
        ("Kết quả thực hiện", "Tỷ lệ (%)"),
        ("", "Tài liệu minh chứng"),
        ("", "Nguyên nhân chưa đạt, ghi chú"),
    )
)
TURNED = Style(
    (
        ("", "STT"),
        ("", "Tên chỉ tiêu"),
        ("", "Ghi chú"),
        ("Số liệu trong kỳ", "Đã thực hiện"),
        ("Số liệu trong kỳ", "Tổng số phải thực hiện"),
        ("", "Đơn vị tính"),
        ("", "Mục tiêu đề ra"),
    ),
    rows=3,
    is_dotted=True,
    is_split=True,
)
FLAT = Style(
    (("", "Số TT"), ("", "Chỉ tiêu"), ("", "Mẫu số"), ("", "Tử số"), ("", "Tỷ lệ đạt (%)"), ("", "Ghi chú")),
    rows=1,
    has_difficulties=False,
)
TASKS = (
    "TT",
    "Nhiệm vụ, giải pháp",
    "Đơn vị chủ trì",
    "Đơn vị phối hợp",
    "Thời hạn",
    "Tình trạng",
    "Tiến độ (%)",
    "Ngày hoàn thành",
    "Sản phẩm",
    "Ghi chú",
)
DIFFICULTIES = (
    "TT",
    "Khó khăn, vướng mắc",
    "Nguyên nhân",
    "Đề xuất, kiến nghị",
    "Cơ quan giải quyết",
    "Vượt thẩm quyền (đánh dấu x)",
)


def write_official(path: Path, plan: Plan, style: Style = PLAIN) -> Path:
    """Write a monthly form of three tables, on one sheet or on three."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Phụ lục"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    for row, text in enumerate(("PHỤ LỤC 2", "BIỂU MẪU BÁO CÁO", "(Kèm theo Kế hoạch số    /KH-UBND)"), start=1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=7)
        _put(sheet, row, 1, text, bold=True)
    for row, text in enumerate(
        ("Đơn vị báo cáo: ........", "Kỳ báo cáo: tháng ..../....", "Số liệu tính đến ngày: ......"), 4
    ):
        _put(sheet, row, 1, text)
    row = _figures(sheet, 8, plan, style)
    if style.is_split:
        sheet, row = book.create_sheet("Nhiệm vụ"), 1
    row = _table(sheet, row + 1, "B. NHIỆM VỤ", TASKS, list(_task_rows(plan, style)))
    if style.is_split:
        sheet, row = book.create_sheet("Kiến nghị"), 1
    if style.has_difficulties:
        row = _table(sheet, row + 1, "C. KHÓ KHĂN", DIFFICULTIES, [(str(n), "") for n in range(1, 6)])
    for below, texts in enumerate((("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"), ("(Ký, họ tên)", "(Ký, đóng dấu)")), 1):
        for at, text in zip((2, 6), texts, strict=True):
            _put(sheet, row + below, at, text)
    book.save(path)
    return path


def _figures(sheet: Worksheet, top: int, plan: Plan, style: Style) -> int:
    _put(sheet, top, 1, "A. CHỈ TIÊU", bold=True)
    bottom = top + style.rows
    for at, (group, name) in enumerate(style.figures, start=1):
        first = top + 1
        if group:
            _put(sheet, first, at, group if style.figures[at - 2][0] != group else None, bold=True)
            first += 1
        _put(sheet, first, at, name, bold=True)
        if first < bottom:
            sheet.merge_cells(start_row=first, end_row=bottom, start_column=at, end_column=at)
    _merge_groups(sheet, top + 1, style)
    names = [name for _, name in style.figures]
    target = next((at for at, name in enumerate(names, start=1) if name.startswith("Mục tiêu")), None)
    for row, (number, text, pct) in enumerate(_figure_rows(plan, style), start=bottom + 1):
        _put(sheet, row, 1, number)
        _put(sheet, row, 2, text, bold=pct is None)
        if target and pct is not None:
            _put(sheet, row, target, pct)
    return sheet.max_row + 1


def _merge_groups(sheet: Worksheet, row: int, style: Style) -> None:
    groups = [group for group, _ in style.figures]
    for group in dict.fromkeys(group for group in groups if group):
        places = [at for at, one in enumerate(groups, start=1) if one == group]
        sheet.merge_cells(start_row=row, end_row=row, start_column=places[0], end_column=places[-1])


def _figure_rows(plan: Plan, style: Style) -> Iterator[tuple[str, str, float | None]]:
    section = number = 0
    for line in lines_of(plan, plan.forms["thang"].sheet("figures")):
        if line.heading:
            section, number = section + 1, 0
            yield str(section) if style.is_dotted else _ROMAN[section - 1], line.heading, None
        elif line.entry and line.entry.figure:
            is_main = line.entry.figure.is_headline
            number += is_main
            shown = f"{section}.{number}" if style.is_dotted else str(number)
            text = line.entry.verbatim or line.entry.name
            yield shown if is_main else "-", text, line.entry.figure.target_pct


def _task_rows(plan: Plan, style: Style) -> Iterator[tuple[str, str]]:
    """Under a Roman number for each group; numbered on through them where the style is dotted."""
    groups: list[tuple[str, ...]] = []
    number = 0
    for entry in entries_of(plan, plan.forms["thang"].sheet("tasks").rows):
        if entry.headings not in groups and not style.is_dotted:
            groups.append(entry.headings)
            number = 0
            yield _ROMAN[len(groups) - 1], f"Nhóm nhiệm vụ {len(groups)}"
        number += 1
        yield f"{number}." if style.is_dotted else str(number), entry.name


def _table(sheet: Worksheet, top: int, title: str, names: Sequence[str], rows: Sequence[tuple[str, str]]) -> int:
    _put(sheet, top, 1, title, bold=True)
    for at, name in enumerate(names, start=1):
        _put(sheet, top + 1, at, name, bold=True)
    for row, texts in enumerate(rows, start=top + 2):
        for at, text in enumerate(texts, start=1):
            _put(sheet, row, at, text or None)
    return top + 2 + len(rows)


def _put(sheet: Worksheet, row: int, column: int, value: object, *, bold: bool = False) -> None:
    cell = sheet.cell(row, column, value)
    cell.font, cell.border = Font(name="Times New Roman", size=12, bold=bold), _BOX
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def write_word(path: Path, plan: Plan) -> Path:
    """The same form as a Word document: lines, three tables with a header of two rows, a signature below."""
    document = Document()
    for text in (
        "PHỤ LỤC 2",
        "Đơn vị báo cáo: ........",
        "Kỳ báo cáo: tháng ..../....",
        "Số liệu tính đến ngày: ......",
        "I. ĐÁNH GIÁ CHUNG",
        "(Nêu khái quát tình hình chỉ đạo, triển khai; không quá 01 trang)",
        "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
    ):
        document.add_paragraph(text)
    rows = list(_figure_rows(plan, PLAIN))
    table = document.add_table(rows=2 + len(rows), cols=len(PLAIN.figures))
    for at, (group, name) in enumerate(PLAIN.figures):
        table.cell(0 if not group else 1, at).text = name
        if not group:
            table.cell(0, at).merge(table.cell(1, at))
    table.cell(0, 4).text = "Kết quả thực hiện"
    table.cell(0, 4).merge(table.cell(0, 6))
    for row, (number, text, pct) in enumerate(rows, start=2):
        for at, value in enumerate((number, text, "%", "" if pct is None else f"{pct:g}")):
            table.cell(row, at).text = value
    for names, lines in ((TASKS, list(_task_rows(plan, PLAIN))), (DIFFICULTIES, [(str(n), "") for n in range(1, 5)])):
        document.add_paragraph("Bảng tiếp theo")
        table = document.add_table(rows=1 + len(lines), cols=len(names))
        for row, texts in enumerate([names, *lines]):
            for at, text in enumerate(texts):
                table.cell(row, at).text = text
    document.add_paragraph("NGƯỜI LẬP BIỂU")
    document.save(str(path))
    return path
