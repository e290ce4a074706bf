"""Drawing «Tự kiểm tra»: what is to be done, line by line, and in hidden columns the formulas that tell it."""

from collections.abc import Sequence

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.grouping import grouped
from baocao.domain.planned.form import Sheet
from baocao.excel import style
from baocao.excel.listing import Columns, draw_header, set_widths
from baocao.excel.measure import height, lines_needed
from baocao.excel.writing import put, put_formula
from baocao.workbook.blank.frame import protect, set_page, write_title
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.blank.selfcheck.formulas import Workings, literal, reference
from baocao.workbook.blank.selfcheck.stated import NOTHING
from baocao.workbook.blank.selfcheck.statement import Desk, Statement
from baocao.workbook.blank.selfcheck.statements import statements_of
from baocao.workbook.layout import HEADER_ROW, HELP_LETTER, LABEL_LETTER

_COLUMNS: Columns = (
    ("TT", 5, "center"),
    ("Trang", 20, "left"),
    ("Ô", 8, "center"),
    ("Tình trạng", 12, "left"),
    ("Cần làm", 66, "left"),
)
_LETTERS = "ABCDE"
_SHEET, _CELL, _FAULT, _BROKEN, _MISSING, _WORK, _NOTHING = "HIJKLMN"
_PLACE, _SPARE = "F", "G"
_HIDDEN = f"{_PLACE}{_SPARE}{_SHEET}{_CELL}{_FAULT}{_BROKEN}{_MISSING}{_WORK}{_NOTHING}"
_SUMMARY, _BY_SHEET, _HOW = HEADER_ROW, HEADER_ROW + 1, HEADER_ROW + 2
_HEADER = HEADER_ROW + 4
_FIRST = _HEADER + 1
MOST_LISTED = 40
"""So many lines are shown; those after them appear as these are mended."""
_LAST = _FIRST + MOST_LISTED
_ALL_MISSING, _ALL_BROKEN = f"{_PLACE}{_SUMMARY}", f"{_SPARE}{_SUMMARY}"
_ALL = f"({_ALL_MISSING}+{_ALL_BROKEN})"
_KINDS = {False: "0", True: "1"}
"""How a fault begins that does not fit, and one that is missing; its rule follows, a bar, and the words."""
_NO_TEXT, _DONE = '""', literal("Không còn chỗ nào phải sửa theo bảng này.")
_HINT = (
    "Bảng này tự tính khi gõ; bấm vào địa chỉ ô để đến chỗ cần sửa. Khi nhận, hệ thống còn so với kỳ trước và xem "
    "những điều công thức không nói được. Dòng chèn thêm không được tính ở đây. Không cần xóa trang này."
)


def draw_self_check(sheet: Worksheet, counting: Sequence[Worksheet], occasion: Occasion) -> None:
    """Draw the sheet, and the counter below the title of the sheets that open the workbook."""
    width = sum(width for _, width, _ in _COLUMNS)
    set_widths(sheet, _COLUMNS)
    write_title(sheet, occasion, sheet.title.upper(), len(_COLUMNS), width)
    count = _draw_formulas(sheet, occasion)
    _draw_head(sheet, occasion, count, width)
    _draw_list(sheet, count)
    set_page(sheet, occasion, landscape=False, last=f"{_LETTERS[-1]}{_LAST}", has_header=False)
    sheet.page_setup.fitToHeight = 1
    sheet.freeze_panes = f"A{_FIRST}"
    protect(sheet, may_insert_rows=False)
    for one in counting:
        _draw_counter(one, sheet.title)


def _draw_formulas(sheet: Worksheet, occasion: Occasion) -> int:
    """One line for each cell of the form that something is stated of, in hidden columns; gives how many."""
    desk = Desk(occasion, Workings(_WORK, _FIRST, _area(_NOTHING, len(NOTHING))))
    by_cell = grouped(statements_of(desk), lambda one: (one.sheet, one.cell))
    for row, ((name, cell), some) in enumerate(by_cell.items(), start=_FIRST):
        target = reference(name, cell)
        put(sheet[f"{_SHEET}{row}"], name)
        put_formula(sheet[f"{_CELL}{row}"], f"=ADDRESS(ROW({target}),COLUMN({target}),4)")
        put_formula(sheet[f"{_FAULT}{row}"], f"={_fault(some)}")
        for letter, kind in ((_BROKEN, _KINDS[False]), (_MISSING, _KINDS[True])):
            before = f"{letter}{row - 1}+" if row > _FIRST else ""
            put_formula(sheet[f"{letter}{row}"], f'={before}IF(LEFT({_FAULT}{row},1)="{kind}",1,0)')
    for row, value in enumerate(desk.work.cells, start=_FIRST):
        cell_of = sheet[f"{_WORK}{row}"]
        put_formula(cell_of, value) if value.startswith("=") else put(cell_of, value)
    for row, text in enumerate(NOTHING, start=_FIRST):
        put(sheet[f"{_NOTHING}{row}"], text)
    for letter in _HIDDEN:
        sheet.column_dimensions[letter].hidden = True
    return len(by_cell)


def _fault(statements: Sequence[Statement]) -> str:
    """The first statement that fails, as a text; empty text where none does."""
    formula = '""'
    for one in reversed(statements):
        told = literal(f"{_KINDS[one.is_missing]}{one.rule}|{one.words}")
        formula = f"IF(IFERROR({one.fails},FALSE),{told},{formula})"
    return formula


def _area(letter: str, count: int) -> str:
    return f"${letter}${_FIRST}:${letter}${_FIRST + max(count, 1) - 1}"


def _draw_head(sheet: Worksheet, occasion: Occasion, count: int, width: float) -> None:
    last = _FIRST + count - 1
    put_formula(sheet[_ALL_MISSING], f"={_MISSING}{last}")
    put_formula(sheet[_ALL_BROKEN], f"={_BROKEN}{last}")
    _line(sheet, _SUMMARY, 13, bold=True)
    put_formula(sheet[f"A{_SUMMARY}"], f'="Còn "&{_ALL_MISSING}&" ô chưa nhập, "&{_ALL_BROKEN}&" chỗ chưa khớp"')
    _line(sheet, _BY_SHEET, 11)
    parts = [_by_sheet(one, count) for one in (occasion.form.info, *occasion.form.sheets)]
    put_formula(sheet[f"A{_BY_SHEET}"], "=" + '&"     "&'.join(parts))
    _line(sheet, _HOW, 10, italic=True)
    put(sheet[f"A{_HOW}"], _HINT)
    sheet.row_dimensions[_HOW].height = height(lines_needed(_HINT, width, 10), 10)
    sheet.row_dimensions[_HOW + 1].height = 6


def _by_sheet(form_sheet: Sheet, count: int) -> str:
    name = literal(form_sheet.name)
    return f'{name}&": "&COUNTIFS({_area(_SHEET, count)},{name},{_area(_FAULT, count)},"?*")'


def _line(sheet: Worksheet, row: int, size: float, *, bold: bool = False, italic: bool = False) -> None:
    sheet.merge_cells(f"{_LETTERS[0]}{row}:{_LETTERS[-1]}{row}")
    cell = sheet[f"{_LETTERS[0]}{row}"]
    cell.font = style.font(size, bold=bold, italic=italic, color=style.NAVY if bold else style.INK)
    cell.alignment = style.align()
    sheet.row_dimensions[row].height = height(1, size) + 3


def _draw_list(sheet: Worksheet, count: int) -> None:
    draw_header(sheet, _HEADER, _COLUMNS, 4)
    for number in range(1, MOST_LISTED + 1):
        _draw_listed(sheet, number, count)
    more = f'"… và "&({_ALL}-{MOST_LISTED})&" chỗ nữa; sửa các chỗ trên thì hiện tiếp."'
    _line(sheet, _LAST, 10, italic=True)
    put_formula(sheet[f"A{_LAST}"], f'=IF({_ALL}>{MOST_LISTED},{more},"")')
    rule = Rule(type="expression", dxf=DifferentialStyle(border=style.BOX), formula=[f'${_PLACE}{_FIRST}<>""'])
    sheet.conditional_formatting.add(f"{_LETTERS[0]}{_FIRST}:{_LETTERS[-1]}{_LAST - 1}", rule)


def _draw_listed(sheet: Worksheet, number: int, count: int) -> None:
    """One line of the list: what does not fit comes first, then what is missing."""
    row = _HEADER + number
    place = f"${_PLACE}{row}"
    broken, missing = (
        f"MATCH({at},{_area(letter, count)},0)"
        for at, letter in ((number, _BROKEN), (f"{number}-{_ALL_BROKEN}", _MISSING))
    )
    put_formula(sheet[f"{_PLACE}{row}"], f'=IFERROR(IF({number}<={_ALL_BROKEN},{broken},{missing}),"")')
    name, cell, fault = (f"INDEX({_area(letter, count)},{place})" for letter in (_SHEET, _CELL, _FAULT))
    link = f'HYPERLINK("#\'"&SUBSTITUTE({name},"\'","\'\'")&"\'!"&{cell},{cell})'
    kind = f'IF({number}<={_ALL_BROKEN},"chưa khớp","chưa nhập")'
    shown = (str(number), name, link, kind, f'MID({fault},FIND("|",{fault})+1,255)')
    nothing = {_LETTERS[-1]: f"IF({_ALL}=0,{_DONE},{_NO_TEXT})"} if number == 1 else {}
    for letter, what, (_, _, side) in zip(_LETTERS, shown, _COLUMNS, strict=True):
        target = sheet[f"{letter}{row}"]
        put_formula(target, f'=IF({place}="",{nothing.get(letter, _NO_TEXT)},{what})')
        target.font = style.font(10.5)
        target.alignment = style.align(side, indent=0 if side == "center" else 1, wrap_text=False)
    sheet.row_dimensions[row].height = height(1, 10.5) + 1


def _draw_counter(sheet: Worksheet, title: str) -> None:
    row = HEADER_ROW - 1
    sheet.merge_cells(f"{LABEL_LETTER}{row}:{HELP_LETTER}{row}")
    cell = sheet[f"{LABEL_LETTER}{row}"]
    summary = f'"Tự kiểm tra: còn "&{reference(title, _ALL_MISSING)}&" ô chưa nhập, "'
    summary += f'&{reference(title, _ALL_BROKEN)}&" chỗ chưa khớp"'
    put_formula(cell, f"=HYPERLINK({literal('#' + reference(title, 'A1'))},{summary})")
    cell.font, cell.alignment = style.font(11, italic=True, color=style.NAVY), style.align("center")
    sheet.row_dimensions[row].height = height(1) + 4
