"""Proposals answered by reply to the report's mail, through real Dovecot and SMTP servers; heard from readers alone."""

from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from support.mail.mailboxes import NOW, OURS, SCT, SNV, House, letter

from baocao.decisions.proposals import listed
from baocao.domain.planned.period import Period
from baocao.domain.received.replied import Said, read_said
from baocao.domain.reported.followed import ProposalState
from baocao.domain.reported.progress import Difficulty
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter
from baocao.mail.outbox import enqueue
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.published import proposals

BOARD = "bcd.chuyendoiso@ninhbinh.example"
REPORT = "report/2022-09/v1/thu"


def test_what_lines_say_of_proposals() -> None:
    told = read_said(
        [
            "Kính gửi Sở,",
            "Kiến nghị số 1: Đồng ý; bố trí 200 triệu; thực hiện: Sở Tài chính; hạn: 30/11/2022.",
            "- kien nghi 2 đã xong: đã ban hành định mức",
            "Kiến nghị số 3: xem xét; hạn: sớm",
            "Kiến nghị số 4:",
            "Kiến nghị số 5: được; hạn: 31/02/2022",
            "> Kiến nghị số 6: trích lại",
        ]
    )
    assert told == [
        Said(1, False, "Đồng ý; bố trí 200 triệu", "Sở Tài chính", date(2022, 11, 30)),
        Said(2, True, "đã ban hành định mức"),
        Said(3, False, "xem xét; hạn: sớm"),
        Said(5, False, "được; hạn: 31/02/2022"),
    ]


def put(mail: House) -> str:
    """A proposal of SCT, and the report's mail to its readers; its Message-ID."""
    asked = [
        Difficulty(unit=unit, difficulty="Thiếu kinh phí", proposal="Cấp vốn", is_beyond_authority=True)
        for unit in ("SCT", "STTTT")
    ]
    workspace = mail.workspace
    sent = letter_to(workspace, [("Ban Chỉ đạo", BOARD)], REPORT, Letter("Báo cáo tháng", "chữ", "<p>chữ</p>"))
    with writing(workspace.engine) as connection:
        proposals.put_forward(connection, asked, {"SCT", "STTTT"}, Period(2022, 9))
        enqueue(connection, [sent], workspace.outbox_folder, NOW)
    mail.collect(NOW)
    (found,) = [message_from_bytes(one.content) for one in mail.out.received if BOARD in one.recipients]
    return str(found["message-id"])


def reply(mail: House, thread: str, said: str, number: int, sender: str, vouched: list[str] | None = None) -> None:
    message = letter(text=said, sender=sender, vouched=vouched, number=number, subject="Re: Báo cáo tháng")
    message["In-Reply-To"] = thread
    mail.mailbox.put(message.as_bytes(), NOW + timedelta(hours=number))
    mail.collect(NOW + timedelta(hours=number))


def answers(mail: House, to: str) -> list[str]:
    letters = [
        message_from_bytes(one.content, policy=policy.default) for one in mail.out.received if to in one.recipients
    ]
    bodies = [one.get_body(("plain",)) for one in letters]
    return [" ".join(str(body.get_content()).split()) for body in bodies if body]


@pytest.mark.slow
def test_readers_answer_by_reply_units_say_what_is_done_and_nobody_else(mail: House) -> None:
    thread = put(mail)
    failed = f"{OURS}; dmarc=fail header.from=ninhbinh.example"
    reply(mail, thread, "Kiến nghị số 1: giả danh", 2, BOARD, vouched=[failed])
    reply(mail, thread, "Kiến nghị số 1: tự trả lời", 3, SCT)
    reply(mail, thread, "Kiến nghị số 1 đã xong: không phải của mình", 4, SNV)
    assert listed(mail.workspace)[0].state is ProposalState.WAITING
    assert len([one for one in answers(mail, SCT) if "không phải nơi được hỏi" in one]) == 1
    reply(mail, thread, "Kiến nghị số 1: Đồng ý; thực hiện: SNV; hạn: 30/11/2022\nKiến nghị số 9: gì đó", 5, BOARD)
    one, other = listed(mail.workspace)
    assert other.answer == one.answer, "printed under one number, answered together"
    assert one.answer
    assert (one.answer.text, one.answer.owner, one.answer.due) == ("Đồng ý", "SNV", "2022-11-30")
    (told,) = [text for text in answers(mail, BOARD) if "trả lời kiến nghị số 1" in text]
    assert "Kiến nghị số 9: chưa ghi" in told
    assert any("Trả lời kiến nghị số 1" in text for text in answers(mail, SNV)), "its owner is written to"
    reply(mail, thread, "Kiến nghị số 1 đã xong: đã cấp vốn", 6, SCT)
    states = [one.state for one in listed(mail.workspace)]
    assert states == [ProposalState.DONE, ProposalState.ANSWERED], "what a unit says is said of its own"
    with reading(mail.workspace.engine) as connection:
        book = [(one.action, one.channel, one.reason) for one in audit.entries(connection)]
    assert book == [("answer_proposal", "mail", "Đồng ý"), ("close_proposal", "mail", "đã cấp vốn")]
