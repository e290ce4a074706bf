"""One workbook checked without storing it."""

from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Checked, Content
from baocao.domain.reported.history import History
from baocao.isolation.process import read_one
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
    content = read_one(path, plan)
    identity = check_identity(content, unit, period)
    (checked,) = check_batch(plan, [content], _history(workspace, content))
    return Checked(content, (*identity, *checked.findings))


def _history(workspace: Workspace, content: Content) -> History:
    if not workspace.has_database:
        return History()
    with reading(workspace.engine) as connection:
        return history_of(connection, workspace.plan, [content])
