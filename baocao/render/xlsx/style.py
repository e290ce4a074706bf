"""How the workbook looks, and how a value becomes a cell.

Equal looks are one object, as in :mod:`baocao.excel.style`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeVar

from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from baocao.domain.characters import cell_text
from baocao.domain.planned.indicator import Aimed, Direction
from baocao.domain.reported.document import Document
from baocao.domain.reported.outcome import Outcome
from baocao.domain.wording import decimal_text, digits_to_tell

BLUE, BLUE_GROUND, ORANGE_GROUND, GREY_GROUND, RULE = "00588A", "CFE5F3", "FBE3B5", "EEEEEE", "BFBFBF"
_FONT = "Times New Roman"
_LONGEST_TEXT = 32_767
Thing = TypeVar("Thing")


class Kind(Enum):
    """How a column's values are written; the value is (number format, horizontal alignment)."""

    TEXT = ("@", "left")
    CENTER = ("@", "center")
    OUTCOME = ("General", "center")
    COUNT = ("#,##0", "right")
    AMOUNT = ("#,##0.0##", "right")
    PERCENT = ("0.0%", "right")
    PROGRESS = ("0%", "right")
    POINTS = ("+0.0;-0.0;0.0", "right")
    DATE = ("dd/mm/yyyy", "center")
    MOMENT = ("dd/mm/yyyy hh:mm", "center")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its width in characters, the kind of its values."""

    header: str
    width: float
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Told(Generic[Thing]):
    """A column of a list of things, with what stands in it of each."""

    header: str
    width: float
    value: Callable[[Thing], "Value"]
    kind: Kind = Kind.TEXT

    @property
    def column(self) -> Column:
        """The column itself."""
        return Column(self.header, self.width, self.kind)


def counted_columns(width: float) -> tuple[Column, ...]:
    """The columns of a target and of what it is held against; counts are a little wider than shares."""
    return (
        Column("Mục tiêu", width, Kind.PROGRESS),
        Column("Tử số", width + 1, Kind.COUNT),
        Column("Mẫu số", width + 1, Kind.COUNT),
        Column("Tỷ lệ", width, Kind.PERCENT),
    )


@dataclass(frozen=True, slots=True)
class Percent:
    """A ratio in percent with its target; shown with as many decimals as it takes not to round up to it or to 100."""

    ratio_pct: float
    target_pct: float = 100.0

    @property
    def number_format(self) -> str:
        """``0.0%``, or more decimals where one would show a figure as its target, or as all, that lies below."""
        return f"0.{'0' * digits_to_tell(self.ratio_pct, self.target_pct)}%"


@dataclass(frozen=True, slots=True)
class Goal(Percent):
    """A target in a cell of :attr:`Kind.PROGRESS`: a number, shown as it is written, «≤ » before what is at most."""

    is_most: bool = False

    @property
    def number_format(self) -> str:
        """One of :data:`GOAL_FORMATS`."""
        return GOAL_FORMATS[self.is_most][len(decimal_text(self.ratio_pct, _DIGITS).partition(",")[2])]


_DIGITS = 6
GOAL_FORMATS = tuple(
    tuple(f"{before}0{'.' if digits else ''}{'0' * digits}%" for digits in range(_DIGITS + 1))
    for before in ("", '"≤ "')
)
"""By whether it is at most, and by its decimals."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours, without «=», with the value that it has now; never made of what a unit typed.

    ``number_format``: one of :attr:`Percent.number_format`, empty for that of the column.
    """

    text: str
    value: float | str
    number_format: str = ""


Value = str | float | date | datetime | Percent | Formula | None


def percent(ratio_pct: float | None, target_pct: float) -> Percent | None:
    """A ratio for a cell; an empty cell where there is none."""
    return None if ratio_pct is None else Percent(ratio_pct, target_pct)


def target(aimed: Aimed) -> Goal:
    """What a figure is held against, for a cell of :attr:`Kind.PROGRESS`."""
    return Goal(aimed.target_pct, is_most=aimed.direction is Direction.LOWER)


@lru_cache
def font(size: float = 11, **more: Any) -> Any:
    """Times New Roman at this size."""
    return Font(name=_FONT, size=size, **more)


_SIDE = Side(style="thin", color=RULE)
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEADER_FILL = PatternFill("solid", start_color=BLUE)


@lru_cache
def _align(across: str, down: str) -> Any:
    return Alignment(horizontal=across, vertical=down, wrap_text=True)


def style_header(cell: Any) -> None:
    """White on blue, centred, wrapped."""
    cell.font = font(bold=True, color="FFFFFF")
    cell.fill = _HEADER_FILL
    cell.alignment = _align("center", "center")
    cell.border = _BORDER


def style_data(cell: Any, kind: Kind, *, is_bold: bool = False, number_format: str = "") -> None:
    """A bordered cell of a data row."""
    cell.font = font(bold=is_bold)
    cell.border = _BORDER
    cell.alignment = _align(kind.value[1], "top")
    cell.number_format = number_format or kind.value[0]


def put_text(cell: Any, text: str) -> Any:
    """Write text that is never taken for a formula, without control characters, no longer than Excel allows."""
    cell.value = clean(text)
    cell.data_type = "s"
    return cell


def clean(text: str) -> str:
    """Text that a cell can hold."""
    if text.isprintable() and len(text) <= _LONGEST_TEXT and "_x" not in text:
        return text
    return cell_text(text[:_LONGEST_TEXT])


def subtitle(report: Document) -> str:
    """``Tháng 10 năm 2022 – Số liệu mô phỏng``: what must be known about the figures."""
    draft = "DỰ THẢO" if report.is_draft else ""
    sample = "Số liệu mô phỏng" if report.is_sample else ""
    return " – ".join(filter(None, (report.period.title, report.correction, draft, sample)))


def colour_outcomes(sheet: Any, cells: str) -> None:
    """Colour «Đạt», «Chưa đạt» and «Không phát sinh»; the words carry the meaning, the colours only help."""
    grounds = {Outcome.REACHED: BLUE_GROUND, Outcome.MISSED: ORANGE_GROUND, Outcome.NOT_APPLICABLE: GREY_GROUND}
    for state, ground in grounds.items():
        fill = PatternFill("solid", start_color=ground, end_color=ground)
        rule = CellIsRule("equal", [f'"{state.value}"'], fill=fill)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(cells, rule)


def add_bars(sheet: Any, cells: str) -> None:
    """Bars behind the ratios of a column, 0 to 100 %."""
    rule = DataBarRule("num", 0, "num", 1, color="8CC3E3")  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(cells, rule)


def set_page(sheet: Any, *, is_landscape: bool, pages_high: int = 0) -> None:
    """A4, as wide as the page, page numbers at the foot."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = pages_high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
    sheet.oddFooter.center.text = "Trang &P/&N"
