"""The way to every page: who asks is found out first, then whether it may be, then what the form says."""

import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from baocao.store.engine.database import reading
from baocao.store.sign_in.sessions import address_of
from baocao.system.errors import BaocaoError, NotDueError, OutsideServiceError, UsageError
from portal.room.house import House
from portal.room.people import person_of
from portal.room.seal import new_code
from portal.room.visit import SESSION, VISITOR, Visit, go_to

log = logging.getLogger(__name__)

Handler = Callable[[Visit], Response]
STALE = "Trang này mở đã lâu hoặc không phải của phiên này. Hãy mở lại trang rồi làm lại."
_STATUS: tuple[tuple[type[BaocaoError], int], ...] = ((UsageError, 400), (NotDueError, 409), (OutsideServiceError, 503))
_WORDS = {
    400: "Chưa làm được",
    403: "Trang đã cũ",
    404: "Không có trang này",
    405: "Không có trang này",
    409: "Chưa làm được lúc này",
    413: "Tệp quá lớn",
    500: "Hệ thống gặp lỗi",
    503: "Tạm thời chưa làm được",
}
_SAYS = {
    404: "Địa chỉ không đúng, hoặc trang không dành cho quý vị.",
    405: "Địa chỉ không đúng, hoặc trang không dành cho quý vị.",
    500: "Dữ liệu đã nhận vẫn nguyên. Xin thử lại sau ít phút; nếu vẫn lỗi, xin liên hệ cán bộ tổng hợp.",
}


def at(
    house: House,
    path: str,
    *,
    get: Handler | None = None,
    post: Handler | None = None,
    is_open: bool = False,
    is_heavy: bool = False,
) -> Route:
    """A page at an address; only for those who are signed in, unless it ``is_open``.

    ``is_heavy``: few at a time; see :class:`House`.
    """
    limit = house.heavy if is_heavy else None
    handlers = {method: handler for method, handler in (("GET", get), ("POST", post)) if handler}

    async def endpoint(request: Request) -> Response:
        handler = handlers["POST" if request.method == "POST" else "GET"]
        visit = await run_in_threadpool(greet, house, request)
        if visit.person is None and not is_open:
            return _sent_to_sign_in(visit)
        try:
            return await _handled(visit, handler, limit)
        except BaocaoError as error:
            return refusal(visit, _status_of(error), str(error))

    return Route(path, endpoint, methods=list(handlers))


async def _handled(visit: Visit, handler: Handler, limit: CapacityLimiter | None) -> Response:
    if visit.request.method != "POST":
        return await to_thread.run_sync(handler, visit, limiter=limit)
    if _is_from_elsewhere(visit):
        raise HTTPException(403, STALE)
    async with visit.request.form(max_files=1, max_fields=60, max_part_size=64 << 10) as form:
        filled = replace(visit, form=form)
        if not _is_meant(filled):
            raise HTTPException(403, STALE)
        return await to_thread.run_sync(handler, filled, limiter=limit)


def greet(house: House, request: Request) -> Visit:
    """Who asks: a session that is open and whose address the plan knows; else a visitor."""
    clock, token = house.clock(), request.cookies.get(SESSION, "")
    if token:
        with reading(house.workspace.engine) as connection:
            address = address_of(connection, house.seal.hashed(token), clock.now)
        person = person_of(house.workspace.plan, address) if address else None
        if person is not None:
            return Visit(house, request, person, clock, token)
    known = request.cookies.get(VISITOR, "")
    return Visit(house, request, None, clock, known or new_code(), is_new=not known)


def _is_from_elsewhere(visit: Visit) -> bool:
    """Whether a browser says that a page of another site sent this; programs say nothing."""
    headers = visit.request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() not in _own_places(visit)


def _own_places(visit: Visit) -> set[str]:
    return {visit.request.headers.get("host", "").lower(), urlsplit(visit.house.address).netloc.lower()}


def _is_meant(visit: Visit) -> bool:
    """Whether the form is of this session; before one, nothing can be done in anybody's name."""
    given = visit.request.headers.get("x-csrf-token") or visit.text("csrf")
    if not given:
        return visit.person is None
    return visit.house.seal.is_csrf(given, visit.token)


def _sent_to_sign_in(visit: Visit) -> Response:
    if visit.wants_json:
        return visit.say({"error": "Chưa đăng nhập."}, 401)
    return go_to("/dang-nhap")


def _status_of(error: BaocaoError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def refusal(visit: Visit, status: int, says: str) -> Response:
    """An answer that says what is wrong and what to do."""
    if visit.wants_json:
        return visit.say({"error": says}, status)
    return visit.show("loi.html.j2", _WORDS.get(status, "Chưa làm được"), status, says=says)


async def refuse(request: Request, error: Exception) -> Response:
    """What no page answered: an address that is none, a request that is too large."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these alone
    visit = await run_in_threadpool(greet, request.app.state.house, request)
    says = error.detail if error.status_code in (403, 413) else _SAYS.get(error.status_code, error.detail)
    return refusal(visit, error.status_code, says)


async def apologise(request: Request, error: Exception) -> Response:
    """A bug of ours: told in the log alone."""
    log.error("a page broke off", exc_info=error)
    visit = Visit(request.app.state.house, request, None, request.app.state.house.clock(), new_code())
    return refusal(visit, 500, _SAYS[500])
