"""The window as an ASGI application: every address and what stands before it."""

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from portal import health, reading_room
from portal.desk import board, deciding, tracing
from portal.room import reception
from portal.room.house import House
from portal.room.look import HERE, SITE
from portal.room.reception import at
from portal.room.shields import BoundedBody, StrictHeaders
from portal.signin import entering, leaving
from portal.unit import checking, handing_in, month, versions

_LOCAL = ["127.0.0.1", "localhost", "[::1]"]


def build_app(house: House) -> Starlette:
    """The application; nothing is opened before the first request."""
    host = urlsplit(house.address).hostname or "localhost"
    app = Starlette(
        routes=[*_routes(house), *_files()],
        middleware=[
            Middleware(StrictHeaders, is_behind_tls=house.is_behind_tls),
            Middleware(TrustedHostMiddleware, allowed_hosts=[host, *_LOCAL], www_redirect=False),
            Middleware(BoundedBody),
        ],
        exception_handlers={HTTPException: reception.refuse, Exception: reception.apologise},
    )
    app.state.house = house
    return app


def _routes(house: House) -> list[Route]:
    return [
        at(house, "/suc-khoe", get=health.tell, is_open=True),
        at(house, "/dang-nhap", get=entering.ask_for_address, post=entering.mail_link, is_open=True),
        at(house, "/vao/{code}", get=entering.ask_for_click, post=entering.let_in, is_open=True),
        at(house, "/thoat", post=leaving.leave),
        at(house, "/", get=month.show),
        at(house, "/lich.ics", get=month.calendar),
        at(house, "/bieu-mau/{period}", get=month.form, is_heavy=True),
        at(house, "/kiem-tra", post=checking.check, is_heavy=True),
        at(house, "/ban-danh-dau/{number}", get=checking.marked_copy, is_heavy=True),
        at(house, "/nop", post=handing_in.hand_in),
        at(house, "/bien-nhan/{number:int}", get=handing_in.receipt),
        at(house, "/don-vi/{unit}/{period}", get=versions.show),
        at(house, "/don-vi/{unit}/{period}/tra-lai/{version:int}", get=versions.returned_copy),
        at(house, "/giai-trinh", post=versions.explain),
        at(house, "/xin-gia-han", post=versions.ask_for_time),
        at(house, "/bao-cao", get=reading_room.show),
        at(house, "/bao-cao/{period}/{version:int}/{name}", get=reading_room.file),
        at(house, "/bao-cao/{period}/{version:int}/trang/{number:int}", get=reading_room.page, is_heavy=True),
        at(house, "/ban-lam-viec", get=board.show),
        at(house, "/nguon-goc", get=tracing.show, is_heavy=True),
        at(house, "/quyet-dinh/{kind}", post=deciding.decide),
    ]


def _files() -> list[Mount]:
    return [
        Mount("/static/site", StaticFiles(directory=SITE / "static")),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
