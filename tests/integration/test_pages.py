"""The pages of both formats: how many the body has, that none is nearly empty, where titles break."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import pdfplumber
import pytest
from support.reports.monthly import sample_report
from support.reports.papers import UNITS, Ending, final_assessment, submission
from support.workbooks.office import HAS_OFFICE
from support.workbooks.standing_office import standing_office

from baocao.domain.planned.period import Period
from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.followed import Answer, Followed
from baocao.render.charts import render_charts
from baocao.render.charts.reading import chart_reading
from baocao.render.papers import paper_of
from baocao.render.papers.citing import drawn_charts
from baocao.render.pdf import render_pdf
from baocao.render.word import render_docx

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


def whole(pdf: bytes) -> Iterator[list[str]]:
    """The lines of each page, read when it is asked for: that takes longer than drawing it."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            yield (page.extract_text() or "").splitlines()


def body(pages: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines of each page up to the signature."""
    for lines in pages:
        yield lines
        if any("Nơi nhận:" in line for line in lines):
            return


def fullest(report: ResultsDocument) -> ResultsDocument:
    """The same with a proposal that was put before and answered."""
    answer = Answer(
        by="Văn phòng Ủy ban nhân dân tỉnh",
        at=report.made_at - timedelta(days=20),
        text="Đồng ý bố trí trong dự toán năm 2023; các đơn vị gửi nhu cầu trước ngày 15 hằng tháng",
        owner="SCT",
        due="2023-02-28",
    )
    answered = Followed(
        number=11,
        unit="STTTT",
        difficulty="Thiếu máy quét",
        proposal="Bố trí kinh phí",
        settled_by="Sở Tài chính",
        is_beyond_authority=False,
        since=Period(2022, 9),
        raised=Period(2022, 10),
        answer=answer,
    )
    return report.model_copy(update={"followed": (answered,)})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["thang", "thang-cuoi", "tong-ket"])
def test_the_fullest_bodies_have_three_pages_and_none_is_nearly_empty(name: str) -> None:
    reports = {"thang": MONTHLY, "thang-cuoi": sample_report("2023-02", late=["SCT"]), "tong-ket": ended()}
    pages = list(body(whole(render_pdf(paper_of(reports[name]), {}))))
    assert len(pages) <= 3
    assert [len(lines) for lines in pages[:-1] if len(lines) < FEWEST_LINES] == []


@pytest.mark.slow
def test_a_title_breaks_no_name_over_lines() -> None:
    for filling in ("", "nhiều ", "nhiều nhiều ", "nhiều nhiều nhiều "):
        report = MONTHLY.model_copy(update={"short_title": f"{filling}{MONTHLY.short_title}"})
        lines = next(whole(render_pdf(paper_of(report), {})))
        title = next(line for line in lines if "Chính" in line or "quyền" in line)
        assert "Chính quyền số" in title.replace("\u00a0", " "), filling


@pytest.mark.slow
@pytest.mark.skipif(not HAS_OFFICE, reason="needs LibreOffice")
def test_both_formats_print_the_fullest_reports_on_three_pages_and_no_page_is_nearly_empty(tmp_path: Path) -> None:
    """Short annexes share a page; charts, which fill theirs, stand under what they show, the small ones together."""
    reports = {"thang": fullest(MONTHLY), "tong-ket": fullest(ended())}
    pictures, _ = render_charts(reports["tong-ket"])
    drawn, none = drawn_charts(reports["tong-ket"]), MappingProxyType[str, bytes]({})
    for name, report in reports.items():
        pictured = pictures if name == "tong-ket" else none
        (tmp_path / f"{name}.docx").write_bytes(render_docx(paper_of(report), pictured))
    words = standing_office().convert([tmp_path / f"{name}.docx" for name in reports], "pdf", tmp_path)
    for word, (name, report) in zip(words, reports.items(), strict=True):
        for printed, charted in ((word.read_bytes(), name == "tong-ket"), (render_pdf(paper_of(report), none), False)):
            pages = [*whole(printed)]
            assert len(list(body(pages))) <= 3, name
            pictured_pages = [page for page in pages if any(line.startswith("Biểu đồ") for line in page[:3])]
            texts = [page for page in pages if page not in pictured_pages]
            assert [(name, page) for page in texts[:-1] if len(page) < FEWEST_LINES] == []
            assert len(pictured_pages) == (len(drawn) - 1 if charted else 0)
            if charted:
                said = " ".join(" ".join(page) for page in pages)
                assert all(chart_reading(report, one) in said for one in drawn)
