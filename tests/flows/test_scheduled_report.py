"""A report by schedule first takes in what waits, after what another run is collecting; a dead mailbox stops it not."""

import subprocess
import sys
from email import message_from_bytes, policy

import pytest
from sqlalchemy import text
from support.months.october import COLLECTED, OCTOBER, REPORTED, lay, lay_all
from support.servers.smtp import free_port

from baocao.store.engine.database import reading, writing
from baocao.store.receipts import are_open
from baocao.system import lease
from baocao.system.clock import read_clock
from baocao.workspace.workspace import Workspace, open_workspace
from flows.collect import collect
from flows.report import report
from tasks.take_in import take_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FOLDER = "reports/2022-10/v1"


def accepted(workspace: Workspace) -> int:
    with reading(workspace.engine) as connection:
        return connection.scalar(text("SELECT count(*) FROM submission WHERE period = '2022-10'")) or 0


def letters(workspace: Workspace) -> set[str]:
    return {path.stem.partition("~")[0] for path in workspace.outbox_folder.glob("*.eml")}


@pytest.mark.slow
def test_what_waits_is_taken_in_first(workspace: Workspace) -> None:
    lay_all(workspace)
    report("2022-10", REPORTED, is_by_schedule=True)
    assert (accepted(workspace), letters(workspace)) == (3, {"answer", "report", "result"})
    assert (workspace.home / FOLDER / "bao-cao.pdf").exists()
    report("2022-10", REPORTED, is_by_schedule=True)
    assert accepted(workspace) == 3


@pytest.mark.slow
def test_what_another_run_is_checking_is_waited_for(workspace: Workspace) -> None:
    lay(workspace, "SCT")
    take_in.fn(OCTOBER, read_clock(REPORTED, workspace.zone))
    asleep = [sys.executable, "-c", "import time; time.sleep(8)"]
    with subprocess.Popen(asleep) as other:  # dies at its work, so that it is taken up
        with writing(workspace.engine) as connection:
            held = {"by": lease.identity(other.pid), "until": lease.expiry()}
            connection.execute(text("UPDATE receipt SET held_by = :by, held_until = :until"), held)
        report("2022-10", REPORTED, is_by_schedule=True)
        assert other.poll() is not None, "not waited for"
    assert (accepted(workspace), are_open(workspace.engine)) == (1, False)
    assert letters(workspace) == {"answer", "report", "result"}


@pytest.mark.slow
def test_a_mailbox_that_is_down_is_told_and_the_report_leaves(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(workspace, "SCT")
    collect("2022-10", COLLECTED)
    monkeypatch.setattr(take_in, "retry_delay_seconds", [0.1, 0.1])
    values = {"INTAKE": "mailbox", "IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(free_port()), "IMAP_USER": "a"}
    for name, value in {**values, "IMAP_PASSWORD": "b"}.items():
        monkeypatch.setenv(f"BAOCAO_{name}", value)
    open_workspace.cache_clear()
    report("2022-10", REPORTED, is_by_schedule=True)
    (alert,) = workspace.outbox_folder.glob("alert~*.eml")
    told = message_from_bytes(alert.read_bytes(), policy=policy.default)
    assert "Chưa thu được" in str(told["Subject"])
    assert "report" in letters(workspace)
