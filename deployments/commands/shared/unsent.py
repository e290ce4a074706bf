"""What the acting commands say of mails that did not arrive."""

import sys

from baocao.domain.delivery import DeliveryState
from baocao.domain.planned.period import Period
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import Workspace

OF_REPORTS = ("report", "budget", "approve")
"""The kinds of mails that a report sends."""

_SHOWN = 20


def tell_unsent(workspace: Workspace, period: Period | None, kinds: tuple[str, ...] = ()) -> int:
    """Say on standard error which mails did not arrive and what to do; again at each call, until it is settled.

    Returns the exit code: 4 where a mail was refused or nobody knows whether it arrived; what only waits for its next
    try is told and gives 0. ``kinds`` are those looked at; all without them.
    """
    states = (DeliveryState.REFUSED, DeliveryState.UNCERTAIN, DeliveryState.DEFERRED)
    with reading(workspace.engine) as connection:
        messages = [
            one for one in list_messages(connection, period=period, states=states) if one.kind in kinds or not kinds
        ]
    stuck = [(message, one) for message in messages for one in message.deliveries if one.is_open]
    waiting = [
        (message, one) for message in messages for one in message.deliveries if one.state is DeliveryState.DEFERRED
    ]
    lines = [
        f"Thư “{message.subject}” CHƯA TỚI {one.told()}. Xem cách xử lý: baocao outbox show {message.key}"
        for message, one in stuck
    ]
    for message, one in waiting:
        again = f"{workspace.local(one.next_try_at):%H:%M ngày %d/%m/%Y}" if one.next_try_at else "lần chạy tới"
        lines.append(f"Thư “{message.subject}” chưa tới {one.told()}. Hệ thống tự gửi lại từ {again}.")
    for line in lines[:_SHOWN]:
        print(line, file=sys.stderr)
    if len(lines) > _SHOWN:
        print(f"Còn {len(lines) - _SHOWN} thư khác; xem: baocao outbox list", file=sys.stderr)
    return OutsideServiceError.exit_code if stuck else 0
