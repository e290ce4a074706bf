"""Archives and messages that lie in the folder: opened as in mail, in processes that can be killed."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baocao.domain.planned.period import Period
from baocao.intake.folder import Waiting, readable
from baocao.intake.taking import remove, row_of
from baocao.intake.unopened import Left, is_noted, note
from baocao.isolation.process import ReaderPool
from baocao.message.attachments import Attachment
from baocao.message.opening import Letter, Opened
from baocao.store import archive, receipts
from baocao.system.names import clean_name
from baocao.workspace.workspace import Workspace

log = logging.getLogger(__name__)


def take_in_packed(
    workspace: Workspace, found: Sequence[Waiting], period: Period, as_of: datetime, *, is_simulated: bool
) -> int:
    """Take in the workbooks of packed files that wait; returns how many were new.

    A .zip that cannot be opened, or holds too much, is taken itself, so that the reader's finding tells its unit how
    to send it. One without any workbook, or of a kind that nobody opens (.rar), stays: it is noted, and who laid it is
    told once how to send it.
    Idempotent: the files of one are recorded together, and it is removed afterwards.
    """
    taken = 0
    left: list[Left] = []
    with ReaderPool(workspace.plan, workers=1) as pool:
        for one in sorted(found, key=lambda each: (each.arrived_at, each.path)):
            if is_noted(workspace, one):
                continue
            common = row_of(one, period, as_of, is_simulated=is_simulated)
            files, remedies = _files_of(workspace, pool, one)
            if not files and one.is_unchanged():
                log.info("left in the inbox: %r: no workbook in it", str(one.path))
                left.append(Left(one, common["received_at"], remedies))
            if not files:
                continue
            rows = (_row(one, number, file) for number, file in enumerate(files, start=1))
            taken += len(receipts.record(workspace.engine, [common | row for row in rows]))
            remove([one])
    if left:
        note(workspace, left, period, as_of)
    return taken


def _row(one: Waiting, number: int, file: Attachment) -> dict[str, Any]:
    return {
        "source_ref": f"{one.ref}:{number}",
        "name": clean_name(file.name),
        "sha256": archive.digest(file.data),
        "size": len(file.data),
    }


def _files_of(workspace: Workspace, pool: ReaderPool, one: Waiting) -> tuple[list[Attachment], tuple[str, ...]]:
    """The files to take, in the archive already; where there are none, how to send what is in it."""
    try:
        data = one.read()
    except OSError as error:
        log.warning("not taken in, it went away or is no plain file: %r: %s", str(one.path), error)
        return [], ()
    if not one.is_unchanged():
        return [], ()
    whole = Attachment(clean_name(readable(one.path.name)), data)
    path = archive.keep(workspace.home, data, archive.digest(data), whole.name)
    (opened,) = pool.open_all([Letter(path, "", packed_as=whole.name, documents=workspace.documents_taken)])
    files = _chosen(opened, whole)
    for file in files:
        archive.keep(workspace.home, file.data, archive.digest(file.data), clean_name(file.name))
    return files, opened.found.remedies


def _chosen(opened: Opened, whole: Attachment) -> list[Attachment]:
    """Its workbooks; itself where nobody can take them out."""
    is_closed = opened.is_hostile or opened.found.count > len(opened.found.workbooks)
    return [whole] if is_closed else list(opened.found.workbooks)
