"""What a form already says of the last report: counts beside the table, tasks carried over until somebody looks."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from support.workbooks.samples import cell_of, plan

from baocao.domain.planned.period import Period
from baocao.intake.filing.untouched import is_untouched
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import Carried, Known, Reported
from baocao.workbook.layout import HEADER_ROW
from baocao.workbook.reading.reader import read_workbook

SEPTEMBER = Period(2022, 9)
DONE = {"status": "Hoàn thành", "progress_pct": 100.0, "done_date": date(2022, 9, 3), "product": "QĐ 12/QĐ-SCT"}
DOING = {"status": "Đang triển khai", "progress_pct": 40.0}
KNOWN = Known(
    reported={"A1": Reported(1068, 1169, "09/2022")},
    assignments={"III.1.2": {"product": "Quy chế", "due_date": date(2022, 12, 31)}},
    carried={"III.1.1": Carried(SEPTEMBER, DONE), "III.1.2": Carried(SEPTEMBER, DOING)},
    token="AB12-CD34",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """October's form of a unit that reported September."""
    path: Path = tmp_path_factory.mktemp("carried") / "f.xlsx"
    write_blank(plan(), plan().forms["thang"], plan().unit_by_code["SCT"], Period(2022, 10), KNOWN, path)
    return path.read_bytes()


@pytest.fixture
def book(data: bytes) -> Workbook:
    """The same, opened."""
    return load_workbook(BytesIO(data))


def beside(sheet: Worksheet, columns: int) -> dict[object, list[object]]:
    """By code, what stands right of the gap after the table."""
    rows = sheet.iter_rows(min_row=HEADER_ROW, values_only=True)
    return {row[0]: list(row[columns + 1 :]) for row in rows if any(row[columns + 1 :]) or row[0] == "A3"}


def prompt_at(sheet: Worksheet, address: str) -> str:
    return " ".join(one.prompt or "" for one in sheet.data_validations.dataValidation if address in one.sqref)


def test_last_counts_stand_beside_the_table_and_in_the_prompt(book: Workbook) -> None:
    sheet = book["Chỉ tiêu"]
    found = beside(sheet, 9)
    assert found["Mã"] == ["Tử số đã báo cáo", "Mẫu số đã báo cáo", "Của kỳ"]
    assert (found["A1"], found["A3"]) == ([1068, 1169, "09/2022"], [None, None, None])
    cell = cell_of(book, "Chỉ tiêu", "A1", "Mẫu số")
    assert (cell.value, sheet[f"K{cell.row}"].protection.locked) == (None, True)
    assert prompt_at(sheet, cell.coordinate).startswith("Đã báo cáo (09/2022): 1.169. ")
    assert sheet.print_area.split("$")[-2] == "I"


def test_tasks_go_over_marked_and_can_be_confirmed(book: Workbook) -> None:
    sheet = book["Nhiệm vụ"]
    done = {key: cell_of(book, "Nhiệm vụ", "III.1.1", key) for key in ("Trạng thái", "Ngày hoàn thành", "Sản phẩm")}
    assert [cell.value for cell in done.values()][::2] == ["Hoàn thành", "QĐ 12/QĐ-SCT"]
    assert all(cell.font.i and not cell.protection.locked for cell in done.values())
    row = cell_of(book, "Nhiệm vụ", "III.1.2", "Tiến độ (%)").row
    assert [sheet[f"{letter}{row}"].value for letter in "FGHI"] == ["Đang triển khai", 40, None, "Quy chế"]
    assert not sheet[f"I{row}"].font.i  # promised, not carried
    assert beside(sheet, 10)["III.1.2"] == ["09/2022", None]
    assert not sheet[f"M{row}"].protection.locked
    waits = {str(area.sqref): found[0].formula for area, found in sheet.conditional_formatting._cf_rules.items()}
    assert waits[f"F{row} G{row}"] == [f'AND(TRIM($M{row})="",$F{row}="Đang triển khai",$G{row}=40.0)']
    assert prompt_at(sheet, f"G{row}").startswith("Chép từ kỳ 09/2022, sửa nếu đã khác. ")


def test_reading_looks_at_the_table_alone_and_a_form_with_carried_tasks_is_untouched(data: bytes) -> None:
    content = read_workbook(data, plan())
    assert content.findings == ()
    carried = {code: one.values for code, one in KNOWN.carried.items()}
    assert is_untouched(plan(), content, carried)
    assert not is_untouched(plan(), content)
    assert not is_untouched(plan(), content, carried | {"III.1.2": DOING | {"progress_pct": 30.0}})
