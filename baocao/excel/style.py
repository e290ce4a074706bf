"""The look of our workbooks: one family of letters, restrained colours. Imported only where a workbook is drawn.

Equal looks are one object: openpyxl compares each look of each cell with those that it knows, field by field.
"""

from functools import lru_cache
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

Across = Literal["left", "center", "right"]
Level = Literal["top", "center"]

FACE = "Times New Roman"

INK = "1F2937"
NAVY = "1F3864"
MUTED = "595959"

_THIN = Side(style="thin", color="A6A6A6")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
CROSSED_BOX = Border(
    left=_THIN, right=_THIN, top=_THIN, bottom=_THIN, diagonal=_THIN, diagonalUp=True, diagonalDown=True
)
"""Around a cell that stays empty: LibreOffice shows no hatching, these lines it does."""
BAND_BOX = Border(top=_THIN, bottom=_THIN)

HEADER_FILL = PatternFill("solid", fgColor="D6DFEE")
SECTION_FILL = PatternFill("solid", fgColor="C5D1E5")
BAND_FILL = PatternFill("solid", fgColor="E9EEF6")
LOCKED, OPEN = Protection(locked=True), Protection(locked=False)
GIVEN_FILL = PatternFill("solid", fgColor="F2F2F2")
TYPED_FILL = PatternFill("solid", fgColor="FFFFFF")
HATCHED_FILL = PatternFill("lightUp", fgColor="A6A6A6", bgColor="EDEDED")
WATCH_COLOUR, BREACH_COLOUR = "E4DFEC", "B1A0C7"
"""What a form colours itself while it is filled in; never a colour of findings."""
WATCH_FILL = PatternFill("solid", bgColor=WATCH_COLOUR)
BREACH_FILL = PatternFill("solid", bgColor=BREACH_COLOUR)


@lru_cache
def font(size: float = 11, *, bold: bool = False, italic: bool = False, color: str = INK) -> Font:
    """Our letters in a size (points)."""
    return Font(name=FACE, size=size, bold=bold, italic=italic, color=color)


@lru_cache
def align(side: Across = "left", level: Level = "center", *, indent: int = 0, wrap_text: bool = True) -> Alignment:
    """Text placed in its cell."""
    return Alignment(horizontal=side, vertical=level, wrap_text=wrap_text, indent=indent)


def set_default_font(book: Workbook) -> None:
    """Make our letters the workbook's own: column widths are counted in digits of this font.

    openpyxl has no public door to it. Call it before any cell is written.
    """
    book._named_styles["Normal"].font = font()  # type: ignore[attr-defined]
    book._fonts[0] = font()  # type: ignore[attr-defined]


class GrowingRow(RowDimension):
    """A row that has a height to begin with and still grows in Excel when a longer text is typed into it."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 - the name in openpyxl
        """Never: a height set by hand would cut what is typed later."""
        return False


def set_growing_height(sheet: Worksheet, row: int, points: float) -> None:
    """Give a row its first height."""
    sheet.row_dimensions[row] = GrowingRow(sheet, index=row, ht=points)
