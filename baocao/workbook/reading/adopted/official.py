"""A filled copy of an adopted form: recognised by its hidden identity, or by its tables; read by the form's layout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from baocao.domain.planned.form import Form, Rows, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Table
from baocao.workbook import rules
from baocao.workbook.explanations import RESULT_SHEET
from baocao.workbook.formats.grid import Grid, Marks, Sheaf
from baocao.workbook.official.headers import Texts
from baocao.workbook.official.identity import CUSTOM_PART, IDENTITY_SHEET, identity_in, properties_in
from baocao.workbook.reading.adopted.information import read_lines
from baocao.workbook.reading.adopted.view import find_header, view_of
from baocao.workbook.reading.header import Header
from baocao.workbook.reading.info import Info, form_of
from baocao.workbook.reading.rows import read_table

_OURS = (IDENTITY_SHEET, RESULT_SHEET)
_MOST_SHEETS = 30
_SURE = 0.7
"""So much of each coded table's header must be there, for a file without our identity to be this form."""


@dataclass(slots=True)
class OfficialContent:
    """What was read of a copy of an adopted form."""

    form: Form
    info: Info
    tables: dict[str, Table] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)


class OfficialReader:
    """Reads copies of a plan's adopted forms; ``grid_of`` gives a sheet's cells by its name in the file."""

    def __init__(self, book: Sheaf, plan: Plan, grid_of: Callable[[str], Grid], parts: Mapping[str, bytes]) -> None:
        self._book, self._plan, self._grid_of, self._parts = book, plan, grid_of, parts
        current = plan.forms.values()
        versions = [*current, *(one for form in current for one in form.earlier)]
        self._forms = tuple(form for form in versions if form.is_adopted)
        self._texts: dict[str, tuple[Grid, Texts]] = {}

    def read(self) -> OfficialContent | None:
        """What the file says; None where it is no copy of an adopted form."""
        if not self._forms:
            return None
        form, told = self._named()
        form = form or self._likely()
        if form is None:
            return None
        return self._read(form, told)

    def _named(self) -> tuple[Form | None, tuple[Finding, ...]]:
        """The form that the identity names."""
        if not self._identity.get("form"):
            return None, ()
        info = Info(IDENTITY_SHEET, {"form": self._identity["form"]}, {}, [])
        form, told = form_of(info, self._forms)
        return form, tuple(replace(one, sheet=None) for one in told) if form else ()

    @cached_property
    def _identity(self) -> dict[str, str]:
        names = self._book.names_of(IDENTITY_SHEET)
        if len(names) != 1:
            return properties_in(self._parts.get(CUSTOM_PART, b""))
        return identity_in(self._book.grid(names[0], Marks()).rows)

    def _likely(self) -> Form | None:
        """The form of which every coded table is there, by the names of its columns."""
        return next((form for form in self._forms if self._is_likely(form)), None)

    def _is_likely(self, form: Form) -> bool:
        coded = [sheet for sheet in form.sheets if sheet.rows is not Rows.FREE and sheet.present]
        return all(len(self._place(sheet)[1].columns) >= _SURE * len(sheet.present) for sheet in coded)

    def _read(self, form: Form, told: tuple[Finding, ...]) -> OfficialContent:
        name, _ = self._place(next(sheet for sheet in form.sheets if sheet.present))
        grid, texts = self._sheet(name)
        found = OfficialContent(form, read_lines(grid, texts, form, self._identity, self._plan), {}, list(told))
        if told:
            return found
        there = [sheet for sheet in form.sheets if sheet.present]
        found.tables |= {sheet.key: Table(sheet.key, grid.sheet, {}, ()) for sheet in form.sheets}
        places = {sheet.key: self._place(sheet) for sheet in there}
        for sheet in there:
            name, header = places[sheet.key]
            beside = [(form.sheet(key), other) for key, (where, other) in places.items() if where == name]
            self._read_table(found, sheet, name, header, [_top(one, other) for one, other in beside])
        found.grids += [self._sheet(name)[0] for name in dict.fromkeys(name for name, _ in places.values())]
        return found

    def _read_table(self, found: OfficialContent, sheet: Sheet, name: str, header: Header, tops: list[int]) -> None:
        grid, texts = self._sheet(name)
        if not header.columns:
            del found.tables[sheet.key]
            found.findings.append(rules.SHEET_MISSING.at(sheet=grid.sheet, expected=sheet.title))
            return
        sheet, codes = self._known(sheet)
        is_of_figures = sheet.rows is Rows.FIGURES
        uncounted = frozenset(one.code for one in self._plan.figures if is_of_figures and not one.is_typed)
        view = view_of(grid, texts, sheet, header, tops)
        present = sheet.model_copy(update={"columns": sheet.present})
        reading = read_table(view.grid, present, codes, uncounted, header)
        found.tables[sheet.key] = reading.table
        found.findings += [*view.findings, *reading.findings]

    def _known(self, sheet: Sheet) -> tuple[Sheet, tuple[str, ...]]:
        """The sheet with what the plan still has of its rows, and the codes that it must have."""
        if sheet.rows is Rows.FREE:
            return sheet, self._plan.row_codes(Rows.INDICATORS_AND_TASKS)
        codes = self._plan.row_codes(sheet.rows)
        lines = tuple(one if one.code in codes else one.model_copy(update={"code": ""}) for one in sheet.lines)
        given = {one.code for one in lines}
        return sheet.model_copy(update={"lines": lines}), tuple(code for code in codes if code in given)

    def _place(self, sheet: Sheet) -> tuple[str, Header]:
        """The sheet of the file on which a table stands, and its header there."""
        names = self._book.names_of(sheet.name) or [one for one in self._book.names if one not in _OURS]
        headers = [(name, find_header(self._sheet(name)[1], sheet)) for name in names[:_MOST_SHEETS]]
        return max(headers, key=lambda one: len(one[1].columns))

    def _sheet(self, name: str) -> tuple[Grid, Texts]:
        if name not in self._texts:
            grid = self._grid_of(name)
            self._texts[name] = grid, Texts(grid)
        return self._texts[name]


def _top(sheet: Sheet, header: Header) -> int:
    """The first row (from 0) of a header."""
    first, last = sheet.header or (1, 1)
    return header.row - (last - first)
