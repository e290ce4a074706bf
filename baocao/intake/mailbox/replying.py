"""The mails that a message without files calls for: to its sender, to the coordinator, to the operators."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from baocao.domain.planned.plan import RecipientRole
from baocao.domain.planned.unit import Unit
from baocao.domain.wording import moment_text
from baocao.intake.arrival import Arrival
from baocao.intake.filing.sent_form import names_documents, with_form
from baocao.intake.mailbox.deciding import Decision
from baocao.mail.letters.addressing import Addressee, letter_to
from baocao.mail.letters.answers import Letter, render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.letters.promise import promise
from baocao.mail.letters.threads import in_thread
from baocao.mail.trouble import Trouble
from baocao.message.opening import Opened
from baocao.store.engine.names import Connection
from baocao.store.outbox.bounced import Bounced
from baocao.system.clock import Clock
from baocao.workbook.formats.guard import DOCUMENT_REMEDY
from baocao.workspace.workspace import Workspace

ALERTS = frozenset({"alert", "digest", "held-mail"})
"""Kinds of mails of which a failure is not told by another mail, so that no two alerts chase each other."""

_REF = 16


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A message that came in, and when."""

    workspace: Workspace
    opened: Opened
    arrival: Arrival

    @property
    def received(self) -> str:
        """When it came, for people."""
        return moment_text(self.workspace.local(self.arrival.received_at))

    @property
    def clock(self) -> Clock:
        """What is decided by a reply is decided when it is taken in."""
        return Clock(self.arrival.now, is_simulated=False)

    def message(self, kind: str, recipients: Sequence[Addressee], letter: Letter) -> Outgoing:
        """A letter about it; one of each kind."""
        key = f"{kind}/{self.arrival.period}/{self.opened.ref[:_REF]}"
        return letter_to(self.workspace, recipients, key, letter, period=self.arrival.period)

    def told(self, heading: str, said: str, followed: str) -> Letter:
        """What was kept or done of a reply, and what follows."""
        plan = self.workspace.plan
        return render_letter("approval_reply", heading, plan, heading=heading, said=said, followed=followed)

    def answer(self, kind: str, name: str, heading: str, said: str, followed: str) -> Outgoing:
        """That to its sender, in its own thread."""
        opened = self.opened
        subject = opened.subject or heading
        return replace(
            self.message(kind, [(name, opened.sender)], self.told(heading, said, followed)),
            subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
            in_reply_to=opened.message_id,
            references=opened.thread,
        )


class Reply(Protocol):
    """A reply to a letter of ours by which its reader decides something: on a report, or on proposals."""

    @property
    def decision(self) -> Decision:
        """What becomes of the message itself."""
        ...

    def heed(self, connection: Connection, occasion: ReceivedMail) -> list[Outgoing]:
        """Do what an authentic reply says, in the caller's transaction, and answer it with what followed."""
        ...


def empty_answer(occasion: ReceivedMail, unit: Unit, why: str) -> Outgoing:
    """To a unit whose message brought no report: what is missing, and what to attach; in its own thread."""
    workspace, period = occasion.workspace, occasion.arrival.period
    schedule = workspace.schedule(period)
    has_documents = names_documents(occasion.opened.found.others)
    letter = render_letter(
        "empty",
        f"Thư không có báo cáo kèm theo: {unit.name}",
        workspace.plan,
        unit=unit,
        why=f"{why} {DOCUMENT_REMEDY}" if has_documents else why,
        period=period,
        received=occasion.received,
        form=workspace.plan.forms[schedule.form],
        deadline=moment_text(workspace.local(schedule.submit_before)),
        promise=promise(schedule, occasion.arrival.now, is_watched=workspace.settings.is_watched),
    )
    message = occasion.message("empty", [unit], letter)
    if has_documents:
        message = with_form(message, workspace, unit.code, period)
    return in_thread(message, unit, occasion.opened.origin)


def held_note(occasion: ReceivedMail, why: str, folder: str) -> list[Outgoing]:
    """To the coordinator: a message without files that a person should read."""
    what = f"Thư “{occasion.opened.subject or 'không tiêu đề'}” nhận lúc {occasion.received}: {why}"
    remedy = f"Xem thư trong hộp thư nhận báo cáo, thư mục {folder}; nếu của đơn vị, xin trả lời đơn vị."
    return _alert(occasion, "held-mail", "Có thư cần người xem", [Trouble(what, remedy)], RecipientRole.COORDINATOR)


def bounce_alert(occasion: ReceivedMail, failed: Sequence[Bounced]) -> list[Outgoing]:
    """To the operators: mails that other servers sent back; none about an alert that came back itself."""
    troubles = [
        Trouble(
            f"Thư “{one.subject}” gửi tới {one.recipient} bị trả lại: {one.reason}",
            f"Kiểm tra địa chỉ trong kế hoạch hoặc hỏi đơn vị, rồi gửi lại: baocao outbox retry {one.key}",
        )
        for one in failed
        if one.kind not in ALERTS
    ]
    heading = f"Có {len(troubles)} thư đã gửi bị trả lại"
    return _alert(occasion, "alert", heading, troubles, RecipientRole.OPERATOR) if troubles else []


def _alert(
    occasion: ReceivedMail, kind: str, heading: str, troubles: Sequence[Trouble], role: RecipientRole
) -> list[Outgoing]:
    plan = occasion.workspace.plan
    recipients = plan.recipients_of(role)
    letter = render_letter("alert", heading, plan, heading=heading, troubles=troubles)
    return [occasion.message(kind, recipients, letter)] if recipients else []
