"""«Tự kiểm tra»: the form's own formulas, recalculated by LibreOffice, agree with the rules, broken and just met."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from support.workbooks.office import saved_by_libreoffice
from support.workbooks.samples import cell_of, clean, plan, write_filled
from support.workbooks.standing_office import standing_office

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.reported.history import History
from baocao.workbook.blank.occasion import NOTHING_KNOWN, Known
from baocao.workbook.blank.selfcheck.stated import IN_FORM, NOTHING
from baocao.workbook.cells import fold
from baocao.workbook.reading.free_rows import says_nothing
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch
from expectations.catalogue import catalogue

SHEET, COUNTER = "Tự kiểm tra", "A5"
STATED = IN_FORM - {"as_assigned"}  # the plan has no figure that is assigned: test_year.py
FORMS = {"thang": "2022-10", "phan-cong": "2022-08", "tong-ket": "2023-03"}
INFO, FIGURES, TASKS, FREE = "Thông tin", "Chỉ tiêu", "Nhiệm vụ", "Khó khăn, kiến nghị"
ASSIGNED, BUDGET, FINAL = "Phân công", "Dự toán", "Tự đánh giá"
TOP, BASE, RATIO, NOTE = "Tử số", "Mẫu số", "Tỷ lệ (%)", "Ghi chú"
DUE, DONE_ON, PRODUCT, STATUS, PROGRESS = (
    "Hạn hoàn thành", "Ngày hoàn thành", "Sản phẩm", "Trạng thái", "Tiến độ (%)",
)  # fmt: skip
PROMISED, ASSIGNED_DUE = "Kế hoạch của Sở", date(2022, 10, 31)
KNOWN = Known(assignments={"III.1.2": {"product": PROMISED, "due_date": ASSIGNED_DUE}})
LIMIT = plan().count_limit
Values = dict[tuple[str, str, str], object]
"""By sheet, row's code and header; the information sheet has no codes."""


def row(code: str, top: object, base: object, note: object = "Nêu rõ", **more: object) -> Values:
    values = {TOP: top, BASE: base, RATIO: None, NOTE: note, "Minh chứng": "VB 1", **more}
    return {(FIGURES, code, header): value for header, value in values.items()}


def task(code: str, status: str, progress: object, done: object = None, product: object = None) -> Values:
    values = {STATUS: status, PROGRESS: progress, DONE_ON: done, PRODUCT: product}
    return {(TASKS, code, header): value for header, value in values.items()}


def family(code: str, head: tuple[int, int], *parts: tuple[int, int]) -> Values:
    values = row(code, *head)
    for number, part in enumerate(parts, start=1):
        values |= row(f"{code}.{number}", *part)
    return values


DOING, DONE, NOT = "Đang triển khai", "Hoàn thành", "Chưa triển khai"
SIGNED = "Quyết định 12/QĐ-SCT"
BROKEN: dict[str, Values] = {
    "thang": {
        (INFO, "", "Ngày chốt số liệu"): date(2022, 10, 21),
        (INFO, "", "Người lập biểu"): "Không có.",
        **row("A1", None, 69),
        **family("A2", (116, 119), (117, 119), (115, 119)),
        **row("A3", 68.5, 69),
        (FIGURES, "A4", TOP): 0,
        **row("A4.1", 70, 69),
        **row("B1", -1, 40),
        **row("B2", 5, LIMIT + 1),
        **family("B3", (100, 119), (117, 119), (115, 119)),
        **family("B4", (100, 119), (110, 119), (110, 118)),
        **row("B6", 50, 100, **{RATIO: 50.2}),
        **row("B9", 1, 100, " không có "),
        **task("III.1.1", DONE, 99.9, date(2022, 10, 3), SIGNED),
        **task("III.1.2", DONE, 100, date(2022, 10, 3), f" {PROMISED.upper()}"),
        (TASKS, "III.1.2", DUE): date(2022, 11, 1),
        **task("III.1.3", NOT, 1),
        **task("III.2.1", DOING, 101),
        **task("III.2.2", DONE, 100, None, "-"),
        **task("III.2.3", DONE, 100, date(2022, 10, 21), SIGNED),
        **task("III.3.1", DONE, 100, "21-10-2022", SIGNED),
        (TASKS, "III.3.1", DUE): date(2023, 3, 1),
        **task("III.3.2", DOING, None),
        (FREE, "1", "Khó khăn, vướng mắc"): "Thiếu máy",
        (FREE, "1", "Kiến nghị"): "Không có",
        (FREE, "1", "Vượt thẩm quyền"): "x",
        (FREE, "2", "Khó khăn, vướng mắc"): None,
        (FREE, "2", "Kiến nghị"): "Cấp thêm máy",
        (FREE, "2", "Vượt thẩm quyền"): None,
    },
    "phan-cong": {
        (ASSIGNED, "A1", "Chủ trì"): "-",
        (ASSIGNED, "A2", "Ngày bắt đầu"): date(2022, 10, 2),
        (ASSIGNED, "A2", DUE): "01/10/2022",
        (ASSIGNED, "A3", DUE): date(2023, 3, 1),
        (ASSIGNED, "B1", DUE): None,
        (BUDGET, "1", "Số tiền (triệu đồng)"): 20_001,
        (BUDGET, "2", "Số tiền (triệu đồng)"): 0,
        (BUDGET, "3", "Số tiền (triệu đồng)"): None,
        (BUDGET, "1", "Mã nhiệm vụ"): "III.9.9",
        (BUDGET, "2", "Mã nhiệm vụ"): None,
    },
    "tong-ket": {
        **row("A1", 99, 100),
        (FINAL, "A1", "Kết quả"): "Đạt",
        (FINAL, "A2", "Kết quả"): None,
        (FINAL, "A1", "Đề xuất nhân rộng"): "Điều chỉnh",
        (FINAL, "A1", "Nội dung điều chỉnh"): "–",
    },
}
MET: dict[str, Values] = {
    "thang": {
        (INFO, "", "Ngày chốt số liệu"): "20/10/2022",
        (INFO, "", "Người lập biểu"): "Nguyễn Thị Mẫu",
        **row("A1", 0, 0, None),
        **family("A2", (115, 119), (117, 119), (115, 119)),
        **row("A3", 69.0, " 69 "),
        (FIGURES, "A4", TOP): None,
        **row("A4.1", 69, 69, None),
        **row("B1", 0, 40),
        **row("B2", 5, LIMIT),
        **family("B3", (113, 119), (117, 119), (115, 119)),
        **family("B4", (101, 119), (110, 119), (110, 119)),
        **row("B6", 50, 100, **{RATIO: 50.1}),
        **row("B9", 1, 100, "Không có máy chủ"),
        **task("III.1.1", DONE, 100, date(2022, 10, 3), SIGNED),
        **task("III.1.2", DONE, 100, date(2022, 10, 20), f"{PROMISED} số 12"),
        (TASKS, "III.1.2", DUE): ASSIGNED_DUE,
        **task("III.1.3", NOT, 0),
        **task("III.2.1", DOING, 100),
        **task("III.2.2", DOING, 0, None, "-"),
        **task("III.2.3", "Không phát sinh", None),
        **task("III.3.1", DONE, "100%", "20-10-2022", SIGNED),
        (TASKS, "III.3.1", DUE): date(2023, 2, 28),
        **task("III.3.2", " hoàn  thành ", 100, "1/10/2022", SIGNED),
        (FREE, "1", "Khó khăn, vướng mắc"): "Thiếu máy",
        (FREE, "1", "Kiến nghị"): "Cấp thêm máy",
        (FREE, "1", "Vượt thẩm quyền"): "x",
        (FREE, "2", "Khó khăn, vướng mắc"): "Mạng chậm",
        (FREE, "2", "Kiến nghị"): None,
        (FREE, "2", "Vượt thẩm quyền"): None,
    },
    "phan-cong": {
        (ASSIGNED, "A1", "Chủ trì"): "Phòng Kế hoạch",
        (ASSIGNED, "A2", "Ngày bắt đầu"): date(2022, 10, 1),
        (ASSIGNED, "A2", DUE): "01/10/2022",
        (ASSIGNED, "A3", DUE): date(2023, 2, 28),
        (ASSIGNED, "B1", DUE): date(2022, 8, 1),
        (ASSIGNED, "B1", "Ngày bắt đầu"): None,
        (BUDGET, "1", "Số tiền (triệu đồng)"): 20_000,
        (BUDGET, "2", "Số tiền (triệu đồng)"): 20,
        (BUDGET, "3", "Số tiền (triệu đồng)"): 20.5,
        (BUDGET, "1", "Mã nhiệm vụ"): "iii.1.3",
        (BUDGET, "2", "Mã nhiệm vụ"): "A1",
    },
    "tong-ket": {
        **row("A1", 100, 100),
        (FINAL, "A1", "Kết quả"): "đạt",
        (FINAL, "A1", "Đề xuất nhân rộng"): "Điều chỉnh",
        (FINAL, "A1", "Nội dung điều chỉnh"): "Tính theo quý",
    },
}


def history(key: str) -> History:
    """What was accepted before: for a month, the assignment that its form knows."""
    if key != "thang":
        return History()
    return History(due_dates={("SCT", "III.1.2"): ASSIGNED_DUE}, products={("SCT", "III.1.2"): PROMISED})


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Every form broken and met: as it was typed, and (``calc``) as LibreOffice calculates and saves it."""
    folder = tmp_path_factory.mktemp("self-check")
    for key, month in FORMS.items():
        period, known = Period.parse(month), KNOWN if key == "thang" else NOTHING_KNOWN
        filled = clean(plan(), plan().forms[key], "SCT", period)
        source = write_filled(tmp_path_factory.mktemp("clean") / "m.xlsx", plan(), "SCT", period, filled, known=known)
        for name, values in (("broken", BROKEN[key]), ("met", MET[key])):
            book = load_workbook(source)
            for (sheet, code, header), value in values.items():
                cell_of(book, sheet, code, header).value = value  # type: ignore[assignment]
            book.save(folder / f"{name}-{key}.xlsx")
    sources = sorted(folder.glob("*.xlsx"))
    standing_office().convert(sources, "xlsx", folder / "calc")
    return {(path.parent.name.replace(folder.name, "typed"), path.stem): path for path in folder.rglob("*.xlsx")}


def told(book: Workbook) -> set[tuple[str, str, str]]:
    """Rule, sheet and cell of everything that the sheet's formulas find."""
    sheet = book[SHEET]
    lines = (tuple(sheet[f"{letter}{number}"].value for letter in "HIJ") for number in range(11, sheet.max_row + 1))
    return {(fault[1:].partition("|")[0], name, cell) for name, cell, fault in lines if fault}


def judged(path: Path, key: str) -> list[Finding]:
    """What the rules say."""
    (checked,) = check_batch(plan(), [read_workbook(path, plan())], history(key))
    return [one for one in checked.findings if one.severity is Severity.CRITICAL]


def counter(book: Workbook) -> tuple[int, int]:
    words = str(book.worksheets[0][COUNTER].value).split()
    numbers = [int(word) for word in words if word.isdigit()]
    assert words[:3] == ["Tự", "kiểm", "tra:"]
    return numbers[0], numbers[1]


@pytest.mark.slow
def test_every_rule_that_a_form_states_agrees_where_it_is_broken(books: dict[tuple[str, str], Path]) -> None:
    seen = set()
    for key in FORMS:
        found = judged(books["typed", f"broken-{key}"], key)
        book = load_workbook(books["calc", f"broken-{key}"], data_only=True)
        stated = {one for one in told(book) if one[0] in IN_FORM}
        assert {one.rule for one in found} <= IN_FORM
        assert stated <= {(one.rule, *place) for one in found for place in one.places}
        assert {(one.rule, one.sheet, one.cell) for one in found} <= stated
        assert sum(counter(book)) == len(told(book))
        assert len([line for line in book[SHEET].iter_rows(11, 50, 1, 5) if line[4].value]) == min(40, len(stated))
        seen |= {rule for rule, _, _ in stated}
    assert seen == STATED


@pytest.mark.slow
def test_what_just_meets_the_rules_shows_nothing(books: dict[tuple[str, str], Path]) -> None:
    for key in FORMS:
        assert judged(books["typed", f"met-{key}"], key) == []
        book = load_workbook(books["calc", f"met-{key}"], data_only=True)
        assert (told(book), counter(book)) == (set(), (0, 0)), key
        assert book[SHEET]["E11"].value == "Không còn chỗ nào phải sửa theo bảng này."


@pytest.mark.slow
def test_a_fault_typed_in_libreoffice_is_counted_and_its_mending_too(books: dict[tuple[str, str], Path]) -> None:
    clean_path, path = books["calc", "met-thang"], books["typed", "met-thang"].parent / "live.xlsx"
    steps = (("A1", TOP, 70, (0, 1)), ("A1", BASE, 70, (0, 0)))  # 70 of 0, then 70 of 70
    for code, header, value, expected in steps:
        book = load_workbook(clean_path)
        cell_of(book, FIGURES, code, header).value = value
        book.save(path)
        clean_path = saved_by_libreoffice(path, "xlsx")
        book = load_workbook(clean_path, data_only=True)
        assert counter(book) == expected
        assert str(book[INFO][COUNTER].value) == str(book.worksheets[0][COUNTER].value)


@pytest.mark.slow
def test_reading_ignores_the_sheet_and_does_not_need_it(books: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    path = books["typed", "broken-thang"]
    book = load_workbook(path)
    del book[SHEET]
    book.worksheets[0][COUNTER].value = None
    book.save(tmp_path / "old.xlsx")
    one, other = (read_workbook(source, plan()) for source in (path, tmp_path / "old.xlsx"))
    assert (one.info, one.tables, one.findings) == (other.info, other.tables, other.findings)
    calculated = read_workbook(books["calc", "broken-thang"], plan())
    assert calculated.tables.keys() == one.tables.keys()
    assert [f.rule for f in calculated.findings] == [f.rule for f in one.findings]


def test_the_catalogue_says_what_is_stated() -> None:
    assert {one.rule for one in catalogue(plan()) if one.in_form} == STATED
    assert [text for text in NOTHING if not says_nothing(fold(text))] == []
