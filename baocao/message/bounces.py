"""Failure notices that come back from other mail servers (RFC 3464): which of our mails did not arrive, and why."""

import re
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from baocao.message.incoming import Incoming, Part, content
from baocao.system.names import clean

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")


@dataclass(frozen=True, slots=True)
class Failure:
    """A recipient that a server gave up on. ``addresses`` are those that it names, in small letters."""

    addresses: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: the ids of the message that it seems to be about, likeliest first, and who did not get it."""

    message_ids: tuple[str, ...]
    failures: tuple[Failure, ...]


def read_notice(message: Incoming) -> Notice | None:
    """What a failure notice says; None where the message is none, or tells only of delays and deliveries."""
    failures = tuple(failure for block in _status_blocks(message.root) if (failure := _failure(block)) is not None)
    if not failures:
        return None
    ids = (*_returned_ids(message), *message.ids("in-reply-to"), *message.ids("references"))
    return Notice(tuple(dict.fromkeys(ids)), failures)


def _status_blocks(root: Part) -> list[Part]:
    """The blocks of the delivery status, also where it does not stand in a multipart/report."""
    blocks: list[Part] = []
    for part in _parts_of(root):
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            blocks += _parts_of(part)
    return blocks


def _parts_of(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _failure(block: Part) -> Failure | None:
    if clean(str(block.get("action", "")), 40).lower() != "failed":
        return None
    named = (_value(block, header) for header in ("original-recipient", "final-recipient"))
    status, said = clean(str(block.get("status", "")), 20), _value(block, "diagnostic-code")
    reason = said if status in said else f"{status} {said}"
    return Failure(tuple(dict.fromkeys(one.strip("<>").lower() for one in named if one)), reason.strip())


def _value(block: Part, header: str) -> str:
    """A field's value without its type (``rfc822;``, ``smtp;``)."""
    text = clean(str(block.get(header, "")), 500)
    return (text.partition(";")[2] if ";" in text else text).strip()


def _returned_ids(message: Incoming) -> tuple[str, ...]:
    """The ids of the message, or of its headers, that the notice carries."""
    found: list[str] = []
    for part in _parts_of(message.root):
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            headers = content(part).decode("utf-8", "replace")
            found += _MESSAGE_ID.findall(str(message_from_string(headers).get("message-id", "")))
        elif part.get_content_type() in ("message/rfc822", "message/global"):
            found += [one for inner in _parts_of(part) for one in _MESSAGE_ID.findall(str(inner.get("message-id", "")))]
    return tuple(found)
