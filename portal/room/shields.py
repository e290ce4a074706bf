"""What stands before every page: headers that keep browsers strict, and a limit on what is sent."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baocao.workbook.formats.guard import MAX_FILE_BYTES

MOST_BYTES = MAX_FILE_BYTES + (1 << 20)
"""Of a request: the largest workbook, and the form around it."""

TOO_LARGE = f"Tệp lớn hơn {MAX_FILE_BYTES >> 20} MB. Hãy bỏ ảnh và trang thừa khỏi tệp, lưu lại rồi gửi."
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class StrictHeaders:
    """Every answer says how it may be used; pages are kept by nobody."""

    def __init__(self, app: ASGIApp, *, is_behind_tls: bool) -> None:
        self._app = app
        more = {"Strict-Transport-Security": "max-age=31536000"} if is_behind_tls else {}
        self._headers = {**_HEADERS, **more}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers."""

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                is_page = not scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", "no-store" if is_page else "max-age=3600")
            await send(message)

        await self._app(scope, receive, send_strictly if scope["type"] == "http" else send)


class BoundedBody:
    """No request is larger than :data:`MOST_BYTES`, whatever it says of itself; it is counted as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting.

        Raises:
            HTTPException: 413, at the first byte too many.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "0")
        left = -1 if told.isdecimal() and int(told) > MOST_BYTES else MOST_BYTES

        async def receive_counted() -> Message:
            nonlocal left
            if left < 0:
                raise HTTPException(413, TOO_LARGE)
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)
