"""A process that works in a house without end, as collections do: archives, files and answers, until it is killed."""

import sys
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from baocao.domain.received.submission import ReceiptState
from baocao.domain.reported.history import History
from baocao.intake.filing.answering import answers
from baocao.intake.filing.batch import FiledRound
from baocao.mail.outbox import enqueue
from baocao.store import archive, receipts, submissions
from baocao.store.engine.database import reading, writing
from baocao.store.homes import note_beginning
from baocao.store.schema.reporting import receipt
from baocao.workspace.workspace import Workspace
from support.stores.facts import OCTOBER, filed
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content


def work_once(workspace: Workspace, number: int) -> None:
    """Take in one file, file it as a new version and queue its answer, in the order in which the flows do it."""
    clock = clock_at(workspace, "2022-10-19T10:00")
    with writing(workspace.engine) as connection:
        note_beginning(connection, clock.now)
    data = f"tep {number}".encode()
    sha256 = archive.digest(data)
    archive.keep(workspace.home, data, sha256, f"tep-{number}.xlsx")
    row = {"unit": "SCT", "period": str(OCTOBER), "name": f"tep-{number}.xlsx", "sha256": sha256, "size": len(data)}
    more = {"received_at": clock.now, "state": ReceiptState.TAKEN, "note": ""}
    receipts.record(workspace.engine, [{**row, **more, "source": "folder", "source_ref": f"folder:{number}"}])
    with reading(workspace.engine) as connection:
        identifier = connection.scalar(select(receipt.c.id).where(receipt.c.source_ref == f"folder:{number}"))
    (taken,) = receipts.claim(workspace.engine, [identifier or 0])
    with writing(workspace.engine) as connection:
        one = replace(filed(taken, clean_content()), submit_before=workspace.schedule(OCTOBER).submit_before)
        (saved,) = submissions.save(connection, [one])
        receipts.settle(connection, [taken.id], ReceiptState.CHECKED)
        outcome = FiledRound(submissions=((saved, one),))
        enqueue(connection, answers(workspace, outcome, History(), clock.now), workspace.outbox_folder, clock.now)


if __name__ == "__main__":
    busy = house(Path(sys.argv[1]), sys.argv[2])
    for count in range(int(sys.argv[3]), 100_000):
        work_once(busy, count)
