"""One sheet of a filled form: its header found by labels, its rows by their codes."""

from dataclasses import dataclass, field
from typing import Any

from baocao.domain.finding import Finding
from baocao.domain.form import Column, ColumnType, Rows, Sheet
from baocao.domain.submission import Row, Table
from baocao.workbook import rules
from baocao.workbook.cells import Fault, fold, folded, parse_text
from baocao.workbook.grid import Grid, address, letter
from baocao.workbook.values import finding_at, read_value, unprintable_at

_HEADER_SEARCH_ROWS = 40


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header row is, and under which column (from 0) each key of the form stands."""

    row: int
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A table with what did not parse in it."""

    table: Table
    findings: list[Finding] = field(default_factory=list)


def read_table(grid: Grid, sheet: Sheet, codes: tuple[str, ...]) -> Reading:
    """The rows of one sheet; ``codes`` are those that it must have, in order (none for free rows)."""
    header = find_header(grid, sheet)
    reading = _Reading(grid, sheet, header)
    if sheet.rows is Rows.FREE:
        reading.read_free()
    elif sheet.columns[0].key in header.columns:
        reading.read_coded(codes)
    return Reading(reading.table, reading.findings)


def find_header(grid: Grid, sheet: Sheet) -> Header:
    """The row with the most of the form's labels, one with the first column's label before others."""
    keys = {fold(column.header): column.key for column in reversed(sheet.columns)}
    first = sheet.columns[0].key
    best, best_rank = Header(0, {}), (False, 0)
    for number, row in enumerate(grid.rows[:_HEADER_SEARCH_ROWS]):
        columns = _labels(row, keys)
        rank = (first in columns and len(columns) > 1, len(columns))
        if rank > best_rank:
            best, best_rank = Header(number, columns), rank
        if len(columns) == len(sheet.columns):
            break
    return best


def _labels(row: list[Any], keys: dict[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, raw in enumerate(row):
        if isinstance(raw, str) and raw:
            key = keys.get(fold(raw))
            if key is not None:
                found.setdefault(key, at)
    return found


class _Reading:
    """One pass over a sheet."""

    def __init__(self, grid: Grid, sheet: Sheet, header: Header) -> None:
        self._grid = grid
        self._sheet = sheet
        self._header = header
        self._columns = [(c, header.columns[c.key]) for c in sheet.columns if c.key in header.columns]
        self._rows: list[Row] = []
        self.findings: list[Finding] = list(self._missing_columns())

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
            if column.key not in known
        ]

    def read_free(self) -> None:
        for number in range(self._header.row + 1, self._height):
            row, findings = self._row(number, None, self._columns)
            if findings or any(
                value is not None and self._sheet.column(key).type is not ColumnType.INDEX
                for key, value in row.values.items()
            ):
                self._rows.append(row)
                self.findings += findings

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
        self.findings += self._missing_rows(codes, seen, at)

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
        for column, at in columns:
            value, fault, shown = read_value(self._grid, number, at, column)
            values[column.key] = value
            if fault is not None:
                findings.append(finding_at(fault, self._grid, number, at, column, shown, code))
            findings += unprintable_at(self._grid, number, at, value, code)
        return Row(number + 1, code, values), findings

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
