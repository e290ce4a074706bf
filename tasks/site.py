"""Trang tin: the static site, built anew from what is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.site import build_site, is_current
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import if_outside_failed

_put_off: ContextVar[list[Clock] | None] = ContextVar("put_off", default=None)
"""The clocks of the runs that have asked for the site, where it is built once for all of them."""


@contextmanager
def built_once() -> Iterator[None]:
    """Around many runs of this process: the site is built when the block ends, as the last that asked would have it.

    A block that fails builds nothing: the site stays as it was.
    """
    asked: list[Clock] = []
    before = _put_off.set(asked)
    try:
        yield
    finally:
        _put_off.reset(before)
    if asked:
        build_site(open_workspace(), asked[-1])


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
    """Build the site, unless it is built once for many runs; returns the path of its first page, if it was built."""
    asked = _put_off.get()
    if asked is None:
        return str(build_site(open_workspace(), clock))
    asked.append(clock)
    return ""
