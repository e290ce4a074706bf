"""A coordinator's day in headless Chromium, with real mail servers: every kind of decision, each in the audit book."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page
from sqlalchemy import update
from support.mail.mailboxes import House, house, letter, report_file
from support.servers.imap import ImapServer
from support.servers.smtp import SmtpServer
from support.servers.windows import LINK, Window, window_on
from support.stores.facts import submit
from support.workbooks.content import clean_content

from baocao.domain.planned.period import Period
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter
from baocao.mail.outbox import enqueue
from baocao.store import audit, reports
from baocao.store.engine.database import reading, writing
from baocao.store.schema.mail import delivery
from baocao.workspace.workspace import Workspace
from tools.browser import CHROMIUM, Browser

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]
COORDINATOR, NAME = "canbo.tonghop@ninhbinh.example", "Cán bộ tổng hợp, Sở Thông tin và Truyền thông"
SEPTEMBER, OCTOBER, NOVEMBER = (Period(2022, month) for month in (9, 10, 11))
ARRIVED = datetime(2022, 11, 24, 1, 0, tzinfo=UTC)


def with_everything_waiting(mail: House, folder: Path) -> None:
    """September is out, October and November wait to be approved, a stranger sent a file, a mail is uncertain."""
    workspace = mail.workspace
    data = report_file(workspace, folder, token_of="")
    mail.mailbox.put(letter([("la.xlsx", data)], sender="ai.do@ngoai.example", vouched=[]).as_bytes(), ARRIVED)
    mail.collect(ARRIVED, NOVEMBER)
    submit(workspace.engine, clean_content(unit="SCT", period=SEPTEMBER))
    lost = letter_to(workspace, [("Ai đó", "ai.do@ninhbinh.example")], "remind/x", Letter("Nhắc nộp", "chữ", "<p>x"))
    with writing(workspace.engine) as connection:
        for period in (SEPTEMBER, OCTOBER, NOVEMBER):
            at = workspace.schedule(period).report_at
            record = reports.prepare(connection, workspace.plan.cycle(period).form, period, "x", at)
            if period == SEPTEMBER:
                reports.publish(connection, record, [], at)
            else:
                reports.set_awaiting(connection, record)
                lay_draft(workspace, period)
        enqueue(connection, [lost], workspace.outbox_folder, ARRIVED)
        mine = delivery.c.message_key == "remind/x"
        connection.execute(update(delivery).where(mine).values(state="uncertain", last_error="mất kết nối"))


def lay_draft(workspace: Workspace, period: Period) -> None:
    folder = workspace.report_folder(period, 1)
    folder.mkdir(parents=True)
    drawn = pypdfium2.PdfDocument.new()
    drawn.new_page(595, 842)
    drawn.save(folder / "bao-cao.pdf")


def decide(page: Page, section: str, button: str, **fields: str) -> None:
    """Fill in one form of the page, read what will follow, confirm."""
    pressed = page.get_by_role("button", name=button, exact=True)
    form = page.locator("section", has=page.locator("h2", has_text=section)).locator("form", has=pressed)
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button").click()
    page.wait_for_selector("text=Việc này sẽ làm gì")
    assert NAME in page.inner_text("main")
    page.click("main button")
    page.wait_for_selector(".done")


def sign_in(page: Page, window: Window, out: SmtpServer) -> None:
    page.fill("input[name=email]", COORDINATOR)
    page.click("button:has-text('Gửi liên kết')")

    def links() -> list[str]:
        sent = [message_from_bytes(one.content, policy=policy.default) for one in out.received]
        bodies = [one.get_body(("plain",)) for one in sent]
        return [found for body in bodies if body for found in LINK.findall(body.get_content())]

    window.until(lambda: bool(links()))
    page.goto(links()[0])
    page.click("button:has-text('Vào')")


def test_every_kind_of_decision(
    mailbox: ImapServer, server: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.empty()
    with (
        house(tmp_path / "home", mailbox, server, monkeypatch, approval="required") as mail,
        window_on(mail.workspace, "2022-11-24T09:00") as window,
        Browser() as browser,
        browser.open(window.house.address, 390) as visit,
    ):
        with_everything_waiting(mail, tmp_path)
        page, desk = visit.page, f"{window.house.address}/ban-lam-viec"
        sign_in(page, window, server)
        page.goto(desk)
        page.wait_for_selector("text=Có 4 việc")
        assert visit.evaluate("document.documentElement.scrollWidth") <= 390
        assert visit.evaluate("document.querySelector('.pages img').decode().then(() => 1)") == 1
        decide(page, "Báo cáo kỳ 11/2022", "Duyệt…")
        late = page.context.new_page()
        late.goto(desk)
        late.click("section:has-text('Báo cáo kỳ 10/2022') button:text-is('Duyệt…')")
        late.wait_for_selector("text=Việc này sẽ làm gì")
        decide(page, "Báo cáo kỳ 10/2022", "Không duyệt…", reason="sai số liệu B4")
        late.click("main button")
        late.wait_for_selector("text=người khác đã quyết định")
        page.goto(desk)
        form = page.locator("form[action='/quyet-dinh/release']")
        form.locator("[name=unit]").select_option("SCT")
        form.locator("[name=period]").select_option("2022-10")
        decide(page, "Tệp tạm giữ", "Cho tính…", reason="đã gọi điện xác nhận")
        decide(page, "Thư chưa rõ đã tới", "Ghi kết luận…", reason="nơi nhận trả lời")
        decide(page, "Đính chính báo cáo", "Đính chính…", reason="đơn vị gửi lại số liệu")
        page.goto(f"{window.house.address}/don-vi/SCT/2022-11")
        decide(page, "Quyết định", "Gia hạn…", until="2022-11-26T17:00", reason="mưa lũ")
        assert "Gia hạn" in page.inner_text("main table")
        assert [one for one in visit.errors if "409" not in one] == []
        assert [url for url in visit.requests if not url.startswith((window.house.address, "data:"))] == []
        with reading(mail.workspace.engine) as connection:
            book = [(one.action, one.who, one.channel) for one in audit.entries(connection)]
    decided = ["approve", "refuse", "release", "resolve", "restate", "extend"]
    assert book == [(action, NAME, "window") for action in decided]
