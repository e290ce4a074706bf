"""Stored facts as frames: what the accepted submissions of each unit say, the newest version of each period."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, Subquery, and_, func, select
from sqlalchemy import Table as SqlTable

from baocao.domain.finding import Finding
from baocao.domain.period import Period
from baocao.domain.plan import Plan
from baocao.domain.submission import ReceiptState, Submission, Verdict
from baocao.store.schema import CONTENT_TABLES, receipt, submission
from baocao.store.submissions import as_submission, findings_of

if TYPE_CHECKING:
    import pandas as pd

_HEAD = [column for column in submission.c if column.name != "info"]


def effective_subquery(form: str, up_to: Period) -> Subquery:
    """The newest accepted version per unit and period, up to a period: the submissions that count."""
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
    return select(*_HEAD).join(newest, is_newest).subquery()


def effective(connection: Connection, form: str, up_to: Period) -> list[Submission]:
    """The submissions that count: the newest accepted version per unit and period, in the order of receipt."""
    found = effective_subquery(form, up_to)
    return [as_submission(row) for row in connection.execute(select(found).order_by(found.c.id)).mappings()]


def frame_of(connection: Connection, table: str, form: str, up_to: Period) -> pd.DataFrame:
    """The rows of one sheet from every submission that counts, with ``period``, ``unit``, ``submission_version``.

    Ordered by period, unit and row. Empty numbers are NaN, empty texts are None.
    """
    import pandas as pd

    return pd.read_sql_query(_rows(CONTENT_TABLES[table], form, up_to), connection)


def _rows(table: SqlTable, form: str, up_to: Period) -> Select[tuple[object, ...]]:
    found = effective_subquery(form, up_to)
    key = table.c.code if "code" in table.c else table.c.ordinal
    columns = [column for column in table.c if column.name != "submission_id"]
    return (
        select(found.c.period, found.c.unit, found.c.version.label("submission_version"), *columns)
        .join(found, found.c.id == table.c.submission_id)
        .order_by(found.c.period, found.c.unit, key)
    )


@dataclass(frozen=True)
class Facts:
    """All that a report of a period is made from; ``frames`` by sheet key, as :func:`frame_of` gives them."""

    period: Period
    submissions: tuple[Submission, ...]
    effective: tuple[Submission, ...]
    quarantined: frozenset[str]
    findings: Mapping[int, list[Finding]]
    frames: Mapping[str, pd.DataFrame]

    @property
    def basis(self) -> str:
        """A digest of the accepted submissions; equal facts have an equal basis, so nothing is reported twice."""
        text = "\n".join(f"{one.period} {one.unit} {one.version} {one.id}" for one in self.effective)
        return hashlib.sha256(text.encode()).hexdigest()


def load_facts(connection: Connection, plan: Plan, period: Period) -> Facts:
    """What is known about a period and the periods of its cycle before it, as of this transaction."""
    form = plan.cycle(period).form
    submissions = tuple(submissions_up_to(connection, form, period))
    counted = effective(connection, form, period)
    shown = {one.unit: one.id for one in submissions if one.period == period}
    shown |= {one.unit: one.id for one in counted if one.period == period}
    return Facts(
        period=period,
        submissions=submissions,
        effective=tuple(counted),
        quarantined=frozenset(quarantined_units(connection, period)),
        findings=findings_of(connection, sorted(shown.values())),
        frames={sheet.key: frame_of(connection, sheet.key, form, period) for sheet in plan.forms[form].sheets},
    )


def submissions_up_to(connection: Connection, form: str, up_to: Period) -> list[Submission]:
    """Every version of every unit for a form, up to a period, in the order of receipt."""
    rows = connection.execute(
        select(*_HEAD).where(submission.c.form == form, submission.c.period <= str(up_to)).order_by(submission.c.id)
    )
    return [as_submission(row) for row in rows.mappings()]


def quarantined_units(connection: Connection, period: Period) -> set[str]:
    """The units of whose files one lies in the quarantine since this period was collected."""
    query = select(receipt.c.unit).where(
        receipt.c.period == str(period), receipt.c.state == ReceiptState.QUARANTINED, receipt.c.unit.is_not(None)
    )
    return {unit for unit in connection.scalars(query) if unit}
