"""Fixtures that all tests share."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from databases import NOW, Open
from postgres_server import Cluster, running_cluster
from sqlalchemy import Engine

from baocao.store.database import open_database


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A real PostgreSQL server."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'baocao.db'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.new_database()


@pytest.fixture
def open_engine(database_url: str) -> Iterator[Open]:
    """Opens the database of a test, as often as asked; all connections are closed at the end."""
    engines: list[Engine] = []

    def open_it(plan: str = "p", now: datetime = NOW) -> Engine:
        engines.append(open_database(database_url, plan, now))
        return engines[-1]

    yield open_it
    for engine in engines:
        engine.dispose()
