"""Many messages in a row: as few transactions as exactly-once allows, and never more in doubt than one."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from support.mail.letters import NOW, answers, database, outgoing, over, start_worker
from support.servers.smtp import SmtpServer

from baocao.domain.delivery import DeliveryState, DeliverySummary
from baocao.mail.outbox import enqueue
from baocao.mail.sending.delivery import deliver
from baocao.mail.sending.smtp import SmtpTransport
from baocao.mail.sending.transport import Envelope, FileTransport, NoWayOutError, Reply
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.messages import list_messages


@pytest.fixture
def engine(database_url: str) -> Engine:
    return database(database_url)


def written(engine: Engine, folder: Path, count: int) -> None:
    with writing(engine) as connection:
        enqueue(connection, answers(count), folder, NOW)


def states(engine: Engine) -> list[tuple[str, DeliveryState, int]]:
    with reading(engine) as connection:
        return [(one.key, to.state, to.attempts) for one in list_messages(connection) for to in one.deliveries]


def test_one_transaction_a_mail_to_a_server_and_one_a_hundred_into_files(
    engine: Engine, tmp_path: Path, server: SmtpServer
) -> None:
    written(engine, tmp_path, 50)
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert deliver(engine, over(server.port), tmp_path, NOW) == DeliverySummary(sent=50)
    assert len(commits) < 60
    with writing(engine) as connection:
        enqueue(connection, [outgoing(f"other/{number}") for number in range(50)], tmp_path, NOW)
    commits.clear()
    assert deliver(engine, FileTransport(tmp_path), tmp_path, NOW) == DeliverySummary(sent=100)
    assert len(commits) < 10
    assert len(server.received) == 50


class Closing(SmtpTransport):
    """A way that closes after so many messages, while the next one is claimed already."""

    def __init__(self, server: SmtpServer, after: int) -> None:
        super().__init__(over(server.port)._settings)
        self._left = after

    def send(self, envelope: Envelope) -> Mapping[str, Reply]:
        if not self._left:
            raise NoWayOutError("Hết đường", "hết đường")
        self._left -= 1
        return super().send(envelope)


def test_what_was_claimed_when_the_way_closed_waits_as_before(
    engine: Engine, tmp_path: Path, server: SmtpServer
) -> None:
    written(engine, tmp_path, 5)
    with pytest.raises(NoWayOutError):
        deliver(engine, Closing(server, 2), tmp_path, NOW)
    sent, waiting = [(DeliveryState.SENT, 1)] * 2, [(DeliveryState.PENDING, 1)] * 3
    assert [one[1:] for one in states(engine)] == sent + waiting
    assert deliver(engine, over(server.port), tmp_path, NOW) == DeliverySummary(sent=3)
    assert set(server.copies().values()) == {1}


def test_no_claim_waits_for_a_connection(engine: Engine, tmp_path: Path, server: SmtpServer) -> None:
    written(engine, tmp_path, 5)
    server.faults.drop_at, server.faults.drops = "accepted", 1
    found: list[Counter[DeliveryState]] = []

    class Looking(SmtpTransport):
        def open(self) -> None:
            if not self.is_open:
                found.append(Counter(state for _, state, _ in states(engine)))
            super().open()

    deliver(engine, Looking(over(server.port)._settings), tmp_path, NOW)
    assert found == [{DeliveryState.PENDING: 5}, {DeliveryState.UNCERTAIN: 1, DeliveryState.PENDING: 4}]
    assert set(server.copies().values()) == {1}


def test_an_altered_file_among_many_waits_alone(engine: Engine, tmp_path: Path) -> None:
    written(engine, tmp_path, 5)
    (tmp_path / "answer~2022-10~U002~v1.eml").write_bytes(b"x")
    assert deliver(engine, FileTransport(tmp_path), tmp_path, NOW) == DeliverySummary(sent=4, deferred=1)
    assert [state for _, state, _ in states(engine)].index(DeliveryState.DEFERRED) == 2


@pytest.mark.slow
def test_killed_while_it_lays_files_none_is_in_doubt(engine: Engine, tmp_path: Path, server: SmtpServer) -> None:
    written(engine, tmp_path, 220)
    files = {path.name: path.read_bytes() for path in tmp_path.glob("*.eml")}
    assert start_worker(server, engine, tmp_path, "filing").wait(60) == -9
    assert Counter(state for _, state, _ in states(engine)) == {DeliveryState.SENT: 100, DeliveryState.PENDING: 120}
    assert deliver(engine, FileTransport(tmp_path), tmp_path, NOW) == DeliverySummary(sent=120)
    assert {(state, attempts) for _, state, attempts in states(engine)} == {(DeliveryState.SENT, 1)}
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.eml")} == files
