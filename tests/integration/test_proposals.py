"""A proposal's life over four months, read in the reports: put, waited for, answered, reminded, done."""

from datetime import date, datetime
from typing import Any

import pytest
from support.reports.words import part, told
from support.stores.facts import submit
from support.stores.houses import clock_at, lived_in
from support.workbooks.content import clean_content, with_rows

from baocao.decisions.proposals import answer, close, listed
from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Content
from baocao.domain.reported.followed import ProposalState
from baocao.domain.reported.report import Report
from baocao.reporting.preparation import prepare_report, publish_report
from baocao.store import audit
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace
from deployments.commands.reports.proposals import answer as answer_it
from deployments.commands.reports.proposals import list_all

MONTHS = [Period(2022, 9), Period(2022, 10), Period(2022, 11), Period(2022, 12)]
HARD = {
    "difficulty": "Chưa có định mức chi cho thuê dịch vụ",
    "cause": "Chưa có hướng dẫn",
    "proposal": "Ban hành định mức",
    "settled_by": "UBND tỉnh",
    "is_beyond_authority": True,
}


def month(period: Period, unit: str = "SCT", *rows: dict[str, Any]) -> Content:
    content = clean_content(unit=unit, period=period, cutoff=date(period.year, period.month, 18))
    return with_rows(content, "difficulties", *rows) if rows else content


def reported(workspace: Workspace, period: Period) -> Report:
    clock = clock_at(workspace, f"{period}-24T08:00")
    prepared = prepare_report(workspace, period, clock, is_draft=False)
    assert publish_report(workspace, prepared, clock)
    assert isinstance(prepared.report, Report)
    return prepared.report


def followed(report: Report) -> list[str]:
    lines = part(report, "proposals")
    heads = [place for place, text in enumerate(lines) if text.startswith("Kiến nghị đã trình")]
    return list(lines[heads[0] :]) if heads else []


def asked(report: Report) -> str:
    return "\n".join(next(one for one in told(report).sections if one.title == "KÍNH ĐỀ NGHỊ QUYẾT ĐỊNH").paragraphs)


@pytest.mark.slow
def test_a_proposal_is_put_waits_is_answered_and_ends_when_the_unit_says_so(
    workspace: Workspace, monkeypatch: Any, capsys: Any
) -> None:
    own = {**HARD, "difficulty": "Máy quét cũ", "proposal": "Thay máy", "is_beyond_authority": None}
    submit(workspace.engine, month(MONTHS[0], "SCT", HARD, own))
    first = reported(workspace, MONTHS[0])
    assert followed(first) == []
    assert "ban hành định mức" in asked(first)
    assert [(one.number, one.state) for one in listed(workspace)] == [
        (1, ProposalState.WAITING),
        (2, ProposalState.WAITING),
    ]

    submit(workspace.engine, month(MONTHS[1], "SCT", {**HARD, "difficulty": f"- {HARD['difficulty']}."}, own))
    second = reported(workspace, MONTHS[1])
    assert followed(second) == []
    assert "nêu từ 09/2022, đến nay 02 kỳ chưa có trả lời được ghi nhận; kiến nghị số 1" in asked(second)

    clock = clock_at(workspace, "2022-11-05T09:00")
    signed = sign("Văn phòng UBND tỉnh", "Đồng ý", clock)
    answer(workspace, 1, signed, "SNV", date(2022, 11, 30))
    submit(workspace.engine, month(MONTHS[2], "SCT", HARD, own))
    third = reported(workspace, MONTHS[2])
    (line,) = followed(third)
    assert line.startswith(
        "Kiến nghị đã trình số 1 (Sở Công Thương, nêu từ tháng 9 năm 2022): Văn phòng UBND tỉnh trả lời ngày 05/11/2022"
    )
    assert line.endswith(": Đồng ý; thực hiện: Sở Nội vụ, hạn 30/11/2022.")
    assert "định mức" not in asked(third)

    submit(workspace.engine, month(MONTHS[3], "SCT", {**HARD, "proposal": "Đã được giải quyết"}, own))
    last = reported(workspace, MONTHS[3])
    assert followed(last) == [
        "Kiến nghị đã trình số 1 (Sở Công Thương, nêu từ tháng 9 năm 2022): đã xong, đơn vị không còn nêu."
    ]
    with pytest.raises(UsageError, match="đã xong"):
        answer(workspace, 1, signed, "", None)

    with reading(workspace.engine) as connection:
        letters = [one for one in list_messages(connection) if one.kind == "proposal"]
        (entry,) = (one for one in audit.entries(connection) if one.action == "answer_proposal")
    unit, owner = workspace.plan.unit_by_code["SCT"].email, workspace.plan.unit_by_code["SNV"].email
    assert {one.key: {to.recipient for to in one.deliveries} for one in letters} == {
        f"proposal/1/answered/{entry.id}": {unit, owner},
        "proposal/1/remind/2022-11": {owner},
    }
    assert (entry.who, entry.subject, entry.reason) == (signed.name, "proposal/1", signed.reason)
    with lived_in(workspace.settings, monkeypatch):
        list_all(is_all=True, as_json=True)
        assert '"state": "done"' in capsys.readouterr().out


@pytest.mark.slow
def test_an_answer_to_a_number_that_units_share_holds_for_all_of_them(
    workspace: Workspace, monkeypatch: Any, capsys: Any
) -> None:
    for unit in ("SCT", "SNV"):
        submit(workspace.engine, month(MONTHS[0], unit, HARD))
    assert "kiến nghị số 1)" in asked(reported(workspace, MONTHS[0]))
    with lived_in(workspace.settings, monkeypatch):
        answer_it(1, "UBND tỉnh", "Đồng ý", "STTTT", as_of=datetime(2022, 10, 5, 9))
    assert "kiến nghị số 1 của SCT, cùng nội dung với số 2 của SNV; báo cáo kỳ tới" in capsys.readouterr().out
    assert {one.state for one in listed(workspace)} == {ProposalState.ANSWERED}

    for unit in ("SCT", "SNV"):
        submit(workspace.engine, month(MONTHS[1], unit, HARD))
    second = reported(workspace, MONTHS[1])
    (line,) = followed(second)
    assert line.startswith("Kiến nghị đã trình số 1 (Sở Công Thương và Sở Nội vụ, nêu từ tháng 9 năm 2022): UBND tỉnh")
    assert "định mức" not in asked(second)
    with reading(workspace.engine) as connection:
        letters = [one for one in list_messages(connection) if one.kind == "proposal"]
    written = {one.key.split("/")[2]: {to.recipient for to in one.deliveries} for one in letters}
    mail = {code: unit.email for code, unit in workspace.plan.unit_by_code.items()}
    assert written == {"answered": set(mail.values()), "remind": {mail["STTTT"]}}

    submit(workspace.engine, month(MONTHS[2], "SCT"))
    submit(workspace.engine, month(MONTHS[2], "SNV", HARD))
    assert followed(reported(workspace, MONTHS[2]))[0] == "Kiến nghị đã trình: 01 đã trả lời, 01 đã xong."


@pytest.mark.slow
def test_a_person_closes_a_proposal_and_a_report_made_before_does_not_know(workspace: Workspace) -> None:
    submit(workspace.engine, month(MONTHS[0], "SCT", HARD))
    reported(workspace, MONTHS[0])
    submit(workspace.engine, month(MONTHS[1], "SCT", HARD))
    made = clock_at(workspace, "2022-10-24T08:00")
    before = prepare_report(workspace, MONTHS[1], made, is_draft=False)
    later = clock_at(workspace, "2022-10-24T09:00")
    answer(workspace, 1, sign("UBND tỉnh", "Đồng ý", later), "Bà Mẫu <mau@example.com>", None)
    close(workspace, 1, sign("Cán bộ", "đã có Quyết định 12", later))
    assert prepare_report(workspace, MONTHS[1], later, is_draft=False).report == before.report
    assert publish_report(workspace, before, later)

    submit(workspace.engine, month(MONTHS[2], "SCT", HARD))
    after = reported(workspace, MONTHS[2])
    assert followed(after)[-1].endswith("đã xong, đã có Quyết định 12.")
    assert "định mức" not in asked(after)
    with pytest.raises(UsageError, match="Không có kiến nghị số 9"):
        close(workspace, 9, sign("Cán bộ", "xong", later))
