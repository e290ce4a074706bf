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

from baocao.domain.delivery import DeliveryState, DeliverySummary
from baocao.mail.files import read_checked
from baocao.mail.sending.routes import transport_of
from baocao.mail.sending.transport import Envelope, NoWayOutError, Reply, ReplyKind, Transport
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Engine
from baocao.store.outbox import claims
from baocao.system.clock import Clock
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import Workspace

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440))
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
        with writing(self.engine) as connection:
            return claims.give_up_on_the_dead(connection, _KILLED)

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
        with writing(self.engine) as connection:
            claims.count_try(connection, self.now, reason)

    def waiting(self) -> list[str]:
        with reading(self.engine) as connection:
            return claims.waiting_states(connection)

    def due_keys(self) -> list[str]:
        with reading(self.engine) as connection:
            return claims.due_keys(connection, self.now)

    def _send_one(self, key: str) -> tuple[list[str], str | None]:
        token = uuid4().hex
        with writing(self.engine) as connection:
            row, deferrals = claims.claim(connection, key, token, self.now)
        if not deferrals:
            return [], None
        recipients = tuple(deferrals)
        content = read_checked(self.folder / row["eml_file"], row["eml_sha256"])
        if content is None:
            replies: Mapping[str, Reply] = dict.fromkeys(recipients, Reply(ReplyKind.DEFERRED, _FILE_LOST))
        else:
            try:
                replies = self.transport.send(Envelope(row["eml_file"], row["sender"], recipients, content))
            except OutsideServiceError:
                with writing(self.engine) as connection:
                    claims.release(connection, key, token)
                raise
        return self._record(row, token, deferrals, replies)

    def _record(
        self, row: Mapping[str, Any], token: str, deferrals: Mapping[str, int], replies: Mapping[str, Reply]
    ) -> tuple[list[str], str | None]:
        fallback: str | None = row["fallback_key"]
        states: list[str] = []
        is_replaced = False
        with writing(self.engine) as connection:
            for recipient, reply in replies.items():
                values = self._values(reply, deferrals[recipient])
                if reply.outcome is ReplyKind.TOO_LARGE and fallback:
                    values["replaced_by"] = fallback
                    is_replaced = True
                    claims.fall_back(connection, row["key"], recipient, fallback)
                else:
                    states.append(values["state"])
                claims.settle(connection, row["key"], recipient, token, values)
        return states, fallback if is_replaced else None

    def _values(self, reply: Reply, deferrals: int) -> dict[str, Any]:
        state = _STATES[reply.outcome]
        is_deferred = state is DeliveryState.DEFERRED
        return {
            "state": state,
            "last_error": reply.detail or None,
            "sent_at": self.now if state is DeliveryState.SENT else None,
            "is_filed": reply.outcome is ReplyKind.FILED,
            "deferrals": deferrals + is_deferred,
            "next_try_at": self.now + DELAYS[min(deferrals, len(DELAYS) - 1)] if is_deferred else None,
        }


_STATES = {
    ReplyKind.SENT: DeliveryState.SENT,
    ReplyKind.FILED: DeliveryState.SENT,
    ReplyKind.REFUSED: DeliveryState.REFUSED,
    ReplyKind.DEFERRED: DeliveryState.DEFERRED,
    ReplyKind.UNCERTAIN: DeliveryState.UNCERTAIN,
    ReplyKind.TOO_LARGE: DeliveryState.REFUSED,
}
