"""Thư bị từ chối: a mail that its recipient's server does not take is told to the operators at once, and once."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from baocao.intake.mailbox.replying import ALERTS
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.mail.trouble import Trouble
from baocao.oversight.alerts import alert_message
from baocao.store.engine.database import reading, writing
from baocao.store.outbox import deliveries
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

Refusal = Mapping[str, Any]
"""A delivery as :func:`baocao.store.outbox.deliveries.untold_refusals` tells of it."""

_SHOWN = 100
_KEY = 12


def tell_refusals(workspace: Workspace, clock: Clock) -> bool:
    """Queue one alert about all deliveries that were refused and not told of yet; returns whether it did.

    The alert and the note that it was told are one transaction, so that neither a kill nor a second run tells twice
    or never. A refused alert is not told by another alert.
    """
    with reading(workspace.engine) as connection:
        if not deliveries.is_any_untold(connection, ALERTS):
            return False
    with writing(workspace.engine) as connection:
        refused = deliveries.untold_refusals(connection, ALERTS)
        alert = _alert(workspace, refused, clock) if refused else None
        if alert is None:
            return False
        enqueue(connection, [alert], workspace.outbox_folder, clock.now)
        deliveries.note_told(connection, refused)
    return True


def _alert(workspace: Workspace, refused: Sequence[Refusal], clock: Clock) -> Outgoing | None:
    troubles = [Trouble(_what(row), remedy(row["key"])) for row in refused[:_SHOWN]]
    heading = f"Có {len(refused)} thư bị máy chủ nơi nhận từ chối"
    letter = render_letter("alert", heading, workspace.plan, heading=heading, troubles=troubles)
    return alert_message(workspace, f"alert/thu-bi-tu-choi/{clock.now:%Y-%m-%d}/{_digest(refused)}", "alert", letter)


def remedy(key: str) -> str:
    """What to do about a mail that was refused."""
    again = f"baocao outbox retry {key}"
    return f"Địa chỉ sai: {again} --to ĐỊA-CHỈ-ĐÚNG --name “Họ tên” --reason “…”. Nơi nhận đã sửa xong: {again}"


def _what(row: Refusal) -> str:
    return f"Thư “{row['subject']}” tới {row['recipient']} bị từ chối: {row['last_error'] or 'không rõ lý do'}"


def _digest(refused: Sequence[Refusal]) -> str:
    said = "\n".join(f"{row['key']} {row['recipient']} {row['attempts']}" for row in refused)
    return hashlib.sha256(said.encode()).hexdigest()[:_KEY]
