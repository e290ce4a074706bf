"""The plan's calendar as Prefect's own schedules: explicit dates, in the plan's time zone, with their parameters."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from prefect.schedules import Cron, RRule, Schedule

from baocao.domain.planned.collecting import CATCH_UP
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.oversight.agenda import Event, events_of
from baocao.workspace.workspace import Workspace
from flows.jobs import FLOWS, parameters_of

CATCH_UP_AT = f"{CATCH_UP.minute} {CATCH_UP.hour} * * *"
DIGEST_AT = "0 18 * * *"
TAKEN_UP_AFTER = timedelta(minutes=1)  # of the start: what is planned must still lie ahead when all is registered


def upcoming_events(workspace: Workspace, now: datetime) -> list[Event]:
    """Every event of the agenda that is still to come, in order."""
    events = (event for schedule in workspace.calendar.values() for event in events_of(schedule))
    return sorted((event for event in events if event.at > now), key=lambda event: event.at)


def job_schedules(workspace: Workspace, now: datetime) -> Mapping[Job, list[Schedule]]:
    """For each job, one schedule per period with the dates that are still to come.

    A collection takes in for every opened period: where two periods have one at the same moment, there is one run.
    """
    dates: dict[Job, dict[Period, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    collected: set[datetime] = set()
    for event in upcoming_events(workspace, now):
        if event.job is not Job.COLLECT or event.at not in collected:
            dates[event.job][event.period].append(event.at)
        if event.job is Job.COLLECT:
            collected.add(event.at)
    zone = workspace.plan.calendar.timezone
    return {
        job: [
            RRule(
                _dates_rule(moments),
                timezone=zone,
                parameters=parameters_of(job, period),
                slug=_slug(workspace, f"{FLOWS[job].name}-ky-{period}"),
            )
            for period, moments in periods.items()
        ]
        for job, periods in dates.items()
    }


def daily(workspace: Workspace, cron: str, name: str) -> Schedule:
    """Once a day, by the plan's clock."""
    return Cron(cron, timezone=workspace.plan.calendar.timezone, slug=_slug(workspace, name))


def at_start(workspace: Workspace, now: datetime) -> Schedule:
    """Once, a minute from now: what fell due while nothing ran."""
    moment = workspace.local(now) + TAKEN_UP_AFTER
    slug = _slug(workspace, "lam-bu-khi-khoi-dong")
    return RRule(_dates_rule([moment]), timezone=workspace.plan.calendar.timezone, slug=slug)


def _slug(workspace: Workspace, name: str) -> str:
    """What a schedule is called: what it is for, and whose plan's it is."""
    return f"{name}-{workspace.plan.code}"


def _dates_rule(moments: list[datetime]) -> str:
    """Explicit local dates; Prefect takes them in the zone that stands beside the rule."""
    stamps = list(_stamps(moments))
    return f"DTSTART:{stamps[0]}\nRDATE:{','.join(stamps)}"


def _stamps(moments: list[datetime]) -> Iterator[str]:
    return (f"{moment:%Y%m%dT%H%M%S}" for moment in sorted(moments))
