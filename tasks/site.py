"""Trang tin: the static site, built anew from what is stored."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.site import build_site, is_current
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import if_outside_failed


@task(name="Xem trang tin có còn đúng", cache_policy=NO_CACHE)
def is_site_current(clock: Clock) -> bool:
    """Whether the site needs no building where nothing has come."""
    return is_current(open_workspace(), clock)


@task(
    name="Dựng trang tin",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=10,
    retry_condition_fn=if_outside_failed,
)
def rebuild_site(clock: Clock) -> str:
    """Build the site; returns the path of its first page."""
    return str(build_site(open_workspace(), clock))
