"""Deliveries claimed for one attempt each: by an atomic change of state, so that none is sent by two at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, select, update

from baocao.domain.delivery import DeliveryState
from baocao.store.engine.dialect import lock_for_one
from baocao.store.outbox.messages import add_deliveries
from baocao.store.schema.mail import delivery, message
from baocao.store.schema.metadata import UtcDateTime
from baocao.system import lease

_WAITING = (DeliveryState.PENDING, DeliveryState.DEFERRED)
_NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_holder": None, "lease_until": None}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is being sent: its row, the token of this attempt, and how often each recipient was put off."""

    row: Mapping[str, Any]
    token: str
    deferrals: Mapping[str, int]

    @property
    def key(self) -> str:
        """The message's key."""
        key: str = self.row["key"]
        return key


class AttemptResult(NamedTuple):
    """What is written down of one attempt for one recipient. ``replaced_by``: the smaller variant sent instead."""

    state: DeliveryState
    deferrals: int
    last_error: str | None = None
    sent_at: datetime | None = None
    is_filed: bool = False
    next_try_at: datetime | None = None
    replaced_by: str | None = None


def due_keys(connection: Connection, now: datetime) -> list[str]:
    """The messages of which a delivery is due by ``now`` (aware), in the order in which they were written."""
    return list(
        connection.scalars(
            select(message.c.key)
            .where(message.c.key.in_(select(delivery.c.message_key).where(_is_due(now))))
            .order_by(message.c.created_at, message.c.key)
        )
    )


def waiting_states(connection: Connection) -> list[str]:
    """The state of every delivery that waits or is being sent."""
    query = select(delivery.c.state).where(delivery.c.state.in_((*_WAITING, DeliveryState.SENDING)))
    return list(connection.scalars(query))


def give_up_on_the_dead(connection: Connection, why: str) -> list[str]:
    """Deliveries whose sender died are UNCERTAIN; returns the new state of each.

    Their token stays, so that a late answer is still believed.
    """
    columns = (delivery.c.lease_token, delivery.c.lease_holder, delivery.c.lease_until)
    held = connection.execute(select(*columns).where(delivery.c.state == DeliveryState.SENDING).distinct())
    dead = [token for token, holder, until in held if lease.is_over(holder, until)]
    return [state for token in dead for state in _give_up(connection, token, why)]


def _give_up(connection: Connection, token: str, why: str) -> list[str]:
    query = update(delivery).where(delivery.c.lease_token == token, delivery.c.state == DeliveryState.SENDING)
    uncertain = {"state": DeliveryState.UNCERTAIN, "last_error": why, "lease_holder": None, "lease_until": None}
    return list(connection.scalars(query.values(**uncertain).returning(delivery.c.state)))


def count_try(connection: Connection, now: datetime, why: str) -> None:
    """Everything that was to go out now was tried in vain; it stays due."""
    tried = update(delivery).where(_is_due(now))
    connection.execute(tried.values(attempts=delivery.c.attempts + 1, last_error=why))


def claim(connection: Connection, key: str, token: str, now: datetime) -> Claimed:
    """A message and those of its recipients that are claimed now: nobody else sends to them."""
    row = connection.execute(_MESSAGE, {"of": key}).mappings().one()
    lent = {"of": key, "by": now, "token": token, "holder": lease.this_process(), "until": lease.expiry()}
    found = sorted((recipient, deferrals) for recipient, deferrals in connection.execute(_CLAIM, lent))
    return Claimed(dict(row), token, dict(found))


def file_all(connection: Connection, keys: Sequence[str], now: datetime) -> list[str]:
    """What is due of these messages counts as sent, since their files are laid down; the new state of each delivery.

    Idempotent, and no claim before it: a file that is laid down twice is the same file.
    """
    lock_for_one(connection, delivery)
    filed = {"state": DeliveryState.SENT, "is_filed": True, "sent_at": now, "last_error": None, "next_try_at": None}
    query = update(delivery).where(delivery.c.message_key.in_(keys), _is_due(now))
    counted = query.values(attempts=delivery.c.attempts + 1, **filed).returning(delivery.c.state)
    return list(connection.scalars(counted))


def files_of(connection: Connection, keys: Sequence[str]) -> list[Mapping[str, Any]]:
    """The rows of messages, in any order."""
    query = select(*_SENT_BY).where(message.c.key.in_(keys))
    return [dict(row) for row in connection.execute(query).mappings()]


def release(connection: Connection, claimed: Claimed) -> None:
    """Nothing was sent after all: what was claimed waits as before."""
    connection.execute(
        update(delivery)
        .where(delivery.c.message_key == claimed.key, delivery.c.lease_token == claimed.token)
        .values(state=DeliveryState.PENDING, attempts=delivery.c.attempts - 1, **_NO_LEASE)
    )


def settle(connection: Connection, claimed: Claimed, outcomes: Mapping[str, AttemptResult]) -> None:
    """What became of an attempt, by recipient, where it is still ours."""
    ours = {"of": claimed.key, "token": claimed.token}
    rows = [{**ours, "to": recipient, **one._asdict()} for recipient, one in outcomes.items()]
    connection.execute(_SETTLE, [{f"b_{name}": value for name, value in row.items()} for row in rows])


def fall_back(connection: Connection, key: str, recipient: str, smaller: str) -> None:
    """The recipient of a message that is too large gets the smaller variant instead. Idempotent."""
    mine = (delivery.c.message_key == key, delivery.c.recipient == recipient)
    name = connection.scalar(select(delivery.c.name).where(*mine))
    add_deliveries(connection, [(smaller, name or "", recipient)])


def _is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    is_time = delivery.c.next_try_at.is_(None) | (delivery.c.next_try_at <= now)
    return delivery.c.state.in_(_WAITING) & is_time


_SENT_BY = (message.c.key, message.c.sender, message.c.eml_file, message.c.eml_sha256, message.c.fallback_key)
_MESSAGE = select(*_SENT_BY).where(message.c.key == bindparam("of"))
_CLAIM = (
    update(delivery)
    .where(delivery.c.message_key == bindparam("of"), _is_due(bindparam("by", type_=UtcDateTime)))
    .values(
        state=DeliveryState.SENDING,
        attempts=delivery.c.attempts + 1,
        lease_token=bindparam("token"),
        lease_holder=bindparam("holder"),
        lease_until=bindparam("until"),
    )
    .returning(delivery.c.recipient, delivery.c.deferrals)
)
_SETTLE = (
    update(delivery)
    .where(delivery.c.message_key == bindparam("b_of"), delivery.c.recipient == bindparam("b_to"))
    .where(delivery.c.lease_token == bindparam("b_token"))
    .values(**_NO_LEASE, **{name: bindparam(f"b_{name}") for name in AttemptResult._fields})
)
