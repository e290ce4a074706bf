"""An approver who does not answer is reminded by the daily catch-up as the day comes near, once a day."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at, house

from baocao.domain.planned.job import Job
from baocao.domain.signature import Signature
from baocao.oversight.agenda import due
from baocao.oversight.alerts import queue_digest
from baocao.reporting import approval, approval_requests
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.store.audit import entries
from baocao.store.engine.database import reading, writing
from baocao.store.homes import note_beginning
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What the two databases do alike is asked of both in the tests without this mark; a report takes its seconds."""


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Workspace:
    made = house(tmp_path / "home", database_url, approval="required")
    with writing(made.engine) as connection:
        note_beginning(connection, clock_at(made, "2022-10-01T08:00").now)
    return made


def morning(workspace: Workspace, moment: str) -> list[str]:
    """What a catch-up does about October's report at this hour; the letters to the approver so far."""
    clock = clock_at(workspace, moment)
    if any(event.job is Job.REPORT and event.period == OCTOBER for event in due(workspace, clock)):
        prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
        if approval.is_waiting(workspace, prepared):
            render_report(workspace, prepared)
            approval_requests.ask(workspace, prepared, clock)
    letters = sorted(workspace.outbox_folder.glob("approve~*.eml"), key=lambda path: path.name)
    return [path.stem.rpartition("~")[2] for path in letters]


def subjects(workspace: Workspace) -> list[str]:
    with reading(workspace.engine) as connection:
        return [one.subject for one in list_messages(connection, kind="approve")]


@pytest.mark.slow
def test_reminded_each_day_until_decided(workspace: Workspace) -> None:
    assert morning(workspace, "2022-10-21T08:00") == []  # the report is made on the 24th
    first = morning(workspace, "2022-10-24T08:00")
    assert len(first) == 1
    assert "nhac" not in first[0]
    assert subjects(workspace) == ["Trình duyệt: báo cáo kỳ 10/2022 (lần 1)"]  # a request, however late it is
    assert morning(workspace, "2022-10-24T17:00") == first
    second = morning(workspace, "2022-10-25T07:30")
    assert second == [*first, "nhac-2022-10-25"]
    assert "Nhắc duyệt: báo cáo kỳ 10/2022 (lần 1)" in subjects(workspace)
    approval.refuse(workspace, OCTOBER, "Nguyễn Văn Mẫu", "xem lại", clock_at(workspace, "2022-10-25T09:00"))
    assert morning(workspace, "2022-10-26T07:30") == second


@pytest.mark.slow
@SQLITE
def test_a_report_made_early_is_put_forward_first_and_reminded_of_later(workspace: Workspace) -> None:
    clock = clock_at(workspace, "2022-10-20T09:00")  # by hand, as soon as the period has closed
    prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    render_report(workspace, prepared)
    approval_requests.ask(workspace, prepared, clock)
    (first,) = workspace.outbox_folder.glob("approve~*.eml")
    assert "nhac" not in first.name
    assert "nhac-2022-10-24" in morning(workspace, "2022-10-24T08:00")
    approval.approve(workspace, OCTOBER, "Nguyễn Văn Mẫu", clock_at(workspace, "2022-10-24T09:00"))
    assert len(morning(workspace, "2022-10-25T07:30")) == 2


@pytest.mark.slow
@SQLITE
def test_a_correction_that_waits_is_chased_too(workspace: Workspace) -> None:
    morning(workspace, "2022-10-24T08:00")
    clock = clock_at(workspace, "2022-10-24T09:00")
    approval.approve(workspace, OCTOBER, "Nguyễn Văn Mẫu", clock)
    prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    assert publish_report(workspace, prepared, clock)
    assert morning(workspace, "2022-10-26T07:30") == morning(workspace, "2022-10-25T07:30")  # nothing is left to do

    submit(workspace.engine)
    later = clock_at(workspace, "2022-11-02T09:00")
    correction = prepare_report(
        workspace, OCTOBER, later, is_draft=False, correction=Signature("cán bộ", "SCT nộp bổ sung", later.now)
    )
    render_report(workspace, correction)
    approval_requests.ask(workspace, correction, later)
    before = len(morning(workspace, "2022-11-02T17:00"))
    assert len(morning(workspace, "2022-11-03T07:30")) == before + 1
    assert "Nhắc duyệt: báo cáo kỳ 10/2022 (lần 2)" in subjects(workspace)


@pytest.mark.slow
def test_what_was_decided_stays_in_the_book_through_the_next_submission(workspace: Workspace) -> None:
    morning(workspace, "2022-10-24T08:00")
    clock = clock_at(workspace, "2022-10-24T09:00")
    for name, reason in ((" ", "xem lại"), ("Nguyễn Văn Mẫu", " ")):
        with pytest.raises(UsageError):
            approval.refuse(workspace, OCTOBER, name, reason, clock)
    with pytest.raises(UsageError, match="họ tên"):
        approval.approve(workspace, OCTOBER, "  ", clock)
    for _ in range(2):  # the second time it is known
        approval.refuse(workspace, OCTOBER, "Nguyễn Văn Mẫu", "B4 của SCT cần xem lại", clock)
    submit(workspace.engine)
    morning(workspace, "2022-10-24T10:00")
    approval.approve(workspace, OCTOBER, "Nguyễn Văn Mẫu", clock_at(workspace, "2022-10-24T11:00"))
    with reading(workspace.engine) as connection:
        book = [(one.action, one.who, one.reason, one.period) for one in entries(connection)]
    assert book == [
        ("refuse", "Nguyễn Văn Mẫu", "B4 của SCT cần xem lại", "2022-10"),
        ("approve", "Nguyễn Văn Mẫu", "", "2022-10"),
    ]
    again = next(one for one in workspace.outbox_folder.glob("approve~*.eml") if "B4 của SCT cần xem lại" in said(one))
    assert "Bản trình trước không được duyệt (Nguyễn Văn Mẫu" in said(again)


@SQLITE
def test_a_refusal_is_mailed_to_those_who_must_act_and_the_digest_says_what_helps(workspace: Workspace) -> None:
    morning(workspace, "2022-10-24T08:00")
    assert "trả lời thư trình" in digest(workspace, "2022-10-24T18:00")
    approval.refuse(workspace, OCTOBER, "Nguyễn Văn Mẫu", "B4 cần xem lại", clock_at(workspace, "2022-10-25T09:00"))
    (letter,) = workspace.outbox_folder.glob("refusal~*.eml")
    assert "KHÔNG ĐƯỢC DUYỆT" in said(letter)
    assert "B4 cần xem lại" in said(letter)
    with reading(workspace.engine) as connection:
        (message,) = list_messages(connection, kind="refusal")
    assert [one.recipient for one in message.deliveries] == [
        "canbo.tonghop@ninhbinh.example",
        workspace.plan.unit_by_code[workspace.plan.coordinator].email,
    ]
    told = digest(workspace, "2022-10-25T18:00")
    assert "không được Nguyễn Văn Mẫu duyệt: B4 cần xem lại" in told
    assert "báo cáo tổng hợp kỳ 10/2022" not in told.lower()


@SQLITE
def test_the_request_asks_a_leader_for_a_reply_and_not_for_commands(workspace: Workspace) -> None:
    morning(workspace, "2022-10-24T08:00")
    (letter,) = workspace.outbox_folder.glob("approve~*.eml")
    assert "Xin trả lời thư này" in said(letter)
    assert not [word for word in ("baocao report", "Resume", "--approve") if word in said(letter)]


def said(path: Path) -> str:
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def digest(workspace: Workspace, moment: str) -> str:
    clock = clock_at(workspace, moment)
    queue_digest(workspace, clock)
    return said(workspace.outbox_folder / f"digest~{clock.now:%Y-%m-%d}.eml")
