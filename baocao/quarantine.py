"""Tạm giữ: a person lets a file out of the quarantine, to be checked and counted for the unit that the person names."""

from dataclasses import replace

from sqlalchemy import Connection, select, update

from baocao.domain.period import Period
from baocao.domain.submission import Receipt, ReceiptState
from baocao.errors import UsageError
from baocao.overriding import Signature, unit_of
from baocao.store import audit
from baocao.store.database import writing
from baocao.store.receipts import as_receipt
from baocao.store.schema import receipt
from baocao.workspace import Workspace

_COLUMNS = [column for column in receipt.c if column.name in Receipt.__dataclass_fields__]


def release(
    workspace: Workspace, receipt_id: int, signed: Signature, *, unit: str | None = None, period: Period | None = None
) -> Receipt:
    """Open a quarantined receipt again; the next collection checks it as any other and answers the unit.

    ``unit`` and ``period`` default to those of the receipt. Received when it was, it stays on time or late. Written
    into the audit book in the same transaction. Returns the receipt as it is now.

    Raises:
        UsageError: there is no such receipt, it is not in quarantine, or it is not known for which unit it is to count.
    """
    with writing(workspace.engine) as connection:
        before = _held(connection, receipt_id)
        if unit is None and before.unit is None:
            raise UsageError(f"Chưa rõ tệp số {receipt_id} là của đơn vị nào; hãy nêu bằng --unit.")
        office = unit_of(workspace, unit or before.unit or "")
        after = replace(
            before,
            unit=office.code,
            period=period or before.period,
            state=ReceiptState.TAKEN,
            released_by=signed.name,
            note=f"{signed.name} cho tính: {signed.reason}",
        )
        workspace.schedule(after.period)
        _open(connection, after)
        _write_down(connection, before, after, signed)
    return after


def _held(connection: Connection, receipt_id: int) -> Receipt:
    query = select(*_COLUMNS).where(receipt.c.id == receipt_id)
    row = connection.execute(query.with_for_update()).mappings().one_or_none()
    if row is None:
        raise UsageError(f"Không có tệp nào mang số tiếp nhận {receipt_id}; xem số trong thư báo tạm giữ.")
    held = as_receipt(row)
    if held.state is not ReceiptState.QUARANTINED:
        raise UsageError(f"Tệp số {receipt_id} (“{held.name}”) không bị tạm giữ; không có gì để cho tính.")
    return held


def _open(connection: Connection, after: Receipt) -> None:
    values = {name: getattr(after, name) for name in ("unit", "state", "released_by", "note")}
    query = update(receipt).where(receipt.c.id == after.id)
    connection.execute(query.values(**values, period=str(after.period)))


def _write_down(connection: Connection, before: Receipt, after: Receipt, signed: Signature) -> None:
    details = {"name": before.name, "sha256": before.sha256, "unit": after.unit, "held_because": before.note}
    subject = f"receipt/{before.id}"
    audit.record(connection, signed.at, signed.name, "release", subject, signed.reason, details, period=after.period)
