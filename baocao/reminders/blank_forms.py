"""Blank forms for a unit and period, pre-filled with what is known."""

from pathlib import Path

import pandas as pd

from baocao.consolidation.carrying import as_inherited
from baocao.consolidation.figures import judge_values
from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import heirs
from baocao.domain.reported.history import has_like_past, past_forms
from baocao.store.accepted.counted import accepted_assignments
from baocao.store.accepted.facts import frame_of
from baocao.store.codes import renewals
from baocao.store.engine.database import reading
from baocao.store.engine.names import Connection
from baocao.system.errors import UsageError
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import Known
from baocao.workspace.settings import FORMS_FOLDER
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
    folder = workspace.settings.inbox_folder / unit / FORMS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    form = workspace.plan.form_of(period)
    path = folder / f"{form.code}-{unit}-{period}.xlsx"
    path.unlink(missing_ok=True)
    write_form(workspace, unit, period, path, known=known)
    path.chmod(0o444)
    return path


def known_of(workspace: Workspace, unit: str, period: Period) -> Known:
    """What is known about a unit before a period: last accepted ratios, who leads what by when, and its Mã nộp."""
    if not workspace.has_database:
        form = workspace.plan.form_of(period)
        return Known(token=submission_token(workspace.home, workspace.plan.code, unit, period, form.key))
    with reading(workspace.engine) as connection:
        return known_in(connection, workspace, unit, period)


def known_in(connection: Connection, workspace: Workspace, unit: str, period: Period) -> Known:
    """The same, as the caller's transaction sees it."""
    form = workspace.plan.form_of(period)
    renewed = renewals(connection, unit, period)
    return Known(
        previous_pct=_last_ratios(connection, workspace.plan, unit, period),
        assignments={code: row for (_, code), row in accepted_assignments(connection, workspace.plan, [unit]).items()},
        token=submission_token(workspace.home, workspace.plan.code, unit, period, form.key, renewed),
    )


def _last_ratios(connection: Connection, plan: Plan, unit: str, period: Period) -> dict[str, float | None]:
    """By code, the last accepted ratio of each figure that says the same in this period's form."""
    form = plan.form_of(period)
    mine = [unit, *(code for code, heir in heirs(plan.everyone, period).items() if heir == unit)]
    parts = [
        frame_of(connection, "figures", one, period.previous, mine, plan.unbounded) for one in past_forms(plan, form)
    ]
    values = pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)
    values = as_inherited(plan, values, period).sort_values("period").drop_duplicates("code", keep="last")
    judged = judge_values(plan, values[values["code"].isin(_with_like_past(plan, form))])
    ratios = {str(code): float(ratio) for code, ratio in zip(judged["code"], judged["ratio_pct"], strict=True)}
    return {code: None if ratio != ratio else ratio for code, ratio in ratios.items()}


def _with_like_past(plan: Plan, form: Form) -> list[str]:
    return [figure.code for figure in plan.figures if has_like_past(form, figure)]
