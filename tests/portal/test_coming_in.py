"""Coming in: a link by mail, good once and for a quarter of an hour; the same answer for everybody."""

from collections.abc import Iterator

import httpx
import pytest
from support.servers.windows import COORDINATOR, Window, new_window

from portal.room.seal import KEY_FILE
from portal.room.visit import SESSION
from portal.signin.entering import LINKS_OF_ADDRESS

CLERK = "vanphong.soct@ninhbinh.example"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with new_window(tmp_path_factory.mktemp("cua-so"), "2022-10-19T10:00") as opened:
        yield opened


def test_a_mailed_link_lets_in_once(window: Window) -> None:
    clerk = window.visitor()
    assert clerk.get("/").headers["location"] == "/dang-nhap"
    link = clerk.ask_for_link(CLERK.upper()).removeprefix(window.house.address)
    assert clerk.get(link).status_code == clerk.get(link).status_code == 200, "opening it uses nothing up"
    answer = clerk.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Sở Công Thương" in clerk.get("/").text
    assert window.visitor().post(link).status_code == 404, "a replayed link"


def test_every_address_gets_the_same_answer_and_strangers_no_mail(window: Window) -> None:
    known, stranger = window.visitor(), window.visitor()
    first = known.post("/dang-nhap", data={"email": COORDINATOR})
    second = stranger.post("/dang-nhap", data={"email": "nguoi.la@ngoai.example"})
    plain = [answer.text.replace(one.csrf, "") for answer, one in ((first, known), (second, stranger))]
    assert plain[0] == plain[1]
    assert window.letters_to("nguoi.la@ngoai.example") == []


def test_a_link_is_good_for_a_quarter_of_an_hour_and_a_session_for_twelve_hours(window: Window) -> None:
    late, clerk = window.visitor(), window.signed_in("giamdoc.soct@ninhbinh.example")
    link = late.ask_for_link("giamdoc.soct@ninhbinh.example").removeprefix(window.house.address)
    window.hand.set(window.workspace, "2022-10-19T10:15")
    assert late.get(link).status_code == late.post(link).status_code == 404
    assert late.get("/vao/" + "A" * 43).status_code == 404, "a guessed link"
    window.hand.set(window.workspace, "2022-10-19T21:59")
    assert clerk.get("/").status_code == 200
    window.hand.set(window.workspace, "2022-10-19T22:00")
    assert clerk.get("/").status_code == 303
    assert clerk.json("GET", "/").status_code == 401
    window.hand.set(window.workspace, "2022-10-19T10:00")


def test_leaving_ends_the_session_wherever_its_cookie_lies(window: Window) -> None:
    clerk, elsewhere = window.signed_in("vanphong.sonv@ninhbinh.example"), window.visitor()
    elsewhere.client.cookies = clerk.client.cookies
    other = window.signed_in("vanphong.sonv@ninhbinh.example")
    assert elsewhere.get("/").status_code == 200
    clerk.post("/thoat", data={"tat_ca": "1"})
    assert elsewhere.get("/").status_code == other.get("/").status_code == 303


@pytest.mark.slow
def test_any_number_of_requests_makes_a_handful_of_mails(window: Window) -> None:
    head = "giamdoc.sonv@ninhbinh.example"
    window.visitor().get("/dang-nhap")
    with httpx.Client(base_url=window.house.address, timeout=60) as client:
        codes = {client.post("/dang-nhap", data={"email": head}).status_code for _ in range(1000)}
    assert codes == {200}
    window.house.errands.submit(int).result(60)
    window.house.errands.submit(int).result(60)
    assert len(window.letters_to(head)) == LINKS_OF_ADDRESS


def test_what_lies_in_the_home_opens_nothing(window: Window) -> None:
    """Links and sessions are stored as digests with a key that its owner alone reads."""
    clerk = window.signed_in("tonghop.sotttt@ninhbinh.example")
    session = clerk.client.cookies[SESSION]
    stored = (window.workspace.home / "baocao.db").read_bytes() + b"".join(
        path.read_bytes() for path in window.workspace.home.glob("baocao.db-*")
    )
    assert session.encode() not in stored
    assert window.house.seal.hashed(session).encode() in stored
    key = window.workspace.home / KEY_FILE
    assert (key.stat().st_mode & 0o777, len(key.read_bytes())) == (0o600, 32)


def test_cookies_and_pages_are_strict(window: Window) -> None:
    clerk = window.visitor()
    link = clerk.ask_for_link("giamdoc.sotttt@ninhbinh.example").removeprefix(window.house.address)
    cookie = clerk.post(link).headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Max-Age=43200", "Path=/"))
    headers = clerk.get("/").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["cache-control"]) == ("DENY", "no-store")
    assert window.visitor().client.get("/", headers={"Host": "ke-gian.example"}).status_code == 400


def test_health_is_told_to_everybody_and_errors_say_nothing(window: Window) -> None:
    anybody = window.visitor()
    assert anybody.get("/suc-khoe").json() == {"status": "ok"}
    assert anybody.get("/khong-co").status_code == 404
