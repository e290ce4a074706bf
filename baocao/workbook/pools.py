"""Reader pools lent to the threads of a process, so that each reads for itself and no child is started twice."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from baocao.domain.plan import Plan
from baocao.workbook.process import ReaderPool

_lock = Lock()
_idle: list[tuple[str, ReaderPool]] = []


@contextmanager
def lent_pool(plan: Plan) -> Iterator[ReaderPool]:
    """A pool with one child for this thread; it goes back when the block ends and is closed with the process."""
    pool = _take(plan) or ReaderPool(plan, workers=1)
    try:
        yield pool
    finally:
        with _lock:
            _idle.append((plan.code, pool))


def _take(plan: Plan) -> ReaderPool | None:
    with _lock:
        for index, (code, pool) in enumerate(_idle):
            if code == plan.code:
                del _idle[index]
                return pool
    return None


@atexit.register
def close_pools() -> None:
    """End every idle child."""
    with _lock:
        while _idle:
            _idle.pop()[1].close()
