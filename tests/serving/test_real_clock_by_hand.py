"""A day's work by hand at the real clock, without ``--as-of``: every command that makes or mails something."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.months.now import Today, midnight_of, plan_around
from support.servers.prefects import baocao, environment, prefect_server, wait_until
from support.servers.smtp import SmtpServer

from baocao.domain.planned.period import Period
from baocao.intake.folder import STABLE_SECONDS

UNITS = ("STTTT", "SCT", "SNV")


@pytest.fixture
def today(tmp_path: Path) -> Today:
    """A plan of which everything is due since midnight."""
    return plan_around(midnight_of(datetime.now(UTC)), tmp_path / "ke-hoach")


def lay(today: Today, mine: dict[str, str], *periods: Period) -> None:
    """Each unit's workbooks of these periods, lying still for as long as the intake asks."""
    inbox = Path(mine["BAOCAO_HOME"]) / "inbox"
    paths = [today.fill(inbox, unit, period) for unit in UNITS for period in periods]
    wait_until(lambda: all(time.time() - path.stat().st_ctime > STABLE_SECONDS for path in paths), 30)


def mailed(mine: dict[str, str], kind: str, period: Period) -> int:
    return len(list((Path(mine["BAOCAO_HOME"]) / "outbox").glob(f"{kind}~{period}*.eml")))


@pytest.fixture
def mine(tmp_path: Path, today: Today, server: SmtpServer) -> Iterator[dict[str, str]]:
    """A house beside a running Prefect server, so that not every command starts one."""
    made = environment(tmp_path / "home", today.folder, server)
    with prefect_server(made) as api:
        yield {**made, "PREFECT_API_URL": api.address}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_command_works_at_the_real_clock(mine: dict[str, str], today: Today, server: SmtpServer) -> None:
    reports = Path(mine["BAOCAO_HOME"]) / "reports"
    baocao(mine, "send-templates", "--period", str(today.open))
    baocao(mine, "remind", "--period", str(today.open))
    assert (mailed(mine, "form", today.open), mailed(mine, "remind", today.open)) == (3, 3)

    lay(today, mine, today.assignment, today.month, today.final)
    baocao(mine, "collect")
    baocao(mine, "report", "--period", str(today.assignment), "--draft")
    baocao(mine, "assignments")
    baocao(mine, "assess")
    baocao(mine, "catch-up")
    for period in (today.assignment, today.month, today.final):
        assert (reports / str(period) / "v1" / "bao-cao.pdf").read_bytes().startswith(b"%PDF")
        assert mailed(mine, "report", period) == 1
    assert "không đổi" in baocao(mine, "report", "--period", str(today.month))
    assert len(server.received) == len(list((Path(mine["BAOCAO_HOME"]) / "outbox").glob("*.eml")))
