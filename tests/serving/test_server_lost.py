"""Prefect's server goes down: what was done stands, the person is told, and catching up does the rest."""

import json
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import psutil
import pytest
from support import ROOT
from support.servers.prefects import baocao, environment, kill_hard, prefect_server, wait_until
from support.servers.smtp import SmtpServer
from support.workbooks import samples

UNITS = ("STTTT", "SCT")
COLLECTED = ("collect", "--period", "2022-10", "--as-of", "2022-10-19T17:00")
IMPATIENT = {"PREFECT_CLIENT_MAX_RETRIES": "0", "PREFECT_LOGGING_TO_API_ENABLED": "false"}
PLAN = ROOT / "plans" / "ninh-binh-2022"


@pytest.fixture
def mine(tmp_path: Path, server: SmtpServer) -> dict[str, str]:
    """A house to which two units have sent."""
    home = tmp_path / "home"
    for unit in UNITS:
        filled = samples.clean_filled(samples.plan(), unit, "2022-10")
        samples.write_filled(home / "inbox" / unit / "a.xlsx", samples.plan(), unit, "2022-10", filled)
    return environment(home, PLAN, server)


def started(environment: dict[str, str], address: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "deployments.cli", *words],
        env={**environment, **IMPATIENT, "PREFECT_API_URL": address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("words", [COLLECTED, ("demo",)])
def test_a_server_that_is_down_is_an_outside_failure(mine: dict[str, str], words: tuple[str, ...]) -> None:
    with started(mine, "http://127.0.0.1:9/api", *words) as process:
        _, complaint = process.communicate(timeout=120)
    assert process.returncode == 4
    assert "máy chủ Prefect (http://127.0.0.1:9/api)" in complaint


@pytest.mark.slow
def test_a_server_that_goes_down_in_mid_run_costs_nothing(mine: dict[str, str], server: SmtpServer) -> None:
    home = Path(mine["BAOCAO_HOME"])
    with prefect_server(mine) as api, started(mine, api.address, *COLLECTED) as process:
        wait_until(lambda: any((home / "archive").glob("*/*.xlsx")), 120)
        port = api.address.removesuffix("/api").rpartition(":")[2]
        for one in psutil.process_iter(["cmdline"]):
            if {"server", port} <= set(one.info["cmdline"] or ()):
                kill_hard(one)
        _, complaint = process.communicate(timeout=250)
    assert (process.returncode, "máy chủ Prefect" in complaint) == (4, True)

    baocao(mine, "catch-up", "--as-of", "2022-10-24T09:00")
    status = json.loads(baocao(mine, "status", "--period", "2022-10", "--json"))
    assert {one["unit"]: (one["state"], one["version"]) for one in status["units"]} == {
        "STTTT": ("accepted", 1),
        "SCT": ("accepted", 1),
        "SNV": ("missing", None),
    }
    assert (status["report"]["version"], status["report"]["state"]) == (1, "published")
    kinds = [one["kind"] for one in json.loads(baocao(mine, "outbox", "list", "--period", "2022-10", "--json"))]
    assert sorted(kinds) == ["answer", "answer", "escalate", "report", "result", "result", "result"]
    identifiers = [str(message_from_bytes(one.content)["Message-ID"]) for one in server.received]
    assert len(set(identifiers)) == len(identifiers) >= len(kinds)
