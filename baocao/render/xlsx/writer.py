"""One sheet, streamed: a title, a header that stays in sight and filters, typed columns, and A4 pages.

openpyxl's streamed sheets and cells are ``Any`` here, because its type stubs know only those held in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from baocao.domain.outcome import Outcome
from baocao.domain.report import Report

if TYPE_CHECKING:
    from openpyxl import Workbook

HEADER_ROW = 4
BLUE, BLUE_GROUND, ORANGE_GROUND, GREY_GROUND, RULE = "00588A", "CFE5F3", "FBE3B5", "EEEEEE", "BFBFBF"
_LONGEST_TEXT = 32_767
_LETTERS_PER_WIDTH = 1.1
_LINE_POINTS = 15


class Kind(Enum):
    """How a column's values are written; the value is (number format, horizontal alignment)."""

    TEXT = ("@", "left")
    CENTER = ("@", "center")
    COUNT = ("#,##0", "right")
    PERCENT = ("0.0%", "right")
    PROGRESS = ("0%", "right")
    POINTS = ("+0.0;-0.0;0.0", "right")
    DATE = ("dd/mm/yyyy", "center")
    MOMENT = ("dd/mm/yyyy hh:mm", "center")


@dataclass(frozen=True)
class Column:
    """A column: its header, its width in characters, the kind of its values."""

    header: str
    width: float
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Percent:
    """A ratio in percent with its target; shown with as many decimals as it takes not to round up to the target."""

    ratio_pct: float
    target_pct: float = 100.0

    @property
    def number_format(self) -> str:
        """``0.0%``, or more decimals where one would show a figure below its target as the target itself."""
        digits = 1
        while digits < 6 and self.ratio_pct < self.target_pct <= round(self.ratio_pct, digits):
            digits += 1
        return f"0.{'0' * digits}%"


Value = str | float | date | datetime | Percent | None


class SheetWriter:
    """Writes one sheet of the workbook from top to bottom; :meth:`finish` must be called last."""

    def __init__(self, workbook: "Workbook", report: Report, name: str, columns: Sequence[Column], title: str) -> None:
        """Add the sheet to the workbook and write title and header."""
        from openpyxl.utils import get_column_letter

        self.columns = columns
        self.sheet: Any = workbook.create_sheet(name)
        self.last_letter = get_column_letter(len(columns))
        self._row = 0
        self._cells: dict[bool, list[Any]] = {}
        for position, column in enumerate(columns, start=1):
            self.sheet.column_dimensions[get_column_letter(position)].width = column.width
        self.sheet.freeze_panes = f"A{HEADER_ROW + 1}"
        set_page(self.sheet, is_landscape=sum(column.width for column in columns) > 90)
        self._head(report, title)

    def _head(self, report: Report, title: str) -> None:
        from openpyxl.styles import Font

        self.sheet.row_dimensions[1].height = 22
        self._plain(title, Font(name="Times New Roman", size=14, bold=True, color=BLUE))
        self._plain(subtitle(report), Font(name="Times New Roman", size=11, italic=True, color="5C5C5C"))
        self.append_raw([])
        self.sheet.row_dimensions[HEADER_ROW].height = 48
        self.append_raw([header_cell(self.sheet, column.header) for column in self.columns])

    def _plain(self, text: str, font: Any) -> None:
        self.append_raw([_cell(self.sheet, text, font=font)])

    def append_raw(self, cells: Sequence[Any]) -> None:
        """Write one row of ready cells."""
        self.sheet.append(cells)
        self._row += 1

    def append(self, values: Sequence[Value], *, is_bold: bool = False) -> None:
        """Write one data row; values in the order of the columns."""
        cells = self._cells.get(is_bold)
        if cells is None:
            cells = self._cells[is_bold] = [
                data_cell(self.sheet, column.kind, is_bold=is_bold) for column in self.columns
            ]
        lines = 1
        for cell, column, value in zip(cells, self.columns, values, strict=True):
            fill_cell(cell, column.kind, value)
            if isinstance(value, str) and len(value) > column.width * _LETTERS_PER_WIDTH:
                lines = max(lines, _lines(value, column.width))
        self._append_high(cells, lines)

    def _append_high(self, cells: Sequence[Any], lines: int) -> None:
        if lines > 1:
            self.sheet.row_dimensions[self._row + 1].height = min(409, _LINE_POINTS * lines)
        self.append_raw(cells)
        self.sheet.row_dimensions.pop(self._row, None)

    @property
    def data_rows(self) -> int:
        """How many data rows have been written."""
        return self._row - HEADER_ROW

    def letter(self, header: str) -> str:
        """The letter of a column."""
        from openpyxl.utils import get_column_letter

        return get_column_letter([column.header for column in self.columns].index(header) + 1)

    def cells_of(self, header: str) -> str:
        """The range of a column's data, as in ``H5:H39``."""
        letter = self.letter(header)
        return f"{letter}{HEADER_ROW + 1}:{letter}{max(self._row, HEADER_ROW + 1)}"

    def finish(self, nothing: str = "Không có.") -> None:
        """Filter, colours of the outcomes, and pages; a sheet without rows says so in one line."""
        if not self.data_rows:
            self.append([nothing, *[None] * (len(self.columns) - 1)])
        self.sheet.auto_filter.ref = f"A{HEADER_ROW}:{self.last_letter}{self._row}"
        if any(column.header == "Kết quả" for column in self.columns):
            colour_outcomes(self.sheet, self.cells_of("Kết quả"))
        self.sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        self.sheet.print_area = f"A1:{self.last_letter}{self._row}"


def _lines(text: str, width: float) -> int:
    from textwrap import wrap

    return sum(max(1, len(wrap(part, max(4, int(width * _LETTERS_PER_WIDTH))))) for part in text.split("\n"))


def header_cell(sheet: Any, text: str) -> Any:
    """A cell of a header row."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    side = Side(style="thin", color=RULE)
    return _cell(
        sheet,
        text,
        font=Font(name="Times New Roman", size=11, bold=True, color="FFFFFF"),
        fill=PatternFill("solid", start_color=BLUE),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        border=Border(left=side, right=side, top=side, bottom=side),
    )


def subtitle(report: Report) -> str:
    """``Tháng 10 năm 2022 – Số liệu mô phỏng``: what must be known about the figures."""
    notes = [report.period.title]
    if report.is_restatement:
        notes.append(f"Đính chính lần {report.version - 1}")
    if report.is_draft:
        notes.append("DỰ THẢO")
    if report.is_sample:
        notes.append("Số liệu mô phỏng")
    return " – ".join(notes)


def colour_outcomes(sheet: Any, cells: str) -> None:
    """Colour «Đạt», «Chưa đạt» and the others; the words carry the meaning, the colours only help."""
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import PatternFill

    grounds = {Outcome.REACHED: BLUE_GROUND, Outcome.MISSED: ORANGE_GROUND, Outcome.NOT_APPLICABLE: GREY_GROUND}
    for state, ground in grounds.items():
        fill = PatternFill("solid", start_color=ground, end_color=ground)
        sheet.conditional_formatting.add(cells, CellIsRule("equal", [f'"{state.value}"'], fill=fill))  # type: ignore[no-untyped-call]


def set_page(sheet: Any, *, is_landscape: bool, pages_high: int = 0) -> None:
    """A4, as wide as the page, page numbers at the foot; before the first row, which closes a streamed sheet's head."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = pages_high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
    sheet.oddFooter.center.text = "Trang &P/&N"


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters, not longer than Excel allows."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_TEXT]


def _cell(sheet: Any, text: str, **style: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    for name, value in style.items():
        setattr(cell, name, value)
    _set_text(cell, text)
    return cell


def text_cell(sheet: Any, text: str, **style: Any) -> Any:
    """A cell with text that is never taken for a formula."""
    return _cell(sheet, text, **style)


def _set_text(cell: Any, text: str) -> None:
    cell.value = clean(text)
    cell.data_type = "s"


def data_cell(sheet: Any, kind: Kind, *, is_bold: bool = False) -> Any:
    """An empty bordered cell, to be filled (and filled again for the next row) by :func:`fill_cell`."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, Side

    side = Side(style="thin", color=RULE)
    number_format, horizontal = kind.value
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name="Times New Roman", size=11, bold=is_bold)
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.alignment = Alignment(horizontal=horizontal, vertical="top", wrap_text=True)
    cell.number_format = number_format
    return cell


def fill_cell(cell: Any, kind: Kind, value: Value) -> None:
    """Give a cell its value; text is never taken for a formula."""
    if isinstance(value, str):
        _set_text(cell, value)
    elif isinstance(value, Percent):
        cell.value = value.ratio_pct / 100
        cell.number_format = value.number_format
    else:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        cell.number_format = kind.value[0]
