"""Stored facts as frames: what the accepted submissions of each unit say, the newest version of each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, Subquery, and_, func, select
from sqlalchemy import Table as SqlTable

from baocao.domain.period import Period
from baocao.domain.submission import Submission, Verdict
from baocao.store.schema import CONTENT_TABLES, submission
from baocao.store.submissions import as_submission

if TYPE_CHECKING:
    import pandas as pd


def _effective(form: str, up_to: Period) -> Subquery:
    """The newest accepted version per unit and period, up to a period."""
    newest = (
        select(submission.c.unit, submission.c.period, func.max(submission.c.version).label("version"))
        .where(
            submission.c.form == form,
            submission.c.verdict == Verdict.ACCEPTED,
            submission.c.period <= str(up_to),
        )
        .group_by(submission.c.unit, submission.c.period)
        .subquery()
    )
    is_newest = and_(
        submission.c.unit == newest.c.unit,
        submission.c.period == newest.c.period,
        submission.c.version == newest.c.version,
        submission.c.form == form,
    )
    return select(*[column for column in submission.c if column.name != "info"]).join(newest, is_newest).subquery()


def effective(connection: Connection, form: str, up_to: Period) -> list[Submission]:
    """The submissions that count: the newest accepted version per unit and period, in the order of receipt."""
    found = _effective(form, up_to)
    return [as_submission(row) for row in connection.execute(select(found).order_by(found.c.id)).mappings()]


def frame_of(connection: Connection, table: str, form: str, up_to: Period) -> pd.DataFrame:
    """The rows of one sheet from every submission that counts, with ``period``, ``unit``, ``submission_version``.

    Ordered by period, unit and row. Empty numbers are NaN, empty texts are None.
    """
    import pandas as pd

    return pd.read_sql_query(_rows(CONTENT_TABLES[table], form, up_to), connection)


def _rows(table: SqlTable, form: str, up_to: Period) -> Select[tuple[object, ...]]:
    found = _effective(form, up_to)
    key = table.c.code if "code" in table.c else table.c.ordinal
    columns = [column for column in table.c if column.name != "submission_id"]
    return (
        select(found.c.period, found.c.unit, found.c.version.label("submission_version"), *columns)
        .join(found, found.c.id == table.c.submission_id)
        .order_by(found.c.period, found.c.unit, key)
    )
