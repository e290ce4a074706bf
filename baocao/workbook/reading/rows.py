"""One sheet of a filled form: its header found by labels, its rows by their codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from baocao.domain.planned.form import Column, ColumnType, Rows, Sheet
from baocao.domain.received.finding import Finding, Place
from baocao.domain.received.submission import Row, Table
from baocao.workbook.formats.grid import Grid, address, letter
from baocao.workbook.reading.advice import Beside
from baocao.workbook.reading.coded import find_rows
from baocao.workbook.reading.free_table import FreeTable
from baocao.workbook.reading.header import Header, columns_twice, find_header, missing_columns
from baocao.workbook.reading.meant import DENOMINATOR, NUMERATOR, grouped_digits, meant_in
from baocao.workbook.reading.merges import Spread
from baocao.workbook.reading.values import UNUSUAL, finding_at, read_value, unprintable_at, usual_in


@dataclass(frozen=True, slots=True)
class Reading:
    """A table with what did not parse in it."""

    table: Table
    findings: list[Finding] = field(default_factory=list)


def read_table(
    grid: Grid,
    sheet: Sheet,
    codes: tuple[str, ...],
    uncounted: frozenset[str] = frozenset(),
    header: Header | None = None,
) -> Reading:
    """The rows of one sheet; ``codes`` are those that it must have, in order (for free rows, those they may name).

    ``uncounted``: the codes of rows whose counts stay empty. ``header``: where it stands, if that is known.
    """
    header = header or find_header(grid, sheet, () if sheet.rows is Rows.FREE else codes)
    reading = _Reading(grid, sheet, header, uncounted)
    if sheet.rows is Rows.FREE:
        reading.read_free(codes)
    elif sheet.columns[0].key in header.columns:
        reading.read_coded(codes)
    return Reading(reading.table, reading.findings)


class _Reading:
    """One pass over a sheet."""

    def __init__(self, grid: Grid, sheet: Sheet, header: Header, uncounted: frozenset[str]) -> None:
        self._uncounted = uncounted
        self._grid = grid
        self._sheet = sheet
        self._header = header
        self._columns = [(c, header.columns[c.key]) for c in sheet.columns if c.key in header.columns]
        self._rows: list[Row] = []
        self._spread = Spread(grid, header.row)
        self.findings: list[Finding] = [
            *missing_columns(grid, sheet, header),
            *columns_twice(grid, sheet, header),
        ]

    @property
    def table(self) -> Table:
        letters = {key: letter(at) for key, at in self._header.columns.items()}
        return Table(self._sheet.key, self._grid.sheet, letters, tuple(self._rows))

    def read_free(self, codes: tuple[str, ...]) -> None:
        numbers = range(self._header.row + 1, self._height)
        usual = self._usual(numbers, self._columns)

        def read_row(number: int) -> tuple[Row, list[Finding]]:
            values = usual.get(number)
            return self._row(number, None, self._columns) if values is None else (Row(number + 1, None, values), [])

        table = FreeTable(self._grid, self._columns, read_row, codes)
        table.read(numbers)
        self._rows += table.rows
        self.findings += [*table.findings, *self._spread.findings()]

    def read_coded(self, codes: tuple[str, ...]) -> None:
        key = self._sheet.columns[0].key
        others = [(column, place) for column, place in self._columns if column.key != key]
        numbers = range(self._header.row + 1, self._height)
        coded = find_rows(self._grid, self._sheet, numbers, self._header.columns[key], codes)
        usual = self._usual([number for number, _ in coded.rows], others)
        for number, code in coded.rows:
            values: Mapping[str, Any] | None = usual.get(number)
            if values is None:
                row, findings = self._row(number, code, others)
                values = row.values
                self.findings += findings
            self._rows.append(Row(number + 1, code, {key: code, **values}))
        self.findings += [*self._spread.findings(), *coded.findings]

    def _usual(self, numbers: Sequence[int], columns: list[tuple[Column, int]]) -> dict[int, dict[str, Any]]:
        """The values of the rows in which every cell is usual, by their number; read column by column.

        Left out are rows with a cell that is merged, in error or shown as a percentage, too.
        """
        if self._grid.marks.percents is None:
            return {}
        apart = {row for row, _ in (*self._grid.marks.errors, *self._grid.marks.percents)} | self._spread.rows
        width = max((at for _, at in columns), default=0)
        rows = {n: row for n in numbers if n not in apart and len(row := self._grid.row(n)) > width}
        read = [map(usual_in(column), [row[at] for row in rows.values()]) for column, at in columns]
        keys = [column.key for column, _ in columns]
        by_row = zip(rows, zip(*read, strict=True), strict=bool(read))
        return {n: dict(zip(keys, values, strict=True)) for n, values in by_row if UNUSUAL not in values}

    @property
    def _height(self) -> int:
        last_error = max((row for row, _ in self._grid.marks.errors), default=-1)
        return max(len(self._grid.rows), last_error + 1)

    def _row(self, number: int, code: str | None, columns: list[tuple[Column, int]]) -> tuple[Row, list[Finding]]:
        is_spread = code is not None or self._has_own(number, columns)
        meant = meant_in(self._grid, number, columns, code, is_empty=code in self._uncounted)
        values: dict[str, Any] = dict(meant.values)
        findings: list[Finding] = list(meant.findings)
        for column, at in columns:
            if column.key in meant.values:
                continue
            first = self._spread.first_row(number, at) if is_spread else None
            if first is None:
                values[column.key], found = self._value(number, at, column, code, columns)
            else:
                values[column.key], one = self._spread.value(number, first, at, column, code)
                found = [] if one is None else [one]
            findings += found
        return Row(number + 1, code, values), findings

    def _value(
        self, number: int, at: int, column: Column, code: str | None, columns: list[tuple[Column, int]]
    ) -> tuple[Any, list[Finding]]:
        value, fault, shown = read_value(self._grid, number, at, column)
        if fault is None:
            told = unprintable_at(self._grid, number, at, value, code)
            return value, told + grouped_digits(self._grid, number, at, column, value, code)
        beside = self._beside(number, columns) if column.type is ColumnType.COUNT else None
        found = finding_at(fault, self._grid, number, at, column, shown, code, beside)
        return value, [replace(found, also=self._left_empty(number, at, found, columns))]

    def _beside(self, number: int, columns: list[tuple[Column, int]]) -> Beside | None:
        places = {column.key: address(number, at) for column, at in columns}
        if NUMERATOR in places and DENOMINATOR in places:
            return Beside(places[NUMERATOR], places[DENOMINATOR])
        return None

    def _left_empty(self, number: int, at: int, found: Finding, columns: list[tuple[Column, int]]) -> tuple[Place, ...]:
        """The other count of the row, where it was left empty and the finding says what to write there."""
        return tuple(
            (self._grid.sheet, address(number, other))
            for column, other in columns
            if column.type is ColumnType.COUNT and other != at and address(number, other) in found.message
            if self._grid.raw(number, other) in ("", None)
        )

    def _has_own(self, number: int, columns: list[tuple[Column, int]]) -> bool:
        """Whether a row has a cell of its own, beside what is merged into it from above and its number."""
        raws = (self._grid.raw(number, at) for column, at in columns if column.type is not ColumnType.INDEX)
        return any(raw not in ("", None) for raw in raws)
