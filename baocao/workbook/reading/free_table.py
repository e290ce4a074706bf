"""Reading the rows of a free table: data kept; totals, «không có» and what lies below the table left out, and told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from baocao.domain.characters import without_bullets
from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.received.finding import Finding, clip
from baocao.domain.received.submission import Row
from baocao.domain.wording import decimal_text
from baocao.workbook import rules
from baocao.workbook.cells import Raw, fold_code, parse_text
from baocao.workbook.formats.grid import Grid, address
from baocao.workbook.reading.free_rows import FreeRows, RowKind, looks_like_data, says_nothing

ReadRow = Callable[[int], tuple[Row, list[Finding]]]
_TASK = "task"


class FreeTable:
    """One pass over the rows of a free table.

    ``columns`` are the form's that the file has, with their places; ``codes`` the spellings of the plan's codes, for a
    column of codes. ``rows`` and ``findings`` grow row by row.
    """

    def __init__(
        self, grid: Grid, columns: list[tuple[Column, int]], read_row: ReadRow, codes: tuple[str, ...]
    ) -> None:
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self._grid = grid
        self._columns = columns
        self._read_row = read_row
        self._codes = {fold_code(code): code for code in codes}
        self._kinds = FreeRows(columns)
        self._has_ended = False

    def read(self, numbers: Iterable[int]) -> None:
        """Read these rows (from 0) of the sheet."""
        for number in numbers:
            row, findings = self._read_row(number)
            raws = {column.key: self._grid.raw(number, at) for column, at in self._columns}
            if not findings and all(raw is None or raw == "" for raw in raws.values()):
                continue
            texts = self._kinds.texts(raws)
            amounts = self._amounts(row)
            if self._has_ended:
                self._look_below(number, texts, amounts)
            else:
                self._take(number, row, findings, texts, amounts)

    def _amounts(self, row: Row) -> dict[str, float]:
        amounts = [column.key for column, _ in self._columns if column.type is ColumnType.AMOUNT]
        return {key: row.values[key] for key in amounts if row.values[key] is not None}

    def _take(
        self, number: int, row: Row, findings: list[Finding], texts: dict[str, str], amounts: dict[str, float]
    ) -> None:
        kind = self._kinds.kind(texts, amounts)
        if kind is RowKind.DATA or (kind is RowKind.EMPTY and findings):
            self._kinds.take(amounts)
            self.rows.append(self._plain(row, texts))
            self.findings += [one for one in findings if not self._is_blank_mark(one, number, texts)]
        elif kind is RowKind.TOTAL:
            self._tell_total(number, texts, amounts)
        elif kind is RowKind.NOTHING and any(text.strip("0") for text in texts.values()):
            self._tell(rules.NONE_ROW, number, texts)
        elif kind is RowKind.END:
            self._has_ended = True
            self._tell(rules.TABLE_END, number, texts)

    def _plain(self, row: Row, texts: Mapping[str, str]) -> Row:
        """A data row with its codes as the plan spells them, and without words that only say «none»."""
        values: dict[str, Any] = dict(row.values)
        for column, _ in self._columns:
            text = texts.get(column.key, "")
            if column.key == _TASK:
                values[_TASK] = self._codes.get(fold_code(without_bullets(text)), values[_TASK])
            elif column.type is ColumnType.TEXT and text and says_nothing(text):
                values[column.key] = None
        return replace(row, values=values)

    def _is_blank_mark(self, finding: Finding, number: int, texts: Mapping[str, str]) -> bool:
        """Whether a finding is about a mark's cell that only says «none»."""
        return any(
            finding.cell == address(number, at)
            for column, at in self._columns
            if column.type is ColumnType.MARK and says_nothing(texts.get(column.key, "?"))
        )

    def _tell_total(self, number: int, texts: Mapping[str, str], amounts: Mapping[str, float]) -> None:
        wrong = self._kinds.disagreeing(amounts)
        self._kinds.close_part()
        if wrong is None:
            self._tell(rules.TOTAL_ROW, number, texts)
            return
        key, right = wrong
        self.findings.append(
            rules.TOTAL_DISAGREES.at(
                sheet=self._grid.sheet,
                cell=address(number, self._place(key)),
                value=decimal_text(amounts[key], 3),
                expected=decimal_text(right, 3),
            )
        )

    def _look_below(self, number: int, texts: Mapping[str, str], amounts: Mapping[str, float]) -> None:
        if looks_like_data(texts, amounts):
            self._tell(rules.ROW_AFTER_TABLE, number, texts)

    def _tell(self, rule: Any, number: int, texts: Mapping[str, str]) -> None:
        """A finding at the first of the row's cells that speaks."""
        at = self._place(next(iter(texts)))
        raw: Raw = self._grid.raw(number, at)
        value = clip(parse_text(raw) or "")
        self.findings.append(rule.at(sheet=self._grid.sheet, cell=address(number, at), value=value))

    def _place(self, key: str) -> int:
        return next(at for column, at in self._columns if column.key == key)
