"""The few statements that SQLite and PostgreSQL write differently."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.exc import DBAPIError


def _insert(connection: Connection) -> Any:
    """The database's own INSERT, which knows what a conflict is; its package is loaded as soon as it is connected."""
    return import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert


def insert_ignoring(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *conflict: Column[Any]
) -> None:
    """Insert rows, leaving those whose conflict columns exist already."""
    if rows:
        insert = _insert(connection)(table)
        connection.execute(insert.on_conflict_do_nothing(index_elements=list(conflict)), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], conflict: Column[str]) -> set[str]:
    """Insert rows, leaving those whose conflict column exists already. Returns that column's values that were new."""
    if not rows:
        return set()
    insert = _insert(connection)(table)
    statement = insert.on_conflict_do_nothing(index_elements=[conflict]).returning(conflict)
    return set(connection.scalars(statement, rows))


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert very many rows, each with a value for every column in the table's order; COPY on PostgreSQL.

    SQLAlchemy's own way makes a mapping of every row first, which takes longer than SQLite takes to insert it.
    """
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    elif rows:
        statement = str(table.insert().compile(dialect=connection.dialect))
        connection.exec_driver_sql(statement, _bound(connection, table, rows))


def _copy(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(column.name for column in table.c)
    statement = f"COPY {table.name} ({names}) FROM STDIN"
    fault = connection.dialect.loaded_dbapi.Error
    try:
        with connection.connection.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except fault as error:  # as SQLAlchemy tells of every other statement
        raise DBAPIError.instance(statement, None, error, fault, dialect=connection.dialect) from error


def _bound(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows with dates as SQLite keeps them."""
    processors = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in table.c]
    if not any(processors):
        return list(rows)
    return [
        tuple(value if process is None else process(value) for process, value in zip(processors, row, strict=True))
        for row in rows
    ]


def lock_for_one(connection: Connection, table: Table) -> None:
    """Let one transaction at a time write this table, to number versions or to claim; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
