"""The audit book only grows: the database itself refuses everything else."""

from dataclasses import replace

import pytest
from sqlalchemy import Executable, delete, insert, text, update
from sqlalchemy.exc import DatabaseError
from support.stores.databases import NOW, Open

from baocao.domain.planned.period import Period
from baocao.domain.signature import Signature
from baocao.store.audit import entries, record
from baocao.store.engine.database import reading, writing
from baocao.store.schema.audit import audit

OCTOBER = Period(2022, 10)
SIGNED = Signature("Lê Văn A", "đã đối chiếu", NOW)


def test_entries_come_back_whole_in_order_and_by_period(open_engine: Open) -> None:
    engine = open_engine()
    with writing(engine) as connection:
        record(connection, SIGNED, "override", "SCT/2022-10/v1", {"to": "ok"}, period=OCTOBER)
        record(connection, replace(SIGNED, reason=""), "restore", "sao-luu.tar.gz")
    with reading(engine) as connection:
        first, second = entries(connection)
        assert entries(connection, OCTOBER) == [first]
    assert (first.at, first.who, first.reason, first.details) == (NOW, "Lê Văn A", "đã đối chiếu", {"to": "ok"})
    assert second.period is None


OTHER_WAYS = {
    "postgresql": "TRUNCATE audit",
    "sqlite": "INSERT OR REPLACE INTO audit "
    "SELECT id, at, 'ai đó', action, subject, period, reason, details, channel FROM audit",
}
"""Statements that only one of the databases knows."""


@pytest.mark.parametrize(
    "statement", [update(audit).values(who="ai đó"), delete(audit), None], ids=["update", "delete", "other"]
)
def test_the_database_refuses_to_change_or_lose_a_row(open_engine: Open, statement: Executable | None) -> None:
    engine = open_engine()
    if statement is None:
        statement = text(OTHER_WAYS[engine.dialect.name])
    with writing(engine) as connection:
        record(connection, SIGNED, "override", "SCT/2022-10/v1")
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
        connection.execute(statement)
    with reading(engine) as connection:
        assert [entry.who for entry in entries(connection)] == ["Lê Văn A"]
    with writing(engine) as connection:
        connection.execute(insert(audit).values(at=NOW, who="B", action="a", subject="s", reason="", details={}))
