"""Opening the database: SQLite in WAL or PostgreSQL, migrations applied on start."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from baocao.store.engine.address import parsed
from baocao.store.engine.revisions import head_revision, known_revisions
from baocao.store.schema.reporting import home
from baocao.system.errors import OutsideServiceError, UsageError

BUSY_SECONDS = 60


def open_database(url: str, plan_code: str, now: datetime) -> Engine:
    """The engine on an up-to-date database that belongs to this plan. Idempotent.

    Raises:
        UsageError: the address is wrong, or the database holds another plan or is of a newer program.
        OutsideServiceError: the database cannot be reached, or its file is damaged.
    """
    engine = connect(url)
    try:
        _upgrade(engine)
        _claim_for_plan(engine, plan_code, now)
    except UsageError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        _tell(
            engine,
            error,
            f"Không mở được cơ sở dữ liệu {engine.url.render_as_string(hide_password=True)}: {error.orig}. "
            "Hãy kiểm tra BAOCAO_DATABASE_URL, dịch vụ và dung lượng đĩa rồi chạy lại.",
        )
    return engine


def connect(url: str) -> Engine:
    """The engine on a database as it is, neither migrated nor claimed; nothing is connected yet.

    Raises:
        UsageError: the address is wrong.
    """
    address = parsed(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, so that writers queue instead of failing
    _switch_to_wal(connection)
    connection.execute("PRAGMA foreign_keys=ON")


def _switch_to_wal(connection: Any) -> None:
    """Of two that open a new database at once, SQLite tells one that it is locked, without having it wait."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: all or nothing.

    Raises:
        OutsideServiceError: the database went away, stays locked or has no room; nothing was written.
    """
    with _told(engine), engine.connect().execution_options(write=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database throughout.

    Raises:
        OutsideServiceError: the database went away.
    """
    with _told(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Tell a failure of the database from a bug: a statement that SQLite cannot make sense of is one of ours."""
    try:
        yield
    except DatabaseError as error:
        if _code(error) == sqlite3.SQLITE_ERROR:
            raise
        _tell(
            engine,
            error,
            f"Cơ sở dữ liệu {engine.url.render_as_string(hide_password=True)} gặp sự cố giữa chừng: {error.orig}. "
            "Việc đang làm dở chưa được ghi; hãy kiểm tra dịch vụ và dung lượng đĩa rồi chạy lại.",
        )


def _tell(engine: Engine, error: DatabaseError, words: str) -> NoReturn:
    """Raise what people are told of a failure: the damaged file, else ``words``; a bug stays what it is."""
    if is_corrupt(error):
        raise damaged(engine) from error
    if not isinstance(error, OperationalError):
        raise error
    raise OutsideServiceError(words) from error


def is_corrupt(error: DBAPIError) -> bool:
    """Whether SQLite says that the file is damaged, or no database at all."""
    return _code(error) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(error: DBAPIError) -> int:
    code: int = getattr(error.orig, "sqlite_errorcode", 0)
    return code


def damaged(engine: Engine) -> OutsideServiceError:
    """What is told where ``is_corrupt``."""
    return OutsideServiceError(
        f"Tệp cơ sở dữ liệu {engine.url.database} bị hỏng. Hãy dừng các luồng rồi khôi phục bản sao lưu gần nhất: "
        "baocao restore TỆP --home THƯ-MỤC-MỚI."
    )


def is_empty(url: str) -> bool:
    """Whether the database has no tables yet; asking makes no database.

    Raises:
        OutsideServiceError: it cannot be reached, or its file is damaged.
    """
    if parsed(url).get_backend_name() == "sqlite":
        path = Path(parsed(url).database or "")
        if not path.exists() or path.stat().st_size == 0:
            return True
    engine = connect(url)
    try:
        return not inspect(engine).get_table_names()
    except DatabaseError as error:
        words = f"Không mở được cơ sở dữ liệu: {error.orig}. Hãy kiểm tra BAOCAO_DATABASE_URL rồi chạy lại."
        _tell(engine, error, words)
    finally:
        engine.dispose()


def current_revision(engine: Engine) -> str | None:
    """The database's migration; None for an empty database."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with reading(engine) as connection:
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(engine: Engine) -> None:
    revision = current_revision(engine)
    if revision == head_revision():
        return
    if revision is not None and revision not in known_revisions():
        raise UsageError(
            f"Cơ sở dữ liệu thuộc phiên bản mới hơn của chương trình (bản {revision}). Hãy nâng cấp chương trình, hoặc "
            "khôi phục bản sao lưu của phiên bản này."
        )
    from baocao.store.engine.migrating import migrate  # noqa: PLC0415 - Alembic, which a home of today has no need of

    with writing(engine) as connection:
        migrate(connection)


def _claim_for_plan(engine: Engine, plan_code: str, now: datetime) -> None:
    with reading(engine) as connection:
        owner = connection.scalar(select(home.c.plan))
    if owner is None:
        with writing(engine) as connection:
            owner = connection.scalar(select(home.c.plan))
            if owner is None:
                connection.execute(insert(home).values(plan=plan_code, made_at=now))
                owner = plan_code
    if owner != plan_code:
        raise UsageError(
            f"Cơ sở dữ liệu này thuộc kế hoạch “{owner}”, không phải “{plan_code}”. "
            "Hãy đặt BAOCAO_HOME hoặc BAOCAO_DATABASE_URL khác cho kế hoạch này."
        )
