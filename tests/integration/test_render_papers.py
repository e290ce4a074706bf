"""The assignment report and the final assessment as files: same head, all that was said, nothing that runs."""

import re
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook
from support.reports.monthly import sample_report
from support.reports.papers import UNITS, Ending, assigned, assignment_report, final_assessment

from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.forecast import Outlook
from baocao.domain.reported.progress import ForecastRow
from baocao.render.files import render_all
from baocao.render.mail import render_mail
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf
from baocao.render.word import render_docx
from baocao.render.word.tables import roman

NASTY = "=1+1 {{ 7*7 }} <b>&amp; {%p if x %}"
MONTH = sample_report()


def _assignment() -> AssignmentReport:
    rows = assigned("SCT", without={"A1": "lead"})
    rows[1]["lead"] = NASTY
    money = [{"unit": "SCT", "task": "III.1.3", "amount_mil_vnd": 1234.5, "source": NASTY, "purpose": NASTY}]
    return assignment_report(rows, money)


def _final() -> FinalAssessment:
    counts = {figure.code: (90.0, 100.0) for figure in MONTH.figures if figure.numerator is not None}
    claims = {"A1": {"result": "Chưa đạt", "cause": NASTY, "lesson": NASTY, "proposal": "Bỏ"}}
    return final_assessment({unit: Ending(counts, claims) for unit in UNITS[:2]})


ASSIGNMENT, FINAL = _assignment(), _final()
PAPERS: dict[str, AssignmentReport | FinalAssessment] = {"phan-cong": ASSIGNMENT, "tong-ket": FINAL}


@pytest.fixture(scope="module", params=PAPERS)
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Path]:
    """Each report with the folder of its files."""
    folder = tmp_path_factory.mktemp(request.param) / "v1"
    render_all(paper_of(PAPERS[request.param]), folder, {"kem-theo/a.txt": b"a"})
    return PAPERS[request.param], folder


def words_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pdf_words(content: bytes) -> str:
    with pdfplumber.open(BytesIO(content)) as pdf:
        return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_files_of_each_kind(rendered: tuple[Document, Path]) -> None:
    report, folder = rendered
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    whole = {"bao-cao.docx", "bao-cao.pdf", "so-lieu.xlsx", "thu.html", "kem-theo/a.txt"}
    charts = {f"bieu-do/{name}.png" for name in ("chi-tieu", "don-vi", "thoi-han")}
    own = {"du-toan.xlsx"} if isinstance(report, AssignmentReport) else charts

    assert names == whole | own


def test_the_word_document_says_the_whole_story(rendered: tuple[Document, Path]) -> None:
    report, folder = rendered
    words, story = words_of(folder / "bao-cao.docx"), paper_of(report).story

    for section in story.sections:
        assert section.title in words
        for paragraph in section.paragraphs:
            assert paragraph in words
    for number, annex in enumerate(paper_of(report).annexes, start=1):
        assert f"Phụ lục {roman(number)}\n{annex.title}" in words


def test_the_head_and_the_foot_are_those_of_the_monthly_report(rendered: tuple[Document, Path]) -> None:
    report, folder = rendered
    mine, month = Document(str(folder / "bao-cao.docx")), Document(BytesIO(render_docx(paper_of(MONTH), {})))
    head, foot = mine.tables[0], next(table for table in mine.tables if "Nơi nhận:" in table.cell(0, 0).text)

    assert head.cell(0, 0).text == month.tables[0].cell(0, 0).text
    assert report.issuer.name in head.cell(0, 0).text
    assert head.cell(0, 1).text == month.tables[0].cell(0, 1).text
    assert report.issuer.signer_title in foot.cell(0, 1).text
    assert [section.orientation for section in mine.sections][:2] == [0, 1]


@pytest.mark.slow
def test_the_pdf_says_it_too(rendered: tuple[Document, Path]) -> None:
    report, _ = rendered
    words = pdf_words(render_pdf(paper_of(report), {}))

    for section in paper_of(report).story.sections:
        assert section.title in words
    for number, annex in enumerate(paper_of(report).annexes, start=1):
        assert f"Phụ lục {roman(number)} {annex.title}" in words


@pytest.mark.slow
def test_what_a_unit_typed_is_never_run(rendered: tuple[Document, Path]) -> None:
    report, folder = rendered
    body = render_mail(paper_of(report), {})
    book = load_workbook(folder / "so-lieu.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert NASTY in words_of(folder / "bao-cao.docx")
    assert "{{ 7*7 }}" in pdf_words(render_pdf(paper_of(report), {}))
    formulas = "\n".join(str(cell.value) for cell in cells if cell.data_type == "f")
    sums_and_ratios = {"COUNTIF", "EXACT", "IF", "MIN", "N", "ROUND", "SUM", "SUMIF", "SUMPRODUCT"}
    assert {*re.findall(r"[A-Z]+(?=\()", formulas)} <= sums_and_ratios
    assert not re.search(r"7\*7|<b>|1\+1", formulas)
    assert NASTY in [cell.value for cell in cells]
    assert "<b>&amp; " not in body.html


def test_amounts_are_numbers_in_the_budget_workbook(rendered: tuple[Document, Path]) -> None:
    report, folder = rendered
    if not isinstance(report, AssignmentReport):
        return
    sheet = load_workbook(folder / "du-toan.xlsx", data_only=True)["Dự toán theo nhiệm vụ"]
    (head, *rows) = sheet.iter_rows(min_row=4, values_only=True)

    assert head == ("Mã", "Nhiệm vụ", "Sở Công Thương", "Tổng (triệu đồng)")
    assert [row[2:] for row in rows] == [(1234.5, 1234.5), (1234.5, 1234.5)]
    assert rows[-1][1] == "Tổng cộng"


def test_the_mail_begins_with_the_key_figures(rendered: tuple[Document, Path]) -> None:
    report, _ = rendered
    body = render_mail(paper_of(report), {name: name for name in paper_of(report).mail_charts})

    assert body.text.startswith(paper_of(report).story.headline)
    assert body.html.count("cid:") == len(paper_of(report).mail_charts)
    for value, label in paper_of(report).key_figures:
        assert value in body.html
        assert label in body.html


def test_the_same_report_gives_the_same_pdf() -> None:
    paper = paper_of(ASSIGNMENT)

    assert render_pdf(paper, {}) == render_pdf(paper, {})


@pytest.mark.slow
@pytest.mark.parametrize("report", [assignment_report([]), final_assessment({})], ids=["phan-cong", "tong-ket"])
def test_nothing_reported_is_said_in_every_format(report: AssignmentReport | FinalAssessment, tmp_path: Path) -> None:
    render_all(paper_of(report), tmp_path / "v1")

    assert "chưa nộp" in pdf_words((tmp_path / "v1" / "bao-cao.pdf").read_bytes())
    assert "chưa nộp" in words_of(tmp_path / "v1" / "bao-cao.docx")


@pytest.mark.slow
def test_a_heading_without_rows_is_drawn_first_between_and_last() -> None:
    report = assignment_report([*assigned("SCT")])  # STTTT before and SNV after it have sent nothing
    words = pdf_words(render_pdf(paper_of(report), {}))

    assert "Sở Thông tin và Truyền thông: chưa nộp, chưa có phân công" in words
    assert "Sở Nội vụ: chưa nộp, chưa có phân công" in words


def test_a_word_file_without_charts_ends_on_its_landscape_pages() -> None:
    document = Document(BytesIO(render_docx(paper_of(ASSIGNMENT), {})))

    assert [section.orientation for section in document.sections] == [0, 1]


@pytest.mark.slow
def test_a_month_prints_where_each_ratio_leads() -> None:
    row = ForecastRow(
        unit=None,
        code="A3",
        target_pct=60,
        expected_pct=66.25,
        lowest_pct=58.5,
        highest_pct=71,
        outlook=Outlook.UNCERTAIN,
    )
    report = MONTH.model_copy(update={"forecasts": (row,)})
    document = Document(BytesIO(render_docx(paper_of(report), {})))
    table = next(table for table in document.tables if "Khoảng dự báo" in [cell.text for cell in table.rows[0].cells])
    words = pdf_words(render_pdf(paper_of(report), {}))

    assert [cell.text for cell in table.rows[1].cells][4:] == ["66,3%", "58,5% đến 71%", "Chưa chắc đạt"]
    assert "Dự báo đến 28/02/2023 nếu giữ đà hiện nay (để tham khảo):" in words
    assert "58,5% đến 71%" in words


def test_a_month_without_a_forecast_has_no_empty_table() -> None:
    document = Document(BytesIO(render_docx(paper_of(MONTH.model_copy(update={"forecasts": ()})), {})))

    assert not [table for table in document.tables if "Khoảng dự báo" in [cell.text for cell in table.rows[0].cells]]


@pytest.mark.parametrize(("number", "text"), [(1, "I"), (4, "IV"), (8, "VIII"), (9, "IX"), (14, "XIV")])
def test_annexes_are_numbered_in_roman(number: int, text: str) -> None:
    assert roman(number) == text
