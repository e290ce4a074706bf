"""Two candidates for one name, hidden or not, in any spelling, are a finding and never a choice by position."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from openpyxl import Workbook
from support.workbooks.samples import cell_of, filled_workbook, plan

from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch

FIGURES, INFO = "Chỉ tiêu", "Thông tin"


def read(folder: Path, edit: Callable[[Workbook], object]) -> Content:
    return read_workbook(filled_workbook(folder, edit=edit), plan())


def criticals(contents: Sequence[Content]) -> list[list[tuple[str, str | None]]]:
    """Rule and sheet of the critical findings of each workbook, judged in one batch."""
    checked = check_batch(plan(), contents, History())
    return [[(one.rule, one.sheet) for one in each.findings if one.severity == "critical"] for each in checked]


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def spaced(text: str) -> str:
    return f" {text.replace(' ', '  ')}\n"


def with_two_columns(book: Workbook, column: str, spelled: str, *, is_left: bool) -> None:
    """Two columns of one name, the other one hidden; the real one left of it or right of it."""
    sheet = book[FIGURES]
    top = next(cell for row in sheet.iter_rows() for cell in row if cell.value == column)
    at = sheet.max_column + 2
    if is_left:
        sheet.cell(top.row, at).value, top.value = top.value, spelled
    else:
        sheet.cell(top.row, at).value = spelled
    sheet.column_dimensions[sheet.cell(1, at).column_letter].hidden = True


@pytest.mark.slow
def test_two_columns_of_one_name(tmp_path: Path) -> None:
    cases = list(product((str, nfd, "{} :".format, spaced), ("Tử số", "Mã", "Ghi chú"), (True, False)))
    contents = [
        read(tmp_path, partial(with_two_columns, column=column, spelled=spell(column), is_left=is_left))
        for spell, column, is_left in cases
    ]

    assert criticals(contents) == [[("name_twice", FIGURES)]] * len(cases)
    for content, (_, column, _) in zip(contents, cases, strict=True):
        (finding,) = content.findings
        assert finding.cell
        assert finding.message.count(" ô ") >= 2
        assert all(row.values.get("numerator") is None for row in content.rows("figures")) or column != "Tử số"


def with_two_sheets(book: Workbook, name: str, state: str) -> None:
    other = book.copy_worksheet(book[name])
    other.title = nfd(name)
    other.sheet_state = state
    book.move_sheet(other, -len(book.sheetnames))
    cell_of(book, FIGURES, "A1", "Tử số").value = 1


@pytest.mark.slow
def test_two_sheets_of_one_name(tmp_path: Path) -> None:
    cases = list(product((FIGURES, INFO), ("visible", "hidden", "veryHidden")))
    contents = [read(tmp_path, partial(with_two_sheets, name=name, state=state)) for name, state in cases]
    others = {FIGURES: [], INFO: [("ratio_agrees", FIGURES)]}  # the figures are another sheet's matter

    assert criticals(contents) == [[("name_twice", name), *others[name]] for name, _ in cases]
    assert [bool(list(content.rows("figures"))) for content in contents] == [name == INFO for name, _ in cases]


LABELS = {"Mã đơn vị": "unit", "Kỳ báo cáo": "period", "Mã biểu mẫu": "form", "Ngày chốt số liệu": "cutoff_date"}


def with_two_labels(book: Workbook, label: str) -> None:
    sheet = book[INFO]
    low = sheet.max_row + 3
    sheet.cell(low, 1).value, sheet.cell(low, 2).value = nfd(label.upper()), "SNV"
    sheet.row_dimensions[low].hidden = True


@pytest.mark.slow
def test_two_labels_of_one_name(tmp_path: Path) -> None:
    contents = [read(tmp_path, partial(with_two_labels, label=label)) for label in LABELS]

    assert criticals(contents) == [[("name_twice", INFO)]] * len(LABELS)
    assert [content.info[key] for content, key in zip(contents, LABELS.values(), strict=True)] == [None] * len(LABELS)


def test_two_header_rows_that_differ(tmp_path: Path) -> None:
    """A copy of the table above the real one, hidden, with two columns the other way round."""

    def edit(book: Workbook) -> None:
        sheet = book[FIGURES]
        top = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "Tử số")
        labels = {cell.column: cell.value for cell in sheet[top] if cell.value}
        sheet.insert_rows(1)
        turn = {"Tử số": "Mẫu số", "Mẫu số": "Tử số"}
        for column, label in labels.items():
            sheet.cell(1, column).value = turn.get(str(label), label)
        sheet.row_dimensions[1].hidden = True

    found = read(tmp_path, edit).findings

    assert {one.value for one in found if one.rule == "name_twice"} == {"Tử số", "Mẫu số"}


@pytest.mark.slow
def test_what_stands_behind_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    headers = {"Ghi chú": " :", "Tỷ lệ (%)": ":", "Mã": ".", "Tử số": " (*)", "Mẫu số": " *：", "Minh chứng": "\xa0–…"}
    labels = {"Mã đơn vị": ":", "Kỳ báo cáo": " ;\n", "Mã biểu mẫu": " -", "Mã nộp": "..."}

    def edit(book: Workbook) -> None:
        for sheet, ends in ((FIGURES, headers), (INFO, labels)):
            for label, end in ends.items():
                next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == label).value = label + end
        book[FIGURES].title = FIGURES + "."
        book[INFO].title = INFO + " -"

    content = read(tmp_path, edit)

    assert content.findings == ()
    assert criticals([content]) == [[]]
    assert (content.unit, content.form) == ("SCT", "thang")
    assert content.info["token"] is not None or "token" in content.info_cells
