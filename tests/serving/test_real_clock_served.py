"""The main job by itself at the real clock: ``serve`` on a plan made around now, its schedules, and no ``--as-of``."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import factories
import pytest
from now_factory import Today, plan_around
from prefect_factory import Api, environment, started, wait_until
from smtp_server import SmtpServer, free_port, smtp_server

from baocao.domain.planned.period import Period
from baocao.intake.folder import STABLE_SECONDS
from baocao.workbook.filling import fill_form

UNITS = ("STTTT", "SCT", "SNV")
LEAD = timedelta(seconds=100)  # until all is due: ``serve`` is up in half a minute, on a busy machine in a whole one
SCHEDULED = {"gui-bieu-mau": 1, "nhac-nop": 1, "bao-cao-tong-hop": 3}
HURRY = {"PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS": "2", "PREFECT_RUNNER_POLL_FREQUENCY": "2"}


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


class Office:
    """The house from outside: its folders, its mail server and Prefect's pages."""

    def __init__(self, home: Path, today: Today, mail: SmtpServer, api: Api) -> None:
        self.home, self.today, self.mail, self.api = home, today, mail, api

    def arrived(self, subject: str) -> list[bytes]:
        """The messages that the server took whose subject holds this text."""
        told = ((one.content, message_from_bytes(one.content, policy=policy.default)) for one in self.mail.received)
        return [content for content, message in told if subject in str(message["Subject"])]

    def done_by_calendar(self) -> dict[str, int]:
        """How many runs that the calendar started, and no person, have completed, by flow."""
        names = {one["id"]: one["name"] for one in self.api.call("POST", "/flows/filter", {})}
        completed = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "limit": 200}
        runs = self.api.call("POST", "/flow_runs/filter", completed)
        return Counter(names[run["flow_id"]] for run in runs if run["auto_scheduled"])

    def is_published(self, period: Period) -> bool:
        folder = self.home / "reports" / str(period) / "v1"
        return (folder / ".da-phat-hanh").exists() and (folder / "bao-cao.pdf").read_bytes().startswith(b"%PDF")

    def hand_in(self, letter: bytes) -> Path:
        """The unit fills the form that it was mailed, and lays it into its folder."""
        (sheet,) = message_from_bytes(letter, policy=policy.default).iter_attachments()
        plan, period = self.today.plan, self.today.open
        unit = str(sheet.get_filename()).rsplit("-", 3)[1]  # BM-SCT-2026-11.xlsx
        path = self.home / "inbox" / unit / "bao-cao.xlsx"
        path.write_bytes(sheet.get_content())
        form = plan.form_of(period)
        fill_form(path, path, form, factories.clean(plan, form, unit, period))
        return path


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_months_leave_by_themselves(tmp_path: Path, mail: SmtpServer) -> None:
    today = plan_around(datetime.now(UTC).replace(microsecond=0) + LEAD, tmp_path / "ke-hoach")
    home, port = tmp_path / "home", str(free_port())
    reported = (today.assignment, today.month, today.final)
    for period in reported:
        for unit in UNITS:
            today.fill(home / "inbox", unit, period)
    mine = environment(home, today.folder, mail, PREFECT_SERVER_API_PORT=port, **HURRY)
    with started(mine, tmp_path / "serve.log", "-m", "deployments.cli", "serve"):
        office = Office(home, today, mail, Api(f"http://127.0.0.1:{port}/api"))
        wait_until(lambda: office.api.is_up() and len(office.api.call("POST", "/deployments/filter", {})) == 7, 120)
        assert office.api.wait_for(office.api.trigger("lam-bu")) == "COMPLETED"  # takes in what waits

        wait_until(lambda: all(office.done_by_calendar().get(flow, 0) >= n for flow, n in SCHEDULED.items()), 240)
        if not all(map(office.is_published, reported)):  # a busy machine had not taken everything in at that moment
            assert office.api.wait_for(office.api.trigger("lam-bu")) == "COMPLETED"
        assert all(map(office.is_published, reported))
        assert (len(office.arrived("Biểu mẫu")), len(office.arrived("Nhắc"))) == (3, 3)
        path = office.hand_in(office.arrived("Biểu mẫu")[0])
        wait_until(lambda: time.time() - path.stat().st_ctime > STABLE_SECONDS, 30)
        assert office.api.wait_for(office.api.trigger("thu-bao-cao", period=str(today.open))) == "COMPLETED"
        assert len(office.arrived("Đã tiếp nhận")) == len(reported) * len(UNITS) + 1
    letters = [message_from_bytes(one.content)["Message-ID"] for one in mail.received]
    assert len(set(letters)) == len(letters) == len(list((home / "outbox").glob("*.eml")))
