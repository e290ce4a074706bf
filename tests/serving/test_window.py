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
from support.servers.serving import new_house, serving
from support.servers.smtp import SmtpServer, free_port
from support.servers.windows import CSRF, LINK
from support.workbooks.samples import filled_workbook

from baocao.domain.planned.plan import RecipientRole
from baocao.plan.loading import load_plan

pytestmark = pytest.mark.slow
CLERK = "vanphong.soct@ninhbinh.example"


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/suc-khoe").status_code == 200
    except httpx.TransportError:
        return False


def signed_in(who: httpx.Client, address: str, mail: SmtpServer) -> str:
    """Come in by the link that is mailed; the hidden field of the pages."""
    who.post("/dang-nhap", data={"email": address})
    wait_until(lambda: mail.copies().get(address) == 1, 60)
    (letter,) = [one.content for one in mail.received if address in one.recipients]
    body = message_from_bytes(letter, policy=default).get_body(("plain",))
    assert body
    (link,) = LINK.findall(body.get_content())
    assert who.post(link).status_code == 303
    (csrf,) = CSRF.findall(who.get("/").text)
    return str(csrf)


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
        csrf = signed_in(clerk, CLERK, server)
        path = filled_workbook(tmp_path)
        files = {"tep": (path.name, path.read_bytes())}
        headers = {"Accept": "application/json", "X-CSRF-Token": csrf}
        assert clerk.post("/kiem-tra", files=files, headers=headers).json()["verdict"] == "accepted"
        told = clerk.post("/nop", files=files, headers=headers).json()
        assert (told["receipt"], told["verdict"]) == (1, None)
        assert "lần thu tới" in clerk.get("/bien-nhan/1").text, "no server is there"
    assert "Traceback" not in log.read_text()


def test_the_desk_tells_of_a_failed_run_and_does_it_again(server: SmtpServer, tmp_path: Path) -> None:
    port = str(free_port())
    mine = new_house(tmp_path, server, BAOCAO_PORTAL_PORT=port)
    (officer,) = load_plan(Path(mine["BAOCAO_PLAN"])).recipients_of(RecipientRole.COORDINATOR)
    with serving(mine) as (_, api), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as person:
        run = api.trigger("bao-cao-tong-hop", period="2001-01")
        assert api.wait_for(run) == "FAILED"
        wait_until(lambda: is_up(str(person.base_url).rstrip("/")), 60)
        asked = {"csrf": signed_in(person, officer.email, server), "run": run, "reason": "đã sửa"}
        assert (run in (desk := person.get("/ban-lam-viec").text), "Dừng vì lỗi lúc" in desk) == (True, True)
        page = person.post("/quyet-dinh/rerun", data=asked)
        assert "Việc đã làm thì không làm hai lần" in page.text
        shown = {"xac_nhan": "1", "truoc": page.text.split('name="truoc" value="')[1].split('"')[0]}
        assert person.post("/quyet-dinh/rerun", data={**asked, **shown}).status_code == 303
        wait_until(lambda: api.run(run)["run_count"] == 2, 240)
        assert api.wait_for(run) == "FAILED"
