"""One cell of a form: its value by the column's type, or the finding that says why there is none."""

from collections.abc import Callable
from typing import Any

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.received.finding import Finding, clip
from baocao.domain.wording import decimal_text
from baocao.system.cover import unprintable
from baocao.workbook import rules
from baocao.workbook.cells import (
    ERRORS,
    Fault,
    Raw,
    parse_choice,
    parse_date,
    parse_mark,
    parse_number,
    parse_period,
    parse_text,
)
from baocao.workbook.formats.grid import Grid, address
from baocao.workbook.reading.advice import Beside, advice

Parser = Callable[[Raw, Column, bool | None], Any]

NUMBERS = frozenset({ColumnType.COUNT, ColumnType.PERCENT, ColumnType.RATIO, ColumnType.AMOUNT})

_EXPECTED = {
    ColumnType.COUNT: "số nguyên không âm",
    ColumnType.PERCENT: "số phần trăm, ví dụ 85,5",
    ColumnType.RATIO: "số phần trăm, ví dụ 85,5",
    ColumnType.AMOUNT: "số tiền, ví dụ 1250,5",
    ColumnType.DATE: "ngày dạng dd/mm/yyyy",
    ColumnType.PERIOD: "kỳ dạng 10/2022",
    ColumnType.MARK: "x hoặc để trống",
}


def _number(raw: Raw, column: Column, percent_format: bool | None) -> Any:
    return parse_number(raw, column.type, percent_format)


def _date(raw: Raw, _column: Column, _percent_format: bool | None) -> Any:
    return parse_date(raw)


def _choice(raw: Raw, column: Column, _percent_format: bool | None) -> Any:
    return parse_choice(raw, column.choices)


def _mark(raw: Raw, _column: Column, _percent_format: bool | None) -> Any:
    return parse_mark(raw)


def _period(raw: Raw, _column: Column, _percent_format: bool | None) -> Any:
    return parse_period(raw)


def _text(raw: Raw) -> str | Fault | None:
    text = parse_text(raw)
    return Fault.CELL_ERROR if text and text[0] == "#" and text in ERRORS else text


_PARSERS: dict[ColumnType, Parser] = {
    **dict.fromkeys(NUMBERS, _number),
    ColumnType.DATE: _date,
    ColumnType.CHOICE: _choice,
    ColumnType.MARK: _mark,
    ColumnType.PERIOD: _period,
}


_EMPTY = (None, None, None)
_MOST_SIGNS = 5


def expected_of(column: Column) -> str:
    """What a cell of this column should hold, in words."""
    if column.type is ColumnType.CHOICE:
        return ", ".join(column.choices)
    return _EXPECTED.get(column.type, "chữ")


def read_value(grid: Grid, row: int, at: int, column: Column) -> tuple[Any, Fault | None, str | None]:
    """The value of a cell, or why it has none with the text that it shows."""
    raw, marks = grid.raw(row, at), grid.marks
    if marks.errors and (row, at) in marks.errors:
        return None, Fault.CELL_ERROR, marks.errors[row, at]
    if raw is None or raw == "":
        return _EMPTY
    parser = _PARSERS.get(column.type)
    value = _text(raw) if parser is None else parser(raw, column, marks.is_percent(row, at))
    if isinstance(value, Fault):
        return None, value, parse_text(raw)
    return value, None, None


def unprintable_at(grid: Grid, row: int, at: int, value: Any, code: str | None = None) -> list[Finding]:
    """The warning for a text with characters that no font of the reports has; none for any other value."""
    signs = unprintable(value) if isinstance(value, str) else []
    if not signs:
        return []
    shown = ", ".join(f"“{sign}” (U+{ord(sign):04X})" for sign in signs[:_MOST_SIGNS])
    cell = address(row, at)
    return [rules.CHARACTER_UNPRINTABLE.at(sheet=grid.sheet, cell=cell, code=code, value=shown)]


def finding_at(
    fault: Fault,
    grid: Grid,
    row: int,
    at: int,
    column: Column,
    shown: str | None,
    code: str | None = None,
    beside: Beside | None = None,
) -> Finding:
    """The finding for a cell that does not parse, with what to do about what stands in it."""
    is_percent = bool(grid.marks.is_percent(row, at))
    raw = grid.raw(row, at)
    return rules.BY_NAME[fault.value].at(
        sheet=grid.sheet,
        cell=address(row, at),
        code=code,
        value=clip(_as_shown(raw, column, is_percent=is_percent) or shown or ""),
        expected=expected_of(column),
        remedy=advice(fault, raw, column, beside, is_percent),
    )


def _as_shown(raw: Raw, column: Column, *, is_percent: bool) -> str | None:
    """A number under a percent format as its reader sees it."""
    if not is_percent or column.type is not ColumnType.COUNT or not isinstance(raw, int | float):
        return None
    return f"{decimal_text(raw * 100)}%"
