"""Builders for the store: files as received, submissions as filed, without a workbook (số liệu mô phỏng)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Checked, Content, Receipt, ReceiptState, Submission
from baocao.store import receipts, reports, submissions
from baocao.store.archive import digest
from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import receipt
from baocao.store.submissions import Filed
from baocao.workspace.workspace import Workspace
from support.workbooks.content import PLAN, clean_content

DEADLINE = datetime(2022, 10, 20, tzinfo=UTC)
RECEIVED = datetime(2022, 10, 18, 9, tzinfo=UTC)
OCTOBER = Period(2022, 10)


def take(
    engine: Engine, name: str, *, unit: str | None = "SCT", content: str = "", period: Period = OCTOBER
) -> Receipt:
    """Record a file as taken in; its bytes are its name, or the given text."""
    data = (content or name).encode()
    row = {
        "source": "folder",
        "source_ref": f"folder:{unit}/{name}",
        "unit": unit,
        "period": str(period),
        "name": name,
        "sha256": digest(data),
        "size": len(data),
        "received_at": RECEIVED,
        "state": ReceiptState.TAKEN,
        "note": "",
    }
    receipts.record(engine, [row])
    with reading(engine) as connection:
        return by_ref(connection, row["source_ref"])


def by_ref(connection: Connection, ref: object) -> Receipt:
    """A received file as it stands."""
    columns = [column for column in receipt.c if column.name in Receipt.__dataclass_fields__]
    return receipts.as_receipt(connection.execute(select(*columns).where(receipt.c.source_ref == ref)).mappings().one())


def filed(one: Receipt, content: Content, findings: Sequence[Finding] = ()) -> Filed:
    """A checked file that belongs to its unit and period."""
    assert content.unit
    assert content.period
    checked = Checked(content, (*content.findings, *findings))
    return Filed(one, checked, content.unit, content.form or "", content.period, DEADLINE)


def submit(engine: Engine, content: Content | None = None, findings: Sequence[Finding] = ()) -> Submission:
    """Receive and file one content; each call is a new version."""
    content = content or clean_content()
    with reading(engine) as connection:
        count = len(connection.scalars(select(receipt.c.id)).all())
    one = take(engine, f"tep-{count}.xlsx", unit=content.unit, period=content.period or OCTOBER)
    with writing(engine) as connection:
        (saved,) = submissions.save(connection, [filed(one, content, findings)])
        receipts.settle(connection, [one.id], ReceiptState.CHECKED)
    return saved


def awaiting(workspace: Workspace, period: Period) -> Path:
    """A report of a period that waits for its approver, made of nothing; the folder of its files, still empty."""
    at = workspace.schedule(period).report_at
    with writing(workspace.engine) as connection:
        record = reports.prepare(connection, workspace.plan.cycle(period).form, period, "x", at)
        reports.set_awaiting(connection, record)
    folder = workspace.report_folder(period, record.version)
    folder.mkdir(parents=True)
    return folder


__all__ = ["DEADLINE", "OCTOBER", "PLAN", "RECEIVED", "awaiting", "by_ref", "filed", "submit", "take"]
