"""Verdicts and deadlines that a person sets: written over what the rules and the calendar said, never by them."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Submission, Timeliness, Verdict, judge_timeliness
from baocao.store.engine.dialect import insert_ignoring
from baocao.store.schema.audit import extension
from baocao.store.schema.reporting import submission
from baocao.store.submissions import as_submission


def versions_of(connection: Connection, unit: str, period: Period, *, lock: bool = False) -> list[Submission]:
    """Every version that a unit sent for a period, in order; with ``lock`` nobody else decides on them meanwhile."""
    columns = [column for column in submission.c if column.name != "info"]
    query = select(*columns).where(submission.c.unit == unit, submission.c.period == str(period))
    query = query.order_by(submission.c.version)
    rows = connection.execute(query.with_for_update() if lock else query)
    return [as_submission(row) for row in rows.mappings()]


def decide(connection: Connection, one: Submission, verdict: Verdict, by: str, at: datetime, reason: str) -> None:
    """Set the verdict on one version by hand; the rules' findings stay as they were."""
    values = {"verdict": verdict, "decided_by": by, "decided_at": at, "decision_reason": reason}
    connection.execute(update(submission).where(submission.c.id == one.id).values(**values))


def extended_deadlines(connection: Connection) -> dict[tuple[str, str], datetime]:
    """The deadlines that were extended, aware, by unit and period (``2022-10``)."""
    return {(row.unit, row.period): row.submit_before for row in connection.execute(select(extension))}


def extend(connection: Connection, unit: str, period: Period, until: datetime) -> list[tuple[Submission, Submission]]:
    """Set a unit's deadline for a period and judge anew, by it, whether what was late was on time after all.

    What was once judged on time stays so, with the deadline that it was judged by where that is the later one.

    Returns what changed: each version before and after. Versions that come later are judged by it at receipt.
    """
    row = {"unit": unit, "period": str(period), "submit_before": until}
    insert_ignoring(connection, extension, [row], extension.c.unit, extension.c.period)
    where = (extension.c.unit == unit) & (extension.c.period == str(period))
    connection.execute(update(extension).where(where).values(submit_before=until))
    before = versions_of(connection, unit, period, lock=True)
    for one in before:
        if one.timeliness is Timeliness.ON_TIME and until <= one.submit_before:
            continue
        kept = one.timeliness is Timeliness.ON_TIME
        timeliness = one.timeliness if kept else judge_timeliness(one.received_at, until)
        values = {"submit_before": max(until, one.submit_before), "timeliness": timeliness}
        connection.execute(update(submission).where(submission.c.id == one.id).values(**values))
    after = versions_of(connection, unit, period)
    return [(old, new) for old, new in zip(before, after, strict=True) if old.timeliness is not new.timeliness]
