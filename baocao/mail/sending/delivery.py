"""Sending what the outbox holds: each delivery is claimed, tried once, and its state written down.

A crash can leave a delivery only in a state from which nothing goes out twice: before the claim it is as it was; after
the claim it is SENDING until the lease runs out, and then UNCERTAIN, which only a person resolves (faults 11 and 12).

- To a server one message at a time is claimed, so that a crash leaves one in doubt and no more. What became of it and
  the claim of the next are one transaction, but only where the connection stands: no claim waits for a server.
- Into files many at a time, without a claim: a file is laid down before its row says so, and laid down again it is the
  same file. A crash leaves none in doubt.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from baocao.domain.delivery import DeliveryState, DeliverySummary
from baocao.mail.files import read_checked
from baocao.mail.sending.routes import transport_of
from baocao.mail.sending.transport import Envelope, FileTransport, NoWayOutError, Reply, ReplyKind, Transport
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Engine
from baocao.store.outbox import claims
from baocao.store.outbox.claims import AttemptResult, Claimed
from baocao.system.clock import Clock
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import Workspace

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440))
_LAID_AT_ONCE = 100
_IN_A_ROW = 20
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
    due = iter(watched(run.due_keys()))
    go, size = (run.lay, _LAID_AT_ONCE) if isinstance(transport, FileTransport) else (run.send, _IN_A_ROW)
    try:
        while keys := list(islice(due, size)):
            states += go(keys)
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

    def send(self, keys: Sequence[str]) -> list[str]:
        """Some messages in a row, each or its smaller variant where the server calls it too large.

        Nothing is claimed when it returns.
        """
        states: list[str] = []
        waiting = deque(keys)
        claimed: Claimed | None = None
        while claimed or waiting:
            claimed = claimed or self._claim(waiting.popleft())
            if claimed.deferrals:
                done, claimed = self._send_one(claimed, waiting)
                states += done
            else:
                claimed = None
        return states

    def lay(self, keys: Sequence[str]) -> list[str]:
        """Messages into files, written down all at once; what has lost its own file, as it is done with a server."""
        with reading(self.engine) as connection:
            rows = claims.files_of(connection, keys)
        is_whole = {row["key"]: self._lay_one(row) for row in rows}
        with writing(self.engine) as connection:
            states = claims.file_all(connection, [key for key in keys if is_whole[key]], self.now)
        return states + self.send([key for key in keys if not is_whole[key]])

    def _lay_one(self, row: Mapping[str, Any]) -> bool:
        content = read_checked(self.folder / row["eml_file"], row["eml_sha256"])
        if content is not None:
            self.transport.send(Envelope(row["eml_file"], row["sender"], (), content))
        return content is not None

    def note_failure(self, reason: str) -> None:
        with writing(self.engine) as connection:
            claims.count_try(connection, self.now, reason)

    def waiting(self) -> list[str]:
        with reading(self.engine) as connection:
            return claims.waiting_states(connection)

    def due_keys(self) -> list[str]:
        with reading(self.engine) as connection:
            return claims.due_keys(connection, self.now)

    def _claim(self, key: str) -> Claimed:
        self.transport.open()
        with writing(self.engine) as connection:
            return claims.claim(connection, key, uuid4().hex, self.now)

    def _send_one(self, claimed: Claimed, waiting: deque[str]) -> tuple[list[str], Claimed | None]:
        """The new states, and the claim of what comes next where the connection stands."""
        outcomes = {
            recipient: self._outcome(reply, claimed, recipient) for recipient, reply in self._replies(claimed).items()
        }
        replaced = [recipient for recipient, one in outcomes.items() if one.replaced_by]
        following: Claimed | None = None
        with writing(self.engine) as connection:
            for recipient in replaced:
                claims.fall_back(connection, claimed.key, recipient, claimed.row["fallback_key"])
            claims.settle(connection, claimed, outcomes)
            if replaced:
                waiting.appendleft(claimed.row["fallback_key"])
            if waiting and self.transport.is_open:
                following = claims.claim(connection, waiting[0], uuid4().hex, self.now)
        if following:
            waiting.popleft()
        return [one.state for one in outcomes.values() if not one.replaced_by], following

    def _replies(self, claimed: Claimed) -> Mapping[str, Reply]:
        row, recipients = claimed.row, tuple(claimed.deferrals)
        content = read_checked(self.folder / row["eml_file"], row["eml_sha256"])
        if content is None:
            return dict.fromkeys(recipients, Reply(ReplyKind.DEFERRED, _FILE_LOST))
        try:
            return self.transport.send(Envelope(row["eml_file"], row["sender"], recipients, content))
        except OutsideServiceError:
            with writing(self.engine) as connection:
                claims.release(connection, claimed)
            raise

    def _outcome(self, reply: Reply, claimed: Claimed, recipient: str) -> AttemptResult:
        state, deferrals = _STATES[reply.outcome], claimed.deferrals[recipient]
        is_deferred = state is DeliveryState.DEFERRED
        is_too_large = reply.outcome is ReplyKind.TOO_LARGE
        return AttemptResult(
            state=state,
            last_error=reply.detail or None,
            sent_at=self.now if state is DeliveryState.SENT else None,
            is_filed=reply.outcome is ReplyKind.FILED,
            deferrals=deferrals + is_deferred,
            next_try_at=self.now + DELAYS[min(deferrals, len(DELAYS) - 1)] if is_deferred else None,
            replaced_by=claimed.row["fallback_key"] if is_too_large else None,
        )


_STATES = {
    ReplyKind.SENT: DeliveryState.SENT,
    ReplyKind.FILED: DeliveryState.SENT,
    ReplyKind.REFUSED: DeliveryState.REFUSED,
    ReplyKind.DEFERRED: DeliveryState.DEFERRED,
    ReplyKind.UNCERTAIN: DeliveryState.UNCERTAIN,
    ReplyKind.TOO_LARGE: DeliveryState.REFUSED,
}
