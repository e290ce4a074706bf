"""What came by mail: each message entered once, with the files that it brought; and packed files that brought none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from baocao.domain.received.submission import Origin
from baocao.store.engine.dialect import insert_new
from baocao.store.schema.mailbox import incoming
from baocao.store.schema.reporting import receipt


def enter(connection: Connection, row: dict[str, Any]) -> bool:
    """Enter a message in the caller's transaction; False where another run has entered it already."""
    return bool(insert_new(connection, incoming, [row], incoming.c.ref))


def fate_of(connection: Connection, ref: str) -> str | None:
    """What became of a message; None where it was never entered."""
    return connection.scalar(select(incoming.c.fate).where(incoming.c.ref == ref))


def count_since(connection: Connection, sender: str, since: datetime, *, is_authentic: bool) -> int:
    """How many messages of an address were received after a moment, of those that are as authentic as this one.

    What anybody can write in a unit's name never counts against the unit's own mail.
    """
    of_sender = (incoming.c.sender == sender, incoming.c.is_authentic == is_authentic)
    query = select(func.count()).where(*of_sender, incoming.c.received_at > since)
    return connection.scalar(query) or 0


def origins_of(connection: Connection, receipt_ids: Sequence[int]) -> dict[int, Origin]:
    """The messages that files came with, by receipt; folder files have none."""
    columns = (incoming.c.sender, incoming.c.subject, incoming.c.message_id, incoming.c.is_authentic)
    rows = connection.execute(
        select(receipt.c.id, incoming.c.thread, incoming.c.note, *columns)
        .join(incoming, receipt.c.incoming_ref == incoming.c.ref)
        .where(receipt.c.id.in_(receipt_ids))
    ).mappings()
    return {
        row["id"]: Origin(
            thread=tuple(row["thread"].split()),
            hold=row["note"],
            **{column.name: row[column.name] for column in columns},
        )
        for row in rows
    }
