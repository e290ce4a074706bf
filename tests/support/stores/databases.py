"""What tests that open a database share."""

import atexit
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import Engine, delete

from baocao.store.engine.database import open_database, writing
from baocao.store.schema.reporting import home

NOW = datetime(2022, 10, 19, 10, tzinfo=UTC)
Open = Callable[..., Engine]
"""Opens the database of a test, as often as asked."""


def new_database(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a migrated database without a plan, of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        shutil.copyfile(_template(), folder / "baocao.db")
        return f"sqlite:///{folder / 'baocao.db'}"
    address: str = request.getfixturevalue("postgres").new_database(migrate=_migrate)
    return address


@lru_cache
def _template() -> Path:
    """A migrated file; a copy takes a hundredth of the time of migrating."""
    path = Path(mkdtemp(prefix="mau-")) / "baocao.db"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    engine = open_database(url, "p", NOW)
    with writing(engine) as connection:
        connection.execute(delete(home))
    engine.dispose()
