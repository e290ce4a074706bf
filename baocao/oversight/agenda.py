"""What is to be done when: the calendar's dates as a list of jobs, each of which is one run of a flow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.collecting import collection_times
from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.reminders.lacking import escalation_key, form_key, lacking_units, reminder_key
from baocao.reminders.moved import to_announce
from baocao.reporting.prepared import empty_key, is_empty, latest_report
from baocao.store.engine.database import reading
from baocao.store.homes import began_at
from baocao.store.outbox.announcements import last_announced
from baocao.store.outbox.messages import known_keys
from baocao.store.reports import ReportState
from baocao.store.submissions import periods_received
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Event:
    """One job at its time. ``number`` counts a period's reminders from 1."""

    at: datetime
    job: Job
    period: Period
    number: int = 0


def events_of(schedule: Schedule) -> tuple[Event, ...]:
    """Every job of one period, in order of time."""
    period = schedule.period
    events = [
        Event(schedule.open_at, Job.SEND_TEMPLATES, period),
        Event(schedule.close_at, Job.ESCALATE, period),
        Event(schedule.report_at, Job.REPORT, period),
        *(Event(moment, Job.COLLECT, period) for moment in collection_times(schedule)),
        *(Event(moment, Job.REMIND, period, number) for number, moment in enumerate(schedule.reminders, start=1)),
    ]
    return tuple(sorted(events, key=lambda event: (event.at, list(Job).index(event.job))))


def due(workspace: Workspace, clock: Clock) -> list[Event]:
    """What is due by now and not done, in order; collections aside, which find out for themselves what waits.

    Blank forms and reminders of a period that has closed are not sent any more: they would only confuse. Periods that
    closed before this home began are nobody's here, but for those of which something was received.
    """
    events: list[Event] = []
    began, received = _lived(workspace, clock)
    for schedule in workspace.calendar.values():
        is_ours = schedule.close_at > began or schedule.period in received
        if schedule.open_at <= clock.now and is_ours:
            events += _due_of(workspace, schedule, clock)
    return sorted(events, key=lambda event: (event.at, list(Job).index(event.job)))


def _lived(workspace: Workspace, clock: Clock) -> tuple[datetime, set[Period]]:
    with reading(workspace.engine) as connection:
        return began_at(connection) or clock.now, periods_received(connection)


def _due_of(workspace: Workspace, schedule: Schedule, clock: Clock) -> Iterator[Event]:
    period = schedule.period
    if clock.now < schedule.close_at:
        yield from _due_while_open(workspace, schedule, clock)
        return
    is_reported = _is_reported(workspace, period)
    lacking = [] if is_reported else lacking_units(workspace, period)
    if lacking and clock.now < schedule.report_before and not _known(workspace, [escalation_key(period)]):
        yield Event(schedule.close_at, Job.ESCALATE, period)
    if clock.now >= schedule.report_at and not is_reported and not _is_told_empty(workspace, period):
        yield Event(schedule.report_at, Job.REPORT, period)


def _due_while_open(workspace: Workspace, schedule: Schedule, clock: Clock) -> Iterator[Event]:
    period = schedule.period
    form_keys = [form_key(period, unit.code) for unit in workspace.plan.at(period).units]
    if len(_known(workspace, form_keys)) < len(form_keys) or _is_moved(workspace, schedule):
        yield Event(schedule.open_at, Job.SEND_TEMPLATES, period)
    number = sum(moment <= clock.now for moment in schedule.reminders)
    if number:
        keys = [reminder_key(period, number, unit) for unit in lacking_units(workspace, period)]
        if len(_known(workspace, keys)) < len(keys):
            yield Event(schedule.reminders[number - 1], Job.REMIND, period, number)


def _is_moved(workspace: Workspace, schedule: Schedule) -> bool:
    """Whether the units were told other dates than those that hold now."""
    with reading(workspace.engine) as connection:
        is_told = last_announced(connection, schedule.period) is not None
        return is_told and to_announce(connection, workspace, schedule) is not None


def _is_reported(workspace: Workspace, period: Period) -> bool:
    """Whether nothing is left to do about a period's report; a correction that waits for its approver is chased."""
    record = latest_report(workspace, period)
    if record is None or record.state is ReportState.PUBLISHED:
        return record is not None
    return record.version > 1 and record.state not in (ReportState.AWAITING, ReportState.APPROVED)


def _is_told_empty(workspace: Workspace, period: Period) -> bool:
    """Whether the coordinator knows that there is nothing to report, and nothing came since."""
    return bool(_known(workspace, [empty_key(period)])) and is_empty(workspace, period)


def _known(workspace: Workspace, keys: list[str]) -> set[str]:
    with reading(workspace.engine) as connection:
        return known_keys(connection, keys)
