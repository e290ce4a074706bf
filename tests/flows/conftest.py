"""One Prefect harness for all tests of flows, and a workspace of its own for each test."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from support.stores.databases import new_database

from baocao.workspace.workspace import Workspace, open_workspace
from deployments.environment import IN_BATCHES
from deployments.prefect_home.database import NAME, lay_database


@pytest.fixture(scope="session", autouse=True)
def prefect() -> Iterator[None]:
    """A real Prefect API on a temporary database, laid as a new home's is: its migrations take eleven seconds.

    Nobody listens for heartbeats; ending them takes a second a flow. The server writes in batches, as a command's own
    does. Imported here, since all of Prefect's server comes along, which no other test has need of.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing import utilities

    folder = Path(mkdtemp(prefix="prefect-"))
    lay_database(folder)
    (folder / NAME).rename(folder / "prefect-test.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utilities, "mkdtemp", lambda: str(folder))  # where the harness keeps its database
        for name, value in IN_BATCHES.items():
            patch.setenv(name, value)
        with (
            utilities.prefect_test_harness(server_startup_timeout=120),
            temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        ):
            yield


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; each flow takes its seconds, so PostgreSQL has its turn in the slow suite."""
    return new_database(request, tmp_path)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Workspace]:
    """An empty home on a database of each kind."""
    monkeypatch.setenv("BAOCAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BAOCAO_DATABASE_URL", database_url)
    open_workspace.cache_clear()
    opened = open_workspace()
    yield opened
    opened.engine.dispose()
    open_workspace.cache_clear()
