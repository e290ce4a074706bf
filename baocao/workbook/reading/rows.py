"""One sheet of a filled form: its header found by labels, its rows by their codes."""

from dataclasses import dataclass, field
from typing import Any

from baocao.domain.planned.form import Column, ColumnType, Rows, Sheet
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Row, Table
from baocao.workbook import rules
from baocao.workbook.cells import Fault, fold, fold_name, folded, parse_text
from baocao.workbook.formats.grid import Address, Grid, address, letter
from baocao.workbook.reading.free_table import FreeTable
from baocao.workbook.reading.merges import Spread
from baocao.workbook.reading.values import finding_at, read_value, unprintable_at

_HEADER_SEARCH_ROWS = 40


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header row is, and under which column (from 0) each key of the form stands.

    ``twice``: the cells of labels that are there more than once; they have no column.
    """

    row: int
    columns: dict[str, int]
    twice: dict[str, list[Address]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A table with what did not parse in it."""

    table: Table
    findings: list[Finding] = field(default_factory=list)


def read_table(grid: Grid, sheet: Sheet, codes: tuple[str, ...]) -> Reading:
    """The rows of one sheet; ``codes`` are those that it must have, in order (for free rows, those they may name)."""
    header = find_header(grid, sheet)
    reading = _Reading(grid, sheet, header)
    if sheet.rows is Rows.FREE:
        reading.read_free(codes)
    elif sheet.columns[0].key in header.columns:
        reading.read_coded(codes)
    return Reading(reading.table, reading.findings)


def find_header(grid: Grid, sheet: Sheet) -> Header:
    """The row with the most of the form's labels, one with the first column's label before others.

    A label that stands twice in it, or elsewhere in a second row as good, has no column.
    """
    keys = {fold_name(column.header): column.key for column in reversed(sheet.columns)}
    first = sheet.columns[0].key
    best: list[tuple[int, dict[str, list[int]]]] = [(0, {})]
    best_rank = (False, 0)
    for number, row in enumerate(grid.rows[:_HEADER_SEARCH_ROWS]):
        labels = _labels(row, keys)
        rank = (first in labels and len(labels) > 1, len(labels))
        if rank > best_rank:
            best, best_rank = [(number, labels)], rank
        elif rank == best_rank and rank[0]:
            best.append((number, labels))
    return _header(best)


def _header(candidates: list[tuple[int, dict[str, list[int]]]]) -> Header:
    row, labels = candidates[0]
    others = [(number, other) for number, other in candidates if other != labels]
    twice: dict[str, list[Address]] = {}
    for key in labels:
        cells = [(number, at) for number, other in [candidates[0], *others] for at in other.get(key, [])]
        if len({at for _, at in cells}) > 1:
            twice[key] = cells
    return Header(row, {key: places[0] for key, places in labels.items() if key not in twice}, twice)


def _labels(row: list[Any], keys: dict[str, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, raw in enumerate(row):
        if isinstance(raw, str) and raw:
            key = keys.get(fold_name(raw))
            if key is not None:
                found.setdefault(key, []).append(at)
    return found


class _Reading:
    """One pass over a sheet."""

    def __init__(self, grid: Grid, sheet: Sheet, header: Header) -> None:
        self._grid = grid
        self._sheet = sheet
        self._header = header
        self._columns = [(c, header.columns[c.key]) for c in sheet.columns if c.key in header.columns]
        self._rows: list[Row] = []
        self._spread = Spread(grid, header.row)
        self.findings: list[Finding] = [*self._missing_columns(), *self._columns_twice()]

    @property
    def table(self) -> Table:
        letters = {key: letter(at) for key, at in self._header.columns.items()}
        return Table(self._sheet.key, self._grid.sheet, letters, tuple(self._rows))

    def _missing_columns(self) -> list[Finding]:
        known = self._header.columns
        cell = address(self._header.row, min(known.values())) if known else None
        return [
            rules.COLUMN_MISSING.at(sheet=self._grid.sheet, cell=cell, expected=column.header)
            for column in self._sheet.columns
            if column.key not in known and column.key not in self._header.twice
        ]

    def _columns_twice(self) -> list[Finding]:
        return [
            rules.NAME_TWICE.at(
                sheet=self._grid.sheet,
                cell=address(*cells[1]),
                value=self._sheet.column(key).header,
                expected="một cột",
                what="Cột",
                places=", ".join(f"ô {address(*cell)}" for cell in cells),
            )
            for key, cells in self._header.twice.items()
        ]

    def read_free(self, codes: tuple[str, ...]) -> None:
        table = FreeTable(self._grid, self._columns, lambda number: self._row(number, None, self._columns), codes)
        table.read(range(self._header.row + 1, self._height))
        self._rows += table.rows
        self.findings += [*table.findings, *self._spread.findings()]

    def read_coded(self, codes: tuple[str, ...]) -> None:
        key = self._sheet.columns[0].key
        at = self._header.columns[key]
        known = {fold(code): code for code in codes}
        others = [(column, place) for column, place in self._columns if column.key != key]
        seen: dict[str, int] = {}
        for number in range(self._header.row + 1, self._height):
            code = self._code(number, at, known, seen)
            if code is not None:
                seen[code] = number
                row, findings = self._row(number, code, others)
                self._rows.append(Row(row.number, code, {key: code, **row.values}))
                self.findings += findings
        self.findings += [*self._spread.findings(), *self._missing_rows(codes, seen, at)]

    @property
    def _height(self) -> int:
        last_error = max((row for row, _ in self._grid.marks.errors), default=-1)
        return max(len(self._grid.rows), last_error + 1)

    def _code(self, number: int, at: int, known: dict[str, str], seen: dict[str, int]) -> str | None:
        """The code of a row that is to be read; a finding for one that is not."""
        raw = self._grid.raw(number, at)
        error = self._grid.marks.errors.get((number, at))
        text = folded(raw)
        code = known.get(text)
        if error:
            column = self._sheet.columns[0]
            self.findings.append(finding_at(Fault.CELL_ERROR, self._grid, number, at, column, error))
        elif code is None and text and not self._stands_alone(number):
            place = address(number, at)
            self.findings.append(rules.ROW_UNKNOWN.at(sheet=self._grid.sheet, cell=place, value=parse_text(raw)))
        elif code is not None and code in seen:
            place, first = address(number, at), address(seen[code], at)
            self.findings.append(
                rules.ROW_DUPLICATE.at(sheet=self._grid.sheet, cell=place, code=code, value=code, first=first)
            )
            return None
        return code

    def _stands_alone(self, number: int) -> bool:
        """Whether the row is a heading or a note: it has no figures that could be lost."""
        return sum(raw not in ("", None) for raw in self._grid.rows[number]) == 1

    def _row(self, number: int, code: str | None, columns: list[tuple[Column, int]]) -> tuple[Row, list[Finding]]:
        values: dict[str, Any] = {}
        findings: list[Finding] = []
        is_spread = code is not None or self._has_own(number, columns)
        for column, at in columns:
            first = self._spread.first_row(number, at) if is_spread else None
            if first is None:
                value, fault, shown = read_value(self._grid, number, at, column)
                found = None if fault is None else finding_at(fault, self._grid, number, at, column, shown, code)
            else:
                value, found = self._spread.value(number, first, at, column, code)
            values[column.key] = value
            findings += [] if found is None else [found]
            findings += [] if first is not None else unprintable_at(self._grid, number, at, value, code)
        return Row(number + 1, code, values), findings

    def _has_own(self, number: int, columns: list[tuple[Column, int]]) -> bool:
        """Whether a row has a cell of its own, beside what is merged into it from above and its number."""
        raws = (self._grid.raw(number, at) for column, at in columns if column.type is not ColumnType.INDEX)
        return any(raw not in ("", None) for raw in raws)

    def _missing_rows(self, codes: tuple[str, ...], seen: dict[str, int], at: int) -> list[Finding]:
        after = self._header.row
        findings = []
        for code in codes:
            if code in seen:
                after = seen[code]
            else:
                cell = address(after, at)
                findings.append(rules.ROW_MISSING.at(sheet=self._grid.sheet, cell=cell, code=code, expected=code))
        return findings
