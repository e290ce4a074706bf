"""Whose copy of an adopted form it is, and its lines of information: the hidden identity, and what the sheet says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from baocao.domain.planned.form import Column, ColumnType, Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.workbook import rules
from baocao.workbook.cells import fold, parse_period
from baocao.workbook.formats.grid import Address, Grid, address
from baocao.workbook.official.headers import Texts
from baocao.workbook.official.lines import rest_of, short_date
from baocao.workbook.reading.info import Info
from baocao.workbook.reading.values import finding_at, read_value

_BESIDE = 4
"""So many cells to the right of a label are looked at for its value."""


def read_lines(grid: Grid, texts: Texts, form: Form, identity: Mapping[str, str], plan: Plan) -> Info:
    """The information of an adopted form; what it says on the sheet must not contradict the hidden identity."""
    info = Info(grid.sheet, dict.fromkeys(column.key for column in form.info.columns), {}, [])
    info.values.update({key: text for key, text in identity.items() if text})
    if (period := parse_period(info.values.get("period"))) and isinstance(period, Period):
        info.values["period"] = period
    for column, place, raw in _lines(texts, form):
        info.cells[column.key] = address(*place)
        if column.key == "period":
            _take_period(info, raw)
        elif column.key == "unit_name":
            _take_unit(info, raw, plan)
        elif not column.given:
            _take(info, grid, place, raw, column)
    return info


def _lines(texts: Texts, form: Form) -> Iterator[tuple[Column, Address, str]]:
    """Each line of the form that the sheet has, with the cell of its value and its text there."""
    wanted = {column.key: column for column in form.info.columns if column.at}
    for row in range(texts.height):
        for at, text in enumerate(texts.own_row(row)):
            for key, column in list(wanted.items()):
                rest = rest_of(text, column.header) if text else None
                if rest is not None:
                    del wanted[key]
                    yield (column, *_value(texts, row, at, rest))


def _value(texts: Texts, row: int, at: int, rest: str) -> tuple[Address, str]:
    if rest:
        return (row, at), rest
    first = texts.first(row, at)
    for column in range(at + 1, min(at + 1 + _BESIDE, texts.width)):
        if texts.first(row, column) != first and (text := texts.at(row, column)):
            return (row, column), text
    return (row, at), ""


def _take(info: Info, grid: Grid, place: Address, text: str, column: Column) -> None:
    """Read a value as if it stood alone in its cell; a date cell is read as it is."""
    own: Any = grid.raw(*place)
    if isinstance(own, str) or own is None:
        own = short_date(text) if column.type is ColumnType.DATE else text
    rows: list[list[Any]] = [[] for _ in range(place[0])] + [["" for _ in range(place[1])] + [own or ""]]
    alone = replace(grid, rows=rows)
    value, fault, shown = read_value(alone, *place, column)
    info.values[column.key] = value
    if fault is not None:
        info.findings.append(finding_at(fault, alone, *place, column, shown))


def _take_period(info: Info, text: str) -> None:
    said = parse_period(text) if text else None
    known = info.values.get("period")
    if known is None:
        info.values["period"] = said if isinstance(said, Period) else text or None
    elif isinstance(said, Period) and isinstance(known, Period) and said != known:
        info.findings.append(_contradicts(info, "period", said.short, known.short))


def _take_unit(info: Info, text: str, plan: Plan) -> None:
    named = next((unit.code for unit in plan.units if fold(text) in (fold(unit.name), fold(unit.code))), None)
    known = info.values.get("unit")
    if known is None:
        info.values["unit"] = named or text or None
        info.cells["unit"] = info.cells["unit_name"]
    elif named is not None and fold(named) != fold(str(known)):
        info.findings.append(_contradicts(info, "unit_name", named, str(known)))


def _contradicts(info: Info, key: str, said: str, known: str) -> Finding:
    rule = rules.PERIOD_MISMATCH if key == "period" else rules.UNIT_MISMATCH
    cell = info.cells[key]
    return rule.at(
        sheet=info.sheet,
        cell=cell,
        value=said,
        expected=f"{known}, là của biểu mẫu này",
        where=f"Ô {cell}",
        shown=f"là “{said}”",
    )
