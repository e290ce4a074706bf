"""The look of our workbooks: one family of letters, restrained colours. Imported only where a workbook is drawn."""

from math import ceil
from textwrap import wrap
from typing import Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

Across = Literal["left", "center", "right"]
Level = Literal["top", "center"]

FACE = "Times New Roman"
LINE_POINTS = 14.5
LINES_POSSIBLE = 27

INK = "1F2937"
NAVY = "1F3864"
MUTED = "595959"

_THIN = Side(style="thin", color="A6A6A6")
_MEDIUM = Side(style="medium", color="1F3864")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
BAND_BOX = Border(top=_THIN, bottom=_THIN)
RULE_BELOW = Border(bottom=_MEDIUM)

HEADER_FILL = PatternFill("solid", fgColor="D6DFEE")
SECTION_FILL = PatternFill("solid", fgColor="C5D1E5")
BAND_FILL = PatternFill("solid", fgColor="E9EEF6")
GIVEN_FILL = PatternFill("solid", fgColor="F2F2F2")
TYPED_FILL = PatternFill("solid", fgColor="FFFFFF")
HATCHED_FILL = PatternFill("lightUp", fgColor="A6A6A6", bgColor="EDEDED")
AMBER_FILL = PatternFill("solid", bgColor="FFE699")
RED_FILL = PatternFill("solid", bgColor="F8CBAD")


def font(size: float = 11, *, bold: bool = False, italic: bool = False, color: str = INK) -> Font:
    """Our letters in a size (points)."""
    return Font(name=FACE, size=size, bold=bold, italic=italic, color=color)


def align(side: Across = "left", level: Level = "center", *, indent: int = 0, wrap_text: bool = True) -> Alignment:
    """Text placed in its cell."""
    return Alignment(horizontal=side, vertical=level, wrap_text=wrap_text, indent=indent)


def lines_needed(text: str, width: float, size: float = 11, *, bold: bool = False) -> int:
    """How many lines a text takes in a column of this width (Excel's units), a little on the safe side.

    openpyxl cannot measure text and Excel does not grow the rows of a file that it did not save, so heights are ours.
    """
    room = max(1, int((width - 1.2) * 11 / size * (1.04 if bold else 1.12)))
    return sum(max(1, len(wrap(paragraph, room))) for paragraph in text.splitlines()) or 1


def height(lines: int, size: float = 11) -> float:
    """The height in points of a row of so many lines; Excel allows at most 409."""
    return min(409.0, ceil(min(lines, LINES_POSSIBLE) * LINE_POINTS * size / 11) + 4)
