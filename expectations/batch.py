"""The frames of a batch, by sheet key: what the checks look at."""

from collections.abc import Sequence

import pandas as pd

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from expectations.frames.budget import budget_frame
from expectations.frames.difficulties import difficulties_frame
from expectations.frames.figures import figures_frame
from expectations.frames.final import assessments_frame
from expectations.frames.rows import read_info, read_sheet
from expectations.frames.tasks import changed_tasks, tasks_frame
from expectations.rule import INFO
from expectations.sheets import sheets_of


def frames_of(plan: Plan, contents: Sequence[Content], history: History) -> dict[str, pd.DataFrame]:
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
