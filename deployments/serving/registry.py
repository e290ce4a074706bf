"""Every flow as a deployment: for the runner of ``serve`` and for a work pool of ``deploy`` alike."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowFilter, FlowFilterName
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType

from baocao.domain.planned.job import Job
from baocao.domain.planned.plan import Plan
from baocao.workspace.workspace import Workspace
from deployments.serving.schedules import CATCH_UP_AT, DIGEST_AT, at_start, daily, job_schedules
from deployments.watching.arrivals import arrival_trigger
from flows.catch_up import catch_up
from flows.collect import collect
from flows.digest import digest
from flows.jobs import FLOWS

TITLES = {
    **{FLOWS[job].name: job.label for job in Job},
    catch_up.name: "Làm bù",
    digest.name: "Tóm tắt vận hành",
}


def deployment_name(plan: Plan, flow: str) -> str:
    """What a flow's deployment is called: what it does, and for which plan; two plans never share one."""
    return f"{TITLES[flow]} ({plan.code})"


def deployments_of(workspace: Workspace, now: datetime, pool: str | None = None) -> list[Any]:
    """Prefect's deployments of all flows, with their schedules; one run of each at a time, the next one waits."""
    return [
        flow.to_deployment(
            name=deployment_name(workspace.plan, flow.name),
            schedules=schedules,
            concurrency_limit=1,
            tags=[workspace.plan.code],
            description=flow.description,
            enforce_parameter_schema=True,
            triggers=[arrival_trigger(workspace.plan)] if flow is collect else [],
            entrypoint_type=EntrypointType.MODULE_PATH,
            work_pool_name=pool,
        )
        for flow, schedules in scheduled_flows(workspace, now)
    ]


def scheduled_flows(workspace: Workspace, now: datetime) -> Iterator[tuple[Any, list[Schedule]]]:
    """Each flow with its schedules."""
    by_job = job_schedules(workspace, now)
    for job in Job:
        yield FLOWS[job], by_job.get(job, [])
    yield catch_up, [at_start(workspace, now), daily(workspace, CATCH_UP_AT, "lam-bu-hang-ngay")]
    yield digest, [daily(workspace, DIGEST_AT, "tom-tat-hang-ngay")]


def drop_former(workspace: Workspace) -> None:
    """Drop this plan's deployments of other names: an earlier version's, whose dates would go on beside ours."""
    flows = FlowFilter(name=FlowFilterName(any_=list(TITLES)))
    tagged = DeploymentFilter.model_validate({"tags": {"all_": [workspace.plan.code]}})
    kept = {deployment_name(workspace.plan, flow) for flow in TITLES}
    with get_client(sync_client=True) as client:
        for one in client.read_deployments(flow_filter=flows, deployment_filter=tagged):
            if one.name not in kept:
                client.delete_deployment(one.id)
