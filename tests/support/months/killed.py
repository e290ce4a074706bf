"""A month as it may go, lived in a house that can be killed at any moment, and the state in which it ends.

«Số liệu mô phỏng». One unit reports well and sends the same again, one is returned and mends it, one is held, sends a
file that is none, and reports late: forms, reminders, answers of every kind, a report and its correction.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select, text

from baocao.domain.received.submission import ReceiptState
from baocao.mail.sending.delivery import deliver_all
from baocao.site import build_site
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.store.schema.reporting import receipt
from baocao.system.clock import Clock
from support import ROOT, TESTS
from support.months.doubts import copies, tell_fates
from support.months.forms import put_key
from support.months.state import Numbers, content_of, is_own, rows_of
from support.servers.smtp import SmtpServer
from support.stores.disks import tick
from support.stores.houses import clock_at, house
from support.workbooks import samples

OCTOBER = "2022-10"
KILLED = -9
Run = tuple[str, str, str]


@dataclass(frozen=True)
class Phase:
    """What is laid into the inbox, by path, and the flows that run then: name, period, moment."""

    laid: dict[str, bytes]
    runs: tuple[Run, ...]


def phases_of_a_month(folder: Path) -> tuple[Phase, ...]:
    """October 2022."""

    def workbook(unit: str, period: str = OCTOBER, seed: int = 0, edit: samples.Edit | None = None) -> bytes:
        path = samples.filled_workbook(folder, unit, period, edit) if edit else folder / "m.xlsx"
        if edit is None:
            filled = samples.clean_filled(samples.plan(), unit, period, seed)
            samples.write_filled(path, samples.plan(), unit, period, filled)
        return path.read_bytes()

    def runs(*pairs: tuple[str, str]) -> tuple[Run, ...]:
        return tuple((flow, OCTOBER, moment) for flow, moment in pairs)

    good = workbook("STTTT")
    return (
        Phase({}, runs(("send_templates", "2022-10-03T08:00"))),
        Phase(
            {"STTTT/bao-cao.xlsx": good, "SCT/bao-cao.xlsx": workbook("SCT", edit=_spoil)},
            runs(("collect", "2022-10-11T17:00"), ("remind", "2022-10-12T08:00")),
        ),
        Phase(
            {
                "SCT/ban-sua.xlsx": workbook("SCT"),
                "STTTT/gui-lai.xlsx": good,
                "SNV/thang-truoc.xlsx": workbook("SNV", "2022-09"),
                "SNV/anh.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(200),
            },
            runs(("collect", "2022-10-17T17:00"), ("remind", "2022-10-18T08:00"), ("escalate", "2022-10-20T00:00")),
        ),
        Phase({}, runs(("report", "2022-10-24T08:00"))),
        Phase({"SNV/nop-muon.xlsx": workbook("SNV")}, runs(("collect", "2022-10-26T08:00"))),
        Phase({}, runs(("restate", "2022-10-26T09:00"))),
    )


def _spoil(book: Workbook) -> None:
    samples.cell_of(book, "Chỉ tiêu", "A1", "Tử số").value = 10**6


class Nursery:
    """The running process of ``support/months/nursery.py``."""

    def __init__(self, environment: dict[str, str]) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BAOCAO_")}
        threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        path = {"PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "support.months.nursery"],
            env={**kept, **threads, **path, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def run(self, request: dict[str, Any]) -> int:
        """Fork a child for a request; its exit code, -9 where it was killed."""
        assert self.process.stdin
        self.process.stdin.write(f"{json.dumps(request)}\n")
        self.process.stdin.flush()
        code: int = self._answer()
        return code

    def _answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(timeout=30)


@contextmanager
def nursery(**environment: str) -> Iterator[Nursery]:
    """A nursery for the length of the block."""
    running = Nursery(environment)
    try:
        yield running
    finally:
        running.close()


class Month:
    """A house in which the month is lived, phase by phase."""

    def __init__(self, home: Path, url: str, server: SmtpServer, nursery: Nursery) -> None:
        self.server, self._nursery = server, nursery
        self._smtp = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        self.workspace = house(home, url, **self._smtp)
        put_key(home)

    def lay(self, phase: Phase) -> None:
        """What the units do."""
        for name, data in phase.laid.items():
            path = self.workspace.settings.inbox_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            tick(path)  # the order of arrival is that of the list

    def run(self, number: int | str, phase: Phase, **death: object) -> int:
        """Go on with the flows of a phase in a child; its exit code."""
        settings = self.workspace.settings
        environment = {
            "BAOCAO_HOME": settings.home,
            "BAOCAO_PLAN": settings.plan,
            "BAOCAO_DATABASE_URL": settings.database,
        }
        environment |= {f"BAOCAO_{name.upper()}": value for name, value in self._smtp.items()}
        request = {"environment": {name: str(value) for name, value in environment.items()}, "runs": phase.runs}
        return self._nursery.run({**request, "journal": f"{settings.home}.phase-{number}", **death})

    def live(self, phases: Sequence[Phase]) -> None:
        """The month undisturbed."""
        for number, phase in enumerate(phases):
            self.lay(phase)
            assert self.run(number, phase) == 0

    def settle_doubts(self) -> int:
        """What a person does about letters of which nobody knows: asks at the other end, and says so or sends again.

        Nothing that is uncertain goes out by itself before. Returns how many were uncertain.
        """
        workspace, clock = self.workspace, clock_at(self.workspace, "2022-10-27T08:00")
        now = clock.now
        before = len(self.server.received)
        self._deliver(now)
        assert len(self.server.received) == before
        doubtful = tell_fates(workspace, self.server, now)
        self._deliver(now)
        build_site(workspace, clock)
        return doubtful

    def _deliver(self, now: Any) -> None:
        deliver_all(self.workspace, Clock(now, is_simulated=True))

    def copies(self) -> Counter[tuple[str, str]]:
        """How often the server took each message for each address."""
        return copies(self.server)

    def state(self) -> dict[str, Any]:
        """All that the month has led to, the same whatever numbers a database gave (rolled-back ones leave gaps)."""
        self.check_soundness()
        self.check_completeness()
        with reading(self.workspace.engine) as connection:
            numbers = Numbers(connection)
            keys = {one.message_id: numbers.plain(one.key) for one in list_messages(connection)}
            rows = rows_of(connection, numbers)
        home = self.workspace.home
        kept = [path.relative_to(home) for path in sorted(home.rglob("*")) if path.is_file()]
        return {
            "rows": rows,
            "files": {numbers.plain(str(path)): content_of(home, path) for path in kept if not is_own(path)},
            "mails": Counter({(keys[identifier], to): count for (identifier, to), count in self.copies().items()}),
        }

    def check_soundness(self) -> None:
        """The database is whole, also while work is left to do."""
        engine = self.workspace.engine
        if engine.dialect.name == "sqlite":
            with reading(engine) as connection:
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []

    def check_completeness(self) -> None:
        """Every received file lies whole in the archive, and nothing waits."""
        workspace = self.workspace
        with reading(workspace.engine) as connection:
            received = connection.execute(select(receipt.c.sha256, receipt.c.state)).all()
        assert {state for _, state in received}.isdisjoint({ReceiptState.TAKEN})
        archived = {path.stem: path for path in (workspace.home / "archive").glob("*/[!.]*")}
        assert set(archived) == {sha for sha, _ in received}
        assert all(sha256(path.read_bytes()).hexdigest() == name for name, path in archived.items())
        waiting = [path for path in workspace.settings.inbox_folder.glob("*/*") if path.is_file()]
        assert waiting == []
