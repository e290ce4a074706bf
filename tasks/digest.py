"""Tóm tắt: what waits for a person today."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.oversight.alerts import queue_digest
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace


@task(name="Soạn tóm tắt vận hành", cache_policy=NO_CACHE)
def queue_day(clock: Clock) -> bool:
    """Queue the day's digest where there is something to say."""
    return queue_digest(open_workspace(), clock)
