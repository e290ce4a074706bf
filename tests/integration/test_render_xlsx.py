"""«so-lieu.xlsx»: what stands in it, read back; text that stays text; LibreOffice opens it."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.reports.lived import lived_report
from support.reports.monthly import ninh_binh, sample_report, with_units
from support.reports.papers import UNITS, Ending, assigned, assignment_report, final_assessment
from support.workbooks.office import saved_by_libreoffice
from support.workbooks.standing_office import standing_office

from baocao.domain.reported.report import Report
from baocao.render.papers import paper_of
from baocao.render.xlsx.monthly import monthly_book
from baocao.render.xlsx.style import Percent

REPORT = sample_report("2022-12", late=["SCT"], rejected=["SNV"], not_occurred=["A3"], version=2)
HEADER = 4


@pytest.fixture(scope="module")
def content() -> bytes:
    return monthly_book(REPORT).save()


@pytest.fixture(scope="module")
def workbook(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content), data_only=True)


def rows(workbook: Any, name: str) -> list[dict[str, Any]]:
    """A sheet's data rows by their headers."""
    sheet = workbook[name]
    headers = next(sheet.iter_rows(min_row=HEADER, max_row=HEADER, values_only=True))
    return [dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(min_row=HEADER + 1, values_only=True)]


def test_sheets_are_named_for_people(workbook: Any) -> None:
    assert workbook.sheetnames == [
        "Đọc thế nào",
        "Tổng hợp",
        "Biểu đồ",
        "Theo đơn vị",
        "Nhiệm vụ",
        "Dự báo",
        "Khó khăn, kiến nghị",
        "Kết quả kiểm tra",
        "Tình hình nộp",
        "Đính chính",
    ]


def test_the_guide_calls_the_plans_time_by_its_name() -> None:
    guide = openpyxl.load_workbook(BytesIO(monthly_book(REPORT.model_copy(update={"phase": "đợt nhân rộng"})).save()))
    said = {row[0]: row[1] for row in guide["Đọc thế nào"].iter_rows(values_only=True)}
    assert "khi kết thúc đợt nhân rộng" in said["Dự báo"]


def test_no_correction_sheet_in_a_first_version() -> None:
    assert "Đính chính" not in openpyxl.load_workbook(BytesIO(monthly_book(sample_report()).save())).sheetnames


def test_totals_are_the_reports(workbook: Any) -> None:
    found = {row["Mã"]: row for row in rows(workbook, "Tổng hợp")}
    assert list(found) == [figure.code for figure in REPORT.figures]
    for figure in REPORT.figures:
        row = found[figure.code]
        assert row["Tử số"] == figure.numerator
        assert row["Mẫu số"] == figure.denominator
        assert row["Mục tiêu"] == figure.target_pct / 100
        expected = None if figure.ratio_pct is None else figure.ratio_pct / 100
        assert row["Tỷ lệ"] == (None if expected is None else pytest.approx(expected, abs=1e-12))
    assert found["A3"]["Kết quả"] == "Không phát sinh"
    assert found["A4"]["Tỷ lệ"] is None


def test_every_figure_of_every_unit_is_there(workbook: Any) -> None:
    found = {(row["Đơn vị"], row["Mã"]): row for row in rows(workbook, "Theo đơn vị")}
    typed = [figure for figure in REPORT.unit_figures if figure.code not in ("A4", "B8")]
    assert len(found) == len(typed)
    for figure in typed:
        row = found[REPORT.unit_name(figure.unit), figure.code]
        assert (row["Tử số"], row["Mẫu số"]) == (figure.numerator, figure.denominator)
        assert (row["Ghi chú"] or "") == figure.note


def test_forecasts(workbook: Any) -> None:
    found = {row["Mã"]: row for row in rows(workbook, "Dự báo")}
    assert set(found) == {row.code for row in REPORT.forecasts}
    assert found["B6"]["Nhận định"] == "Chưa chắc đạt"


@pytest.mark.slow
def test_many_units_get_a_row_each() -> None:
    plan = with_units(ninh_binh(), 201)
    report = sample_report(plan=plan)
    content = monthly_book(report).save()
    sums = rows(openpyxl.load_workbook(BytesIO(content), read_only=True), "Tổng hợp")
    assert sums[0]["Tử số"] == "=SUM('Tử số, mẫu số'!B$5:B$205)"
    loaded = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    assert "Theo đơn vị" not in loaded.sheetnames
    ratios = {row["Đơn vị"]: row for row in rows(loaded, "Tỷ lệ từng đơn vị")}
    counts = {row["Đơn vị"]: row for row in rows(loaded, "Tử số, mẫu số")}
    remarks = {row["Đơn vị"]: row for row in rows(loaded, "Minh chứng, ghi chú")}
    tasks = rows(loaded, "Nhiệm vụ")
    assert len(ratios) == len(counts) == len(remarks) == len(tasks) == 201
    names = {figure.code: figure.name for figure in report.figures}
    for figure in (one for one in report.unit_figures if one.code not in ("A4", "B8")):
        remark = remarks[report.unit_name(figure.unit)][f"{figure.code} {names[figure.code]}"] or ""
        assert remark == figure.evidence + (f"Ghi chú: {figure.note}" if figure.note else "")
    for figure in report.unit_figures[:400]:
        if figure.denominator is not None:
            unit = report.unit_name(figure.unit)
            assert counts[unit][f"{figure.code} mẫu số"] == figure.denominator
            ratio = ratios[unit][f"{figure.code} {names[figure.code]}"]
            assert ratio == pytest.approx((figure.ratio_pct or 0) / 100)


def test_tasks_difficulties_findings_standings(workbook: Any) -> None:
    assert len(rows(workbook, "Nhiệm vụ")) == len(REPORT.tasks)
    assert rows(workbook, "Khó khăn, kiến nghị")[0]["Vượt thẩm quyền"] == "x"
    assert rows(workbook, "Kết quả kiểm tra")[0]["Mức độ"] == "Lỗi"
    board = {row["Đơn vị"]: row for row in rows(workbook, "Tình hình nộp")}
    assert board["Sở Nội vụ"]["Trạng thái"] == "Bị trả lại"
    assert board["Sở Công Thương"]["Thời hạn"] == "Quá hạn"
    assert board["Sở Công Thương"]["Thời điểm nhận"].strftime("%d/%m/%Y %H:%M") == "21/12/2022 09:12"
    assert rows(workbook, "Đính chính")[0]["Nay là"] == "52,4%"


@pytest.mark.parametrize("name", ["Tổng hợp", "Theo đơn vị", "Nhiệm vụ", "Tình hình nộp"])
def test_header_stays_in_sight_filters_and_prints_on_a4(workbook: Any, name: str) -> None:
    sheet = workbook[name]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref.startswith("A4:")
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area.endswith(f"${sheet.max_row}")


def test_number_formats(workbook: Any) -> None:
    sheet = workbook["Tổng hợp"]
    by_header = {cell.value: sheet.cell(HEADER + 1, cell.column) for cell in sheet[HEADER]}
    assert by_header["Tỷ lệ"].number_format == "0.0%"
    assert by_header["Tử số"].number_format == "#,##0"
    assert by_header["Mã"].number_format == "@"


@pytest.mark.parametrize(
    ("ratio", "target", "expected"),
    [
        (85.5, 100, "0.0%"),
        (99.96, 100, "0.00%"),
        (99.95, 60, "0.00%"),  # 9995/10000 is not all, whatever its target
        (57.0, 57, "0.0%"),
        (99.99996, 100, "0.00000%"),
        (100.0, 100, "0.0%"),
        (59.99, 60, "0.00%"),
    ],
)
def test_a_ratio_below_its_target_never_shows_as_the_target(ratio: float, target: float, expected: str) -> None:
    percent = Percent(ratio, target)
    assert percent.number_format == expected
    shown = f"{ratio:.{expected.count('0') - 1}f}"
    assert (float(shown) >= target) is (ratio >= target)


def test_native_charts_and_colours(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        totals = package.read("xl/worksheets/sheet2.xml").decode()
    assert len(charts) == 3
    assert "<conditionalFormatting" in totals
    assert "dataBar" in totals


@pytest.mark.slow
@pytest.mark.parametrize("text", ["=1+1", "+84 229", "-3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "a\x00b\x0bc"])
def test_text_from_units_is_never_a_formula(text: str) -> None:
    item = REPORT.difficulties[0].model_copy(update={"difficulty": text})
    figure = REPORT.unit_figures[0]._replace(note=text)
    report = REPORT.model_copy(update={"difficulties": (item,), "unit_figures": (figure,)})
    content = monthly_book(report).save()
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                formulas = re.findall(r"<f>(.*?)</f>", package.read(name).decode())
                assert not [one for one in formulas if not re.match(r"IF\(|SUM|[FG]\d+(\+|$)", one)]
    loaded = openpyxl.load_workbook(BytesIO(content))
    cell = loaded["Khó khăn, kiến nghị"]["B5"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip().replace("\x00", "").replace("\x0b", "")


def empty(report: Report) -> Report:
    """A month in which nothing came in."""
    nothing: dict[str, Any] = {"unit_figures": (), "tasks": (), "difficulties": (), "findings": (), "trend": ()}
    return report.model_copy(update=nothing | {"timeliness": ()})


def test_an_empty_month_says_so() -> None:
    report = empty(sample_report(missing=["STTTT", "SCT", "SNV"]))
    loaded = openpyxl.load_workbook(BytesIO(monthly_book(report).save()))
    assert loaded["Theo đơn vị"]["A5"].value == "Chưa có đơn vị nào có báo cáo được chấp nhận."
    assert loaded["Khó khăn, kiến nghị"]["A5"].value == "Không có khó khăn, kiến nghị."


def live(content: bytes) -> dict[tuple[str, str], tuple[str, Any]]:
    """Every formula of a workbook by its place, with the value that is kept beside it."""
    formulas, values = (openpyxl.load_workbook(BytesIO(content), data_only=shown) for shown in (False, True))
    return {
        (sheet.title, cell.coordinate): (cell.value, values[sheet.title][cell.coordinate].value)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.slow
def test_totals_and_ratios_are_live_formulas_with_the_reports_values() -> None:
    """Where a silent unit's value counts on, it is added as it is; what has no ratio shows nothing."""
    report = lived_report("2022-11", away=[("SNV", "2022-11")])
    cells = live(paper_of(report).books["so-lieu.xlsx"]().save())
    for number, figure in enumerate(report.figures, start=HEADER + 1):
        if figure.numerator is not None:
            assert cells["Tổng hợp", f"F{number}"][1] == figure.numerator
            assert cells["Tổng hợp", f"H{number}"] == (
                f'=IF(G{number}=0,"",F{number}/G{number})',
                pytest.approx((figure.ratio_pct or 0) / 100),
            )
    assert cells["Tổng hợp", "F5"][0].endswith("'Theo đơn vị'!$E$5:$E$70)+164")
    assert cells["Theo đơn vị", "G5"][0] == '=IF(F5=0,"",E5/F5)'
    endings = {
        unit: Ending({one.code: (30.0, 40.0) for one in REPORT.figures if one.numerator is not None}) for unit in UNITS
    }
    ended = live(paper_of(final_assessment(endings)).books["so-lieu.xlsx"]().save())
    assert ended["Kết quả chung", "F5"] == ('=IF(E5=0,"",D5/E5)', 0.75)
    assert ended["Bảng kết quả", "Q5"] == ('=COUNTIF(B5:P5,"Đạt")', 1)
    assert ended["Chế độ báo cáo", "G5"][1] == pytest.approx(11.88)


@pytest.mark.slow
def test_libreoffice_opens_it_and_reads_the_same(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "so-lieu.xlsx").write_bytes(content)
    opened = saved_by_libreoffice(tmp_path / "so-lieu.xlsx", "ods")
    from python_calamine import load_workbook

    sheet = load_workbook(str(opened)).get_sheet_by_name("Tổng hợp").to_python()
    assert [row[0] for row in sheet[HEADER:]] == [figure.code for figure in REPORT.figures]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # LibreOffice writes data bars its own way
def test_libreoffice_calculates_what_stands_beside_each_formula_and_carries_a_change_through(tmp_path: Path) -> None:
    """Saved anew by openpyxl the workbooks hold no values: all that is read is LibreOffice's own."""
    month = paper_of(lived_report("2022-11", away=[("SNV", "2022-11")])).books["so-lieu.xlsx"]().save()
    money = [{"unit": "SCT", "task": "III.1.3", "amount_mil_vnd": 1234.5, "source": "Ngân sách tỉnh", "purpose": "Mua"}]
    budget = paper_of(assignment_report(assigned("SCT"), money)).books["du-toan.xlsx"]().save()
    contents = {"so-lieu": month, "du-toan": budget}
    for name, content in contents.items():
        book = openpyxl.load_workbook(BytesIO(content))
        book.save(tmp_path / f"{name}.xlsx")
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
            if cell.value == 1234.5:
                cell.value = 2000
        if name == "so-lieu":
            book["Theo đơn vị"]["E5"].value += 7
        book.save(tmp_path / f"{name}-doi.xlsx")
    sources = [tmp_path / f"{name}{changed}.xlsx" for name in contents for changed in ("", "-doi")]
    made = standing_office().convert(sources, "xlsx", tmp_path / "tinh")
    same, other, kept, dearer = (openpyxl.load_workbook(path, data_only=True) for path in made)
    for read, content in ((same, month), (kept, budget)):
        cells = live(content)
        assert cells
        for (sheet, place), (formula, value) in cells.items():
            found = read[sheet][place].value
            assert (found or "") == (
                pytest.approx(value) if isinstance(value, int | float) and value else value or ""
            ), (
                sheet,
                place,
                formula,
            )
    before, after = same["Tổng hợp"], other["Tổng hợp"]
    assert after["F5"].value == before["F5"].value + 7
    assert after["H5"].value == pytest.approx(after["F5"].value / after["G5"].value)
    assert dearer["Dự toán theo nhiệm vụ"].cell(dearer["Dự toán theo nhiệm vụ"].max_row, 4).value == 2000
