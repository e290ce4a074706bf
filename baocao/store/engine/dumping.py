"""The database as one file: a consistent copy made while others write, and put back into an empty database."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from baocao.store.engine.database import BUSY_SECONDS
from baocao.system.errors import OutsideServiceError, UsageError

DUMP_NAMES = {"sqlite": "baocao.db", "postgresql": "baocao.dump"}


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``: a copy can be put back only into a database of its kind."""
    return make_url(url).get_backend_name()


def dump(url: str, target: Path) -> None:
    """Write the database as it is at one moment into a new file; nobody who writes meanwhile is held up.

    SQLite's own online backup, checked afterwards; for PostgreSQL ``pg_dump``'s custom format.

    Raises:
        OutsideServiceError: the database cannot be read or the disk does not take the copy.
        UsageError: ``pg_dump`` is not installed.
    """
    if kind_of(url) == "sqlite":
        _dump_sqlite(Path(make_url(url).database or ""), target)
    else:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


def load(url: str, source: Path) -> None:
    """Put a copy into an empty database: all of it or nothing.

    Raises:
        OutsideServiceError: the database refuses it, or the disk.
        UsageError: ``pg_restore`` is not installed.
    """
    if kind_of(url) == "sqlite":
        path = Path(make_url(url).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
        path.chmod(0o640)
    else:
        _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", str(source))


def _dump_sqlite(path: Path, target: Path) -> None:
    try:
        source = sqlite3.connect(path, timeout=BUSY_SECONDS)
        copy = sqlite3.connect(target)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            copy.close()
            source.close()
    except sqlite3.Error as error:
        raise OutsideServiceError(
            f"Không sao được cơ sở dữ liệu {path}: {error}. Hãy kiểm tra dung lượng đĩa rồi chạy lại."
        ) from error
    if found != "ok":
        raise OutsideServiceError(f"Cơ sở dữ liệu {path} bị hỏng ({found}); hãy khôi phục từ bản sao lưu gần nhất.")


def _run(program: str, url: str, *arguments: str) -> None:
    binary = shutil.which(program)
    if binary is None:
        raise UsageError(f"Chưa có chương trình {program}; hãy cài gói postgresql-client cùng phiên bản với máy chủ.")
    address, environment = _connection(make_url(url))
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [binary, f"--dbname={address}", *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[:300] or f"dừng đột ngột, mã thoát {done.returncode}"
        raise OutsideServiceError(
            f"{program} không làm được: {said}. Hãy kiểm tra máy chủ cơ sở dữ liệu và dung lượng đĩa rồi chạy lại."
        )


def _connection(url: URL) -> tuple[str, Mapping[str, str]]:
    """The address for libpq's programs, and the password by environment, where no list of processes shows it."""
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, **url.query}
    given = {name: str(value) for name, value in parts.items() if value is not None}
    return make_conninfo(**given), {"PGPASSWORD": str(url.password)} if url.password else {}
