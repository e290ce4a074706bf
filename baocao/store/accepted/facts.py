"""Stored facts as frames: what the accepted submissions of each unit say, the newest version of each period."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Float, Select, Subquery, Text, and_, case, func, select
from sqlalchemy import Table as SqlTable

from baocao.domain.planned.form import FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import ReceiptState, Submission, Verdict
from baocao.store.accepted.impossible import without_impossible
from baocao.store.schema.reporting import CONTENT_TABLES, assignments, receipt, submission
from baocao.store.submissions import as_submission, findings_of

if TYPE_CHECKING:
    import pandas as pd

_PREFILLED = ("lead", "coordinating", "due_date", "product")
_UNITS_AT_ONCE = 500
_HEAD = [column for column in submission.c if column.name != "info"]


def effective_subquery(
    form: str, up_to: Period, units: Collection[str] | None = None, since: Period | None = None
) -> Subquery:
    """The accepted version that arrived last, per unit and period, up to a period: the submissions that count.

    Of some units only where they are given, a few hundred at most; from a period on where one is given.
    """
    some = [] if units is None else [submission.c.unit.in_(sorted(units))]
    later = [] if since is None else [submission.c.period >= str(since)]
    newest = (
        select(submission.c.unit, submission.c.period, func.max(submission.c.arrival).label("arrival"))
        .where(
            submission.c.form == form,
            submission.c.verdict == Verdict.ACCEPTED,
            submission.c.period <= str(up_to),
            *some,
            *later,
        )
        .group_by(submission.c.unit, submission.c.period)
        .subquery()
    )
    is_newest = and_(
        submission.c.unit == newest.c.unit,
        submission.c.period == newest.c.period,
        submission.c.arrival == newest.c.arrival,
        submission.c.form == form,
    )
    return select(*_HEAD).join(newest, is_newest).subquery()


def effective(connection: Connection, form: str, up_to: Period) -> list[Submission]:
    """The submissions that count: the accepted version that arrived last per unit and period; by their ids."""
    found = effective_subquery(form, up_to)
    return [as_submission(row) for row in connection.execute(select(found).order_by(found.c.id)).mappings()]


def frame_of(
    connection: Connection, table: str, form: str, up_to: Period, units: Collection[str] | None = None
) -> pd.DataFrame:
    """The rows of one sheet from every submission that counts, with ``period``, ``unit``, ``submission_version``.

    Of some units only where they are given. Rows of tasks have the ``cutoff_date`` (ISO text) that the information
    sheet states. Ordered by period, unit and row. Numbers are float64, also where all are
    empty; other empty cells are NaN or None.
    """
    return _frame(connection, table, effective_subquery(form, up_to, units))


def _frame(connection: Connection, table: str, found: Subquery, worded: Period | None = None) -> pd.DataFrame:
    """The rows of the submissions found; texts only of the period ``worded`` where one is given.

    Whose rows they are is read once for each submission, not once for each row; and sorted here, so that every
    database gives the same order.
    """
    import numpy as np
    import pandas as pd

    target = CONTENT_TABLES[table]
    numbers = {column.name: "float64" for column in target.c if isinstance(column.type, Float)}
    rows = pd.read_sql_query(_rows(target, found, worded), connection, dtype=numbers)
    heads = pd.read_sql_query(_heads(found, with_cutoff=table == "tasks"), connection).sort_values(["period", "unit"])
    place = pd.Index(heads.pop("id")).get_indexer(rows.pop("submission_id"))
    key, _ = pd.factorize(rows["code" if "code" in rows else "ordinal"], sort=True)
    order = np.lexsort((key, place))
    whose, said = heads.take(place[order]), rows.take(order)
    frame = pd.concat([whose.reset_index(drop=True), said.reset_index(drop=True)], axis="columns")
    return without_impossible(frame) if table == "figures" else frame


def _heads(found: Subquery, *, with_cutoff: bool) -> Select[tuple[object, ...]]:
    heads = select(found.c.id, found.c.period, found.c.unit, found.c.version.label("submission_version"))
    if not with_cutoff:
        return heads
    stated = submission.c.info["cutoff_date"].as_string().label("cutoff_date")
    return heads.add_columns(stated).join(submission, submission.c.id == found.c.id)


def _rows(table: SqlTable, found: Subquery, worded: Period | None) -> Select[tuple[object, ...]]:
    columns = [
        case((found.c.period == str(worded), column)).label(column.name)
        if worded and isinstance(column.type, Text)
        else column
        for column in table.c
    ]
    return select(*columns).join(found, found.c.id == table.c.submission_id)


@dataclass(frozen=True)
class Facts:
    """All that a report of a period is made from; ``frames`` by sheet key, as :func:`frame_of` gives them.

    Frames have the periods before it too where the report looks back: figures without their texts, and difficulties.
    ``due_dates``: by unit and code, from the accepted assignment plans.
    """

    period: Period
    submissions: tuple[Submission, ...]
    effective: tuple[Submission, ...]
    quarantined: frozenset[str]
    findings: Mapping[int, list[Finding]]
    frames: Mapping[str, pd.DataFrame]
    due_dates: Mapping[tuple[str, str], date] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        """See :func:`basis_of`."""
        return basis_of(self.submissions, self.effective)


def basis_of(submissions: Sequence[Submission], counted: Sequence[Submission]) -> str:
    """A digest of the accepted submissions and whether each unit was on time; both in the order of receipt.

    Equal facts have an equal basis, so nothing is reported twice.
    """
    in_order = sorted(submissions, key=lambda one: one.order, reverse=True)
    first = {(one.period, one.unit): one for one in in_order if one.verdict is Verdict.ACCEPTED}
    text = "\n".join(
        f"{one.period} {one.unit} {one.version} {one.id} {first[one.period, one.unit].timeliness}" for one in counted
    )
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
        frames={sheet.key: _looking_back(connection, sheet.key, form, period) for sheet in plan.forms[form].sheets},
        due_dates=accepted_due_dates(connection, plan, [unit.code for unit in plan.units]),
    )


def _looking_back(connection: Connection, table: str, form: str, period: Period) -> pd.DataFrame:
    if table == "difficulties":
        return frame_of(connection, table, form, period)
    since = None if table == "figures" else period
    return _frame(connection, table, effective_subquery(form, period, since=since), worded=period)


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


def early_units(connection: Connection, period: Period) -> set[str]:
    """The units of whose files one waits for this period, because it came before it was collected."""
    query = select(receipt.c.unit).where(receipt.c.period == str(period), receipt.c.state == ReceiptState.EARLY)
    return {unit for unit in connection.scalars(query) if unit}


def accepted_assignments(
    connection: Connection, plan: Plan, units: Sequence[str]
) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """By unit and code: leader, coordinators, due date and product, from the newest accepted assignment plans."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for period in (one for one in plan.periods if plan.form_of(one).kind is FormKind.ASSIGNMENT):
        columns = [assignments.c[name] for name in _PREFILLED]
        for start in range(0, len(units), _UNITS_AT_ONCE):
            accepted = effective_subquery(plan.cycle(period).form, period, units[start : start + _UNITS_AT_ONCE])
            query = select(accepted.c.unit, assignments.c.code, *columns).join(
                accepted, accepted.c.id == assignments.c.submission_id
            )
            for row in connection.execute(query).mappings():
                found[row["unit"], row["code"]] = {name: row[name] for name in _PREFILLED}
    return found


def accepted_due_dates(connection: Connection, plan: Plan, units: Sequence[str]) -> dict[tuple[str, str], date]:
    """By unit and code, the due dates that the newest accepted assignment plans give."""
    assigned = accepted_assignments(connection, plan, units)
    return {key: row["due_date"] for key, row in assigned.items() if row["due_date"] is not None}
