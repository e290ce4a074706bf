"""Which way mail leaves: the configured SMTP server, or files where there is none (decision 13)."""

from pathlib import Path

from baocao.mail.smtp import SmtpSettings, SmtpTransport
from baocao.mail.transport import FileTransport, Transport
from baocao.settings import Settings


def transport_of(settings: Settings, outbox: Path) -> Transport:
    """The transport that the settings ask for; nothing is connected yet.

    Raises:
        UsageError: the settings would send a password in clear, or lack one.
    """
    if not settings.smtp_host:
        return FileTransport(outbox)
    return SmtpTransport(
        SmtpSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            user=settings.smtp_user,
            password=settings.smtp_password,
            security=settings.smtp_security,
        )
    )
