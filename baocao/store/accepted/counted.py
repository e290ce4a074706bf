"""Which submissions count: the accepted version that arrived last; and what is known of units without their figures."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Subquery, and_, func, select

from baocao.domain.grouping import batched
from baocao.domain.planned.form import FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import ReceiptState, Submission, Verdict
from baocao.store.schema.reporting import assignments, receipt, submission
from baocao.store.submissions import as_submission

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
        for some in batched(units, _UNITS_AT_ONCE):
            accepted = effective_subquery(plan.cycle(period).form, period, some)
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
