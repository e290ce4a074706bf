"""A filled form read: every figure typed and under its cell, and every fault that keeps one from being read."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from python_calamine import CalamineError, PasswordError

from baocao.domain.planned.form import Form, Rows, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.explanation import Explained
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Content, Table
from baocao.workbook import rules
from baocao.workbook.explanations import RESULT_SHEET, explanations_in
from baocao.workbook.formats.grid import Book, Grid, Marks, Sheaf, address
from baocao.workbook.formats.guard import DOCUMENT_REMEDY, examine, is_word, load
from baocao.workbook.formats.marks import marks_of
from baocao.workbook.formats.package import RefusedError
from baocao.workbook.reading.adopted.official import OfficialReader
from baocao.workbook.reading.info import Info, check_identity, form_of, period_of, read_info, stranger_to, unit_of
from baocao.workbook.reading.rows import read_table
from baocao.workbook.reading.sheets import Sheets

__all__ = ["check_identity", "read_workbook", "refused"]


def read_workbook(source: bytes | Path, plan: Plan) -> Content:
    """Read one workbook by the plan's forms; the guard looks at it first.

    Call it in a reader process (``process``) for files from outside: the parser may still abort on hostile ones.
    Nothing is raised for what the file holds; findings say what is wrong.

    Raises:
        OSError: the path cannot be read.
    """
    try:
        data = load(source) if isinstance(source, Path) else source
        if plan.takes_word and is_word(data):
            return _read_document(data, plan)
        examined = examine(data)
    except RefusedError as refusal:
        return refused(refusal.finding)
    try:
        return _Reader(Book(examined.data), marks_of(examined), examined.parts, plan).read()
    except PasswordError:
        return refused(rules.FILE_ENCRYPTED.at())
    except (CalamineError, OSError):  # calamine raises OSError where a part ends too early
        return refused(rules.FILE_UNREADABLE.at(reason="nội dung bên trong tệp bị hỏng"))


def _read_document(data: bytes, plan: Plan) -> Content:
    """A Word document, seen as a sheet; its words beside the tables are kept as ``narrative``."""
    from baocao.workbook.formats.word import page_of  # noqa: PLC0415 - python-docx, which few readers need

    try:
        page = page_of(data)
    except (ValueError, KeyError):
        return refused(rules.FILE_UNREADABLE.at(reason="nội dung bên trong tệp Word bị hỏng"))
    content = _Reader(page, lambda _: Marks(), {}, plan).read_official()
    if content is None:
        reason = "trong tệp Word không có bảng của biểu mẫu"
        return refused(rules.FILE_UNREADABLE.at(reason=reason, remedy=DOCUMENT_REMEDY))
    return replace(content, info={**content.info, "narrative": page.narrative}, areas=tuple(page.areas))


def refused(*findings: Finding) -> Content:
    """The content of a file that was not read."""
    return Content(form=None, unit=None, period=None, findings=findings)


class _Reader:
    def __init__(self, book: Sheaf, marks: Callable[[str], Marks], parts: Mapping[str, bytes], plan: Plan) -> None:
        self._book = book
        self._marks_of = marks
        self._plan = plan
        self._official = OfficialReader(book, plan, lambda name: book.grid(name, self._marks_of(name)), parts)
        self._drawn = tuple(form for form in _versions(plan) if not form.is_adopted) or tuple(plan.forms.values())
        self._sheets = Sheets(book, self._drawn, lambda name: book.grid(name, Marks()))
        self._findings: list[Finding] = []

    def read_official(self) -> Content | None:
        """What a copy of an adopted form says; None where it is none."""
        official = self._official.read()
        if official is None:
            return None
        self._tell_earlier(official.form, official.info)
        self._findings += [*official.findings, *chain.from_iterable(map(_legacy, official.grids))]
        self._ask(official.info, official.form)
        return self._content(official.form, official.info, self._asked(official.tables))

    def read(self) -> Content:
        if (official := self.read_official()) is not None:
            return official
        forms = self._drawn
        name, told = self._sheets.info()
        self._findings += told
        if name is None:
            return self._without_info()
        grid = self._grid(name)
        info = read_info(grid, forms[0].info)
        form, findings = form_of(info, forms)
        form = form or self._sheets.likely_form()
        if form is not None and form.info != forms[0].info:
            info = read_info(grid, form.info)
        self._findings += findings
        if form is None:
            return self._content(None, info, {})
        self._ask(info, form)
        is_other_version = any(finding.rule == rules.FORM_VERSION.name for finding in findings)
        self._tell_earlier(form, info)
        return self._content(form, info, {} if is_other_version else self._tables(form))

    def _ask(self, info: Info, form: Form) -> None:
        """From here on read what the file's period asks."""
        period, _ = period_of(info, self._plan, form)
        if period is not None:
            self._plan = self._plan.at(period)

    def _tell_earlier(self, form: Form, info: Info) -> None:
        """Say that a form has a newer version, where it has."""
        current = self._plan.forms[form.key]
        if form.version != current.version:
            cell = info.cells.get("form")
            told = rules.FORM_EARLIER.at(sheet=info.sheet, cell=cell, value=form.label, expected=current.label)
            self._findings.append(told)

    def _without_info(self) -> Content:
        """What the sheets of figures say, where it is not sure whose and when they are."""
        form = self._sheets.likely_form()
        if form is None:
            return refused(*self._findings)
        tables = self._tables(form)
        return Content(form.key, None, None, tables=tables, findings=tuple(self._findings))

    def _content(self, form: Form | None, info: Info, tables: dict[str, Table]) -> Content:
        unit, unit_findings = unit_of(info, self._plan)
        period, period_findings = period_of(info, self._plan, form) if form else (None, ())
        strange = stranger_to(info, self._plan, unit, period)
        return Content(
            form=form.key if form else None,
            unit=unit,
            period=period,
            info=info.values,
            info_sheet=info.sheet,
            info_cells=info.cells,
            tables=tables,
            findings=(
                *unit_findings,
                *period_findings,
                *strange,
                *info.findings,
                *self._findings,
            ),
            explanations=self._explanations(),
        )

    def _explanations(self) -> tuple[Explained, ...]:
        """What was answered on the first sheet of a returned copy."""
        names = self._book.names_of(RESULT_SHEET)
        return explanations_in(self._book.grid(names[0], Marks())) if len(names) == 1 else ()

    def _tables(self, form: Form) -> dict[str, Table]:
        tables: dict[str, Table] = {}
        for sheet in form.asking(has_indicators=bool(self._plan.indicators)).sheets:
            name, told = self._sheets.table(sheet)
            self._findings += told
            if name is not None:
                tables[sheet.key] = self._table(name, sheet)
        return tables

    def _asked(self, tables: dict[str, Table]) -> dict[str, Table]:
        """Tables without the rows of indicators that rest in the period; an official form has them all."""
        resting = {one.code for one in self._plan.resting}
        return {
            key: replace(table, rows=tuple(row for row in table.rows if row.code not in resting))
            for key, table in tables.items()
        }

    def _table(self, name: str, sheet: Sheet) -> Table:
        codes = self._plan.row_codes(Rows.INDICATORS_AND_TASKS if sheet.rows is Rows.FREE else sheet.rows)
        is_of_figures = sheet.rows is Rows.FIGURES
        uncounted = frozenset(one.code for one in self._plan.figures if is_of_figures and not one.is_typed)
        reading = read_table(self._grid(name), sheet, codes, uncounted)
        self._findings += reading.findings
        return reading.table

    def _grid(self, name: str) -> Grid:
        """A sheet's cells; its first text in an old font is a warning."""
        grid = self._book.grid(name, self._marks_of(name))
        self._findings += _legacy(grid)
        return grid


def _versions(plan: Plan) -> list[Form]:
    """Every form that a file may be of: those in force, then their earlier versions."""
    return [*plan.forms.values(), *(one for form in plan.forms.values() for one in form.earlier)]


def _legacy(grid: Grid) -> list[Finding]:
    if grid.marks.legacy_font is None:
        return []
    place, font = grid.marks.legacy_font
    return [rules.LEGACY_FONT.at(sheet=grid.sheet, cell=address(*place), value=font)]
