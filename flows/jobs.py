"""The flow that does a job of the agenda."""

from datetime import datetime
from typing import Any

from prefect import Flow

from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.oversight.agenda import Event
from flows.collect import collect
from flows.escalate import escalate
from flows.remind import remind
from flows.report import report
from flows.send_templates import send_templates

FLOWS: dict[Job, Flow[..., Any]] = {
    Job.SEND_TEMPLATES: send_templates,
    Job.COLLECT: collect,
    Job.REMIND: remind,
    Job.ESCALATE: escalate,
    Job.REPORT: report,
}


def run_job(event: Event, as_of: datetime | None) -> None:
    """Run an event's flow for its period, at the given moment or now."""
    FLOWS[event.job](as_of=as_of, **parameters_of(event.job, event.period))


def parameters_of(job: Job, period: Period) -> dict[str, Any]:
    """What a flow is given where the calendar runs it, and no person; a collection is of every opened period."""
    if job is Job.COLLECT:
        return {}
    return {"period": str(period)} | ({"is_by_schedule": True} if job is Job.REPORT else {})
