"""The assignment report against tables worked out by hand: what is open, what money is asked for, who gets it."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.months.life import workspace_of
from support.reports.papers import AUGUST, assigned, assignment_report, submission
from support.workbooks.content import PLAN

from baocao.domain.received.submission import Timeliness, Verdict
from baocao.domain.reported.assignment import AssignmentReport
from baocao.narrative.assignment import money_text, narrate_assignment, unit_sums
from baocao.render.files import render_all
from baocao.render.papers import paper_of
from baocao.reporting.budget_mail import budget_letters
from baocao.reporting.report_mail import report_message

ITEMS = len(PLAN.indicators) + len(PLAN.unit_tasks)


def asked(unit: str, task: str, amount: float, source: str = "Ngân sách tỉnh", purpose: str = "Chi") -> dict[str, Any]:
    return {"unit": unit, "task": task, "amount_mil_vnd": amount, "source": source, "purpose": purpose}


BUDGET = (
    asked("SCT", "III.1.3", 120.5),
    asked("SCT", "III.2.1", 300, "Đầu tư công"),
    asked("SNV", "III.1.3", 79.5),
    asked("SNV", "", 10, ""),
    asked("SNV", "III.2.1", 40),
)


def paragraphs(report: AssignmentReport, number: int) -> tuple[str, ...]:
    return narrate_assignment(report).sections[2:][number].paragraphs


def test_an_assignment_that_has_all_three_is_no_gap() -> None:
    report = assignment_report([*assigned("SCT"), *assigned("SNV")])

    assert len(report.assignments) == 2 * ITEMS
    assert report.gaps == ()


@pytest.mark.parametrize(
    ("column", "told"),
    [("lead", "chủ trì"), ("due_date", "hạn hoàn thành"), ("product", "sản phẩm")],
)
def test_each_of_the_three_is_asked_for(column: str, told: str) -> None:
    (gap,) = assignment_report(assigned("SCT", without={"B4": column})).gaps

    assert (gap.unit, gap.code, gap.missing) == ("SCT", "B4", (told,))


@pytest.mark.parametrize("column", ["coordinating", "start_date", "note"])
def test_the_others_may_stay_empty(column: str) -> None:
    assert assignment_report(assigned("SCT", without={"B4": column})).gaps == ()


def test_a_row_that_is_not_there_lacks_everything() -> None:
    rows = [row for row in assigned("SCT") if row["code"] != "III.2.1"]
    (gap,) = assignment_report(rows).gaps

    assert (gap.code, gap.missing) == ("III.2.1", ("chủ trì", "hạn hoàn thành", "sản phẩm"))


def test_a_unit_that_has_sent_nothing_is_named_and_has_no_gaps() -> None:
    sent = [submission("SCT", AUGUST), submission("SNV", AUGUST, Verdict.REJECTED)]
    report = assignment_report(assigned("SCT"), submissions=sent)

    assert report.gaps == ()
    assert [standing.state.value for standing in report.standings] == ["missing", "accepted", "rejected"]
    assert paragraphs(report, 3)[0] == (
        "Đề nghị Sở Thông tin và Truyền thông và Sở Nội vụ gửi kế hoạch phân công và dự toán kinh phí để bổ sung."
    )


def test_the_story_counts_contents_and_names_the_first_and_the_last_due_date() -> None:
    rows = assigned("SCT", without={"A1": "lead", "A2": "product"})
    rows[4]["due_date"], rows[5]["due_date"] = date(2022, 9, 30), date(2023, 2, 28)
    text = "\n".join(paragraphs(assignment_report(rows), 0))

    assert "28/30 nội dung có đủ chủ trì, hạn hoàn thành và sản phẩm, 02 nội dung còn thiếu." in text
    assert f"hạn sớm nhất 30/09/2022 ({rows[4]['code']}), muộn nhất 28/02/2023 ({rows[5]['code']})." in text
    assert "chủ trì: Văn phòng (29)" in text


def test_late_units_are_told_in_the_headline() -> None:
    sent = [submission(unit, AUGUST) for unit in ("STTTT", "SCT")]
    sent.append(submission("SNV", AUGUST, timeliness=Timeliness.LATE))
    rows = [row for unit in ("STTTT", "SCT", "SNV") for row in assigned(unit)]
    headline = narrate_assignment(assignment_report(rows, submissions=sent)).headline

    assert headline == (
        "Tháng 8 năm 2022: cả 90 nội dung đã phân công đầy đủ, không đề nghị kinh phí; "
        "02/03 đơn vị báo cáo đúng hạn, Sở Nội vụ nộp quá hạn."
    )


def test_the_budget_adds_up_by_task() -> None:
    report = assignment_report(assigned("SCT"), BUDGET)

    assert [(row.heading, row.by_unit, row.total_mil_vnd) for row in report.budget_by_task] == [
        ("III.2.1", {"SCT": 300, "SNV": 40}, 340),
        ("III.1.3", {"SCT": 120.5, "SNV": 79.5}, 200),
        ("Chưa ghi nhiệm vụ", {"SNV": 10}, 10),
    ]
    assert report.budget_total_mil_vnd == 550


def test_the_budget_adds_up_by_source_and_by_unit() -> None:
    report = assignment_report(assigned("SCT"), BUDGET)

    assert [(row.heading, row.by_unit, row.total_mil_vnd) for row in report.budget_by_source] == [
        ("Đầu tư công", {"SCT": 300}, 300),
        ("Ngân sách tỉnh", {"SCT": 120.5, "SNV": 119.5}, 240),
        ("Chưa ghi nguồn", {"SNV": 10}, 10),
    ]
    assert unit_sums(report) == {"SCT": 420.5, "SNV": 129.5}


def test_amounts_are_written_as_people_write_them() -> None:
    assert money_text(1234.5) == "1.234,5 triệu đồng"
    assert money_text(0.1 + 0.2) == "0,3 triệu đồng"


def test_the_finance_office_gets_a_mail_of_its_own(tmp_path: Path) -> None:
    report = assignment_report(assigned("SCT"), BUDGET)
    render_all(paper_of(report), tmp_path / "v1")
    workspace = workspace_of(Path("plans/ninh-binh-2022"), tmp_path)

    whole = report_message(workspace, paper_of(report), tmp_path / "v1")
    (budget,) = budget_letters(workspace, report, tmp_path / "v1")

    assert (whole.key, budget.key) == ("report/2022-08/v1", "budget/2022-08/v1")
    assert [address for _, address in budget.recipients] == ["vanphong.sotc@ninhbinh.example"]
    assert "vanphong.sotc@ninhbinh.example" not in [address for _, address in whole.recipients]
    assert [name for name, _, _ in budget.attachments] == ["du-toan-2022-08.xlsx", "bao-cao-2022-08.pdf"]
    assert "tổng cộng 550 triệu đồng" in budget.text
    assert "550 triệu đồng" in (budget.html or "")


def test_nobody_is_written_to_about_no_money(tmp_path: Path) -> None:
    report = assignment_report(assigned("SCT"))
    render_all(paper_of(report), tmp_path / "v1")
    workspace = workspace_of(Path("plans/ninh-binh-2022"), tmp_path)

    assert budget_letters(workspace, report, tmp_path / "v1") == []


def test_headings_that_only_differ_in_spelling_are_one() -> None:
    budget = (
        asked("SCT", "III.1.3", 100, "Ngân sách  tỉnh"),
        asked("SCT", "iii.1.3", 20, unicodedata.normalize("NFD", "ngân sách tỉnh")),
        asked("SNV", "III.1.3 ", 3, "NGÂN SÁCH TỈNH"),
        asked("SNV", "III.2.1", 7, "Ngân sách tỉnh"),
    )
    report = assignment_report([*assigned("SCT"), *assigned("SNV")], budget)

    assert [(one.heading, one.total_mil_vnd) for one in report.budget_by_task] == [("III.1.3", 123), ("III.2.1", 7)]
    assert [(one.heading, one.total_mil_vnd) for one in report.budget_by_source] == [("Ngân sách tỉnh", 130)]
    assert report.budget_by_source[0].by_unit == {"SCT": 120, "SNV": 10}


def test_bullets_and_stops_make_no_heading_of_their_own() -> None:
    spelt = ("– Ngân sách tỉnh", "• Ngân sách tỉnh.", "- ngân sách tỉnh;", "Ngân sách tỉnh", "–")
    budget = [asked("SCT", "", 1, source) for source in spelt]
    report = assignment_report(assigned("SCT"), budget)

    told = [(one.heading, one.total_mil_vnd) for one in report.budget_by_source]
    assert told == [("Ngân sách tỉnh", 4), ("Chưa ghi nguồn", 1)]
