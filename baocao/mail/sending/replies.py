"""What an SMTP server's answers mean (RFC 5321, section 4.2; RFC 3463 for the enhanced codes)."""

import re
import socket
import ssl
from enum import Enum

from baocao.domain.received.finding import clip
from baocao.mail.sending.transport import Reply, ReplyKind
from baocao.system.errors import reason_of

_TOO_LARGE = re.compile(r"\b5\.(3\.4|2\.3)\b")
_MAILBOX_FULL = re.compile(r"\b5\.2\.2\b")
_LOGIN_REFUSED = (530, 534, 535, 538)
_LONGEST_DETAIL = 300


class Step(Enum):
    """What the server answers to: 552 means a full mailbox of a recipient, else a message too large."""

    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    START = "DATA"
    CONTENT = "."


def judge(step: Step, code: int, text: bytes) -> Reply:
    """The outcome of an answer that is no plain go-ahead, with the answer itself as the detail.

    An answer to the content that is no answer at all leaves it open whether the message was taken.
    """
    detail = clip(f"{code} {text.decode('utf-8', 'replace')}", _LONGEST_DETAIL)
    match code // 100:
        case 2 if step is Step.CONTENT:
            return Reply(ReplyKind.SENT)
        case 5 if _is_too_large(step, code, detail):
            return Reply(ReplyKind.TOO_LARGE, detail)
        case 5:
            return Reply(ReplyKind.REFUSED, detail)
        case 4:
            return Reply(ReplyKind.DEFERRED, detail)
    return Reply(ReplyKind.UNCERTAIN if step is Step.CONTENT else ReplyKind.DEFERRED, detail)


def _is_too_large(step: Step, code: int, detail: str) -> bool:
    if _TOO_LARGE.search(detail):
        return True
    return code == 552 and step is not Step.RECIPIENT and not _MAILBOX_FULL.search(detail)


def explain(error: OSError, timeout: float) -> str:
    """Why a connection did not come about, for the operator; never the server's words about a login."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"chứng thư của máy chủ không đáng tin cậy ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"không lập được kênh mã hóa ({error.reason})"
    if is_timeout(error):
        return f"máy chủ không trả lời trong {timeout:g} giây"
    if code in _LOGIN_REFUSED:
        return f"máy chủ từ chối đăng nhập (mã {code}); hãy kiểm tra tên và mật khẩu"
    if code is not None:
        return f"máy chủ từ chối (mã {code})"
    if _lacks(error, "STARTTLS"):
        return "máy chủ không mời mã hóa STARTTLS, và thư không được phép đi qua đường không mã hóa"
    return next((words for kind, words in _UNREACHED.items() if isinstance(error, kind)), clip(reason_of(error)))


_UNREACHED = {
    ConnectionRefusedError: "máy chủ không nhận kết nối (chưa chạy, hoặc sai cổng)",
    socket.gaierror: "không tìm thấy máy chủ (sai tên, hoặc mất mạng)",
    ConnectionError: "máy chủ ngắt kết nối",
}


def is_final(error: OSError) -> bool:
    """Whether a connection will not come about before a person has changed something."""
    is_login_refused = getattr(error, "smtp_code", None) in _LOGIN_REFUSED
    return is_login_refused or isinstance(error, ssl.SSLCertVerificationError) or _lacks(error)


def _lacks(error: OSError, what: str = "") -> bool:
    """Whether the server does not offer what we need (``STARTTLS``); smtplib tells of it only in words."""
    return f"{what} extension not supported" in str(error)


def is_timeout(error: OSError) -> bool:
    """Whether the server was silent for too long; smtplib tells of it only in words."""
    return isinstance(error, TimeoutError) or str(error).endswith("timed out")
