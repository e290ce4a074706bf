"""A file handed in through the window: archived first, recorded next; from then on a file like every other."""

from typing import Any

from baocao.domain.received.submission import ReceiptState
from baocao.store import archive, receipts
from baocao.store.engine.database import writing
from baocao.system.clock import Clock
from baocao.system.names import clean_name
from baocao.workspace.admission import begin, last_opened
from baocao.workspace.workspace import Workspace


def take_in_handed(workspace: Workspace, unit: str, name: str, data: bytes, clock: Clock) -> int:
    """Take in a file for a unit whose people handed it in themselves; the number of its receipt.

    Idempotent: the content of the last file that this unit sent, by whichever way, is that one's receipt again; of two
    clicks at the same moment one counts.

    Raises:
        NotDueError: no period is open yet.
        OutsideServiceError: the disk or the database does not take it.
    """
    period = last_opened(workspace, clock)
    begin(workspace, clock)
    name, sha256 = clean_name(name), archive.digest(data)
    archive.keep(workspace.home, data, sha256, name)
    with writing(workspace.engine) as connection:
        last = receipts.last_of(connection, unit)
        if last is not None and last.sha256 == sha256:
            return last.id
        row: dict[str, Any] = {
            "source": "window",
            "source_ref": f"window:{unit}:{last.id if last else 0}:{sha256}",
            "unit": unit,
            "period": str(period),
            "name": name,
            "sha256": sha256,
            "size": len(data),
            "received_at": clock.now,
            "arrived_at": clock.now,
            "state": ReceiptState.TAKEN,
            "note": "",
        }
        return receipts.hand_in(connection, row)
