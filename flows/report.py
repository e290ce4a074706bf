"""Báo cáo tổng hợp: consolidate, render, mail."""

from prefect import flow
from prefect.runtime import deployment

from baocao.decisions.signing import CORRECTION, sign
from baocao.domain.planned.job import Job
from baocao.domain.signature import Channel
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.approval import await_approval
from flows.support.collecting import collect_before_report
from flows.support.hooks import HOOKS
from flows.support.parameters import (
    AsOfParameter,
    ByParameter,
    ByScheduleParameter,
    DraftParameter,
    PeriodParameter,
    ReasonParameter,
    RestatementParameter,
    described,
)
from tasks.deliver import deliver
from tasks.report import has_nothing, prepare, publish, render, send_empty_draft, show_report
from tasks.site import rebuild_site
from tasks.support.handing import whole

ON_PAGE = "trang Prefect"


@flow(
    name="bao-cao-tong-hop",
    description="Tổng hợp số liệu một kỳ, dựng báo cáo và gửi đi. Số liệu không đổi thì không gửi lại.",
    flow_run_name="Báo cáo kỳ {period}",
    timeout_seconds=2 * 3600,
    **HOOKS,
)
@described
def report(
    period: PeriodParameter,
    as_of: AsOfParameter = None,
    *,
    is_draft: DraftParameter = False,
    is_restatement: RestatementParameter = False,
    reason: ReasonParameter = "",
    by: ByParameter = "",
    is_by_schedule: ByScheduleParameter = False,
) -> None:
    """Consolidate a period, render its report and mail it."""
    clock = open_workspace().clock(as_of)
    chosen = admit(open_workspace(), Job.REPORT, period, clock, is_draft=is_draft)
    if is_by_schedule and not is_draft:
        collect_before_report(clock)
    is_empty = is_by_schedule and not is_draft and has_nothing(chosen)
    channel = Channel.PAGE if deployment.id else Channel.COMMAND
    is_corrected = is_restatement and not is_draft
    correction = sign(by.strip() or ON_PAGE, reason, clock, channel, CORRECTION) if is_corrected else None
    prepared = prepare(chosen, clock, is_draft=is_draft or is_empty, correction=correction)
    render(whole(prepared))
    if is_empty:
        send_empty_draft(whole(prepared), clock)
    else:
        prepared = await_approval(prepared, clock)
        publish(whole(prepared), clock)
    deliver(clock)
    show_report(whole(prepared))
    rebuild_site(clock)
