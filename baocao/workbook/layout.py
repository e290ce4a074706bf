"""Where everything stands in a workbook that we write: the one source for drawing a blank form and for filling it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from baocao.domain.planned.form import ColumnType, Rows, Sheet
from baocao.domain.planned.indicator import Figure, Indicator, figures_of
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.task import PlanTask

TITLE_ROWS = 4
HEADER_ROW = TITLE_ROWS + 2
"""The header of a table; on a sheet of labels, its first line. Row 5 stays narrow and empty."""
LABEL_LETTER, VALUE_LETTER, HELP_LETTER = "A", "B", "C"


@dataclass(frozen=True, slots=True)
class Entry:
    """One coded row: its headings (outermost first), its name, and the plan's own words where they are longer."""

    code: str
    headings: tuple[str, ...]
    name: str
    verbatim: str = ""
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row under the header, counted from 1 as in Excel: a heading, a coded row, or (neither) a free row."""

    row: int
    heading: str = ""
    entry: Entry | None = None


def lines_of(plan: Plan, sheet: Sheet) -> tuple[Line, ...]:
    """Every row of a table below its header, in order; none for a sheet of labels."""
    if sheet.header is not None:
        return tuple(_official_lines(plan, sheet))
    if sheet.rows is Rows.FREE:
        return tuple(Line(HEADER_ROW + count) for count in range(1, sheet.free_rows + 1))
    return tuple(_with_headings(entries_of(plan, sheet.rows)))


def entries_of(plan: Plan, rows: Rows) -> tuple[Entry, ...]:
    """The coded rows of a kind of sheet, in the order of ``plan.row_codes``; none for free rows and labels."""
    make = _ENTRIES.get(rows)
    return tuple(make(plan)) if make else ()


def letters_of(sheet: Sheet) -> dict[str, str]:
    """The letter of each column of a table, by the column's key; of an adopted form, of those that it has."""
    if sheet.header is not None:
        return {column.key: column.at for column in sheet.present}
    return {column.key: column_letter(index) for index, column in enumerate(sheet.columns, start=1)}


def label_cells(sheet: Sheet) -> dict[str, str]:
    """The cell of each value on a sheet of labels, by the line's key; of an adopted form, of those that it has."""
    if any(column.at for column in sheet.columns):
        return {column.key: column.at for column in sheet.columns if column.at}
    return {column.key: f"{VALUE_LETTER}{HEADER_ROW + index}" for index, column in enumerate(sheet.columns)}


def first_row(sheet: Sheet) -> int:
    """The row below a table's header."""
    return (HEADER_ROW if sheet.header is None else sheet.header[1]) + 1


def code_letter(sheet: Sheet) -> str:
    """The letter of the column that holds the rows' codes.

    Raises:
        KeyError: the sheet has no such column.
    """
    key = next((column.key for column in sheet.columns if column.type is ColumnType.CODE), None)
    if key is None:
        raise KeyError(f"trang “{sheet.name}” không có cột mã")
    return letters_of(sheet)[key]


def column_letter(index: int) -> str:
    """``A`` for 1, ``AA`` for 27."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _official_lines(plan: Plan, sheet: Sheet) -> Iterator[Line]:
    """The rows of an adopted table that are filled in."""
    if sheet.rows is Rows.FREE:
        yield from (Line(row) for row in range(first_row(sheet), sheet.last + 1))
        return
    entries = {entry.code: entry for entry in entries_of(plan, sheet.rows)}
    yield from (Line(line.row, entry=entries[line.code]) for line in sheet.lines if line.code in entries)


def _with_headings(entries: tuple[Entry, ...]) -> Iterator[Line]:
    row = HEADER_ROW
    shown: tuple[str, ...] = ()
    for entry in entries:
        for depth, heading in enumerate(entry.headings):
            if shown[: depth + 1] != entry.headings[: depth + 1]:
                row += 1
                yield Line(row, heading=heading)
                shown = entry.headings[: depth + 1]
        shown = entry.headings
        row += 1
        yield Line(row, entry=entry)


def _figures(plan: Plan) -> Iterator[Entry]:
    for indicator in plan.indicators:
        for figure in figures_of(indicator):
            verbatim = indicator.verbatim if figure.is_headline else ""
            yield Entry(figure.code, (_group(plan, indicator),), figure.name, verbatim, figure)


def _indicators(plan: Plan) -> Iterator[Entry]:
    for indicator in plan.indicators:
        yield Entry(indicator.code, (_group(plan, indicator),), indicator.name_short, indicator.verbatim)


def _tasks(plan: Plan) -> Iterator[Entry]:
    for task in plan.unit_tasks:
        yield Entry(task.code, (_task_group(plan, task),), task.verbatim)


def _indicators_and_tasks(plan: Plan) -> Iterator[Entry]:
    for indicator in plan.indicators:
        name = indicator.verbatim_clause or indicator.verbatim
        yield Entry(indicator.code, ("CHỈ TIÊU", _group(plan, indicator)), name)
    for task in plan.unit_tasks:
        yield Entry(task.code, ("NHIỆM VỤ, GIẢI PHÁP", _task_group(plan, task)), task.verbatim)


def _group(plan: Plan, indicator: Indicator) -> str:
    return plan.indicator_groups.get(indicator.group, indicator.group).rstrip(": ")


def _task_group(plan: Plan, task: PlanTask) -> str:
    return plan.task_groups.get(task.group, task.group).rstrip(": ")


_ENTRIES: Mapping[Rows, Callable[[Plan], Iterator[Entry]]] = MappingProxyType(
    {
        Rows.FIGURES: _figures,
        Rows.INDICATORS: _indicators,
        Rows.TASKS: _tasks,
        Rows.INDICATORS_AND_TASKS: _indicators_and_tasks,
    }
)
