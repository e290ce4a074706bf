"""What tests that open a database share."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine

NOW = datetime(2022, 10, 19, 10, tzinfo=UTC)
Open = Callable[..., Engine]
"""Opens the database of a test, as often as asked."""
