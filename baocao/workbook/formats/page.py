"""What a Word form shows, as a sheet; light, so that every reader process can carry it."""

from dataclasses import dataclass, field
from typing import Any

from baocao.workbook.formats.grid import Address, Grid, Marks, Merge

SHEET = "Biểu mẫu"
_MOST_ROWS = 2000
_LONGEST_NARRATIVE = 50_000
_NO_MARKS = Marks()


@dataclass(slots=True)
class Page:
    """A Word document as a sheet. ``areas``: the first and last cell of each table; ``widths`` in Excel's units."""

    rows: list[list[Any]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    areas: list[Merge] = field(default_factory=list)
    bold: set[Address] = field(default_factory=set)
    widths: list[float] = field(default_factory=list)

    def grid(self, _sheet: str = SHEET, marks: Marks = _NO_MARKS) -> Grid:
        """Its cells, in the way of a workbook's sheet."""
        return Grid(SHEET, self.rows[:_MOST_ROWS], marks, tuple(self.merges))

    @property
    def names(self) -> list[str]:
        """As a workbook's: its one sheet."""
        return [SHEET]

    def names_of(self, sheet: str) -> list[str]:
        """As a workbook's: the sheet of this name, if it is its own."""
        return [SHEET] if sheet == SHEET else []

    @property
    def narrative(self) -> str:
        """What is written beside the tables, a paragraph a line."""
        inside = {row for (top, _), (bottom, _) in self.areas for row in range(top, bottom + 1)}
        texts = (" ".join(map(str, cells)).strip() for row, cells in enumerate(self.rows) if row not in inside)
        return "\n".join(text for text in texts if text)[:_LONGEST_NARRATIVE]
