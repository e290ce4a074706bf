"""Blank forms for a unit and period, pre-filled with what is known."""

from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.reminders.known_figures import last_ratios, past_figures, reported_counts
from baocao.store.accepted.counted import accepted_assignments
from baocao.store.accepted.last_tasks import last_tasks
from baocao.store.codes import renewals
from baocao.store.engine.database import reading
from baocao.store.engine.names import Connection
from baocao.system.errors import UsageError
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import Carried, Known
from baocao.workspace.submission_code import submission_token
from baocao.workspace.workspace import Workspace


def write_form(
    workspace: Workspace, unit: str, period: Period, path: Path, form: str | None = None, known: Known | None = None
) -> None:
    """Write the blank form of a period for a unit to a file; ``known`` goes into it, by default what is stored.

    Raises:
        UsageError: the plan has no such unit, period or form, or the period is reported with another form.
    """
    plan = workspace.plan
    workspace.schedule(period)
    if unit not in plan.unit_by_code:
        raise UsageError(f"Kế hoạch không có đơn vị “{unit}”; hãy chọn một trong {', '.join(plan.unit_by_code)}.")
    if not plan.unit_by_code[unit].reports_in(period):
        raise UsageError(f"Đơn vị {unit} không báo cáo kỳ {period.short}; hãy xem valid_from, valid_to trong kế hoạch.")
    expected = plan.form_of(period)
    if form not in (None, expected.key):
        raise UsageError(f"Kỳ {period.short} dùng biểu mẫu “{expected.key}”, không phải “{form}”.")
    if not path.parent.is_dir():
        raise UsageError(f"Không có thư mục {path.parent}; hãy tạo trước hoặc chọn nơi khác.")
    write_blank(plan, expected, plan.unit_by_code[unit], period, known or known_of(workspace, unit, period), path)


def lay_form(workspace: Workspace, unit: str, period: Period, known: Known | None = None) -> Path:
    """Lay a unit's pre-filled form where the unit finds it: a subfolder of its own, which intake leaves alone.

    The file is read-only, so that a clerk who fills it in is asked to save it elsewhere, where intake looks.
    """
    path = workspace.form_path(unit, period)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    write_form(workspace, unit, period, path, known=known)
    path.chmod(0o444)
    return path


def known_of(workspace: Workspace, unit: str, period: Period) -> Known:
    """What is known about a unit before a period: last figures and tasks, who leads what by when, its Mã nộp."""
    if not workspace.has_database:
        form = workspace.plan.form_of(period)
        return Known(token=submission_token(workspace.home, workspace.plan.code, unit, period, form.key))
    with reading(workspace.engine) as connection:
        return known_in(connection, workspace, unit, period)


def known_in(connection: Connection, workspace: Workspace, unit: str, period: Period) -> Known:
    """The same, as the caller's transaction sees it."""
    plan, form = workspace.plan, workspace.plan.form_of(period)
    renewed = renewals(connection, unit, period)
    past = past_figures(connection, plan, unit, period)
    return Known(
        previous_pct=last_ratios(plan, form, past),
        reported=reported_counts(plan, period, past),
        assignments={code: row for (_, code), row in accepted_assignments(connection, plan, [unit]).items()},
        carried={code: Carried(*said) for code, said in last_tasks(connection, plan, unit, period).items()},
        token=submission_token(workspace.home, plan.code, unit, period, form.key, renewed),
    )
