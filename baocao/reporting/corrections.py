"""Đính chính: a published report is corrected only where a person says so and why; the audit book keeps it."""

from baocao.domain.planned.period import Period
from baocao.domain.signature import Signature
from baocao.store import audit, reports
from baocao.store.accepted.counted import basis_of, effective, submissions_up_to
from baocao.store.engine.database import reading
from baocao.store.engine.names import Connection
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.errors import NotDueError
from baocao.workspace.workspace import Workspace


def ensure_said(workspace: Workspace, period: Period, correction: Signature | None) -> None:
    """Refuse a report that would correct a published one without a person's word; see :func:`ensure_word`."""
    form = workspace.plan.cycle(period).form
    with reading(workspace.engine) as connection:
        basis = basis_of(submissions_up_to(connection, form, period), effective(connection, form, period))
        ensure_word(connection, period, basis, correction)


def ensure_word(connection: Connection, period: Period, basis: str, correction: Signature | None) -> None:
    """Refuse to make a report of these facts where it would correct a published one without a person's word.

    A correction that was begun goes on without saying it again; said again once it is published, it changes nothing.

    Raises:
        NotDueError: the facts changed since the publication and nobody said that it is to be corrected; or it is to
            be corrected, and there is nothing to correct.
    """
    last, published = reports.latest(connection, period), reports.published(connection, period)
    if correction is not None:
        _ensure_correctable(period, basis, published, correction)
    elif last is not None and published is not None and last.basis != basis and not _is_begun(last):
        raise NotDueError(
            f"Số liệu kỳ {period.short} đã thay đổi từ báo cáo lần {published.version}; chưa dựng và chưa gửi gì. "
            f'Nếu phải đính chính: baocao report --period {period} --restate --reason "LÝ DO".'
        )


def _is_begun(last: ReportRecord) -> bool:
    return last.state is not ReportState.PUBLISHED and bool(last.restatement_reason)


def _ensure_correctable(period: Period, basis: str, published: ReportRecord | None, correction: Signature) -> None:
    if published is None:
        raise NotDueError(f"Kỳ {period.short} chưa có báo cáo nào phát hành để đính chính; hãy chạy không --restate.")
    if published.basis == basis and published.restatement_reason != correction.reason:
        raise NotDueError(
            f"Số liệu kỳ {period.short} không đổi từ báo cáo lần {published.version}; không có gì đính chính."
        )


def write_down(
    connection: Connection, before: ReportRecord | None, record: ReportRecord, correction: Signature
) -> None:
    """Keep who corrects which version and why, in the transaction that numbers the correction; once for each reason."""
    if before is None or (before.version, before.restatement_reason) == (record.version, record.restatement_reason):
        return
    subject = f"report/{record.period}/v{record.version}"
    audit.record(connection, correction, "restate", subject, period=record.period)
