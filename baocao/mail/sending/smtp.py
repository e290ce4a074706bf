"""SMTP: yagmail makes the connection, the encryption and the login; the mail transaction is driven step by step.

yagmail's own ``send`` is not used: it retries blindly after a dropped connection (the server got three copies),
rewrites HTML and attaches texts that look like paths. Stepwise, because only so is it known for every recipient what
the server said, and whether the connection broke before or after the content was on its way.
"""

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yagmail
from pydantic import SecretStr

from baocao.mail.sending.replies import Step, explain, is_final, is_timeout, judge
from baocao.mail.sending.transport import Envelope, NoWayOutError, Reply, ReplyKind
from baocao.narrative.phrases import upper_first
from baocao.system.errors import UsageError

_BEFORE = "mất kết nối trước khi truyền nội dung"
_AFTER = "mất kết nối khi đã truyền nội dung, máy chủ có thể đã nhận thư"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where and how to send. ``timeout`` is in seconds, for every single answer of the server.

    Without ``user`` there is no login (a relay in the house). Certificates are checked against the system's store
    (``SSL_CERT_FILE`` names another).
    """

    host: str
    port: int = 587
    user: str = ""
    password: SecretStr = field(default=SecretStr(""), repr=False)
    security: Literal["none", "starttls", "tls"] = "starttls"
    timeout: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what could not work or would show the password.

        Raises:
            UsageError: a user without a usable password, or a password that would cross the network in clear.
        """
        if not self.user:
            return
        if not self.password.get_secret_value() or not self.password.get_secret_value().isascii():
            raise UsageError(
                "Đã đặt BAOCAO_SMTP_USER mà mật khẩu còn trống hoặc có chữ có dấu. "
                "Hãy đặt BAOCAO_SMTP_PASSWORD, chỉ gồm ký tự không dấu."
            )
        if self.security == "none" and not _is_loopback(self.host):
            raise UsageError(
                "Không gửi mật khẩu qua đường không mã hóa: hãy đặt BAOCAO_SMTP_SECURITY là starttls hoặc tls"
            )


class SmtpTransport:
    """One connection for many messages, made anew where the server has dropped it. For one thread."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Nothing is connected yet."""
        self._settings = settings
        self._client: Any = None
        self._is_used = False

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as we know."""
        return bool(self._client is not None and self._client.smtp.sock is not None)

    def open(self) -> None:
        """Connect and log in, where there is no connection.

        Raises:
            NoWayOutError: no connection, no trusted encryption or no login; the message holds no secret.
        """
        if self.is_open:
            return
        self.close()
        self._connect()

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        """One mail transaction with all recipients; what the server says to each is told apart.

        Tried on a new connection once more only where a used one turns out to be dead before any content went out.

        Raises:
            NoWayOutError: there is no connection, or the server does not take our sender's address.
        """
        self.open()
        was_used, self._is_used = self._is_used, True
        replies = self._attempt(envelope)
        if was_used and all(reply.detail.startswith(_BEFORE) for reply in replies.values()):
            self.open()
            replies = self._attempt(envelope)
        return replies

    def close(self) -> None:
        """Say goodbye where somebody listens, and let go."""
        if self._client is None:
            return
        smtp, self._client.is_closed, self._client, self._is_used = self._client.smtp, True, None, False
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.quit()
        except OSError:
            pass  # a goodbye that nobody hears changes nothing
        finally:
            smtp.close()

    def _connect(self) -> None:
        settings = self._settings
        context = None if settings.security == "none" else ssl.create_default_context()
        secure = {"context": context} if settings.security == "tls" else {}
        self._client = yagmail.SMTP(
            settings.user,
            settings.password.get_secret_value(),
            host=settings.host,
            port=settings.port,
            smtp_ssl=settings.security == "tls",
            smtp_starttls={"context": context} if settings.security == "starttls" else False,
            smtp_skip_login=not settings.user,
            soft_email_validation=False,
            timeout=settings.timeout,
            **secure,
        )
        self._client.user = settings.user  # yagmail made «name@gmail.com» of a name without a domain
        try:
            self._client.login()
            self._client.smtp.ehlo_or_helo_if_needed()
        except OSError as error:
            reason = f"không gửi được thư qua {settings.host}:{settings.port}: {explain(error, settings.timeout)}"
            self._drop()
            raise NoWayOutError(
                f"{upper_first(reason)}. "
                "Thư còn trong sổ thư đi; hãy kiểm tra cấu hình BAOCAO_SMTP_* hoặc máy chủ thư rồi chạy lại.",
                reason,
                is_final=is_final(error),
            ) from None

    def _drop(self) -> None:
        if self._client.smtp is not None:
            self._client.smtp.close()
        self.close()

    def _attempt(self, envelope: Envelope) -> dict[str, Reply]:
        smtp = self._client.smtp
        replies: dict[str, Reply] = {}
        try:
            options = [f"size={len(envelope.content)}"] if smtp.has_extn("size") else []
            code, text = smtp.mail(envelope.sender, options)
            if code // 100 != 2:
                return self._sender_refused(envelope, judge(Step.SENDER, code, text))
            for recipient in envelope.recipients:
                code, text = smtp.rcpt(recipient)
                if code // 100 != 2:
                    replies[recipient] = judge(Step.RECIPIENT, code, text)
            accepted = [one for one in envelope.recipients if one not in replies]
            if not accepted:
                smtp.rset()
        except OSError as error:
            smtp.close()
            broken = Reply(ReplyKind.DEFERRED, _broken(_BEFORE, error))
            return dict.fromkeys(envelope.recipients, broken) | replies
        if accepted:
            replies |= dict.fromkeys(accepted, _content(smtp, envelope.content))
        return replies

    def _sender_refused(self, envelope: Envelope, reply: Reply) -> dict[str, Reply]:
        if reply.outcome is ReplyKind.REFUSED:
            reason = f"máy chủ {self._settings.host} không nhận thư gửi từ {envelope.sender} ({reply.detail})"
            raise NoWayOutError(
                f"{upper_first(reason)}. Hãy kiểm tra BAOCAO_SMTP_FROM và quyền gửi của tài khoản rồi chạy lại.",
                reason,
                is_final=True,
            )
        return dict.fromkeys(envelope.recipients, reply)


def _content(smtp: Any, content: bytes) -> Reply:
    try:
        code, text = smtp.data(content)
    except OSError as error:
        if smtp.sock is not None:  # the server answered DATA itself with a refusal, and the connection stands
            return judge(Step.START, getattr(error, "smtp_code", 0), getattr(error, "smtp_error", b""))
        return Reply(ReplyKind.UNCERTAIN, _broken(_AFTER, error))
    return judge(Step.CONTENT, code, text)


def _broken(when: str, error: OSError) -> str:
    return f"{when} ({'máy chủ không trả lời' if is_timeout(error) else 'máy chủ ngắt'})"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
