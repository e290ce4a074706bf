"""A workbook as grids of cells under their true addresses, by python-calamine: .xlsx, .xlsm, .xls, .xlsb and .ods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any, Protocol

from python_calamine import CalamineWorkbook, load_workbook

from baocao.workbook.cells import Raw, fold_name, parse_text

Address = tuple[int, int]
"""Row and column, both from 0."""
Merge = tuple[Address, Address]
"""The first and the last cell of a merged range."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet's cells show beyond their values.

    ``errors``: cells that hold ``#N/A`` and the like, which calamine reads as empty. ``percents``: cells with a
    percent number format; None where that is not known. ``legacy_font``: the first text cell in a font of an old
    encoding, and the font's name. ``merges``: merged cells where calamine does not tell them (.xlsb, .ods).
    """

    errors: Mapping[Address, str] = field(default_factory=dict)
    percents: frozenset[Address] | None = frozenset()
    legacy_font: tuple[Address, str] | None = None
    merges: tuple[Merge, ...] = ()

    def is_percent(self, row: int, column: int) -> bool | None:
        """Whether the cell's number format is a percentage; None where that is not known."""
        return None if self.percents is None else (row, column) in self.percents


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its name in NFC, its rows from row 1 on (each from column A on; empty cells are ``""``)."""

    sheet: str
    rows: list[list[Any]]
    marks: Marks = Marks()
    merges: tuple[Merge, ...] = ()

    def row(self, row: int) -> list[Any]:
        """The cells of a row, none outside the grid."""
        return self.rows[row] if 0 <= row < len(self.rows) else []

    def raw(self, row: int, column: int) -> Raw:
        """A cell's value, None outside the grid."""
        try:
            return self.rows[row][column]  # type: ignore[no-any-return]
        except IndexError:
            return None


class Sheaf(Protocol):
    """Whatever has sheets of cells: an open workbook, or a Word document seen as one."""

    @property
    def names(self) -> list[str]:
        """The names of all sheets, in order."""
        ...

    def names_of(self, sheet: str, /) -> list[str]:
        """The names of the sheets that may be meant."""
        ...

    def grid(self, sheet: str, marks: Marks, /) -> Grid:
        """The cells of a sheet."""
        ...


class Book:
    """An open workbook. Sheets are found by their folded names; a sheet is parsed when it is asked for.

    Raises:
        python_calamine.CalamineError: the bytes are no workbook that calamine can open.
    """

    def __init__(self, data: bytes) -> None:
        self._book: CalamineWorkbook = load_workbook(BytesIO(data))
        self._names: dict[str, list[str]] = {}
        for name in self._book.sheet_names:
            self._names.setdefault(fold_name(name), []).append(name)

    @property
    def names(self) -> list[str]:
        """The names of all sheets in this file, in order."""
        return [name for names in self._names.values() for name in names]

    def names_of(self, sheet: str) -> list[str]:
        """The names in this file of the sheets that may be meant: several differ in Unicode form, case, blanks or
        what stands behind them."""
        return self._names.get(fold_name(sheet), [])

    def grid(self, sheet: str, marks: Marks) -> Grid:
        """The cells of a sheet, by its name in this file."""
        found = self._book.get_sheet_by_name(sheet)
        rows = found.to_python(skip_empty_area=False)
        return Grid(parse_text(sheet) or sheet, rows, marks, tuple(found.merged_cell_ranges or marks.merges))


@lru_cache(maxsize=2048)
def letter(column: int) -> str:
    """The letters of a column counted from 0: 0 is ``A``, 26 is ``AA``."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def address(row: int, column: int) -> str:
    """The address as people see it: row 0, column 3 is ``D1``."""
    return f"{letter(column)}{row + 1}"
