"""Cảnh báo cho cán bộ vận hành: a failed run at once, the rest once a day and only when there is something."""

from collections.abc import Sequence
from dataclasses import dataclass

from baocao.agenda import due
from baocao.clock import Clock
from baocao.domain.holding import likely_unit, release_command
from baocao.domain.plan import RecipientRole
from baocao.mail.compose import Outgoing
from baocao.mail.letters import Letter, render_letter
from baocao.mail.outbox import enqueue, list_messages
from baocao.mail.record import DeliveryState
from baocao.store.database import reading, writing
from baocao.store.receipts import in_quarantine
from baocao.workspace import Workspace

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that an operator should look at, and what to do about it."""

    what: str
    remedy: str


def queue_alert(workspace: Workspace, flow: str, run: str, period: str, problem: str, clock: Clock) -> bool:
    """Queue a mail about a failed or crashed run; one per flow, period and day, so that no storm arises."""
    subject = f"Luồng {flow} {'kỳ ' + period + ' ' if period else ''}bị lỗi"
    command = f"prefect flow-run retry {run}"
    troubles = [Trouble(problem, f"Xem trang theo dõi, sửa nguyên nhân rồi chạy lại: {command}, hoặc baocao catch-up.")]
    letter = render_letter("alert", subject, workspace.plan, heading="Có luồng chạy bị lỗi", troubles=troubles)
    key = f"alert/{flow}/{period or 'chung'}/{clock.now:%Y-%m-%d}"
    return _queue(workspace, key, "alert", letter, clock)


def queue_digest(workspace: Workspace, clock: Clock) -> bool:
    """Queue the day's digest where anything waits for a person; returns whether it did. One a day."""
    troubles = [*_unsent(workspace), *_held(workspace), *_late(workspace, clock)]
    if not troubles:
        return False
    subject = f"Vận hành ngày {clock.now:%d/%m/%Y}: {len(troubles)} việc cần xem"
    letter = render_letter("alert", subject, workspace.plan, heading=subject, troubles=troubles[:_SHOWN])
    return _queue(workspace, f"digest/{clock.now:%Y-%m-%d}", "digest", letter, clock)


def _unsent(workspace: Workspace) -> list[Trouble]:
    with reading(workspace.engine) as connection:
        messages = list_messages(connection, states=(DeliveryState.REFUSED, DeliveryState.UNCERTAIN))
    return [
        Trouble(
            f"Thư “{message.subject}” tới {delivery.recipient}: {delivery.state.label.lower()} ({delivery.last_error})",
            f"baocao outbox show {message.key}; gửi lại: baocao outbox retry {message.key}",
        )
        for message in messages
        for delivery in message.deliveries
        if delivery.state in (DeliveryState.REFUSED, DeliveryState.UNCERTAIN) and delivery.replaced_by is None
    ]


def _held(workspace: Workspace) -> list[Trouble]:
    with reading(workspace.engine) as connection:
        held = in_quarantine(connection)
    return [
        Trouble(
            f"Tệp tạm giữ: {one.name} ({likely_unit(one) or 'chưa rõ đơn vị'}): {one.note}",
            f"Xem thư mục {workspace.home / 'quarantine'}; nếu đúng như tệp ghi: {release_command(one)}",
        )
        for one in held
    ]


def _late(workspace: Workspace, clock: Clock) -> list[Trouble]:
    return [
        Trouble(
            f"Chưa làm: {event.job.label.lower()} kỳ {event.period.short}, đến hạn {event.at:%H:%M ngày %d/%m/%Y}",
            "baocao catch-up",
        )
        for event in due(workspace, clock)
    ]


def _queue(workspace: Workspace, key: str, kind: str, letter: Letter, clock: Clock) -> bool:
    operators: Sequence[tuple[str, str]] = [
        (person.name, person.email) for person in workspace.plan.recipients_of(RecipientRole.OPERATOR)
    ]
    if not operators:
        return False
    message = Outgoing(
        plan=workspace.plan.code,
        key=key,
        kind=kind,
        sender=workspace.sender,
        recipients=tuple(operators),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
    with writing(workspace.engine) as connection:
        return bool(enqueue(connection, [message], workspace.outbox_folder, clock.now))
