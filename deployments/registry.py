"""Every flow as a deployment: for the runner of ``serve`` and for a work pool of ``deploy`` alike."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType

from baocao.domain.job import Job
from baocao.workspace import Workspace
from deployments.schedules import CATCH_UP_AT, DIGEST_AT, at_start, daily, job_schedules
from flows.catch_up import catch_up
from flows.digest import digest
from flows.jobs import FLOWS

NAME = "theo-lich"


def deployments_of(workspace: Workspace, now: datetime, pool: str | None = None) -> list[Any]:
    """Prefect's deployments of all flows, with their schedules; one run of each at a time, the next one waits."""
    return [
        flow.to_deployment(
            name=NAME,
            schedules=schedules,
            concurrency_limit=1,
            tags=[workspace.plan.code],
            description=flow.description,
            enforce_parameter_schema=True,
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
    yield catch_up, [at_start(workspace, now), daily(workspace, CATCH_UP_AT)]
    yield digest, [daily(workspace, DIGEST_AT)]
