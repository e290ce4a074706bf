"""A verdict that rests on other units than this month's says so in its line: paper, mail, workbook, site."""

from io import BytesIO

from openpyxl import load_workbook
from support.reports.monthly import sample_report
from support.reports.values import OCTOBER, results, table
from support.workbooks.content import PLAN

from baocao.narrative.coverage import coverage_note, scope_note
from baocao.render.mail import render_mail
from baocao.render.papers import paper_of
from baocao.render.tables import figure_table
from baocao.render.xlsx.monthly import monthly_book

NAMES = {unit.code: unit.name for unit in PLAN.units}
REPORT = sample_report("2022-10", missing=["SNV"])
STOCK, FLOW = "gồm số liệu 09/2022 của Sở Nội vụ", "chưa gồm Sở Nội vụ"


def test_on_paper_and_in_the_workbook() -> None:
    rows = {row["ma"]: row["ket_qua"] for row in figure_table(REPORT).rows if "ma" in row}
    sheet = load_workbook(BytesIO(monthly_book(REPORT).save()))["Tổng hợp"]
    header = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Mã")
    place = header.index("Phạm vi số liệu")
    scopes = {row[0]: row[place] for row in sheet.iter_rows(values_only=True)}
    for figure in REPORT.figures:
        noted = STOCK if figure.kind == "stock" else FLOW
        assert noted in rows[figure.code], figure.code
        assert noted in scopes[figure.code], figure.code


def test_in_the_mail() -> None:
    html = render_mail(paper_of(REPORT), {}).html
    assert html.count(STOCK) >= sum(one.kind == "stock" for one in REPORT.headlines)
    assert html.count(FLOW) >= sum(one.kind == "flow" for one in REPORT.headlines)
    assert "chỉ tiêu đạt (chưa gồm Sở Nội vụ ở số trong kỳ)" in html


def test_nothing_is_said_where_all_reported() -> None:
    report = sample_report("2022-10")
    assert not [row for row in figure_table(report).rows if "(" in row.get("ket_qua", "")]
    assert [scope_note(one, NAMES) for one in report.figures if scope_note(one, NAMES)] == []


def test_many_units_are_counted() -> None:
    a3 = results(table("2022-10 SCT A3 1/2"), OCTOBER)["A3"]
    assert coverage_note(a3, NAMES) == "chưa gồm Sở Thông tin và Truyền thông và Sở Nội vụ"
    many = a3.model_copy(update={"absent": tuple(f"DV{n}" for n in range(12))})
    assert coverage_note(many, NAMES) == "chưa gồm 12 đơn vị"


def test_a_unit_that_is_back_moves_nothing() -> None:
    a3 = results(table("2022-09 SCT A3 10/20\n2022-10 SCT A3 10/20\n2022-10 SNV A3 0/20\n2022-10 STTTT A3 0/1"))["A3"]
    assert (a3.ratio_pct, a3.previous_ratio_pct, a3.change_points) == (10 * 100 / 41, 50, 0)
    assert scope_note(a3, NAMES) == "thay đổi chỉ tính các đơn vị có số liệu cả hai kỳ, từ 50% đến 50%"
