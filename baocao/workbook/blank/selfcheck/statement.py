"""One statement: a rule at one cell of the form, as a formula and as words; and what statements are made with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from baocao.domain.planned.form import Column, ColumnType, Sheet
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.blank.selfcheck.formulas import Workings, all_of, is_empty, is_number, reference
from baocao.workbook.layout import Line, letters_of, lines_of


@dataclass(frozen=True, slots=True)
class Statement:
    """``fails``: a formula that is true where the rule is broken; an error in it counts as not broken.

    ``is_missing``: it is mended by filling an empty cell in.
    """

    rule: str
    sheet: str
    cell: str
    is_missing: bool
    fails: str
    words: str


class Counts(NamedTuple):
    """The working cells of a figure's two counts, where they are sound; ``is_ordered``: a formula that is true unless
    the numerator is larger."""

    numerator: str
    denominator: str

    @property
    def are_known(self) -> str:
        """Whether both counts are sound."""
        return f"COUNT({self.numerator},{self.denominator})=2"

    @property
    def are_ordered(self) -> str:
        """Whether both counts are sound and the numerator is not the larger one."""
        return all_of(self.are_known, f"{self.numerator}<={self.denominator}")


@dataclass(slots=True)
class Desk:
    """Where statements are made: for whom and when, with which working cells, and what other sheets ask for.

    ``cutoff``: the working cell of the day up to which the workbook counts. ``counts``: by figure's code. ``sound``: by
    indicator, the working cell that is 1 where no count of it is wrong in itself or against its family.
    """

    occasion: Occasion
    work: Workings
    cutoff: str = ""
    counts: dict[str, Counts] = field(default_factory=dict)
    sound: dict[str, str] = field(default_factory=dict)


class Table:
    """A sheet's rows and columns as formulas name them."""

    def __init__(self, desk: Desk, sheet: Sheet) -> None:
        self.desk, self.work, self.sheet = desk, desk.work, sheet
        self._letters = letters_of(sheet)

    def has(self, *keys: str) -> bool:
        """Whether the form's sheet has all these columns."""
        return all(key in self._letters for key in keys)

    def rows(self) -> Iterator[Line]:
        """The rows that are filled in."""
        return (line for line in lines_of(self.desk.occasion.plan, self.sheet) if not line.heading)

    def address(self, line: Line, key: str) -> str:
        """``D8``."""
        return f"{self._letters[key]}{line.row}"

    def cell(self, line: Line, key: str) -> str:
        """``'Chỉ tiêu'!D8``."""
        return reference(self.sheet.name, self.address(line, key))

    def broken(self, rule: str, line: Line, key: str, fails: str, words: str) -> Statement:
        """What stands in a cell does not fit."""
        return Statement(rule, self.sheet.name, self.address(line, key), False, fails, _named(line, words))

    def missing(self, rule: str, line: Line, key: str, fails: str, words: str) -> Statement:
        """A cell is empty, or says nothing."""
        return Statement(rule, self.sheet.name, self.address(line, key), True, fails, _named(line, words))

    def unread(self, line: Line, key: str, read: str, rule: str, words: str) -> Statement:
        """What stands in a cell is plainly no number or date."""
        cell = self.cell(line, key)
        fails = f"IF(ISERROR({cell}),TRUE,AND(NOT({is_empty(cell)}),NOT({is_number(read)})))"
        return self.broken(rule, line, key, fails, words)

    def required(self, line: Line, column: Column) -> Statement:
        """A cell that must be filled in."""
        cell = self.cell(line, column.key)
        is_text = column.type is ColumnType.TEXT
        fails = f"{self.work.says_nothing(cell)}=1" if is_text else is_empty(cell)
        return self.missing("value_missing", line, column.key, fails, f"ghi {_lowered(column.header)}.")


def _named(line: Line, words: str) -> str:
    return f"{line.entry.code}: {words}" if line.entry else words[:1].upper() + words[1:]


def _lowered(header: str) -> str:
    return header[:1].lower() + header[1:]
