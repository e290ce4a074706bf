"""The messages of the outbox with their deliveries: written once by key, listed, counted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from baocao.domain.delivery import Delivery, DeliveryState, DeliverySummary, Message
from baocao.domain.grouping import batched, grouped
from baocao.domain.planned.period import Period
from baocao.store.engine.dialect import insert_ignoring, insert_new
from baocao.store.schema.mail import delivery, message
from baocao.system.errors import UsageError

_AT_ONCE = 200


def add(connection: Connection, messages: Sequence[dict[str, Any]]) -> set[str]:
    """Add rows of messages in the caller's transaction; a key that is there stays as it is. Returns the new keys."""
    return insert_new(connection, message, messages, message.c.key)


def add_deliveries(connection: Connection, addressed: Iterable[tuple[str, str, str]]) -> None:
    """Add a delivery that waits for each message's key, recipient's name and address. Idempotent."""
    rows = [
        {"message_key": key, "recipient": address, "name": name, "state": DeliveryState.PENDING, "attempts": 0}
        for key, name, address in addressed
    ]
    insert_ignoring(connection, delivery, rows, delivery.c.message_key, delivery.c.recipient)


def known_keys(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Which of these messages were written before."""
    found: set[str] = set()
    for some in batched(keys, _AT_ONCE):
        found |= set(connection.scalars(select(message.c.key).where(message.c.key.in_(some))))
    return found


def written_at(connection: Connection, key: str) -> datetime | None:
    """When a message was written (aware); None where it never was."""
    moment: datetime | None = connection.scalar(select(message.c.created_at).where(message.c.key == key))
    return moment


def newest_in_thread(connection: Connection, kind: str, thread: Sequence[str]) -> str | None:
    """The key of the last message of a kind that a thread (Message-IDs in order) holds."""
    query = select(message.c.message_id, message.c.key).where(message.c.kind == kind, message.c.message_id.in_(thread))
    keys = {row.message_id: row.key for row in connection.execute(query)}
    return next((keys[one] for one in reversed(thread) if one in keys), None)


def files(connection: Connection) -> list[str]:
    """The .eml file of every message, relative to the outbox."""
    return list(connection.scalars(select(message.c.eml_file)))


def list_messages(
    connection: Connection,
    *,
    period: Period | None = None,
    kind: str | None = None,
    states: Iterable[DeliveryState] = (),
) -> list[Message]:
    """Messages in the order in which they were written; with ``states``, those that have such a delivery.

    Variants that were never needed are left out.
    """
    query = _joined()
    if period is not None:
        query = query.where(message.c.period == str(period))
    if kind is not None:
        query = query.where(message.c.kind == kind)
    if wanted := list(states):
        query = query.where(message.c.key.in_(select(delivery.c.message_key).where(delivery.c.state.in_(wanted))))
    return _messages(connection.execute(query).mappings())


def show(connection: Connection, key: str) -> Message:
    """One message with its deliveries.

    Raises:
        UsageError: the outbox has no such message.
    """
    found = _messages(connection.execute(_joined().where(message.c.key == key)).mappings())
    if not found:
        raise UsageError(f"Sổ thư đi không có thư “{key}”; xem danh sách bằng lệnh: baocao outbox list")
    return found[0]


def summarize(connection: Connection, period: Period | None = None) -> DeliverySummary:
    """How the deliveries stand; those for which a smaller variant went out are not counted."""
    query = select(delivery.c.state, delivery.c.is_filed).join(message).where(delivery.c.replaced_by.is_(None))
    if period is not None:
        query = query.where(message.c.period == str(period))
    rows = connection.execute(query).all()
    return DeliverySummary.count((row.state for row in rows), sum(row.is_filed for row in rows))


def _joined() -> Select[Any]:
    columns = [column for column in delivery.c if column.name in Delivery.__dataclass_fields__]
    return select(message, *columns).join(delivery).order_by(message.c.created_at, message.c.key, delivery.c.recipient)


def _messages(rows: Iterable[RowMapping]) -> list[Message]:
    return [_as_message(of_one) for of_one in grouped(rows, lambda row: row["key"]).values()]


def _as_message(rows: Sequence[RowMapping]) -> Message:
    fields = [name for name in Message.__dataclass_fields__ if name != "deliveries"]
    return Message(**{name: rows[0][name] for name in fields}, deliveries=tuple(_as_delivery(row) for row in rows))


def _as_delivery(row: RowMapping) -> Delivery:
    values = {name: row[name] for name in Delivery.__dataclass_fields__}
    return Delivery(**{**values, "state": DeliveryState(values["state"])})
