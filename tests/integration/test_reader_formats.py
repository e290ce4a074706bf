"""The same form saved by other programs, in other formats and otherwise arranged: the same figures."""

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from support.workbooks.faulty import errors_as_values
from support.workbooks.office import HAS_OFFICE, disarrange, numbers_as_text, saved_by_libreoffice
from support.workbooks.samples import cell_of, filled_workbook, plan
from support.workbooks.xlsb import xlsb_of

from baocao.domain.received.submission import Content
from baocao.workbook.reading.reader import read_workbook

FORMATS = ("xlsx", "xls", "ods")
FIGURES, TASKS = "Chỉ tiêu", "Nhiệm vụ"
needs_office = pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")


def figures(content: Content) -> Mapping[str, Any]:
    """All that was read, without where it stood."""
    return {
        "identity": (content.form, content.unit, content.period),
        "info": content.info,
        **{key: [dict(row.values) for row in table.rows] for key, table in content.tables.items()},
    }


def edited(path: Path, *edits: Callable[[Workbook], object]) -> Path:
    book = load_workbook(path)
    for edit in edits:
        edit(book)
    target = path.with_stem(f"{path.stem}-edited")
    book.save(target)
    return target


def sheet_named(book: Workbook, name: str) -> Worksheet:
    return next(sheet for sheet in book.worksheets if unicodedata.normalize("NFC", sheet.title) == name)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_workbook(tmp_path_factory.mktemp("clean"))


@pytest.mark.slow
def test_disarranged_workbook_gives_the_same_figures(clean: Path) -> None:
    expected = read_workbook(clean, plan())
    content = read_workbook(edited(clean, numbers_as_text, disarrange), plan())
    assert content.findings == ()
    assert figures(content) == figures(expected)


def test_values_are_under_the_cells_where_they_now_stand(clean: Path) -> None:
    path = edited(clean, numbers_as_text, disarrange)
    content, book = read_workbook(path, plan()), load_workbook(path)
    for key in ("figures", "tasks"):
        table = content.tables[key]
        sheet = sheet_named(book, table.sheet)
        for row in table.rows:
            assert sheet[table.cell(row, "code")].value == row.code
        assert unicodedata.is_normalized("NFC", table.sheet)
    table = content.tables["figures"]
    first = table.rows[0]
    typed = sheet_named(book, table.sheet)[table.cell(first, "numerator")].value
    assert int(str(typed).replace(".", "")) == first.values["numerator"]


@pytest.mark.slow
@needs_office
def test_workbook_saved_as_ods_gives_the_same_figures(clean: Path) -> None:
    content = read_workbook(saved_by_libreoffice(clean, "ods"), plan())
    assert content.findings == ()
    assert figures(content) == figures(read_workbook(clean, plan()))


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("period", ["2022-08", "2022-10", "2023-03"])
def test_any_form_saved_by_libreoffice_gives_the_same_figures(tmp_path: Path, suffix: str, period: str) -> None:
    path = filled_workbook(tmp_path, period=period)
    content = read_workbook(saved_by_libreoffice(path, suffix), plan())
    assert content.findings == ()
    assert figures(content) == figures(read_workbook(path, plan()))


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_disarranged_workbook_saved_by_libreoffice_gives_the_same_figures(clean: Path, suffix: str) -> None:
    path = saved_by_libreoffice(edited(clean, numbers_as_text, disarrange), suffix)
    content = read_workbook(path, plan())
    assert content.findings == ()
    assert figures(content) == figures(read_workbook(clean, plan()))


@pytest.mark.slow
@pytest.mark.parametrize("period", ["2022-08", "2022-10", "2023-03"])
def test_any_form_saved_as_xlsb_gives_the_same_figures(tmp_path: Path, period: str) -> None:
    path = filled_workbook(tmp_path, period=period)
    content = read_workbook(xlsb_of(path), plan())
    assert content.findings == ()
    assert figures(content) == figures(read_workbook(path, plan()))


def mark(book: Workbook) -> None:
    """A percent format, an error, an error by formula and an old font."""
    percent = cell_of(book, TASKS, "III.1.1", "Tiến độ (%)")
    percent.value, percent.number_format = 0.855, "0.0%"
    cell_of(book, FIGURES, "A1", "Tỷ lệ (%)").value = "=1/0"
    cell_of(book, FIGURES, "A2", "Minh chứng").value = "=NA()"
    note = cell_of(book, FIGURES, "B1", "Ghi chú")
    note.value, note.font = "ViÖc", Font(name=".VnTime")


def save(path: Path, suffix: str) -> Path:
    return xlsb_of(path) if suffix == "xlsb" else saved_by_libreoffice(path, suffix)


@pytest.mark.parametrize(
    "suffix", ["xlsb", *(pytest.param(suffix, marks=(pytest.mark.slow, needs_office)) for suffix in FORMATS)]
)
def test_percent_formats_errors_and_old_fonts_are_seen_in_every_format(clean: Path, suffix: str) -> None:
    path = edited(clean, mark, *([errors_as_values] if suffix == "xlsb" else []))
    book = load_workbook(path)
    places = {
        ("cell_error", cell_of(book, FIGURES, "A1", "Tỷ lệ (%)").coordinate, "#DIV/0!"),
        ("cell_error", cell_of(book, FIGURES, "A2", "Minh chứng").coordinate, "#N/A"),
        ("legacy_font", cell_of(book, FIGURES, "B1", "Ghi chú").coordinate, ".VnTime"),
    }
    content = read_workbook(save(path, suffix), plan())
    assert {(finding.rule, finding.cell, finding.value) for finding in content.findings} == places
    progress = {row.code: row.values["progress_pct"] for row in content.tables["tasks"].rows}
    assert progress["III.1.1"] == 85.5
