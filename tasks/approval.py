"""Duyệt: note the decision, let those go on who wait for it; apart from the request, which carries the report."""

from typing import Any, Final

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import StateType
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL

from baocao.domain.planned.period import Period
from baocao.domain.signature import Channel
from baocao.reporting import approval
from baocao.reporting.prepared import Prepared, approved_unpublished, latest_report
from baocao.store.reports import ReportRecord, ReportState
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace

REPORT_FLOW = "bao-cao-tong-hop"
APPROVED: Final = "Duyệt"
"""What an approver can say, as Prefect's form offers it; the other is REFUSED."""

REFUSED: Final = "Không duyệt"


@task(name="Xem có phải chờ duyệt", cache_policy=NO_CACHE)
def waits_for_approval(prepared: Prepared) -> bool:
    """Whether this report must wait for a person's decision."""
    return approval.is_waiting(open_workspace(), prepared)


@task(name="Ghi quyết định", cache_policy=NO_CACHE)
def note_decision(period: Period, name: str, reason: str, clock: Clock, *, is_approved: bool) -> None:
    """Keep who decided what on Prefect's page, and when."""
    workspace = open_workspace()
    if is_approved:
        approval.approve(workspace, period, name, clock, Channel.PAGE)
    else:
        approval.refuse(workspace, period, name, reason, clock, Channel.PAGE)


@task(name="Xem báo cáo vừa được duyệt", cache_policy=NO_CACHE)
def approved_periods() -> list[Period]:
    """The periods whose report was approved and has not gone out yet."""
    return approved_unpublished(open_workspace())


@task(name="Báo các lần chạy đang chờ duyệt", cache_policy=NO_CACHE)
def wake_decided() -> int:
    """Resume each suspended run whose report was decided on elsewhere; it finds nothing to wait for. How many.

    Outside of a run, only where there is a server to ask.
    """
    if flow_run.id is None and not PREFECT_API_URL.value():
        return 0
    woken = 0
    with get_client(sync_client=True) as client:
        for run in _suspended(client):
            period = Period.parse(str(run.parameters.get("period")))
            record = latest_report(open_workspace(), period)
            if record is not None and record.decided_by:
                client.resume_flow_run(run.id, run_input=_answer(record))
                woken += 1
    return woken


def _answer(record: ReportRecord) -> dict[str, str]:
    is_refused = record.state is ReportState.REFUSED
    answer = {"decision": REFUSED if is_refused else APPROVED, "name": record.decided_by or ""}
    return answer | ({"reason": record.decision_reason or ""} if is_refused else {})


def _suspended(client: Any) -> list[Any]:
    flows = FlowFilter(name=FlowFilterName(any_=[REPORT_FLOW]))
    paused = FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.PAUSED]}}})
    runs: list[Any] = client.read_flow_runs(flow_filter=flows, flow_run_filter=paused)
    return runs
