"""What a unit reads in an answer: everything that it must know, and nothing that a workbook could smuggle in."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from support.workbooks.content import PERIOD, PLAN, clean_content

from baocao.domain.planned.calendar import schedule_of
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked, Content, Row, Timeliness, Verdict
from baocao.mail.letters.answers import (
    Answered,
    Letter,
    answer_accepted,
    answer_duplicate,
    answer_returned,
    quarantine_note,
)
from baocao.mail.letters.tables import figure_lines, finding_groups, headline_counts
from baocao.reminders.invitations import Invitation, form_letter
from baocao.workbook.blank.occasion import Known

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RECEIVED = datetime(2022, 10, 18, 9, 30, tzinfo=ZONE)
ANSWERED = Answered(
    plan=PLAN,
    unit=PLAN.unit_by_code["SCT"],
    schedule=schedule_of(PLAN, PERIOD, lambda day: day.weekday() < 5),
    version=2,
    file_name="Báo cáo tháng 10.xlsx",
    received_at=RECEIVED,
    timeliness=Timeliness.ON_TIME,
    now=RECEIVED,
)


def finding(sheet: str | None, cell: str | None, severity: Severity = Severity.CRITICAL, **more: str) -> Finding:
    return Finding("ratio_agrees", severity, more.pop("message", f"Sai ở {cell}. Hãy sửa."), sheet, cell, **more)


FINDINGS = (
    finding("Nhiệm vụ", "H8", code="III.1.3"),
    finding("Chỉ tiêu", "I9", Severity.WARNING),
    finding("Chỉ tiêu", "D12", code="A2.1", value="130", expected="không quá 120"),
    finding("Chỉ tiêu", "E14"),
    finding(None, None, message="Tệp thiếu một trang. Hãy dùng biểu mẫu đã gửi."),
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.seen.add(tag)
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(letter: Letter) -> set[str]:
    reader = _Tags()
    reader.feed(letter.html)
    assert reader.open == []
    return reader.seen


def with_figures(**counts: tuple[float | None, float | None]) -> Content:
    content = clean_content()
    table = content.tables["figures"]
    rows = tuple(_changed(row, counts.get((row.code or "").replace(".", "_"))) for row in table.rows)
    return replace(content, tables={**content.tables, "figures": replace(table, rows=rows)})


def _changed(row: Row, counts: tuple[float | None, float | None] | None) -> Row:
    if counts is None:
        return row
    return replace(row, values={**row.values, "numerator": counts[0], "denominator": counts[1]})


def test_findings_are_grouped_by_sheet_with_the_worst_first() -> None:
    groups = finding_groups(FINDINGS)
    assert [(group.sheet, group.critical) for group in groups] == [("Cả tệp", 1), ("Chỉ tiêu", 2), ("Nhiệm vụ", 1)]
    assert [line.place for line in groups[1].lines] == ["Ô D12", "Ô E14", "Ô I9"]


def test_a_mail_has_room_for_a_hundred_findings_and_says_how_many_more() -> None:
    many = [finding("Chỉ tiêu", f"D{row}") for row in range(110)] + [finding("Nhiệm vụ", "H8")]
    groups = finding_groups(many)
    assert [(len(group.lines), group.left_out) for group in groups] == [(100, 10), (0, 1)]
    letter = answer_returned(ANSWERED, Checked(clean_content(), tuple(many)))
    assert "còn 10 mục khác" in letter.text
    assert "còn 10 mục khác" in letter.html


def test_a_hundred_thousand_findings_are_a_short_letter() -> None:
    many = tuple(finding("Chỉ tiêu", f"D{row}") for row in range(100_000))
    letter = answer_returned(ANSWERED, Checked(clean_content(), many))
    assert "100000 lỗi" in letter.text
    assert "còn 99900 mục khác" in letter.text
    assert len(letter.html) < 300_000


def test_a_returned_report_says_what_to_mend_where_and_by_when() -> None:
    letter = answer_returned(ANSWERED, Checked(clean_content(), FINDINGS))
    assert letter.subject.startswith("Cần sửa 4 lỗi: ")
    assert "kỳ 10/2022, Sở Công Thương (lần 2)" in letter.subject
    for body in (letter.text, letter.html):
        for words in ("D12", "A2.1", "130", "không quá 120", "Sai ở H8. Hãy sửa.", "trước ngày 20/10/2022"):
            assert words in body
    assert "đính kèm" not in letter.text
    assert "tô đỏ" in answer_returned(replace(ANSWERED, has_marked_copy=True), Checked(clean_content(), FINDINGS)).text


def test_after_the_deadline_nobody_is_asked_to_be_on_time() -> None:
    late = replace(ANSWERED, now=ANSWERED.schedule.submit_before)
    assert "đã qua" in answer_returned(late, Checked(clean_content(), FINDINGS)).text
    just = replace(ANSWERED, now=ANSWERED.schedule.submit_before - timedelta(seconds=1))
    assert "đã qua" not in answer_returned(just, Checked(clean_content(), FINDINGS)).text
    for body in bodies(answer_accepted(late, Checked(clean_content(), ()))):
        assert "gửi lại ngay; lần nộp sau" in body
        assert "So kỳ trước tính" not in body
    invited = Invitation(PLAN, ANSWERED.schedule, date(2022, 10, 19), ANSWERED.schedule.submit_before)
    for body in bodies(form_letter(invited, ANSWERED.unit, "BC.xlsx", Known())):
        assert "trước ngày 20/10/2022 (đã qua; xin gửi ngay" in body
        assert "19/10/2022" not in body


def bodies(letter: Letter) -> tuple[str, str]:
    return letter.text, letter.html


def test_nobody_is_asked_to_answer_by_mail_where_no_answer_is_read() -> None:
    deaf = replace(ANSWERED, hears_replies=False)
    warned = Checked(clean_content(), (FINDINGS[1],))
    for body in bodies(answer_accepted(deaf, warned)):
        assert "trả lời thư này" not in body
        assert "báo lý do cho cán bộ tổng hợp" in body
    for body in bodies(answer_accepted(replace(deaf, has_marked_copy=True), warned)):
        assert body.count("cột Giải trình của tệp") == 1


def test_an_unreadable_file_is_called_so() -> None:
    bad = Finding("file_encrypted", Severity.CRITICAL, "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")
    letter = answer_returned(ANSWERED, Checked(Content(None, "SCT", PERIOD), (bad,)))
    assert letter.subject.startswith("Không đọc được tệp: ")
    assert "bỏ mật khẩu" in letter.html


def test_an_accepted_report_shows_the_figures_as_read() -> None:
    content = with_figures(A1=(1234, 2000), A2=(0, 0))
    letter = answer_accepted(replace(ANSWERED, previous={"A1": 60.0}), Checked(content, (FINDINGS[1],)))
    assert letter.subject.startswith("Đã tiếp nhận: ")
    assert "1.234/2.000 = 61,7% (chưa đạt mục tiêu 100%; so kỳ trước tăng 1,7)" in letter.text
    assert "0/0 = Không phát sinh" in letter.text
    assert "1.234/2.000" in letter.html
    assert "1 cảnh báo" in letter.text
    assert "đúng hạn" in letter.text
    late = answer_accepted(replace(ANSWERED, timeliness=Timeliness.LATE), Checked(content, ()))
    assert "nộp quá hạn" in late.text


def test_a_headline_without_a_ratio_stands_as_its_worst_component_does() -> None:
    lines = figure_lines(PLAN, with_figures(A4_1=(1, 100)), {})
    by_code = {line.code: line for line in lines}
    assert by_code["A4"].ratio == ""
    assert by_code["A4"].reached is False
    assert by_code["A4.2"].reached is True
    assert headline_counts(lines) == (14, 15)


def test_what_did_not_occur_is_neither_reached_nor_missed() -> None:
    lines = figure_lines(PLAN, with_figures(A4_1=(0, 0), A4_2=(0, 0), A1=(0, 0)), {"A1": 50.0})
    by_code = {line.code: line for line in lines}
    assert by_code["A4"].reached is None
    assert (by_code["A1"].ratio, by_code["A1"].change) == ("Không phát sinh", "")
    assert headline_counts(lines) == (13, 13)


@pytest.mark.parametrize(
    ("before", "words"),
    [(90.0, "tăng 10"), (99.97, "tăng 0,1"), (99.9999999, "tăng 0,1"), (100.0, "không đổi"), (None, "")],
)
def test_the_change_is_said_in_words(before: float | None, words: str) -> None:
    assert {line.code: line.change for line in figure_lines(PLAN, clean_content(), {"A1": before})}["A1"] == words


def test_the_final_form_compares_no_flow_with_a_month() -> None:
    before = {"A3": 60.0, "B1": 60.0}
    final = {line.code: line.change for line in figure_lines(PLAN, clean_content(form="tong-ket"), before)}
    monthly = {line.code: line.change for line in figure_lines(PLAN, clean_content(), before)}
    assert (final["A3"], final["B1"]) == ("", "tăng 40")
    assert (monthly["A3"], monthly["B1"]) == ("tăng 40", "tăng 40")


def test_a_form_without_figures_has_no_table_of_figures() -> None:
    assert "SỐ LIỆU ĐÃ ĐỌC" not in answer_accepted(ANSWERED, Checked(Content("phan-cong", "SCT", PERIOD), ())).text


def test_a_duplicate_and_a_held_file_are_told_apart() -> None:
    assert "gửi nhầm tệp chưa sửa" in answer_duplicate(ANSWERED, Verdict.REJECTED).text
    assert "không phải làm gì thêm" in answer_duplicate(ANSWERED, Verdict.ACCEPTED).text
    note = quarantine_note(PLAN, "bc.xlsx", RECEIVED, "Tệp ghi đơn vị khác.", unit=ANSWERED.unit, where="quarantine/1")
    for words in ("Tệp ghi đơn vị khác.", "Sở Công Thương", "quarantine/1", "09 giờ 30 ngày 18/10/2022"):
        assert words in note.text
        assert words in note.html


def test_text_from_a_workbook_stays_text() -> None:
    evil = '<script>alert(1)</script><img src=x onerror="y">{{ 7 * 7 }}'
    held = finding("Chỉ tiêu", "D12", message=evil, value=evil, expected=evil)
    answered = replace(ANSWERED, file_name=evil)
    letters = (
        answer_returned(answered, Checked(clean_content(), (held,))),
        answer_accepted(answered, Checked(clean_content(), (replace(held, severity=Severity.WARNING),))),
        answer_duplicate(answered, Verdict.ACCEPTED),
        quarantine_note(PLAN, evil, RECEIVED, evil, where=evil),
    )
    for letter in letters:
        assert not {"script", "img"} & tags(letter)
        assert "{{ 7 * 7 }}" in letter.text
