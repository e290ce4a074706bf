"""Received files: recorded once, claimed by one worker at a time, and settled for good."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, bindparam, select, update

from baocao.domain.period import Period
from baocao.domain.submission import Receipt, ReceiptState, Verdict
from baocao.lease import expiry, is_over, this_process
from baocao.store.database import reading, writing
from baocao.store.dialect import insert_new
from baocao.store.incoming import origins_of
from baocao.store.schema import receipt, submission

_COLUMNS = (
    receipt.c.id,
    receipt.c.unit,
    receipt.c.period,
    receipt.c.name,
    receipt.c.sha256,
    receipt.c.size,
    receipt.c.received_at,
    receipt.c.state,
    receipt.c.note,
    receipt.c.released_by,
)


def record(engine: Engine, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Record received files; a ``source_ref`` that is known already is left as it is. Returns those that were new."""
    with writing(engine) as connection:
        return insert_new(connection, receipt, rows, receipt.c.source_ref)


def known_refs(engine: Engine, refs: Sequence[str]) -> set[str]:
    """Which of these files were recorded before."""
    with reading(engine) as connection:
        return {
            ref
            for some in batched(refs, 500)
            for ref in connection.scalars(select(receipt.c.source_ref).where(receipt.c.source_ref.in_(some)))
        }


def waiting_ids(engine: Engine) -> list[int]:
    """Taken files that no other living worker holds, in the order of receipt."""
    with reading(engine) as connection:
        return _free_ids(connection, receipt.c.state == ReceiptState.TAKEN)


def claim(engine: Engine, ids: Sequence[int]) -> list[Receipt]:
    """Take these files for this process; those that another living process holds are left out.

    What this process holds already is given again, so that a step which failed on its way can be tried anew.
    """
    with writing(engine) as connection:
        free = _free_ids(connection, receipt.c.state == ReceiptState.TAKEN, receipt.c.id.in_(ids), lock=True)
        connection.execute(
            update(receipt).where(receipt.c.id.in_(free)).values(held_by=this_process(), held_until=expiry())
        )
        rows = connection.execute(select(*_COLUMNS).where(receipt.c.id.in_(free)).order_by(receipt.c.id)).mappings()
        origins = origins_of(connection, free)
        return [replace(as_receipt(row), origin=origins.get(row["id"])) for row in rows]


def settle(connection: Connection, receipt_ids: Sequence[int], state: ReceiptState, note: str | None = None) -> None:
    """Close received files in the caller's transaction; without a new note, the one that stands stays."""
    if receipt_ids:
        values = {"state": state, "held_by": None, "held_until": None} | ({} if note is None else {"note": note})
        connection.execute(update(receipt).where(receipt.c.id.in_(receipt_ids)).values(values))


def name_units(connection: Connection, receipts: Sequence[Receipt]) -> None:
    """Write down whose mailed files turned out to be, in the caller's transaction."""
    rows = [{"of": one.id, "whose": one.unit} for one in receipts if one.origin is not None and one.unit is not None]
    if rows:
        connection.execute(update(receipt).where(receipt.c.id == bindparam("of")).values(unit=bindparam("whose")), rows)


def earlier_same(connection: Connection, receipts: Sequence[Receipt]) -> dict[int, int]:
    """For each file whose very content its unit sent before: its id -> the id of that earlier receipt.

    Whose the given files are is taken from them, because for mailed ones it may not be stored yet. What lies in the
    quarantine was never counted, so its content is new when it comes again: rightly, perhaps, in the next period. What
    could not be read is read again: the reason may have been a passing one, such as a reader that ran out of time.
    """
    states = (ReceiptState.TAKEN, ReceiptState.CHECKED)
    is_read = submission.c.verdict.is_(None) | (submission.c.verdict != Verdict.UNREADABLE)
    known = connection.execute(
        select(receipt.c.id, receipt.c.unit, receipt.c.sha256)
        .outerjoin(submission, submission.c.receipt_id == receipt.c.id)
        .where(receipt.c.sha256.in_([one.sha256 for one in receipts]), receipt.c.state.in_(states), is_read)
        .order_by(receipt.c.id)
    ).all()
    first: dict[tuple[str | None, str], int] = {}
    units = {one.id: one.unit for one in receipts}
    for identifier, unit, sha256 in known:
        first.setdefault((units.get(identifier, unit), sha256), identifier)
    return {one.id: earlier for one in receipts if (earlier := first.get((one.unit, one.sha256))) and earlier < one.id}


def in_quarantine(connection: Connection) -> list[Receipt]:
    """The files that wait for a person to look at them, in the order of receipt."""
    query = select(*_COLUMNS).where(receipt.c.state == ReceiptState.QUARANTINED).order_by(receipt.c.id)
    return [as_receipt(row) for row in connection.execute(query).mappings()]


def still_mine(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Which of the claimed files are still open, and not yet settled by somebody after our lease ran out."""
    rows = connection.scalars(
        select(receipt.c.id)
        .outerjoin(submission, submission.c.receipt_id == receipt.c.id)
        .where(receipt.c.id.in_(ids), receipt.c.state == ReceiptState.TAKEN, submission.c.id.is_(None))
    )
    return set(rows)


def as_receipt(row: RowMapping) -> Receipt:
    """A row of the table as a value."""
    return Receipt(**{**row, "period": Period.parse(row["period"]), "state": ReceiptState(row["state"])})


def _free_ids(connection: Connection, *conditions: ColumnElement[bool], lock: bool = False) -> list[int]:
    query = select(receipt.c.id, receipt.c.held_by, receipt.c.held_until).where(*conditions).order_by(receipt.c.id)
    rows = connection.execute(query.with_for_update(skip_locked=True) if lock else query)
    return [row.id for row in rows if row.held_by == this_process() or is_over(row.held_by, row.held_until)]


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items in slices of this size."""
    return (items[start : start + size] for start in range(0, len(items), size))
