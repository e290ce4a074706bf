"""Two candidates for one name, hidden or not, in any spelling, are a finding and never a choice by position."""

import unicodedata
from collections.abc import Callable
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


def findings(content: Content) -> list[tuple[str, str | None]]:
    (checked,) = check_batch(plan(), [content], History())
    return [(one.rule, one.sheet) for one in checked.findings if one.severity == "critical"]


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("spell", [str, nfd, str.upper, lambda text: f" {text.replace(' ', '  ')}\n"])
@pytest.mark.parametrize("column", ["Tử số", "Mã", "Ghi chú"])
@pytest.mark.parametrize("is_left", [True, False])
def test_two_columns_of_one_name(tmp_path: Path, spell: Callable[[str], str], column: str, is_left: bool) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[FIGURES]
        top = next(cell for row in sheet.iter_rows() for cell in row if cell.value == column)
        at = sheet.max_column + 2
        if is_left:
            sheet.cell(top.row, at).value, top.value = top.value, spell(column)
        else:
            sheet.cell(top.row, at).value = spell(column)
        sheet.column_dimensions[sheet.cell(1, at).column_letter].hidden = True

    content = read(tmp_path, edit)

    assert findings(content) == [("name_twice", FIGURES)]
    (finding,) = content.findings
    assert finding.cell
    assert finding.message.count(" ô ") >= 2
    assert all(row.values.get("numerator") is None for row in content.rows("figures")) or column != "Tử số"


@pytest.mark.parametrize("name", [FIGURES, INFO])
@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_two_sheets_of_one_name(tmp_path: Path, name: str, state: str) -> None:
    def edit(book: Workbook) -> None:
        other = book.copy_worksheet(book[name])
        other.title = nfd(name)
        other.sheet_state = state
        book.move_sheet(other, -len(book.sheetnames))
        cell_of(book, FIGURES, "A1", "Tử số").value = 1

    content = read(tmp_path, edit)

    others = [] if name == FIGURES else [("ratio_agrees", FIGURES)]  # the figures are another sheet's matter
    assert findings(content) == [("name_twice", name), *others]
    assert bool(list(content.rows("figures"))) is (name == INFO)


@pytest.mark.parametrize(
    ("label", "key"),
    [("Mã đơn vị", "unit"), ("Kỳ báo cáo", "period"), ("Mã biểu mẫu", "form"), ("Ngày chốt số liệu", "cutoff_date")],
)
def test_two_labels_of_one_name(tmp_path: Path, label: str, key: str) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[INFO]
        low = sheet.max_row + 3
        sheet.cell(low, 1).value, sheet.cell(low, 2).value = nfd(label.upper()), "SNV"
        sheet.row_dimensions[low].hidden = True

    content = read(tmp_path, edit)

    assert findings(content) == [("name_twice", INFO)]
    assert content.info[key] is None


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
