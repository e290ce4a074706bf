"""Blank forms: everything that a clerk meets, looked at through openpyxl in the saved file."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation
from support.workbooks.samples import cell_of, plan

from baocao.domain.planned.form import ColumnType, Form, Rows, Sheet
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.excel.measure import height, lines_needed
from baocao.system.errors import PlanError
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN, Known
from baocao.workbook.filling import row_numbers
from baocao.workbook.layout import HEADER_ROW, code_letter, entries_of, letters_of, lines_of

FORMS = {"thang": "2022-10", "phan-cong": "2022-08", "tong-ket": "2023-03"}
MakeBlank = Callable[..., Workbook]


@cache
def shipped_blank(form: str) -> Workbook:
    """The form of the shipped plan, of which nothing is known: drawn and opened once for the tests, which only look."""
    return _made(plan(), form, NOTHING_KNOWN)


def _made(shipped: Plan, form: str, known: Known) -> Workbook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{form}.xlsx"
        unit = shipped.unit_by_code["SCT"]
        write_blank(shipped, shipped.forms[form], unit, Period.parse(FORMS[form]), known, path)
        return load_workbook(path)


@pytest.fixture
def blank() -> MakeBlank:
    """Writes a unit's blank form and opens it again."""

    def make(form: str = "thang", known: Known = NOTHING_KNOWN, **changes: Any) -> Workbook:
        if known is NOTHING_KNOWN and not changes:
            return shipped_blank(form)
        fields = {name: getattr(plan(), name) for name in Plan.model_fields}
        return _made(Plan.model_validate(fields | changes), form, known)

    return make


def validations_at(book: Workbook, sheet: str, cell: Cell) -> list[DataValidation]:
    return [rule for rule in book[sheet].data_validations.dataValidation if cell.coordinate in rule.sqref]


def coded_sheets(form: Form) -> list[Sheet]:
    return [sheet for sheet in form.sheets if sheet.rows is not Rows.FREE]


@pytest.mark.parametrize("key", FORMS)
def test_every_form_has_its_sheets_headers_and_codes(blank: MakeBlank, key: str) -> None:
    form, book = plan().forms[key], blank(key)
    sheets = [form.info.name, *(sheet.name for sheet in form.sheets)]
    assert book.sheetnames == [form.guide_title, *sheets, form.self_check_title]
    assert book.active.title == form.guide_title
    for sheet in form.sheets:
        headers = [cell.value for cell in book[sheet.name][HEADER_ROW]]
        assert headers == [column.header for column in sheet.columns]
    for sheet in coded_sheets(form):
        assert tuple(row_numbers(book[sheet.name], sheet)) == plan().row_codes(sheet.rows)


def test_the_monthly_form_has_35_figures_and_15_tasks(blank: MakeBlank) -> None:
    form, book = plan().forms["thang"], blank()
    assert len(row_numbers(book["Chỉ tiêu"], form.sheet("figures"))) == 35
    assert len(row_numbers(book["Nhiệm vụ"], form.sheet("tasks"))) == 15


@pytest.mark.parametrize("key", FORMS)
def test_headings_stand_beside_the_code_column(blank: MakeBlank, key: str) -> None:
    book = blank(key)
    for sheet in coded_sheets(plan().forms[key]):
        headings = [line for line in lines_of(plan(), sheet) if line.heading]
        assert headings
        for line in headings:
            texts = [cell.value for cell in book[sheet.name][line.row]]
            assert [text for text in texts if text] == [line.heading]
            assert book[sheet.name][f"{code_letter(sheet)}{line.row}"].value is None


def test_information_is_given_and_locked_where_known(blank: MakeBlank) -> None:
    book = blank(known=Known(token="AB12-CD34"))
    given = {
        "Mã biểu mẫu": "BC-THANG/1",
        "Kế hoạch": plan().title,
        "Mã đơn vị": "SCT",
        "Đơn vị": "Sở Công Thương",
        "Kỳ báo cáo": "10/2022",
        "Mã nộp": "AB12-CD34",
    }
    for label, value in given.items():
        cell = cell_of(book, "Thông tin", "", label)
        assert (cell.coordinate[0], cell.value, cell.protection.locked) == ("B", value, True)
    for label in ("Ngày chốt số liệu", "Người lập biểu", "Lãnh đạo phê duyệt", "Ngày phê duyệt"):
        cell = cell_of(book, "Thông tin", "", label)
        assert (cell.value, cell.protection.locked) == (None, False)


def test_ratio_is_a_formula_that_survives_empty_cells(blank: MakeBlank) -> None:
    cell = cell_of(blank(), "Chỉ tiêu", "A1", "Tỷ lệ (%)")
    assert cell.value == '=IF(AND(ISNUMBER(D8),N(E8)>0),ROUND(D8/E8*100,2),"")'
    assert cell.data_type == "f"
    assert cell.protection.locked


def test_given_cells_are_locked_and_typed_ones_are_not(blank: MakeBlank) -> None:
    book = blank()
    for name in book.sheetnames:
        assert book[name].protection.sheet
        assert book[name].protection.password is None
        assert not book[name].protection.formatColumns
    for header in ("Mã", "Chỉ tiêu", "Mục tiêu (%)", "Tỷ lệ (%)", "Kỳ trước (%)"):
        assert cell_of(book, "Chỉ tiêu", "B2", header).protection.locked
    for header in ("Tử số", "Mẫu số", "Minh chứng", "Ghi chú"):
        assert not cell_of(book, "Chỉ tiêu", "B2", header).protection.locked
    for header in ("Chủ trì", "Trạng thái", "Ngày hoàn thành"):
        assert not cell_of(book, "Nhiệm vụ", "III.1.1", header).protection.locked


@pytest.mark.parametrize("code", ["A4", "B8"])
def test_separate_headlines_are_hatched_and_locked(blank: MakeBlank, code: str) -> None:
    book = blank(known=Known(previous_pct={code: 50.0}))
    for header in ("Tử số", "Mẫu số", "Tỷ lệ (%)"):
        cell = cell_of(book, "Chỉ tiêu", code, header)
        assert (cell.value, cell.protection.locked, cell.fill.patternType) == (None, True, "lightUp")
        assert cell.border.diagonalUp  # LibreOffice shows no hatching
    component = cell_of(book, "Chỉ tiêu", f"{code}.1", "Tử số")
    assert (component.protection.locked, component.fill.patternType) == (False, "solid")


def test_components_are_indented_under_their_headline(blank: MakeBlank) -> None:
    book = blank()
    headline, component = (cell_of(book, "Chỉ tiêu", code, "Chỉ tiêu") for code in ("A2", "A2.1"))
    assert component.alignment.indent > headline.alignment.indent
    assert (headline.font.b, component.font.b) == (True, False)


@pytest.mark.parametrize(
    ("form", "sheet", "code", "header", "kind", "formula", "style"),
    [
        ("thang", "Chỉ tiêu", "A1", "Tử số", "whole", "0", "stop"),
        ("thang", "Chỉ tiêu", "C2.3", "Mẫu số", "whole", "0", "stop"),
        ("thang", "Nhiệm vụ", "III.1.1", "Tiến độ (%)", "decimal", "0", "stop"),
        ("thang", "Nhiệm vụ", "III.4.3", "Ngày hoàn thành", "date", "36526", "warning"),
        (
            "thang",
            "Nhiệm vụ",
            "III.1.1",
            "Trạng thái",
            "list",
            '"Chưa triển khai,Đang triển khai,Hoàn thành,Không phát sinh"',
            "stop",
        ),
        ("thang", "Khó khăn, kiến nghị", "1", "Vượt thẩm quyền", "list", '"x"', "stop"),
        ("phan-cong", "Dự toán", "30", "Số tiền (triệu đồng)", "decimal", "0", "stop"),
        ("tong-ket", "Tự đánh giá", "C2", "Kết quả", "list", '"Đạt,Chưa đạt,Không phát sinh"', "stop"),
    ],
)
def test_excel_checks_what_is_typed(
    blank: MakeBlank, form: str, sheet: str, code: str, header: str, kind: str, formula: str, style: str
) -> None:
    book = blank(form)
    (rule,) = validations_at(book, sheet, cell_of(book, sheet, code, header))
    assert (rule.type, rule.formula1, rule.errorStyle or "stop") == (kind, formula, style)
    assert rule.showErrorMessage
    assert rule.error
    assert len(rule.error) <= 255


def test_prompts_say_what_to_count(blank: MakeBlank) -> None:
    book = blank()
    (rule,) = validations_at(book, "Chỉ tiêu", cell_of(book, "Chỉ tiêu", "B1", "Mẫu số"))
    assert rule.showInputMessage
    assert "Tổng số công chức của sở" in rule.prompt
    assert "Không phát sinh thì ghi 0" in rule.prompt
    for sheet in book.worksheets:
        assert all(len(each.prompt or "") <= 255 for each in sheet.data_validations.dataValidation)


def test_choices_that_excel_cannot_list_are_refused(blank: MakeBlank) -> None:
    form = plan().forms["thang"]
    tasks = form.sheet("tasks")
    columns = tuple(
        column.model_copy(update={"choices": ("Xong, đã duyệt",)}) if column.type is ColumnType.CHOICE else column
        for column in tasks.columns
    )
    changed = form.model_copy(update={"sheets": (tasks.model_copy(update={"columns": columns}),)})
    with pytest.raises(PlanError, match="Trạng thái"):
        blank(forms=plan().forms | {"thang": changed})


def test_previous_ratios_have_one_decimal_and_never_round_up_to_the_target(blank: MakeBlank) -> None:
    book = blank(known=Known(previous_pct={"A1": 99.96, "A3": 61.27, "B9": None}))
    shown = {code: cell_of(book, "Chỉ tiêu", code, "Kỳ trước (%)") for code in ("A1", "A3", "B9", "C1")}
    assert {code: cell.value for code, cell in shown.items()} == {"A1": 99.9, "A3": 61.3, "B9": None, "C1": None}
    assert shown["A1"].number_format == "0.0"


@pytest.mark.slow
def test_assignments_are_prefilled_and_stay_editable(blank: MakeBlank) -> None:
    due = date(2022, 12, 31)
    known = Known(assignments={"III.1.2": {"lead": "Văn phòng", "due_date": due, "product": "Quy chế"}})
    book = blank(known=known)
    lead, day, product = (cell_of(book, "Nhiệm vụ", "III.1.2", h) for h in ("Chủ trì", "Hạn hoàn thành", "Sản phẩm"))
    assert (lead.value, day.value.date(), product.value) == ("Văn phòng", due, "Quy chế")
    assert (lead.protection.locked, day.protection.locked) == (False, True)
    assert day.number_format == "dd/mm/yyyy"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "#N/A", "\tab\x0bc"])
def test_text_stays_text(blank: MakeBlank, text: str) -> None:
    cell = cell_of(blank(known=Known(assignments={"III.1.1": {"lead": text}})), "Nhiệm vụ", "III.1.1", "Chủ trì")
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x0b", "")
    assert cell.quotePrefix == (text[0] in "=+-@\t")


@pytest.mark.slow
def test_a_unit_name_cannot_make_a_formula_or_break_the_footer(blank: MakeBlank) -> None:
    unit = plan().unit_by_code["SCT"].model_copy(update={"name": "=Sở TT&TT"})
    others = tuple(other for other in plan().units if other.code != "SCT")
    book = blank(units=(*others, unit))
    assert cell_of(book, "Thông tin", "", "Đơn vị").data_type == "s"
    assert "TT&&TT" in (book["Chỉ tiêu"].oddFooter.left.text or "")


def test_only_ratios_and_the_self_check_are_formulas(blank: MakeBlank) -> None:
    for key in FORMS:
        form, book = plan().forms[key], blank(key)
        ratios = {
            f"{sheet.name}!{letters_of(sheet)[column.key]}"
            for sheet in form.sheets
            for column in sheet.columns
            if column.type is ColumnType.RATIO
        }
        formulas = {
            f"{sheet.title}!{cell.column_letter}"
            for sheet in book.worksheets
            if sheet.title != form.self_check_title
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        assert formulas == {*ratios, f"{form.info.name}!A", f"{form.guide_title}!A"}
        assert book[form.info.name]["A5"].data_type == book[form.guide_title]["A5"].data_type == "f"


@pytest.mark.parametrize("key", FORMS)
def test_sheets_print_on_a4(blank: MakeBlank, key: str) -> None:
    form, book = plan().forms[key], blank(key)
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert "&P" in sheet.oddFooter.right.text
    for table in form.sheets:
        sheet = book[table.name]
        assert sheet.page_setup.orientation == ("landscape" if table.landscape else "portrait")
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert sheet.freeze_panes.endswith(str(HEADER_ROW + 1))
    assert book[form.guide_title].page_setup.fitToHeight == 1


def test_rows_are_tall_enough_for_their_text_and_may_grow(blank: MakeBlank) -> None:
    tasks, sheet = blank()["Nhiệm vụ"], plan().forms["thang"].sheet("tasks")
    for code, row in row_numbers(tasks, sheet).items():
        entry = next(entry for entry in entries_of(plan(), Rows.TASKS) if entry.code == code)
        lines = lines_needed(entry.name, sheet.column("name").width)
        assert tasks.row_dimensions[row].height >= height(lines)


def test_first_heights_do_not_pin_the_rows(tmp_path: Path) -> None:
    from zipfile import ZipFile

    shipped, path = plan(), tmp_path / "blank.xlsx"
    form, unit = shipped.forms["thang"], shipped.unit_by_code["SCT"]
    write_blank(shipped, form, unit, Period(2022, 10), NOTHING_KNOWN, path)
    xml = ZipFile(path).read("xl/worksheets/sheet3.xml").decode()
    row = xml.split('<row r="8"')[1].split(">")[0]
    assert "ht=" in row
    assert 'customHeight="1"' not in row


def test_figures_below_target_turn_amber(blank: MakeBlank) -> None:
    rules = {
        str(area.sqref): [rule.formula[0] for rule in found]
        for area, found in blank()["Chỉ tiêu"].conditional_formatting._cf_rules.items()
    }
    ratio = next(formulas for area, formulas in rules.items() if area.startswith("F8"))
    note = next(area for area in rules if area.startswith("I8"))
    assert ratio == ["AND(ISNUMBER($D8),N($E8)>0,$D8*100<$C8*$E8)"]
    book = blank()
    required = {cell_of(book, "Chỉ tiêu", code, "Ghi chú").coordinate for code in ("A1", "A2", "A4.1")}
    free = {cell_of(book, "Chỉ tiêu", code, "Ghi chú").coordinate for code in ("A2.1", "A4")}
    assert required <= set(note.split())
    assert not free & set(note.split())


@pytest.mark.slow
def test_the_same_inputs_give_the_same_cells(blank: MakeBlank) -> None:
    def cells(book: Workbook) -> list[tuple[str, str, object]]:
        return [(s.title, c.coordinate, c.value) for s in book.worksheets for row in s.iter_rows() for c in row]

    known = Known(previous_pct={"A1": 50.0}, token="T")
    assert cells(blank(known=known)) == cells(blank(known=known))
    assert cells(blank(known=known)) != cells(blank())


def test_properties_name_the_coordinator(blank: MakeBlank) -> None:
    properties = blank().properties
    assert properties.creator == "Sở Thông tin và Truyền thông"
    assert "Sở Công Thương" in properties.title


def test_proposals_are_named_so(blank: MakeBlank) -> None:
    texts = [cell.value for row in blank()["Chỉ tiêu"].iter_rows(max_row=4) for cell in row if cell.value]
    assert any("Biểu mẫu đề xuất, thay cho Phụ lục 2" in text for text in texts)
    assert "Kỳ báo cáo: tháng 10 năm 2022" in texts
