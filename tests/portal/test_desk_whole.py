"""The rest of the desk: deadlines asked for, reminders, proposals, failed runs, lineage, pages, signed reports."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from support.reports.authority import Authority
from support.servers.windows import COORDINATOR, SHOWN, Visitor, Window, new_window, window_on
from support.stores.facts import awaiting, submit
from support.stores.houses import clock_at, signing_house
from support.workbooks.content import clean_content

from baocao.decisions.proposals import listed
from baocao.domain.planned.period import Period
from baocao.domain.reported.followed import ProposalState
from baocao.domain.reported.progress import Difficulty
from baocao.oversight.tracing import trace
from baocao.reporting.preparation import prepare_report, render_report
from baocao.reporting.report_mail import PDF_FILE
from baocao.reporting.signed.requests import await_signature
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.published import proposals
from baocao.workspace.workspace import Workspace
from portal.room.works import Stopped

OCTOBER = Period(2022, 10)
CLERK = "vanphong.soct@ninhbinh.example"
NAME = "Cán bộ tổng hợp, Sở Thông tin và Truyền thông"


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with new_window(tmp_path, "2022-10-18T09:00", approval="required") as opened:
        yield opened


def book(workspace: Workspace) -> list[tuple[str, str, str, str | None]]:
    with reading(workspace.engine) as connection:
        return [(one.action, one.who, one.subject, one.channel) for one in audit.entries(connection)]


@pytest.mark.slow
def test_more_time_is_asked_for_and_answered(window: Window, coordinator: Visitor) -> None:
    clerk = window.signed_in(CLERK)
    asked = {"unit": "SCT", "period": "2022-10", "until": "2022-10-22T17:00", "reason": "mưa <b>lũ</b>"}
    assert clerk.post("/xin-gia-han", data={**asked, "unit": "SNV"}).status_code == 404
    assert clerk.post("/xin-gia-han", data={**asked, "reason": ""}).status_code == 400
    assert clerk.post("/xin-gia-han", data={**asked, "until": "2022-10-01T17:00"}).status_code == 400, "no more time"
    assert [clerk.post("/xin-gia-han", data=asked).status_code for _ in range(2)] == [303, 303]
    assert clerk.post("/xin-gia-han", data={**asked, "until": "2022-10-23T17:00"}).status_code == 303
    window.until(lambda: len(window.letters_to(COORDINATOR)) == 2)
    assert "Đã xin nộp trước" in clerk.get("/don-vi/SCT/2022-10").text
    desk = coordinator.get("/ban-lam-viec").text
    assert ("Có 1 việc" in desk, "mưa &lt;b&gt;lũ&lt;/b&gt;" in desk, "2022-10-23T17:00" in desk) == (True,) * 3
    mine = {"unit": "SCT", "period": "2022-10"}
    assert coordinator.decide("decline_extension", **mine, reason="kỳ này gấp")[0] == 303
    assert coordinator.decide("decline_extension", **mine, reason="kỳ này gấp")[0] == 400, "answered already"
    window.until(lambda: any("giữ nguyên" in text for text in window.letters_to(CLERK)))
    assert clerk.post("/xin-gia-han", data=asked).status_code == 303
    given = {**mine, "until": "2022-10-22T17:00", "reason": "đã xem"}
    page = coordinator.post("/quyet-dinh/extend", data=given).text
    assert window.signed_in(COORDINATOR).decide("extend", **given)[0] == 303
    late = {**given, "xac_nhan": "1", "truoc": SHOWN.findall(page)[0]}
    told = coordinator.post("/quyet-dinh/extend", data=late)
    assert (told.status_code, "người khác đã quyết định" in told.text) == (409, True)
    assert "Không có việc nào chờ" in coordinator.get("/ban-lam-viec").text
    unit = "Sở Công Thương"
    assert book(window.workspace) == [
        ("ask_extension", unit, "SCT/2022-10", "window"),
        ("ask_extension", unit, "SCT/2022-10", "window"),
        ("decline_extension", NAME, "SCT/2022-10", "window"),
        ("ask_extension", unit, "SCT/2022-10", "window"),
        ("extend", NAME, "SCT/2022-10", "window"),
    ]


@pytest.mark.slow
def test_units_are_reminded_now_and_a_failed_run_is_done_again(window: Window, coordinator: Visitor) -> None:
    submit(window.workspace.engine, clean_content(unit="SNV"))
    status, follows = coordinator.decide("remind", period="2022-10")
    assert status == 303
    assert ("Sở Công Thương" in follows, "Sở Nội vụ" in follows) == (True, False)
    window.until(lambda: bool(window.letters_to(CLERK)))
    assert coordinator.decide("remind", period="2022-10")[0] == 409, "once for each reminder of the calendar"
    assert coordinator.decide("remind", period="2022-12")[0] == 409, "not open yet"
    window.works.failed.append(Stopped("a1", "Thu báo cáo", "Dừng vì lỗi."))
    assert "Thu báo cáo" in coordinator.get("/ban-lam-viec").text
    assert coordinator.decide("rerun", run="a1")[0] == 303
    assert window.works.failed == []
    assert coordinator.decide("rerun", run="a1")[0] == 409, "done already"
    reminded, rerun = book(window.workspace)
    assert (reminded[0], reminded[1], reminded[3]) == ("remind", NAME, "window")
    assert reminded[2].startswith("remind/2022-10/")
    assert rerun == ("rerun", NAME, "run/a1", "window")
    assert window.signed_in(CLERK).post("/quyet-dinh/remind", data={"period": "2022-10"}).status_code == 404


def test_proposals_are_answered_and_closed(window: Window, coordinator: Visitor) -> None:
    asked = Difficulty(
        unit="SCT", difficulty="Thiếu kinh phí", proposal="Cấp thêm <i>vốn</i>", is_beyond_authority=True
    )
    with writing(window.workspace.engine) as connection:
        proposals.put_forward(connection, [asked], {"SCT"}, Period(2022, 9))
    assert "Cấp thêm &lt;i&gt;vốn&lt;/i&gt;" in coordinator.get("/ban-lam-viec").text
    assert coordinator.decide("answer_proposal", number="1", reason="")[0] == 400
    given = {"number": "1", "reason": "Đồng ý", "by": "Văn phòng UBND tỉnh", "owner": "SNV", "due": "2022-11-30"}
    status, follows = coordinator.decide("answer_proposal", **given)
    assert (status, "30/11/2022" in follows) == (303, True)
    (one,) = listed(window.workspace)
    assert one.answer
    assert (one.answer.by, one.answer.owner, one.answer.due) == ("Văn phòng UBND tỉnh", "SNV", "2022-11-30")
    window.until(lambda: any("Đồng ý" in text for text in window.letters_to(CLERK)))
    assert coordinator.decide("close_proposal", number="1", reason="đã cấp vốn")[0] == 303
    assert coordinator.decide("close_proposal", number="1", reason="đã cấp vốn")[0] == 400
    assert coordinator.decide("answer_proposal", number="7", reason="x")[0] == 400
    assert listed(window.workspace)[0].state is ProposalState.DONE
    assert [one[:2] for one in book(window.workspace)] == [("answer_proposal", NAME), ("close_proposal", NAME)]


def test_a_figure_is_traced_and_a_draft_is_read_on_the_page(window: Window, coordinator: Visitor) -> None:
    workspace = window.workspace
    for unit in ("SCT", "SNV"):
        submit(workspace.engine, clean_content(unit=unit))
    told = coordinator.json("GET", "/nguon-goc?ky=2022-10&ma=A1").json()
    assert told == trace(workspace, OCTOBER, "A1").as_row()
    page = coordinator.get("/nguon-goc?ky=2022-10&ma=A1").text
    assert ("/don-vi/SCT/2022-10" in page, "SHA-256" in page) == (True, True)
    clerk = window.signed_in(CLERK)
    assert [one["unit"] for one in clerk.json("GET", "/nguon-goc?ky=2022-10&ma=A1").json()["parts"]] == ["SCT"]
    assert clerk.get("/nguon-goc?ky=2022-10&ma=A1&don_vi=SNV").status_code == 404
    assert coordinator.get("/nguon-goc?ma=%3Cscript%3E").status_code == 400
    folder = awaiting(workspace, OCTOBER)
    drawn = pypdfium2.PdfDocument.new()
    drawn.new_page(595, 842)
    drawn.save(folder / PDF_FILE)
    place = "/bao-cao/2022-10/1/trang/1"
    assert place in coordinator.get("/ban-lam-viec").text
    picture = coordinator.get(place)
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert coordinator.get(place.replace("trang/1", "trang/2")).status_code == 404
    assert clerk.get(place).status_code == 404, "a draft is for those who decide on it"


@pytest.mark.slow
def test_a_signed_report_is_released_from_the_desk(tmp_path: Path) -> None:
    authority = Authority("Tổ chức chứng thực mẫu")
    workspace = signing_house(tmp_path, authority.pem())
    submit(workspace.engine)
    clock = clock_at(workspace, "2022-10-24T08:00")
    prepared = prepare_report(workspace, OCTOBER, clock, is_draft=False)
    render_report(workspace, prepared)
    assert await_signature(workspace, prepared, clock)
    ours = (prepared.folder / PDF_FILE).read_bytes()
    with window_on(workspace, "2022-10-25T09:00") as window:
        coordinator = window.signed_in(COORDINATOR)
        assert "Phát hành…" in coordinator.get("/ban-lam-viec").text
        fields = {"period": "2022-10", "document": "123/BC-STTTT", "dated": date(2022, 10, 25).isoformat()}

        def send(data: bytes) -> tuple[int, str]:
            page = coordinator.post("/quyet-dinh/release_report", data=fields, files={"tep": ("a.pdf", data)}).text
            kept = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("truoc", "da_gui")}
            last = coordinator.post("/quyet-dinh/release_report", data={**fields, **kept, "xac_nhan": "1"})
            return last.status_code, last.text

        status, told = send(ours)
        assert (status, "chưa có chữ ký số" in told) == (400, True)
        assert coordinator.post("/quyet-dinh/release_report", data=fields).status_code == 400, "no file"
        assert send(authority.person("Nguyễn Văn Mẫu").sign(ours))[0] == 303
        page = coordinator.get("/bao-cao").text
        assert ("123/BC-STTTT" in page, "Nguyễn Văn Mẫu" in page) == (True, True)
        assert [(one[0], one[3]) for one in book(workspace)] == [("release_report", "window")]
        window.until(lambda: any(workspace.outbox_folder.glob("report~2022-10*.eml")))
