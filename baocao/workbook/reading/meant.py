"""Cells whose meaning is certain and harmless though they are not typed as asked: read, and said so."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.received.finding import Finding, Place
from baocao.domain.wording import NOT_APPLICABLE, decimal_text
from baocao.workbook import rules
from baocao.workbook.cells import Raw, fold, folded, parse_text, says_zero
from baocao.workbook.formats.grid import Grid, address

NUMERATOR, DENOMINATOR = "numerator", "denominator"
_SUMMED = frozenset({ColumnType.COUNT, ColumnType.AMOUNT})
_EMPTY = "để trống"


@dataclass(slots=True)
class Meant:
    """What some cells of one row are taken for, by column key, and what is said about it."""

    values: dict[str, float | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def meant_in(grid: Grid, number: int, columns: list[tuple[Column, int]], code: str | None, *, is_empty: bool) -> Meant:
    """Zero words of one row: ``Không phát sinh`` in both counts is 0 and 0, ``-`` for a date that need not be is none.

    ``is_empty``: the row's counts stay empty (a headline that is reported by its components).
    """
    meant = Meant()
    saying = {
        column.key: (column, at)
        for column, at in columns
        if isinstance(raw := grid.raw(number, at), str) and raw and says_zero(folded(raw))
    }
    if not saying:
        return meant
    places = {column.key: at for column, at in columns}
    if code is not None and {NUMERATOR, DENOMINATOR} <= places.keys() and saying.keys() & {NUMERATOR, DENOMINATOR}:
        _take_counts(meant, grid, number, places, saying, code, is_empty=is_empty)
    for column, at in saying.values():
        if _may_be_empty(column, grid, number, places):
            meant.values[column.key] = None
            meant.findings.append(_told(grid, number, [at], code, _EMPTY))
    return meant


def _take_counts(
    meant: Meant,
    grid: Grid,
    number: int,
    places: Mapping[str, int],
    saying: Mapping[str, tuple[Column, int]],
    code: str,
    *,
    is_empty: bool,
) -> None:
    said = [places[key] for key in (NUMERATOR, DENOMINATOR) if key in saying]
    if is_empty:
        meant.values |= {key: None for key in (NUMERATOR, DENOMINATOR) if key in saying}
        meant.findings.append(_told(grid, number, said, code, _EMPTY))
        return
    others = [places[key] for key in (NUMERATOR, DENOMINATOR) if key not in saying]
    if all(_is_zero(grid.raw(number, at)) or _is_covered(grid, number, said, at) for at in others):
        meant.values |= {NUMERATOR: 0.0, DENOMINATOR: 0.0}
        meant.findings.append(_told(grid, number, said, code, "0"))


def _is_zero(raw: Raw) -> bool:
    return (isinstance(raw, int | float) and not isinstance(raw, bool) and raw == 0) or raw == "0"


def _is_covered(grid: Grid, number: int, said: list[int], at: int) -> bool:
    """Whether a cell is merged into one of the row that says it."""
    return any(
        top == bottom == number and left in said and left <= at <= right for (top, left), (bottom, right) in grid.merges
    )


def _may_be_empty(column: Column, grid: Grid, number: int, places: Mapping[str, int]) -> bool:
    if column.type is ColumnType.DATE:
        return not column.required
    is_idle = "status" in places and folded(grid.raw(number, places["status"])) == fold(NOT_APPLICABLE)
    return column.type is ColumnType.PERCENT and is_idle


def _told(grid: Grid, number: int, places: list[int], code: str | None, expected: str) -> Finding:
    cells = [address(number, at) for at in places]
    also: list[Place] = [(grid.sheet, cell) for cell in cells[1:]]
    value = parse_text(grid.raw(number, places[0])) or ""
    others = f"Cũng vậy ở ô {', '.join(cells[1:])}. " if also else ""
    return rules.VALUE_READ.at(
        sheet=grid.sheet,
        cell=cells[0],
        code=code,
        value=value,
        expected=expected,
        remedy=f"{others}Nếu không đúng, hãy ghi lại; kỳ sau xin {'' if expected == _EMPTY else 'ghi '}{expected}.",
        also=also,
    )


def grouped_digits(grid: Grid, number: int, at: int, column: Column, value: object, code: str | None) -> list[Finding]:
    """What is said where blanks group the digits of a number that is typed as text: ``1 234`` is 1234."""
    raw = grid.raw(number, at)
    if column.type not in _SUMMED or not isinstance(raw, str) or not isinstance(value, float):
        return []
    if not any(sign.isspace() for sign in raw.strip()):
        return []
    cell = address(number, at)
    shown = parse_text(raw) or ""
    meant = decimal_text(value, 3)
    remedy = f"Nếu không đúng, hãy ghi lại; kỳ sau xin ghi liền {meant.replace('.', '')}."
    return [rules.VALUE_READ.at(sheet=grid.sheet, cell=cell, code=code, value=shown, expected=meant, remedy=remedy)]
