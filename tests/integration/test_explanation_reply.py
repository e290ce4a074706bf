"""Warnings explained by reply, through real Dovecot and SMTP servers: heard from the unit alone, kept, answered."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.mail.mailboxes import NOW, OCTOBER, OURS, SCT, SNV, House, house, letter, plain_text, report_file
from support.servers.imap import ImapServer
from support.servers.smtp import smtp_server
from support.workbooks.samples import cell_of

from baocao.decisions.explanations import listed
from baocao.store.audit import entries
from baocao.store.engine.database import reading


@pytest.fixture
def warned(mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house that accepted a report with warnings and answered it."""
    mailbox.empty()
    with smtp_server() as out, house(tmp_path / "home", mailbox, out, monkeypatch) as running:
        book = load_workbook(BytesIO(report_file(running.workspace, tmp_path)))
        for code in ("B1", "B9"):
            for header, value in (("Tử số", 9), ("Mẫu số", 9), ("Tỷ lệ (%)", None), ("Minh chứng", None)):
                cell_of(book, "Chỉ tiêu", code, header).value = value  # type: ignore[assignment]
        buffer = BytesIO()
        book.save(buffer)
        mailbox.put(letter([("bc.xlsx", buffer.getvalue())]).as_bytes(), NOW)
        running.collect(NOW)
        yield running


def reply(mail: House, said: str, number: int, sender: str = SCT, vouched: list[str] | None = None) -> None:
    (answer,) = mail.mails(SCT, "CHẤP NHẬN")
    quoted = "\n\nVào 10:00, Sở Thông tin và Truyền thông đã viết:\n> Giải trình B1: lý do\n"
    subject = f"Re: {answer['subject']}"
    message = letter(text=said + quoted, sender=sender, vouched=vouched, number=number, subject=subject)
    message["In-Reply-To"] = answer["message-id"]
    mail.mailbox.put(message.as_bytes(), NOW + timedelta(hours=number))
    mail.collect(NOW + timedelta(hours=number))


def told(mail: House) -> dict[str | None, tuple[str, str]]:
    found = listed(mail.workspace, OCTOBER, "SCT")
    return {one.finding.code: (one.explanation.text, one.explanation.channel) for one in found if one.explanation}


@pytest.mark.slow
def test_a_unit_explains_by_reply_and_nobody_else(warned: House) -> None:
    failed = f"{OURS}; dmarc=fail header.from=ninhbinh.example"
    reply(warned, "Giải trình B1: giả danh", 2, vouched=[failed])
    reply(warned, "Giải trình B1: đơn vị khác", 3, sender=SNV)
    reply(warned, "Cảm ơn quý Sở.", 4)
    assert told(warned) == {}

    said = "Giải trình B1: hồ sơ giấy lưu tại\nVăn phòng Sở\n\nB9: đã gửi bản giấy\nA9: nhầm mã"
    reply(warned, f"Kính gửi Sở,\n\n{said}", 5)
    assert told(warned) == {
        "B1": ("hồ sơ giấy lưu tại Văn phòng Sở", "mail"),
        "B9": ("đã gửi bản giấy", "mail"),
    }
    (answer,) = warned.mails(SCT, "Đã ghi giải trình")
    assert answer["in-reply-to"] == "<thu.5@soct.example>"
    assert "B1 (ô H17)" in plain_text(answer)
    assert "Không rõ giải trình cho cảnh báo nào: A9" in plain_text(answer)
    with reading(warned.workspace.engine) as connection:
        book = [(one.action, one.who, one.channel) for one in entries(connection, OCTOBER)]
    assert set(book) == {("explain", f"Sở Công Thương ({SCT})", "mail")}
    assert len(book) == 2

    reply(warned, "Giải trình: chung cho tất cả", 6)
    assert len(warned.mails(SCT, "Chưa ghi giải trình nào")) == 1
    assert told(warned)["B9"][0] == "đã gửi bản giấy"
