"""The home itself: which plan it belongs to, and since when it lives."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Engine, or_, select, update

from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import home


def began_at(connection: Connection) -> datetime | None:
    """The earliest moment, real or simulated, at which anything was done here; None where nothing was yet."""
    moment: datetime | None = connection.scalar(select(home.c.began_at))
    return moment


def note_beginning(connection: Connection, at: datetime) -> None:
    """Something is done at this moment: the home lives since then, or longer. Idempotent."""
    is_earlier = or_(home.c.began_at.is_(None), home.c.began_at > at)
    connection.execute(update(home).where(is_earlier).values(began_at=at))


def keep_unbounded(engine: Engine, codes: Collection[str]) -> None:
    """Tell the views whose numerator may exceed the denominator. Idempotent; writes only what is new."""
    known = f" {' '.join(sorted(codes))} " if codes else " "
    with reading(engine) as connection:
        is_known = connection.scalar(select(home.c.unbounded)) == known
    if not is_known:
        with writing(engine) as connection:
            connection.execute(update(home).values(unbounded=known))
