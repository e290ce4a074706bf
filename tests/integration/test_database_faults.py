"""The database fails in mid-work: a busy SQLite is waited for, a PostgreSQL that goes down leaves all or nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, text, update
from support import ROOT
from support.mail.letters import database, outgoing, over
from support.servers.postgres import Cluster, running_cluster
from support.servers.smtp import smtp_server
from support.stores.databases import NOW
from support.stores.facts import OCTOBER, RECEIVED, filed, take
from support.stores.houses import house
from support.workbooks.content import clean_content

from baocao.domain.delivery import DeliveryState
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.mail.outbox import enqueue
from baocao.mail.sending.delivery import deliver
from baocao.mail.sending.transport import Envelope, Reply, Transport
from baocao.store import submissions
from baocao.store.engine.database import open_database, reading, writing
from baocao.store.outbox.messages import show
from baocao.store.receipts import waiting_ids
from baocao.store.schema.audit import audit, extension
from baocao.store.schema.mail import delivery
from baocao.store.schema.reporting import figures, submission
from baocao.system.errors import OutsideServiceError

HOLDS_SECONDS = 2.0
LATER = RECEIVED + timedelta(days=1)
_HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE home SET made_at = made_at")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


@contextmanager
def another_writer(path: Path, seconds: float) -> Iterator[None]:
    """Another process holds the database's write lock for so long."""
    command = [sys.executable, "-c", _HOLDER, str(path), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield
        process.kill()


@pytest.fixture
def sqlite(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'mot.db'}", "p", NOW)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of our own, because it is restarted."""
    with running_cluster() as running:
        yield running


@pytest.fixture
def server(cluster: Cluster) -> Engine:
    return open_database(cluster.new_database(), "p", NOW)


def restart_after(engine: Engine, cluster: Cluster, statement: str) -> list[str]:
    """Restart the server once, when a statement that begins so has been executed and its transaction is open."""
    restarted: list[str] = []

    def look(_connection: Any, _cursor: Any, executed: str, *_: Any) -> None:
        if executed.startswith(statement) and not restarted:
            restarted.append(executed)
            cluster.stop()
            cluster.start()

    event.listen(engine, "after_cursor_execute", look)
    return restarted


def count(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.slow
def test_a_busy_database_is_waited_for(sqlite: Engine, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "SCT").mkdir(parents=True)
    (inbox / "SCT" / "a.xlsx").write_bytes(b"mot")
    found = find_waiting(inbox, ["SCT"], NOW, 0)
    with another_writer(tmp_path / "mot.db", HOLDS_SECONDS):
        started = time.monotonic()
        assert waiting_ids(sqlite) == []
        assert time.monotonic() - started < HOLDS_SECONDS / 2  # who only reads does not wait
        assert take_in_folder(sqlite, tmp_path, found, OCTOBER, NOW, is_simulated=True) == 1
        assert time.monotonic() - started > HOLDS_SECONDS / 2
    assert len(waiting_ids(sqlite)) == 1
    assert list((inbox / "SCT").iterdir()) == []


def test_a_database_that_stays_busy_is_an_outside_failure(sqlite: Engine, tmp_path: Path) -> None:
    with sqlite.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 200")  # instead of a minute, on the pool's one connection
    with another_writer(tmp_path / "mot.db", 60), pytest.raises(OutsideServiceError, match="database is locked"):
        take(sqlite, "a.xlsx")
    assert take(sqlite, "a.xlsx").name == "a.xlsx"


def test_a_statement_that_makes_no_sense_is_a_bug(sqlite: Engine) -> None:
    with pytest.raises(Exception, match="no such table") as caught, reading(sqlite) as connection:
        connection.execute(text("SELECT 1 FROM khong_co"))
    assert not isinstance(caught.value, OutsideServiceError)


_ON_A_FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, 33_000))
from deployments.cli import main
sys.argv[0] = "baocao"
main()
"""


@pytest.mark.slow
def test_a_full_disk_under_the_database_is_told_and_changes_nothing(tmp_path: Path) -> None:
    workspace = house(tmp_path / "home", "")
    workspace.engine.dispose()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BAOCAO_")}
    environment = {**kept, "BAOCAO_HOME": str(workspace.home), "PYTHONPATH": str(ROOT)}
    decision = ["--until", "2022-10-25T00:00", "--name", "Lê Văn A", "--reason", "mất điện"]
    command = ["submission", "extend", "SCT", "--period", "2022-10", *decision]
    done = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK, *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Cơ sở dữ liệu sqlite://")
    assert "dung lượng đĩa" in done.stderr
    with reading(workspace.engine) as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    assert (count(workspace.engine, audit), count(workspace.engine, extension)) == (0, 0)


@pytest.mark.parametrize("statement", ["LOCK TABLE submission", "INSERT INTO submission"])
def test_a_restart_in_mid_batch_leaves_nothing_and_the_next_try_all(
    server: Engine, cluster: Cluster, statement: str
) -> None:
    received = [take(server, f"{unit}.xlsx", unit=unit) for unit in ("STTTT", "SCT", "SNV")]
    batch = [filed(one, clean_content(unit=one.unit or "")) for one in received]
    restarted = restart_after(server, cluster, statement)
    with pytest.raises(OutsideServiceError, match="Cơ sở dữ liệu postgresql"), writing(server) as connection:
        submissions.save(connection, batch)
    assert len(restarted) == 1
    assert (count(server, submission), count(server, figures)) == (0, 0)
    assert len(waiting_ids(server)) == 3
    with writing(server) as connection:
        assert [one.version for one in submissions.save(connection, batch)] == [1, 1, 1]


def test_a_database_that_goes_down_after_the_servers_250_never_lets_it_go_twice(
    cluster: Cluster, tmp_path: Path
) -> None:
    engine = database(cluster.new_database())
    with writing(engine) as connection:
        (key,) = enqueue(connection, [outgoing()], tmp_path, RECEIVED)
    with smtp_server() as mail:
        with pytest.raises(OutsideServiceError, match="Cơ sở dữ liệu"):
            deliver(engine, GoingDown(over(mail.port), cluster), tmp_path, RECEIVED)
        cluster.start()
        assert states(engine, key) == {DeliveryState.SENDING}
        assert deliver(engine, over(mail.port), tmp_path, LATER).uncertain == 0  # we live, and may still be at it
        with writing(engine) as connection:
            connection.execute(update(delivery).values(lease_until=NOW))
        assert deliver(engine, over(mail.port), tmp_path, LATER).uncertain == 2
        assert states(engine, key) == {DeliveryState.UNCERTAIN}
        assert set(mail.copies().values()) == {1}
    engine.dispose()


class GoingDown:
    """A way to the mail server that takes the database down as soon as the server has said 250."""

    def __init__(self, real: Transport, cluster: Cluster) -> None:
        self.open, self.close, self.is_open, self._real, self._cluster = real.open, real.close, False, real, cluster

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        replies = self._real.send(envelope)
        self._cluster.stop()
        return replies


def states(engine: Engine, key: str) -> set[DeliveryState]:
    with reading(engine) as connection:
        return {one.state for one in show(connection, key).deliveries}
