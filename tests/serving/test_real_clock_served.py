"""The main job by itself at the real clock: ``serve`` on a plan made around now, its schedules, and no ``--as-of``."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import factories
import pytest
from now_factory import Today, plan_around
from prefect_factory import Api, environment, started, wait_until
from smtp_server import SmtpServer, free_port, smtp_server

from baocao.domain.planned.period import Period
from baocao.intake.folder import STABLE_SECONDS
from baocao.workbook.filling import fill_form

UNITS = ("STTTT", "SCT", "SNV")
LEADS = (timedelta(seconds=80), timedelta(seconds=300))  # until all is due: ``serve`` is up in half a minute
SCHEDULED = {"gui-bieu-mau": 1, "nhac-nop": 1, "bao-cao-tong-hop": 3}
HURRY = {"PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS": "2", "PREFECT_RUNNER_POLL_FREQUENCY": "2"}


class Office:
    """The house from outside: its folders, its mail server and Prefect's pages."""

    def __init__(self, home: Path, today: Today, mail: SmtpServer, api: Api) -> None:
        self.home, self.today, self.mail, self.api = home, today, mail, api

    def arrived(self, subject: str) -> list[bytes]:
        """The messages that the server took whose subject holds this text."""
        told = ((one.content, message_from_bytes(one.content, policy=policy.default)) for one in self.mail.received)
        return [content for content, message in told if subject in str(message["Subject"])]

    def is_planned(self, moment: datetime) -> bool:
        """Whether Prefect has planned all that is due at this moment."""
        return self.api.is_up() and _holds_all(
            self._by_flow(one for one in self._runs() if datetime.fromisoformat(one["expected_start_time"]) == moment)
        )

    def has_done_all(self) -> bool:
        """Whether the runs that the calendar started, and no person, are through."""
        return _holds_all(self._by_flow(one for one in self._runs() if one["state_type"] == "COMPLETED"))

    def _runs(self) -> list[dict[str, Any]]:
        runs = self.api.call("POST", "/flow_runs/filter", {"limit": 200})
        return [one for one in runs if one["auto_scheduled"]]

    def _by_flow(self, runs: Iterable[dict[str, Any]]) -> dict[str, int]:
        names = {one["id"]: one["name"] for one in self.api.call("POST", "/flows/filter", {})}
        return Counter(names[run["flow_id"]] for run in runs)

    def reports_of(self, period: Period) -> list[str]:
        """The versions of a period's report."""
        return sorted(path.name for path in (self.home / "reports" / str(period)).glob("v*"))

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


def _holds_all(counted: Mapping[str, int]) -> bool:
    return all(counted.get(flow, 0) >= number for flow, number in SCHEDULED.items())


@contextmanager
def served(folder: Path) -> Iterator[Office]:
    """A house whose ``serve`` is up before all is due; where the machine was too busy for that, one with more time."""
    for number, lead in enumerate(LEADS, start=1):
        due_at = datetime.now(UTC).replace(microsecond=0) + lead
        with serving_around(due_at, folder / str(number)) as office:
            if office.is_planned(due_at) or number == len(LEADS):
                yield office
                return


@contextmanager
def serving_around(due_at: datetime, folder: Path) -> Iterator[Office]:
    """A house of which everything is due at this moment, with all workbooks laid in; up, or its moment has passed."""
    today, home, port = plan_around(due_at, folder / "ke-hoach"), folder / "home", str(free_port())
    for period in reported(today):
        for unit in UNITS:
            today.fill(home / "inbox", unit, period)
    with smtp_server() as mail:
        office = Office(home, today, mail, Api(f"http://127.0.0.1:{port}/api"))
        mine = environment(home, today.folder, mail, PREFECT_SERVER_API_PORT=port, **HURRY)
        log = folder / "serve.log"
        with started(mine, log, "-m", "deployments.cli", "serve") as process:
            wait_until(
                lambda: office.is_planned(due_at) or process.poll() is not None or datetime.now(UTC) > due_at, 600
            )
            assert process.poll() is None, log.read_text()
            yield office


def reported(today: Today) -> tuple[Period, ...]:
    """The periods whose reports leave today."""
    return today.assignment, today.month, today.final


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_months_leave_by_themselves(tmp_path: Path) -> None:
    with served(tmp_path) as office:
        today = office.today
        wait_until(lambda: office.has_done_all() and all(map(office.is_published, reported(today))), 420)
        assert (len(office.arrived("Biểu mẫu")), len(office.arrived("Nhắc"))) == (3, 3)
        assert len(office.arrived("Đã tiếp nhận")) == len(reported(today)) * len(UNITS)
        assert [office.reports_of(period) for period in reported(today)] == [["v1"]] * 3
        path = office.hand_in(office.arrived("Biểu mẫu")[0])
        wait_until(lambda: time.time() - path.stat().st_ctime > STABLE_SECONDS, 30)
        assert office.api.wait_for(office.api.trigger("thu-bao-cao", period=str(today.open))) == "COMPLETED"
        assert len(office.arrived("Đã tiếp nhận")) == len(reported(today)) * len(UNITS) + 1
    letters = [message_from_bytes(one.content)["Message-ID"] for one in office.mail.received]
    assert len(set(letters)) == len(letters) == len(list((office.home / "outbox").glob("*.eml")))
