"""The mail's body: small, escaped, the same sentences, nothing from outside."""

import re
from html.parser import HTMLParser

import pytest
from support.reports.monthly import ninh_binh, sample_report, with_units
from support.reports.words import paragraphs as paragraphs_of
from support.reports.words import told

from baocao.render.mail import render_mail, render_page
from baocao.render.papers import paper_of

REPORT = sample_report("2022-12", late=["SCT"], rejected=["SNV"], not_occurred=["A3"], version=2)
CHARTS = paper_of(REPORT).mail_charts
CIDS = {"chi-tieu": "chi-tieu@mau.example", "dien-bien": "dien-bien@mau.example"}
VOID = {"meta", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """What a test asks of a page: visible text, images, whether the tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.images: list[dict[str, str | None]] = []
        self.outside: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))
        self.outside += [value for key, value in attrs if key in ("src", "href") and value and "://" in value]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.text += data


def test_key_figures_come_first() -> None:
    body = render_mail(paper_of(REPORT), CIDS)
    preview = " ".join(Page(body.html).text.split())[:300]
    assert preview.startswith(told(REPORT).headline)
    assert "05/15 chỉ tiêu đạt mục tiêu" in preview


def test_small_and_nothing_from_outside() -> None:
    body = render_mail(paper_of(REPORT), CIDS)
    assert len(body.html.encode()) < 100_000
    page = Page(body.html)
    assert page.outside == []
    assert "<script" not in body.html
    assert "url(" not in body.html


def test_charts_are_inline_with_alternative_texts() -> None:
    images = Page(render_mail(paper_of(REPORT), CIDS).html).images
    assert [image["src"] for image in images] == [f"cid:{CIDS[name]}" for name in CHARTS]
    assert all(len(image["alt"] or "") > 30 for image in images)
    assert [image["src"] for image in Page(render_page(paper_of(REPORT))).images] == [
        f"bieu-do/{n}.png" for n in CHARTS
    ]


def test_without_charts() -> None:
    assert Page(render_mail(paper_of(REPORT), {}).html).images == []


def test_every_indicator_is_named_once() -> None:
    text = Page(render_mail(paper_of(REPORT), CIDS).html).text
    for figure in REPORT.headlines:
        assert text.count(f"{figure.name} ({figure.code})") in (1, 2), figure.code
    assert "Sở Công Thương: nộp quá hạn, nhận lúc 09 giờ 12 ngày 21/12/2022" in text
    assert "Sở Nội vụ: bị trả lại" in text


def test_sample_and_correction_are_marked() -> None:
    text = Page(render_mail(paper_of(REPORT), CIDS).html).text
    assert "SỐ LIỆU MÔ PHỎNG" in text
    assert "đính chính lần 1" in text
    plain = Page(render_mail(paper_of(sample_report(is_sample=False)), CIDS).html).text
    assert "MÔ PHỎNG" not in plain
    assert "ính chính" not in plain


def test_all_well() -> None:
    text = Page(render_mail(paper_of(sample_report(all_well=True)), CIDS).html).text
    assert "Không có: tất cả các đơn vị nộp đúng hạn." in text


@pytest.mark.parametrize("part", ["html", "text"])
def test_text_from_units_is_escaped(part: str) -> None:
    nasty = '<script>alert("x")</script>'
    item = REPORT.difficulties[0].model_copy(update={"difficulty": nasty})
    body = render_mail(paper_of(REPORT.model_copy(update={"difficulties": (item,)})), CIDS)
    assert ("<script>" in body.html) is False
    assert nasty in body.text
    assert nasty in (Page(body.html).text if part == "html" else body.text)


def test_plain_text_is_complete() -> None:
    text = render_mail(paper_of(REPORT), {}).text
    assert [sentence for sentence in paragraphs_of(told(REPORT)) if sentence not in text] == []
    assert "SỐ LIỆU MÔ PHỎNG" in text


@pytest.mark.slow
def test_many_units_do_not_swell_it() -> None:
    plan = with_units(ninh_binh(), 300)
    report = sample_report(plan=plan, missing=[unit.code for unit in plan.units[100:]])
    html = render_mail(paper_of(report), CIDS).html
    assert len(html.encode()) < 100_000
    assert "và 190 đơn vị khác" in html


def test_dark_mode_is_declared() -> None:
    html = render_page(paper_of(REPORT))
    assert 'name="color-scheme" content="light dark"' in html
    assert re.search(r"@media \(prefers-color-scheme: dark\)", html)
