"""The task sheet as a frame, with what its rules compare.

Beside the form's columns: ``cutoff`` (datetime64, the date up to which the workbook counts), ``due`` (its own due date,
else the accepted assignment's, else the plan's), ``assigned_due`` (the accepted assignment's alone), ``is_assigned``,
``unnumbered`` (a product that is only what was promised), ``judged_at`` (the day at which it is called overdue or not),
``overdue_since`` (``due`` where it is overdue, else NaT), ``is_progress_asked``; of the last period
``previous_progress_pct``, ``previous_status``; ``has_reopened`` where a task that was done no longer is.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from baocao.domain.planned.form import ColumnType
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from baocao.domain.reported.progress import TaskStatus, is_overdue
from baocao.workbook.cells import fold
from expectations.frames.past import past_tasks, with_previous
from expectations.frames.rows import read_sheet, typed


def tasks_frame(plan: Plan, contents: Sequence[Content], history: History, info: pd.DataFrame) -> pd.DataFrame:
    """The rows of every task sheet of the batch, in order; ``info`` is the batch's information frame."""
    frame = read_sheet(plan, contents, "tasks")
    frame = frame.merge(info[["submission", "cutoff"]], on="submission", how="left")
    planned = typed(ColumnType.DATE, [history.due_dates.get(place) for place in _places(frame)])
    frame["assigned_due"] = planned
    frame["is_assigned"] = planned.notna()
    frame["due"] = frame["due_date"].fillna(_due_dates(plan, frame, history))
    frame["unnumbered"] = _unnumbered(frame, history)
    frame["judged_at"] = typed(ColumnType.DATE, _judged_at(plan, frame))
    frame["overdue_since"] = frame["due"].where(_is_overdue(frame))
    frame["is_progress_asked"] = frame["status"] != TaskStatus.NOT_APPLICABLE.value
    frame = with_previous(frame, past_tasks(history, frame["unit"]))
    was_done = frame["previous_status"] == TaskStatus.DONE.value
    frame["has_reopened"] = was_done & frame["status"].notna() & (frame["status"] != TaskStatus.DONE.value)
    return frame


def _places(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(frame["unit"], frame["code"], strict=True)


def _unnumbered(frame: pd.DataFrame, history: History) -> "pd.Series[str]":
    """The product of a task that is done, where it is what the assignment had promised, without a number."""
    rows = zip(_places(frame), frame["status"], frame["product"], strict=True)
    return typed(ColumnType.TEXT, [_as_promised(history.products.get(place), *told) for place, *told in rows])


def _as_promised(promised: str | None, status: object, product: object) -> str | None:
    if promised is None or status != TaskStatus.DONE.value or not isinstance(product, str):
        return None
    is_same = fold(product) == fold(promised) and not any(sign.isdigit() for sign in product)
    return product if is_same else None


def changed_tasks(frame: pd.DataFrame) -> "pd.Series[bool]":
    """By submission, whether some task stands otherwise than in the last period, or nothing is known of that."""
    is_same = (frame["status"] == frame["previous_status"]) & (
        (frame["progress_pct"] == frame["previous_progress_pct"])
        | (frame["progress_pct"].isna() & frame["previous_progress_pct"].isna())
    )
    return (~is_same).groupby(frame["submission"]).any()


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
    return typed(ColumnType.DATE, [history.due_dates.get(place) or planned.get(place[1]) for place in _places(frame)])
