"""The task sheet as a frame, with what its rules compare.

Beside the form's columns: ``cutoff`` (datetime64, the date up to which the workbook counts), ``due`` (its own due date,
else the accepted assignment's, else the plan's), ``judged_at`` (the day at which it is called overdue or not),
``overdue_since`` (``due`` where it is overdue, else NaT), ``is_progress_asked``; of the last period
``previous_progress_pct``, ``previous_status``; ``has_reopened`` where a task that was done no longer is.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from baocao.domain.planned.form import ColumnType
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from baocao.domain.reported.progress import TaskStatus, is_overdue
from expectations.frames.rows import read_sheet, typed
from expectations.past import past_tasks, with_previous


def tasks_frame(plan: Plan, contents: Sequence[Content], history: History, info: pd.DataFrame) -> pd.DataFrame:
    """The rows of every task sheet of the batch, in order; ``info`` is the batch's information frame."""
    frame = read_sheet(plan, contents, "tasks")
    frame = frame.merge(info[["submission", "cutoff"]], on="submission", how="left")
    frame["due"] = frame["due_date"].fillna(_due_dates(plan, frame, history))
    frame["judged_at"] = typed(ColumnType.DATE, _judged_at(plan, frame))
    frame["overdue_since"] = frame["due"].where(_is_overdue(frame))
    frame["is_progress_asked"] = frame["status"] != TaskStatus.NOT_APPLICABLE.value
    frame = with_previous(frame, past_tasks(history, frame["unit"]))
    was_done = frame["previous_status"] == TaskStatus.DONE.value
    frame["has_reopened"] = was_done & frame["status"].notna() & (frame["status"] != TaskStatus.DONE.value)
    return frame


def _judged_at(plan: Plan, frame: pd.DataFrame) -> list[date | None]:
    places = zip(frame["period"], frame["cutoff"], strict=True)
    known = {str(one): one for one in plan.periods}
    return [
        plan.cycle(known[period]).cutoff(known[period], stated.date()) if period in known else None
        for period, stated in places
    ]


def _is_overdue(frame: pd.DataFrame) -> "pd.Series[bool]":
    statuses = {status.value: status for status in TaskStatus}
    rows = zip(frame["due"], frame["status"], frame["judged_at"], strict=True)
    judged = [
        not pd.isna(due) and not pd.isna(at) and is_overdue(due.date(), statuses.get(status), at.date())
        for due, status, at in rows
    ]
    return pd.Series(judged, index=frame.index, dtype="bool")


def _due_dates(plan: Plan, frame: pd.DataFrame, history: History) -> "pd.Series[Any]":
    planned = {task.code: task.due for task in plan.unit_tasks}
    places = zip(frame["unit"], frame["code"], strict=True)
    return typed(ColumnType.DATE, [history.due_dates.get(place) or planned.get(place[1]) for place in places])
