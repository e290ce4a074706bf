"""Which sheet of a file is which: by its name, or, where that was changed, by what it holds."""

from collections.abc import Callable, Sequence

from baocao.domain.planned.form import Form, Rows, Sheet
from baocao.domain.received.finding import Finding
from baocao.workbook import rules
from baocao.workbook.cells import fold, parse_text
from baocao.workbook.formats.grid import Grid, Sheaf
from baocao.workbook.reading.advice import plain
from baocao.workbook.reading.header import share_of_labels
from baocao.workbook.reading.info import share_of_lines

_MOST_SHEETS = 30
"""So many unknown sheets of a file are looked into, and no more."""
_SURE = 0.7

Found = tuple[str | None, list[Finding]]
"""A sheet's name in the file, None where it is not to be read; and what is said about it."""


class Sheets:
    """The sheets of one file. A sheet whose name was changed is told and read; one that is there twice is not."""

    def __init__(self, book: Sheaf, forms: Sequence[Form], grid_of: Callable[[str], Grid]) -> None:
        self._book, self._forms, self._grid_of = book, forms, grid_of

    def info(self) -> Found:
        """The information sheet."""
        sheet = self._forms[0].info
        names = next((names for form in self._forms if (names := self._book.names_of(form.info.name))), [])
        if names:
            return self._one_of(names)
        likely = self._likely(sheet, lambda grid: share_of_lines(grid, sheet))
        missing = self._missing(sheet, likely)
        return likely, [missing] if likely else [missing, self._no_form(sheet)]

    def _no_form(self, sheet: Sheet) -> Finding:
        labels = ", ".join(form.label for form in self._forms)
        return rules.FORM_UNKNOWN.at(expected=labels, shown="", label=sheet.column("form").header)

    def table(self, sheet: Sheet) -> Found:
        """A sheet of the form."""
        if names := self._book.names_of(sheet.name):
            return self._one_of(names)
        likely = self._likely(sheet, lambda grid: share_of_labels(grid, sheet))
        return likely, [self._missing(sheet, likely)]

    def likely_form(self) -> Form | None:
        """The form whose sheets are all there under their names; of several, the one with most."""
        whole = [form for form in self._forms if all(self._book.names_of(sheet.name) for sheet in form.sheets)]
        return max(whole, key=lambda form: len(form.sheets), default=None)

    def _one_of(self, names: list[str]) -> Found:
        return (names[0], []) if len(names) == 1 else (None, [_twice(names)])

    def _likely(self, sheet: Sheet, share: Callable[[Grid], float]) -> str | None:
        """The sheet of no other name that was most likely this one."""
        free = [name for name in self._book.names if fold(name) not in self._claimed][:_MOST_SHEETS]
        same = [name for name in free if plain(name) == plain(sheet.name)]
        if len(same) == 1:
            return same[0]
        shares = {name: share(self._grid_of(name)) for name in free}
        sure = [name for name in free if shares[name] >= _SURE]
        return max(sure, key=shares.__getitem__) if sure and sheet.rows is not Rows.FREE else None

    @property
    def _claimed(self) -> set[str]:
        names = [title for form in self._forms for title in (form.guide_title, form.self_check_title)]
        names += [sheet.name for form in self._forms for sheet in (form.info, *form.sheets)]
        return {fold(name) for name in names}

    def _missing(self, sheet: Sheet, likely: str | None) -> Finding:
        if likely is None:
            return rules.SHEET_MISSING.at(sheet=sheet.name, expected=sheet.name)
        shown = parse_text(likely) or likely
        remedy = f"Hãy đổi tên trang “{shown}” thành “{sheet.name}”."
        return rules.SHEET_MISSING.at(sheet=shown, value=shown, expected=sheet.name, remedy=remedy)


def _twice(names: list[str]) -> Finding:
    shown = parse_text(names[0])
    return rules.NAME_TWICE.at(
        sheet=shown,
        value=shown,
        expected="một trang",
        what="Trang",
        places=", ".join(f"“{name}”" for name in names),
    )
