"""The pages of the PDF: how many the body has, that none is nearly empty, where titles break."""

from collections.abc import Iterator
from io import BytesIO

import pdfplumber
import pytest
from support.reports.monthly import sample_report
from support.reports.papers import UNITS, Ending, final_assessment, submission

from baocao.domain.planned.period import Period
from baocao.domain.reported.assessment import FinalAssessment
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf

MONTHLY = sample_report("2022-12", missing=["SNV"], late=["SCT"])
FEWEST_LINES = 5


def ended() -> FinalAssessment:
    """An assessment in which every indicator of each unit has its cause, lesson and proposal."""
    counts = {one.code: (40.0 + n * 3 % 60, 100.0) for n, one in enumerate(MONTHLY.figures) if one.numerator}
    claim = {
        "result": "Chưa đạt",
        "cause": "Một số bộ chưa công bố giao diện kết nối nên hệ thống dùng chung của tỉnh chưa lấy được dữ liệu.",
        "lesson": "Hướng dẫn tận nơi trong lần nộp đầu tiên; giao mỗi phòng một đầu mối theo dõi.",
        "proposal": "Điều chỉnh",
        "adjustment": "đặt mục tiêu riêng cho nhóm thủ tục ít phát sinh hồ sơ và nêu rõ cách tính",
    }
    claims = {one.code: {**claim, "lesson": f"{claim['lesson']} {one.code}"} for one in MONTHLY.headlines}
    months = [submission(unit, Period(2022, 9).shift(n)) for unit in UNITS for n in range(6)]
    return final_assessment({unit: Ending(counts, claims) for unit in UNITS}, months)


def body(pdf: bytes) -> Iterator[list[str]]:
    """The lines of each page up to the signature."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            lines = (page.extract_text() or "").splitlines()
            yield lines
            if any("Nơi nhận:" in line for line in lines):
                return


@pytest.mark.parametrize("name", ["thang", "thang-cuoi", "tong-ket"])
def test_the_fullest_bodies_have_three_pages_and_none_is_nearly_empty(name: str) -> None:
    reports = {"thang": MONTHLY, "thang-cuoi": sample_report("2023-02", late=["SCT"]), "tong-ket": ended()}
    pages = list(body(render_pdf(paper_of(reports[name]), {})))
    assert len(pages) <= 3
    assert [len(lines) for lines in pages[:-1] if len(lines) < FEWEST_LINES] == []


def test_a_title_breaks_no_name_over_lines() -> None:
    for filling in ("", "nhiều ", "nhiều nhiều ", "nhiều nhiều nhiều "):
        report = MONTHLY.model_copy(update={"short_title": f"{filling}{MONTHLY.short_title}"})
        lines = next(body(render_pdf(paper_of(report), {})))
        title = next(line for line in lines if "Chính" in line or "quyền" in line)
        assert "Chính quyền số" in title.replace("\u00a0", " "), filling
