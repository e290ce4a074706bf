"""Every reading rule planted in a real workbook and found by name at its cell."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from support.workbooks.samples import Edit, cell_of, filled_workbook, plan

from baocao.domain.planned.form import Rows
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Content, Verdict, judge
from baocao.workbook.reading.reader import check_identity, read_workbook

INFO, FIGURES, TASKS, FREE = "Thông tin", "Chỉ tiêu", "Nhiệm vụ", "Khó khăn, kiến nghị"
NUMERATOR, RATIO, PROGRESS = "Tử số", "Tỷ lệ (%)", "Tiến độ (%)"


def header(book: Workbook, sheet: str, label: str) -> Cell:
    return next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == label)


@lru_cache
def clean_bytes(period: str) -> bytes:
    with TemporaryDirectory() as folder:
        return filled_workbook(Path(folder), period=period).read_bytes()


def read(tmp_path: Path, edit: Edit | None = None, period: str = "2022-10") -> Content:
    path = tmp_path / "form.xlsx"
    path.write_bytes(clean_bytes(period))
    if edit is not None:
        book = load_workbook(path)
        edit(book)
        book.save(path)
    return read_workbook(path, plan())


@dataclass(frozen=True)
class Plant:
    """A cell overwritten (the information sheet has no code), and the rule found there."""

    rule: str
    sheet: str
    code: str
    header: str
    value: object
    shown: str | None = None
    number_format: str | None = None

    def edit(self, book: Workbook) -> None:
        cell = cell_of(book, self.sheet, self.code, self.header)
        cell.value = self.value
        if self.number_format:
            cell.number_format = self.number_format


PLANTS = [
    Plant("not_a_number", FIGURES, "A1", NUMERATOR, "khoảng 20"),
    Plant("not_a_number", FIGURES, "A2.1", "Mẫu số", True, "TRUE"),
    Plant("not_a_number", FIGURES, "A2.1", "Mẫu số", date(2022, 10, 1), "01/10/2022"),
    Plant("ambiguous_number", FIGURES, "A1", NUMERATOR, "1,234"),
    Plant("ambiguous_number", TASKS, "III.1.1", PROGRESS, "1.234"),
    Plant("not_whole", FIGURES, "B1", "Mẫu số", 12.5, "12,5"),
    Plant("not_whole", FIGURES, "B1", "Mẫu số", "85.5"),
    Plant("not_a_date", TASKS, "III.1.1", "Ngày hoàn thành", "tháng 10"),
    Plant("not_a_date", TASKS, "III.1.1", "Hạn hoàn thành", 44852, "44852", "General"),
    Plant("not_a_date", INFO, "", "Ngày chốt số liệu", "18.10.2022"),
    Plant("not_in_list", TASKS, "III.2.1", "Trạng thái", "Đang làm"),
    Plant("cell_error", FIGURES, "A1", RATIO, "#DIV/0!"),
    Plant("cell_error", FIGURES, "C1", "Minh chứng", "#N/A"),
    Plant("cell_error", INFO, "", "Người lập biểu", "#REF!"),
    Plant("unit_mismatch", INFO, "", "Mã đơn vị", "SXD"),
    Plant("unit_mismatch", INFO, "", "Mã đơn vị", None),
    Plant("period_mismatch", INFO, "", "Kỳ báo cáo", "12/2023"),
    Plant("period_mismatch", INFO, "", "Kỳ báo cáo", "08/2022"),
    Plant("period_mismatch", INFO, "", "Kỳ báo cáo", "tháng mười"),
    Plant("form_unknown", INFO, "", "Mã biểu mẫu", "BC-QUY/1"),
    Plant("form_version", INFO, "", "Mã biểu mẫu", "BC-THANG/2"),
]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.rule}-{plant.header}-{plant.value}")
def test_planted_fault_is_found_by_name_at_its_cell(tmp_path: Path, plant: Plant) -> None:
    places: list[str] = []

    def edit(book: Workbook) -> None:
        plant.edit(book)
        places.append(cell_of(book, plant.sheet, plant.code, plant.header).coordinate)

    content = read(tmp_path, edit)
    [finding] = content.findings
    assert (finding.rule, finding.sheet, finding.cell) == (plant.rule, plant.sheet, places[0])
    assert finding.severity is Severity.CRITICAL
    assert finding.code == (plant.code or None)
    shown = plant.shown or plant.value
    if shown:
        assert finding.value == str(shown)
        assert str(shown) in finding.message
    assert finding.expected
    assert finding.expected in finding.message or plant.rule == "not_in_list"
    assert places[0] in finding.message or plant.rule == "form_unknown"
    assert judge(content.findings) is Verdict.REJECTED


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTS[:13], ids=lambda plant: f"{plant.rule}-{plant.header}-{plant.value}")
def test_a_cell_that_does_not_parse_is_empty_and_the_others_stay(tmp_path: Path, plant: Plant) -> None:
    clean, faulty = read(tmp_path), read(tmp_path, plant.edit)
    differing = []
    for key, table in clean.tables.items():
        for row, other in zip(table.rows, faulty.tables[key].rows, strict=True):
            differing += [
                (row.code, other.values[name]) for name in row.values if row.values[name] != other.values[name]
            ]
    assert all(value is None for _, value in differing)
    assert {code for code, _ in differing} <= {plant.code}


def found(content: Content, rule: str) -> list[Finding]:
    return [finding for finding in content.findings if finding.rule == rule]


def test_clean_workbooks_give_no_finding_and_every_row(tmp_path: Path) -> None:
    for period in ("2022-08", "2022-10", "2023-03"):
        content = read(tmp_path, period=period)
        assert content.findings == ()
        assert (content.unit, content.period) == ("SCT", Period.parse(period))
        form = plan().forms[content.form or ""]
        for sheet in form.sheets:
            codes = plan().row_codes(sheet.rows)
            table = content.tables[sheet.key]
            assert not codes or tuple(row.code for row in table.rows) == codes
            assert set(table.columns) == {column.key for column in sheet.columns}


def test_missing_sheet_column_and_row(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book[TASKS]
        header(book, FREE, "Kiến nghị").value = "Đề nghị"
        cell_of(book, FIGURES, "A3", "Mã").value = None

    content = read(tmp_path, edit)
    [sheet], [column], [row] = (found(content, rule) for rule in ("sheet_missing", "column_missing", "row_missing"))
    assert (sheet.sheet, sheet.cell, sheet.expected) == (TASKS, None, TASKS)
    assert (column.sheet, column.expected) == (FREE, "Kiến nghị")
    assert column.value == "Đề nghị"
    assert f"“Kiến nghị” vào ô tiêu đề {column.cell}" in column.message
    assert (row.sheet, row.code, row.expected) == (FIGURES, "A3", "A3")
    before = [other.number for other in content.tables["figures"].rows if other.code == "A2.3" or other.code == "A2.2"]
    assert row.cell == f"A{max(before) + 1}"
    assert "A3" in {other.code for other in content.tables["figures"].rows}
    assert len(content.findings) == 3
    assert "tasks" not in content.tables


def test_a_column_of_codes_is_known_by_what_it_holds(tmp_path: Path) -> None:
    content = read(tmp_path, lambda book: setattr(header(book, FIGURES, "Mã"), "value", "Số hiệu"))
    [finding] = content.findings
    assert finding.rule == "column_missing"
    assert "“Mã” vào ô tiêu đề A" in finding.message
    assert tuple(row.code for row in content.tables["figures"].rows) == plan().row_codes(Rows.FIGURES)


def test_an_empty_sheet_misses_its_columns(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        del book[TASKS]
        book.create_sheet(TASKS)

    content = read(tmp_path, edit)
    [missing] = found(content, "column_missing")
    assert missing.expected == ", ".join(c.header for c in plan().forms["thang"].sheet("tasks").columns)
    assert missing.cell is None


def test_duplicate_row_is_found_at_the_second_and_the_first_counts(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        cell_of(book, FIGURES, "B2", "Mã").value = " b1 "

    content = read(tmp_path, edit)
    clean = read(tmp_path)
    [twice] = content.findings
    rows = {row.code: row for row in content.tables["figures"].rows}
    assert twice.code == "B1"
    assert f"A{rows['B1'].number}" in twice.message
    assert "mã đúng của dòng này là “B2”" in twice.message
    assert rows["B1"].values == {row.code: row for row in clean.tables["figures"].rows}["B1"].values


def test_unknown_row_is_a_warning_and_headings_and_notes_are_none(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[TASKS]
        last = sheet.max_row
        sheet.cell(last + 1, 1, "III.9.9")
        sheet.cell(last + 1, 2, "Nhiệm vụ tự thêm")
        sheet.cell(last + 3, 1, "Người lập biểu ký tên")

    content = read(tmp_path, edit)
    [finding] = content.findings
    assert (finding.rule, finding.severity, finding.value) == ("row_unknown", Severity.WARNING, "III.9.9")
    assert judge(content.findings) is Verdict.ACCEPTED
    assert len(content.tables["tasks"].rows) == len(plan().unit_tasks)


def test_an_error_in_the_code_column_is_found(tmp_path: Path) -> None:
    content = read(tmp_path, lambda book: setattr(cell_of(book, FIGURES, "C2.3", "Mã"), "value", "#N/A"))
    assert {finding.rule for finding in content.findings} == {"cell_error"}


def test_legacy_font_is_a_warning_at_the_first_text_of_each_sheet(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for code in ("A2", "B1"):
            cell = cell_of(book, FIGURES, code, "Ghi chú")
            cell.value, cell.font = "ViÖc", Font(name=".VnTime")
        cell_of(book, FIGURES, "A1", NUMERATOR).font = Font(name="VNI-Times")

    content = read(tmp_path, edit)
    [finding] = content.findings
    rows = {row.code: row.number for row in content.tables["figures"].rows}
    assert (finding.rule, finding.severity, finding.value) == ("legacy_font", Severity.WARNING, ".VnTime")
    assert finding.cell == f"I{rows['A2']}"


def test_free_rows_with_any_text_are_kept_and_wholly_empty_ones_are_not(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book[FREE]
        top = header(book, FREE, "STT").row
        for number in range(1, 9):
            sheet.cell(top + number, 1, number)
            for column in range(2, 7):
                sheet.cell(top + number, column).value = "Có" if (number, column) == (1, 2) else None
        sheet.cell(top + 4, 4, "Chỉ có kiến nghị")
        sheet.cell(top + 6, 6, "đúng")

    content = read(tmp_path, edit)
    rows = content.tables["difficulties"].rows
    assert [row.values["ordinal"] for row in rows] == ["1", "4", "6"]
    [finding] = content.findings
    assert (finding.rule, finding.cell, finding.value) == ("not_in_list", f"F{rows[2].number}", "đúng")
    assert rows[2].values["is_beyond_authority"] is None


def test_a_workbook_that_is_none_of_ours_is_an_unknown_form(tmp_path: Path) -> None:
    book, path = Workbook(), tmp_path / "khác.xlsx"
    book.active["A1"] = "Sổ tay"
    book.save(path)
    content = read_workbook(path, plan())
    assert {finding.rule for finding in content.findings} == {"form_unknown", "sheet_missing"}
    assert content.form is content.unit is content.period is None


def test_another_version_keeps_the_identity_and_reads_no_table(tmp_path: Path) -> None:
    content = read(tmp_path, PLANTS[-1].edit)
    assert (content.form, content.unit, content.period) == ("thang", "SCT", Period(2022, 10))
    assert content.tables == {}


@pytest.mark.parametrize("value", ["10/2022", "2022-10", "Tháng 10/2022", date(2022, 10, 1)])
def test_the_period_may_be_text_or_the_date_that_excel_makes_of_it(tmp_path: Path, value: object) -> None:
    content = read(tmp_path, lambda book: setattr(cell_of(book, INFO, "", "Kỳ báo cáo"), "value", value))
    assert content.period == Period(2022, 10)
    assert content.findings == ()


def test_hints_beside_an_empty_value_are_not_taken_for_it(tmp_path: Path) -> None:
    content = read(tmp_path, lambda book: setattr(cell_of(book, INFO, "", "Người lập biểu"), "value", None))
    assert content.info["prepared_by"] is None
    assert content.info_cells["prepared_by"].startswith("B")
    assert content.findings == ()


def test_a_missing_required_line_is_a_missing_row(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        value = cell_of(book, INFO, "", "Người lập biểu")
        book[INFO].cell(value.row, value.column - 1).value = "Ai lập?"

    [finding] = read(tmp_path, edit).findings
    assert (finding.rule, finding.sheet, finding.expected) == ("row_missing", INFO, "Người lập biểu")


def test_identity_that_the_intake_knows_better(tmp_path: Path) -> None:
    content = read(tmp_path)
    assert check_identity(content, "SCT", Period(2022, 10)) == ()
    assert check_identity(content, None, None) == ()
    unit, period = check_identity(content, "SNV", Period(2022, 11))
    assert (unit.rule, unit.sheet, unit.cell, unit.value, unit.expected) == (
        "unit_mismatch", INFO, content.info_cells["unit"], "SCT", "SNV",
    )  # fmt: skip
    assert (period.rule, period.cell, period.value) == ("period_mismatch", content.info_cells["period"], "10/2022")
    assert period.expected == "11/2022"


def test_percent_formats_matter_only_where_they_are(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        for code, value, number_format in (
            ("III.1.1", 0.855, "0%"),
            ("III.1.2", 0.5, "0.0"),
            ("III.1.3", 85.5, "0.0"),
            ("III.2.1", "85,5%", "@"),
            ("III.2.2", 1, '0.00"%"'),
        ):
            cell = cell_of(book, TASKS, code, PROGRESS)
            cell.value, cell.number_format = value, number_format

    rows = {row.code: row.values["progress_pct"] for row in read(tmp_path, edit).tables["tasks"].rows}
    assert [rows[code] for code in ("III.1.1", "III.1.2", "III.1.3", "III.2.1", "III.2.2")] == [
        85.5,
        0.5,
        85.5,
        85.5,
        1,
    ]


def test_formulas_never_calculated_are_empty(tmp_path: Path) -> None:
    content = read(tmp_path, lambda book: setattr(cell_of(book, FIGURES, "A1", RATIO), "value", "=1/2"))
    [row] = [row for row in content.tables["figures"].rows if row.code == "A1"]
    assert row.values["ratio_pct"] is None
    assert content.findings == ()
