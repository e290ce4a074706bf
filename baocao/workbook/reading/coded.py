"""Which row of a table is which: by its code, by its place where the code was changed, and what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from baocao.domain.planned.form import Sheet
from baocao.domain.received.finding import Finding, clip
from baocao.workbook import rules
from baocao.workbook.cells import Fault, fold_code, folded, parse_text
from baocao.workbook.formats.grid import Grid, address
from baocao.workbook.reading.free_rows import names_total
from baocao.workbook.reading.values import finding_at

_FILLED = 3
"""A row without a code that has so many cells filled in is a row whose code was lost."""


@dataclass(slots=True)
class Coded:
    """The rows (from 0) to be read with their codes, in order, and what is wrong with codes."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def find_rows(grid: Grid, sheet: Sheet, numbers: range, at: int, codes: tuple[str, ...]) -> Coded:
    """Find the rows of ``codes`` among ``numbers``; ``at`` is the column of the codes.

    A code that was changed is known by its place, where as many rows are missing as there are odd ones: it is told,
    and the row is read.
    """
    finder = _Finder(grid, sheet, at, codes)
    for number in numbers:
        finder.look(number)
    return finder.found()


class _Finder:
    def __init__(self, grid: Grid, sheet: Sheet, at: int, codes: tuple[str, ...]) -> None:
        self._grid, self._sheet, self._at, self._codes = grid, sheet, at, codes
        self._known = {fold_code(code): code for code in codes}
        self._seen: dict[str, int] = {}
        self._odd: list[int] = []
        self._twice: dict[int, str] = {}
        self._meant: dict[int, str] = {}
        self._findings: list[tuple[int, Finding]] = []
        self._header = -1
        self._names = {line.code: f"{line.number} {clip(line.text, 60)}".strip() for line in sheet.lines if line.code}

    def look(self, number: int) -> None:
        if self._header < 0:
            self._header = number - 1
        if error := self._grid.marks.errors.get((number, self._at)):
            column = self._sheet.columns[0]
            self._tell(number, finding_at(Fault.CELL_ERROR, self._grid, number, self._at, column, error))
            self._odd.append(number)
            return
        text = folded(self._grid.raw(number, self._at))
        code = self._known.get(fold_code(text))
        if code is None:
            self._look_odd(number, text)
        elif code in self._seen:
            self._twice[number] = code
        else:
            self._seen[code] = number

    def _look_odd(self, number: int, text: str) -> None:
        filled = [folded(raw) for raw in self._grid.row(number) if raw not in ("", None)]
        if len(filled) < 2:
            return  # a heading or a note: it has no figures that could be lost
        if any(names_total(one) for one in filled[:2]):
            self._tell_total(number)
        elif text or len(filled) >= _FILLED:
            self._odd.append(number)

    def _tell(self, number: int, finding: Finding) -> None:
        self._findings.append((number, finding))

    def _tell_twice(self, number: int, code: str) -> None:
        cell, first = address(number, self._at), address(self._seen[code], self._at)
        meant = self._meant.get(number)
        finding = rules.ROW_DUPLICATE.at(
            sheet=self._grid.sheet,
            cell=cell,
            code=code,
            value=code,
            first=first,
            also=[(self._grid.sheet, first)],
            remedy=f"Theo vị trí, mã đúng của dòng này là “{meant}”; hãy ghi lại." if meant else None,
        )
        self._tell(number, finding)

    def _tell_total(self, number: int) -> None:
        at = next(at for at, raw in enumerate(self._grid.row(number)) if names_total(folded(raw)))
        value = parse_text(self._grid.raw(number, at))
        self._tell(number, rules.TOTAL_ROW.at(sheet=self._grid.sheet, cell=address(number, at), value=value))

    def found(self) -> Coded:
        missing = list(self._missing())
        for number, code in self._twice.items():
            self._tell_twice(number, code)
        for number in self._odd:
            if text := parse_text(self._grid.raw(number, self._at)):
                cell = address(number, self._at)
                self._tell(number, rules.ROW_UNKNOWN.at(sheet=self._grid.sheet, cell=cell, value=text))
        ordered = [finding for _, finding in sorted(self._findings, key=lambda item: item[0])]
        rows = sorted((number, code) for code, number in self._seen.items())
        return Coded(rows, [*ordered, *missing])

    def _missing(self) -> Iterator[Finding]:
        """A finding for every run of rows that is missing; rows whose code was changed are found again on the way."""
        run: list[str] = []
        after = self._header
        for code in (*self._codes, None):
            if code is not None and code not in self._seen:
                run.append(code)
                continue
            until = self._seen[code] if code is not None else len(self._grid.rows)
            if run and not self._find_again(run, after, until):
                yield self._tell_missing(run, after)
            run = []
            after = until

    def _find_again(self, run: Sequence[str], after: int, until: int) -> bool:
        odd = [number for number in sorted((*self._odd, *self._twice)) if after < number < until]
        if len(odd) != len(run):
            return False
        for code, number in zip(run, odd, strict=True):
            if number in self._twice:
                self._meant[number] = code
                continue
            self._odd.remove(number)
            self._seen[code] = number
            if (number, self._at) not in self._grid.marks.errors:
                self._tell(number, self._changed(code, number))
        return True

    def _changed(self, code: str, number: int) -> Finding:
        cell, value = address(number, self._at), parse_text(self._grid.raw(number, self._at))
        shown = f"ghi “{value}”" if value else "đang trống"
        return rules.ROW_CODE_CHANGED.at(
            sheet=self._grid.sheet, cell=cell, code=code, value=value, expected=code, shown=shown
        )

    def _tell_missing(self, run: Sequence[str], after: int) -> Finding:
        names = "; ".join(self._names.get(code, code) for code in run) if self._names else ", ".join(run)
        cell = address(max(after, 0), self._at)
        remedy = f"Hãy khôi phục {len(run)} dòng này, ghi đúng như biểu mẫu gốc." if len(run) > 1 else None
        return rules.ROW_MISSING.at(sheet=self._grid.sheet, cell=cell, code=run[0], expected=names, remedy=remedy)
