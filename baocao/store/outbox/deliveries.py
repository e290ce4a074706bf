"""What people decide about deliveries that did not clearly arrive, and which refusals they were told of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from baocao.domain.delivery import Delivery, DeliveryState
from baocao.domain.grouping import batched
from baocao.store.outbox.messages import add_deliveries, show
from baocao.store.schema.mail import delivery, message
from baocao.system.errors import UsageError

_AT_ONCE = 100
_RETRIABLE = (DeliveryState.REFUSED, DeliveryState.DEFERRED, DeliveryState.UNCERTAIN)
_RESOLUTIONS = (DeliveryState.SENT, DeliveryState.REFUSED)


def retry(connection: Connection, key: str, recipient: str | None = None) -> list[str]:
    """Let a message go out again, by a person's decision, with the same bytes and Message-ID.

    Takes deliveries that are refused, deferred or uncertain; never one that was sent. Returns their recipients.

    Raises:
        UsageError: there is no such message, or nothing of it can be sent again.
    """
    show(connection, key)
    query = update(delivery).where(
        delivery.c.message_key == key, delivery.c.state.in_(_RETRIABLE), delivery.c.replaced_by.is_(None)
    )
    if recipient is not None:
        query = query.where(delivery.c.recipient == recipient)
    again = connection.scalars(
        query.values(
            state=DeliveryState.PENDING, next_try_at=None, lease_token=None, note=None, is_told=False
        ).returning(delivery.c.recipient)
    ).all()
    if not again:
        raise UsageError(f"Thư “{key}” không có nơi nhận nào cần gửi lại (đã gửi xong, đang chờ hoặc đang gửi)")
    return sorted(again)


def resolve(connection: Connection, key: str, recipient: str, state: DeliveryState, note: str, now: datetime) -> None:
    """Write down what a person found out about a delivery that is not settled: it arrived, or it never will.

    Raises:
        UsageError: there is no such delivery, it is sent or being sent, the state is neither SENT nor REFUSED, or the
            note (who, how it is known) is empty.
    """
    if state not in _RESOLUTIONS:
        raise UsageError("Chỉ kết luận được là đã gửi (sent) hoặc bị từ chối (refused)")
    if not note.strip():
        raise UsageError("Hãy ghi rõ ai xác nhận và xác nhận thế nào")
    settled = connection.execute(
        update(delivery)
        .where(delivery.c.message_key == key, delivery.c.recipient == recipient)
        .where(delivery.c.state.in_((*_RETRIABLE, DeliveryState.PENDING)))
        .values(
            state=state,
            note=note.strip(),
            next_try_at=None,
            lease_token=None,
            sent_at=now if state is DeliveryState.SENT else None,
        )
    )
    if not settled.rowcount:
        raise UsageError(f"Thư “{key}” không có nơi nhận “{recipient}” đang chờ kết luận")


def hold_unsent(connection: Connection, note: str) -> int:
    """Leave everything not yet sent to a person's decision: after a restore, it may have gone out since (fault 9).

    Returns how many deliveries became UNCERTAIN.
    """
    held = connection.execute(
        update(delivery)
        .where(delivery.c.state.in_((DeliveryState.PENDING, DeliveryState.DEFERRED, DeliveryState.SENDING)))
        .values(
            state=DeliveryState.UNCERTAIN,
            last_error=note,
            next_try_at=None,
            lease_until=None,
            lease_holder=None,
            lease_token=None,
        )
    )
    return held.rowcount


def send_instead(connection: Connection, key: str, wrong: Delivery, address: str, note: str) -> None:
    """Add a delivery to the right address and settle the one to the wrong address, in the caller's transaction."""
    add_deliveries(connection, [(key, wrong.name, address)])
    settled = {} if wrong.state is DeliveryState.SENT else {"state": DeliveryState.REFUSED, "next_try_at": None}
    this = (delivery.c.message_key == key) & (delivery.c.recipient == wrong.recipient)
    connection.execute(update(delivery).where(this).values(note=note, is_told=True, **settled))


def is_any_untold(connection: Connection, but_of: frozenset[str]) -> bool:
    """Whether :func:`untold_refusals` would give any."""
    return connection.execute(_untold(but_of).limit(1)).first() is not None


def untold_refusals(connection: Connection, but_of: frozenset[str]) -> Sequence[Mapping[str, Any]]:
    """The deliveries that were refused and not told of yet, but for messages of some kinds.

    Each has the message's ``key`` and ``subject``, the ``recipient``, the ``last_error`` and the ``attempts``.
    """
    return [dict(row) for row in connection.execute(_untold(but_of)).mappings()]


def _untold(but_of: frozenset[str]) -> Any:
    return (
        select(message.c.key, message.c.subject, delivery.c.recipient, delivery.c.last_error, delivery.c.attempts)
        .join(delivery)
        .where(delivery.c.state == DeliveryState.REFUSED, delivery.c.is_told.is_(False))
        .where(delivery.c.replaced_by.is_(None), delivery.c.note.is_(None), message.c.kind.not_in(but_of))
        .order_by(message.c.created_at, message.c.key, delivery.c.recipient)
    )


def note_told(connection: Connection, refused: Sequence[Mapping[str, Any]]) -> None:
    """Note that the operators were told of these refusals, in the transaction that tells them."""
    for some in batched(refused, _AT_ONCE):
        told = (and_(delivery.c.message_key == row["key"], delivery.c.recipient == row["recipient"]) for row in some)
        connection.execute(update(delivery).where(or_(*told)).values(is_told=True))
