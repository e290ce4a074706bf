"""Báo cáo: prepare, render, have approved, publish."""

from pathlib import Path

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from baocao.domain.planned.period import Period
from baocao.domain.signature import Signature
from baocao.oversight.alerts import queue_render_faults
from baocao.render.workshop import faults_in
from baocao.reporting import approval_requests
from baocao.reporting.empty_reports import send_draft
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.reporting.prepared import Prepared, is_empty
from baocao.reporting.signed.requests import await_signature
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import once_more

SHOWN_SECTIONS = 3


@task(name="Tổng hợp số liệu", task_run_name="Tổng hợp số liệu kỳ {period}", cache_policy=NO_CACHE)
def prepare(period: Period, clock: Clock, *, is_draft: bool, correction: Signature | None = None) -> Prepared:
    """Number the report and make it from what is accepted now."""
    return prepare_report(open_workspace(), period, clock, is_draft=is_draft, correction=correction)


@task(
    name="Dựng báo cáo",
    **once_more(30),
    timeout_seconds=1800,
)
def render(prepared: Prepared) -> Path:
    """Write the workbook, the Word document, the PDF, the mail body and the charts."""
    folder = render_report(open_workspace(), prepared)
    for fault in faults_in(folder):
        get_run_logger().error("Không dựng được tệp %s", fault)
    return folder


@task(name="Xem có số liệu để báo cáo", cache_policy=NO_CACHE)
def has_nothing(period: Period) -> bool:
    """Whether no submission of a period was accepted."""
    return is_empty(open_workspace(), period)


@task(name="Gửi dự thảo báo cáo trống", cache_policy=NO_CACHE)
def send_empty_draft(prepared: Prepared, clock: Clock) -> bool:
    """Queue the mail that brings an empty period's draft to the coordinator, once."""
    return send_draft(open_workspace(), prepared, clock)


@task(
    name="Trình duyệt",
    **once_more(30),
)
def ask_approver(prepared: Prepared, clock: Clock, *, may_remind: bool = True) -> None:
    """Queue the draft for the approver."""
    approval_requests.ask(open_workspace(), prepared, clock, may_remind=may_remind)


@task(name="Phát hành báo cáo", cache_policy=NO_CACHE)
def publish(prepared: Prepared, clock: Clock) -> bool:
    """Close the version and queue its mail, in one transaction; alert the operators of files that are missing.

    Where reports go out signed, its signed file is asked for instead.
    """
    workspace = open_workspace()
    queue_render_faults(workspace, prepared, clock)
    if workspace.settings.release == "signed":
        return await_signature(workspace, prepared, clock)
    return publish_report(workspace, prepared, clock)


@task(name="Tóm tắt báo cáo", cache_policy=NO_CACHE)
def show_report(prepared: Prepared) -> None:
    """The report's first sentences, and where its files are."""
    story = prepared.paper.story
    parts = [story.headline, *(f"**Không dựng được tệp** {fault}" for fault in faults_in(prepared.folder))]
    for section in story.sections[:SHOWN_SECTIONS]:
        parts.append(f"**{section.title}**")
        parts.append("\n".join(f"- {line.removeprefix('- ')}" for line in section.paragraphs))
    create_markdown_artifact(
        key=f"bao-cao-{prepared.report.period}",
        description=f"Báo cáo {prepared.report.period.label}",
        markdown="\n\n".join((*parts, f"`{prepared.folder}`")),
    )
