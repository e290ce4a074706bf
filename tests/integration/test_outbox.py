"""Sổ thư đi on a real database and real files: written once, sent once, whatever happens in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine

from baocao.domain.period import Period
from baocao.errors import OutsideServiceError, UsageError
from baocao.mail.compose import lighter
from baocao.mail.delivery import DELAYS, deliver
from baocao.mail.outbox import enqueue, hold_unsent, list_messages, resolve, retry, show, summarize
from baocao.mail.record import DeliveryState, DeliverySummary
from baocao.mail.transport import FileTransport
from baocao.store.database import reading, writing
from mail_factory import NOW, make_engine, outgoing


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def test_a_message_is_written_once_and_sent_once(engine: Engine, folder: Path) -> None:
    for _ in range(2):
        with writing(engine) as connection:
            enqueue(connection, [outgoing("report/2022-10/v1")], folder, NOW)
    first = deliver(engine, FileTransport(folder), folder, NOW)
    second = deliver(engine, FileTransport(folder), folder, NOW + timedelta(days=1))
    assert first == DeliverySummary(sent=2)
    assert second == DeliverySummary()
    assert [path.name for path in folder.iterdir()] == ["report~2022-10~v1.eml"]
    with reading(engine) as connection:
        message = show(connection, "report/2022-10/v1")
    assert [one.sent_at for one in message.deliveries] == [NOW, NOW]
