"""Reports by mail, through a real Dovecot and a real SMTP server: taken, checked, answered in the thread."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from factories import cell_of
from imap_server import ImapServer, imap_server
from mailbox_factory import NOW, OCTOBER, SCT, House, house, letter, report_file
from openpyxl import load_workbook
from smtp_server import smtp_server

from baocao.store.database import reading
from baocao.store.submissions import of_period


@pytest.fixture(scope="module")
def mailbox() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def mail(mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    mailbox.empty()
    with smtp_server() as out, house(tmp_path / "home", mailbox, out, monkeypatch) as running:
        yield running


def answers(mail: House, to: str = SCT) -> list[EmailMessage]:
    received = [one.content for one in mail.out.received if to in one.recipients]
    return [message_from_bytes(one, policy=policy.default) for one in received]


def verdicts(mail: House) -> list[tuple[str, int, str]]:
    with reading(mail.workspace.engine) as connection:
        return [(one.unit, one.version, one.verdict.value) for one in of_period(connection, OCTOBER)]


def with_fault(data: bytes) -> bytes:
    book = load_workbook(BytesIO(data))
    cell_of(book, "Chỉ tiêu", "A1", "Tử số").value = "chưa rõ"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_returned_then_corrected_in_reply_is_version_2(mail: House, tmp_path: Path) -> None:
    good = report_file(mail.workspace, tmp_path)
    mail.mailbox.put(letter([("báo cáo tháng 10.xlsx", with_fault(good))]).as_bytes(), NOW)
    mail.collect()
    assert verdicts(mail) == [("SCT", 1, "rejected")]
    (returned,) = answers(mail)
    again = letter([("báo cáo đã sửa.xlsx", good)], number=2, In_Reply_To=returned["message-id"])
    again["References"] = f"{returned['references']} {returned['message-id']}"
    mail.mailbox.put(again.as_bytes(), NOW)
    mail.collect()

    assert verdicts(mail) == [("SCT", 1, "rejected"), ("SCT", 2, "accepted")]
    _, accepted = answers(mail)
    assert returned["subject"] == accepted["subject"] == "Re: Báo cáo tháng 10 năm 2022"
    assert returned["in-reply-to"] == "<thu.1@soct.example>"
    assert accepted["in-reply-to"] == "<thu.2@soct.example>"
    thread = ["<thu.1@soct.example>", returned["message-id"], "<thu.2@soct.example>"]
    assert accepted["references"].split() == thread
    assert mail.mailbox.messages() == []
    assert len(mail.mailbox.messages("Da-xu-ly")) == 2
