"""A clerk in headless Chromium, with a real mail server: in by a link, checked, mended, handed in, accepted."""

from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from support import ROOT
from support.months.steps import collect
from support.servers.smtp import SmtpServer
from support.servers.windows import LINK, window_on
from support.stores.houses import lived_in
from support.workbooks.samples import cell_of, filled_workbook

from baocao.mail.sending.delivery import deliver_all
from baocao.workspace.settings import Settings
from tools.browser import CHROMIUM, Browser

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]
CLERK = "vanphong.soct@ninhbinh.example"


def wrong(book: Workbook) -> None:
    cell_of(book, "Chỉ tiêu", "A1", "Tử số").value = 999999


def subjects_and_texts(server: SmtpServer) -> list[tuple[str, str]]:
    letters = [message_from_bytes(one.content, policy=default) for one in server.received if CLERK in one.recipients]
    return [(str(one["subject"]), one.get_body(("plain",)).get_content()) for one in letters]  # type: ignore[union-attr]


def test_a_clerk_checks_mends_and_hands_in(server: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty, good = filled_workbook(tmp_path / "sai", edit=wrong), filled_workbook(tmp_path / "dung")
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        plan=ROOT / "plans" / "ninh-binh-2022",
        smtp_host=server.host,
        smtp_port=server.port,
        smtp_security="none",
    )
    with (
        lived_in(settings, monkeypatch) as workspace,
        window_on(workspace, "2022-10-18T10:00") as window,
        Browser() as browser,
        browser.open(window.house.address, 390) as visit,
    ):
        page = visit.page
        page.fill("input[name=email]", CLERK)
        page.click("button:has-text('Gửi liên kết')")
        window.until(lambda: bool(subjects_and_texts(server)))
        page.goto(LINK.findall(subjects_and_texts(server)[0][1])[0])
        page.click("button:has-text('Vào')")
        page.set_input_files("input[name=tep]", str(faulty))
        page.click("button:has-text('Kiểm tra thử')")
        page.wait_for_selector("text=Cần sửa")
        assert "Chỉ tiêu!D" in page.inner_text("main")
        with page.expect_download() as download:
            page.click("text=Tải bản đánh dấu")
        marked = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
        assert marked.sheetnames[0] == "Kết quả kiểm tra"
        page.set_input_files("input[name=tep]", str(good))
        page.click("button:has-text('Nộp báo cáo')")
        page.wait_for_selector("text=Đang kiểm tra")
        collect(workspace, as_of="2022-10-18T11:00")
        page.reload()
        page.wait_for_selector("text=Báo cáo đã chấp nhận")
        deliver_all(workspace, window.house.clock())
        window.until(lambda: any("Đã tiếp nhận" in subject for subject, _ in subjects_and_texts(server)))
        assert visit.errors == []
        assert [url for url in visit.requests if not url.startswith((window.house.address, "data:"))] == []
        for path in ("/", "/don-vi/SCT/2022-10", "/bao-cao"):
            page.goto(window.house.address + path)
            assert visit.evaluate("document.documentElement.scrollWidth") <= 390, path
