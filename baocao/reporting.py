"""The report of a period: numbered, made, rendered and published; each step can be run again."""

from dataclasses import dataclass
from pathlib import Path

from baocao.clock import Clock
from baocao.consolidation.report import build_report
from baocao.consolidation.restatement import restatements
from baocao.domain.period import Period
from baocao.domain.report import Report
from baocao.errors import NotDueError
from baocao.mail.outbox import enqueue
from baocao.mail.reports import report_message
from baocao.store import reports
from baocao.store.database import reading, writing
from baocao.store.facts import load_facts
from baocao.store.reports import ReportRecord, ReportState
from baocao.workspace import Workspace

DRAFT_FOLDER = "du-thao"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report with its record; ``record`` is None for a draft, which is neither numbered nor mailed."""

    report: Report
    record: ReportRecord | None
    folder: Path

    @property
    def is_published(self) -> bool:
        """Whether these very facts were published before, so that nothing is left to do."""
        return self.record is not None and self.record.state is ReportState.PUBLISHED


def ensure_closed(workspace: Workspace, period: Period, clock: Clock) -> None:
    """Refuse a report before its period closes.

    Raises:
        NotDueError: with the time from which it can be made.
    """
    close_at = workspace.schedule(period).close_at
    if clock.now < close_at:
        raise NotDueError(
            f"Kỳ {period.short} chưa khóa sổ: hạn nộp là trước {close_at:%H:%M ngày %d/%m/%Y}. "
            "Hãy chờ đến lúc đó, hoặc thêm --draft để xem bản dự thảo."
        )


def prepare_report(workspace: Workspace, period: Period, clock: Clock, *, is_draft: bool) -> Prepared:
    """Number the report and make it from what is accepted now. Unchanged facts give the version published before."""
    if not is_draft:
        ensure_closed(workspace, period, clock)
    with writing(workspace.engine) as connection:
        facts = load_facts(connection, workspace.plan, period)
        form = workspace.plan.cycle(period).form
        record = None if is_draft else reports.prepare(connection, form, period, facts.basis, clock.now)
        before = reports.published(connection, period, record.version - 1) if record and record.version > 1 else None
    report = build_report(
        workspace.plan,
        facts,
        workspace.local(record.made_at if record else clock.now),
        version=record.version if record else 1,
        is_draft=is_draft,
    )
    report = report.model_copy(update={"restatements": restatements(report, before)})
    folder = workspace.home / "reports" / str(period) / DRAFT_FOLDER
    return Prepared(report, record, workspace.report_folder(period, record.version) if record else folder)


def render_report(prepared: Prepared) -> Path:
    """Write the report's files, whole or not at all; a published report's files are never touched again."""
    from baocao.render import render_all

    if not prepared.is_published:
        render_all(prepared.report, prepared.folder)
    return prepared.folder


def publish_report(workspace: Workspace, prepared: Prepared, clock: Clock) -> bool:
    """Close the version and queue its mail in one transaction. Returns whether this call did so; drafts never are."""
    record = prepared.record
    if record is None or prepared.is_published:
        return False
    outgoing = report_message(workspace, prepared.report, prepared.folder)
    with writing(workspace.engine) as connection:
        if not reports.publish(connection, record, prepared.report.figures, clock.now):
            return False
        enqueue(connection, [outgoing], workspace.outbox_folder, clock.now)
    return True


def latest_report(workspace: Workspace, period: Period) -> ReportRecord | None:
    """The newest version of a period's report, published or not."""
    with reading(workspace.engine) as connection:
        return reports.latest(connection, period)
