"""A filled form read: every figure typed and under its cell, and every fault that keeps one from being read."""

from pathlib import Path

from python_calamine import CalamineError, PasswordError

from baocao.domain.planned.form import Form, Rows
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Content, Table
from baocao.workbook import rules
from baocao.workbook.cells import parse_text
from baocao.workbook.formats.grid import Book, Grid, address
from baocao.workbook.formats.guard import examine, load
from baocao.workbook.formats.marks import MarksOf, marks_of
from baocao.workbook.formats.package import RefusedError
from baocao.workbook.reading.info import Info, check_identity, form_of, period_of, read_info, unit_of
from baocao.workbook.reading.rows import read_table

__all__ = ["check_identity", "read_workbook", "refused"]


def read_workbook(source: bytes | Path, plan: Plan) -> Content:
    """Read one workbook by the plan's forms; the guard looks at it first.

    Call it in a reader process (``process``) for files from outside: the parser may still abort on hostile ones.
    Nothing is raised for what the file holds; findings say what is wrong.

    Raises:
        OSError: the path cannot be read.
    """
    try:
        examined = examine(load(source) if isinstance(source, Path) else source)
    except RefusedError as refusal:
        return refused(refusal.finding)
    try:
        return _Reader(Book(examined.data), marks_of(examined), plan).read()
    except PasswordError:
        return refused(rules.FILE_ENCRYPTED.at())
    except (CalamineError, OSError):  # calamine raises OSError where a part ends too early
        return refused(rules.FILE_UNREADABLE.at(reason="nội dung bên trong tệp bị hỏng"))


def refused(*findings: Finding) -> Content:
    """The content of a file that was not read."""
    return Content(form=None, unit=None, period=None, findings=findings)


def _sheet_twice(names: list[str]) -> Finding:
    shown = parse_text(names[0])
    return rules.NAME_TWICE.at(
        sheet=shown,
        value=shown,
        expected="một trang",
        what="Trang",
        places=", ".join(f"“{name}”" for name in names),
    )


class _Reader:
    def __init__(self, book: Book, marks_of: MarksOf, plan: Plan) -> None:
        self._book = book
        self._marks_of = marks_of
        self._plan = plan
        self._findings: list[Finding] = []

    def read(self) -> Content:
        forms = tuple(self._plan.forms.values())
        info_sheets = next((names for form in forms if (names := self._book.names_of(form.info.name))), [])
        if len(info_sheets) != 1:
            return refused(*(self._no_info(forms) if not info_sheets else [_sheet_twice(info_sheets)]))
        grid = self._grid(info_sheets[0])
        form, findings = form_of(read_info(grid, forms[0].info), forms)
        info = read_info(grid, (form or forms[0]).info)
        self._findings += findings
        if form is None:
            return self._content(None, info, {})
        return self._content(form, info, {} if findings else self._tables(form))

    def _no_info(self, forms: tuple[Form, ...]) -> tuple[Finding, Finding]:
        sheet = forms[0].info
        return (
            rules.SHEET_MISSING.at(expected=sheet.name),
            rules.FORM_UNKNOWN.at(
                expected=", ".join(form.label for form in forms), shown="", label=sheet.column("form").header
            ),
        )

    def _content(self, form: Form | None, info: Info, tables: dict[str, Table]) -> Content:
        unit, unit_findings = unit_of(info, self._plan)
        period, period_findings = period_of(info, self._plan, form) if form else (None, ())
        return Content(
            form=form.key if form else None,
            unit=unit,
            period=period,
            info=info.values,
            info_sheet=info.sheet,
            info_cells=info.cells,
            tables=tables,
            findings=(*unit_findings, *period_findings, *info.findings, *self._findings),
        )

    def _tables(self, form: Form) -> dict[str, Table]:
        tables: dict[str, Table] = {}
        for sheet in form.sheets:
            names = self._book.names_of(sheet.name)
            if len(names) != 1:
                missing = rules.SHEET_MISSING.at(sheet=sheet.name, expected=sheet.name)
                self._findings.append(_sheet_twice(names) if names else missing)
                continue
            (name,) = names
            codes = self._plan.row_codes(Rows.INDICATORS_AND_TASKS if sheet.rows is Rows.FREE else sheet.rows)
            reading = read_table(self._grid(name), sheet, codes)
            tables[sheet.key] = reading.table
            self._findings += reading.findings
        return tables

    def _grid(self, name: str) -> Grid:
        """A sheet's cells; its first text in an old font is a warning."""
        marks = self._marks_of(name)
        grid = self._book.grid(name, marks)
        if marks.legacy_font is not None:
            place, font = marks.legacy_font
            self._findings.append(rules.LEGACY_FONT.at(sheet=grid.sheet, cell=address(*place), value=font))
        return grid
