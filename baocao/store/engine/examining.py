"""A database looked at as it is, neither migrated nor made: what it holds, whose it is, what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from baocao.store.engine.database import connect, is_corrupt, reading
from baocao.store.engine.names import Engine
from baocao.store.schema.reporting import home

_RECORDS = ("receipt", "message", "report")
_LONGEST_FAULT = 200


class UnsoundError(Exception):
    """The database does not answer as a sound one would; the text is its own words on one line, cut."""


class DamagedError(UnsoundError):
    """Its file is damaged, or no database at all."""


class UnusableError(UnsoundError):
    """There is no way to ask it: its address, or the library that speaks to it, is no good."""


@contextmanager
def examined(url: str) -> Iterator[Engine]:
    """The engine on a database for a while.

    Raises:
        UnsoundError: what goes wrong with the database meanwhile.
        UsageError: the address is wrong.
    """
    try:
        engine = connect(url)
        try:
            yield engine
        finally:
            engine.dispose()
    except DBAPIError as error:
        kind = DamagedError if is_corrupt(error) else UnsoundError
        raise kind(" ".join(str(error.orig).split())[:_LONGEST_FAULT]) from error
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise UnusableError(type(error).__name__) from error


def was_used(engine: Engine) -> bool:
    """Whether anything was recorded, or at least begun; of a database of any version of this program."""
    inspector = inspect(engine)
    known = set(inspector.get_table_names())
    questions = [f"SELECT 1 FROM {name} LIMIT 1" for name in _RECORDS if name in known]  # noqa: S608 - our own names
    if "home" in known and "began_at" in {column["name"] for column in inspector.get_columns("home")}:
        questions.append("SELECT 1 FROM home WHERE began_at IS NOT NULL")
    with reading(engine) as connection:
        return any(connection.scalar(text(question)) is not None for question in questions)


def owner_of(engine: Engine) -> str | None:
    """The code of the plan that it belongs to; None where it belongs to none yet."""
    if not inspect(engine).has_table(home.name):
        return None
    with reading(engine) as connection:
        owner: str | None = connection.scalar(select(home.c.plan))
    return owner


def corruption(engine: Engine) -> str:
    """What is broken in an SQLite file, for people; empty where nothing is."""
    with reading(engine) as connection:
        found = connection.scalar(text("PRAGMA integrity_check"))
        if found != "ok":
            return " ".join(str(found).split())[:120]
        orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
    return f"bảng {orphan[0]} có dòng mồ côi" if orphan else ""


def clock_skew(engine: Engine) -> float:
    """By how many seconds the clock of PostgreSQL's machine differs from ours."""
    with reading(engine) as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    return abs((theirs - datetime.now(UTC)).total_seconds()) if theirs is not None else 0.0
