"""A real SMTP server on loopback whose faults can be switched on: what a town's mail server does on a bad day."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

_LOOKED_AT_SECONDS = 0.05
Step = Literal["", "greeting", "mail", "rcpt", "data", "accepted"]


@dataclass
class Faults:
    """Which faults are on. Replies are the server's whole lines (``550 5.1.1 no such user``).

    ``accepted`` is after the server has taken the message for good and before it says so. ``greeted`` answers a
    recipient's first try only. ``drops`` counts down: so many connections are dropped, then all is well.
    """

    mail: str = ""
    rcpt: dict[str, str] = field(default_factory=dict)
    greeted: dict[str, str] = field(default_factory=dict)
    data: str = ""
    drop_at: Step = ""
    drops: int = 1_000_000
    stall_at: Step = ""


@dataclass(frozen=True)
class Received:
    """A message that the server has taken, with those for whom it has taken it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class _Handler:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.received: list[Received] = []
        self.connections = 0
        self.logins: list[tuple[bytes, bytes]] = []
        self.conversations: list[SMTP] = []

    async def hang_up(self) -> None:
        for server in self.conversations:
            for transport in (server.transport, server._original_transport):
                if transport is not None:
                    transport.abort()
        await asyncio.sleep(0.05)

    async def misbehave(self, server: SMTP, step: Step) -> None:
        while self.faults.stall_at == step:
            await asyncio.sleep(_LOOKED_AT_SECONDS)
        if self.faults.drop_at == step and self.faults.drops > 0:
            self.faults.drops -= 1
            server.transport.abort()
            await asyncio.Event().wait()

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802, ARG002
        await self.misbehave(server, "mail")
        if self.faults.mail:
            return self.faults.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802, ARG002
        await self.misbehave(server, "rcpt")
        refusal = self.faults.rcpt.get(address) or self.faults.greeted.pop(address, "")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        if self.faults.data:
            return self.faults.data
        self.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        await self.misbehave(server, "accepted")
        return "250 OK"


class _Smtp(SMTP):
    """Also misbehaves before it greets, and in the middle of the content."""

    async def _handle_client(self) -> None:
        self.event_handler.connections += 1
        self.event_handler.conversations.append(self)
        await self.event_handler.misbehave(self, "greeting")
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        faults = self.event_handler.faults
        if "data" in (faults.drop_at, faults.stall_at) and faults.drops > 0:
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            await self.event_handler.misbehave(self, "data")
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


class SmtpServer:
    """The running server: what it received, and its faults to switch on."""

    def __init__(self, controller: Controller, handler: _Handler) -> None:
        self.host = "127.0.0.1"
        self.port: int = controller.port
        self._handler = handler

    @property
    def faults(self) -> Faults:
        return self._handler.faults

    @property
    def received(self) -> list[Received]:
        return self._handler.received

    @property
    def connections(self) -> int:
        return self._handler.connections

    @property
    def logins(self) -> list[tuple[bytes, bytes]]:
        return self._handler.logins

    def copies(self) -> dict[str, int]:
        """How many messages each address was given."""
        counts: dict[str, int] = {}
        for one in self.received:
            for recipient in one.recipients:
                counts[recipient] = counts.get(recipient, 0) + 1
        return counts


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def smtp_server(
    *,
    certificate: Path | None = None,
    implicit_tls: bool = False,
    password: str | None = None,
    size_limit: int | None = None,
) -> Iterator[SmtpServer]:
    """A server for the length of the block. With a certificate it offers STARTTLS (or speaks TLS from the start)."""
    handler = _Handler(Faults())
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def authenticate(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        handler.logins.append((data.login, data.password))
        return AuthResult(success=data.password == (password or "").encode(), handled=False)

    controller = _Controller(
        handler,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=context if implicit_tls else None,
        tls_context=None if implicit_tls else context,
        authenticator=authenticate if password else None,
        auth_require_tls=False,
        data_size_limit=size_limit or 2**25,
        ready_timeout=20,
    )
    controller.start()
    handler.connections = 0
    try:
        yield SmtpServer(controller, handler)
    finally:
        asyncio.run_coroutine_threadsafe(handler.hang_up(), controller.loop).result(10)
        controller.stop()


def make_certificate(path: Path, host: str = "127.0.0.1", *, is_expired: bool = False) -> Path:
    """A certificate of its own authority, with its key in the same file: trusted by who is given the file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    end = now - timedelta(days=1) if is_expired else now + timedelta(days=1)
    shown = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([shown]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
