"""An attacker with a session of another unit, or none: nothing gets in, nothing goes out."""

from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection

import httpx
import pytest
from support.reports.site import HOSTILE, filled_home
from support.servers.windows import Visitor, Window, window_on

from portal.room.shields import MOST_BYTES


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    workspace = filled_home(tmp_path_factory.mktemp("home"))
    with window_on(workspace, "2022-12-15T10:00") as opened:
        yield opened


@pytest.fixture(scope="module")
def clerk(window: Window) -> Visitor:
    return window.signed_in("vanphong.soct@ninhbinh.example")


@pytest.mark.parametrize(
    "path",
    [
        "/don-vi/SNV/2022-10",
        "/don-vi/SNV/2022-10/tra-lai/1",
        "/don-vi/KHONG-CO/2022-10",
        "/don-vi/SCT/2022-99",
        "/don-vi/SCT/..%2f..%2f",
        "/bieu-mau/2022-10?don_vi=SNV",
        "/bien-nhan/1",
        "/ban-lam-viec",
        "/ban-danh-dau/" + "A" * 43,
        "/bao-cao/2022-10/1/..%2f..%2fbaocao.db",
        "/bao-cao/2022-10/1/thu.html",
        "/static/..%2f..%2fapp.py",
        "/static/site/..%2f..%2f..%2fpyproject.toml",
    ],
)
def test_what_is_not_yours_does_not_exist(clerk: Visitor, path: str) -> None:
    assert clerk.get(path).status_code == 404
    assert clerk.json("GET", path).status_code == 404


def test_another_units_file_cannot_be_handed_in_for_it(clerk: Visitor) -> None:
    assert clerk.send("/nop", ("a.xlsx", b"PK\x03\x04"), don_vi="SNV").status_code == 404
    for kind in ("approve", "release", "override", "extend", "restate", "resolve", "khong-co"):
        assert clerk.post(f"/quyet-dinh/{kind}", data={"reason": "x"}).status_code == 404
    explained = {"number": "SNV-2022-10-1-1", "period": "2022-10", "text": "x"}
    assert clerk.post("/giai-trinh", data=explained).status_code == 404


def test_without_a_session_there_is_only_the_door(window: Window) -> None:
    nobody = window.visitor()
    for path in ("/", "/bao-cao", "/don-vi/SCT/2022-10", "/ban-lam-viec", "/bieu-mau/2022-10"):
        answer = nobody.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap")
        assert nobody.client.get(path, headers={"Accept": "application/json"}).status_code == 401
    assert nobody.client.post("/nop", files={"tep": ("a.xlsx", b"x")}).status_code == 303
    nobody.client.cookies.set("baocao_phien", "A" * 43)
    assert nobody.get("/").status_code == 303, "a guessed session"


def test_a_form_of_another_site_or_session_is_refused(window: Window, clerk: Visitor) -> None:
    clerk.get("/")
    good = {"csrf": clerk.csrf}
    stranger = window.signed_in("vanphong.sonv@ninhbinh.example")
    stranger.get("/")
    for data, headers in (
        ({}, {}),
        ({"csrf": stranger.csrf}, {}),
        (good, {"Origin": "https://ke-gian.example"}),
        (good, {"Origin": "null"}),
        (good, {"Sec-Fetch-Site": "cross-site"}),
    ):
        assert clerk.client.post("/thoat", data=data, headers=headers).status_code == 403, (data, headers)
    assert clerk.client.post("/thoat", headers={"Accept": "application/json"}).status_code == 403
    assert clerk.get("/").status_code == 200, "still signed in"


def test_what_is_too_large_is_cut_while_it_comes(window: Window, clerk: Visitor) -> None:
    clerk.get("/")

    def endless() -> Iterator[bytes]:
        head = 'Content-Disposition: form-data; name="tep"; filename="to.xlsx"\r\n\r\n'
        yield f"--x\r\n{head}".encode()
        for _ in range(2 * MOST_BYTES >> 20):
            yield bytes(1 << 20)

    headers = {"X-CSRF-Token": clerk.csrf, "Content-Type": "multipart/form-data; boundary=x"}
    with suppress(httpx.WriteError):  # the server may hang up in the middle
        assert clerk.client.post("/kiem-tra", content=endless(), headers=headers).status_code == 413
    cookies = "; ".join(f"{name}={value}" for name, value in clerk.client.cookies.items())
    liar = HTTPConnection(window.house.address.removeprefix("http://"), timeout=30)
    liar.request("POST", "/kiem-tra", headers={**headers, "Cookie": cookies, "Content-Length": str(10 << 30)})
    assert liar.getresponse().status == 413, "it says so itself, and nothing more is read"
    liar.close()
    assert window.visitor().get("/suc-khoe").status_code == 200


def test_markup_in_every_text_comes_out_as_text(window: Window, clerk: Visitor) -> None:
    coordinator = window.signed_in("canbo.tonghop@ninhbinh.example")
    pages = [clerk.get("/don-vi/SCT/2022-10"), coordinator.get("/don-vi/STTTT/2022-10"), coordinator.get("/")]
    named = ("<img onerror=alert(1) src=x>.xlsx", b"khong phai so tinh")
    pages.append(clerk.send("/kiem-tra", named))
    pages.append(clerk.post("/dang-nhap", data={"email": HOSTILE}))
    assert [page.status_code for page in pages] == [200] * 5
    assert "&lt;img onerror=alert(1) src=x&gt;.xlsx" in pages[3].text
    assert [page.text.count("<script") for page in pages] == [1] * 5, "our own one alone"


def test_a_reader_reads_what_is_out_and_nothing_else(window: Window) -> None:
    reader = window.signed_in("bcd.chuyendoiso@ninhbinh.example")
    page = reader.get("/bao-cao").text
    assert "/bao-cao/2022-10/2/bao-cao.pdf" in page
    assert reader.get("/bao-cao/2022-10/2/bao-cao.pdf").content == b"x" * 2000
    for path in ("/don-vi/SCT/2022-10", "/bieu-mau/2022-10?don_vi=SCT", "/ban-lam-viec"):
        assert reader.get(path).status_code == 404
    finance = window.signed_in("vanphong.sotc@ninhbinh.example")
    assert finance.get("/bao-cao/2022-10/2/bao-cao.pdf").status_code == 404, "the budget office gets budgets"
