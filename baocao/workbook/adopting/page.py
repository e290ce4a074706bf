"""What a Word form shows, as a sheet; light, so that every reader process can carry it."""

from dataclasses import dataclass, field
from typing import Any

from baocao.workbook.formats.grid import Address, Grid, Merge

SHEET = "Biểu mẫu"
_MOST_ROWS = 2000


@dataclass(slots=True)
class Page:
    """A Word document as a sheet. ``areas``: the first and last cell of each table; ``widths`` in Excel's units."""

    rows: list[list[Any]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    areas: list[Merge] = field(default_factory=list)
    bold: set[Address] = field(default_factory=set)
    widths: list[float] = field(default_factory=list)

    @property
    def grid(self) -> Grid:
        """Its cells, in the way of a workbook's sheet."""
        return Grid(SHEET, self.rows[:_MOST_ROWS], merges=tuple(self.merges))
