"""Giải trình: a warning answered beside it or by command, accepted, printed, and closed until its value changes."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at, house
from support.workbooks.content import PLAN, clean_content, counted
from support.workbooks.faulty import FIGURES, cell_of, faulty, judged, opened

from baocao.decisions.explanations import accept, explain, listed
from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.received.explanation import Explained
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked, Content, Verdict
from baocao.domain.reported.history import History
from baocao.domain.signature import Signature
from baocao.reporting.preparation import prepare_report
from baocao.store.accepted.history import history_of
from baocao.store.audit import entries
from baocao.store.engine.database import reading
from baocao.store.submissions import findings_of
from baocao.system.errors import UsageError
from baocao.workbook.explanations import EXPLANATION, MUST_MEND, RESULT_SHEET, RULE_HEADER, explanations_in
from baocao.workbook.formats.grid import Grid
from baocao.workbook.marking.marking import mark
from baocao.workbook.marking.request import Marking
from baocao.workspace.workspace import Workspace
from expectations import check_batch

NOVEMBER = Period(2022, 11)
WHY = "Máy chủ mới chuyển giao, biên bản 12/BB"


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Workspace:
    return house(tmp_path / "home", database_url)


def signed(workspace: Workspace) -> Signature:
    return sign("Trần Thị Mẫu", "đã xem biên bản", clock_at(workspace, "2022-10-21T09:00"))


def shrunk(period: Period, numerator: float) -> Content:
    """A month in which B1 fell, against 100 of 100 in September."""
    return counted(clean_content(period=period), "B1", numerator, 100, note="Nêu rõ")


def check(content: Content, history: History) -> list[Finding]:
    (checked,) = check_batch(PLAN, [content], history)
    return [one for one in checked.findings if one.rule == "ratio_drop"]


@pytest.mark.slow
def test_an_accepted_explanation_closes_its_warning_until_the_value_changes(workspace: Workspace) -> None:
    past = History([("SCT", "2022-09", "B1", 100.0, 100.0)])
    (warning,) = check(shrunk(OCTOBER, 60), past)
    other = Finding("value_missing", Severity.CRITICAL, "Ô B9 còn trống.", "Thông tin", "B9")
    submit(workspace.engine, shrunk(OCTOBER, 60), [warning, other])

    one, fault = listed(workspace, OCTOBER, "SCT")
    assert one.number == "SCT-2022-10-1-1"
    with pytest.raises(UsageError, match="chưa có giải trình"):
        accept(workspace, OCTOBER, one.number, signed(workspace))
    with pytest.raises(UsageError, match="không phải cảnh báo"):
        explain(workspace, OCTOBER, fault.number, WHY, signed(workspace))
    explain(workspace, OCTOBER, one.number, WHY, signed(workspace))
    accept(workspace, OCTOBER, one.number, signed(workspace))

    (told, _) = listed(workspace, OCTOBER)
    assert told.as_row()["accepted_by"] == "Trần Thị Mẫu"
    assert WHY in json.dumps(told.as_row(), ensure_ascii=False)
    with reading(workspace.engine) as connection:
        assert WHY in findings_of(connection, [told.submission.id])[told.submission.id][0].message
        book = [(one.action, one.who, one.reason) for one in entries(connection, OCTOBER)]
        history = history_of(connection, PLAN, [clean_content(period=NOVEMBER)])
    assert sorted(book) == [
        ("accept_explanation", "Trần Thị Mẫu", "đã xem biên bản"),
        ("explain", "Trần Thị Mẫu", "đã xem biên bản"),
    ]
    history = replace(past, closed=history.closed)
    (closed,) = check(shrunk(NOVEMBER, 60), history)
    assert (closed.severity, WHY in closed.message) == (Severity.INFO, True)
    (open_again,) = check(shrunk(NOVEMBER, 50), history)
    assert open_again.severity is Severity.WARNING


def test_the_report_prints_what_was_explained(workspace: Workspace) -> None:
    warning = Finding("ratio_drop", Severity.WARNING, "Tỷ lệ của B1 giảm.", FIGURES, "D17", "B1", "60%")
    content = replace(clean_content(), explanations=(Explained("ratio_drop", FIGURES, "D17", WHY),))
    submit(workspace.engine, content, [warning])
    report = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=False).report
    assert [WHY in one.message for one in report.findings] == [True]


@pytest.mark.slow
def test_an_answer_on_the_returned_sheet_is_read_and_stays(tmp_path: Path) -> None:
    def plant(book: object) -> None:
        cell_of(book, FIGURES, "B1", "Tử số").value = -1  # type: ignore[arg-type]
        for header, value in (("Tử số", 9), ("Mẫu số", 9), ("Tỷ lệ (%)", None), ("Minh chứng", None)):
            cell_of(book, FIGURES, "A1", header).value = value  # type: ignore[arg-type]

    source = faulty(tmp_path, plant)
    book = opened(mark(Marking(source, judged(source)), PLAN))
    (line,) = [row for row in book[RESULT_SHEET].iter_rows() if row[0].value == "Cảnh báo"]
    line[6].value = WHY
    answered = tmp_path / "tra-loi.xlsx"
    book.save(answered)

    checked = judged(answered)
    (told,) = checked.content.explanations
    assert (told.rule, told.cell, told.text) == ("evidence_missing", line[2].value, WHY)
    again = load_workbook(BytesIO(mark(Marking(answered, checked), PLAN)))[RESULT_SHEET]
    texts = [cell.value for row in again.iter_rows() for cell in row]
    assert texts.count(WHY) == 1
    assert EXPLANATION in texts


@pytest.mark.slow
def test_a_copied_month_passes_with_an_answer_and_other_faults_do_not() -> None:
    before = clean_content(period=Period(2022, 9))
    figures = [
        ("SCT", "2022-09", r.code or "", r.values["numerator"], r.values["denominator"]) for r in before.rows("figures")
    ]
    tasks = [
        ("SCT", "2022-09", r.code or "", r.values["progress_pct"], r.values["status"]) for r in before.rows("tasks")
    ]
    content = clean_content()

    def judge(*answers: Explained) -> Checked:
        (checked,) = check_batch(PLAN, [replace(content, explanations=answers)], History(figures, tasks))
        return checked

    asked = judge()
    (question,) = [one for one in asked.findings if one.rule == "all_unchanged"]
    assert asked.verdict is Verdict.REJECTED
    answer = Explained("all_unchanged", question.sheet or "", question.cell or "", "Đang chờ văn bản mới")
    assert judge(answer).verdict is Verdict.ACCEPTED
    assert judge(replace(answer, cell="A1")).verdict is Verdict.REJECTED


def test_only_our_own_words_are_no_explanation() -> None:
    head = ["Mức", "Trang", "Ô", "Đang ghi", EXPLANATION, RULE_HEADER]
    answers = [f"– {WHY}", MUST_MEND, " – PHẢI  SỬA", "–", ""]
    grid = Grid(RESULT_SHEET, [head, *(["", "Chỉ tiêu", "D9", "60", answer, "ratio_drop"] for answer in answers)])
    assert explanations_in(grid) == (Explained("ratio_drop", "Chỉ tiêu", "D9", f"– {WHY}"),)
