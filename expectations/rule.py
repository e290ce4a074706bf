"""One rule is one place: its name and words, the expectation that tests it, and the cell that it points at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from baocao.domain.planned.form import Column, Form
from baocao.domain.received.finding import Finding, Place, Rule, clip
from baocao.domain.received.submission import Content
from baocao.domain.wording import date_text, decimal_text

INFO = "info"
EMPTY = "trống"
EMPTY_CELL = "còn trống"

_COUNTS = ("numerator", "denominator")
_MADE_OF = {
    **dict.fromkeys(("computed_pct", "is_below", "is_above", "is_reached", "modified_z", "changed_figures"), _COUNTS),
    **{f"sound_{count}": (count,) for count in _COUNTS},
    "joint_floor": ("denominator",),
    "amount_or_zero": ("amount_mil_vnd",),
    "folded_task": ("task",),
    "overdue_since": ("due_date", "status"),
    "has_reopened": ("status",),
    "is_progress_asked": ("status",),
}
"""The form's columns that a computed column of a frame is made of."""


@dataclass(frozen=True, slots=True)
class Line:
    """One failing row, for wording: the frame's values of the row, and the workbook that it stands in."""

    values: Mapping[str, Any]
    content: Content
    form: Form
    key: str

    @property
    def sheet(self) -> str:
        """The sheet's name as it stands in the file."""
        return str(self.values["sheet"])

    @property
    def code(self) -> str | None:
        """The row's code; None on free rows and on the information sheet."""
        return self.values["code"] if isinstance(self.values["code"], str) else None

    def column(self, key: str) -> Column:
        """The form's column."""
        sheet = self.form.info if self.key == INFO else self.form.sheet(self.key)
        return sheet.column(key)

    def cell(self, column: str) -> str | None:
        """The address of this row's cell; None where the file has no such column or label."""
        if self.key == INFO:
            return self.content.info_cells.get(column)
        letter = self.content.tables[self.key].columns.get(column)
        return f"{letter}{self.values['row']}" if letter else None

    def cell_of(self, code: str, column: str) -> str | None:
        """The address of a cell in the first row of another code of the same sheet."""
        table = self.content.tables[self.key]
        return next((table.cell(row, column) for row in table.rows if row.code == code), None)

    def value_of(self, code: str, column: str) -> Any:
        """The value in the first row of another code of the same sheet; None where there is none."""
        return next((row.values.get(column) for row in self.content.rows(self.key) if row.code == code), None)

    def shown(self, column: str) -> str | None:
        """The value as a person sees it in the cell; None where it is empty."""
        return shown(self.values[column])

    def text(self, column: str) -> str:
        """The value as a person sees it, or the word for an empty cell."""
        return self.shown(column) or EMPTY

    def empty_words(self, column: str) -> str | None:
        """What stands in a cell that counts as empty though it is not: «Không có», «-»; None for any other."""
        rows = () if self.key == INFO else self.content.rows(self.key)
        found = next((row.values for row in rows if row.number == self.values["row"]), self.content.info)
        value = found.get(column)
        return value if isinstance(value, str) and value.strip() and self.shown(column) is None else None


def shown(value: Any) -> str | None:
    """A typed value as a person writes it: decimal comma, dd/mm/yyyy; None for a missing one."""
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    if isinstance(value, datetime):
        return date_text(value.date())
    if isinstance(value, str):
        return value
    return decimal_text(float(value), 2)


def _no_places(_: Line) -> Iterable[tuple[str | None, str | None]]:
    return ()


def _always(_: Line) -> bool:
    return True


def _nothing_more(_: Line) -> Mapping[str, str | None]:
    return {}


@dataclass(frozen=True, slots=True)
class Check:
    """How a rule is tested on the rows of one sheet, and how a failing row becomes a finding.

    ``expectation`` names a class of Great Expectations or of :mod:`expectations.engine.custom`, built with ``options``.
    ``where`` narrows the rows by column: equal to a value, or one of a tuple's values. ``column`` is the cell that
    its reader should look at first; ``expected``, ``more`` and ``value`` (where it is not the cell's own) word the
    finding, ``remedy`` says what to do here in place of the rule's hint. ``also``: further cells that are accused;
    ``others``: cells of other rows and sheets that the judgement rests on. ``is_cause``: whether what else is found in
    these cells may follow from it.
    """

    rule: Rule
    column: str
    expectation: str
    options: Mapping[str, Any]
    expected: Callable[[Line], str]
    where: Mapping[str, Any] = field(default_factory=dict)
    more: Callable[[Line], Mapping[str, Any]] = _nothing_more
    value: Callable[[Line], str | None] | None = None
    remedy: Callable[[Line], str | None] | None = None
    also: Callable[[Line], Iterable[tuple[str | None, str | None]]] = _no_places
    others: Callable[[Line], Iterable[tuple[str | None, str | None]]] = _no_places
    is_cause: Callable[[Line], bool] = _always

    @property
    def looked_at(self) -> tuple[str, ...]:
        """The columns of the frame that the expectation looks at."""
        named = (self.options.get(name) for name in ("column", "column_A", "column_B"))
        return tuple(column for column in named if column)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the frame that the expectation and its condition look at."""
        return (*self.looked_at, *self.where)

    def rests_on(self, line: Line) -> frozenset[Place]:
        """Every cell that the judgement of a row rests on."""
        keys = {self.column, *(part for column in self.columns for part in _MADE_OF.get(column, (column,)))}
        places = [(line.sheet, line.cell(key)) for key in keys]
        return frozenset(_whole((*places, *self.also(line), *self.others(line))))

    def finding(self, line: Line) -> Finding:
        """The finding at a failing row; ``lacking`` says whether its cell is empty, or what it says instead."""
        said = line.empty_words(self.column)
        lacking = f"chỉ ghi “{clip(said)}”" if said else EMPTY_CELL
        return self.rule.at(
            sheet=line.sheet,
            cell=line.cell(self.column),
            code=line.code,
            value=self.value(line) if self.value else line.shown(self.column) or said,
            expected=self.expected(line),
            remedy=self.remedy(line) if self.remedy else None,
            also=_whole(self.also(line)),
            **{"header": line.column(self.column).header, "lacking": lacking, **self.more(line)},
        )


def _whole(places: Iterable[tuple[str | None, str | None]]) -> list[Place]:
    """The places that are there, each once."""
    return list(dict.fromkeys((sheet, cell) for sheet, cell in places if sheet and cell))


def words(text: str) -> Callable[[Line], str]:
    """An ``expected`` that is the same for every row."""
    return lambda _: text


VALUE_NOT_NULL = "ExpectColumnValuesToNotBeNull"
VALUE_NULL = "ExpectColumnValuesToBeNull"
VALUE_BETWEEN = "ExpectColumnValuesToBeBetween"
VALUE_IN_SET = "ExpectColumnValuesToBeInSet"
PAIR_AT_LEAST = "ExpectColumnPairValuesAToBeGreaterThanB"
PAIR_EQUAL = "ExpectColumnPairValuesToBeEqual"
PAIR_CLOSE = "ExpectColumnPairValuesToBeClose"
PAIR_CHANGE = "ExpectColumnPairChangeToBeWithin"


def at_least(larger: str, smaller: str) -> dict[str, Any]:
    """Options of ``PAIR_AT_LEAST``: rows where either is missing are left alone."""
    return {"column_A": larger, "column_B": smaller, "or_equal": True, "ignore_row_if": "either_value_is_missing"}


def pair(first: str, second: str, **limits: Any) -> dict[str, Any]:
    """Options of the other pair expectations: rows where either is missing are left alone."""
    return {"column_A": first, "column_B": second, "ignore_row_if": "either_value_is_missing", **limits}
