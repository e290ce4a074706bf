"""Thư bị từ chối: a mail that its recipient's server does not take is told to the operators at once, and once."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, and_, or_, select, update

from baocao.intake.mailbox.replying import ALERTS
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.mail.record import DeliveryState
from baocao.mail.trouble import Trouble
from baocao.oversight.alerts import alert_message
from baocao.store.engine.database import reading, writing
from baocao.store.schema.mail import delivery, message
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

_SHOWN = 100
_KEY = 12


def tell_refusals(workspace: Workspace, clock: Clock) -> bool:
    """Queue one alert about all deliveries that were refused and not told of yet; returns whether it did.

    The alert and the note that it was told are one transaction, so that neither a kill nor a second run tells twice
    or never. A refused alert is not told by another alert.
    """
    with reading(workspace.engine) as connection:
        if connection.execute(_UNTOLD.limit(1)).first() is None:
            return False
    with writing(workspace.engine) as connection:
        refused = connection.execute(_UNTOLD).mappings().all()
        alert = _alert(workspace, refused, clock) if refused else None
        if alert is None:
            return False
        enqueue(connection, [alert], workspace.outbox_folder, clock.now)
        _note(connection, refused)
    return True


def _alert(workspace: Workspace, refused: Sequence[RowMapping], clock: Clock) -> Outgoing | None:
    troubles = [Trouble(_what(row), remedy(row["key"])) for row in refused[:_SHOWN]]
    heading = f"Có {len(refused)} thư bị máy chủ nơi nhận từ chối"
    letter = render_letter("alert", heading, workspace.plan, heading=heading, troubles=troubles)
    return alert_message(workspace, f"alert/thu-bi-tu-choi/{clock.now:%Y-%m-%d}/{_digest(refused)}", "alert", letter)


_UNTOLD = (
    select(message.c.key, message.c.subject, delivery.c.recipient, delivery.c.last_error, delivery.c.attempts)
    .join(delivery)
    .where(delivery.c.state == DeliveryState.REFUSED, delivery.c.is_told.is_(False))
    .where(delivery.c.replaced_by.is_(None), delivery.c.note.is_(None), message.c.kind.not_in(ALERTS))
    .order_by(message.c.created_at, message.c.key, delivery.c.recipient)
)


def remedy(key: str) -> str:
    """What to do about a mail that was refused."""
    again = f"baocao outbox retry {key}"
    return f"Địa chỉ sai: {again} --to ĐỊA-CHỈ-ĐÚNG --name “Họ tên” --reason “…”. Nơi nhận đã sửa xong: {again}"


def _what(row: RowMapping) -> str:
    return f"Thư “{row['subject']}” tới {row['recipient']} bị từ chối: {row['last_error'] or 'không rõ lý do'}"


def _digest(refused: Sequence[RowMapping]) -> str:
    said = "\n".join(f"{row['key']} {row['recipient']} {row['attempts']}" for row in refused)
    return hashlib.sha256(said.encode()).hexdigest()[:_KEY]


def _note(connection: Connection, refused: Sequence[RowMapping]) -> None:
    for start in range(0, len(refused), _SHOWN):
        some = refused[start : start + _SHOWN]
        told = (and_(delivery.c.message_key == row["key"], delivery.c.recipient == row["recipient"]) for row in some)
        connection.execute(update(delivery).where(or_(*told)).values(is_told=True))
