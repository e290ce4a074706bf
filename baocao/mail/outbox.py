"""Sổ thư đi: messages are written down in the transaction that they report on, and sent afterwards (decision 9)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select, update

from baocao.domain.planned.period import Period
from baocao.mail.files import write_all
from baocao.mail.letters.compose import Outgoing, check_key, compose, message_id, recipients_of
from baocao.mail.record import Delivery, DeliveryState, DeliverySummary, Message
from baocao.store.engine.dialect import insert_ignoring, insert_new
from baocao.store.schema.mail import delivery, message
from baocao.system.errors import UsageError

_CHUNK = 200
_FALLBACK_FOLDER = "du-phong"
_RETRIABLE = (DeliveryState.REFUSED, DeliveryState.DEFERRED, DeliveryState.UNCERTAIN)
_RESOLUTIONS = (DeliveryState.SENT, DeliveryState.REFUSED)


def enqueue(connection: Connection, outgoing: Sequence[Outgoing], folder: Path, now: datetime) -> list[str]:
    """Write messages into the outbox in the caller's transaction; nothing is sent before it commits.

    Idempotent by key: a message whose key is there already is left alone, file and rows. The .eml files are complete
    when the call returns; those of a transaction that is rolled back are written over when it is tried again.
    ``now`` (aware) becomes the Date header. Returns the keys that were new, in order.

    Raises:
        UsageError: a message cannot be composed (see :func:`baocao.mail.letters.compose.compose`); nothing is written.
        OutsideServiceError: the disk does not take the files.
    """
    added: list[str] = []
    for start in range(0, len(outgoing), _CHUNK):
        added += _enqueue_chunk(connection, outgoing[start : start + _CHUNK], folder, now)
    return added


def _enqueue_chunk(connection: Connection, outgoing: Sequence[Outgoing], folder: Path, now: datetime) -> list[str]:
    known = set(
        connection.scalars(select(message.c.key).where(message.c.key.in_([check_key(one.key) for one in outgoing])))
    )
    fresh = {one.key: one for one in reversed(outgoing) if one.key not in known}
    fallbacks = {one.key: one for first in fresh.values() for one in _fallbacks(first)}
    composed = {key: compose(one, now) for key, one in (fresh | fallbacks).items()}
    rows = [_message_row(one, composed[key], key in fallbacks, now) for key, one in (fresh | fallbacks).items()]
    new = insert_new(connection, message, rows, message.c.key)
    insert_ignoring(
        connection,
        delivery,
        [
            _delivery_row(one.key, *mailbox)
            for one in fresh.values()
            if one.key in new
            for mailbox in recipients_of(one)
        ],
        delivery.c.message_key,
        delivery.c.recipient,
    )
    write_all(folder, {row["eml_file"]: composed[row["key"]] for row in rows if row["key"] in new})
    return [one.key for one in outgoing if fresh.get(one.key) is one and one.key in new]


def _fallbacks(first: Outgoing) -> Iterable[Outgoing]:
    smaller = first.fallback
    while smaller is not None:
        yield smaller
        smaller = smaller.fallback


def _message_row(one: Outgoing, content: bytes, is_fallback: bool, now: datetime) -> dict[str, Any]:
    name = f"{one.key.replace('/', '~')}.eml"
    return {
        "key": one.key,
        "kind": one.kind,
        "period": str(one.period) if one.period else None,
        "unit": one.unit,
        "sender": one.sender[1],
        "subject": one.subject,
        "message_id": message_id(one),
        "in_reply_to": one.in_reply_to,
        "eml_file": f"{_FALLBACK_FOLDER}/{name}" if is_fallback else name,
        "eml_sha256": hashlib.sha256(content).hexdigest(),
        "fallback_key": one.fallback.key if one.fallback else None,
        "created_at": now,
    }


def _delivery_row(key: str, name: str, recipient: str) -> dict[str, Any]:
    return {"message_key": key, "recipient": recipient, "name": name, "state": DeliveryState.PENDING, "attempts": 0}


def known_keys(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Which of these messages were written before."""
    found: set[str] = set()
    for start in range(0, len(keys), _CHUNK):
        found |= set(connection.scalars(select(message.c.key).where(message.c.key.in_(keys[start : start + _CHUNK]))))
    return found


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


def summarize(connection: Connection, period: Period | None = None, kind: str | None = None) -> DeliverySummary:
    """How the deliveries stand; those for which a smaller variant went out are not counted."""
    query = select(delivery.c.state, delivery.c.is_filed).join(message).where(delivery.c.replaced_by.is_(None))
    if period is not None:
        query = query.where(message.c.period == str(period))
    if kind is not None:
        query = query.where(message.c.kind == kind)
    rows = connection.execute(query).all()
    return DeliverySummary.count((row.state for row in rows), sum(row.is_filed for row in rows))


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


def _joined() -> Select[Any]:
    columns = [column for column in delivery.c if column.name in Delivery.__dataclass_fields__]
    return select(message, *columns).join(delivery).order_by(message.c.created_at, message.c.key, delivery.c.recipient)


def _messages(rows: Iterable[RowMapping]) -> list[Message]:
    grouped: dict[str, list[RowMapping]] = {}
    for row in rows:
        grouped.setdefault(row["key"], []).append(row)
    return [_as_message(of_one) for of_one in grouped.values()]


def _as_message(rows: Sequence[RowMapping]) -> Message:
    fields = [name for name in Message.__dataclass_fields__ if name != "deliveries"]
    return Message(**{name: rows[0][name] for name in fields}, deliveries=tuple(_as_delivery(row) for row in rows))


def _as_delivery(row: RowMapping) -> Delivery:
    values = {name: row[name] for name in Delivery.__dataclass_fields__}
    return Delivery(**{**values, "state": DeliveryState(values["state"])})
