"""The few statements that SQLite and PostgreSQL write differently."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_ignoring(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *conflict: Column[Any]
) -> None:
    """Insert rows, leaving those whose conflict columns exist already."""
    if rows:
        insert = _INSERT[connection.dialect.name](table)
        connection.execute(insert.on_conflict_do_nothing(index_elements=list(conflict)), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], conflict: Column[str]) -> set[str]:
    """Insert rows, leaving those whose conflict column exists already. Returns that column's values that were new."""
    if not rows:
        return set()
    insert = _INSERT[connection.dialect.name](table)
    statement = insert.on_conflict_do_nothing(index_elements=[conflict]).returning(conflict)
    return set(connection.scalars(statement, rows))


def lock_for_versions(connection: Connection, table: Table) -> None:
    """Let one transaction at a time number new versions; SQLite's write transactions do so by themselves."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
