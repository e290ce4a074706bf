"""Reports by mail, through a real Dovecot and a real SMTP server: taken, checked, answered in the thread."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from support.mail.mailboxes import NOW, OCTOBER, OURS, SCT, SNV, House, letter, passed, report_file
from support.workbooks.samples import cell_of

from baocao.reminders import reminders
from baocao.store import audit
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import show
from baocao.store.submissions import of_period
from baocao.system.clock import Clock
from baocao.system.errors import UsageError
from deployments.commands.root import app


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_first_mail_of_a_new_home_makes_its_database(mail: House) -> None:
    """Mail in the archive beside no database would look like a home that has lost its own."""
    assert not mail.workspace.has_database
    mail.mailbox.put(letter().as_bytes(), NOW)
    mail.collect()
    assert mail.mailbox.messages() == []
    assert len(answers(mail)) == 1


@pytest.mark.slow
def test_nobody_is_let_in_by_a_forged_name(mail: House, tmp_path: Path) -> None:
    strange = [report_file(mail.workspace, tmp_path, seed=seed, token_of="") for seed in range(1, 6)]
    other = report_file(mail.workspace, tmp_path, seed=6, token_of="SNV")
    failed = f"{OURS}; spf=fail smtp.mailfrom={SCT}; dkim=none; dmarc=fail header.from=ninhbinh.example"
    of_evil = f"{OURS}; spf=pass smtp.mailfrom=x@evil.example; dkim=pass header.d=evil.example"
    for number, (data, vouched) in enumerate(
        [
            (strange[0], []),
            (strange[1], [passed(authserv="mx.evil.example")]),
            (strange[2], [failed, passed()]),
            (strange[3], [of_evil]),
            (strange[4], [f'{OURS}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=ninhbinh.example"@evil.example']),
            (other, []),
        ]
    ):
        mail.mailbox.put(letter([("thang.xlsx", data)], vouched=vouched, number=number).as_bytes(), NOW)
    mail.collect()

    assert mail.receipts() == [(None, "quarantined")] * 6
    assert verdicts(mail) == []
    assert all(f"“{SCT}” không được máy chủ thư xác nhận" in note for note in mail.held())
    assert answers(mail) == []
    notes = answers(mail, "canbo.tonghop@ninhbinh.example")
    assert len(notes) == 6
    assert "baocao submission release 1 " in plain(notes[0])


def send_forms(mail: House) -> str:
    """Blank forms go out to all units; the id of the message to SCT."""
    reminders.send_forms(mail.workspace, OCTOBER, Clock(NOW, is_simulated=False))
    with reading(mail.workspace.engine) as connection:
        return show(connection, reminders.form_key(OCTOBER, "SCT")).message_id


@pytest.mark.slow
def test_the_mark_of_the_form_opens_the_door_in_the_thread_of_what_we_sent(mail: House, tmp_path: Path) -> None:
    data, form = report_file(mail.workspace, tmp_path), send_forms(mail)
    private = letter([("thang.xlsx", data)], sender="chi.lan@thu-rieng.example", vouched=[], In_Reply_To=form)
    mail.mailbox.put(private.as_bytes(), NOW)
    again = letter([("lai.xlsx", data)], sender="anh.nam@thu-rieng.example", vouched=[], number=2, References=form)
    mail.mailbox.put(again.as_bytes(), NOW)
    mail.collect()
    mail.out.received[:] = [one for one in mail.out.received if b"xlsx" not in one.content]

    assert mail.receipts() == [("SCT", "checked"), ("SCT", "duplicate")]
    assert verdicts(mail) == [("SCT", 1, "accepted")]
    accepted, duplicate = answers(mail)
    assert accepted["in-reply-to"] == "<thu.1@soct.example>"
    assert "nội dung giống hệt lần nộp 1" in plain(duplicate)


@pytest.mark.slow
def test_a_right_code_alone_lets_nobody_in(mail: House, tmp_path: Path) -> None:
    """Whoever has read a code: from a stranger's address, or as an answer to what another unit was sent."""
    send_forms(mail)
    with reading(mail.workspace.engine) as connection:
        of_others = show(connection, reminders.form_key(OCTOBER, "SNV")).message_id
    stranger = "chi.lan@thu-rieng.example"
    first, second, third = (report_file(mail.workspace, tmp_path, seed=seed) for seed in range(3))
    mail.mailbox.put(letter([("a.xlsx", first)], sender=stranger, vouched=[]).as_bytes(), NOW)
    other = letter([("b.xlsx", second)], sender=stranger, vouched=[], number=2, In_Reply_To=of_others)
    mail.mailbox.put(other.as_bytes(), NOW)
    mail.mailbox.put(letter([("c.xlsx", third)], vouched=[], number=3).as_bytes(), NOW)  # an address of the unit
    mail.collect()

    assert mail.receipts() == [(None, "quarantined"), (None, "quarantined"), ("SCT", "checked")]
    assert all("mang Mã nộp đúng của SCT, nhưng địa chỉ gửi không có trong kế hoạch" in note for note in mail.held())


@pytest.mark.slow
def test_a_code_that_was_made_void_is_refused(mail: House, tmp_path: Path) -> None:
    old, form = report_file(mail.workspace, tmp_path), send_forms(mail)
    command = ["submission", "renew-code", "SCT", "--period", "2022-10", "--as-of", "2022-10-18T09:30"]
    app(args=[*command, "--name", "Trần Thị Mẫu", "--reason", "mã bị lộ"], standalone_mode=False)
    new = report_file(mail.workspace, tmp_path, seed=1)
    for number, data in enumerate((old, new), start=1):
        answer = letter(
            [("thang.xlsx", data)], sender="la@thu-rieng.example", vouched=[], number=number, References=form
        )
        mail.mailbox.put(answer.as_bytes(), NOW)
    mail.mailbox.put(
        letter(
            [("thang.xlsx", report_file(mail.workspace, tmp_path, "SNV"))], sender=SNV, vouched=[], number=3
        ).as_bytes(),
        NOW,
    )
    mail.collect()

    assert mail.receipts() == [(None, "quarantined"), ("SCT", "checked"), ("SNV", "checked")]
    assert "Mã nộp cũ của SCT; mã này đã bị thay" in mail.held()[0]
    with reading(mail.workspace.engine) as connection:
        (entry,) = audit.entries(connection)
    assert (entry.action, entry.who, entry.subject, entry.reason) == (
        "renew_code",
        "Trần Thị Mẫu",
        "SCT/2022-10",
        "mã bị lộ",
    )
    (told,) = [one for one in answers(mail) if "Mã nộp mới" in one["subject"]]
    (form_again,) = told.iter_attachments()
    code = cell_of(load_workbook(BytesIO(form_again.get_content())), "Thông tin", "", "Mã nộp").value
    assert code == cell_of(load_workbook(BytesIO(new)), "Thông tin", "", "Mã nộp").value
    assert code != cell_of(load_workbook(BytesIO(old)), "Thông tin", "", "Mã nộp").value


@pytest.mark.slow
def test_one_letter_for_several_offices(mail: House, tmp_path: Path) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as packed:
        for unit in ("SCT", "SNV"):
            packed.writestr(f"Tháng 10/{unit}.xlsx", report_file(mail.workspace, tmp_path, unit))
    message = letter([("báo cáo các sở.zip", archive.getvalue())], sender="buu.dien@vanphong.example")
    mail.mailbox.put(message.as_bytes(), NOW)
    mail.collect()

    assert verdicts(mail) == []  # right codes, but from an address that the plan does not know for these units
    assert {state for _, state in mail.receipts()} == {"quarantined"}
    assert [len(answers(mail, to)) for to in (SCT, SNV, "buu.dien@vanphong.example")] == [0, 0, 0]


@pytest.mark.slow
def test_an_office_sends_for_itself_only(mail: House, tmp_path: Path) -> None:
    data = report_file(mail.workspace, tmp_path, "SNV")
    mail.mailbox.put(letter([("thang.xlsx", data)], sender=SCT).as_bytes(), NOW)
    mail.collect()

    assert mail.receipts() == [("SCT", "quarantined")]
    (held,) = answers(mail)
    assert held["in-reply-to"] == "<thu.1@soct.example>"
    assert answers(mail, SNV) == []


@pytest.mark.slow
def test_a_person_lets_a_file_count(mail: House, tmp_path: Path) -> None:
    data = report_file(mail.workspace, tmp_path, token_of="")
    mail.mailbox.put(letter([("thang.xlsx", data)], vouched=[]).as_bytes(), NOW)
    mail.collect()
    signed = ["--name", "Nguyễn Văn Mẫu", "--reason", "đã gọi điện xác nhận", "--as-of", "2022-10-18T11:00"]
    command = ["submission", "release", "1", *signed]
    with pytest.raises(UsageError, match="--unit"):
        app(args=command, standalone_mode=False)
    app(args=[*command, "--unit", "SCT"], standalone_mode=False)
    with pytest.raises(UsageError, match="không bị tạm giữ"):
        app(args=[*command, "--unit", "SCT"], standalone_mode=False)
    with pytest.raises(UsageError, match="số tiếp nhận 77"):
        app(args=["submission", "release", "77", *signed], standalone_mode=False)
    mail.collect()

    assert mail.receipts() == [("SCT", "checked")]
    assert verdicts(mail) == [("SCT", 1, "accepted")]
    assert [one["in-reply-to"] for one in answers(mail)] == ["<thu.1@soct.example>"]
    with reading(mail.workspace.engine) as connection:
        (entry,) = audit.entries(connection)
    assert (entry.action, entry.who, entry.subject) == ("release", "Nguyễn Văn Mẫu", "receipt/1")


@pytest.mark.slow
def test_no_report_attached_is_told_to_those_who_are_known(mail: House) -> None:
    scan = letter(subject="Báo cáo", number=1)
    scan.add_attachment(b"%PDF-1.7", "application", "pdf", filename="Công văn 12.pdf")
    mail.mailbox.put(scan.as_bytes(), NOW)
    mail.mailbox.put(letter(number=2, sender="quang.cao@evil.example").as_bytes(), NOW)
    mail.mailbox.put(letter(number=3, vouched=[], subject="Xin lùi hạn").as_bytes(), NOW)
    mail.collect()

    assert mail.receipts() == []
    (told,) = answers(mail)
    assert (told["subject"], told["in-reply-to"]) == ("Re: Báo cáo", "<thu.1@soct.example>")
    assert "chỉ kèm “Công văn 12.pdf”" in plain(told)
    assert "BC-THANG/1" in plain(told)
    (note,) = answers(mail, "canbo.tonghop@ninhbinh.example")
    assert "Xin lùi hạn" in plain(note)
    assert len(mail.mailbox.messages("Cach-ly")) == 2
    mail.collect()
    assert len(mail.out.received) == 2


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())
