"""Taking files in: archived first, recorded next, and only then removed from the inbox; safe at any kill."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from baocao.domain.grouping import batched
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import ReceiptState
from baocao.intake.folder import Waiting, readable
from baocao.store import archive, receipts
from baocao.store.engine.names import Engine
from baocao.system.files import brought_to_disk
from baocao.system.names import clean_name

log = logging.getLogger(__name__)

_AT_ONCE = 500


def take_in_folder(
    engine: Engine, home: Path, found: Sequence[Waiting], period: Period, as_of: datetime, *, is_simulated: bool
) -> int:
    """Take in waiting files; returns how many were new.

    A file was received when it was laid into the folder, by the file system's clock, but not after ``as_of``; under a
    simulated clock it was received at ``as_of``. They are taken in the order of arrival, then of path.
    Idempotent: a file whose taking was interrupted is finished.
    """
    found = sorted(found, key=lambda one: (one.arrived_at, one.path.with_suffix("")))
    taken = 0
    for some in batched(found, _AT_ONCE):
        known = receipts.known_refs(engine, [one.ref for one in some])
        new = [one for one in some if one.ref not in known]
        with brought_to_disk(len(new)) as durable:
            archived = [_archive(home, one, period, as_of, is_simulated, durable=durable) for one in new]
        rows = [row for row in archived if row is not None]
        taken += len(receipts.record(engine, rows))
        recorded = known | {row["source_ref"] for row in rows}
        remove(one for one in some if one.ref in recorded)
    return taken


def _archive(
    home: Path, one: Waiting, period: Period, as_of: datetime, is_simulated: bool, *, durable: bool
) -> dict[str, Any] | None:
    try:
        data = one.read()
    except OSError as error:
        log.warning("not taken in, it went away or is no plain file: %r: %s", str(one.path), error)
        return None
    if not one.is_unchanged():
        log.info("changed while it was read, left for the next round: %r", str(one.path))
        return None
    sha256, name = archive.digest(data), clean_name(readable(one.path.name))
    archive.keep(home, data, sha256, name, durable=durable)
    return row_of(one, period, as_of, is_simulated=is_simulated) | {"name": name, "sha256": sha256, "size": len(data)}


def row_of(one: Waiting, period: Period, as_of: datetime, *, is_simulated: bool) -> dict[str, Any]:
    """The receipt of a file of the folder, but for its name and content."""
    return {
        "source": "folder",
        "source_ref": one.ref,
        "unit": one.unit,
        "period": str(period),
        "received_at": as_of if is_simulated else min(as_of, one.arrived_at),
        "arrived_at": one.arrived_at,
        "state": ReceiptState.TAKEN,
        "note": "",
    }


def remove(taken: Iterable[Waiting]) -> None:
    """Remove files that were recorded from the inbox, where they are still the same."""
    for one in taken:
        if one.is_unchanged():
            one.path.unlink(missing_ok=True)
        else:
            log.info("changed while it was taken in, left for the next round: %r", str(one.path))
