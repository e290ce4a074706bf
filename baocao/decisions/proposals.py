"""Trả lời kiến nghị: what a leader's office answers to a proposal, who does it by when, and that it is done."""

from collections.abc import Sequence
from datetime import date

from baocao.domain.mailbox import Mailbox, parse_mailbox
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Recipient
from baocao.domain.planned.unit import Unit
from baocao.domain.reported.followed import Followed, ProposalState
from baocao.domain.signature import Demand, Signature
from baocao.mail.letters.addressing import letter_to, mailbox_of
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.published import proposals
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

ANSWER = Demand("Trả lời kiến nghị phải có người hoặc cơ quan trả lời (--by).", "Nội dung trả lời đang trống (--text).")
CLOSING = Demand("Kết thúc kiến nghị phải có họ tên (--by).", "Kết thúc kiến nghị phải nêu kết quả (--reason).")


def listed(workspace: Workspace) -> list[Followed]:
    """Every proposal that a report put forward, by its number."""
    with reading(workspace.engine) as connection:
        return proposals.known(connection)


def answer(workspace: Workspace, number: int, signed: Signature, owner: str, due: date | None) -> Followed:
    """Keep an answer, with its line in the audit book; unit and owner are written to. A later answer takes its place.

    Raises:
        UsageError: there is no such proposal, or it is done.
    """
    named = " ".join(owner.split())
    with writing(workspace.engine) as connection:
        _open(connection, number)
        proposals.answer(connection, number, signed, named, due.isoformat() if due else "")
        details = {"owner": named, "due": due.isoformat() if due else None}
        entry = audit.record(connection, signed, "answer_proposal", f"proposal/{number}", details)
        after = _open(connection, number)
        enqueue(connection, [_told(workspace, after, f"answered/{entry}")], workspace.outbox_folder, signed.at)
    return after


def close(workspace: Workspace, number: int, signed: Signature) -> Followed:
    """Close a proposal, with its line in the audit book; the next report tells of it once more.

    Raises:
        UsageError: there is no such proposal, or it is done.
    """
    with writing(workspace.engine) as connection:
        before = _open(connection, number)
        proposals.close(connection, number, signed)
        audit.record(connection, signed, "close_proposal", f"proposal/{number}", {"state": before.state.value})
    return before


def _open(connection: Connection, number: int) -> Followed:
    one = proposals.one_of(connection, number)
    if one is None:
        raise UsageError(f"Không có kiến nghị số {number}; xem “baocao proposal list”.")
    if one.state is ProposalState.DONE:
        raise UsageError(f"Kiến nghị số {number} đã xong, không ghi thêm; xem “baocao audit”.")
    return one


def reminders(workspace: Workspace, followed: Sequence[Followed], period: Period) -> list[Outgoing]:
    """With each report, a letter to the owner of every answered proposal that is not done, where it has an address."""
    return [
        _told(workspace, one, f"remind/{period}", is_reminder=True)
        for one in followed
        if one.state is ProposalState.ANSWERED and one.answer and address_of(workspace, one.answer.owner)
    ]


def address_of(workspace: Workspace, owner: str) -> Mailbox | None:
    """Whom an owner's name stands for: ``Tên <địa chỉ>``, or somebody of the plan by code or name; else None."""
    if "@" in owner:
        return parse_mailbox(owner)
    plan = workspace.plan
    known: list[Unit | Recipient] = [*plan.units, *plan.recipients]
    wanted = owner.casefold()
    return next((mailbox_of(one) for one in known if wanted in (one.code.casefold(), one.name.casefold())), None)


def _told(workspace: Workspace, one: Followed, about: str, *, is_reminder: bool = False) -> Outgoing:
    """To the owner; an answer also to the unit that proposed it."""
    unit = workspace.plan.unit_by_code.get(one.unit)
    owner = address_of(workspace, one.answer.owner) if one.answer else None
    people = [owner, None if is_reminder or unit is None else mailbox_of(unit)]
    recipients = {box[1].lower(): box for box in reversed(people) if box is not None}
    subject = f"{'Nhắc việc: kiến' if is_reminder else 'Trả lời kiến'} nghị số {one.number}"
    letter = render_letter(
        "proposal",
        subject,
        workspace.plan,
        one=one,
        unit_name=unit.name if unit else one.unit,
        is_reminder=is_reminder,
    )
    return letter_to(workspace, recipients.values(), f"proposal/{one.number}/{about}", letter, unit=one.unit)
