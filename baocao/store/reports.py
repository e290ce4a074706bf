"""Reports: one row per version; a published version is never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from baocao.domain.period import Period
from baocao.domain.progress import FigureResult
from baocao.store.dialect import lock_for_versions
from baocao.store.schema import report


class ReportState(StrEnum):
    """PREPARED: numbered and being rendered; PUBLISHED: its mails are in the outbox, for good."""

    PREPARED = "prepared"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """The state for people."""
        return {"prepared": "đang dựng", "published": "đã phát hành"}[self]


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


def prepare(connection: Connection, form: str, period: Period, basis: str, made_at: datetime) -> ReportRecord:
    """The version to make: the published one where the facts are the same, else a prepared one. Idempotent."""
    lock_for_versions(connection, report)
    last = latest(connection, period)
    if last is not None and last.state is ReportState.PUBLISHED and last.basis == basis:
        return last
    if last is not None and last.state is ReportState.PREPARED:
        connection.execute(update(report).where(report.c.id == last.id).values(basis=basis, made_at=made_at))
    else:
        version = 1 if last is None else last.version + 1
        state = ReportState.PREPARED
        values = {"form": form, "period": str(period), "version": version, "state": state, "basis": basis}
        connection.execute(insert(report).values(**values, figures=[], made_at=made_at))
    prepared = latest(connection, period)
    if prepared is None:
        raise LookupError(f"report of {period} vanished")
    return prepared


def publish(connection: Connection, record: ReportRecord, figures: Sequence[FigureResult], sent_at: datetime) -> bool:
    """Close a prepared version with what it says, in the transaction that queues its mails. False if it was closed."""
    changed = connection.execute(
        update(report)
        .where(report.c.id == record.id, report.c.state == ReportState.PREPARED, report.c.basis == record.basis)
        .values(state=ReportState.PUBLISHED, figures=[one.model_dump(mode="json") for one in figures], sent_at=sent_at)
    )
    return changed.rowcount == 1


def latest(connection: Connection, period: Period) -> ReportRecord | None:
    """The newest version of a period's report."""
    query = select(report).where(report.c.period == str(period)).order_by(report.c.version.desc()).limit(1)
    return _first(connection.execute(query).mappings().all())


def published(connection: Connection, period: Period, version: int | None = None) -> ReportRecord | None:
    """A published version; without a number the newest one."""
    query = select(report).where(report.c.period == str(period), report.c.state == ReportState.PUBLISHED)
    if version is not None:
        query = query.where(report.c.version == version)
    return _first(connection.execute(query.order_by(report.c.version.desc()).limit(1)).mappings().all())


def _first(rows: Sequence[RowMapping]) -> ReportRecord | None:
    return _record(rows[0]) if rows else None


def _record(row: RowMapping) -> ReportRecord:
    values: dict[str, Any] = dict(row)
    values["period"] = Period.parse(values["period"])
    values["state"] = ReportState(values["state"])
    values["figures"] = tuple(FigureResult.model_validate(figure) for figure in values["figures"])
    return ReportRecord(**values)
