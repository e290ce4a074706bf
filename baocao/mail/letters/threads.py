"""Answers in the thread of the message that they answer."""

from dataclasses import replace

from baocao.domain.planned.unit import Unit
from baocao.domain.received.submission import Origin
from baocao.mail.letters.compose import Outgoing

_REPLY = "re:"


def in_thread(message: Outgoing, unit: Unit, origin: Origin | None) -> Outgoing:
    """The message to a unit as a reply to the one that brought its file; unchanged for a file from a folder.

    It goes to the sender's address only where that is one of the unit's, else to the unit's own: nobody else is
    answered, whatever a message says it is from.
    """
    if origin is None:
        return message
    own = {address.lower(): address for address in (*unit.senders, unit.email)}
    return replace(
        message,
        recipients=((unit.name, own.get(origin.sender, unit.email)),),
        subject=_reply_subject(origin.subject) or message.subject,
        in_reply_to=origin.message_id,
        references=origin.thread,
    )


def _reply_subject(subject: str) -> str:
    return subject if not subject or subject.lower().startswith(_REPLY) else f"Re: {subject}"
