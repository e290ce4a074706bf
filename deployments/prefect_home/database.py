"""Prefect's own database, empty, as its migrations leave it: a new home takes a copy.

Prefect makes its SQLite database by a hundred migrations, one after the other: eleven seconds of the processor, each
time a home is new. ``empty.sql`` is what they come to (``python -m tools.prefect_database`` writes it). Prefect
migrates a database at every start and finds this one at its head; a later Prefect finds an older database, and
migrates that.
"""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

EMPTY = Path(__file__).with_name("empty.sql")
NAME = "prefect.db"
"""What Prefect calls its database where nobody has chosen another."""


def lay_database(folder: Path) -> None:
    """Lay the empty database into Prefect's home, unless there is one; several at once lay it once, and whole.

    Where that is not possible nothing is laid: Prefect makes its own, and says itself what is wrong with the disk.
    """
    path = folder / NAME
    if path.exists():
        return
    with suppress(OSError, sqlite3.Error), tempfile.TemporaryDirectory(dir=folder, prefix=".") as beside:
        made = Path(beside) / NAME
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.executescript(EMPTY.read_text(encoding="utf-8"))
        with suppress(FileExistsError):
            os.link(made, path)
