"""Messages and a database for the tests of the mail room."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from baocao.domain.period import Period
from baocao.mail.compose import Outgoing
from baocao.store import schema_mail
from baocao.store.database import _engine as open_engine
from baocao.store.metadata import metadata

NOW = datetime(2022, 10, 24, 1, 0, tzinfo=UTC)
UBND = ("Ủy ban nhân dân tỉnh", "vanthu@ubnd.example")
BCD = ("Ban Chỉ đạo", "bcd@tinh.example")


def make_engine(folder: Path) -> Engine:
    """An empty database with the mail tables, opened as the house opens it."""
    engine = open_engine(f"sqlite:///{folder / 'thu.db'}")
    metadata.create_all(engine, [schema_mail.message, schema_mail.delivery])
    return engine


def outgoing(key: str = "report/2022-10/v1", **changes: Any) -> Outgoing:
    """A report's message to two recipients."""
    values: dict[str, Any] = {
        "plan": "mau",
        "key": key,
        "kind": "report",
        "period": Period(2022, 10),
        "sender": ("Tổng hợp báo cáo", "tonghop@so.example"),
        "recipients": (UBND, BCD),
        "subject": "Báo cáo tháng 10 năm 2022",
        "text": "Kính gửi các đồng chí.",
    }
    return Outgoing(**{**values, **changes})
