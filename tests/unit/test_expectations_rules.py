"""Every rule on contents built by hand: what breaks it, where the finding points, and what does not break it.

All cases are judged in one batch, so a case that touched another would be seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from support.workbooks.content import (
    PLAN,
    cell_at,
    clean_content,
    counted,
    edited,
    with_finding,
    with_info,
    with_rows,
    without_column,
)

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked, Content, Verdict
from baocao.domain.reported.history import History
from expectations import check_batch

Make = Callable[[], Content]
THANG = clean_content()
FINAL = clean_content(form="tong-ket", period=Period(2023, 3), cutoff=date(2023, 3, 18))
PLANNED = clean_content(form="phan-cong", period=Period(2022, 8), cutoff=date(2022, 8, 28))


@dataclass(frozen=True)
class Broken:
    """A content that breaks exactly one rule, at one cell."""

    content: Content
    rule: str
    cell: str
    sheet: str = "Chỉ tiêu"
    value: str | None = None


def figure(rule: str, content: Content, code: str, column: str, value: str | None = None) -> Broken:
    return Broken(content, rule, cell_at(content, "figures", code, column), "Chỉ tiêu", value)


def task(rule: str, column: str, value: str | None = None, **values: object) -> Broken:
    content = edited(THANG, "tasks", "III.1.2", **values)
    return Broken(content, rule, cell_at(content, "tasks", "III.1.2", column), "Nhiệm vụ", value)


def row(rule: str, content: Content, key: str, column: str, value: str | None = None, **values: object) -> Broken:
    content = edited(content, key, "B2", **values)
    sheet = content.tables[key].sheet
    return Broken(content, rule, cell_at(content, key, "B2", column), sheet, value)


def budget(*rows: dict[str, object]) -> Content:
    return with_rows(PLANNED, "budget", *rows)


def shared(numerator: float, first: float, second: float, denominator: float = 100.0) -> Content:
    """A joint indicator (A2) of two components, with notes where they are needed."""
    content = counted(THANG, "A2", numerator, denominator, note="x")
    content = counted(content, "A2.1", first, denominator)
    return counted(content, "A2.2", second, denominator)


BROKEN = {
    "numerator missing": figure("value_missing", counted(THANG, "A1", None, 100), "A1", "numerator"),
    "denominator missing": figure("value_missing", counted(THANG, "B1", 100, None), "B1", "denominator"),
    "component missing": figure("value_missing", counted(THANG, "A4.1", None, 100), "A4.1", "numerator"),
    "cut-off missing": Broken(with_info(THANG, cutoff_date=None), "value_missing", "B8", "Thông tin"),
    "author blank": Broken(with_info(THANG, prepared_by="  "), "value_missing", "B9", "Thông tin"),
    "approver missing": Broken(with_info(PLANNED, approved_by=None), "value_missing", "B12", "Thông tin"),
    "status missing": task("value_missing", "status", status=None),
    "progress missing": task("value_missing", "progress_pct", progress_pct=None),
    "numerator negative": figure("negative", counted(THANG, "A1", -1, 100), "A1", "numerator", "-1"),
    "denominator negative": figure("negative", counted(THANG, "A1", 0, -5), "A1", "denominator", "-5"),
    "numerator of a held key": figure(
        "count_limit", counted(THANG, "A1", 10_000_001, 100), "A1", "numerator", "10.000.001"
    ),
    "denominator of a held key": figure(
        "count_limit", counted(THANG, "A2.1", 100, 1e12), "A2.1", "denominator", "1.000.000.000.000"
    ),
    "numerator above": figure("numerator_le_denominator", counted(THANG, "A1", 101, 100), "A1", "numerator", "101"),
    "above nothing": figure("numerator_le_denominator", counted(THANG, "A1", 1, 0), "A1", "numerator", "1"),
    "ratio off": figure(
        "ratio_agrees", edited(THANG, "figures", "B1", ratio_pct=99.85), "B1", "ratio_pct", "99,85"
    ),
    "ratio of nothing": figure(
        "ratio_agrees", edited(counted(THANG, "B1", 0, 0), "figures", "B1", ratio_pct=0.0), "B1", "ratio_pct", "0"
    ),
    "joint above smallest": figure("joint_le_components", shared(91, 95, 90), "A2", "numerator", "91"),
    "joint below floor": figure("joint_ge_components", shared(84, 95, 90), "A2", "numerator", "84"),
    "base differs": figure(
        "components_same_denominator", counted(THANG, "A2.2", 100, 101), "A2.2", "denominator", "101"
    ),
    "headline numerator": figure("headline_empty", counted(THANG, "A4", 5, None), "A4", "numerator", "5"),
    "headline denominator": figure("headline_empty", counted(THANG, "B8", None, 7), "B8", "denominator", "7"),
    "no note": figure("note_when_below_target", counted(THANG, "A1", 99, 100), "A1", "note"),
    "a hair below": figure("note_when_below_target", counted(THANG, "A1", 9999, 10000), "A1", "note"),
    "no note on separate": figure("note_when_below_target", counted(THANG, "A4.1", 1, 100), "A4.1", "note"),
    "progress high": task("progress_range", "progress_pct", "100,5", progress_pct=100.5),
    "progress negative": task("progress_range", "progress_pct", "-1", progress_pct=-1.0),
    "done at 99": task(
        "done_means_100", "progress_pct", "99", status="Hoàn thành", progress_pct=99.0,
        done_date=date(2022, 10, 1), product="VB 1",
    ),
    "done without date": task(
        "done_needs_date_and_product", "done_date", status="Hoàn thành", progress_pct=100.0, product="VB 1"
    ),
    "done without product": task(
        "done_needs_date_and_product", "product", status="Hoàn thành", progress_pct=100.0, done_date=date(2022, 10, 1)
    ),
    "done tomorrow": task("done_date_in_past", "done_date", "19/10/2022", done_date=date(2022, 10, 19)),
    "not started at 5": task("not_started_means_0", "progress_pct", "5", status="Chưa triển khai", progress_pct=5.0),
    "task overdue": task("task_overdue", "status", "Đang triển khai", due_date=date(2022, 10, 17)),
    "no evidence": figure("evidence_missing", edited(THANG, "figures", "B1", evidence=" "), "B1", "evidence"),
    "no evidence on separate": figure(
        "evidence_missing", edited(THANG, "figures", "B8.1", evidence=None), "B8.1", "evidence"
    ),
    "result too good": row(
        "result_agrees", counted(FINAL, "B2", 1, 100, note="x"), "assessments", "result", "Đạt"
    ),
    "result too bad": row("result_agrees", FINAL, "assessments", "result", "Chưa đạt", result="Chưa đạt"),
    "final figure missing": figure("value_missing", counted(FINAL, "B2", 100, None), "B2", "denominator"),
    "result missing": row("value_missing", FINAL, "assessments", "result", result=None),
    "adjustment missing": row("adjustment_explained", FINAL, "assessments", "adjustment", proposal="Điều chỉnh"),
    "lead missing": row("value_missing", PLANNED, "assignments", "lead", lead=None),
    "due missing": row("value_missing", PLANNED, "assignments", "due_date", due_date=None),
    "due too late": row(
        "due_within_pilot", PLANNED, "assignments", "due_date", "01/03/2023", due_date=date(2023, 3, 1)
    ),
    "due too early": row(
        "due_within_pilot", PLANNED, "assignments", "due_date", "31/07/2022", due_date=date(2022, 7, 31)
    ),
    "amount 0": Broken(budget({"task": "A1", "amount_mil_vnd": 0.0}), "amount_positive", "D6", "Dự toán", "0"),
    "amount missing": Broken(budget({"purpose": "x", "task": "A1"}), "amount_positive", "D6", "Dự toán"),
    "task unknown": Broken(
        budget({"task": "III.1.1", "amount_mil_vnd": 1.0}, {"task": "Z9", "amount_mil_vnd": 2.0}),
        "budget_task_known", "C7", "Dự toán", "Z9",
    ),
    "only «không có» as a note": figure(
        "note_when_below_target", counted(THANG, "A1", 99, 100, note="Không có."), "A1", "note", "Không có."
    ),
    "only a dash as evidence": figure(
        "evidence_missing", edited(THANG, "figures", "B1", evidence=" - "), "B1", "evidence", "-"
    ),
    "only what was reported before as a product": task(
        "done_needs_date_and_product", "product", "Đã báo cáo tháng 9", status="Hoàn thành", progress_pct=100.0,
        done_date=date(2022, 10, 1), product="Đã báo cáo tháng 9",
    ),
    "nothing as an adjustment": row(
        "adjustment_explained", FINAL, "assessments", "adjustment", "Không", proposal="Điều chỉnh", adjustment="Không"
    ),
    "nobody leads": row("value_missing", PLANNED, "assignments", "lead", "…", lead="…"),
    "nobody approved": Broken(with_info(THANG, approved_by="."), "value_missing", "B12", "Thông tin", "."),
    "task of budget missing": Broken(budget({"amount_mil_vnd": 2.0}), "budget_task_known", "C6", "Dự toán"),
}  # fmt: skip

SEPARATE = counted(FINAL, "A4.1", 1, 100, note="x")
NOTHING = counted(counted(FINAL, "A4.1", 0, 0), "A4.2", 0, 0)
UNPARSED = Finding("not_a_number", Severity.CRITICAL, "…", "Chỉ tiêu", cell_at(THANG, "figures", "A1", "numerator"))

WHOLE = {
    "counts at the limit": counted(THANG, "A1", 10_000_000, 10_000_000),
    "clean": THANG,
    "clean final": FINAL,
    "clean assignment": PLANNED,
    "nothing occurred": counted(THANG, "A1", 0, 0, evidence=None),
    "ratio a tenth off": edited(THANG, "figures", "B1", ratio_pct=99.9),
    "below with note": counted(THANG, "A1", 1, 100, note="Chưa rà soát xong"),
    "below with a note that begins with «không có»": counted(THANG, "A1", 1, 100, note="Không có máy quét"),
    "a note that nobody asked for": edited(THANG, "figures", "A1", note="Không"),
    "joint at its bounds": shared(85, 95, 90),
    "joint at smallest": shared(90, 95, 90),
    "floor below 0": shared(0, 30, 40),
    "component below without note": shared(100, 100, 100),
    "does not occur": edited(THANG, "tasks", "III.1.2", status="Không phát sinh", progress_pct=None),
    "done": edited(
        THANG, "tasks", "III.1.2", status="Hoàn thành", progress_pct=100.0, done_date=date(2022, 10, 18), product="VB"
    ),
    "due on the cut-off": edited(THANG, "tasks", "III.1.2", due_date=date(2022, 10, 18)),
    "done and overdue": edited(
        THANG, "tasks", "III.1.2", status="Hoàn thành", progress_pct=100.0, done_date=date(2022, 10, 2), product="VB",
        due_date=date(2022, 10, 1),
    ),
    "separate, worst of both": edited(SEPARATE, "assessments", "A4", result="Chưa đạt"),
    "separate, nothing occurred": edited(NOTHING, "assessments", "A4", result="Không phát sinh"),
    "adjusted": edited(FINAL, "assessments", "A1", proposal="Điều chỉnh", adjustment="Kéo dài"),
    "due on the last day": edited(PLANNED, "assignments", "A1", due_date=PLAN.pilot.end),
    "budget": budget({"task": " iii.1.1", "amount_mil_vnd": 0.5}),
    "a column is not there": without_column(THANG, "figures", "evidence"),
    "a cell did not parse": with_finding(counted(THANG, "A1", None, 100), UNPARSED),
    "figures not there": Content("thang", "SCT", Period(2022, 10), THANG.info, "Thông tin", THANG.info_cells, {}),
    "no form": Content(None, None, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def checked() -> dict[str, Checked]:
    names = [*BROKEN, *(f"whole: {name}" for name in WHOLE)]
    contents = [*(case.content for case in BROKEN.values()), *WHOLE.values()]
    return dict(zip(names, check_batch(PLAN, contents, History()), strict=True))


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rule_is_found_at_its_cell(checked: dict[str, Checked], name: str) -> None:
    case = BROKEN[name]
    found = [(f.rule, f.sheet, f.cell, f.value) for f in checked[name].findings]
    assert found == [(case.rule, case.sheet, case.cell, case.value)]


@pytest.mark.parametrize("name", WHOLE)
def test_whole_content_has_no_finding_of_a_rule(checked: dict[str, Checked], name: str) -> None:
    one = checked[f"whole: {name}"]
    assert one.findings == one.content.findings


def test_verdict_follows_severity(checked: dict[str, Checked]) -> None:
    assert checked["no note"].verdict is Verdict.REJECTED
    assert checked["no evidence"].verdict is Verdict.ACCEPTED
    assert checked["whole: clean"].verdict is Verdict.ACCEPTED


def test_messages_name_the_other_cells_and_the_way_to_mend(checked: dict[str, Checked]) -> None:
    message = checked["joint above smallest"].findings[0].message
    smallest = cell_at(THANG, "figures", "A2.2", "numerator")
    assert message == (
        f"Chỉ tiêu A2: Tử số 91 ở dòng chính (ô D7) lớn hơn thành phần nhỏ nhất A2.2, chỉ có 90 (ô {smallest}). Dòng "
        "chính đếm số đạt đồng thời mọi thành phần nên không lớn hơn thành phần nhỏ nhất; hãy kiểm tra lại."
    )
    assert "D8 và D9" in checked["joint below floor"].findings[0].message
    assert (
        "ô Ghi chú I6 chỉ ghi “Không có.”. Hãy ghi nguyên nhân"
        in checked["only «không có» as a note"].findings[0].message
    )
    assert "99,99%" in checked["a hair below"].findings[0].message
    assert checked["numerator above"].findings[0].expected == "không lớn hơn Mẫu số (100)"


def test_no_message_has_a_hole(checked: dict[str, Checked]) -> None:
    for one in checked.values():
        for finding in one.findings:
            assert "None" not in finding.message
            assert "nan" not in finding.message
            assert "{" not in finding.message
