"""The words of the assignment report and of the final assessment: golden texts, and the grammar of each sentence."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from support import TESTS
from support.reports.monthly import sample_report
from support.reports.papers import AUGUST, UNITS, Ending, assigned, assignment_report, final_assessment, submission
from support.reports.words import as_rows, as_text, paragraphs, told

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Timeliness, Verdict
from baocao.domain.reported.document import Document
from baocao.domain.reported.progress import TrendPoint
from baocao.narrative.closing.course import CAPTION
from baocao.render.papers import paper_of

GOLDEN = TESTS / "golden" / "narrative"
_SOURCES = ("Ngân sách tỉnh (chi sự nghiệp)", "Kinh phí tự chủ")


def _budget() -> list[dict[str, Any]]:
    rows = (("SCT", "III.1.3", 120.5, 0), ("SCT", "III.2.1", 300, 1), ("SNV", "III.1.3", 79.5, 0), ("SNV", "A4", 10, 1))
    return [
        {"unit": unit, "task": task, "amount_mil_vnd": amount, "source": _SOURCES[place], "purpose": "Chi"}
        for unit, task, amount, place in rows
    ]


def _with_gaps() -> Document:
    sent = [
        submission("SCT", AUGUST, timeliness=Timeliness.LATE),
        submission("SNV", AUGUST),
        submission("STTTT", AUGUST, Verdict.REJECTED),
    ]
    rows = [*assigned("SCT"), *assigned("SNV", without={"A1": "lead", "III.1.1": "due_date", "III.2.1": "product"})]
    return assignment_report(rows, _budget(), sent)


def _counts(*missed: str) -> dict[str, tuple[float, float]]:
    """Every figure reached by 100 of 100, but those named by 40."""
    figures = sample_report().figures
    typed = [figure for figure in figures if figure.numerator is not None]
    return {figure.code: (40, 100) if figure.code in missed else (100, 100) for figure in typed}


def _ended() -> Document:
    claims = {"A3": {"result": "Chưa đạt", "cause": "Người dân còn quen nộp giấy.", "lesson": "Hướng dẫn tận nơi."}}
    agreed = {"A1": {"result": "Đạt", "lesson": "Hướng dẫn tận nơi.", "proposal": "Giữ nguyên"}}
    change = {"proposal": "Điều chỉnh", "adjustment": "Đặt mục tiêu riêng cho thủ tục ít hồ sơ"}
    endings = {
        "STTTT": Ending(
            _counts(),
            agreed,
            ({"code": "III.1.1", "status": "Hoàn thành", "done_date": date(2023, 2, 1)},),
        ),
        "SCT": Ending(
            _counts("A3", "A4.2"),
            {**agreed, "A3": {**claims["A3"], **change}, "A4": {"result": "Đạt"}},
            ({"code": "III.1.1", "status": "Đang triển khai", "due_date": date(2023, 1, 31)},),
            (
                {
                    "difficulty": "Thiếu máy quét",
                    "proposal": "Bổ sung kinh phí",
                    "settled_by": "Sở Tài chính",
                    "is_beyond_authority": True,
                },
            ),
        ),
        "SNV": Ending({**_counts("A3", "C2"), "B9": (0, 0)}, {"A3": change, "C2": {"proposal": "Bỏ"}}),
    }
    months = [submission(unit, Period(2022, 9).shift(n)) for unit in UNITS for n in range(6) if (unit, n) != ("SNV", 2)]
    return final_assessment(endings, months)


def _bridged() -> Document:
    """February's own count of A3 reaches its target, the whole pilot's does not; A1 rises to it, B2 stays below."""
    sent = [submission(unit, Period(2022, 9).shift(n)) for unit in UNITS for n in range(6)]
    report = final_assessment({unit: Ending(_counts("A3", "B2")) for unit in UNITS}, sent)
    courses = {"A1": (60.0, 100.0), "A3": (50.0, 100.0), "B2": (30.0, 40.0)}
    points = [
        TrendPoint(period=month, code=figure.code, ratio_pct=shares[place], target_pct=figure.target_pct)
        for figure in report.figures
        for shares in [courses.get(figure.code, (100.0, 100.0))]
        for place, month in enumerate((Period(2022, 9), Period(2023, 2)))
    ]
    return report.model_copy(update={"trend": tuple(points)})


def _with_bridge(report: Document) -> str:
    """The story, and where there is one the table that holds the months against the whole time."""
    paper = paper_of(report)
    tables = [table for annex in paper.annexes for table in annex.tables if table.caption == CAPTION and table.rows]
    bridges = [as_rows(table) for table in tables]
    return as_text(paper.story) + "".join(f"\n[{CAPTION}]\n" + "\n".join(rows) + "\n" for rows in bridges)


REPORTS: dict[str, Document] = {
    "phan-cong-day-du": assignment_report([row for unit in UNITS for row in assigned(unit)], _budget()),
    "phan-cong-con-thieu": _with_gaps(),
    "phan-cong-chua-co": assignment_report([]),
    "phan-cong-dinh-chinh": assignment_report(assigned("SCT"), version=2),
    "tong-ket": _ended(),
    "tong-ket-luy-ke": _bridged(),
    "tong-ket-chua-co": final_assessment({}),
}


@pytest.mark.parametrize("name", REPORTS)
def test_golden(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    text = _with_bridge(REPORTS[name])
    assert text == path.read_text(encoding="utf-8"), f"văn bản mẫu {path.name} khác với văn bản sinh ra"


@pytest.mark.parametrize("name", REPORTS)
def test_every_sentence_is_well_formed(name: str) -> None:
    story = told(REPORTS[name])
    for paragraph in (
        story.opening,
        story.headline,
        *paragraphs(story),
    ):
        text = paragraph.removeprefix("- ")
        assert paragraph == " ".join(paragraph.split()), paragraph
        assert text[0].isupper() or text[0].isdigit() or text[1] == ")" or text[0] == "(", paragraph
        assert paragraph[-1] in ".:", paragraph
        assert not any(fault in paragraph for fault in ("..", " .", " ,", " ;", "()", ": .", ";.", "None", " 0/0"))
    assert len(story.headline) < 300


@pytest.mark.parametrize("name", REPORTS)
def test_every_part_says_something(name: str) -> None:
    story = told(REPORTS[name])
    for section, following in zip(story.sections, (*story.sections[1:], None), strict=True):
        assert section.paragraphs or (following and following.level > section.level), section.title


def test_the_end_is_held_against_the_months_and_says_why_it_differs() -> None:
    """February's own count of A3 reaches its target, the whole pilot's does not: said, and never subtracted."""
    report = final_assessment({unit: Ending(_counts("A3")) for unit in UNITS})
    months = (Period(2022, 9), Period(2023, 2))
    course = [
        TrendPoint(period=month, code=figure.code, ratio_pct=share, target_pct=figure.target_pct)
        for month, share in zip(months, (50.0, 100.0), strict=True)
        for figure in report.figures
    ]
    paper = paper_of(report.model_copy(update={"trend": tuple(course)}))
    summary, _, _, results = paper.story.sections[:4]

    assert summary.paragraphs[0].endswith(
        "14/15 chỉ tiêu đạt mục tiêu, 01 chưa đạt; đánh giá chung: hoàn thành mục tiêu (quy ước tại Phụ lục I)."
    )
    assert summary.paragraphs[1] == "Từ tháng đầu đến tháng cuối, cả 17 tỷ lệ so sánh được đều tăng."
    assert "đạt, tổng kết có 14; khác nhau ở A3 vì tổng kết tính lũy kế" in results.paragraphs[1]
    rows = {row["ma"]: row for row in paper.annexes[0].tables[1].rows}
    assert rows["A3"]["cuoi"] == "100% – Đạt"
    assert rows["A3"]["tong_ket"] == "40% lũy kế – Chưa đạt"
    assert rows["A3"]["vi_sao"].startswith("số các tháng tính trong kỳ")
    assert rows["A1"]["vi_sao"] == ""


def test_empty_words_of_an_older_home_reach_nobody() -> None:
    nothing = dict.fromkeys(("difficulty", "cause", "proposal", "settled_by"), "Không có")
    real = {"difficulty": "Thiếu máy quét", "cause": "-", "proposal": "Bổ sung máy", "settled_by": "Sở Tài chính"}
    claim = {"A3": {"result": "Chưa đạt", "cause": "Không", "lesson": "."}}
    report = final_assessment(
        {"SCT": Ending(_counts("A3"), claim, (), (nothing, {**real, "is_beyond_authority": True}))}
    )

    assert [(one.difficulty, one.cause) for one in report.difficulties] == [("Thiếu máy quét", "")]
    assert {(one.cause, one.lesson) for one in report.unit_assessments} == {("", "")}
    assert "(2) Sở Tài chính: bổ sung máy" in as_text(told(report))


def test_own_funds_are_asked_of_nobody() -> None:
    rows = [row for unit in UNITS for row in assigned(unit)]
    (asked,) = told(assignment_report(rows, _budget())).sections[1].paragraphs
    assert asked.endswith(
        "thẩm định, cân đối, bố trí 200 triệu đồng, trong tháng 9 năm 2022 (dự toán tại Phụ lục III; 310 triệu đồng "
        "còn lại các đơn vị tự bảo đảm)."
    )
    own = [{**row, "source": "Nguồn thu sự nghiệp được để lại"} for row in _budget()]
    assert told(assignment_report(rows, own)).sections[1].paragraphs == (
        "Trong kỳ không có nội dung đề nghị quyết định.",
    )


def test_totals_of_the_budget_are_live_formulas_with_their_values() -> None:
    content = paper_of(assignment_report(assigned("SCT"), _budget())).books["du-toan.xlsx"]().save()
    sheets = [load_workbook(BytesIO(content), data_only=shown)["Dự toán theo nhiệm vụ"] for shown in (False, True)]
    formulas, values = ([[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)] for sheet in sheets)
    assert formulas[0][-1] == "=SUM(C5:D5)"
    assert formulas[-1][2:] == ["=SUM(C5:C7)", "=SUM(D5:D7)", "=SUM(E5:E7)"]
    assert [row[-1] for row in values] == [300, 200, 10, 510]
    assert values[-1][2:] == [420.5, 89.5, 510]
