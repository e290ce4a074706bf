"""Reports: one row per version; a published version is never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from baocao.domain.grouping import grouped
from baocao.domain.labelled import Labelled
from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import FigureResult
from baocao.store.engine.dialect import lock_for_one
from baocao.store.schema.reporting import report


class ReportState(Labelled):
    """Where a version of a period's report stands; with other facts it is PREPARED anew, but for PUBLISHED."""

    # Numbered and being rendered; goes out, or to its approver where one is asked.
    PREPARED = "prepared", "đang dựng"
    # Sent to the approver, who is reminded as the day comes near.
    AWAITING = "awaiting", "chờ duyệt"
    # A person let it go out; the next run publishes it.
    APPROVED = "approved", "đã duyệt"
    # It may go out, and its signed file is waited for (BAOCAO_RELEASE=signed); released with number and date.
    SIGNING = "signing", "chờ bản ký số"
    # A person kept it back, with a reason; it waits for other facts or another decision.
    REFUSED = "refused", "không duyệt"
    # Its mails are in the outbox, for good; what is wrong with it is corrected by a new version.
    PUBLISHED = "published", "đã phát hành"


_OPEN = (ReportState.PREPARED, ReportState.AWAITING, ReportState.APPROVED, ReportState.SIGNING)


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """One version of a period's report. ``figures`` are the consolidated rows as they were reported."""

    id: int
    form: str
    period: Period
    version: int
    state: ReportState
    basis: str
    figures: tuple[FigureResult, ...]
    made_at: datetime
    sent_at: datetime | None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    restatement_reason: str | None = None


def prepare(
    connection: Connection, form: str, period: Period, basis: str, made_at: datetime, reason: str = ""
) -> ReportRecord:
    """The version to make: the last one where the facts are the same, else one prepared anew. Idempotent.

    A decision counts for the facts that were decided on: with other facts the report is to be approved again.
    ``reason``: why a published report is corrected; kept once given, until the version is published.
    """
    lock_for_one(connection, report)
    last = latest(connection, period)
    if reason and last is not None and last.version > 1 and last.state is not ReportState.PUBLISHED:
        connection.execute(update(report).where(report.c.id == last.id).values(restatement_reason=reason))
        last = latest(connection, period)
    if last is not None and last.basis == basis:
        return last
    if last is not None and last.state is not ReportState.PUBLISHED:
        undecided = {"decided_by": None, "decided_at": None, "decision_reason": None}
        anew = {"state": ReportState.PREPARED, "basis": basis, "made_at": made_at, **undecided}
        connection.execute(update(report).where(report.c.id == last.id).values(**anew))
    else:
        version = 1 if last is None else last.version + 1
        state = ReportState.PREPARED
        values = {"form": form, "period": str(period), "version": version, "state": state, "basis": basis}
        why = reason if version > 1 else None
        connection.execute(insert(report).values(**values, figures=[], made_at=made_at, restatement_reason=why))
    prepared = latest(connection, period)
    if prepared is None:
        raise LookupError(f"report of {period} vanished")
    return prepared


def publish(
    connection: Connection,
    record: ReportRecord,
    figures: Sequence[FigureResult],
    sent_at: datetime,
    *,
    must_be_approved: bool = False,
) -> bool:
    """Close a version with what it says, in the transaction that queues its mails. False where it may not go out."""
    may_go_out = (ReportState.APPROVED, ReportState.SIGNING) if must_be_approved else _OPEN
    changed = connection.execute(
        update(report)
        .where(report.c.id == record.id, report.c.state.in_(may_go_out), report.c.basis == record.basis)
        .values(state=ReportState.PUBLISHED, figures=[one.model_dump(mode="json") for one in figures], sent_at=sent_at)
    )
    return changed.rowcount == 1


def set_awaiting(connection: Connection, record: ReportRecord) -> None:
    """Note that a prepared version was sent to its approver."""
    connection.execute(
        update(report)
        .where(report.c.id == record.id, report.c.state == ReportState.PREPARED, report.c.basis == record.basis)
        .values(state=ReportState.AWAITING)
    )


def set_signing(connection: Connection, record: ReportRecord, *, must_be_approved: bool) -> bool:
    """Note that a version waits for its signed file. False where it may not go out, or waits already."""
    may_go_out = (ReportState.APPROVED,) if must_be_approved else (ReportState.PREPARED, ReportState.APPROVED)
    changed = connection.execute(
        update(report)
        .where(report.c.id == record.id, report.c.state.in_(may_go_out), report.c.basis == record.basis)
        .values(state=ReportState.SIGNING)
    )
    return changed.rowcount == 1


def decide(connection: Connection, period: Period, state: ReportState, by: str, reason: str, at: datetime) -> bool:
    """Note a person's decision on the newest version, which must not be published. Returns whether it was noted."""
    last = latest(connection, period)
    if last is None or last.state is ReportState.PUBLISHED:
        return False
    values = {"state": state, "decided_by": by, "decided_at": at, "decision_reason": reason}
    connection.execute(update(report).where(report.c.id == last.id).values(**values))
    return True


def latest(connection: Connection, period: Period) -> ReportRecord | None:
    """The newest version of a period's report."""
    query = select(report).where(report.c.period == str(period)).order_by(report.c.version.desc()).limit(1)
    return _first(connection.execute(query).mappings().all())


def state_of(connection: Connection, record: ReportRecord) -> ReportState | None:
    """How far a version has come by now; None where it has been made of other facts since."""
    query = select(report.c.state).where(report.c.id == record.id, report.c.basis == record.basis)
    state = connection.scalar(query)
    return None if state is None else ReportState(state)


def every(connection: Connection) -> list[ReportRecord]:
    """Every version of every period's report, in order."""
    query = select(report).order_by(report.c.period, report.c.version)
    return [_record(row) for row in connection.execute(query).mappings()]


def published(connection: Connection, period: Period, version: int | None = None) -> ReportRecord | None:
    """A published version; without a number the newest one."""
    query = select(report).where(report.c.period == str(period), report.c.state == ReportState.PUBLISHED)
    if version is not None:
        query = query.where(report.c.version == version)
    return _first(connection.execute(query.order_by(report.c.version.desc()).limit(1)).mappings().all())


def published_versions(connection: Connection) -> list[tuple[str, int]]:
    """The period (``2022-10``) and number of every published version."""
    query = select(report.c.period, report.c.version).where(report.c.state == ReportState.PUBLISHED)
    return [(period, version) for period, version in connection.execute(query)]


def published_before(connection: Connection, period: Period) -> dict[Period, list[ReportRecord]]:
    """Every published version of the periods before this one, in order."""
    query = select(report).where(report.c.period < str(period), report.c.state == ReportState.PUBLISHED)
    rows = connection.execute(query.order_by(report.c.period, report.c.version)).mappings()
    return grouped(map(_record, rows), lambda record: record.period)


def _first(rows: Sequence[RowMapping]) -> ReportRecord | None:
    return _record(rows[0]) if rows else None


def _record(row: RowMapping) -> ReportRecord:
    values: dict[str, Any] = dict(row)
    values["period"] = Period.parse(values["period"])
    values["state"] = ReportState(values["state"])
    values["figures"] = tuple(FigureResult.model_validate(figure) for figure in values["figures"])
    return ReportRecord(**values)
