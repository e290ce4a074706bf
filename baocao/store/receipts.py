"""Received files: recorded once, claimed by one worker at a time, and settled for good."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, bindparam, func, insert, or_, select, update

from baocao.domain.grouping import batched
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Receipt, ReceiptState
from baocao.store.engine.database import reading, writing
from baocao.store.engine.dialect import insert_new, lock_for_one
from baocao.store.incoming import origins_of
from baocao.store.schema.reporting import receipt, submission
from baocao.system.lease import expiry, is_over, this_process

_COLUMNS = (
    receipt.c.id,
    receipt.c.unit,
    receipt.c.period,
    receipt.c.name,
    receipt.c.sha256,
    receipt.c.size,
    receipt.c.received_at,
    receipt.c.arrived_at,
    receipt.c.state,
    receipt.c.note,
    receipt.c.released_by,
    receipt.c.said_unit,
    receipt.c.said_period,
    receipt.c.said_form,
)
_ARRIVAL = (receipt.c.received_at, func.coalesce(receipt.c.arrived_at, receipt.c.received_at), receipt.c.id)
"""What :attr:`Receipt.arrival` says, for the database to sort by."""


def record(engine: Engine, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Record received files; a ``source_ref`` that is known already is left as it is. Returns those that were new."""
    with writing(engine) as connection:
        return insert_new(connection, receipt, rows, receipt.c.source_ref)


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Record the files of a message that is entered in the caller's transaction."""
    if rows:
        connection.execute(insert(receipt), rows)


def hand_in(connection: Connection, row: dict[str, Any]) -> int:
    """Record one file in the caller's transaction; a ``source_ref`` that is known stays as it is. Its number."""
    insert_new(connection, receipt, [row], receipt.c.source_ref)
    number: int = connection.execute(select(receipt.c.id).where(receipt.c.source_ref == row["source_ref"])).scalar_one()
    return number


def last_of(connection: Connection, unit: str) -> Receipt | None:
    """The file of a unit that came in last, whatever became of it."""
    query = select(*_COLUMNS).where(receipt.c.unit == unit).order_by(receipt.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else as_receipt(row)


def shown(connection: Connection, receipt_id: int) -> Receipt | None:
    """A received file by its number, to be looked at."""
    row = connection.execute(select(*_COLUMNS).where(receipt.c.id == receipt_id)).mappings().one_or_none()
    return None if row is None else as_receipt(row)


def files(connection: Connection) -> list[tuple[str, str]]:
    """The digest and the name of every received file."""
    return [(row.sha256, row.name) for row in connection.execute(select(receipt.c.sha256, receipt.c.name))]


def of_submissions(connection: Connection, receipt_ids: Sequence[int]) -> dict[int, Receipt]:
    """The received files of a few hundred submissions at most, by their numbers."""
    rows = connection.execute(select(*_COLUMNS).where(receipt.c.id.in_(receipt_ids))).mappings()
    return {row["id"]: as_receipt(row) for row in rows}


def one_of(connection: Connection, receipt_id: int) -> Receipt | None:
    """A received file by its number, which nobody else decides on before the transaction ends."""
    query = select(*_COLUMNS).where(receipt.c.id == receipt_id)
    row = connection.execute(query.with_for_update()).mappings().one_or_none()
    return None if row is None else as_receipt(row)


def let_out(connection: Connection, after: Receipt) -> None:
    """Open a file of the quarantine again, as a person decided, in the caller's transaction."""
    values = {name: getattr(after, name) for name in ("unit", "state", "released_by", "note")}
    query = update(receipt).where(receipt.c.id == after.id)
    connection.execute(query.values(**values, period=str(after.period)))


def known_refs(engine: Engine, refs: Sequence[str]) -> set[str]:
    """Which of these files were recorded before."""
    with reading(engine) as connection:
        return {
            ref
            for some in batched(refs, 500)
            for ref in connection.scalars(select(receipt.c.source_ref).where(receipt.c.source_ref.in_(some)))
        }


def waiting_ids(engine: Engine) -> list[int]:
    """Taken files that no other living worker holds, nor an earlier one of their unit, in the order of arrival."""
    with reading(engine) as connection:
        return _free(connection)


def are_open(engine: Engine) -> bool:
    """Whether any taken file is not settled yet, whoever holds it."""
    with reading(engine) as connection:
        return connection.scalar(select(receipt.c.id).where(receipt.c.state == ReceiptState.TAKEN).limit(1)) is not None


def claim(engine: Engine, ids: Sequence[int]) -> list[Receipt]:
    """Take these files for this process, in the order of arrival.

    Those that another living process holds are left out, and those of a unit of which it holds an earlier one.
    What this process holds already is given again, so that a step which failed on its way can be tried anew.
    """
    with writing(engine) as connection:
        lock_for_one(connection, receipt)
        asked = set(ids)
        beside = select(receipt.c.unit).where(receipt.c.id.in_(asked), receipt.c.unit.is_not(None))
        theirs = or_(receipt.c.id.in_(asked), receipt.c.unit.in_(beside))
        free = [one for one in _free(connection, theirs) if one in asked]
        connection.execute(
            update(receipt).where(receipt.c.id.in_(free)).values(held_by=this_process(), held_until=expiry())
        )
        rows = connection.execute(select(*_COLUMNS).where(receipt.c.id.in_(free)).order_by(*_ARRIVAL)).mappings()
        origins = origins_of(connection, free)
        return [replace(as_receipt(row), origin=origins.get(row["id"])) for row in rows]


def settle(connection: Connection, receipt_ids: Sequence[int], state: ReceiptState, note: str | None = None) -> None:
    """Close received files in the caller's transaction; without a new note, the one that stands stays."""
    if receipt_ids:
        values = {"state": state, "held_by": None, "held_until": None} | ({} if note is None else {"note": note})
        connection.execute(update(receipt).where(receipt.c.id.in_(receipt_ids)).values(values))


def hold(connection: Connection, one: Receipt, why: str) -> None:
    """Keep a file for a person to look at, with what it says of itself, in the caller's transaction."""
    settle(connection, [one.id], ReceiptState.QUARANTINED, why)
    period = None if one.said_period is None else str(one.said_period)
    said = {"said_unit": one.said_unit, "said_period": period, "said_form": one.said_form}
    connection.execute(update(receipt).where(receipt.c.id == one.id).values(said))


def wait_for(connection: Connection, receipt_id: int, unit: str, period: Period) -> None:
    """Keep a file until its month is collected, in the caller's transaction."""
    settle(connection, [receipt_id], ReceiptState.EARLY, f"Chờ kỳ {period.short} mở.")
    values = {"unit": unit, "period": str(period)}
    connection.execute(update(receipt).where(receipt.c.id == receipt_id).values(values))


def take_up(engine: Engine, periods: Collection[Period]) -> None:
    """Open again the files that waited for these months. Idempotent."""
    waited = (receipt.c.state == ReceiptState.EARLY, receipt.c.period.in_([str(period) for period in periods]))
    with writing(engine) as connection:
        connection.execute(update(receipt).where(*waited).values(state=ReceiptState.TAKEN, note=""))


def name_units(connection: Connection, receipts: Sequence[Receipt]) -> None:
    """Write down whose mailed files turned out to be, in the caller's transaction."""
    rows = [{"of": one.id, "whose": one.unit} for one in receipts if one.origin is not None and one.unit is not None]
    if rows:
        connection.execute(update(receipt).where(receipt.c.id == bindparam("of")).values(unit=bindparam("whose")), rows)


def in_quarantine(connection: Connection) -> list[Receipt]:
    """The files that wait for a person to look at them, in the order of arrival."""
    query = select(*_COLUMNS).where(receipt.c.state == ReceiptState.QUARANTINED).order_by(*_ARRIVAL)
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
    values = {**row, "period": Period.parse(row["period"]), "state": ReceiptState(row["state"])}
    said = values.get("said_period")
    return Receipt(**values | {"said_period": Period.parse(said) if said else None})


def _free(connection: Connection, *where: ColumnElement[bool]) -> list[int]:
    """The taken files that this process may check now, in the order of arrival; of whole units.

    A unit's files are checked one after the other: those that arrived after one that another living process holds wait
    for it, so that each sees what became of the one before.
    """
    query = (
        select(receipt.c.id, receipt.c.unit, receipt.c.held_by, receipt.c.held_until)
        .where(receipt.c.state == ReceiptState.TAKEN, *where)
        .order_by(*_ARRIVAL)
    )
    busy: set[str] = set()
    free = []
    for row in connection.execute(query):
        is_held = row.held_by != this_process() and not is_over(row.held_by, row.held_until)
        if not is_held and row.unit not in busy:
            free.append(row.id)
        elif row.unit is not None:
            busy.add(row.unit)
    return free
