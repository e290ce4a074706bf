"""Proposals with their numbers, which reports put forward; and what was answered to them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from baocao.domain.planned.period import Period
from baocao.domain.reported.followed import Answer, Closing, Followed, digest_of, is_put
from baocao.domain.reported.progress import Difficulty
from baocao.domain.signature import Signature
from baocao.store.engine.dialect import lock_for_one
from baocao.store.schema.published import proposal

_HERE = proposal.c
_AT = "at_number"


def known(connection: Connection) -> list[Followed]:
    """Every proposal that was ever put forward, by its number."""
    return [_followed(row) for row in connection.execute(select(proposal).order_by(_HERE.number)).mappings()]


def put_forward(
    connection: Connection, difficulties: Sequence[Difficulty], reporting: Collection[str], period: Period
) -> None:
    """Number what the units propose in a period, and note what they propose no longer, in the caller's transaction.

    ``reporting``: the units whose report of the period counts. Idempotent; an earlier period changes nothing of what a
    later one told.
    """
    lock_for_one(connection, proposal)
    columns = (_HERE.unit, _HERE.digest, _HERE.number, _HERE.raised)
    there = {(row.unit, row.digest): row for row in connection.execute(select(*columns))}
    last = max((row.number for row in there.values()), default=0)
    current = {(one.unit, digest_of(one)): one for one in reversed(difficulties) if is_put(one)}
    new = [
        {"number": number, "digest": key[1], **_words(current[key], period), "since": str(current[key].since or period)}
        for number, key in enumerate((key for key in reversed(current) if key not in there), start=last + 1)
    ]
    if new:
        connection.execute(insert(proposal), new)
    again = ((row.number, current[key]) for key, row in there.items() if key in current and row.raised < str(period))
    _change(connection, [{_AT: number, **_words(one, period), "silent": None} for number, one in again])
    _note_silent(connection, [row.number for key, row in there.items() if key not in current], reporting, period)


def _change(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write values of the same columns into very many proposals, each found by its number under :data:`_AT`."""
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != _AT}
        connection.execute(update(proposal).where(_HERE.number == bindparam(_AT)).values(values), rows)


def _words(one: Difficulty, period: Period) -> dict[str, object]:
    names = ("unit", "difficulty", "proposal", "settled_by", "is_beyond_authority")
    return {name: getattr(one, name) for name in names} | {"raised": str(period)}


def _note_silent(connection: Connection, numbers: Sequence[int], reporting: Collection[str], period: Period) -> None:
    """What a unit reports without, for the first time after it was raised."""
    rows = connection.execute(select(_HERE.number, _HERE.unit, _HERE.raised).where(_HERE.silent.is_(None)))
    silent = [row.number for row in rows if row.unit in reporting and row.raised < str(period)]
    _change(connection, [{_AT: number, "silent": str(period)} for number in set(silent) & set(numbers)])


def answer(connection: Connection, number: int, signed: Signature, owner: str, due: str) -> None:
    """Keep a leader's answer, signed with who gave it and its text; a later one takes its place."""
    values = {"answered_by": signed.name, "answered_at": signed.at, "answer": signed.reason}
    connection.execute(update(proposal).where(_HERE.number == number).values(**values, owner=owner, due=due))


def close(connection: Connection, number: int, signed: Signature) -> None:
    """Close a proposal by hand."""
    values = {"closed_by": signed.name, "closed_at": signed.at, "closed_reason": signed.reason}
    connection.execute(update(proposal).where(_HERE.number == number).values(**values))


def one_of(connection: Connection, number: int) -> Followed | None:
    """A proposal by its number, which nobody else decides on before the transaction ends."""
    query = select(proposal).where(_HERE.number == number).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _followed(row)


def _followed(row: RowMapping) -> Followed:
    names = ("number", "unit", "difficulty", "proposal", "settled_by", "is_beyond_authority")
    answered = row["answered_at"] and Answer(
        by=row["answered_by"], at=row["answered_at"], text=row["answer"], owner=row["owner"], due=row["due"]
    )
    closed = row["closed_at"] and Closing(by=row["closed_by"], at=row["closed_at"], reason=row["closed_reason"])
    return Followed(
        **{name: row[name] for name in names},
        since=Period.parse(row["since"]),
        raised=Period.parse(row["raised"]),
        silent=Period.parse(row["silent"]) if row["silent"] else None,
        answer=answered or None,
        closing=closed or None,
    )
