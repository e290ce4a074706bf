"""Entering a received message: its files archived first, then everything that it calls for in one transaction, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from baocao.domain.received.submission import ReceiptState
from baocao.intake.arrival import Arrival
from baocao.intake.mailbox.approving import approval_reply
from baocao.intake.mailbox.deciding import MOST_A_DAY, Decision, Fate, decide
from baocao.intake.mailbox.explaining import explanation_reply, keep_explanations
from baocao.intake.mailbox.proposing import proposal_reply
from baocao.intake.mailbox.releasing import heed_release, release_reply
from baocao.intake.mailbox.replying import ReceivedMail, Reply, bounce_alert, empty_answer, held_note
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.message.bounces import Notice
from baocao.message.incoming import Author
from baocao.message.opening import Opened
from baocao.store import archive, incoming, receipts
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.outbox import bounced
from baocao.store.outbox.bounced import Bounced
from baocao.system.names import clean_name
from baocao.workspace.workspace import Workspace

HELD_FOLDER = "Cach-ly"
"""The mailbox's folder for messages that a person must look at."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a message, and how many files it brought that were not here before."""

    fate: Fate
    files: int = 0


def enter_message(workspace: Workspace, opened: Opened, arrival: Arrival) -> Entered:
    """Enter a message: its files become receipts, its sender or the coordinator is written to, a failed mail is noted.

    Its own bytes are in the archive already.

    Idempotent: a message that was entered before, by this or another run, only tells again what became of it. When
    the call returns, everything is committed, and the message may be moved out of the way.

    Raises:
        OutsideServiceError: the disk refuses; nothing was entered.
    """
    with reading(workspace.engine) as connection:
        known = incoming.fate_of(connection, opened.ref)
    if known is not None:
        return Entered(Fate(known))
    _archive(workspace, opened)
    occasion, releasing = ReceivedMail(workspace, opened, arrival), release_reply(workspace, opened)
    released = [heed_release(occasion, releasing)] if releasing and opened.is_authentic else []
    with writing(workspace.engine) as connection:
        decision = _decide(connection, workspace, opened, arrival)
        is_heard = decision.fate is not Fate.IGNORED
        reply = _reply(connection, workspace, opened) if is_heard and not releasing else None
        decided = (releasing or reply) if is_heard else None
        decision = decided.decision if decided else decision
        is_empty = decision.fate is Fate.ANSWERED and decided is None
        explained = explanation_reply(connection, workspace, opened) if is_empty else None
        if not incoming.enter(connection, _row(opened, arrival, decision)):
            return Entered(decision.fate)
        receipts.add(connection, list(_receipts(opened, arrival, decision)))
        letters = released or _letters(connection, occasion, decision)
        if opened.is_authentic and reply:
            letters = reply.heed(connection, occasion)
        if explained:
            letters = keep_explanations(connection, occasion, explained)
        enqueue(connection, letters, workspace.outbox_folder, arrival.now)
    return Entered(decision.fate, len(decision.files))


def _reply(connection: Connection, workspace: Workspace, opened: Opened) -> Reply | None:
    """What decides something for the reports, where a message does: on a report, or on proposals."""
    approved = approval_reply(connection, workspace, opened)
    return approved or (None if opened.found.workbooks else proposal_reply(connection, workspace, opened))


def _archive(workspace: Workspace, opened: Opened) -> None:
    for one in (*opened.found.workbooks, *opened.found.documents):
        archive.keep(workspace.home, one.data, archive.digest(one.data), clean_name(one.name))


def _decide(connection: Connection, workspace: Workspace, opened: Opened, arrival: Arrival) -> Decision:
    is_own = opened.sender == workspace.sender[1].lower() and opened.author is Author.ROBOT
    since = arrival.received_at - _DAY
    before = incoming.count_since(connection, opened.sender, since, is_authentic=opened.is_authentic)
    return decide(
        workspace.plan,
        opened,
        is_ours=is_own or bounced.is_ours(connection, opened.message_id),
        is_flood=bool(opened.sender) and before >= MOST_A_DAY,
    )


def _row(opened: Opened, arrival: Arrival, decision: Decision) -> dict[str, Any]:
    return {
        "ref": opened.ref,
        "sha256": opened.sha256,
        "sender": opened.sender,
        "subject": opened.subject,
        "message_id": opened.message_id,
        "thread": " ".join(opened.thread),
        "is_authentic": opened.is_authentic,
        "received_at": arrival.received_at,
        "period": str(arrival.period),
        "fate": decision.fate,
        "note": decision.why if decision.fate is Fate.HELD else "",
    }


def _receipts(opened: Opened, arrival: Arrival, decision: Decision) -> Iterable[dict[str, Any]]:
    """One row per file; files of a message that is held are quarantined when they are checked."""
    return (
        {
            "source": "mailbox",
            "source_ref": f"mailbox:{opened.ref}:{number}",
            "unit": decision.unit.code if decision.unit else None,
            "period": str(arrival.period),
            "name": clean_name(one.name),
            "sha256": archive.digest(one.data),
            "size": len(one.data),
            "received_at": arrival.received_at,
            "arrived_at": arrival.arrived_at,
            "state": ReceiptState.TAKEN,
            "note": "",
            "incoming_ref": opened.ref,
        }
        for number, one in enumerate(decision.files, start=1)
    )


def _letters(connection: Connection, occasion: ReceivedMail, decision: Decision) -> list[Outgoing]:
    opened = occasion.opened
    if opened.notice is not None:
        return bounce_alert(occasion, _refused(connection, opened.notice))
    answer = [empty_answer(occasion, decision.unit, decision.why)] if decision.unit and not decision.files else []
    is_held = decision.is_told and not decision.files
    return [*answer, *(held_note(occasion, decision.why, HELD_FOLDER) if is_held else [])]


def _refused(connection: Connection, notice: Notice) -> list[Bounced]:
    return [
        back
        for failure in notice.failures
        for back in bounced.refuse(connection, notice.message_ids, failure.addresses, failure.reason)
    ]
