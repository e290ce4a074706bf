"""How far the cells with a value reach on a sheet, and how far is sane for a form that a person fills in."""

import re
from dataclasses import dataclass, field

from baocao.workbook.formats.grid import Address, Merge

MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_AREA = 5_000_000


@dataclass(slots=True)
class Extent:
    """The last row and column (from 0) that hold a value; -1 where none does."""

    row: int = -1
    column: int = -1

    def take(self, row: int, column: int) -> None:
        """Let a cell with a value count."""
        self.row = max(self.row, row)
        self.column = max(self.column, column)

    @property
    def is_sane(self) -> bool:
        """Whether a dense table of this extent can be held; parsers make one however few cells there are."""
        return self.row < MAX_ROWS and self.column < MAX_COLUMNS and (self.row + 1) * (self.column + 1) <= MAX_AREA


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Which cell formats of a workbook matter: by their index, those that show a percentage, those in an old font.

    ``legacy_strings``: the same for shared strings with a piece in an old font.
    """

    percents: frozenset[int] = frozenset()
    legacy: dict[int, str] = field(default_factory=dict)
    legacy_strings: dict[int, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether no format matters."""
        return not (self.percents or self.legacy or self.legacy_strings)


@dataclass(slots=True)
class Scan:
    """One pass over a sheet: its extent, error cells, percent cells, the first text in an old font, merged cells."""

    extent: Extent = field(default_factory=Extent)
    errors: dict[Address, str] = field(default_factory=dict)
    percents: set[Address] = field(default_factory=set)
    legacy_font: tuple[Address, str] | None = None
    merges: list[Merge] = field(default_factory=list)

    def note_font(self, place: Address, font: str | None) -> None:
        """Keep the first font of an old encoding."""
        if font is not None and self.legacy_font is None:
            self.legacy_font = (place, font)


_LITERAL = re.compile(r'"[^"]*"|\\.')


def shows_percent(number_format: str) -> bool:
    """Whether the format shows a fraction as a percentage; a quoted ``"%"`` only stands beside the number."""
    return "%" in _LITERAL.sub("", number_format)


LEGACY_FONTS = (".vn", "vni-", "vni ")


def is_legacy(font: str) -> bool:
    """Whether the font belongs to an old Vietnamese encoding (TCVN3 ``.Vn…``, ``VNI-…``)."""
    return font.casefold().startswith(LEGACY_FONTS)
