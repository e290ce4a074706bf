"""The real thing: a backup made by the command while the collect command runs, restored elsewhere."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from support import ROOT
from support.months.life import live, published
from support.servers.prefects import wait_until
from support.servers.smtp import SmtpServer, smtp_server
from support.stores.houses import clock_at, house
from support.workbooks import samples

from baocao.domain.planned.period import Period
from baocao.mail.sending.delivery import deliver_all
from baocao.operations.export import export_rows
from baocao.oversight.status import period_status
from baocao.store.engine.database import reading
from baocao.store.schema.reporting import receipt
from baocao.system.clock import read_clock
from baocao.workspace.workspace import Workspace

UNITS = ("STTTT", "SCT", "SNV")
SEPTEMBER, OCTOBER = Period(2022, 9), Period(2022, 10)
COLLECT_OCTOBER = ("collect", "--period", "2022-10", "--as-of", "2022-10-19T17:00")
LATER = datetime(2022, 10, 31, 8)
WHATS = ("values", "consolidated", "tasks", "findings")


def start(workspace: Workspace, server: SmtpServer, *arguments: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    mine = {
        "BAOCAO_HOME": str(workspace.home),
        "BAOCAO_PLAN": str(workspace.settings.plan_folder),
        "BAOCAO_DATABASE_URL": workspace.settings.database,
        "BAOCAO_SMTP_HOST": server.host,
        "BAOCAO_SMTP_PORT": str(server.port),
        "BAOCAO_SMTP_SECURITY": "none",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "deployments.cli", *arguments]
    return subprocess.Popen(command, env={**kept, **mine}, stdout=subprocess.PIPE, text=True)


def run(workspace: Workspace, server: SmtpServer, *arguments: str) -> str:
    process = start(workspace, server, *arguments)
    printed, _ = process.communicate(timeout=280)
    assert process.returncode == 0, arguments
    return printed


def lay_october(workspace: Workspace) -> None:
    for unit in UNITS:
        filled = samples.clean_filled(samples.plan(), unit, OCTOBER)
        path = workspace.settings.inbox_folder / unit / "bao-cao.xlsx"
        samples.write_filled(path, samples.plan(), unit, OCTOBER, filled)


def live_september(workspace: Workspace) -> None:
    """Collected, reported, and all of its mail sent."""
    live(workspace, [SEPTEMBER])
    published(workspace, SEPTEMBER)
    deliver_all(workspace, clock_at(workspace, "2022-09-23T08:00"))


def said(workspace: Workspace, period: Period) -> tuple[dict[str, Any], list[bytes]]:
    """Status and every export of a month."""
    status = period_status(workspace, period, read_clock(LATER, workspace.zone)).as_row()
    return status, [export_rows(workspace, period, what, "json") for what in WHATS]


def receipts_in(workspace: Workspace) -> int:
    with reading(workspace.engine) as connection:
        return connection.scalar(select(func.count()).select_from(receipt)) or 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_backup_during_a_collection(
    database_url: str, server: SmtpServer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    smtp = {"smtp_host": server.host, "smtp_port": server.port, "smtp_security": "none"}
    workspace = house(tmp_path / "home", database_url, **smtp)
    live_september(workspace)
    september = said(workspace, SEPTEMBER)
    sent = len(server.received)
    assert sent

    lay_october(workspace)
    taken = receipts_in(workspace)
    collecting = start(workspace, server, *COLLECT_OCTOBER)
    wait_until(lambda: receipts_in(workspace) > taken, 250)
    run(workspace, server, "backup", str(tmp_path / "sao-luu.tar.gz"))
    collecting.communicate(timeout=280)
    assert collecting.returncode == 0
    october = said(workspace, OCTOBER)
    assert len(server.received) == sent + len(UNITS)

    url = f"sqlite:///{tmp_path / 'khac.db'}"
    if "postgresql" in request.node.name:
        url = request.getfixturevalue("postgres").new_database()
    other = house(tmp_path / "khac", url)
    with smtp_server() as elsewhere:
        run(other, elsewhere, "restore", str(tmp_path / "sao-luu.tar.gz"))
        assert said(other, SEPTEMBER) == september
        assert elsewhere.received == []
        run(other, elsewhere, *COLLECT_OCTOBER)
        status, exports = said(other, OCTOBER)
        assert exports == october[1]
        assert status["units"] == october[0]["units"]
        assert all(b"2022-09" not in one.content for one in elsewhere.received)
