"""One workbook checked without storing it."""

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
    return check_content(workspace, read_content(workspace, path), unit, period)


def read_content(workspace: Workspace, path: Path) -> Content:
    """What a workbook says, read in a process that can be killed and is kept for the next one."""
    with lent_pool(workspace.plan) as pool:
        return next(pool.read_all([path]))


def check_content(workspace: Workspace, content: Content, unit: str | None, period: Period | None) -> Checked:
    """Check what was read. A workbook of another unit than ``unit`` is not held against that one's past."""
    identity = check_identity(content, unit, period)
    history = _history(workspace, content) if unit in (None, content.unit) else History()
    (checked,) = check_batch(workspace.plan, [content], history)
    return Checked(content, (*identity, *checked.findings))


def _history(workspace: Workspace, content: Content) -> History:
    if not workspace.has_database:
        return History()
    with reading(workspace.engine) as connection:
        return history_of(connection, workspace.plan, [content])
