"""What clerks get wrong, one workbook each: the verdict, one finding a cause at its cells, words that say what to do.

The workbooks are the shipped forms, filled, spoilt by code, and judged in one batch against an accepted past. Cells are
written ``D@A1``: column D in the row of A1 as the blank form has it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from support.workbooks.samples import cell_of, filled_workbook, plan

from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Checked, Content, Verdict
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch

INFO, FIGURES, TASKS, FREE = "Thông tin", "Chỉ tiêu", "Nhiệm vụ", "Khó khăn, kiến nghị"
ASSIGNED, BUDGET = "Phân công", "Dự toán"
Edit = Callable[[Workbook], object]
Cause = tuple[str, str, str]
"""Rule, sheet, and the cells: the first, then the others, apart by blanks."""


@dataclass(frozen=True)
class Mistake:
    edit: Edit
    causes: tuple[Cause, ...]
    says: tuple[str, ...] = ()
    period: str = "2022-10"
    verdict: Verdict = Verdict.REJECTED
    also_warned: bool = False


def at(sheet: str, **values: object) -> Edit:
    """Cells by place, as ``D_A1`` (dots of codes as ``__``)."""

    def edit(book: Workbook) -> None:
        for place, value in values.items():
            book[sheet][resolve(sheet, place.replace("__", ".").replace("_", "@", 1))].value = value

    return edit


def both(*edits: Edit) -> Edit:
    return lambda book: [edit(book) for edit in edits]


def row(code: str, top: object, bottom: object, **more: object) -> Edit:
    """A row of figures, its ratio left to be computed, with a note and evidence."""
    values: dict[str, object] = {"D": top, "E": bottom, "F": None, "H": "VB 1/BC", "I": "Nêu rõ"} | more
    return lambda book: [
        setattr(book[FIGURES][resolve(FIGURES, f"{letter}@{code}")], "value", value) for letter, value in values.items()
    ]


def task(code: str, **values: object) -> Edit:
    names = {"due": "E", "status": "F", "progress": "G", "done": "H", "product": "I"}
    return lambda book: [
        setattr(book[TASKS][resolve(TASKS, f"{names[key]}@{code}")], "value", value) for key, value in values.items()
    ]


def info(label: str, value: object) -> Edit:
    return lambda book: setattr(cell_of(book, INFO, "", label), "value", value)


def renamed(old: str, new: str) -> Edit:
    return lambda book: setattr(book[old], "title", new)


def header(sheet: str, label: str, text: object) -> Edit:
    return lambda book: setattr(
        next(cell for line in book[sheet].iter_rows() for cell in line if cell.value == label), "value", text
    )


def without_row(sheet: str, code: str) -> Edit:
    return lambda book: book[sheet].delete_rows(number_of(sheet, code))


def merged(sheet: str, cells: str) -> Edit:
    first, last = cells.split(":")
    return lambda book: book[sheet].merge_cells(f"{resolve(sheet, first)}:{resolve(sheet, last)}")


def percent(place: str, value: float) -> Edit:
    def edit(book: Workbook) -> None:
        cell = book[FIGURES][resolve(FIGURES, place)]
        cell.value, cell.number_format = value, "0%"

    return edit


def copied(sheet: str, title: str) -> Edit:
    def edit(book: Workbook) -> None:
        other = book.copy_worksheet(book[sheet])
        other.title, other.sheet_state = title, "veryHidden"

    return edit


def total_row(book: Workbook) -> None:
    number = number_of(FIGURES, "C2.3") + 1
    for letter, value in (("A", "Tổng cộng"), ("D", 1000), ("E", 2000)):
        book[FIGURES][f"{letter}{number}"].value = value


def rounded(book: Workbook) -> None:
    """Ratios pasted as whole numbers over their formulas."""
    for code in ROUNDED:
        for letter, value in (("D", 68), ("E", 91), ("F", 75), ("I", "Nêu rõ"), ("H", "VB 1/BC")):
            book[FIGURES][resolve(FIGURES, f"{letter}@{code}")].value = value


def swapped_columns(book: Workbook) -> None:
    for code in ROUNDED:
        row(code, 100, 68)(book)


def last_month(book: Workbook) -> None:
    """Last month's file, sent again with another month on its first sheet."""
    before = opened("2022-09")
    for sheet in (FIGURES, TASKS):
        for line in before[sheet].iter_rows(min_row=number_of(sheet, "Mã") + 1):
            for cell in line:
                if isinstance(cell, Cell) and isinstance(book[sheet][cell.coordinate], Cell):
                    book[sheet][cell.coordinate].value = cell.value


def whole(text: str) -> Edit:
    return lambda book: [row(code, text, text)(book) for code in ROUNDED]


ROUNDED = ("B1", "B6", "B9", "A1", "A3")
T = "III.1.2"
DOING = {"status": "Đang triển khai", "progress": 50, "done": None}
DONE = {"status": "Hoàn thành", "progress": 100, "done": date(2022, 10, 3), "product": "Quyết định 12/QĐ-SCT"}

MISTAKES = {
    # words for nothing
    "không phát sinh in both": Mistake(
        row("B1", "Không phát sinh", "Không phát sinh", H=None),
        (("value_read", FIGURES, "D@B1 E@B1"),), ("được hiểu là 0", "Cũng vậy ở ô E@B1", "kỳ sau xin ghi 0"),
        verdict=Verdict.ACCEPTED, also_warned=True,
    ),
    "dashes in both": Mistake(
        row("B1", "-", "–", H=None), (("value_read", FIGURES, "D@B1 E@B1"),), verdict=Verdict.ACCEPTED, also_warned=True
    ),
    "K/PS and 0": Mistake(
        row("B1", "K/PS", 0, H=None), (("value_read", FIGURES, "D@B1"),), verdict=Verdict.ACCEPTED, also_warned=True
    ),
    "không có merged over both": Mistake(
        both(row("B1", "không có", None, H=None), merged(FIGURES, "D@B1:E@B1")),
        (("value_read", FIGURES, "D@B1"),), verdict=Verdict.ACCEPTED, also_warned=True,
    ),
    "không có beside an empty cell": Mistake(
        row("B1", "không có", None), (("not_a_number", FIGURES, "D@B1 E@B1"),), ("ghi 0 ở cả hai ô D@B1, E@B1",)
    ),
    "dash beside a count": Mistake(
        row("B1", "-", 40), (("not_a_number", FIGURES, "D@B1"),), ("ghi 0 ở cả hai ô D@B1, E@B1",)
    ),
    "chưa có số liệu": Mistake(row("B1", "Chưa có số liệu", 40), (("not_a_number", FIGURES, "D@B1"),), ("1234",)),
    "dash for a date that need not be": Mistake(
        task(T, **DOING | {"done": "-"}), (("value_read", TASKS, f"H@{T}"),), ("để trống",), verdict=Verdict.ACCEPTED
    ),
    "không phát sinh on a headline by components": Mistake(
        at(FIGURES, D_A4="-", E_A4="-"), (("value_read", FIGURES, "D@A4 E@A4"),), verdict=Verdict.ACCEPTED
    ),
    # numbers that are none
    "both counts in one cell": Mistake(
        row("A1", "68/69", None), (("not_a_number", FIGURES, "D@A1 E@A1"),), ("ghi 68 vào D@A1, 69 vào E@A1",)
    ),
    "both counts in one cell, the base again": Mistake(
        row("A1", "68/69", 69), (("not_a_number", FIGURES, "D@A1"),), ("ghi 68 vào D@A1, 69 vào E@A1",)
    ),
    "a fraction that became a date": Mistake(
        row("A1", date(2022, 12, 10), 12), (("not_a_number", FIGURES, "D@A1"),), ("ghi 10 vào D@A1, 12 vào E@A1",)
    ),
    "a percentage in a count": Mistake(
        row("A1", "100%", 69), (("not_a_number", FIGURES, "D@A1"),), ("số lượng đếm được", "tỷ lệ tự tính")
    ),
    "a count shown as a percentage": Mistake(
        both(row("A1", 1, 69), percent("D@A1", 1)), (("not_a_number", FIGURES, "D@A1"),), ("100%", "tỷ lệ tự tính")
    ),
    "a share in a count": Mistake(
        both(row("A1", 1, 69), percent("D@A1", 0.985)), (("not_whole", FIGURES, "D@A1"),),
        ("98,5%", "số lượng đếm được"),
    ),
    "a count with its unit": Mistake(
        row("A1", "68 thủ tục", 69), (("not_a_number", FIGURES, "D@A1"),), ("chỉ ghi 68",)
    ),
    "about": Mistake(row("A1", "khoảng 68", 69), (("not_a_number", FIGURES, "D@A1"),), ("chỉ ghi 68",)),
    "two numbers apart by a blank": Mistake(row("A1", "68 69", 69), (("not_a_number", FIGURES, "D@A1"),), ("1234",)),
    "blanks group digits": Mistake(
        row("A1", "1 068", 1069), (("value_read", FIGURES, "D@A1"),), ("được hiểu là 1.068", "ghi liền 1068"),
        verdict=Verdict.ACCEPTED, also_warned=True,
    ),
    "comma groups digits": Mistake(row("A1", "1,068", 1069), (("ambiguous_number", FIGURES, "D@A1"),), ("1068",)),
    "half a procedure": Mistake(row("A1", 68.5, 69), (("not_whole", FIGURES, "D@A1"),), ("đếm được",)),
    "letters all down the column": Mistake(
        whole("đang rà soát"), (("not_a_number", FIGURES, "D@A1 *4"), ("not_a_number", FIGURES, "E@A1 *4"))
    ),
    "a key held": Mistake(row("A1", 68, 6_999_999_999), (("count_limit", FIGURES, "E@A1"),), ("6.999.999.999",)),
    "negative": Mistake(row("A1", -1, 69), (("negative", FIGURES, "D@A1"),)),
    "an error": Mistake(row("A1", "#N/A", 69), (("cell_error", FIGURES, "D@A1"),)),
    "one count left out": Mistake(row("A1", 68, None), (("value_missing", FIGURES, "E@A1"),)),
    "a row left out": Mistake(row("A1", None, None), (("value_missing", FIGURES, "D@A1 E@A1"),)),
    # figures against each other
    "numerator and denominator swapped": Mistake(
        row("A2.1", 119, 117, I=None), (("numerator_le_denominator", FIGURES, "D@A2.1 E@A2.1"),), ("đổi chỗ", "ghi 117")
    ),
    "headline swapped": Mistake(
        both(row("A2", 119, 113), row("A2.1", 117, 119), row("A2.2", 115, 119)),
        (("numerator_le_denominator", FIGURES, "D@A2 E@A2"),), ("đổi chỗ",), also_warned=True,
    ),
    "two columns swapped": Mistake(
        swapped_columns, (("numerator_le_denominator", FIGURES, "D@A1 *9"),), ("hai cột bị ghi đổi chỗ",)
    ),
    "rounded ratios pasted": Mistake(
        rounded, (("ratio_agrees", FIGURES, "F@A1 *4"),), ("để công thức tự tính",), also_warned=True
    ),
    "one ratio by hand": Mistake(row("B1", 50, 100, F=51), (("ratio_agrees", FIGURES, "F@B1"),), also_warned=True),
    "joint too low": Mistake(
        both(row("A2", 100, 119), row("A2.1", 117, 119), row("A2.2", 115, 119)),
        (("joint_ge_components", FIGURES, "D@A2"),),
        ("117 đạt A2.1 và 115 đạt A2.2 trên 119", "ít nhất 113 đạt cả hai"),
        also_warned=True,
    ),
    "joint too high": Mistake(
        both(row("A2", 116, 119), row("A2.1", 117, 119), row("A2.2", 115, 119)),
        (("joint_le_components", FIGURES, "D@A2"),), ("A2.2", "115"), also_warned=True,
    ),
    "one base differs": Mistake(
        both(row("A2", 113, 119), row("A2.1", 117, 119), row("A2.2", 115, 118)),
        (("components_same_denominator", FIGURES, "E@A2.2 E@A2"),), also_warned=True,
    ),
    "the headline's base differs": Mistake(
        both(row("A2", 113, 120), row("A2.1", 117, 119), row("A2.2", 115, 119)),
        (("components_same_denominator", FIGURES, "E@A2.1 E@A2 E@A2.2"),), ("dòng chính",), also_warned=True,
    ),
    "headline by components filled in": Mistake(at(FIGURES, D_A4=5), (("headline_empty", FIGURES, "D@A4"),)),
    "no note": Mistake(
        row("B1", 1, 100, I=None), (("note_when_below_target", FIGURES, "I@B1"),), also_warned=True
    ),
    # rows and columns
    "a component's row deleted": Mistake(
        without_row(FIGURES, "A2.1"), (("row_missing", FIGURES, "A@A2"),), ("A2.1",)
    ),
    "three rows deleted": Mistake(
        both(without_row(FIGURES, "A2.2"), without_row(FIGURES, "A2.1"), without_row(FIGURES, "A2")),
        (("row_missing", FIGURES, "A@A1"),), ("A2, A2.1, A2.2", "khôi phục 3 dòng này"),
    ),
    "a code retyped": Mistake(at(FIGURES, A_A2__1="A21"), (("row_missing", FIGURES, "A@A2.1"),), ("A2.1",)),
    "a code wiped": Mistake(at(FIGURES, A_A3=None), (("row_missing", FIGURES, "A@A3"),), ("ghi lại “A3”",)),
    "codes with a stop, blanks and full-width letters": Mistake(
        at(FIGURES, A_A1="A1.", A_A2__1=" A 2.1 ", A_B1="Ｂ１", A_B2="b2"), (), verdict=Verdict.ACCEPTED
    ),
    "a code twice": Mistake(at(FIGURES, A_B2="B1"), (("row_duplicate", FIGURES, "A@B2 A@B1"),), ("“B2”",)),
    "a total row": Mistake(
        total_row, (("total_row", FIGURES, "A@C2.3+1"),), ("xóa dòng này; hệ thống tự cộng",), verdict=Verdict.ACCEPTED
    ),
    "a column without marks": Mistake(
        header(FIGURES, "Tử số", "Tu so"), (("column_missing", FIGURES, "D6"),), ("ghi “Tử số” vào ô tiêu đề D6",)
    ),
    "a column without its code header": Mistake(
        header(TASKS, "Mã", "Số hiệu"), (("column_missing", TASKS, "A6"),), ("“Mã”",)
    ),
    "a column deleted, and a fault elsewhere": Mistake(
        both(header(FIGURES, "Minh chứng", None), row("A1", 70, 69)),
        (("column_missing", FIGURES, "A6"), ("numerator_le_denominator", FIGURES, "D@A1 E@A1")),
    ),
    "a sheet without marks": Mistake(
        renamed(FIGURES, "Chi tieu"), (("sheet_missing", "Chi tieu", ""),), ("“Chi tieu” thành “Chỉ tiêu”",)
    ),
    "a sheet of another name, and a fault in it": Mistake(
        both(task(T, **DONE | {"progress": 80}), renamed(TASKS, "Sheet1")),
        (("sheet_missing", "Sheet1", ""), ("done_means_100", "Sheet1", f"G@{T}")), ("“Sheet1” thành “Nhiệm vụ”",),
    ),
    "the information sheet renamed": Mistake(
        renamed(INFO, "Thong tin"), (("sheet_missing", "Thong tin", ""),), ("“Thong tin” thành “Thông tin”",)
    ),
    "a sheet twice, very hidden": Mistake(copied(TASKS, "NHIỆM VỤ "), (("name_twice", TASKS, ""),)),
    "a column twice": Mistake(
        header(FIGURES, "Minh chứng", "tử  số"),
        (("name_twice", FIGURES, "H6"), ("column_missing", FIGURES, "A6")),
    ),
    "a note merged over its rows": Mistake(
        merged(TASKS, "J@III.1.1:J@III.1.3"), (), verdict=Verdict.ACCEPTED
    ),
    "a count merged over rows": Mistake(
        both(row("A2", 119, 119), row("A2.1", 119, 119), row("A2.2", None, 119), merged(FIGURES, "D@A2.1:D@A2.2")),
        (("cells_merged", FIGURES, "D@A2.2"),), ("bỏ gộp ô",), also_warned=True,
    ),
    # tasks
    "a status of one's own": Mistake(
        task(T, **DOING | {"status": "Đang làm"}), (("not_in_list", TASKS, f"F@{T}"),), ("chọn “Đang triển khai”",)
    ),
    "done in part": Mistake(
        task(T, **DOING | {"status": "Hoàn thành một phần"}), (("not_in_list", TASKS, f"F@{T}"),),
        ("chọn “Đang triển khai”",),
    ),
    "an unreadable status of a task that was done": Mistake(
        task("III.1.1", status="Xong", progress=10), (("not_in_list", TASKS, "F@III.1.1"),), ("chọn “Hoàn thành”",)
    ),
    "done at 80": Mistake(task(T, **DONE | {"progress": 80}), (("done_means_100", TASKS, f"G@{T}"),)),
    "done without a date": Mistake(
        task(T, **DONE | {"done": None}), (("done_needs_date_and_product", TASKS, f"H@{T}"),)
    ),
    "done with what was promised": Mistake(
        task(T, **DONE | {"product": "Kế hoạch của Sở"}), (("product_numbered", TASKS, f"I@{T}"),), ("số và ngày",)
    ),
    "done tomorrow": Mistake(
        task(T, **DONE | {"done": date(2022, 10, 30)}), (("done_date_in_past", TASKS, f"H@{T}"),)
    ),
    "a date without a year": Mistake(
        task(T, **DONE | {"done": "3/10"}), (("not_a_date", TASKS, f"H@{T}"),), ("thiếu năm", "03/10")
    ),
    "a year of two digits": Mistake(
        task(T, **DONE | {"done": "3/10/22"}), (("not_a_date", TASKS, f"H@{T}"),), ("03/10/2022",)
    ),
    "a date with dots": Mistake(
        task(T, **DONE | {"done": "3.10.2022"}), (("not_a_date", TASKS, f"H@{T}"),), ("Hãy ghi 03/10/2022.",)
    ),
    "month before day": Mistake(
        task(T, **DONE | {"done": "10/18/2022"}), (("not_a_date", TASKS, f"H@{T}"),), ("18/10/2022",)
    ),
    "a day that is not": Mistake(
        task(T, **DONE | {"done": "31/9/2022"}), (("not_a_date", TASKS, f"H@{T}"),), ("không có trong lịch",)
    ),
    "due later than assigned": Mistake(
        task(T, due=date(2023, 5, 1)), (("due_changed", TASKS, f"E@{T}"),), ("01/05/2023", "28/02/2023", "phân công")
    ),
    # information
    "cut-off of last year": Mistake(
        info("Ngày chốt số liệu", date(2021, 10, 18)), (("cutoff_window", INFO, "B11"),), ("01/10/2022", "20/10/2022")
    ),
    "cut-off to come": Mistake(
        both(info("Ngày chốt số liệu", date(2022, 12, 18)), task(T, **DONE | {"done": date(2022, 12, 3)})),
        (("cutoff_window", INFO, "B11"), ("done_date_in_past", TASKS, f"H@{T}")),
    ),
    "cut-off left out": Mistake(info("Ngày chốt số liệu", None), (("value_missing", INFO, "B11"),)),
    "another form's code": Mistake(
        both(info("Mã biểu mẫu", "BC-QUY/1"), row("A1", 70, 69)),
        (("form_unknown", INFO, "B6"), ("numerator_le_denominator", FIGURES, "D@A1 E@A1")),
    ),
    "last month's file": Mistake(last_month, (("all_unchanged", FIGURES, "D@A1"),), ("gửi nhầm", "09/2022")),
    # difficulties
    "beyond authority and nothing asked": Mistake(
        at(FREE, B7="Thiếu máy", D7=None, F7="x"), (("difficulty_incomplete", FREE, "D7"),), ("kiến nghị",)
    ),
    "asked without a difficulty": Mistake(
        at(FREE, B7=None, D7="Cấp thêm máy", F7=None), (("difficulty_incomplete", FREE, "B7"),)
    ),
    # assignment plan and budget
    "due in August is right": Mistake(
        at(ASSIGNED, E_III__1__1=date(2022, 8, 1), F_III__1__1=date(2022, 8, 15)), (),
        period="2022-08", verdict=Verdict.ACCEPTED,
    ),
    "due after the pilot": Mistake(
        at(ASSIGNED, F_A1=date(2023, 6, 30)), (("due_within_pilot", ASSIGNED, "F@A1"),),
        ("28/02/2023",), period="2022-08"
    ),
    "start after due": Mistake(
        at(ASSIGNED, E_A1=date(2022, 12, 1), F_A1=date(2022, 11, 1)),
        (("start_after_due", ASSIGNED, "E@A1 F@A1"),), ("01/11/2022",), period="2022-08",
    ),
    "đồng typed as triệu đồng": Mistake(
        at(BUDGET, D7=45_000_000), (("amount_unit", BUDGET, "D7"),), ("ghi 45", "triệu đồng"), period="2022-08"
    ),
    "an amount that can be read in two ways": Mistake(
        at(BUDGET, D7="1,500"), (("ambiguous_number", BUDGET, "D7"),), ("ghi 1500 nếu", "ghi 1,5 nếu"), period="2022-08"
    ),
    "a lead left out": Mistake(at(ASSIGNED, C_B1=None), (("value_missing", ASSIGNED, "C@B1"),), period="2022-08"),
}  # fmt: skip


def opened(period: str) -> Workbook:
    return load_workbook(BytesIO(BASES[period]))


BASES: dict[str, bytes] = {}
NUMBERS: dict[tuple[str, str], int] = {}


def number_of(sheet: str, code: str) -> int:
    return NUMBERS[sheet, code]


def resolve(sheet: str, place: str) -> str:
    """``D@A1`` as an address; an address stays."""
    if "@" not in place:
        return place
    letter, _, code = place.partition("@")
    code, _, more = code.partition("+")
    return f"{letter}{number_of(sheet, code) + int(more or 0)}"


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Content]:
    """Clean workbooks as bytes, where their rows stand, and what they say."""
    folder = tmp_path_factory.mktemp("bases")
    for period in ("2022-08", "2022-09", "2022-10"):
        BASES[period] = filled_workbook(folder, period=period).read_bytes()
        for sheet in opened(period).worksheets:
            for line in sheet.iter_rows(max_col=1):
                if isinstance(line[0].value, str):
                    NUMBERS.setdefault((sheet.title, line[0].value), line[0].row)
    return {period: read_workbook(data, plan()) for period, data in BASES.items()}


def history(bases: dict[str, Content]) -> History:
    """September as accepted, and an assignment with the due dates of October's file."""
    before, now = bases["2022-09"], bases["2022-10"]
    figures = [(one.code, one.values["numerator"], one.values["denominator"]) for one in before.rows("figures")]
    tasks = [(one.code, one.values["progress_pct"], one.values["status"]) for one in before.rows("tasks")]
    return History(
        figures=[("SCT", "2022-09", code or "", *values) for code, *values in figures],
        tasks=[("SCT", "2022-09", code or "", *values) for code, *values in tasks],
        due_dates={("SCT", one.code or ""): one.values["due_date"] for one in now.rows("tasks")},
        products={("SCT", T): "Kế hoạch của Sở"},
    )


@pytest.fixture(scope="module")
def judged(bases: dict[str, Content]) -> dict[str, Checked]:
    contents = []
    for mistake in MISTAKES.values():
        book = opened(mistake.period)
        mistake.edit(book)
        buffer = BytesIO()
        book.save(buffer)
        contents.append(read_workbook(buffer.getvalue(), plan()))
    return dict(zip(MISTAKES, check_batch(plan(), contents, history(bases)), strict=True))


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_finding_that_says_what_to_do(judged: dict[str, Checked], name: str) -> None:
    mistake, checked = MISTAKES[name], judged[name]
    told = [one for one in checked.findings if one.rule not in _OF_THE_PAST or not mistake.also_warned]
    expected = [expected_of(cause) for cause in mistake.causes]
    if not mistake.causes:
        told = [one for one in told if one.severity != "info"]
    assert sorted((one.rule, one.sheet, shown(one.places, cells)) for one, cells in paired(told, expected)) == sorted(
        (rule, sheet, cells) for rule, sheet, cells in expected
    ), [one.as_row() for one in checked.findings]
    assert checked.verdict is mistake.verdict
    words = " ".join(one.message for one in told)
    for text in mistake.says:
        assert placed(text) in words
    assert "None" not in words
    assert "nan" not in words


_OF_THE_PAST = ("stock_denominator_jump", "ratio_drop", "ratio_jump", "outlier")


def expected_of(cause: Cause) -> tuple[str, str, str]:
    rule, sheet, cells = cause
    found = " ".join(part if part.startswith("*") else resolve(known_name(sheet), part) for part in cells.split())
    return rule, sheet, found


def known_name(sheet: str) -> str:
    return {"Sheet1": TASKS, "Chi tieu": FIGURES}.get(sheet, sheet)


def paired(told: list[Finding], expected: list[tuple[str, str, str]]) -> list[tuple[Finding, str]]:
    """Each finding with the cells that are expected of its rule and sheet."""
    cells = {(rule, sheet): cells for rule, sheet, cells in expected}
    return [(one, cells.get((one.rule, str(one.sheet)), "")) for one in told]


def shown(places: tuple[tuple[str, str], ...], expected: str) -> str:
    """The cells; only how many others where the case counts them."""
    cells = [cell for _, cell in places]
    return f"{cells[0]} *{len(cells) - 1}" if "*" in expected and cells else " ".join(cells)


def placed(text: str) -> str:
    """The words with their places as addresses."""
    return re.sub(r"[A-Z]@[A-Z0-9.]+[0-9]", lambda found: resolve(FIGURES, found[0]), text)


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 60
