"""Where the window is: its address in mails, and its port."""

import socket

from baocao.system.errors import UsageError, reason_of
from baocao.system.proxies import is_loopback
from baocao.workspace.settings import Settings


def address_of(settings: Settings) -> str:
    """How browsers reach the window: ``BAOCAO_PORTAL_URL``, or this machine's own address.

    Raises:
        UsageError: it is to be reached from outside, and nobody said by which address.
    """
    if settings.portal_url:
        return settings.portal_url
    if not is_loopback(settings.portal_host):
        raise UsageError(
            f"Không mở cửa sổ web ra {settings.portal_host} khi chưa biết địa chỉ ghi trong thư đăng nhập: hãy đặt "
            "BAOCAO_PORTAL_URL (https://…), hoặc bỏ BAOCAO_PORTAL_HOST."
        )
    host = f"[{settings.portal_host}]" if ":" in settings.portal_host else settings.portal_host
    return f"http://{host}:{settings.portal_port}"


def taken_port(settings: Settings) -> socket.socket:
    """The port, taken before anything else is done.

    Raises:
        UsageError: it is switched off, or another program has it.
    """
    host, port = settings.portal_host, settings.portal_port
    if not port:
        raise UsageError("BAOCAO_PORTAL_PORT=0: cửa sổ web tắt. Hãy đặt một cổng, ví dụ 8080, rồi chạy lại.")
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise UsageError(
            f"Không mở được cửa sổ web ở cổng {port} trên {host} ({reason_of(error)}): "
            "chương trình khác đang dùng cổng này. Hãy đặt BAOCAO_PORTAL_PORT khác (0 là tắt cửa sổ); "
            "các việc khác vẫn chạy."
        ) from None
    return found
