"""The mailbox on a bad day: kills, races, dropped lines, new numbers, forged certificates, malformed mail."""

import os
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.mail.mailbox_worker import start
from support.mail.mailboxes import NOW, OCTOBER, OURS, SCT, House, letter, report_file, settings_of
from support.servers.imap import PASSWORD, ImapServer
from support.servers.imap_proxy import line

from baocao.intake.mailbox import imap
from baocao.intake.mailbox.emptying import take_in_mailbox
from baocao.store.archive import archive_path, digest
from baocao.store.engine.database import reading
from baocao.store.schema.mail import message
from baocao.store.schema.mailbox import incoming
from baocao.store.schema.reporting import receipt
from baocao.system.clock import Clock
from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.workspace import Workspace

CLOCK = Clock(NOW, is_simulated=False)


def book(number: int) -> bytes:
    """Bytes that are named like a workbook; what is in them is looked at later."""
    return f"số liệu mô phỏng {number} ".encode() * 400


def mixed(number: int) -> bytes:
    """Every third message has no file, the others one or two; each of a sender of its own."""
    files = [(f"{number}-{n}.xlsx", book(10 * number + n)) for n in range(number % 3)]
    return letter(files, number=number, sender=f"canbo{number}@ninhbinh.example").as_bytes()


def wanted(numbers: range) -> Counter[str]:
    return Counter(digest(book(10 * number + n)) for number in numbers for n in range(number % 3))


def workspace_on(mailbox: ImapServer, home: Path, **changes: object) -> Workspace:
    return Workspace(settings_of(mailbox, home, **changes))


def taken(workspace: Workspace) -> Counter[str]:
    with reading(workspace.engine) as connection:
        return Counter(connection.scalars(select(receipt.c.sha256)))


def entered(workspace: Workspace) -> int:
    with reading(workspace.engine) as connection:
        return connection.scalar(select(func.count()).select_from(incoming)) or 0


@pytest.fixture
def server(mailbox: ImapServer, monkeypatch: pytest.MonkeyPatch) -> ImapServer:
    mailbox.empty()
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.certificate))
    return mailbox


KILLS = int(os.environ.get("BAOCAO_TESTS_KILLS", "10"))


def in_folders(server: ImapServer) -> Counter[bytes]:
    return Counter(one for folder in ("INBOX", "Da-xu-ly", "Cach-ly") for one in server.messages(folder))


@pytest.mark.slow
def test_kills_lose_nothing_and_count_nothing_twice(server: ImapServer, tmp_path: Path) -> None:
    workspace = workspace_on(server, tmp_path)
    assert taken(workspace) == Counter()
    chance = random.Random(21)  # noqa: S311 - moments of kills, not secrets
    numbers = iter(range(10_000))
    sent, kills_within = [], 0
    while kills_within < KILLS:
        while len(server.messages()) < 30:
            sent.append(mixed(next(numbers)))
            server.put(sent[-1])
        before = entered(workspace)
        process = start(workspace.settings, server.certificate, CLOCK, OCTOBER)
        while chance.random() < 0.995 and process.is_alive() and entered(workspace) == before:
            process.join(0.02)
        process.join(chance.uniform(0, 0.3))
        process.kill()
        process.join()
        assert process.exitcode in (0, -9)
        kills_within += entered(workspace) > before and process.exitcode == -9
    take_in_mailbox(workspace, OCTOBER, CLOCK)

    assert taken(workspace) == wanted(range(len(sent)))
    assert server.messages() == []
    assert in_folders(server) == Counter(sent)
    assert entered(workspace) == len(sent)
    for sha256 in taken(workspace):
        assert digest(archive_path(workspace.home, sha256, "a.xlsx").read_bytes()) == sha256


@pytest.mark.slow
def test_two_runs_meet_and_each_message_is_taken_once(server: ImapServer, tmp_path: Path, database_url: str) -> None:
    workspace = workspace_on(server, tmp_path, database_url=database_url)
    assert taken(workspace) == Counter()
    sent = [mixed(number) for number in range(40)]
    for raw in sent:
        server.put(raw)
    pair = [start(workspace.settings, server.certificate, CLOCK, OCTOBER) for _ in range(2)]
    for process in pair:
        process.join(60)
    assert [process.exitcode for process in pair] == [0, 0]
    assert taken(workspace) == wanted(range(40))
    assert server.messages() == []
    assert set(in_folders(server)) == set(sent)  # moved at the same moment, Dovecot may leave two copies of one
    assert entered(workspace) == 40


@pytest.mark.slow
def test_a_line_that_drops_anywhere_costs_nothing(server: ImapServer, tmp_path: Path) -> None:
    workspace = workspace_on(server, tmp_path)
    dropped = 0
    for number, cut in enumerate(range(100, 60_000, 4_000)):
        server.put(mixed(2 + 3 * number))
        with line(server.plain, cut_after=cut) as wire:
            through = Workspace(workspace.settings.model_copy(update={"imap_security": "none", "imap_port": wire.port}))
            dropped += is_dropped(through)
            through.engine.dispose()
    assert dropped >= 3
    take_in_mailbox(workspace, OCTOBER, CLOCK)
    expected = Counter(digest(book(10 * n + k)) for n in range(2, 2 + 3 * 15, 3) for k in range(2))
    assert taken(workspace) == expected
    assert server.messages() == []


def is_dropped(workspace: Workspace) -> bool:
    try:
        take_in_mailbox(workspace, OCTOBER, CLOCK)
    except OutsideServiceError:
        return True
    return False


@pytest.mark.slow
def test_new_numbers_and_copies_change_nothing(mail: House) -> None:
    mail.mailbox.put(letter([("a.xlsx", book(1))]).as_bytes(), NOW)
    mail.mailbox.put(letter(number=2).as_bytes(), NOW)
    mail.collect()
    received, sent = mail.receipts(), len(mail.out.received)
    assert len(received) == 1
    mail.mailbox.put_back("Da-xu-ly")
    mail.mailbox.renumber()
    copy = letter([("a.xlsx", book(1))])
    copy["X-Way"] = "a second server"
    mail.mailbox.put(copy.as_bytes(), NOW)
    mail.collect()
    assert (mail.receipts(), len(mail.out.received)) == (received, sent)
    assert mail.mailbox.messages() == []
    assert len(mail.mailbox.messages("Da-xu-ly")) == 3


@pytest.mark.slow
@pytest.mark.parametrize(("minutes", "is_simulated"), [(-90, False), (90, False), (-90, True)])
def test_received_when_our_server_took_it(server: ImapServer, tmp_path: Path, minutes: int, is_simulated: bool) -> None:
    workspace = workspace_on(server, tmp_path)
    server.put(letter([("a.xlsx", book(1))]).as_bytes(), NOW + timedelta(minutes=minutes))
    take_in_mailbox(workspace, OCTOBER, Clock(NOW, is_simulated=is_simulated))
    with reading(workspace.engine) as connection:
        at = connection.scalar(select(receipt.c.received_at))
    assert at == (NOW + timedelta(minutes=minutes) if minutes < 0 and not is_simulated else NOW)


MALFORMED = {
    "nothing": b"",
    "no header": b"\r\n\r\nx",
    "no end": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/pl",
    "unknown charset": b"From: =?x-khong-co?B?AAAA?= <a@b.example>\r\nSubject: =?x?Q?=FF?=\r\n\r\n\xff",
    "group": b"From: Nhom: a@b.example, c@d.example;\r\n\r\nx",
    "8 bits": "From: Văn thư <a@b.example>\r\nSubject: Báo cáo tháng\r\n\r\nx".encode(),
    "legacy 8 bits": b"From: V\xa8n th\xad <a@b.example>\r\nSubject: B\xb8o c\xb8o\r\n\r\nx",
    "no blank line": b"From: a@b.example\nkhong phai tieu de\nSubject: x\n",
    "null bytes": b"From: a@b.example\r\nSubject: a\x00b\r\nMessage-ID: <a\x00b@x>\r\n\r\n\x00",
    "bad base64": b"From: a@b.example\r\nContent-Type: a/b; name=a.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n*",
    "uuencode": b"From: a@b.example\r\nContent-Type: a/b; name=a.xls\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbe",
    "long line": b"From: a@b.example\r\nSubject: " + b"x" * 200_000 + b"\r\n\r\nx",
    "nested": b"From: a@b.example\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(3_000)),
    "bad date": b"From: a@b.example\r\nDate: hom qua\r\n\r\nx",
}


@pytest.mark.slow
def test_malformed_mail_does_not_stop_the_mailbox(server: ImapServer, tmp_path: Path, database_url: str) -> None:
    workspace = workspace_on(server, tmp_path, database_url=database_url)
    for raw in MALFORMED.values():
        server.put(raw)
    server.put(letter([("a.xlsx", book(1))]).as_bytes())
    take_in_mailbox(workspace, OCTOBER, CLOCK)
    assert digest(book(1)) in taken(workspace)
    assert server.messages() == []
    assert sum(in_folders(server).values()) == len(MALFORMED) + 1


def test_too_large_to_fetch_is_told(mail: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baocao.intake.mailbox.emptying.LARGEST_BYTES", 10_000)
    mail.mailbox.put(letter([("a.xlsx", bytes(20_000))]).as_bytes(), NOW)
    mail.collect()
    assert mail.receipts() == []
    assert [one.recipients for one in mail.out.received] == [(SCT,)]
    assert len(mail.mailbox.messages("Da-xu-ly")) == 1


@pytest.mark.slow
def test_a_loop_of_two_machines_ends(mail: House) -> None:
    for number in range(30):
        mail.mailbox.put(letter(number=number, text="Tôi đang đi công tác.").as_bytes(), NOW)
    mail.collect()
    assert sum(SCT in one.recipients for one in mail.out.received) == 20
    assert len(mail.mailbox.messages("Cach-ly")) == 10


@pytest.mark.slow
def test_forged_mail_in_a_unit_s_name_never_silences_the_unit(mail: House, tmp_path: Path) -> None:
    forged = [f"{OURS}; spf=fail smtp.mailfrom={SCT}; dmarc=fail header.from=ninhbinh.example"]
    for number in range(25):
        mail.mailbox.put(letter([(f"{number}.xlsx", book(number))], vouched=forged, number=number).as_bytes(), NOW)
    mail.mailbox.put(letter([("thang.xlsx", report_file(mail.workspace, tmp_path))], number=77).as_bytes(), NOW)
    mail.collect()
    assert mail.receipts()[-1] == ("SCT", "checked")
    assert sum(SCT in one.recipients for one in mail.out.received) == 1
    assert sum(note.startswith("Quá 20 thư") for note in mail.held()) == 5


@pytest.mark.slow
def test_a_mail_that_comes_back_is_refused_and_told_once(mail: House) -> None:
    mail.mailbox.put(letter().as_bytes(), NOW)
    mail.collect()
    mail.mailbox.put(bounce(mail, SCT), NOW)
    mail.collect()
    operator = "canbo.tonghop@ninhbinh.example"
    assert [one.recipients for one in mail.out.received] == [(SCT,), (operator,)]
    assert states(mail)[SCT] == ("refused", "550 5.1.1 User unknown")
    mail.mailbox.put(bounce(mail, operator), NOW)
    mail.collect()
    assert states(mail)[operator] == ("refused", "550 5.1.1 User unknown")
    assert len(mail.out.received) == 2


def states(mail: House) -> dict[str, tuple[str, str | None]]:
    from baocao.store.outbox.messages import list_messages

    with reading(mail.workspace.engine) as connection:
        sent = [delivery for one in list_messages(connection) for delivery in one.deliveries]
    return {one.recipient: (one.state.value, one.last_error) for one in sent}


def bounce(mail: House, recipient: str) -> bytes:
    with reading(mail.workspace.engine) as connection:
        ids = dict(
            connection.execute(
                select(message.c.kind, message.c.message_id).where(message.c.kind.in_(("empty", "alert")))
            ).all()
        )
    of = ids["empty"] if recipient == SCT else ids["alert"]
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nMessage-ID: <tra-lai."
        f"{recipient}>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\n\r\n--b--\r\n"
    ).encode()


def refusal(workspace: Workspace) -> str:
    with pytest.raises(OutsideServiceError) as caught:
        take_in_mailbox(workspace, OCTOBER, CLOCK)
    said = str(caught.value)
    assert PASSWORD not in said
    assert "sai-mat-khau" not in said
    return said


@pytest.mark.slow
def test_no_trust_no_mail(server: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"imap_password": "sai-mat-khau"}
    assert "từ chối đăng nhập" in refusal(workspace_on(server, tmp_path, **wrong))
    assert "từ chối" in refusal(workspace_on(server, tmp_path, imap_folder="Khong-co"))
    starttls = {"imap_security": "starttls", "imap_port": server.plain}
    assert take_in_mailbox(workspace_on(server, tmp_path, **starttls), OCTOBER, CLOCK) == 0
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "không đáng tin cậy" in refusal(workspace_on(server, tmp_path))
    assert "không đáng tin cậy" in refusal(workspace_on(server, tmp_path, **starttls))
    with line(server.plain, change=lambda data: data.replace(b"STARTTLS", b"XSTARTTL")) as wire:
        stripped = workspace_on(server, tmp_path, imap_security="starttls", imap_port=wire.port)
        assert "không mời mã hóa STARTTLS" in refusal(stripped)


def test_a_server_that_stalls_is_left_in_time(
    server: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "TIMEOUT_SECONDS", 0.5)
    server.put(mixed(2))
    with line(server.plain, freeze_after=600) as wire:
        started = time.monotonic()
        said = refusal(workspace_on(server, tmp_path, imap_security="none", imap_port=wire.port))
    assert "không trả lời trong 0.5 giây" in said
    assert time.monotonic() - started < 60


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"imap_host": ""},
        {"imap_user": ""},
        {"imap_password": ""},
        {"imap_password": "mật khẩu"},
        {"imap_security": "none", "imap_host": "mail.example"},
        {"imap_security": "starttls", "imap_port": 993},
    ],
)
def test_settings_that_cannot_work_are_named(server: ImapServer, tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="BAOCAO_IMAP"):
        take_in_mailbox(workspace_on(server, tmp_path, **changes), OCTOBER, CLOCK)
