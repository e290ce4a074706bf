"""A value written once and merged over several rows counts for each of them, in every format; counts never do."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from support.workbooks.office import HAS_OFFICE, saved_by_libreoffice
from support.workbooks.samples import cell_of, filled_workbook, plan
from support.workbooks.xlsb import xlsb_of

from baocao.domain.received.submission import Checked
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch

FIGURES, TASKS, TROUBLES = "Chỉ tiêu", "Nhiệm vụ", "Khó khăn, kiến nghị"
needs_office = pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")


def merge(book: Workbook, sheet: str, column: str, first: str, last: str, value: object) -> str:
    """The cells of a column merged from one row's code to another's; the address of the first."""
    top, bottom = cell_of(book, sheet, first, column), cell_of(book, sheet, last, column)
    top.value = value  # type: ignore[assignment]
    book[sheet].merge_cells(f"{top.coordinate}:{bottom.coordinate}")
    return top.coordinate


def merged(book: Workbook) -> None:
    merge(book, FIGURES, "Ghi chú", "A2", "A3", "Đang triển khai chung")
    merge(book, TASKS, "Trạng thái", "III.1.1", "III.1.2", "Đang triển khai")
    for code in ("III.1.1", "III.1.2"):
        cell_of(book, TASKS, code, "Tiến độ (%)").value = 20
        cell_of(book, TASKS, code, "Ngày hoàn thành").value = None


def saved(path: Path, suffix: str) -> Path:
    if suffix == "xlsb":
        return xlsb_of(path)
    return path if suffix == "xlsx" else saved_by_libreoffice(path, suffix)


def checked_of(path: Path) -> Checked:
    (checked,) = check_batch(plan(), [read_workbook(path, plan())], History())
    return checked


@pytest.mark.slow
@pytest.mark.parametrize(
    "suffix",
    ["xlsx", "xlsb", *(pytest.param(one, marks=(pytest.mark.slow, needs_office)) for one in ("ods", "xls"))],
)
def test_a_merged_note_counts_for_every_row(tmp_path: Path, suffix: str) -> None:
    checked = checked_of(saved(filled_workbook(tmp_path, edit=merged), suffix))

    notes = {row.code: row.values["note"] for row in checked.content.rows("figures")}
    assert [notes[code] for code in ("A2", "A2.1", "A2.2", "A3")] == ["Đang triển khai chung"] * 4
    states = {row.code: row.values["status"] for row in checked.content.rows("tasks")}
    assert states["III.1.1"] == states["III.1.2"] == "Đang triển khai"
    told = [one for one in checked.findings if one.rule == "cells_merged"]
    assert [(one.severity, one.value) for one in told] == [
        ("info", "Đang triển khai chung"),
        ("info", "Đang triển khai"),
    ]
    assert "cả 4 dòng" in told[0].message
    assert checked.verdict == "accepted"


def test_a_merged_count_is_not_guessed(tmp_path: Path) -> None:
    checked = checked_of(filled_workbook(tmp_path, edit=lambda book: merge(book, FIGURES, "Mẫu số", "A1", "A2", 100)))

    (finding,) = [one for one in checked.findings if one.severity == "critical" and one.code == "A2"]
    assert (finding.rule, finding.value) == ("cells_merged", "100")
    assert "bỏ gộp ô" in finding.message


def test_a_free_row_merged_away_is_no_second_difficulty(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[TROUBLES]
        top = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "STT")
        for row in sheet.iter_rows(min_row=top + 1, min_col=2):
            for cell in row:
                cell.value = None
        for column, value in enumerate(("Thiếu máy", "Chưa mua", "Cấp máy", "UBND tỉnh"), start=2):
            sheet.cell(top + 1, column).value = value
            sheet.cell(top + 3, column).value = value
            sheet.merge_cells(start_row=top + 1, end_row=top + 2, start_column=column, end_column=column)
        sheet.cell(top + 4, 4).value = "Đào tạo thêm"
        sheet.merge_cells(start_row=top + 3, end_row=top + 4, start_column=2, end_column=2)

    rows = list(checked_of(filled_workbook(tmp_path, edit=edit)).content.rows("difficulties"))

    assert [(row.values["difficulty"], row.values["proposal"]) for row in rows] == [
        ("Thiếu máy", "Cấp máy"),
        ("Thiếu máy", "Cấp máy"),
        ("Thiếu máy", "Đào tạo thêm"),
    ]


@pytest.mark.slow
def test_a_sheet_merged_all_over_is_read_in_time(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for row in range(1, 400):
            book[TASKS].merged_cells.add(f"A{row}:XFD1048576")

    assert checked_of(filled_workbook(tmp_path, edit=edit)).content.form == "thang"
