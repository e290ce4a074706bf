"""Đọc: received workbooks into typed values, in killable processes."""

import time
from collections.abc import Collection, Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from baocao.domain.grouping import batched
from baocao.domain.planned.period import Period
from baocao.intake.filing.batch import Read
from baocao.isolation.pools import lent_pool
from baocao.store import receipts
from baocao.store.archive import archive_path
from baocao.workspace.workspace import open_workspace
from tasks.support.retrying import once_more

BATCH = 2048
"""Files for one run of the rules: its fixed cost is about a second, and two batches are in memory at a time."""
FIRST = 512
"""Files of the first run, for which everything else waits until they are read."""
SMALL = 32
CHUNK = 64


@task(name="Chọn tệp chờ kiểm tra", cache_policy=NO_CACHE)
def waiting_batches(periods: Collection[Period] = (), patience: float = 0.0) -> list[list[list[int]]]:
    """What is taken in and not yet checked: batches of chunks of receipts; single files while there are few.

    What came early for one of the periods being collected is taken up. ``patience``: for so many seconds what other
    runs are checking is waited for, until nothing of it is open or something is left to this one.
    """
    engine = open_workspace().engine
    receipts.take_up(engine, periods)
    until = time.monotonic() + patience
    while not (ids := receipts.waiting_ids(engine)) and receipts.are_open(engine) and time.monotonic() < until:
        time.sleep(1)
    size = 1 if len(ids) <= SMALL else CHUNK
    batches = [ids[:FIRST], *batched(ids[FIRST:], BATCH)] if ids else []
    return [[list(some) for some in batched(batch, size)] for batch in batches]


@task(name="Đọc tệp", **once_more(5))
def read_files(ids: Sequence[int]) -> list[Read]:
    """Claim these files for this process and read them; a file that breaks its reader costs only itself."""
    workspace = open_workspace()
    claimed = receipts.claim(workspace.engine, ids)
    paths = [archive_path(workspace.home, one.sha256, one.name) for one in claimed]
    with lent_pool(workspace.plan) as pool:
        return [Read(receipt, content) for receipt, content in zip(claimed, pool.read_all(paths), strict=True)]
