"""Which dates of a period the units were told, newest last; a calendar that changes afterwards is told again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from baocao.domain.planned.period import Period
from baocao.store.engine.dialect import insert_ignoring
from baocao.store.schema.reporting import announcement


@dataclass(frozen=True, slots=True)
class Announcement:
    """The deadline and the last working day before it, as they were told; ``number`` counts from 1."""

    number: int
    submit_before: datetime
    last_day: date


def last_announced(connection: Connection, period: Period) -> Announcement | None:
    """What the units know; None where nothing was told, or by a version that did not keep it."""
    query = select(announcement).where(announcement.c.period == str(period)).order_by(announcement.c.number.desc())
    row = connection.execute(query.limit(1)).mappings().first()
    return Announcement(row["number"], row["submit_before"], row["last_day"]) if row else None


def note_announced(connection: Connection, period: Period, told: Announcement, at: datetime) -> None:
    """Keep what is being told, in the caller's transaction. Idempotent by its number."""
    row = {
        "period": str(period),
        "number": told.number,
        "submit_before": told.submit_before,
        "last_day": told.last_day,
        "at": at,
    }
    insert_ignoring(connection, announcement, [row], announcement.c.period, announcement.c.number)
