"""Cảnh báo cho cán bộ vận hành: a failed run at once, the rest once a day and only when there is something."""

from collections.abc import Sequence

from baocao.decisions.quarantine import held_files
from baocao.domain.delivery import DeliveryState
from baocao.domain.planned.job import Job
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.received.holding import likely_unit, release_command
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter, render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.mail.trouble import Trouble
from baocao.oversight.agenda import Event, due
from baocao.oversight.troubles import cause_digest
from baocao.render.workshop import faults_in
from baocao.reporting.prepared import Prepared, latest_report
from baocao.store.engine.database import reading, writing
from baocao.store.outbox.messages import list_messages
from baocao.store.reports import ReportState
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace

_SHOWN = 100


def queue_alert(workspace: Workspace, subject: str, kind: str, troubles: Sequence[Trouble], clock: Clock) -> bool:
    """Queue a mail about runs that failed or whose process is gone; one a day for each distinct trouble.

    ``kind`` is what tells it from others, whatever numbers its words hold, so that no storm arises.
    """
    heading = "Có lần chạy bị lỗi hoặc dừng giữa chừng"
    letter = render_letter("alert", subject, workspace.plan, heading=heading, troubles=troubles[:_SHOWN])
    key = f"alert/{cause_digest(kind)}/{clock.now:%Y-%m-%d}"
    return _queue(workspace, key, "alert", letter, clock)


def queue_render_faults(workspace: Workspace, prepared: Prepared, clock: Clock) -> bool:
    """Queue a mail about files of a report that could not be made; one per version, none where all are there."""
    record, faults = prepared.record, faults_in(prepared.folder)
    if record is None or not faults:
        return False
    period = prepared.report.period
    subject = f"Báo cáo kỳ {period.short} thiếu {len(faults)} tệp không dựng được"
    remedy = f"Báo cáo vẫn gửi đi với các tệp còn lại; gửi dòng trên cho người bảo trì. Thư mục: {prepared.folder}"
    troubles = [Trouble(fault, remedy) for fault in faults]
    letter = render_letter("alert", subject, workspace.plan, heading=subject, troubles=troubles)
    return _queue(workspace, f"render/{period}/v{record.version}", "alert", letter, clock)


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
    held = [one.receipt for one in held_files(workspace)]
    return [
        Trouble(
            f"Tệp tạm giữ: {one.name} ({likely_unit(one) or 'chưa rõ đơn vị'}): {one.note}",
            f"Xem thư mục {workspace.home / 'quarantine'}; nếu đúng như tệp ghi: {release_command(one)}",
        )
        for one in held
    ]


def _late(workspace: Workspace, clock: Clock) -> list[Trouble]:
    return [
        _undecided(workspace, event)
        or Trouble(
            f"Chưa làm: {event.job.label.lower()} kỳ {event.period.short}, đến hạn {event.at:%H:%M ngày %d/%m/%Y}",
            "baocao catch-up",
        )
        for event in due(workspace, clock)
    ]


def _undecided(workspace: Workspace, event: Event) -> Trouble | None:
    """A report that waits for its approver, or was refused: what helps; None where a catch-up does."""
    record = latest_report(workspace, event.period) if event.job is Job.REPORT else None
    if record is None:
        return None
    command, what = f"baocao report --period {event.period}", f"Báo cáo kỳ {event.period.short} (lần {record.version})"
    if record.state is ReportState.AWAITING:
        names = ", ".join(one.name for one in workspace.plan.recipients_of(RecipientRole.APPROVER))
        return Trouble(
            f"{what} đang chờ {names} duyệt",
            "Xin người duyệt trả lời thư trình; ghi thay ý kiến đã có: "
            f"{command} --approve “Họ tên”, hoặc --refuse “Họ tên” --reason “Lý do”",
        )
    if record.state is ReportState.SIGNING:
        return Trouble(
            f"{what} đang chờ bản ký số",
            f"Ký số lên tệp đã trình, rồi {command.replace('report', 'report release', 1)} --number SỐ --date NGÀY",
        )
    if record.state is ReportState.REFUSED:
        return Trouble(
            f"{what} không được {record.decided_by} duyệt: {record.decision_reason}",
            "Sửa theo lý do (đơn vị nộp lại, hoặc baocao submission override), "
            f"rồi baocao collect --period {event.period} và {command}",
        )
    return None


def _queue(workspace: Workspace, key: str, kind: str, letter: Letter, clock: Clock) -> bool:
    message = alert_message(workspace, key, kind, letter)
    if message is None:
        return False
    with writing(workspace.engine) as connection:
        return bool(enqueue(connection, [message], workspace.outbox_folder, clock.now))


def alert_message(workspace: Workspace, key: str, kind: str, letter: Letter) -> Outgoing | None:
    """A letter to the operators; None where the plan names none."""
    operators = workspace.plan.recipients_of(RecipientRole.OPERATOR)
    return letter_to(workspace, operators, key, letter, kind=kind) if operators else None
