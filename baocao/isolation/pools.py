"""Reader pools lent to the threads of a process, so that each reads for itself and no child is started twice."""

import atexit
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from os import sched_getaffinity
from threading import Lock

from baocao.domain.planned.plan import Plan
from baocao.isolation.process import ReaderPool
from baocao.workbook.marking.request import Marking

_lock = Lock()
_idle: list[tuple[Plan, ReaderPool]] = []
"""Pools with the plan that their children were started with: a plan of the same code may have been reloaded since."""


@contextmanager
def lent_pool(plan: Plan) -> Iterator[ReaderPool]:
    """A pool with one child for this thread; it goes back when the block ends and is closed with the process."""
    pool = _take(plan) or ReaderPool(plan, workers=1)
    try:
        yield pool
    finally:
        with _lock:
            _idle.append((plan, pool))


def _take(plan: Plan) -> ReaderPool | None:
    """An idle pool of a plan with the same content; those of the code's earlier plans are closed."""
    with _lock:
        stale = [pool for other, pool in _idle if other.code == plan.code and other != plan]
        found = next((pool for other, pool in _idle if other == plan), None)
        _idle[:] = [(other, pool) for other, pool in _idle if pool is not found and pool not in stale]
    for pool in stale:
        pool.close()
    return found


def mark_safely(plan: Plan, markings: Sequence[Marking]) -> list[bytes | None]:
    """Marked copies in order, each made in a process that can be killed; None where there is nothing to mark.

    A workbook on which the process hangs, floods or dies is written anew from its values. See
    :func:`baocao.workbook.marking.marking.mark`.
    """
    copies = _mark(plan, markings)
    broken = [number for number, copy in enumerate(copies) if copy is None]
    anew = _mark(plan, [replace(markings[number], is_fresh=True) for number in broken])
    for number, copy in zip(broken, anew, strict=True):
        copies[number] = copy
    return copies


def _mark(plan: Plan, markings: Sequence[Marking]) -> list[bytes | None]:
    """One reader process per core; each thread lends one that is running already where it can."""
    workers = min(len(sched_getaffinity(0)), len(markings))
    if workers == 0:
        return []

    def share(start: int) -> list[bytes | None]:
        with lent_pool(plan) as pool:
            return list(pool.mark_all(markings[start::workers]))

    with ThreadPoolExecutor(workers) as threads:
        shares = [iter(part) for part in threads.map(share, range(workers))]
    return [next(shares[number % workers]) for number in range(len(markings))]


@atexit.register
def close_pools() -> None:
    """End every idle child."""
    with _lock:
        while _idle:
            _idle.pop()[1].close()
