"""Which way mail leaves: the configured SMTP server, or files where there is none (decision 13)."""

from pathlib import Path

from baocao.mail.sending.smtp import SmtpSettings, SmtpTransport
from baocao.mail.sending.transport import FileTransport, Transport
from baocao.workspace.settings import Settings


def transport_of(settings: Settings, outbox: Path) -> Transport:
    """The transport that the settings ask for; nothing is connected yet.

    Raises:
        UsageError: the settings would send a password in clear, or lack one.
    """
    if not settings.smtp_host:
        return FileTransport(outbox)
    return smtp_transport(settings)


def smtp_transport(settings: Settings, timeout: float = 60.0) -> SmtpTransport:
    """The way to the configured server; ``timeout`` is in seconds, for each of its answers.

    Raises:
        UsageError: the settings would send a password in clear, or lack one.
    """
    return SmtpTransport(
        SmtpSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            user=settings.smtp_user,
            password=settings.smtp_password,
            security=settings.smtp_security,
            timeout=timeout,
        )
    )
