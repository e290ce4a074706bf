"""Servers outside: mail out, mail in, Prefect. Connected to and logged in; nothing is sent, fetched or changed."""

import base64
import os
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from baocao.intake.mailbox.imap import open_mailbox
from baocao.mail.sending.routes import smtp_transport
from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.system.errors import BaocaoError
from baocao.system.proxies import is_loopback, proxy_hint
from baocao.workspace.settings import Settings

TIMEOUT_SECONDS = 10.0
LARGEST_SKEW_SECONDS = 60
_SMTP = Subject("smtp", "Gửi thư (SMTP)")
_IMAP = Subject("imap", "Nhận thư (IMAP)")
_PREFECT = Subject("prefect", "Máy chủ Prefect")
_NOBODY_HEARD = (
    "chưa biết máy chủ thư nào xác nhận người gửi: giải trình, ý kiến duyệt gửi bằng thư không được nghe, "
    "tệp chỉ được nhận khi trả lời thư của hệ thống, có Mã nộp đúng"
)
_SET_AUTHSERV = "Đặt BAOCAO_TRUSTED_AUTHSERV: tên đứng đầu dòng Authentication-Results trong thư mà hộp thư này đã nhận"


def check_smtp(settings: Settings) -> Diagnosis:
    """Connect and log in where a server is set; without one, say where the mails go."""
    if not settings.smtp_host:
        detail = f"chưa đặt BAOCAO_SMTP_HOST: thư chỉ được ghi thành tệp trong {settings.home / 'outbox'}"
        return _SMTP.warning(detail, "Đặt BAOCAO_SMTP_HOST, _PORT, _USER, _PASSWORD, _SECURITY để gửi thật")
    try:
        transport = smtp_transport(settings, TIMEOUT_SECONDS)
        try:
            transport.open()
        finally:
            transport.close()
    except BaocaoError as error:
        return _SMTP.of_error(error)
    who = f", tài khoản {settings.smtp_user}" if settings.smtp_user else ", không đăng nhập"
    return _SMTP.ok(f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_security}{who})")


def check_imap(settings: Settings) -> Diagnosis:
    """Log in and open the folder where mailbox intake is on."""
    if "mailbox" not in settings.intake:
        return _IMAP.ok("không dùng hộp thư nhận")
    try:
        with open_mailbox(settings):
            where = f"{settings.imap_host}:{settings.imap_port}, thư mục {settings.imap_folder}"
    except BaocaoError as error:
        return _IMAP.of_error(error)
    return _IMAP.ok(where) if settings.hears_replies else _IMAP.warning(f"{where}; {_NOBODY_HEARD}", _SET_AUTHSERV)


def check_prefect(now: datetime) -> Diagnosis:
    """Whether the Prefect server of PREFECT_API_URL answers, lets us in, and has a clock like ours."""
    address = os.environ.get("PREFECT_API_URL", "")
    if not address:
        return _PREFECT.ok("không đặt PREFECT_API_URL: baocao serve tự mở máy chủ, lệnh chạy tay không cần")
    remedy = "Khởi động máy chủ (baocao serve hoặc prefect server start), kiểm tra PREFECT_API_URL"
    if not address.startswith(("http://", "https://")):
        return _PREFECT.misconfigured("PREFECT_API_URL không phải địa chỉ http", remedy)
    try:
        way = build_opener(ProxyHandler({})) if is_loopback(urlsplit(address).hostname or "") else build_opener()
        with way.open(_request(f"{address.rstrip('/')}/admin/version"), timeout=TIMEOUT_SECONDS) as answer:
            date, version = answer.headers.get("Date"), answer.read(100).decode(errors="replace").strip().strip('"')
    except HTTPError as error:
        if error.code in (401, 403):
            return _PREFECT.misconfigured("máy chủ từ chối đăng nhập", "Đặt PREFECT_API_AUTH_STRING cho đúng")
        return _PREFECT.failing(f"máy chủ trả lời {error.code}", remedy)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return _PREFECT.failing(f"không tới được máy chủ: {reason}.{proxy_hint(address)}", remedy)
    skew = abs((parsedate_to_datetime(date) - now).total_seconds()) if date else 0.0
    if skew > LARGEST_SKEW_SECONDS:
        return _PREFECT.warning(f"đồng hồ máy chủ lệch {skew:.0f} giây", "Đồng bộ đồng hồ hai máy (NTP)")
    return _PREFECT.ok(f"phiên bản {version}")


def _request(address: str) -> Request:
    secret = os.environ.get("PREFECT_API_AUTH_STRING", "")
    encoded = base64.b64encode(secret.encode()).decode()
    return Request(address, headers={"Authorization": f"Basic {encoded}"} if secret else {})  # noqa: S310 - http, checked
