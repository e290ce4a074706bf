"""``deployments/prefect_home/empty.sql`` by Prefect's own migrations: run it again when Prefect has new ones."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from deployments.prefect_home.database import EMPTY, NAME

_MIGRATE = (
    "import asyncio; from prefect.server.database import provide_database_interface as found;"
    "asyncio.run(found().create_db())"
)


def migrated() -> str:
    """The SQL of a database that Prefect has just made, in a home and a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        settings = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        command = [sys.executable, "-c", _MIGRATE]
        subprocess.run(command, env={**settings, "PREFECT_HOME": home}, check=True)  # noqa: S603 - our own command
        return sql_of(Path(home) / NAME)


def sql_of(path: Path) -> str:
    """A database as the SQL that makes it."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join((*connection.iterdump(), ""))


if __name__ == "__main__":
    EMPTY.write_text(migrated(), encoding="utf-8")
