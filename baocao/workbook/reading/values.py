"""One cell of a form: its value by the column's type, or the finding that says why there is none.

Nearly all cells are as the form asks, and their texts were read before: :func:`usual_in` reads those of one column,
with what depends on the column alone decided once. Whatever needs a closer look is UNUSUAL to it.
"""

from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.received.finding import Finding, clip
from baocao.domain.wording import decimal_text
from baocao.system.cover import unprintable
from baocao.workbook import rules
from baocao.workbook.cells import (
    ERRORS,
    MAX_EXACT,
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
Usual = Callable[[Raw], Any]

UNUSUAL: Final = object()
"""In place of a cell's value: whoever reads it has to look at the cell alone."""

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
_REMEMBERED = 8192
_LONGEST_REMEMBERED = 500


def expected_of(column: Column) -> str:
    """What a cell of this column should hold, in words."""
    if column.type is ColumnType.CHOICE:
        return ", ".join(column.choices)
    return _EXPECTED.get(column.type, "chữ")


def usual_in(column: Column) -> Usual:
    """What reads the usual cells of a column, where no number is shown as a percentage: as :func:`read_value` does.

    UNUSUAL are cells with a fault or a character that cannot be printed, and texts in place of a number.
    """
    return _USUAL_NUMBERS.get(column.type) or _usual_texts(column.type, column.choices)


def _usual_count(raw: Raw) -> Any:
    if type(raw) is float and raw.is_integer() and abs(raw) <= MAX_EXACT:
        return raw + 0.0  # zero without its sign
    return _none_where_empty(raw)


def _usual_amount(raw: Raw) -> Any:
    return raw if type(raw) is float and abs(raw) <= MAX_EXACT else _none_where_empty(raw)


def _usual_percent(raw: Raw) -> Any:
    return raw if type(raw) is float and isfinite(raw) else _none_where_empty(raw)


def _none_where_empty(raw: Raw) -> Any:
    return None if raw is None or raw == "" else UNUSUAL


_USUAL_NUMBERS: dict[ColumnType, Usual] = {
    ColumnType.COUNT: _usual_count,
    ColumnType.AMOUNT: _usual_amount,
    ColumnType.PERCENT: _usual_percent,
    ColumnType.RATIO: _usual_percent,
}


@lru_cache(maxsize=256)
def _usual_texts(kind: ColumnType, choices: tuple[str, ...]) -> Usual:
    """The same for columns of texts, dates and marks; short texts are remembered: many files have the same."""
    column = Column(key="", header="", type=kind, choices=choices)

    def read(raw: Raw) -> Any:
        value = _parse(raw, column, percent_format=False)
        return UNUSUAL if isinstance(value, Fault) or (isinstance(value, str) and unprintable(value)) else value

    remembered = lru_cache(maxsize=_REMEMBERED)(read)

    def usual(raw: Raw) -> Any:
        if isinstance(raw, str):
            return remembered(raw) if len(raw) <= _LONGEST_REMEMBERED else read(raw)
        return None if raw is None else read(raw)

    return usual


def _parse(raw: Raw, column: Column, *, percent_format: bool | None) -> Any:
    parser = _PARSERS.get(column.type)
    return _text(raw) if parser is None else parser(raw, column, percent_format)


def read_value(grid: Grid, row: int, at: int, column: Column) -> tuple[Any, Fault | None, str | None]:
    """The value of a cell, or why it has none with the text that it shows."""
    raw, marks = grid.raw(row, at), grid.marks
    if marks.errors and (row, at) in marks.errors:
        return None, Fault.CELL_ERROR, marks.errors[row, at]
    if raw is None or raw == "":
        return _EMPTY
    value = _parse(raw, column, percent_format=marks.is_percent(row, at))
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
