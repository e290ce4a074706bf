"""The server that runs for a single command: up before the flow, told when it fails, gone afterwards."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from support.servers.prefects import clean_environment, family_of, refused, wait_until

from deployments.by_hand.server import ensure_server, own_server
from deployments.prefect_home.database import NAME


def left_on(home: Path) -> list[psutil.Process]:
    """The processes that still work on this home after a while."""
    _, alive = psutil.wait_procs([one for one in psutil.process_iter() if is_of(one, home)], timeout=60)
    return list(alive)


def is_of(process: psutil.Process, home: Path) -> bool:
    """Whether a process works on this home."""
    try:
        return process.environ().get("BAOCAO_HOME") == str(home)
    except psutil.Error:
        return False


def collecting(home: Path) -> "subprocess.Popen[str]":
    """A collection that begins, in a group of processes of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "deployments.cli", "collect", "--period", "2022-10"],
        env={**clean_environment(), "BAOCAO_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_a_server_that_does_not_come_up_in_time_is_told_and_ended(tmp_path: Path) -> None:
    hurried = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "1"}
    code, complaint = refused(tmp_path, "collect", "--period", "2022-10", "--as-of", "2022-10-19T17:00", **hurried)
    assert code == 4
    assert "Không liên lạc được máy chủ Prefect (chạy kèm)" in complaint
    assert left_on(tmp_path) == []


@pytest.mark.slow
def test_ctrl_c_while_it_starts_is_answered_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # else a test that runs in the background hands on «ignored»
    with collecting(tmp_path) as process:
        wait_until(lambda: bool(psutil.Process(process.pid).children()), 120)
        os.killpg(process.pid, signal.SIGINT)
        complaint = process.communicate(timeout=120)[1]
    assert process.returncode == 130
    assert "Đã dừng theo yêu cầu" in complaint
    assert left_on(tmp_path) == []


@pytest.mark.slow
def test_it_ends_with_a_command_that_is_killed(tmp_path: Path) -> None:
    with collecting(tmp_path) as process:
        wait_until(lambda: any("deployments.by_hand.child" in one.cmdline() for one in family_of(process)), 120)
        process.kill()
    assert left_on(tmp_path) == []


@pytest.mark.slow
def test_it_has_noted_every_task_when_it_is_gone(tmp_path: Path) -> None:
    """It writes in batches; the last one is written before it ends, and the pages of a later server show all."""
    with collecting(tmp_path) as process:
        process.communicate(timeout=280)
    assert process.returncode == 0
    with closing(sqlite3.connect(tmp_path / "prefect" / NAME)) as database:
        runs = dict(database.execute("SELECT id, state_type FROM task_run"))
        states = database.execute("SELECT task_run_id, type FROM task_run_state").fetchall()
    assert {*runs.values()} == {"COMPLETED"}
    assert sorted(states) == sorted((run, state) for run in runs for state in ("PENDING", "RUNNING", "COMPLETED"))


@pytest.mark.parametrize(
    "told",
    [{"PREFECT_API_URL": "http://127.0.0.1:9/api"}, {"PREFECT_SERVER_EPHEMERAL_ENABLED": "false"}, {}],
    ids=["there is one", "none is wanted", "a profile says which"],
)
def test_none_is_started_where(told: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "profiles.toml").write_text("active = 'tinh'\n")
    profile = {} if not told else {"PREFECT_PROFILES_PATH": str(tmp_path / "none.toml")}
    for name, value in {"PREFECT_HOME": str(tmp_path), **profile, **told}.items():
        monkeypatch.setenv(name, value)
    ensure_server()
    assert own_server() is None
    assert "PREFECT_API_URL" in told or not os.environ.get("PREFECT_API_URL")


QUIET = """
import logging
from baocao.workspace.settings import load_settings
from deployments.environment import prepare_prefect
prepare_prefect(load_settings())
from prefect.logging.configuration import setup_logging
setup_logging()
print([name for name in ("prefect", "prefect.server.services") if logging.getLogger(name).isEnabledFor(logging.ERROR)])
"""


@pytest.mark.slow
def test_neither_prefect_nor_the_server_that_runs_along_speaks_in_a_command(tmp_path: Path) -> None:
    """What cannot be written any more when the server ends is no affair of whoever typed the command."""
    environment = {**clean_environment(), "BAOCAO_HOME": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", QUIET], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["[]"]
