"""A coordinator decides: asked once more, done by the library, audited with name and channel; the second is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from support.servers.windows import Visitor, Window, new_window
from support.stores.facts import awaiting, submit, take
from support.workbooks.content import clean_content
from support.workbooks.samples import filled_workbook

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import ReceiptState
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter
from baocao.mail.outbox import enqueue
from baocao.store import archive, audit, receipts, reports
from baocao.store.engine.database import reading, writing
from baocao.store.reports import ReportState
from baocao.store.schema.mail import delivery
from baocao.workspace.workspace import Workspace

OCTOBER, SEPTEMBER = Period(2022, 10), Period(2022, 9)
APPROVER = "lanhdao.sotttt@ninhbinh.example"
NAME = "Cán bộ tổng hợp, Sở Thông tin và Truyền thông"
FAULT = Finding("ratio_mismatch", Severity.CRITICAL, "Tỷ lệ sai.", "Chỉ tiêu", "F8", "A1")
WARNING = Finding("ratio_jump", Severity.WARNING, "Tỷ lệ tăng nhanh.", "Chỉ tiêu", "D8", "A1", value="90")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with new_window(tmp_path, "2022-10-21T09:00", approval="required") as opened:
        yield opened


def state_of(workspace: Workspace, period: Period) -> ReportState:
    with reading(workspace.engine) as connection:
        record = reports.latest(connection, period)
    assert record
    return record.state


def book(workspace: Workspace) -> list[tuple[str, str, str, str | None]]:
    with reading(workspace.engine) as connection:
        return [(one.action, one.who, one.subject, one.channel) for one in audit.entries(connection)]


def test_a_report_is_approved_and_another_refused(window: Window, coordinator: Visitor) -> None:
    for period in (SEPTEMBER, OCTOBER):
        (awaiting(window.workspace, period) / "bao-cao.pdf").write_bytes(b"%PDF-1.7")
    approver = window.signed_in(APPROVER)
    desk = approver.get("/ban-lam-viec").text
    assert ("Có 2 việc" in desk, "/bao-cao/2022-10/1/bao-cao.pdf" in desk) == (True, True)
    assert approver.get("/bao-cao/2022-10/1/bao-cao.pdf").content == b"%PDF-1.7"
    assert approver.decide("approve", period="2022-09")[0] == 303
    assert coordinator.decide("refuse", period="2022-10")[0] == 400, "a refusal needs its reason"
    assert coordinator.decide("refuse", period="2022-10", reason="thiếu số liệu của một đơn vị")[0] == 303
    assert state_of(window.workspace, SEPTEMBER) is ReportState.APPROVED
    assert state_of(window.workspace, OCTOBER) is ReportState.REFUSED
    assert window.works.periods == [SEPTEMBER, OCTOBER]
    assert book(window.workspace) == [
        ("approve", "Lãnh đạo Sở Thông tin và Truyền thông", "report/2022-09/v1", "window"),
        ("refuse", NAME, "report/2022-10/v1", "window"),
    ]


def test_of_two_who_decide_at_once_the_second_is_told(window: Window, coordinator: Visitor) -> None:
    (awaiting(window.workspace, OCTOBER) / "bao-cao.pdf").write_bytes(b"%PDF-1.7")
    approver = window.signed_in(APPROVER)
    asked = approver.post("/quyet-dinh/approve", data={"period": "2022-10"}).text
    shown = asked.split('name="truoc" value="')[1].split('"')[0]
    assert coordinator.decide("refuse", period="2022-10", reason="sai số")[0] == 303
    late = approver.post("/quyet-dinh/approve", data={"period": "2022-10", "xac_nhan": "1", "truoc": shown})
    assert late.status_code == 409
    assert "người khác đã quyết định" in late.text
    assert state_of(window.workspace, OCTOBER) is ReportState.REFUSED


@pytest.mark.slow
def test_files_verdicts_deadlines_and_explanations(window: Window, coordinator: Visitor, tmp_path: Path) -> None:
    workspace = window.workspace
    path = filled_workbook(tmp_path)
    data = path.read_bytes()
    archive.keep(workspace.home, data, archive.digest(data), "la.xlsx")
    one = take(workspace.engine, "la.xlsx", unit=None)
    with writing(workspace.engine) as connection:
        connection.execute(update(receipts.receipt).values(sha256=archive.digest(data)))
        receipts.hold(connection, one, "Không rõ của đơn vị nào.")
    submit(workspace.engine, clean_content(unit="SNV"), [FAULT])
    submit(workspace.engine, clean_content(unit="STTTT"), [WARNING])
    assert "Không rõ của đơn vị nào." in coordinator.get("/ban-lam-viec").text
    fields = {"number": str(one.id), "unit": "SCT", "period": "2022-10", "reason": "đã gọi điện xác nhận"}
    assert coordinator.decide("release", **fields)[0] == 303
    assert coordinator.decide("release", **fields)[0] == 400, "it is out already"
    with reading(workspace.engine) as connection:
        released = receipts.shown(connection, one.id)
    assert released
    assert (released.unit, released.state, released.released_by) == ("SCT", ReceiptState.TAKEN, NAME)
    verdict = {"unit": "SNV", "period": "2022-10", "version": "1", "verdict": "accepted", "reason": "số liệu đúng"}
    assert coordinator.decide("override", **verdict)[0] == 303
    more = {"unit": "SCT", "period": "2022-10", "until": "2022-10-22T17:00", "reason": "mưa lũ"}
    assert coordinator.decide("extend", **more)[0] == 303
    explained = {"number": "STTTT-2022-10-1-1", "period": "2022-10", "text": "mở thêm điểm"}
    assert window.signed_in("tonghop.sotttt@ninhbinh.example").post("/giai-trinh", data=explained).status_code == 303
    accepted = {"number": "STTTT-2022-10-1-1", "period": "2022-10", "reason": "hợp lý"}
    assert coordinator.decide("accept_explanation", **accepted)[0] == 303
    assert [(action, channel) for action, _, _, channel in book(workspace)] == [
        ("release", "window"),
        ("override", "window"),
        ("extend", "window"),
        ("explain", "window"),
        ("accept_explanation", "window"),
    ]
    assert "Gia hạn" in coordinator.get("/ban-lam-viec").text


@pytest.mark.slow
def test_a_mail_that_nobody_knows_of_is_concluded_on(window: Window, coordinator: Visitor) -> None:
    workspace, now = window.workspace, window.hand.clock.now
    letter = letter_to(
        workspace, [("Ai đó", "ai.do@ninhbinh.example")], "remind/x", Letter("Nhắc nộp", "chữ", "<p>chữ")
    )
    with writing(workspace.engine) as connection:
        enqueue(connection, [letter], workspace.outbox_folder, now)
        mine = delivery.c.message_key == "remind/x"
        connection.execute(update(delivery).where(mine).values(state="uncertain", last_error="mất kết nối"))
    assert "Nhắc nộp" in coordinator.get("/ban-lam-viec").text
    fields = {"key": "remind/x", "recipient": "ai.do@ninhbinh.example", "state": "sent", "reason": "nơi nhận trả lời"}
    told = coordinator.json("POST", "/quyet-dinh/resolve", data=fields)
    assert (told.status_code, told.json()) == (200, {"decided": "resolve"})
    more = {"key": "remind/x", "recipient": "ai.do@ninhbinh.example", "to": "dung@ninhbinh.example", "reason": "đổi"}
    letters = [letter_to(workspace, [("Ai đó", more["recipient"])], "remind/y", Letter("Nhắc lại", "chữ", "<p>chữ"))]
    with writing(workspace.engine) as connection:
        enqueue(connection, letters, workspace.outbox_folder, now)
        refused = delivery.c.message_key == "remind/y"
        connection.execute(update(delivery).where(refused).values(state="refused", last_error="550 không có"))
    assert coordinator.decide("redirect", **{**more, "key": "remind/y"})[0] == 303
    assert window.letters_to("ai.do@ninhbinh.example")
    assert coordinator.decide("renew_code", unit="SCT", period="2022-10", reason="bị lộ")[0] == 303
    told = [(action, subject) for action, _, subject, _ in book(workspace)]
    assert told == [("resolve", "remind/x"), ("redirect", "remind/y"), ("renew_code", "SCT/2022-10")]
    assert "Không có việc nào chờ" in coordinator.get("/ban-lam-viec").text


def test_a_published_report_is_corrected(window: Window, coordinator: Visitor) -> None:
    workspace = window.workspace
    submit(workspace.engine, clean_content(unit="SCT", period=SEPTEMBER))
    at = workspace.schedule(SEPTEMBER).report_at
    with writing(workspace.engine) as connection:
        record = reports.prepare(connection, workspace.plan.cycle(SEPTEMBER).form, SEPTEMBER, "x", at)
        assert reports.publish(connection, record, [], at)
    assert coordinator.decide("approve", period="2022-09")[0] == 409, "it is out"
    assert coordinator.decide("restate", period="2022-09", reason="đơn vị gửi lại số liệu")[0] == 303
    with reading(workspace.engine) as connection:
        after = reports.latest(connection, SEPTEMBER)
    assert after
    assert (after.version, after.restatement_reason) == (2, "đơn vị gửi lại số liệu")
    assert book(workspace) == [("restate", NAME, "report/2022-09/v2", "window")]
    assert window.works.periods == [SEPTEMBER]
