"""Sending what the outbox holds: each delivery is claimed, tried once, and its state written down.

A crash can leave a delivery only in a state from which nothing goes out twice: before the claim it is as it was; after
the claim it is SENDING until the lease runs out, and then UNCERTAIN, which only a person resolves (faults 11 and 12).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, select, update

from baocao.mail.files import read_checked
from baocao.mail.record import DeliveryState, DeliverySummary
from baocao.mail.sending.routes import transport_of
from baocao.mail.sending.transport import Envelope, NoWayOutError, Outcome, Reply, Transport
from baocao.store.engine.database import reading, writing
from baocao.store.engine.dialect import insert_ignoring
from baocao.store.schema.mail import delivery, message
from baocao.system import lease
from baocao.system.clock import Clock
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import Workspace

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440))
_WAITING = (DeliveryState.PENDING, DeliveryState.DEFERRED)
_NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_holder": None, "lease_until": None}
_KILLED = "tiến trình gửi dừng giữa chừng; máy chủ có thể đã nhận thư"
_FILE_LOST = "tệp thư trong thư mục outbox bị mất hoặc bị sửa; hãy khôi phục tệp"


def deliver_all(
    workspace: Workspace, clock: Clock, watched: Callable[[Sequence[str]], Iterable[str]] = iter
) -> DeliverySummary:
    """Send everything that is due in a workspace's outbox, the way that its settings ask for; see :func:`deliver`.

    Raises:
        NoWayOutError: the server cannot be reached or refuses us; the rest waits.
        UsageError: the settings would send a password in clear, or lack one.
    """
    folder = workspace.outbox_folder
    return deliver(workspace.engine, transport_of(workspace.settings, folder), folder, clock.now, watched)


def deliver(
    engine: Engine,
    transport: Transport,
    folder: Path,
    now: datetime,
    watched: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> DeliverySummary:
    """Send everything that is due by ``now`` (aware), message by message over one connection.

    Safe to run again at any time and by several workers at once: a delivery is claimed by an atomic change of state,
    so it is never sent by two. ``now`` is written as the time of sending and starts the delay of what is deferred.
    ``folder`` holds the .eml files. ``watched`` goes through the keys of what is due, and may show how far it came.
    Returns how many this run settled, and how many are left waiting: ``pending`` and ``deferred``.

    Raises:
        NoWayOutError: the server cannot be reached or refuses us; what was done is written down, the rest waits, and
            each delivery that waits has one attempt more and says why.
    """
    run = _Run(engine, transport, folder, now)
    states = run.give_up_on_the_dead()
    try:
        for key in watched(run.due_keys()):
            states += run.send(key)
    except NoWayOutError as error:
        run.note_failure(error.reason)
        raise
    finally:
        transport.close()
    settled = [state for state in states if state != DeliveryState.DEFERRED]
    return DeliverySummary.count(settled + run.waiting())


@dataclass(frozen=True, slots=True)
class _Run:
    engine: Engine
    transport: Transport
    folder: Path
    now: datetime

    def give_up_on_the_dead(self) -> list[str]:
        """Deliveries whose sender died are UNCERTAIN. Their token stays, so that a late answer is still believed."""
        columns = (delivery.c.lease_token, delivery.c.lease_holder, delivery.c.lease_until)
        with writing(self.engine) as connection:
            held = connection.execute(select(*columns).where(delivery.c.state == DeliveryState.SENDING).distinct())
            dead = [token for token, holder, until in held if lease.is_over(holder, until)]
            return [state for token in dead for state in _give_up(connection, token)]

    def send(self, key: str) -> list[str]:
        """One message, or its smaller variant where the server calls it too large."""
        states: list[str] = []
        following: str | None = key
        while following:
            self.transport.open()
            done, following = self._send_one(following)
            states += done
        return states

    def note_failure(self, reason: str) -> None:
        """Everything that was to go out now was tried in vain; it stays due."""
        with writing(self.engine) as connection:
            tried = update(delivery).where(self._is_due())
            connection.execute(tried.values(attempts=delivery.c.attempts + 1, last_error=reason))

    def waiting(self) -> list[str]:
        with reading(self.engine) as connection:
            query = select(delivery.c.state).where(delivery.c.state.in_((*_WAITING, DeliveryState.SENDING)))
            return list(connection.scalars(query))

    def due_keys(self) -> list[str]:
        with reading(self.engine) as connection:
            return list(
                connection.scalars(
                    select(message.c.key)
                    .where(message.c.key.in_(select(delivery.c.message_key).where(self._is_due())))
                    .order_by(message.c.created_at, message.c.key)
                )
            )

    def _is_due(self) -> ColumnElement[bool]:
        is_time = delivery.c.next_try_at.is_(None) | (delivery.c.next_try_at <= self.now)
        return delivery.c.state.in_(_WAITING) & is_time

    def _send_one(self, key: str) -> tuple[list[str], str | None]:
        token = uuid4().hex
        row, deferrals = self._claim(key, token)
        if not deferrals:
            return [], None
        recipients = tuple(deferrals)
        content = read_checked(self.folder / row["eml_file"], row["eml_sha256"])
        if content is None:
            replies: Mapping[str, Reply] = dict.fromkeys(recipients, Reply(Outcome.DEFERRED, _FILE_LOST))
        else:
            try:
                replies = self.transport.send(Envelope(row["eml_file"], row["sender"], recipients, content))
            except OutsideServiceError:
                self._release(key, token)
                raise
        return self._record(row, token, deferrals, replies)

    def _claim(self, key: str, token: str) -> tuple[RowMapping, dict[str, int]]:
        """The message, and how often each of its recipients that is claimed now was put off before."""
        with writing(self.engine) as connection:
            row = connection.execute(select(message).where(message.c.key == key)).mappings().one()
            claimed = connection.execute(
                update(delivery)
                .where(delivery.c.message_key == key, self._is_due())
                .values(
                    state=DeliveryState.SENDING,
                    attempts=delivery.c.attempts + 1,
                    lease_token=token,
                    lease_holder=lease.this_process(),
                    lease_until=lease.expiry(),
                )
                .returning(delivery.c.recipient, delivery.c.deferrals)
            )
            return row, dict(sorted((recipient, deferrals) for recipient, deferrals in claimed))

    def _release(self, key: str, token: str) -> None:
        with writing(self.engine) as connection:
            connection.execute(
                update(delivery)
                .where(delivery.c.message_key == key, delivery.c.lease_token == token)
                .values(
                    state=DeliveryState.PENDING,
                    attempts=delivery.c.attempts - 1,
                    **_NO_LEASE,
                )
            )

    def _record(
        self, row: RowMapping, token: str, deferrals: Mapping[str, int], replies: Mapping[str, Reply]
    ) -> tuple[list[str], str | None]:
        fallback: str | None = row["fallback_key"]
        states: list[str] = []
        is_replaced = False
        with writing(self.engine) as connection:
            for recipient, reply in replies.items():
                values = self._values(reply, deferrals[recipient])
                if reply.outcome is Outcome.TOO_LARGE and fallback:
                    values["replaced_by"] = fallback
                    is_replaced = True
                    _add_fallback(connection, row["key"], recipient, fallback)
                else:
                    states.append(values["state"])
                connection.execute(
                    update(delivery)
                    .where(delivery.c.message_key == row["key"], delivery.c.recipient == recipient)
                    .where(delivery.c.lease_token == token)
                    .values(**_NO_LEASE, **values)
                )
        return states, fallback if is_replaced else None

    def _values(self, reply: Reply, deferrals: int) -> dict[str, Any]:
        state = _STATES[reply.outcome]
        is_deferred = state is DeliveryState.DEFERRED
        return {
            "state": state,
            "last_error": reply.detail or None,
            "sent_at": self.now if state is DeliveryState.SENT else None,
            "is_filed": reply.outcome is Outcome.FILED,
            "deferrals": deferrals + is_deferred,
            "next_try_at": self.now + DELAYS[min(deferrals, len(DELAYS) - 1)] if is_deferred else None,
        }


_STATES = {
    Outcome.SENT: DeliveryState.SENT,
    Outcome.FILED: DeliveryState.SENT,
    Outcome.REFUSED: DeliveryState.REFUSED,
    Outcome.DEFERRED: DeliveryState.DEFERRED,
    Outcome.UNCERTAIN: DeliveryState.UNCERTAIN,
    Outcome.TOO_LARGE: DeliveryState.REFUSED,
}


def _give_up(connection: Connection, token: str) -> list[str]:
    query = update(delivery).where(delivery.c.lease_token == token, delivery.c.state == DeliveryState.SENDING)
    return list(
        connection.scalars(
            query.values(
                state=DeliveryState.UNCERTAIN, last_error=_KILLED, lease_holder=None, lease_until=None
            ).returning(delivery.c.state)
        )
    )


def _add_fallback(connection: Connection, key: str, recipient: str, fallback: str) -> None:
    name = connection.scalar(
        select(delivery.c.name).where(delivery.c.message_key == key, delivery.c.recipient == recipient)
    )
    row = {"message_key": fallback, "recipient": recipient, "name": name, "state": DeliveryState.PENDING, "attempts": 0}
    insert_ignoring(connection, delivery, [row], delivery.c.message_key, delivery.c.recipient)
