"""A decision from the command line: noted in the database, and told to the runs that are suspended for it."""

from typing import Any

from baocao import approval
from baocao.clock import Clock
from baocao.domain.period import Period
from baocao.errors import UsageError
from baocao.workspace import Workspace
from deployments.again import find_server
from deployments.environment import prepare_prefect


def approve_report(workspace: Workspace, period: Period, name: str, clock: Clock) -> None:
    """Note the approval and let suspended runs of this period go on; they find nothing left to do."""
    approval.approve(workspace, period, name, clock)
    _resume(workspace, period, {"decision": "Duyệt", "name": name})


def refuse_report(workspace: Workspace, period: Period, name: str, reason: str, clock: Clock) -> None:
    """Note the refusal with its reason and end the suspended runs of this period.

    Raises:
        UsageError: no reason was given.
    """
    if not reason.strip():
        raise UsageError("Không duyệt thì phải nêu lý do: thêm --reason “…”.")
    approval.refuse(workspace, period, name, reason, clock)
    _resume(workspace, period, {"decision": "Không duyệt", "name": name, "reason": reason})
    print(f"Đã ghi: {name} không duyệt báo cáo kỳ {period.short}. Báo cáo sẽ không được gửi đi.")


def _resume(workspace: Workspace, period: Period, answer: dict[str, str]) -> None:
    if not find_server(workspace):
        return
    prepare_prefect(workspace.settings)
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for run in _suspended(client):
            if run.parameters.get("period") == str(period):
                client.resume_flow_run(run.id, run_input=answer)


def _suspended(client: Any) -> list[Any]:
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
    from prefect.client.schemas.objects import StateType

    from flows.report import report

    flows = FlowFilter(name=FlowFilterName(any_=[report.name]))
    paused = FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.PAUSED]}}})
    runs: list[Any] = client.read_flow_runs(flow_filter=flows, flow_run_filter=paused)
    return runs
