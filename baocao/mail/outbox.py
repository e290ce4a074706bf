"""Sổ thư đi: messages are written down in the transaction that they report on, and sent afterwards (decision 9)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from baocao.mail.files import write_all
from baocao.mail.letters.compose import Outgoing, check_key, compose, message_id, recipients_of
from baocao.store.engine.names import Connection
from baocao.store.outbox import messages

_CHUNK = 200
_FALLBACK_FOLDER = "du-phong"


def enqueue(connection: Connection, outgoing: Sequence[Outgoing], folder: Path, now: datetime) -> list[str]:
    """Write messages into the outbox in the caller's transaction; nothing is sent before it commits.

    Idempotent by key: a message whose key is there already is left alone, file and rows. The .eml files are complete
    when the call returns; those of a transaction that is rolled back are written over when it is tried again.
    ``now`` (aware) becomes the Date header. Returns the keys that were new, in order.

    Raises:
        UsageError: a message cannot be composed (see :func:`baocao.mail.letters.compose.compose`); nothing is written.
        OutsideServiceError: the disk does not take the files.
    """
    added: list[str] = []
    for start in range(0, len(outgoing), _CHUNK):
        added += _enqueue_chunk(connection, outgoing[start : start + _CHUNK], folder, now)
    return added


def _enqueue_chunk(connection: Connection, outgoing: Sequence[Outgoing], folder: Path, now: datetime) -> list[str]:
    known = messages.known_keys(connection, [check_key(one.key) for one in outgoing])
    fresh = {one.key: one for one in reversed(outgoing) if one.key not in known}
    fallbacks = {one.key: one for first in fresh.values() for one in _fallbacks(first)}
    composed = {key: compose(one, now) for key, one in (fresh | fallbacks).items()}
    rows = [_message_row(one, composed[key], key in fallbacks, now) for key, one in (fresh | fallbacks).items()]
    new = messages.add(connection, rows)
    addressed = [(one.key, *mailbox) for one in fresh.values() if one.key in new for mailbox in recipients_of(one)]
    messages.add_deliveries(connection, addressed)
    write_all(folder, {row["eml_file"]: composed[row["key"]] for row in rows if row["key"] in new})
    return [one.key for one in outgoing if fresh.get(one.key) is one and one.key in new]


def _fallbacks(first: Outgoing) -> Iterable[Outgoing]:
    smaller = first.fallback
    while smaller is not None:
        yield smaller
        smaller = smaller.fallback


def _message_row(one: Outgoing, content: bytes, is_fallback: bool, now: datetime) -> dict[str, Any]:
    name = f"{one.key.replace('/', '~')}.eml"
    return {
        "key": one.key,
        "kind": one.kind,
        "period": str(one.period) if one.period else None,
        "unit": one.unit,
        "sender": one.sender[1],
        "subject": one.subject,
        "message_id": message_id(one),
        "in_reply_to": one.in_reply_to,
        "eml_file": f"{_FALLBACK_FOLDER}/{name}" if is_fallback else name,
        "eml_sha256": hashlib.sha256(content).hexdigest(),
        "fallback_key": one.fallback.key if one.fallback else None,
        "created_at": now,
    }
