"""A house that ``serve`` runs by the real clock, as one sees it from outside: its folders, its mail, Prefect's pages.

All of its plan is due at one moment of today. The calendar collects from half a minute later on, not four times a day,
and what a start takes up comes as soon as that start is through.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path
from subprocess import Popen
from typing import Any

from baocao.domain.planned.period import Period
from baocao.mail.sending.delivery import deliver
from baocao.mail.sending.routes import transport_of
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.workbook.filling import fill_form
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace
from support.months.doubts import copies, tell_fates
from support.months.now import ZONE, plan_around
from support.servers.prefects import Api, environment, started, wait_until
from support.servers.serving import HURRY, UP_SECONDS, address_of, is_ready, log_of
from support.servers.smtp import SmtpServer, free_port
from support.workbooks import samples

UNITS = ("STTTT", "SCT", "SNV")
BY_CALENDAR = {"gui-bieu-mau": 1, "nhac-nop": 1, "thu-bao-cao": 1, "bao-cao-tong-hop": 3}
DUE = 5  # forms, reminders and three reports; collections come afterwards
PATIENCE = 900
SOON = {"PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1"}
COLLECTED = [timedelta(seconds=30 + 60 * minute) for minute in range(60)]


class Office:
    """The house. ``today`` is its plan."""

    def __init__(self, due_at: datetime, folder: Path, mail: SmtpServer, taken_up_after: float) -> None:
        """``due_at`` is aware; ``folder`` does not exist yet; ``taken_up_after`` is in seconds."""
        self.today, self.home, self.mail = plan_around(due_at, folder / "ke-hoach"), folder / "home", mail
        self.due_at = due_at
        moments = (due_at.astimezone(ZONE) + later for later in COLLECTED)
        more = {
            "PREFECT_SERVER_API_PORT": str(free_port()),
            "HURRIED_COLLECTIONS": ",".join(f"{moment:%H:%M:%S}" for moment in moments),
            "HURRIED_TAKEN_UP_AFTER": str(taken_up_after),
        }
        self._mine = environment(self.home, self.today.folder, mail, **HURRY, **SOON, **more)
        self.api = Api(address_of(self._mine))

    @property
    def reported(self) -> tuple[Period, ...]:
        """The periods whose reports leave today."""
        return self.today.assignment, self.today.month, self.today.final

    @contextmanager
    def serving(self) -> "Iterator[Popen[bytes]]":
        """``serve``, just started; it is asked to stop at the end."""
        with started(self._mine, log_of(self._mine), "-m", "support.servers.hurried", "serve") as process:
            yield process

    def wait_until_up(self, process: "Popen[bytes]") -> None:
        """Until every flow is there."""
        wait_until(lambda: process.poll() is not None or is_ready(self.api), UP_SECONDS)
        assert process.poll() is None, log_of(self._mine).read_text()

    def lay_all(self) -> None:
        """Every unit's workbook of the periods that are reported today."""
        for period in self.reported:
            for unit in UNITS:
                self.today.fill(self.home / "inbox", unit, period)

    def is_in_time(self) -> bool:
        """Whether Prefect has planned all that is due before it was due; waits until one can tell."""
        wait_until(lambda: self._is_planned() or datetime.now(UTC) > self.due_at, PATIENCE)
        return self._is_planned()

    def _is_planned(self) -> bool:
        runs = [one for one in self.runs() if datetime.fromisoformat(one["expected_start_time"]) == self.due_at]
        return len(runs) == DUE

    def runs(self) -> list[dict[str, Any]]:
        """The runs that the calendar started or starts next, and no person."""
        return [one for one in self._all_runs() if one["auto_scheduled"]]

    def _all_runs(self) -> list[dict[str, Any]]:
        earliest = {"limit": 200, "sort": "EXPECTED_START_TIME_ASC"}
        found: list[dict[str, Any]] = self.api.call("POST", "/flow_runs/filter", earliest)
        return found

    def has_done_all(self) -> bool:
        """Whether the calendar's runs of each kind are through, and none is under way."""
        names = {one["id"]: one["name"] for one in self.api.call("POST", "/flows/filter", {})}
        counted = Counter(names[run["flow_id"]] for run in self.runs() if run["state_type"] == "COMPLETED")
        return not self.is_busy() and all(counted[flow] >= number for flow, number in BY_CALENDAR.items())

    def is_busy(self) -> bool:
        """Whether a run is under way."""
        return any(one["state_type"] in ("PENDING", "RUNNING") for one in self._all_runs())

    def letters(self) -> Counter[tuple[str, str]]:
        """How often each letter of the outbox reached each recipient; what tells of a stop is left out."""
        with reading(self.workspace.engine) as connection:
            told = {one.message_id: one.key for one in list_messages(connection) if one.kind != "alert"}
        return Counter({(told[one], to): count for (one, to), count in copies(self.mail).items() if one in told})

    def settle_doubts(self) -> None:
        """What a person and the next run do about letters that were on their way when all was killed."""
        self._deliver()
        if tell_fates(self.workspace, self.mail, datetime.now(UTC)):
            self._deliver()

    def _deliver(self) -> None:
        transport = transport_of(self.workspace.settings, self.workspace.outbox_folder)
        deliver(self.workspace.engine, transport, self.workspace.outbox_folder, datetime.now(UTC))

    @cached_property
    def workspace(self) -> Workspace:
        """The house from inside."""
        smtp = {"smtp_host": self.mail.host, "smtp_port": self.mail.port, "smtp_security": "none"}
        return Workspace(load_settings(home=self.home, plan=self.today.folder, _env_file=None, **smtp))

    def versions(self) -> list[list[str]]:
        """The versions of each period's report."""
        return [sorted(path.name for path in self._reports(period).glob("v*")) for period in self.reported]

    def has_published_all(self) -> bool:
        """Whether every report of today left, as a document that can be read."""
        return all(
            (self._reports(period) / "v1" / ".da-phat-hanh").exists()
            and (self._reports(period) / "v1" / "bao-cao.pdf").read_bytes().startswith(b"%PDF")
            for period in self.reported
        )

    def _reports(self, period: Period) -> Path:
        return self.home / "reports" / str(period)

    def hand_in(self) -> None:
        """A unit gets the form of the open period, is reminded, fills it and lays it into its folder."""
        form, period = self.home / "outbox" / f"form~{self.today.open}~SCT.eml", self.today.open
        wait_until(form.exists, PATIENCE)
        wait_until((self.home / "outbox" / f"remind~{period}~1~SCT.eml").exists, PATIENCE)
        sheet, _calendar = message_from_bytes(form.read_bytes(), policy=policy.default).iter_attachments()
        plan = self.today.plan
        path = self.home / "inbox" / "SCT" / "bao-cao.xlsx"
        path.write_bytes(sheet.get_content())
        fill_form(path, path, plan.form_of(period), samples.clean(plan, plan.form_of(period), "SCT", period))

    def has_answered(self) -> bool:
        """Whether that workbook was checked and answered."""
        return (self.home / "outbox" / f"answer~{self.today.open}~SCT~v1.eml").exists()
