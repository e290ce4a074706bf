"""«bao-cao.pdf»: PDF/A-2b, embedded fonts, the same sentences, numbered pages, vector charts."""

import re
from io import BytesIO
from typing import Any

import pdfplumber
import pytest
from support.reports.monthly import sample_report
from support.reports.words import paragraphs as paragraphs_of
from support.reports.words import told

from baocao.domain.reported.report import Report
from baocao.domain.wording import long_date_text
from baocao.render.charts import render_charts
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf

REPORT = sample_report("2022-12", late=["SCT"], rejected=["SNV"], version=2)


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_pdf(paper_of(REPORT), render_charts(REPORT)[1])


@pytest.fixture(scope="module")
def pages(content: bytes) -> Any:
    with pdfplumber.open(BytesIO(content)) as document:
        return [
            (page.width, page.height, page.extract_text(), len(page.images), page.fonts(page))
            for page in map(_Fonts, document.pages)
        ]


class _Fonts:
    """A page with the names of its fonts."""

    def __init__(self, page: Any) -> None:
        self.width, self.height, self.images = page.width, page.height, page.images
        self.extract_text = page.extract_text
        self._chars = page.chars

    def fonts(self, _: Any) -> set[str]:
        return {char["fontname"].partition("+")[2] for char in self._chars}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_declares_pdf_a_2b(content: bytes) -> None:
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content


def test_says_what_the_narrative_says(pages: Any) -> None:
    text = squeezed("".join(re.sub(r"^\d+\n", "", page[2]) for page in pages))
    for sentence in paragraphs_of(told(REPORT)):
        assert squeezed(sentence) in text, sentence


def test_pages_are_a4_numbered_from_the_second(pages: Any) -> None:
    assert {tuple(sorted((round(page[0]), round(page[1])))) for page in pages} == {(595, 842)}
    assert not pages[0][2].startswith("1\n")
    for number, page in enumerate(pages[1:], start=2):
        assert page[2].split("\n")[0] == str(number)


def test_fonts_have_every_letter(pages: Any) -> None:
    fonts = set().union(*(page[4] for page in pages))
    assert {name.partition("-")[0] for name in fonts} <= {"Tinos", "TimesNewRoman", "TimesNewRomanPSMT"}


def test_charts_are_vectors(pages: Any) -> None:
    assert all(page[3] == 0 for page in pages)
    assert "DANH MỤC PHỤ LỤC VÀ BIỂU ĐỒ" in "".join(page[2] for page in pages)


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes(content: bytes) -> None:
    assert render_pdf(paper_of(REPORT), render_charts(REPORT)[1]) == content


@pytest.mark.slow
def test_text_from_units_is_no_markup() -> None:
    nasty = '#panic("x") *đậm* $x$ @y <z> \\ // "'
    item = REPORT.difficulties[0].model_copy(update={"difficulty": nasty})
    with pdfplumber.open(
        BytesIO(render_pdf(paper_of(REPORT.model_copy(update={"difficulties": (item,)})), {}))
    ) as document:
        text = squeezed("".join(page.extract_text() for page in document.pages))
    assert squeezed(nasty) in text


@pytest.mark.slow
@pytest.mark.parametrize("report", [sample_report("2022-12", missing=["SNV"], late=["SCT"]), sample_report("2023-02")])
def test_the_body_has_three_pages_and_the_first_asks(report: Report) -> None:
    with pdfplumber.open(BytesIO(render_pdf(paper_of(report), {}))) as document:
        texts = [page.extract_text() for page in document.pages[:6]]
    signed = next(number for number, text in enumerate(texts, start=1) if "Nơi nhận:" in text)
    assert signed <= 3
    assert "TÓM TẮT KẾT QUẢ" in texts[0]
    assert "KÍNH ĐỀ NGHỊ QUYẾT ĐỊNH" in texts[0]
    assert all(len(text.splitlines()) > 5 for text in texts[:signed])
    whole = " ".join("".join(texts).split())
    assert f"/BC-STTTT {long_date_text(report.made_at.date())} của Sở Thông tin và Truyền thông)" in whole
