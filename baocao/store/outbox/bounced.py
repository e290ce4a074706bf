"""What comes back on mails of ours: failures (RFC 3464), by which a delivery is refused after all, and answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from baocao.domain.delivery import DeliveryState
from baocao.store.schema.mail import delivery, message

_MAY_COME_BACK = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Bounced:
    """A delivery that came back: the message's key, kind and subject, to whom it was to go, and why it did not."""

    key: str
    kind: str
    subject: str
    recipient: str
    reason: str


def refuse(
    connection: Connection, message_ids: Sequence[str], addresses: Collection[str], reason: str
) -> list[Bounced]:
    """Mark what came back as REFUSED, in the caller's transaction; idempotent.

    ``message_ids`` are tried in order, until one is of the outbox. ``addresses`` (small letters) are the recipient's
    as the notice names it; where the message had one recipient it is that one, whatever address it was forwarded to.
    """
    for message_id in message_ids:
        rows = connection.execute(_sent_as(message_id)).all()
        if rows:
            return [_refuse(connection, row, reason) for row in _meant(rows, addresses)]
    return []


def _sent_as(message_id: str) -> Any:
    return (
        select(message.c.key, message.c.kind, message.c.subject, delivery.c.recipient, delivery.c.state)
        .join(delivery)
        .where(message.c.message_id == message_id)
        .order_by(message.c.key, delivery.c.recipient)
    )


def _meant(rows: Sequence[Row[Any]], addresses: Collection[str]) -> list[Row[Any]]:
    named = [row for row in rows if row.recipient.lower() in addresses]
    meant = named or (list(rows) if len(rows) == 1 else [])
    return [row for row in meant if row.state in _MAY_COME_BACK]


def _refuse(connection: Connection, row: Row[Any], reason: str) -> Bounced:
    connection.execute(
        update(delivery)
        .where(delivery.c.message_key == row.key, delivery.c.recipient == row.recipient)
        .where(delivery.c.state.in_(_MAY_COME_BACK))
        .values(state=DeliveryState.REFUSED, last_error=reason, sent_at=None, note=None, is_told=True)
    )
    return Bounced(row.key, row.kind, row.subject, row.recipient, reason)


def is_answer_to(connection: Connection, thread: Sequence[str], addresses: Collection[str]) -> bool:
    """Whether a thread holds a message of ours that went to one of these addresses (small letters)."""
    query = select(delivery.c.recipient).join(message).where(message.c.message_id.in_(thread))
    return any(recipient.lower() in addresses for recipient in connection.scalars(query))


def is_ours(connection: Connection, message_id: str | None) -> bool:
    """Whether a message is one that we wrote ourselves."""
    if message_id is None:
        return False
    return connection.scalar(select(message.c.key).where(message.c.message_id == message_id).limit(1)) is not None
