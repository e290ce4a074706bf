"""Merged cells: a value written once and merged over several rows counts for each of them."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.received.finding import Finding, clip
from baocao.workbook import rules
from baocao.workbook.cells import parse_text
from baocao.workbook.formats.grid import Address, Grid, address
from baocao.workbook.reading.values import expected_of, read_value

_COUNTED = frozenset({ColumnType.COUNT, ColumnType.AMOUNT})
_OWN = frozenset({ColumnType.CODE, ColumnType.INDEX, ColumnType.RATIO})
"""What is never meant for several rows: it stays with the first."""


class Spread:
    """The merges of a sheet below its header, column by column; overlapping ones after the first do not count."""

    def __init__(self, grid: Grid, header: int) -> None:
        self._grid = grid
        self._header = header
        self._taken: dict[Address, list[int]] = defaultdict(list)

    @cached_property
    def _first_rows(self) -> dict[Address, int]:
        """The merge's first row for every cell below it in its first column."""
        found: dict[Address, int] = {}
        ends: dict[int, int] = {}
        for (top, left), (bottom, _) in sorted(self._grid.merges):
            last = min(bottom, len(self._grid.rows) - 1)
            if self._header < top < last + 1 and top > ends.get(left, -1):
                ends[left] = last
                found |= {(row, left): top for row in range(top + 1, last + 1)}
        return found

    def first_row(self, row: int, column: int) -> int | None:
        """The row of the cell that a cell is merged into; None where it stands for itself."""
        return self._first_rows.get((row, column))

    @property
    def rows(self) -> set[int]:
        """The rows of cells that are merged into one above."""
        return {row for row, _ in self._first_rows}

    def value(self, row: int, first: int, at: int, column: Column, code: str | None) -> tuple[Any, Finding | None]:
        """The value that a merged cell has from the first one, or the finding that says why it has none."""
        value, _, shown = read_value(self._grid, first, at, column)
        if column.given or column.type in _OWN or (value is None and shown is None):
            return None, None
        if column.type not in _COUNTED:
            self._taken[first, at].append(row)
            return value, None
        return None, rules.COUNTS_MERGED.at(
            sheet=self._grid.sheet,
            cell=address(row, at),
            code=code,
            value=self._shown(first, at),
            expected=expected_of(column),
            first=address(first, at),
        )

    def findings(self) -> list[Finding]:
        """What was counted for more than one row."""
        return [
            rules.CELLS_MERGED.at(
                sheet=self._grid.sheet,
                cell=address(*place),
                value=self._shown(*place),
                last=address(rows[-1], place[1]),
                count=len(rows) + 1,
            )
            for place, rows in self._taken.items()
        ]

    def _shown(self, row: int, at: int) -> str:
        return clip(parse_text(self._grid.raw(row, at)) or "", 60)
