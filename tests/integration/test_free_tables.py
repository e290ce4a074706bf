"""Free tables end where the table ends: totals, «không có» and signatures are told and not counted, in every format."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from support.workbooks.office import HAS_OFFICE, saved_by_libreoffice
from support.workbooks.samples import filled_workbook, plan
from support.workbooks.xlsb import xlsb_of

from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch

BUDGET, TROUBLES = "Dự toán", "Khó khăn, kiến nghị"
SOURCE = "Ngân sách tỉnh"
needs_office = pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
Save = Callable[[Path], Path]
FORMATS = [
    pytest.param(lambda path: path, id="xlsx"),
    pytest.param(xlsb_of, id="xlsb"),
    pytest.param(lambda path: saved_by_libreoffice(path, "ods"), id="ods", marks=(pytest.mark.slow, needs_office)),
    pytest.param(lambda path: saved_by_libreoffice(path, "xls"), id="xls", marks=(pytest.mark.slow, needs_office)),
]

TOTALS: list[list[object]] = [
    ["Tổng cộng", None, 500],
    ["TỔNG CỘNG:", "III.1.1", 500, SOURCE],
    ["Cộng", "III.1.1", 500],
    ["Tổng số (triệu đồng)", None, "500"],
    [None, "Tổng", 500],
    [None, None, 500],
]
NONES: list[list[object]] = [
    ["Không có", None, "Không"],
    ["Không có khó khăn, vướng mắc."],
    ["K/PS", "-", "-", "-", "-"],
    [None, None, "Không phát sinh"],
    [".", ".", ".", ".", "Không"],
    ["Đã báo cáo", "Như đã nêu ở trên", "Đã báo cáo kỳ trước."],
]


def spread(rows: list[list[object]]) -> list[Any]:
    """Every row in the first format; in each other one, whose cells are told apart alike, the first and the last."""
    first, *others = FORMATS
    whole = [pytest.param(*first.values, row, id=f"{first.id}-{row}") for row in rows]
    ends = [(one, row) for one in others for row in (rows[0], rows[-1])]
    return whole + [pytest.param(*one.values, row, id=f"{one.id}-{row}", marks=one.marks) for one, row in ends]


def lay(sheet: Worksheet, rows: dict[int, list[object]]) -> None:
    """The table emptied, then these rows (counted from the header) laid from the second column on."""
    top = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "STT")
    for row in sheet.iter_rows(min_row=top + 1, min_col=2):
        for cell in row:
            cell.value = None
    for number, values in rows.items():
        for column, value in enumerate(values, start=2):
            sheet.cell(top + number, column).value = value  # type: ignore[union-attr]


def read(folder: Path, name: str, rows: dict[int, list[object]], save: Save = lambda path: path) -> Content:
    def edit(book: Workbook) -> None:
        lay(book[name], rows)

    period = "2022-08" if name == BUDGET else "2022-10"
    return read_workbook(save(filled_workbook(folder, period=period, edit=edit)), plan())


def told(content: Content) -> list[tuple[str, str | None, str]]:
    return [(one.rule, one.cell, one.severity.value) for one in content.findings]


def amounts(content: Content) -> list[Any]:
    return [row.values["amount_mil_vnd"] for row in content.rows("budget")]


ITEMS: dict[int, list[object]] = {
    1: ["Mua thiết bị", "iii.1.1", 300, SOURCE],
    2: ["Đào tạo", "Iii.1.2 ", 200, SOURCE],
}


@pytest.mark.slow
@pytest.mark.parametrize(("save", "total"), spread(TOTALS))
def test_a_total_row_is_told_and_not_counted(tmp_path: Path, save: Save, total: list[object]) -> None:
    content = read(tmp_path, BUDGET, {**ITEMS, 3: total}, save)

    assert amounts(content) == [300, 200]
    ((rule, cell, severity),) = told(content)
    assert (rule, severity) == ("total_row", "info")
    assert cell is not None
    assert "xóa dòng này; hệ thống tự cộng" in content.findings[0].message


@pytest.mark.slow
def test_a_total_row_costs_no_acceptance(tmp_path: Path) -> None:
    contents = [read(tmp_path, BUDGET, {**ITEMS, 3: total}) for total in TOTALS]
    assert {checked.verdict.value for checked in check_batch(plan(), contents, History())} == {"accepted"}


def test_a_total_that_disagrees_is_told_with_both_sums(tmp_path: Path) -> None:
    content = read(tmp_path, BUDGET, {**ITEMS, 3: ["Tổng cộng", None, 600]})

    assert amounts(content) == [300, 200]
    (finding,) = content.findings
    assert (finding.rule, finding.severity, finding.value) == ("total_disagrees", "warning", "600")
    assert "500" in finding.message
    assert finding.cell
    assert finding.cell.startswith("D")


def test_part_sums_agree_with_what_they_sum(tmp_path: Path) -> None:
    rows = {**ITEMS, 3: ["Cộng I", None, 500], 4: ["Thuê", "B1", 50, SOURCE], 5: ["Cộng II", None, 50]}
    content = read(tmp_path, BUDGET, {**rows, 6: ["Tổng cộng (I+II)", None, 550], 7: ["Bằng chữ: năm trăm năm mươi"]})

    assert amounts(content) == [300, 200, 50]
    assert {rule for rule, *_ in told(content)} == {"total_row"}


@pytest.mark.parametrize("purpose", ["Tổng kết, đánh giá thí điểm", "Tổng hợp số liệu", "Cộng tác viên"])
def test_what_only_begins_like_a_total_is_data(tmp_path: Path, purpose: str) -> None:
    content = read(tmp_path, BUDGET, {**ITEMS, 3: [purpose, "B1", 500, SOURCE]})

    assert amounts(content) == [300, 200, 500]
    assert content.findings == ()


def test_codes_in_a_budget_are_spelt_as_the_plan_spells_them(tmp_path: Path) -> None:
    content = read(tmp_path, BUDGET, {**ITEMS, 3: ["Thuê", "\uf0a7 iii.1.3;", 5, SOURCE]})

    assert [row.values["task"] for row in content.rows("budget")] == ["III.1.1", "III.1.2", "III.1.3"]


@pytest.mark.slow
@pytest.mark.parametrize("save", FORMATS)
def test_signatures_end_the_table(tmp_path: Path, save: Save) -> None:
    rows: dict[int, list[object]] = {
        1: ["Thiếu máy quét", "Chưa mua", "Cấp kinh phí", "UBND tỉnh", "x"],
        18: [None, None, "Ninh Bình, ngày 15 tháng 10 năm 2022"],
        19: ["NGƯỜI LẬP BIỂU", None, "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"],
        20: ["(Ký, ghi rõ họ tên)", None, "(Ký tên, đóng dấu)"],
        24: ["Nguyễn Văn A", None, "Trần Văn B"],
    }
    content = read(tmp_path, TROUBLES, rows, save)

    (row,) = content.rows("difficulties")
    assert row.values["difficulty"] == "Thiếu máy quét"
    ((rule, _, severity),) = told(content)
    assert (rule, severity) == ("table_end", "info")


def test_data_below_the_signatures_is_told(tmp_path: Path) -> None:
    rows = {**ITEMS, 5: ["Người lập biểu", None, None, "GIÁM ĐỐC SỞ CÔNG THƯƠNG"], 8: ["Máy in", "B1", 5, SOURCE]}
    content = read(tmp_path, BUDGET, rows)

    assert amounts(content) == [300, 200]
    assert [(rule, severity) for rule, _, severity in told(content)] == [
        ("table_end", "info"),
        ("row_after_table", "warning"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("save", "words"), spread(NONES))
def test_none_rows_are_no_difficulties(tmp_path: Path, save: Save, words: list[object]) -> None:
    content = read(tmp_path, TROUBLES, {1: words}, save)

    assert list(content.rows("difficulties")) == []
    ((rule, cell, severity),) = told(content)
    assert (rule, severity) == ("none_row", "info")
    assert cell is not None


def test_none_beside_a_real_proposal_is_an_empty_cell(tmp_path: Path) -> None:
    rows = {
        1: ["Không có", None, "Cấp máy quét", None, "-"],
        2: ["Không có kinh phí mua máy", "Không"],
        3: ["Đã báo cáo UBND tỉnh về việc thiếu máy", "Đã báo cáo"],
    }
    content = read(tmp_path, TROUBLES, rows)

    assert [
        (row.values["difficulty"], row.values["cause"], row.values["proposal"]) for row in content.rows("difficulties")
    ] == [
        (None, None, "Cấp máy quét"),
        ("Không có kinh phí mua máy", None, None),
        ("Đã báo cáo UBND tỉnh về việc thiếu máy", None, None),
    ]
    assert content.findings == ()


def test_an_empty_budget_said_in_words_is_accepted(tmp_path: Path) -> None:
    content = read(tmp_path, BUDGET, {1: ["Không đề xuất", None, 0]})

    assert list(content.rows("budget")) == []
    (checked,) = check_batch(plan(), [content], History())
    assert checked.verdict == "accepted"
