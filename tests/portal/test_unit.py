"""A clerk: the form, the check that stores nothing, the hand-in that becomes a receipt, the unit's own page."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from support.servers.windows import Visitor, Window, window_on
from support.stores.facts import submit
from support.stores.houses import house
from support.workbooks.content import clean_content
from support.workbooks.samples import cell_of, filled_workbook

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.store.engine.database import reading
from baocao.store.receipts import last_of, waiting_ids
from expectations.single import check_workbook

OCTOBER = Period(2022, 10)
WARNING = Finding("ratio_jump", Severity.WARNING, "Tỷ lệ tăng <b>nhanh</b>.", "Chỉ tiêu", "D8", "A1", value="90")


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    home = tmp_path_factory.mktemp("home")
    workspace = house(home, f"sqlite:///{home / 'baocao.db'}")
    submit(workspace.engine, clean_content(unit="SNV"), [WARNING])
    with window_on(workspace, "2022-10-18T10:00") as opened:
        yield opened


@pytest.fixture
def clerk(window: Window) -> Visitor:
    window.hand.set(window.workspace, "2022-10-18T10:00")
    one = window.visitor()
    one.client.cookies = _signed_in(window).client.cookies
    return one


def _signed_in(window: Window, at: list[Visitor] = []) -> Visitor:  # noqa: B006 - one session for the module
    if not at or at[0].window is not window:
        at[:] = [window.signed_in("vanphong.soct@ninhbinh.example")]
    return at[0]


def wrong_ratio(book: Workbook) -> None:
    cell_of(book, "Chỉ tiêu", "A1", "Tử số").value = 999999


def files_in(home: Path) -> set[Path]:
    return {path for path in home.rglob("*") if path.is_file() and not path.name.startswith("baocao.db-")}


def test_the_form_is_the_units_own_and_the_calendar_goes_along(clerk: Visitor) -> None:
    answer = clerk.get("/bieu-mau/2022-10")
    assert answer.status_code == 200
    assert "SCT" in answer.headers["content-disposition"]
    assert {"Chỉ tiêu"} <= set(load_workbook(BytesIO(answer.content)).sheetnames)
    assert clerk.get("/bieu-mau/2031-01").status_code == 404
    assert clerk.get("/lich.ics").content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.slow
def test_a_check_says_what_the_command_says_and_stores_nothing(clerk: Visitor, window: Window, tmp_path: Path) -> None:
    path = filled_workbook(tmp_path, edit=wrong_ratio)
    before = files_in(window.workspace.home)
    told = clerk.json("POST", "/kiem-tra", files={"tep": (path.name, path.read_bytes())})
    assert told.status_code == 200
    assert told.json() == check_workbook(window.workspace, path, None, None).as_row(path.name)
    assert told.json()["verdict"] == "rejected"
    page = clerk.send("/kiem-tra", path)
    assert "Chỉ tiêu!D" in page.text
    marked = clerk.client.get(page.text.split('href="/ban-danh-dau/')[1].split('"')[0].join(["/ban-danh-dau/", ""]))
    assert load_workbook(BytesIO(marked.content)).sheetnames[0] == "Kết quả kiểm tra"
    assert files_in(window.workspace.home) == before
    with reading(window.workspace.engine) as connection:
        assert last_of(connection, "SCT") is None


def test_a_file_handed_in_is_one_receipt_however_often_it_is_sent(
    clerk: Visitor, window: Window, tmp_path: Path
) -> None:
    path = filled_workbook(tmp_path)
    first, second = (clerk.send("/nop", path) for _ in range(2))
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    page = clerk.get(first.headers["location"])
    assert ("Đang kiểm tra" in page.text, 'http-equiv="refresh"' in page.text) == (True, True)
    with reading(window.workspace.engine) as connection:
        one = last_of(connection, "SCT")
    assert one
    assert (one.unit, str(one.period), one.name) == ("SCT", "2022-10", path.name)
    archived = next((window.workspace.home / "archive").rglob(f"{one.sha256}*"))
    assert archived.read_bytes() == path.read_bytes()
    assert waiting_ids(window.workspace.engine) == [one.id]
    assert window.works.files[-1] == path.name
    window.works.is_up = False
    assert "lần thu tới" in clerk.get(first.headers["location"]).text
    told = clerk.json("POST", "/nop", files={"tep": (path.name, path.read_bytes())})
    assert told.json() == {"receipt": one.id, "verdict": None}
    other = filled_workbook(tmp_path / "sua", edit=wrong_ratio)
    assert clerk.json("POST", "/nop", files={"tep": (other.name, other.read_bytes())}).json()["receipt"] != one.id
    again = clerk.json("POST", "/nop", files={"tep": (path.name, path.read_bytes())}).json()["receipt"]
    assert again > one.id, "going back to an earlier content is a file of its own"
    window.works.is_up = True


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [("cong-van.pdf", b"%PDF-1.7", "không phải tệp Excel"), ("rong.xlsx", b"", "rỗng")],
)
def test_what_is_no_report_is_refused_with_what_to_do(clerk: Visitor, name: str, data: bytes, says: str) -> None:
    answer = clerk.send("/nop", (name, data))
    assert answer.status_code == 400
    assert says in answer.text
    assert clerk.post("/nop").status_code == 400


def test_the_units_page_shows_versions_and_takes_an_explanation(window: Window) -> None:
    clerk = window.signed_in("vanphong.sonv@ninhbinh.example")
    page = clerk.get("/don-vi/SNV/2022-10").text
    assert "Lần 1" in page
    assert "Tỷ lệ tăng &lt;b&gt;nhanh&lt;/b&gt;." in page
    sent = {"number": "SNV-2022-10-1-1", "period": "2022-10", "text": "Mở thêm <script>alert(1)</script> điểm"}
    assert clerk.post("/giai-trinh", data=sent).status_code == 303
    page = clerk.get("/don-vi/SNV/2022-10").text
    assert "Mở thêm &lt;script&gt;alert(1)&lt;/script&gt; điểm" in page
    assert "<script>alert" not in page
