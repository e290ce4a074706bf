"""The way out, on a real SMTP server that misbehaves: each fault ends in the state that it must end in."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.servers.smtp import SmtpServer, free_port, make_certificate, smtp_server

from baocao.mail.sending.smtp import SmtpSettings, SmtpTransport
from baocao.mail.sending.transport import Envelope, FileTransport, ReplyKind
from baocao.system.errors import OutsideServiceError, UsageError

A, B = "a@noi-nhan.example", "b@noi-nhan.example"
MAIL = Envelope("thu.eml", "tonghop@so.example", (A, B), b"Subject: x\r\n\r\n.dau cham\r\nhet\r\n")
SECRET = "mat-khau-bi-mat"


@pytest.fixture
def transport(server: SmtpServer) -> Iterator[SmtpTransport]:
    transport = SmtpTransport(SmtpSettings(server.host, server.port, security="none", timeout=0.5))
    yield transport
    transport.close()


def outcomes(transport: SmtpTransport, envelope: Envelope = MAIL) -> dict[str, ReplyKind]:
    transport.open()
    return {recipient: reply.outcome for recipient, reply in transport.send(envelope).items()}


def both(outcome: ReplyKind) -> dict[str, ReplyKind]:
    return {A: outcome, B: outcome}


def test_many_messages_go_over_one_connection_byte_for_byte(server: SmtpServer, transport: SmtpTransport) -> None:
    for _ in range(3):
        assert outcomes(transport) == both(ReplyKind.SENT)
    assert server.connections == 1
    assert server.copies() == {A: 3, B: 3}
    assert {one.content for one in server.received} == {MAIL.content}


def test_one_refused_recipient_does_not_stop_the_other(server: SmtpServer, transport: SmtpTransport) -> None:
    server.faults.rcpt = {A: "550 5.1.1 no such user"}
    transport.open()
    replies = transport.send(MAIL)
    assert replies[A].outcome is ReplyKind.REFUSED
    assert replies[A].detail == "550 5.1.1 no such user"
    assert replies[B].outcome is ReplyKind.SENT
    assert server.copies() == {B: 1}


def test_every_recipient_refused_leaves_the_connection_fit_for_more(
    server: SmtpServer, transport: SmtpTransport
) -> None:
    server.faults.rcpt = {A: "550 no", B: "451 4.7.1 greylisted"}
    assert outcomes(transport) == {A: ReplyKind.REFUSED, B: ReplyKind.DEFERRED}
    server.faults.rcpt = {}
    assert outcomes(transport) == both(ReplyKind.SENT)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("451 4.3.0 try again", ReplyKind.DEFERRED),
        ("421 4.3.2 closing", ReplyKind.DEFERRED),
        ("552 5.3.4 message too big", ReplyKind.TOO_LARGE),
        ("552 Error: Too much mail data", ReplyKind.TOO_LARGE),
        ("554 5.3.4 message size exceeds limit", ReplyKind.TOO_LARGE),
        ("552 5.2.2 mailbox full", ReplyKind.REFUSED),
        ("554 5.7.1 looks like spam", ReplyKind.REFUSED),
    ],
)
def test_the_answer_to_the_content_decides(
    server: SmtpServer, transport: SmtpTransport, reply: str, outcome: ReplyKind
) -> None:
    server.faults.data = reply
    assert outcomes(transport) == both(outcome)


def test_a_full_mailbox_is_not_a_message_too_large(server: SmtpServer, transport: SmtpTransport) -> None:
    server.faults.rcpt = {A: "552 mailbox full"}
    assert outcomes(transport) == {A: ReplyKind.REFUSED, B: ReplyKind.SENT}


def test_a_size_limit_that_the_server_announces_is_respected() -> None:
    with smtp_server(size_limit=20) as server:
        transport = SmtpTransport(SmtpSettings(server.host, server.port, security="none"))
        assert outcomes(transport) == both(ReplyKind.TOO_LARGE)
        transport.close()


def test_a_connection_lost_after_the_content_is_uncertain_and_not_tried_again(
    server: SmtpServer, transport: SmtpTransport
) -> None:
    for step in ("data", "accepted"):
        server.faults.drop_at = step
        assert outcomes(transport) == both(ReplyKind.UNCERTAIN)
    assert server.copies() == {A: 1, B: 1}
    server.faults.drop_at = ""
    assert outcomes(transport) == both(ReplyKind.SENT)


def test_the_refused_stay_refused_when_the_content_is_lost(server: SmtpServer, transport: SmtpTransport) -> None:
    server.faults.rcpt = {A: "550 no such user"}
    server.faults.drop_at = "accepted"
    assert outcomes(transport) == {A: ReplyKind.REFUSED, B: ReplyKind.UNCERTAIN}


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_connection_lost_before_the_content_is_deferred(
    server: SmtpServer, transport: SmtpTransport, step: str
) -> None:
    server.faults.drop_at = step
    assert outcomes(transport) == both(ReplyKind.DEFERRED)
    assert server.connections == 1


def test_a_used_connection_found_dead_is_made_anew(server: SmtpServer, transport: SmtpTransport) -> None:
    assert outcomes(transport) == both(ReplyKind.SENT)
    server.faults.drop_at, server.faults.drops = "mail", 1
    assert outcomes(transport) == both(ReplyKind.SENT)
    assert server.connections == 2
    assert server.copies() == {A: 2, B: 2}


@pytest.mark.slow
def test_a_stall_is_waited_for_no_longer_than_the_time_out(server: SmtpServer, transport: SmtpTransport) -> None:
    begun = time.monotonic()
    server.faults.stall_at = "accepted"
    assert outcomes(transport) == both(ReplyKind.UNCERTAIN)
    server.faults.stall_at = "rcpt"
    assert outcomes(transport) == both(ReplyKind.DEFERRED)
    server.faults.stall_at = "greeting"
    with pytest.raises(OutsideServiceError, match=r"không trả lời trong 0\.5 giây"):
        outcomes(transport)
    assert time.monotonic() - begun < 30


def test_a_sender_whom_the_server_does_not_take_is_our_own_fault(server: SmtpServer, transport: SmtpTransport) -> None:
    server.faults.mail = "553 5.7.1 not owned by user"
    transport.open()
    with pytest.raises(OutsideServiceError, match="BAOCAO_SMTP_FROM"):
        transport.send(MAIL)


def test_nobody_listens() -> None:
    with pytest.raises(OutsideServiceError, match="sổ thư đi"):
        SmtpTransport(SmtpSettings("127.0.0.1", free_port(), security="none")).open()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_trusted_certificate_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str) -> None:
    certificate = make_certificate(tmp_path / "may-chu.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with smtp_server(certificate=certificate, implicit_tls=security == "tls", password=SECRET) as server:
        transport = SmtpTransport(
            SmtpSettings(server.host, server.port, "tonghop", SecretStr(SECRET), security=security, timeout=5)
        )
        assert outcomes(transport) == both(ReplyKind.SENT)
        transport.close()
    assert server.logins == [(b"tonghop", SECRET.encode())]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["unknown authority", "other host", "expired"])
def test_a_bad_certificate_is_refused_before_any_secret_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, fault: str
) -> None:
    host = "khac.example" if fault == "other host" else "127.0.0.1"
    certificate = make_certificate(tmp_path / "may-chu.pem", host, is_expired=fault == "expired")
    if fault != "unknown authority":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with smtp_server(certificate=certificate, implicit_tls=security == "tls", password=SECRET) as server:
        transport = SmtpTransport(
            SmtpSettings(server.host, server.port, "tonghop", SecretStr(SECRET), security=security, timeout=5)
        )
        with pytest.raises(OutsideServiceError, match="không đáng tin cậy"):
            transport.open()
    assert server.logins == []
    assert server.received == []


def test_starttls_stripped_is_refused_before_any_secret_is_sent() -> None:
    with smtp_server(password=SECRET) as server:
        transport = SmtpTransport(SmtpSettings(server.host, server.port, "tonghop", SecretStr(SECRET), timeout=5))
        with pytest.raises(OutsideServiceError, match="không mời mã hóa STARTTLS"):
            transport.open()
    assert server.logins == []


def test_a_wrong_password_fails_at_once_and_is_told_to_nobody(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with smtp_server(password="dung") as server:
        settings = SmtpSettings(server.host, server.port, "tonghop", SecretStr(SECRET), security="none", timeout=5)
        transport = SmtpTransport(settings)
        with pytest.raises(OutsideServiceError, match="mã 535") as caught:
            transport.open()
    told = f"{caught.value!r} {settings!r} {transport!r} {caplog.text} {''.join(capsys.readouterr())}"
    assert SECRET not in told
    assert caught.value.__suppress_context__
    assert len(server.logins) <= 2  # the two ways of saying it, each once


def test_settings_that_would_show_the_password_are_refused() -> None:
    with pytest.raises(UsageError, match="không mã hóa"):
        SmtpSettings("mail.example", 25, "tonghop", SecretStr(SECRET), security="none")
    with pytest.raises(UsageError, match="BAOCAO_SMTP_PASSWORD"):
        SmtpSettings("mail.example", 587, "tonghop")


def test_without_a_server_the_file_is_the_delivery(tmp_path: Path) -> None:
    replies = FileTransport(tmp_path).send(MAIL)
    assert {reply.outcome for reply in replies.values()} == {ReplyKind.FILED}
    assert (tmp_path / "thu.eml").read_bytes() == MAIL.content
