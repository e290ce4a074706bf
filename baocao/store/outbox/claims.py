"""Deliveries claimed for one attempt each: by an atomic change of state, so that none is sent by two at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from baocao.domain.delivery import DeliveryState
from baocao.store.outbox.messages import add_deliveries
from baocao.store.schema.mail import delivery, message
from baocao.system import lease

_WAITING = (DeliveryState.PENDING, DeliveryState.DEFERRED)
_NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_holder": None, "lease_until": None}


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


def claim(connection: Connection, key: str, token: str, now: datetime) -> tuple[Mapping[str, Any], dict[str, int]]:
    """The message's row, and how often each of its recipients that is claimed now was put off before."""
    row = connection.execute(select(message).where(message.c.key == key)).mappings().one()
    claimed = connection.execute(
        update(delivery)
        .where(delivery.c.message_key == key, _is_due(now))
        .values(
            state=DeliveryState.SENDING,
            attempts=delivery.c.attempts + 1,
            lease_token=token,
            lease_holder=lease.this_process(),
            lease_until=lease.expiry(),
        )
        .returning(delivery.c.recipient, delivery.c.deferrals)
    )
    return dict(row), dict(sorted((recipient, deferrals) for recipient, deferrals in claimed))


def release(connection: Connection, key: str, token: str) -> None:
    """Nothing was sent after all: what was claimed waits as before."""
    connection.execute(
        update(delivery)
        .where(delivery.c.message_key == key, delivery.c.lease_token == token)
        .values(state=DeliveryState.PENDING, attempts=delivery.c.attempts - 1, **_NO_LEASE)
    )


def settle(connection: Connection, key: str, recipient: str, token: str, values: Mapping[str, Any]) -> None:
    """What became of an attempt, where it is still ours."""
    connection.execute(
        update(delivery)
        .where(delivery.c.message_key == key, delivery.c.recipient == recipient)
        .where(delivery.c.lease_token == token)
        .values(**_NO_LEASE, **values)
    )


def fall_back(connection: Connection, key: str, recipient: str, smaller: str) -> None:
    """The recipient of a message that is too large gets the smaller variant instead. Idempotent."""
    mine = (delivery.c.message_key == key, delivery.c.recipient == recipient)
    name = connection.scalar(select(delivery.c.name).where(*mine))
    add_deliveries(connection, [(smaller, name or "", recipient)])


def _is_due(now: datetime) -> ColumnElement[bool]:
    is_time = delivery.c.next_try_at.is_(None) | (delivery.c.next_try_at <= now)
    return delivery.c.state.in_(_WAITING) & is_time
