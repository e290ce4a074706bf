"""What tests that open a database share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

NOW = datetime(2022, 10, 19, 10, tzinfo=UTC)
Open = Callable[..., Engine]
"""Opens the database of a test, as often as asked."""


def new_database(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of an empty database of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'baocao.db'}"
    address: str = request.getfixturevalue("postgres").new_database()
    return address
