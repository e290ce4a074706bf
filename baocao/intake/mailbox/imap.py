"""The mailbox itself: connection, listing, fetching, moving; every failure of the server is one readable error.

imap-tools makes the connection and moves messages; they are fetched as raw bytes, because those are what is kept.
"""

import imaplib
import ipaddress
import logging
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import mktime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, MailboxLoginError, UnexpectedCommandStatusError

from baocao.domain.grouping import batched
from baocao.system.errors import OutsideServiceError, RefusedByServiceError, UsageError, reason_of
from baocao.workspace.settings import Settings

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 60.0
_AT_ONCE = 500
_TLS_PORT = 993
_FINAL = (MailboxLoginError, ssl.SSLCertVerificationError)
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A message that waits: its number in the folder now, its size in bytes, and when the server took it."""

    uid: str
    size: int
    arrived_at: datetime | None


class OpenMailbox:
    """An open mailbox in its inbox folder."""

    def __init__(self, box: BaseMailBox, host: str) -> None:
        self._box = box
        self._host = host

    @property
    def can_tell(self) -> bool:
        """Whether the server tells of new messages by itself (IDLE)."""
        return "IDLE" in self._box.client.capabilities

    def numbers(self) -> frozenset[str]:
        """The numbers of the messages in the folder."""
        with _explained(self._host):
            return frozenset(self._box.uids())

    def listen(self, seconds: float) -> None:
        """Return when the server tells of a change in the folder, or after so many seconds."""
        with _explained(self._host):
            self._box.idle.wait(seconds)

    def waiting(self) -> list[WaitingMail]:
        """The messages in the folder, in the order in which they came."""
        with _explained(self._host):
            return [one for uids in batched(self._box.uids(), _AT_ONCE) for one in self._described(uids)]

    def _described(self, uids: Sequence[str]) -> Iterator[WaitingMail]:
        for item in self._fetched(",".join(uids), "(UID RFC822.SIZE INTERNALDATE)"):
            line = item if isinstance(item, bytes) else b""
            uid, size = _UID.search(line), _SIZE.search(line)
            if uid and size:
                yield WaitingMail(uid[1].decode(), int(size[1]), _moment(line))

    def fetch(self, uid: str, *, is_whole: bool = True) -> bytes | None:
        """A message's bytes, or those of its header; None where it is there no longer. It stays unread."""
        with _explained(self._host):
            found = self._fetched(uid, f"(BODY.PEEK[{'' if is_whole else 'HEADER'}])")
            return next((bytes(item[1]) for item in found if isinstance(item, tuple)), None)

    def _fetched(self, uids: str, parts: str) -> list[Any]:
        """What the server gives; messages that another run has moved away are left out, with or without an error."""
        kind, found = self._box.client.uid("FETCH", uids, parts)
        if kind != "OK":
            log.info("the mail server gives not all of %s: %r", uids, found)
        return [item for item in found if item]

    def move(self, uid: str, folder: str) -> None:
        """Move a message; one that the server does not move stays, to be moved by the next run."""
        with _explained(self._host):
            try:
                self._box.move(uid, folder)
            except UnexpectedCommandStatusError as error:
                log.warning("message %s was not moved to %s: %s", uid, folder, type(error).__name__)

    def ensure_folder(self, name: str) -> str:
        """The folder's full name on this server; made where it is missing.

        Some servers keep all folders below the inbox.
        """
        with _explained(self._host):
            for create in (None, name, f"INBOX{self._delimiter}{name}"):
                if create is not None:
                    self._try_to_create(create)
                found = self._full_name(name)
                if found is not None:
                    return found
        raise OutsideServiceError(f"Máy chủ thư {self._host} không cho tạo thư mục {name}; hãy tạo bằng tay.")

    @property
    def _delimiter(self) -> str:
        return next((one.delim for one in self._box.folder.list() if one.name.upper() == "INBOX"), ".")

    def _full_name(self, name: str) -> str | None:
        known = {one.name for one in self._box.folder.list()}
        return next((one for one in (name, f"INBOX{self._delimiter}{name}") if one in known), None)

    def _try_to_create(self, name: str) -> None:
        """Another run may be quicker, and some servers refuse folders in some places; what counts is what is there."""
        with suppress(MailboxFolderCreateError):
            self._box.folder.create(name)


class _NoEncryptionError(imaplib.IMAP4.abort):
    """The server does not offer STARTTLS."""


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[OpenMailbox]:
    """The mailbox of the settings, in its folder, for the length of the block.

    Raises:
        UsageError: the settings cannot work, or would send the password in clear.
        OutsideServiceError: no connection, no trusted encryption, no login, no such folder; no secret is in the text.
    """
    _check(settings)
    with _explained(settings.imap_host):
        box = _connect(settings)
    try:
        with _explained(settings.imap_host):
            if settings.imap_security == "starttls":  # not by MailBoxStartTls, which leaves a refused connection open
                _encrypt(box)
            box.login(settings.imap_user, settings.imap_password.get_secret_value(), settings.imap_folder)
            box.client.capabilities = tuple(box.client.capability()[1][-1].decode().upper().split())
        yield OpenMailbox(box, settings.imap_host)
    finally:
        _leave(box)


def _encrypt(box: BaseMailBox) -> None:
    if "STARTTLS" not in box.client.capabilities:
        raise _NoEncryptionError
    box.client.starttls(ssl.create_default_context())


def _check(settings: Settings) -> None:
    password = settings.imap_password.get_secret_value()
    if not settings.imap_host or not settings.imap_user:
        raise UsageError("Nhận báo cáo qua thư cần BAOCAO_IMAP_HOST và BAOCAO_IMAP_USER; hãy đặt rồi chạy lại.")
    if not password or not password.isascii():
        raise UsageError("BAOCAO_IMAP_PASSWORD phải có và chỉ gồm ký tự không dấu.")
    if settings.imap_security == "none" and not _is_loopback(settings.imap_host):
        raise UsageError(
            "Không gửi mật khẩu qua đường không mã hóa: hãy đặt BAOCAO_IMAP_SECURITY là tls hoặc starttls."
        )
    if settings.imap_security == "starttls" and settings.imap_port == _TLS_PORT:
        raise UsageError("Cổng 993 dùng với BAOCAO_IMAP_SECURITY=tls; với starttls hãy đặt BAOCAO_IMAP_PORT=143.")


def _connect(settings: Settings) -> BaseMailBox:
    host, port = settings.imap_host, settings.imap_port
    if settings.imap_security == "tls":
        return MailBox(host, port, timeout=TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(host, port, timeout=TIMEOUT_SECONDS)


def _leave(box: BaseMailBox) -> None:
    """Say goodbye, and let go also where nobody hears it."""
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        with suppress(OSError):
            box.client.shutdown()


@contextmanager
def _explained(host: str) -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        failure = RefusedByServiceError if isinstance(error, _FINAL) else OutsideServiceError
        raise failure(
            f"Không lấy được thư từ {host}: {_reason(error)}. Thư còn nguyên trong hộp thư; "
            "hãy kiểm tra cấu hình BAOCAO_IMAP_* hoặc máy chủ thư rồi chạy lại."
        ) from None


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"chứng thư của máy chủ không đáng tin cậy ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return f"máy chủ không trả lời trong {TIMEOUT_SECONDS:g} giây"
    if isinstance(error, MailboxLoginError):
        return "máy chủ từ chối đăng nhập; hãy kiểm tra tên và mật khẩu"
    if isinstance(error, _NoEncryptionError):
        return "máy chủ không mời mã hóa STARTTLS, và mật khẩu không được phép đi qua đường không mã hóa"
    if isinstance(error, OSError):
        return reason_of(error) or "mất kết nối"
    return "máy chủ ngắt hoặc từ chối giữa chừng"


def _moment(line: bytes) -> datetime | None:
    """INTERNALDATE of a response line, in UTC."""
    local = imaplib.Internaldate2tuple(line)
    return datetime.fromtimestamp(mktime(local), UTC) if local else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
