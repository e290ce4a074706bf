"""One workbook checked without storing it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Checked, Content
from baocao.domain.reported.history import History
from baocao.isolation.pools import lent_pool
from baocao.store.accepted.history import history_of
from baocao.store.engine.database import reading
from baocao.system.errors import UsageError
from baocao.workbook.reading.info import check_identity
from baocao.workspace.workspace import Workspace
from expectations.check import check_batch


def check_workbook(workspace: Workspace, path: Path, unit: str | None, period: Period | None) -> Checked:
    """Read and check a workbook as a collection would, against what was accepted before where anything was.

    Raises:
        UsageError: the plan has no such unit or period.
    """
    plan = workspace.plan
    if unit is not None and unit not in plan.unit_by_code:
        raise UsageError(f"Kế hoạch không có đơn vị “{unit}”; hãy chọn một trong {', '.join(plan.unit_by_code)}.")
    if period is not None:
        workspace.schedule(period)
    return check_content(workspace, _read_meanwhile(workspace, path), unit, period)


def _read_meanwhile(workspace: Workspace, path: Path) -> Content:
    """The workbook, read in its process while this one loads the libraries of the rules, which takes seconds."""
    with ThreadPoolExecutor(1) as beside:
        content = beside.submit(read_content, workspace, path)
        import_module("expectations.judging")
        return content.result()


def read_content(workspace: Workspace, path: Path) -> Content:
    """What a workbook says, read in a process that can be killed and is kept for the next one."""
    with lent_pool(workspace.plan) as pool:
        return next(pool.read_all([path]))


def check_content(workspace: Workspace, content: Content, unit: str | None, period: Period | None) -> Checked:
    """Check what was read; see :func:`check_contents`."""
    (checked,) = check_contents(workspace, [(content, unit)], period)
    return checked


def check_contents(
    workspace: Workspace, asked: Sequence[tuple[Content, str | None]], period: Period | None = None
) -> list[Checked]:
    """Check what was read, many at once, each for its unit (None: whichever it says); in their order.

    A workbook of another unit than it is checked for is held against nobody's past.
    """
    own = [unit in (None, content.unit) for content, unit in asked]
    checked: dict[int, Checked] = {}
    for is_own in (True, False):
        places = [place for place, told in enumerate(own) if told is is_own]
        contents = [asked[place][0] for place in places]
        history = _history(workspace, contents) if is_own else History()
        checked |= zip(places, check_batch(workspace.plan, contents, history), strict=True)
    return [
        Checked(content, (*check_identity(content, unit, period), *checked[place].findings))
        for place, (content, unit) in enumerate(asked)
    ]


def _history(workspace: Workspace, contents: Sequence[Content]) -> History:
    if not workspace.has_database:
        return History()
    with reading(workspace.engine) as connection:
        return history_of(connection, workspace.plan, contents)
