"""How much room a text takes: openpyxl cannot tell, and Excel does not grow the rows of a file that it has not saved.

The widths of the letters of Times New Roman are known here, roughly and a little on the safe side.
"""

from functools import cache
from math import ceil
from unicodedata import normalize

_LINE_EM = 1.3
_TALLEST_POINTS = 409.0

_UNIT_PX, _PADDING_PX, _INDENT_PX = 7, 6, 9
_PX_PER_POINT = 96 / 72


def lines_needed(text: str, width: float, size: float = 11, *, bold: bool = False, indent: int = 1) -> int:
    """How many lines a text takes in a column of this width (Excel's units), in letters of a size in points."""
    room = width * _UNIT_PX - _PADDING_PX - indent * _INDENT_PX
    letter_px = size * _PX_PER_POINT * (1.05 if bold else 1.0)
    return sum(_lines_of_paragraph(paragraph, room, letter_px) for paragraph in text.split("\n"))


def _lines_of_paragraph(text: str, room: float, letter_px: float) -> int:
    lines, used = 1, 0.0
    for word in text.split():
        needed = sum(map(_em, word)) * letter_px
        if used and used + needed > room:
            lines, used = lines + 1, 0.0
        lines += int(needed // room)
        used += needed % room + 0.25 * letter_px
    return lines


@cache
def _em(letter: str) -> float:
    """The width of a letter of Times New Roman, in parts of its size."""
    base = normalize("NFD", letter)[0]
    if base in "iljtf.,;:'!|()[]/-“”‘’rI":
        return 0.33
    if base in "mwMW%@—":
        return 0.85
    if base.isupper():
        return 0.7
    return 0.55 if letter in "ưứừửữự" else 0.5 if base.isdigit() else 0.48


def height(lines: int, size: float = 11) -> float:
    """The height in points of a row of so many lines; Excel allows at most 409."""
    return min(_TALLEST_POINTS, ceil(lines * size * _LINE_EM) + 5.0)
