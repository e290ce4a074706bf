"""The real thing: a backup made by the command while the collect command runs, restored elsewhere."""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from support import ROOT
from support.servers.smtp import SmtpServer, smtp_server
from support.stores.houses import house
from support.workbooks import samples

from baocao.domain.planned.period import Period
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


def lay(workspace: Workspace, period: str, seed: int = 0) -> None:
    for unit in UNITS:
        filled = samples.clean_filled(samples.plan(), unit, period, seed)
        path = workspace.settings.inbox_folder / unit / f"{period}-{seed}.xlsx"
        samples.write_filled(path, samples.plan(), unit, period, filled)


def said(workspace: Workspace, period: Period) -> tuple[dict[str, Any], list[bytes]]:
    """Status and every export of a month."""
    status = period_status(workspace, period, read_clock(LATER, workspace.zone)).as_row()
    return status, [export_rows(workspace, period, what, "json") for what in WHATS]


def wait_for_receipts(workspace: Workspace, count: int, process: "subprocess.Popen[str]") -> None:
    while process.poll() is None:
        with reading(workspace.engine) as connection:
            if (connection.scalar(select(func.count()).select_from(receipt)) or 0) >= count:
                return
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_backup_during_a_collection(
    workspace: Workspace, server: SmtpServer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lay(workspace, "2022-09")
    run(workspace, server, "collect", "--period", "2022-09", "--as-of", "2022-09-19T17:00")
    run(workspace, server, "report", "--period", "2022-09", "--as-of", "2022-09-23T08:00")
    september = said(workspace, SEPTEMBER)
    sent = len(server.received)

    lay(workspace, "2022-10")
    collecting = start(workspace, server, *COLLECT_OCTOBER)
    wait_for_receipts(workspace, 4, collecting)
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
