"""Trả lời kiến nghị: what a leader's office answers to a proposal, who does it by when, and that it is done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from baocao.domain.grouping import grouped
from baocao.domain.mailbox import Mailbox, parse_mailbox
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Recipient
from baocao.domain.planned.unit import Unit
from baocao.domain.reported.followed import Followed, ProposalState
from baocao.domain.signature import LONGEST_NAME, Demand, Signature
from baocao.domain.wording import enumeration
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


def answer(
    workspace: Workspace, number: int, signed: Signature, owner: str, due: date | None, by: str = ""
) -> tuple[Followed, ...]:
    """Keep an answer, with its line in the audit book; units and owner are written to. A later answer takes its place.

    It holds for all that reports print under this number: those of other units with the same words to the same agency.
    Returns them, the one of this number first.

    ``by``: whose answer it is, where somebody else writes it down.

    Raises:
        UsageError: there is no such proposal, or it is done.
    """
    with writing(workspace.engine) as connection:
        return answer_in(connection, workspace, number, signed, owner, due, by)


def answer_in(
    connection: Connection,
    workspace: Workspace,
    number: int,
    signed: Signature,
    owner: str,
    due: date | None,
    by: str = "",
) -> tuple[Followed, ...]:
    """:func:`answer` in the caller's transaction; where it raises, nothing was written."""
    named, until = " ".join(owner.split()), due.isoformat() if due else None
    numbers = [one.number for one in _together(connection, number)]
    given = replace(signed, name=" ".join(by.split())[:LONGEST_NAME] or signed.name)
    for each in numbers:
        proposals.answer(connection, each, given, named, until or "")
    details: dict[str, object] = {"owner": named, "due": until, "also": numbers[1:]}
    details |= {"by": given.name} if given.name != signed.name else {}
    entry = audit.record(connection, signed, "answer_proposal", f"proposal/{number}", details)
    after = _together(connection, number)
    enqueue(connection, [_told(workspace, after, f"answered/{entry}")], workspace.outbox_folder, signed.at)
    return after


def close(workspace: Workspace, number: int, signed: Signature) -> tuple[Followed, ...]:
    """Close a proposal, and as :func:`answer` all under its number; the next report tells of it once more.

    Raises:
        UsageError: there is no such proposal, or it is done.
    """
    with writing(workspace.engine) as connection:
        return close_in(connection, number, signed)


def close_in(connection: Connection, number: int, signed: Signature, *, is_alone: bool = False) -> tuple[Followed, ...]:
    """:func:`close` in the caller's transaction; where it raises, nothing was written.

    ``is_alone``: this one, not those of other units under its number: what a unit says is said of its own.
    """
    before = (_open(connection, number),) if is_alone else _together(connection, number)
    for one in before:
        proposals.close(connection, one.number, signed)
    details = {"state": before[0].state.value, "also": [one.number for one in before[1:]]}
    audit.record(connection, signed, "close_proposal", f"proposal/{number}", details)
    return before


def _together(connection: Connection, number: int) -> tuple[Followed, ...]:
    """The proposal of a number, then those of other units that are not done and are printed under one number with it.

    Raises:
        UsageError: there is no such proposal, or it is done.
    """
    first = _open(connection, number)
    others = (one for one in proposals.known(connection) if one.shared == first.shared and one.unit != first.unit)
    return (first, *(one for one in others if one.state is not ProposalState.DONE))


def _open(connection: Connection, number: int) -> Followed:
    one = proposals.one_of(connection, number)
    if one is None:
        raise UsageError(f"Không có kiến nghị số {number}; xem “baocao proposal list”.")
    if one.state is ProposalState.DONE:
        raise UsageError(f"Kiến nghị số {number} đã xong, không ghi thêm; xem “baocao audit”.")
    return one


def reminders(workspace: Workspace, followed: Sequence[Followed], period: Period) -> list[Outgoing]:
    """With each report, a letter to the owner of every answered proposal that is not done, where it has an address.

    One letter on those that were answered together.
    """
    owned = (
        one
        for one in followed
        if one.state is ProposalState.ANSWERED and one.answer and address_of(workspace, one.answer.owner)
    )
    together = grouped(owned, lambda one: (one.shared, one.answer))
    return [_told(workspace, same, f"remind/{period}", is_reminder=True) for same in together.values()]


def address_of(workspace: Workspace, owner: str) -> Mailbox | None:
    """Whom an owner's name stands for: ``Tên <địa chỉ>``, or somebody of the plan by code or name; else None."""
    if "@" in owner:
        return parse_mailbox(owner)
    plan = workspace.plan
    known: list[Unit | Recipient] = [*plan.units, *plan.recipients]
    wanted = owner.casefold()
    return next((mailbox_of(one) for one in known if wanted in (one.code.casefold(), one.name.casefold())), None)


def _told(workspace: Workspace, same: Sequence[Followed], about: str, *, is_reminder: bool = False) -> Outgoing:
    """To the owner; an answer also to the units that proposed it."""
    one, known = same[0], workspace.plan.unit_by_code
    owner = address_of(workspace, one.answer.owner) if one.answer else None
    units = [] if is_reminder else [mailbox_of(known[each.unit]) for each in same if each.unit in known]
    recipients = {box[1].lower(): box for box in reversed([owner, *units]) if box is not None}
    subject = f"{'Nhắc việc: kiến' if is_reminder else 'Trả lời kiến'} nghị số {one.number}"
    letter = render_letter(
        "proposal",
        subject,
        workspace.plan,
        one=one,
        unit_name=enumeration([known[each.unit].name if each.unit in known else each.unit for each in same]),
        is_reminder=is_reminder,
    )
    return letter_to(workspace, recipients.values(), f"proposal/{one.number}/{about}", letter, unit=one.unit)
