"""Lịch việc: what is due, as the database and the calendar say."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.domain.planned.period import Period
from baocao.oversight.agenda import Event, due
from baocao.system.clock import Clock
from baocao.workspace import admission
from baocao.workspace.workspace import open_workspace


@task(name="Xem việc đến hạn", cache_policy=NO_CACHE)
def due_events(clock: Clock) -> list[Event]:
    """What is due by now and not done, in order."""
    return due(open_workspace(), clock)


@task(name="Các kỳ đã mở", cache_policy=NO_CACHE)
def opened_periods(clock: Clock) -> list[Period]:
    """The periods that are open or past by now, in order."""
    return admission.opened_periods(open_workspace(), clock)
