"""What one run covers: the frames of a batch and the checks of each, by sheet key."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from expectations.frames.figures import figures_frame
from expectations.frames.final import assessments_frame
from expectations.frames.rows import read_info, read_sheet, sheets_of
from expectations.frames.tasks import changed_tasks, tasks_frame
from expectations.rule import INFO, Check
from expectations.rules.assignment import assignment_checks, budget_checks, budget_frame
from expectations.rules.difficulties import difficulties_frame, difficulty_checks
from expectations.rules.figures import figure_checks
from expectations.rules.final import assessment_checks
from expectations.rules.missing import info_checks
from expectations.rules.past import past_checks
from expectations.rules.sums import sum_checks
from expectations.rules.tasks import task_checks

if TYPE_CHECKING:
    import pandas as pd

_CHECKS = {
    "figures": lambda plan: (*figure_checks(plan), *past_checks(plan), *sum_checks(plan)),
    "tasks": task_checks,
    "assignments": assignment_checks,
    "budget": budget_checks,
    "difficulties": difficulty_checks,
    "assessments": assessment_checks,
}


def checks_of(plan: Plan) -> dict[str, tuple[Check, ...]]:
    """Every check of the plan's forms, by the key of the sheet that it looks at."""
    return {INFO: info_checks(plan)} | {key: make(plan) for key, make in _CHECKS.items() if sheets_of(plan, key)}


def frames_of(plan: Plan, contents: Sequence[Content], history: History) -> dict[str, "pd.DataFrame"]:
    """The frames that the checks look at, by sheet key; without rows where no workbook of the batch has the sheet."""
    info = read_info(plan, contents)
    frames = {INFO: info}
    has_changed = None
    if sheets_of(plan, "tasks"):
        frames["tasks"] = tasks_frame(plan, contents, history, info)
        has_changed = changed_tasks(frames["tasks"])
    if sheets_of(plan, "figures"):
        frames["figures"] = figures_frame(plan, contents, history, has_changed)
    if sheets_of(plan, "assignments"):
        frames["assignments"] = read_sheet(plan, contents, "assignments")
    if sheets_of(plan, "budget"):
        frames["budget"] = budget_frame(plan, contents)
    if sheets_of(plan, "difficulties"):
        frames["difficulties"] = difficulties_frame(plan, contents)
    if sheets_of(plan, "assessments"):
        frames["assessments"] = assessments_frame(plan, contents, frames["figures"])
    return frames
