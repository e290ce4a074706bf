"""Báo cáo tổng hợp: consolidate, render, mail."""

from prefect import flow

from baocao.clock import read_clock
from baocao.domain.period import Period
from baocao.workspace import open_workspace
from flows.alerts import alert_operators, settle
from flows.approval import await_approval
from flows.parameters import AsOfParameter, DraftParameter, PeriodParameter, ReasonParameter, described
from flows.signing import sign_run
from tasks.board import show_report
from tasks.deliver import deliver
from tasks.handing import whole
from tasks.report import prepare, publish, render
from tasks.site import rebuild_site


@flow(
    name="bao-cao-tong-hop",
    description="Tổng hợp số liệu một kỳ, dựng báo cáo và gửi đi. Số liệu không đổi thì không gửi lại.",
    flow_run_name="Báo cáo kỳ {period}",
    timeout_seconds=2 * 3600,
    on_running=[sign_run],
    on_completion=[settle],
    on_failure=[alert_operators],
    on_crashed=[alert_operators],
)
@described
def report(
    period: PeriodParameter,
    as_of: AsOfParameter = None,
    *,
    is_draft: DraftParameter = False,
    reason: ReasonParameter = "",
) -> None:
    """Consolidate a period, render its report and mail it."""
    clock = read_clock(as_of, open_workspace().zone)
    prepared = prepare(Period.parse(period), clock, is_draft=is_draft, reason=reason)
    render(whole(prepared))
    prepared = await_approval(prepared, clock)
    publish(whole(prepared), clock)
    deliver(clock)
    show_report(whole(prepared))
    rebuild_site(clock)
