"""A signed report released by mail, through real Dovecot and SMTP servers: by whom it was asked of, and once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support.mail.mailboxes import OCTOBER, House, house, letter, plain_text
from support.reports.authority import Authority, Person, blank_pdf
from support.servers.imap import ImapServer
from support.servers.smtp import smtp_server
from support.stores.facts import submit

from baocao.reporting.preparation import prepare_report
from baocao.reporting.prepared import latest_report
from baocao.reporting.report_mail import PDF_FILE
from baocao.reporting.signed.release import register
from baocao.reporting.signed.requests import await_signature
from baocao.store.reports import ReportState
from baocao.system.clock import Clock

ASKED = datetime(2022, 10, 24, 1, 0, tzinfo=UTC)
ANSWERED = ASKED + timedelta(hours=1)
OFFICER, OTHER = "canbo.tonghop@ninhbinh.example", "vanphong.soct@ninhbinh.example"
WRITTEN = "Kính gửi hệ thống,\nSố: 123/BC-STTTT\nNgày 24 tháng 10 năm 2022"


@pytest.fixture
def authority() -> Authority:
    return Authority("Tổ chức chứng thực mẫu")


@pytest.fixture
def leader(authority: Authority) -> Person:
    return authority.person("Lãnh đạo Mẫu")


@pytest.fixture
def asked(
    mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> Iterator[House]:
    """A house whose October report waits for its signed file."""
    mailbox.empty()
    trusted = tmp_path / "tin-cay.pem"
    trusted.write_bytes(authority.pem())
    wishes = {"release": "signed", "signers": trusted}
    with smtp_server() as out, house(tmp_path / "home", mailbox, out, monkeypatch, **wishes) as running:
        workspace, clock = running.workspace, Clock(ASKED, is_simulated=False)
        submit(workspace.engine)
        prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
        prepared.folder.mkdir(parents=True)
        (prepared.folder / PDF_FILE).write_bytes(blank_pdf())
        assert await_signature(workspace, prepared, clock)
        running.collect(ASKED)
        yield running


def reply(
    mail: House, said: str, *files: bytes, number: int = 1, sender: str = OFFICER, vouched: list[str] | None = None
) -> None:
    """A reply to the request, as mail programs write it, with PDFs."""
    (request,) = mail.mails(OFFICER, "CHỜ KÝ SỐ")
    quoted = f"{said}\n\nVào 08:00, Sở Thông tin và Truyền thông đã viết:\n> Số 9/BC-CU ngày 01/01/2020\n"
    answer = letter(text=quoted, sender=sender, vouched=vouched, number=number, subject=f"Re: {request['subject']}")
    for place, data in enumerate(files):
        answer.add_attachment(data, "application", "pdf", filename=f"da-ky-{place}.pdf")
    answer["In-Reply-To"] = request["message-id"]
    mail.mailbox.put(answer.as_bytes(), ANSWERED)
    mail.collect(ANSWERED)


def asked_for(mail: House) -> bytes:
    """The file that the request brought."""
    (request,) = mail.mails(OFFICER, "CHỜ KÝ SỐ")
    (part,) = [one for one in request.iter_attachments() if one.get_content_type() == "application/pdf"]
    data: bytes = part.get_payload(decode=True)
    return data


def state(mail: House) -> ReportState:
    record = latest_report(mail.workspace, OCTOBER)
    assert record is not None
    return record.state


@pytest.mark.slow
def test_a_signed_report_is_released_by_reply_once_and_answered(asked: House, leader: Person) -> None:
    (request,) = asked.mails(OFFICER, "CHỜ KÝ SỐ")
    assert "trả lời thư này" in plain_text(request)
    signed = leader.sign(asked_for(asked))
    reply(asked, WRITTEN, signed)
    assert state(asked) is ReportState.PUBLISHED
    (one,) = register(asked.workspace)
    assert (one.number, one.dated.isoformat(), one.signers[0][0]) == ("123/BC-STTTT", "2022-10-24", leader.name)
    assert one.released_by.endswith(f"({OFFICER})")
    (answer,) = asked.mails(OFFICER, "Đã phát hành")
    assert "số 123/BC-STTTT ngày 24/10/2022; người ký: Lãnh đạo Mẫu" in plain_text(answer)
    assert (answer["in-reply-to"], request["message-id"] in answer["references"]) == ("<thu.1@soct.example>", True)
    sent = list(asked.workspace.outbox_folder.glob("report~2022-10*.eml"))
    attached = message_from_bytes(sent[0].read_bytes(), policy=policy.default).walk()
    assert signed in [part.get_payload(decode=True) for part in attached]

    reply(asked, WRITTEN.replace("123", "124"), signed, number=2)  # once more, under another number
    assert [one.number for one in register(asked.workspace)] == ["123/BC-STTTT"]
    assert len(asked.mails(OFFICER, "số 123/BC-STTTT ngày 24/10/2022")) == 2


@pytest.mark.slow
def test_what_cannot_be_released_is_said_with_its_reason(asked: House, authority: Authority, leader: Person) -> None:
    ours = asked_for(asked)
    signed = leader.sign(ours)
    reply(asked, "Kính gửi, đã ký", signed, number=1)
    reply(asked, WRITTEN, number=2)
    reply(asked, WRITTEN, signed, leader.sign(ours, "Ky2"), number=3)
    reply(asked, WRITTEN, Authority("Tổ chức khác").person("Người Lạ").sign(ours), number=4)
    reply(asked, WRITTEN, ours, number=5)
    told = [plain_text(one) for one in asked.mails(OFFICER, "Chưa phát hành")]
    reasons = ("thiếu số hoặc ngày", "kèm 0 tệp PDF", "kèm 2 tệp PDF", "BAOCAO_SIGNERS", "chưa có chữ ký số")
    assert [reason in one for reason, one in zip(reasons, told, strict=True)] == [True] * len(reasons)
    assert (state(asked), register(asked.workspace)) == (ReportState.SIGNING, [])


@pytest.mark.slow
def test_nobody_else_releases_a_report(asked: House, leader: Person) -> None:
    signed = leader.sign(asked_for(asked))
    reply(asked, WRITTEN, signed, number=1, vouched=[])
    reply(asked, WRITTEN, signed, number=2, sender=OTHER)
    assert (state(asked), register(asked.workspace)) == (ReportState.SIGNING, [])
    assert len(asked.mails(OFFICER, "không được máy chủ thư xác nhận, nên chưa phát hành gì")) == 1
    assert asked.mails(OFFICER, "Đã phát hành") == []
