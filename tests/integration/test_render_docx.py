"""«bao-cao.docx»: the figures of Nghị định 30/2020/NĐ-CP, Phụ lục I, measured in the file; its words and tables."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from support.reports.monthly import ninh_binh, sample_report, with_units
from support.reports.words import paragraphs as paragraphs_of
from support.reports.words import told

from baocao.render.charts import render_charts
from baocao.render.papers import paper_of
from baocao.render.word import TEMPLATE, render_docx

REPORT = sample_report("2022-12", late=["SCT"], rejected=["SNV"], version=2)


@pytest.fixture(scope="module")
def document() -> Any:
    return Document(BytesIO(render_docx(paper_of(REPORT), render_charts(REPORT)[0])))


def paragraphs(document: Any) -> list[Any]:
    """Every paragraph of the body, those in tables too."""
    from docx.text.paragraph import Paragraph

    return [Paragraph(element, document) for element in document.element.body.iter(qn("w:p"))]


def find(document: Any, text: str) -> Any:
    return next(paragraph for paragraph in paragraphs(document) if paragraph.text.strip() == text)


def size_pt(document: Any, paragraph: Any) -> float:
    """The size in points of a paragraph's first run, through its style and the styles that it is based on."""
    run = next((run for run in paragraph.runs if run.text.strip()), None)
    if run is not None and run.font.size is not None:
        return float(run.font.size.pt)
    style = document.styles[paragraph.style.name]
    while style.font.size is None:
        style = style.base_style
    return float(style.font.size.pt)


def is_bold(document: Any, paragraph: Any) -> bool:
    run = next(run for run in paragraph.runs if run.text.strip())
    return bool(run.bold if run.bold is not None else document.styles[paragraph.style.name].font.bold)


def test_paper_and_margins(document: Any) -> None:
    for section in document.sections:
        sides = sorted((round(section.page_width.mm), round(section.page_height.mm)))
        assert sides == [210, 297]
        assert 20 <= section.top_margin.mm <= 25.1
        assert 20 <= section.bottom_margin.mm <= 25.1
        assert 29.9 <= section.left_margin.mm <= 35.1
        assert 14.9 <= section.right_margin.mm <= 20.1
    assert document.sections[0].page_width < document.sections[0].page_height
    assert document.sections[1].page_width > document.sections[1].page_height, "phụ lục in trang ngang"


def test_font_is_times_new_roman_everywhere(document: Any) -> None:
    names = {style.font.name for style in document.styles if getattr(style, "font", None) and style.font.name}
    assert names == {"Times New Roman"}
    runs = {run.font.name for paragraph in paragraphs(document) for run in paragraph.runs if run.font.name}
    assert runs <= {"Times New Roman"}


@pytest.mark.parametrize(
    ("text", "sizes", "bold", "italic"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), True, False),
        ("Độc lập - Tự do - Hạnh phúc", (13, 14), True, False),
        ("ỦY BAN NHÂN DÂN TỈNH NINH BÌNH", (12, 13), False, False),
        ("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", (12, 13), True, False),
        ("Số:        /BC-STTTT", (13, 13), False, False),
        ("Ninh Bình, ngày 24 tháng 12 năm 2022", (13, 14), False, True),
        ("BÁO CÁO", (13, 14), True, False),
        ("Kính gửi:", (13, 14), False, False),
        ("I. KẾT QUẢ THỰC HIỆN", (13, 14), True, False),
        ("GIÁM ĐỐC", (13, 14), True, False),
        ("Nơi nhận:", (12, 12), True, True),
        ("- Như trên;", (11, 11), False, False),
        ("- Lưu: VT.", (11, 11), False, False),
    ],
)
def test_parts_of_the_letterhead(document: Any, text: str, sizes: tuple[int, int], bold: bool, italic: bool) -> None:
    paragraph = find(document, text)
    assert sizes[0] <= size_pt(document, paragraph) <= sizes[1]
    assert is_bold(document, paragraph) is bold
    run = paragraph.runs[0]
    assert bool(run.italic if run.italic is not None else document.styles[paragraph.style.name].font.italic) is italic


def test_body_is_justified_and_indented(document: Any) -> None:
    body = [paragraph for paragraph in paragraphs(document) if paragraph.style.name == "BC Thân" and paragraph.text]
    assert len(body) > 15
    style = document.styles["BC Thân"].paragraph_format
    assert style.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert 10 <= style.first_line_indent.mm <= 12.75
    assert (style.space_before.pt if style.space_before else 0) + style.space_after.pt >= 6
    assert all(13 <= size_pt(document, paragraph) <= 14 for paragraph in body)


def rule_mm(paragraph: Any, cell_mm: float) -> float:
    """The length of the rule that a bordered empty paragraph draws."""
    assert paragraph._p.find(".//" + qn("w:pBdr")) is not None
    return (
        cell_mm - float(paragraph.paragraph_format.left_indent.mm) - float(paragraph.paragraph_format.right_indent.mm)
    )


def test_rules_under_the_names(document: Any) -> None:
    left, right = document.tables[0].rows[0].cells
    office = rule_mm(left.paragraphs[-1], left.width.mm)
    text_mm = 73  # SỞ THÔNG TIN VÀ TRUYỀN THÔNG, 12 pt bold
    assert text_mm / 3 <= office <= text_mm / 2
    motto = rule_mm(right.paragraphs[-1], right.width.mm)
    assert 54 <= motto <= 60, "bằng độ dài dòng Độc lập - Tự do - Hạnh phúc"


def test_page_number_top_centre_from_the_second_page(document: Any) -> None:
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert not section.first_page_header.paragraphs[0].text
    assert not document.sections[1].different_first_page_header_footer


def test_says_what_the_narrative_says(document: Any) -> None:
    texts = [paragraph.text for paragraph in paragraphs(document)]
    for sentence in paragraphs_of(told(REPORT)):
        assert sentence in texts
    assert "(Đính chính lần 1)" in texts
    assert "(Số liệu mô phỏng, không phải số liệu thật)" in texts
    assert "DỰ THẢO" not in texts


def test_draft_is_marked() -> None:
    texts = [p.text for p in paragraphs(Document(BytesIO(render_docx(paper_of(sample_report(is_draft=True)), {}))))]
    assert "DỰ THẢO" in texts


def test_real_first_version_has_no_marks() -> None:
    texts = [p.text for p in paragraphs(Document(BytesIO(render_docx(paper_of(sample_report(is_sample=False)), {}))))]
    assert not any("mô phỏng" in text or "Đính chính" in text or "DỰ THẢO" in text for text in texts)


def test_annex_tables_hold_the_figures(document: Any) -> None:
    headers = ["|".join(cell.text for cell in table.rows[0].cells) for table in document.tables]
    figures = document.tables[next(n for n, header in enumerate(headers) if header.startswith("Mã|Chỉ tiêu|Mục tiêu|"))]
    codes = [row.cells[0].text for row in figures.rows]
    assert [code for code in codes if code in {f.code for f in REPORT.figures}] == [f.code for f in REPORT.figures]
    assert any(header.startswith("Mã|Số liệu|Đã công bố") for header in headers)
    assert figures.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None, "hàng đầu lặp lại ở mỗi trang"


def test_charts_are_in_the_document(document: Any) -> None:
    assert len(document.inline_shapes) == 4
    assert all(shape.width.mm <= 165 and shape.height.mm <= 257 for shape in document.inline_shapes)


def test_text_from_units_is_text() -> None:
    nasty = "<w:p>&amp; {{ co_quan }} {% for x in y %}\x00\x07\x0c\ufffe"
    report = REPORT.model_copy(
        update={"difficulties": (REPORT.difficulties[0].model_copy(update={"difficulty": nasty}),)}
    )
    texts = "\n".join(p.text for p in paragraphs(Document(BytesIO(render_docx(paper_of(report), {})))))
    assert "<w:p>&amp; {{ co_quan }} {% for x in y %}" in texts


def test_no_tag_of_the_template_is_left(document: Any) -> None:
    text = "\n".join(paragraph.text for paragraph in paragraphs(document))
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.slow
def test_many_units_keep_the_annex_short() -> None:
    report = sample_report(plan=with_units(ninh_binh(), 120))
    document = Document(BytesIO(render_docx(paper_of(report), {})))
    text = "\n".join(paragraph.text for paragraph in paragraphs(document))
    assert "Bảng nêu 40 đơn vị có ít chỉ tiêu đạt nhất; xem đủ 120 đơn vị tại tệp so-lieu.xlsx." in text


@pytest.mark.parametrize(
    ("tag", "order"),
    [
        ("w:tblPr", "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook"),
        ("w:tcPr", "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign"),
    ],
)
def test_properties_stand_in_the_schemas_order(document: Any, tag: str, order: str) -> None:
    """Word repairs, or refuses, documents in which they do not."""
    for element in document.element.body.iter(qn(tag)):
        names = [child.tag.partition("}")[2] for child in element]
        assert names == sorted(names, key=order.split().index)


def test_template_is_a_sound_package() -> None:
    with zipfile.ZipFile(TEMPLATE) as package:
        assert package.testzip() is None
        assert "word/document.xml" in package.namelist()
