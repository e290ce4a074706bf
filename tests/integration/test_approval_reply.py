"""Approval by reply, through real Dovecot and SMTP servers: heard once, from the approver only, and answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.mail.mailboxes import OCTOBER, OURS, SCT, House, house, letter, plain_text
from support.servers.imap import ImapServer
from support.servers.smtp import smtp_server
from support.stores.facts import submit

from baocao.reporting import approval_requests
from baocao.reporting.preparation import prepare_report, render_report
from baocao.reporting.prepared import latest_report
from baocao.store.audit import entries
from baocao.store.engine.database import reading
from baocao.system.clock import Clock

ASKED = datetime(2022, 10, 24, 1, 0, tzinfo=UTC)
ANSWERED = ASKED + timedelta(hours=1)
LEADER, OFFICER = "lanhdao.sotttt@ninhbinh.example", "canbo.tonghop@ninhbinh.example"
NAME = "Lãnh đạo Sở Thông tin và Truyền thông"


@pytest.fixture
def asked(mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose October report was put forward to its approver by mail."""
    mailbox.empty()
    with smtp_server() as out, house(tmp_path / "home", mailbox, out, monkeypatch, approval="required") as running:
        put_forward(running)
        running.collect(ASKED)
        yield running


def put_forward(mail: House) -> None:
    clock = Clock(ASKED, is_simulated=False)
    prepared = prepare_report(mail.workspace, OCTOBER, clock, is_draft=False)
    render_report(mail.workspace, prepared)
    approval_requests.ask(mail.workspace, prepared, clock)


def reply(mail: House, line: str, number: int = 1, *, sender: str = LEADER, vouched: list[str] | None = None) -> None:
    """A reply to the request, as mail programs write it."""
    (request, *_) = mail.mails(LEADER, "CHỜ DUYỆT")
    said = f"{line}\n\nVào 08:00, Sở Thông tin và Truyền thông đã viết:\n> Xin trả lời thư này\n> Đồng ý\n"
    subject = f"Re: {request['subject']}"
    answer = letter(text=said, sender=sender, vouched=vouched, number=number, subject=subject)
    answer["In-Reply-To"] = request["message-id"]
    mail.mailbox.put(answer.as_bytes(), ANSWERED)
    mail.collect(ANSWERED)


def decision(mail: House) -> tuple[str, str | None, str | None]:
    record = latest_report(mail.workspace, OCTOBER)
    assert record is not None
    return record.state.value, record.decided_by, record.decision_reason


def book(mail: House) -> list[tuple[str, str, str]]:
    with reading(mail.workspace.engine) as connection:
        return [(one.action, one.who, one.reason) for one in entries(connection, OCTOBER)]


@pytest.mark.slow
def test_approved_by_reply_once_and_answered(asked: House) -> None:
    (request,) = asked.mails(LEADER)
    assert "Hệ thống ghi ý kiến, làm theo và trả lời ngay" in plain_text(request)
    reply(asked, "Đồng ý.")
    assert decision(asked) == ("approved", NAME, "")
    assert book(asked) == [("approve", NAME, "")]
    (answer,) = asked.mails(LEADER, "Đã ghi")
    assert f"{NAME} DUYỆT báo cáo kỳ 10/2022 (lần 1)" in plain_text(answer)
    assert answer["in-reply-to"] == "<thu.1@soct.example>"
    assert request["message-id"] in answer["references"]
    assert asked.mailbox.messages("Da-xu-ly")

    reply(asked, "Đồng ý.")  # the very message once more, and another one
    reply(asked, "Đồng ý", number=2)
    assert book(asked) == [("approve", NAME, "")]
    assert len(asked.mails(LEADER, "Đã ghi")) == 2


@pytest.mark.slow
def test_refused_by_reply_with_its_reason(asked: House) -> None:
    reply(asked, "Không duyệt")
    assert decision(asked)[0] == "awaiting"
    assert len(asked.mails(LEADER, "cần nêu lý do")) == 1
    reply(asked, "Không duyệt: số liệu B4 cần xem lại", number=2)
    assert decision(asked) == ("refused", NAME, "số liệu B4 cần xem lại")
    assert len(asked.mails(OFFICER, "KHÔNG ĐƯỢC DUYỆT")) == 1
    assert len(asked.mails(LEADER, "Báo cáo không được gửi đi")) == 1


def test_what_is_no_decision_is_asked_about(asked: House) -> None:
    reply(asked, "Đồng ý nhưng sửa lại B4")
    assert (decision(asked)[0], book(asked)) == ("awaiting", [])
    assert len(asked.mails(LEADER, "Chưa rõ ý kiến")) == 1


@pytest.mark.slow
def test_nobody_else_is_heard(asked: House) -> None:
    failed = f"{OURS}; dmarc=fail header.from=ninhbinh.example"
    reply(asked, "Đồng ý", 1, vouched=[failed])
    reply(asked, "Đồng ý", 2, vouched=[])
    reply(asked, "Đồng ý", 3, sender=SCT)
    reply(asked, "Đồng ý", 4, sender="la@evil.example")
    assert (decision(asked)[0], book(asked)) == ("awaiting", [])
    assert len(asked.mails(OFFICER, "không được máy chủ thư xác nhận, nên chưa ghi quyết định nào")) == 2
    assert asked.mails(LEADER, "Đã ghi") == []


@pytest.mark.slow
def test_a_reply_about_facts_that_have_changed_decides_nothing(asked: House) -> None:
    submit(asked.workspace.engine)
    put_forward(asked)
    reply(asked, "Đồng ý")
    assert (decision(asked)[0], book(asked)) == ("awaiting", [])
    assert len(asked.mails(LEADER, "số liệu đã thay đổi sau đó")) == 1
