"""The report of a period: numbered, made, rendered and published; each step can be run again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from baocao.consolidation.head import Head
from baocao.consolidation.restatement import earlier_restatements, restatements
from baocao.decisions.proposals import reminders
from baocao.domain.planned.form import FormKind
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.document import Document
from baocao.domain.signature import Signature
from baocao.mail.outbox import enqueue
from baocao.render.files import render_all
from baocao.render.papers import paper_of
from baocao.reporting.corrections import ensure_word, write_down
from baocao.reporting.following import follow, known_then
from baocao.reporting.kinds import kind_of
from baocao.reporting.prepared import Prepared
from baocao.reporting.report_mail import PDF_FILE, report_message
from baocao.store import reports
from baocao.store.accepted.facts import Facts, load_facts
from baocao.store.accepted.frame_memory import frames_given_back
from baocao.store.decisions import extended_deadlines
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.frozen import frozen_as
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.clock import Clock, whole_second
from baocao.system.collector import few_collections
from baocao.system.files import write_atomically
from baocao.system.locks import held
from baocao.workspace.admission import ensure_due
from baocao.workspace.past import ensure_unsealed, seal
from baocao.workspace.workspace import Workspace

DRAFT_FOLDER = "du-thao"


@frames_given_back()
@few_collections()
def prepare_report(
    workspace: Workspace, period: Period, clock: Clock, *, is_draft: bool, correction: Signature | None = None
) -> Prepared:
    """Number the report and make it from what is accepted now. Unchanged facts give the version published before.

    Raises:
        NotDueError: the period has not closed; or the facts changed since it was published, and ``correction`` is not
            given.
    """
    ensure_due(Job.REPORT, workspace.schedule(period), clock, is_draft=is_draft)
    kind = kind_of(workspace.plan, period)
    with writing(workspace.engine) as connection:
        plan = workspace.plan
        plan = plan.at(period) if is_draft else frozen_as(connection, plan, period, clock.now)
        facts = load_facts(connection, plan, period)
        if kind.looks_back:
            facts = replace(facts, months=_months_before(connection, plan, period))
        form = plan.cycle(period).form
        record = None if is_draft else _numbered(connection, form, facts, clock, correction)
        past = _past(connection, period, record)
        due = _submit_before(workspace, connection, period)
        followed = follow(connection, plan, facts, record)
    made_at = whole_second(workspace.local(record.made_at if record else clock.now))  # homes hold parts of seconds
    head = Head(made_at, version=record.version if record else 1, is_draft=is_draft, submit_before=due)
    report: Document = kind.build(plan, facts, head)
    decided = _decision(workspace, record) if record else {}
    report = report.model_copy(update={**_corrections(workspace, report, record, past), **decided})
    report = report.telling_of(known_then(followed, period, made_at), past.last_made_at)
    folder = workspace.home / "reports" / str(period) / DRAFT_FOLDER
    if record:
        folder = workspace.report_folder(period, record.version)
    return Prepared(report, paper_of(report), record, folder, kind.files(workspace, report))


@dataclass(frozen=True, slots=True)
class _Past:
    """What was published before: the versions of every earlier period, and this period's version that is corrected."""

    versions: Mapping[Period, list[ReportRecord]]
    corrected: ReportRecord | None

    @property
    def last_made_at(self) -> datetime | None:
        """When the newest of the reports before this one was made; None where there is none."""
        return max((some[-1].made_at for some in self.versions.values()), default=None)


def _past(connection: Connection, period: Period, record: ReportRecord | None) -> _Past:
    corrected = reports.published(connection, period, record.version - 1) if record and record.version > 1 else None
    return _Past(reports.published_before(connection, period), corrected)


def _corrections(workspace: Workspace, report: Document, record: ReportRecord | None, past: _Past) -> dict[str, Any]:
    """What is told of published figures that are others now: this period's, and those of earlier ones."""
    reason = (record.restatement_reason if record else None) or ""
    return {
        "restatements": restatements(report, past.corrected, reason),
        "earlier_restatements": earlier_restatements(past.versions, workspace.zone),
    }


def _submit_before(workspace: Workspace, connection: Connection, period: Period) -> dict[str, datetime]:
    """By unit the moment before which its report was to arrive: the plan's, or the one that it was granted."""
    granted = extended_deadlines(connection)
    planned = workspace.schedule(period).submit_before
    codes = [unit.code for unit in workspace.plan.at(period).units]
    return {code: workspace.local(granted.get((code, str(period)), planned)) for code in codes}


def _numbered(
    connection: Connection, form: str, facts: Facts, clock: Clock, correction: Signature | None
) -> ReportRecord:
    ensure_word(connection, facts.period, facts.basis, correction)
    before = reports.latest(connection, facts.period)
    reason = correction.reason if correction else ""
    record = reports.prepare(connection, form, facts.period, facts.basis, clock.now, reason)
    if correction:
        write_down(connection, before, record, correction)
    return record


def _decision(workspace: Workspace, record: ReportRecord) -> dict[str, Any]:
    if (
        record.state not in (ReportState.APPROVED, ReportState.SIGNING, ReportState.PUBLISHED)
        or record.decided_at is None
    ):
        return {}
    return {"approved_by": record.decided_by, "approved_at": workspace.local(record.decided_at)}


def _months_before(connection: Connection, plan: Plan, period: Period) -> Facts | None:
    """What a report looks back on; nothing where the plan asks no months."""
    months = [one for one in plan.periods if plan.form_of(one).kind is FormKind.MONTHLY and one < period]
    return load_facts(connection, plan, months[-1]) if months else None


@few_collections()
def render_report(workspace: Workspace, prepared: Prepared) -> Path:
    """Write the report's files, whole or not at all; a published report's files are never touched again.

    Nor are those that lie with their signer, or that another run has made of newer facts meanwhile.

    Raises:
        UsageError: the folder was published, and the database does not know of it.
    """
    with held(workspace.reports_lock):
        state = _state_now(workspace, prepared.record)
        if state is ReportState.PUBLISHED:
            seal(prepared.folder)
        elif prepared.record is None or state not in (None, ReportState.SIGNING):
            ensure_unsealed(prepared.folder)
            render_all(prepared.paper, prepared.folder, prepared.beside)
    return prepared.folder


def _state_now(workspace: Workspace, record: ReportRecord | None) -> ReportState | None:
    """How far a version has come, whoever brought it there; None for a draft and where newer facts took its place."""
    if record is None:
        return None
    with reading(workspace.engine) as connection:
        return reports.state_of(connection, record)


def publish_report(workspace: Workspace, prepared: Prepared, clock: Clock) -> bool:
    """Close the version and queue its mail in one transaction. Returns whether this call did so; drafts never are."""
    if prepared.record is None or prepared.is_published:
        return False
    with held(workspace.reports_lock):
        with writing(workspace.engine) as connection:
            is_mine = publish_in(connection, workspace, prepared, clock)
        if is_mine:
            seal(prepared.folder)
    return is_mine


def _seal_document(workspace: Workspace, path: Path) -> None:
    """Put the office's seal on the PDF, where it has one. Idempotent."""
    settings = workspace.settings
    if settings.seal_p12 is None or not path.is_file():
        return
    from baocao.reporting.sealing import seal_pdf  # noqa: PLC0415 - few offices have a seal; its library is heavy

    write_atomically(path, seal_pdf(path.read_bytes(), settings.seal_p12, settings.seal_password_file))


def publish_in(
    connection: Connection, workspace: Workspace, prepared: Prepared, clock: Clock, *, number: str = ""
) -> bool:
    """Close a version and queue its mail in the caller's transaction; ``number`` is the one of a signed report.

    One that goes out unsigned gets the office's seal first, where there is one. Returns False where it may not go out.
    """
    report, record = prepared.report, prepared.record
    must_be_approved = workspace.settings.approval == "required"
    if record is None or not reports.publish(
        connection, record, report.figures, clock.now, must_be_approved=must_be_approved
    ):
        return False
    if not number:
        _seal_document(workspace, prepared.folder / PDF_FILE)
    kind = kind_of(workspace.plan, report.period)
    outgoing = [
        report_message(workspace, prepared.paper, prepared.folder, number),
        *kind.letters(workspace, report, prepared.folder),
        *reminders(workspace, report.followed, report.period),
    ]
    enqueue(connection, outgoing, workspace.outbox_folder, clock.now)
    return True
