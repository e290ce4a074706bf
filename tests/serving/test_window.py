"""``baocao portal`` as a process of its own: it answers, mails links, checks; a taken port is said and kills nobody."""

import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx
import pytest
from support import ROOT
from support.servers.prefects import environment, started, wait_until
from support.servers.smtp import SmtpServer, free_port
from support.servers.windows import CSRF, LINK
from support.workbooks.samples import filled_workbook

pytestmark = pytest.mark.slow
CLERK = "vanphong.soct@ninhbinh.example"


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/suc-khoe").status_code == 200
    except httpx.TransportError:
        return False


def test_the_window_by_itself(server: SmtpServer, tmp_path: Path) -> None:
    port = str(free_port())
    address = f"http://127.0.0.1:{port}"
    plan = ROOT / "plans" / "ninh-binh-2022"
    mine = environment(tmp_path / "home", plan, server, BAOCAO_PORTAL_PORT=port)
    log = tmp_path / "portal.log"
    with started(mine, log, "-m", "deployments.cli", "portal"), httpx.Client(base_url=address, timeout=60) as clerk:
        wait_until(lambda: is_up(address), 60)
        second = subprocess.run(
            [sys.executable, "-m", "deployments.cli", "portal"], env=mine, capture_output=True, text=True, check=False
        )
        assert (second.returncode, f"cổng {port}" in second.stderr) == (2, True)
        clerk.post("/dang-nhap", data={"email": CLERK})
        wait_until(lambda: server.copies().get(CLERK) == 1, 20)
        letter = message_from_bytes(server.received[0].content, policy=default)
        body = letter.get_body(("plain",))
        assert body
        (link,) = LINK.findall(body.get_content())
        assert clerk.post(link).status_code == 303
        (csrf,) = CSRF.findall(clerk.get("/").text)
        path = filled_workbook(tmp_path)
        files = {"tep": (path.name, path.read_bytes())}
        headers = {"Accept": "application/json", "X-CSRF-Token": csrf}
        assert clerk.post("/kiem-tra", files=files, headers=headers).json()["verdict"] == "accepted"
        told = clerk.post("/nop", files=files, headers=headers).json()
        assert (told["receipt"], told["verdict"]) == (1, None)
        assert "lần thu tới" in clerk.get("/bien-nhan/1").text, "no server is there"
    assert "Traceback" not in log.read_text()
