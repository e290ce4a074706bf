"""Opening the database: migrated, owned by one plan, refused clearly where it cannot be."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from support.stores.databases import NOW, Open

from baocao.store.engine.database import connect, current_revision, open_database, reading, writing
from baocao.store.engine.revisions import head_revision
from baocao.store.schema import mail
from baocao.store.schema.metadata import metadata
from baocao.store.schema.reporting import home, receipt
from baocao.system.errors import OutsideServiceError, UsageError


def test_opening_migrates_and_opening_again_changes_nothing(open_engine: Open) -> None:
    for _ in range(2):
        engine = open_engine()
        assert current_revision(engine) == head_revision()
    with reading(engine) as connection:
        assert connection.scalars(select(home.c.plan)).all() == ["p"]


def test_migrations_make_the_very_tables_that_the_code_uses(open_engine: Open) -> None:
    engine = open_engine()
    assert mail.message.name in metadata.tables
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_of_another_plan_is_refused(open_engine: Open) -> None:
    open_engine()
    with pytest.raises(UsageError, match="“p”"):
        open_engine("q")


def test_a_failed_transaction_leaves_nothing(open_engine: Open) -> None:
    engine = open_engine()
    row = {"source": "folder", "unit": "SCT", "period": "2022-10", "name": "a", "sha256": "0", "size": 1}

    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.execute(insert(receipt).values(**row, source_ref="x", received_at=NOW, state="taken", note=""))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with reading(engine) as connection:
        assert connection.scalars(select(receipt.c.id)).all() == []
    assert inspect(engine).has_table("receipt")


def test_moments_come_back_aware_and_naive_ones_are_refused(open_engine: Open) -> None:
    engine = open_engine()
    with reading(engine) as connection:
        assert connection.scalar(select(home.c.made_at)) == NOW
    with pytest.raises(Exception, match="time zone"), writing(engine) as connection:
        connection.execute(insert(home).values(plan="q", made_at=NOW.replace(tzinfo=None)))


def test_an_unreachable_database_is_an_outside_failure() -> None:
    with pytest.raises(OutsideServiceError, match="BAOCAO_DATABASE_URL"):
        open_database("postgresql+psycopg://nobody@127.0.0.1:1/none", "p", NOW)
    with pytest.raises(UsageError, match="BAOCAO_DATABASE_URL"):
        open_database("not an address", "p", NOW)


@pytest.mark.parametrize("time", range(20))
def test_a_new_database_opened_by_several_at_once_is_locked_for_none(tmp_path: Path, time: int) -> None:
    """SQLite refuses about one of two hundred without waiting, so it is tried twenty times."""
    together = Barrier(6)

    def write(number: int) -> None:
        engine = connect(f"sqlite:///{tmp_path / f'{time}.db'}")
        together.wait()
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS t (n INTEGER)"))
            connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
        engine.dispose()

    with ThreadPoolExecutor(6) as hands:
        list(hands.map(write, range(6)))
    engine = connect(f"sqlite:///{tmp_path / f'{time}.db'}")
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM t")) == 6
    engine.dispose()
