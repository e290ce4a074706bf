"""Fixtures that all tests share."""

import os
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, event
from support.servers.imap import ImapServer, imap_server
from support.servers.postgres import Cluster, running_cluster
from support.servers.smtp import SmtpServer, smtp_server
from support.stores.databases import NOW, Open, new_database
from support.stores.houses import house

from baocao.store.engine.database import open_database
from baocao.workspace.workspace import Workspace

if TYPE_CHECKING:
    from support.mail.mailboxes import House


settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # a busy machine is no fault of an example


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything must run (``BAOCAO_TESTS_NEED_ALL``, set by ``.ci/run``), a test that is skipped has failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("BAOCAO_TESTS_NEED_ALL"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but everything must run here: {report.longrepr}"
    return report


_connected: set[Engine] = set()


@event.listens_for(Engine, "engine_connect")
def _note(connection: Connection) -> None:
    _connected.add(connection.engine)


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """Every connection to a database is closed at a test's end; one that is not is told in any later test."""
    yield
    while _connected:
        _connected.pop().dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A real PostgreSQL server."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    return new_database(request, tmp_path)


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Workspace:
    """A house with the shipped plan on an empty database, of each kind in turn."""
    return house(tmp_path / "home", database_url)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A real mail server, of one test."""
    with smtp_server() as running:
        yield running


@pytest.fixture
def open_engine(database_url: str) -> Open:
    """Opens the database of a test, as often as asked."""

    def open_it(plan: str = "p", now: datetime = NOW) -> Engine:
        return open_database(database_url, plan, now)

    return open_it


@pytest.fixture(scope="session")
def mailbox() -> Iterator[ImapServer]:
    """A real IMAP server."""
    with imap_server() as running:
        yield running


@pytest.fixture
def mail(mailbox: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[House]":
    """A house whose reports come by mail, with an empty mailbox and an SMTP server."""
    from support.mail.mailboxes import house

    mailbox.empty()
    with smtp_server() as out, house(tmp_path / "home", mailbox, out, monkeypatch) as running:
        yield running
