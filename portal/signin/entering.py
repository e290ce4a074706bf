"""Coming in: an address is given, a link is mailed to it, opening the link and one click open a session."""

import ipaddress
from datetime import timedelta
from functools import partial

from starlette.responses import Response

from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.sign_in import links, sessions
from baocao.system.clock import Clock
from portal.room.house import House
from portal.room.people import Person, person_of
from portal.room.seal import new_code
from portal.room.visit import SESSION, VISITOR, Visit, go_to, missing

LINK_MINUTES, SESSION_HOURS = 15, 12
LINKS_OF_ADDRESS, LINKS_OF_NETWORK = 5, 60
"""Links that are mailed within an hour: to one address, and for one network. Who asks for more is told nothing else."""

_LIMITED = timedelta(hours=1)
_FORGOTTEN = timedelta(days=1)
_SAYS = (
    f"Nếu địa chỉ này có trong kế hoạch, một thư kèm liên kết sẽ đến trong ít phút; liên kết dùng được một lần, trong "
    f"{LINK_MINUTES} phút. Không thấy thư, xin xem hộp thư rác, rồi hỏi cán bộ tổng hợp xem địa chỉ nào đã đăng ký."
)


def ask_for_address(visit: Visit) -> Response:
    """The page on which an address is given."""
    return go_to("/") if visit.person else visit.show("dang-nhap.html.j2", "Đăng nhập", says="")


def mail_link(visit: Visit) -> Response:
    """The same answer for every address, given before anything is looked up."""
    if visit.wants_json:
        response = visit.say({"message": _SAYS})
    else:
        response = visit.show("dang-nhap.html.j2", "Xem hộp thư của quý vị", says=_SAYS)
    network = network_of(visit.request.client.host if visit.request.client else "")
    visit.house.later(partial(_send_link, visit.house, visit.text("email"), network, visit.clock))
    return response


def network_of(host: str) -> str:
    """The network that an address belongs to: /24 of IPv4, /64 of IPv6; what is none stands for itself."""
    try:
        bits = 24 if ipaddress.ip_address(host).version == 4 else 64
        return str(ipaddress.ip_network((host, bits), strict=False))
    except ValueError:
        return host[:60]


def _send_link(house: House, address: str, network: str, clock: Clock) -> None:
    person = person_of(house.workspace.plan, address)
    if person is not None and _note_link(house, person, network, clock):
        house.postman.deliver()


def _note_link(house: House, person: Person, network: str, clock: Clock) -> bool:
    """Note a link and queue its mail in one transaction; False where there were too many within the hour."""
    code, workspace = new_code(), house.workspace
    row = {
        "address": person.address,
        "network": network,
        "asked_at": clock.now,
        "code_hash": house.seal.hashed(code),
        "expires_at": clock.now + timedelta(minutes=LINK_MINUTES),
    }
    with reading(workspace.engine) as connection:  # so that a flood of requests keeps nobody from writing
        if _are_too_many(connection, person.address, network, clock):
            return False
    with writing(workspace.engine) as connection:
        if _are_too_many(connection, person.address, network, clock):
            return False
        links.forget_links(connection, clock.now - _FORGOTTEN)
        links.add_link(connection, row)
        enqueue(connection, [_letter(house, person, code)], workspace.outbox_folder, clock.now)
    return True


def _are_too_many(connection: Connection, address: str, network: str, clock: Clock) -> bool:
    of_address, of_network = links.links_asked(connection, address, network, clock.now - _LIMITED)
    return of_address >= LINKS_OF_ADDRESS or of_network >= LINKS_OF_NETWORK


def _letter(house: House, person: Person, code: str) -> Outgoing:
    workspace = house.workspace
    letter = render_letter(
        "sign_in",
        f"Liên kết đăng nhập {workspace.plan.short_title}",
        workspace.plan,
        whose=person.name,
        link=f"{house.address}/vao/{code}",
        minutes=LINK_MINUTES,
    )
    return letter_to(workspace, [(person.name, person.address)], f"sign-in/{house.seal.hashed(code)[:32]}", letter)


def ask_for_click(visit: Visit) -> Response:
    """The page behind the link, with one button: programs that open links in mails use nothing up."""
    with reading(visit.workspace.engine) as connection:
        if not links.is_good(connection, visit.house.seal.hashed(visit.path("code")), visit.clock.now):
            return _no_good(visit)
    return visit.show("vao.html.j2", "Vào hệ thống báo cáo")


def let_in(visit: Visit) -> Response:
    """Use the link up and open a session, of which only a hash is kept."""
    seal, now, token = visit.house.seal, visit.clock.now, new_code()
    with writing(visit.workspace.engine) as connection:
        address = links.use_link(connection, seal.hashed(visit.path("code")), now)
        if address is None or person_of(visit.workspace.plan, address) is None:
            address = None
        else:
            until = now + timedelta(hours=SESSION_HOURS)
            sessions.open_session(connection, seal.hashed(token), address, now, until)
    if address is None:
        return _no_good(visit)
    response = go_to("/")
    visit.give_cookie(response, SESSION, token, SESSION_HOURS * 3600)
    response.delete_cookie(VISITOR, path="/")
    return response


def _no_good(visit: Visit) -> Response:
    if visit.wants_json:
        missing()
    return visit.show("het-han.html.j2", "Liên kết không dùng được", 404)
