"""The task sheet as a frame, with what its rules compare.

Beside the form's columns: ``cutoff`` (datetime64, the date up to which the workbook counts), ``due`` (its own due date,
else the accepted assignment's, else the plan's), ``assigned_due`` (the accepted assignment's alone), ``is_assigned``,
``unnumbered`` (a product that is only what was promised), ``judged_at`` (the day at which it is called overdue or not),
``overdue_since`` (``due`` where it is overdue, else NaT), ``is_progress_asked``; of the last period
``previous_progress_pct``, ``previous_status``; ``has_reopened`` where a task that was done no longer is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from baocao.domain.planned.form import ColumnType
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from baocao.domain.reported.progress import OPEN_TASK, TaskStatus
from baocao.workbook.cells import fold
from expectations.frames.past import past_tasks, with_previous
from expectations.frames.rows import read_sheet, typed


def tasks_frame(plan: Plan, contents: Sequence[Content], history: History, info: pd.DataFrame) -> pd.DataFrame:
    """The rows of every task sheet of the batch, in order; ``info`` is the batch's information frame."""
    frame = read_sheet(plan, contents, "tasks")
    frame = frame.merge(info[["submission", "cutoff"]], on="submission", how="left")
    frame["assigned_due"] = _assigned_due(frame, history)
    frame["is_assigned"] = frame["assigned_due"].notna()
    frame["due"] = frame["due_date"].fillna(frame["assigned_due"]).fillna(_planned_due(plan, frame))
    frame["unnumbered"] = _unnumbered(frame, history)
    frame["judged_at"] = _judged_at(plan, frame)
    frame["overdue_since"] = frame["due"].where(_is_overdue(frame))
    frame["is_progress_asked"] = frame["status"] != TaskStatus.NOT_APPLICABLE.value
    frame = with_previous(frame, past_tasks(history, frame["unit"]))
    was_done = frame["previous_status"] == TaskStatus.DONE.value
    frame["has_reopened"] = was_done & frame["status"].notna() & (frame["status"] != TaskStatus.DONE.value)
    return frame


def _places(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(frame["unit"].tolist(), frame["code"].tolist(), strict=True)


def _assigned_due(frame: pd.DataFrame, history: History) -> "pd.Series[Any]":
    known = history.due_dates
    return typed(ColumnType.DATE, [known.get(place) for place in _places(frame)] if known else [None] * len(frame))


def _planned_due(plan: Plan, frame: pd.DataFrame) -> "pd.Series[Any]":
    return frame["code"].map(_days({task.code: task.due for task in plan.unit_tasks}))


def _days(days: Mapping[str, date | None]) -> "pd.Series[Any]":
    """Days by their key, for columns to be mapped by."""
    return typed(ColumnType.DATE, [*days.values()]).set_axis([*days])


def _unnumbered(frame: pd.DataFrame, history: History) -> "pd.Series[str]":
    """The product of a task that is done, where it is what the assignment had promised, without a number."""
    done = frame[(frame["status"] == TaskStatus.DONE.value) & frame["product"].notna()]
    told = zip(_places(done), done["product"].tolist(), strict=True)
    found = [_as_promised(history.products.get(place), product) for place, product in told]
    return typed(ColumnType.TEXT, found).set_axis(done.index).reindex(frame.index)


def _as_promised(promised: str | None, product: str) -> str | None:
    is_same = promised is not None and fold(product) == fold(promised)
    return product if is_same and not any(sign.isdigit() for sign in product) else None


def changed_tasks(frame: pd.DataFrame) -> "pd.Series[bool]":
    """By submission, whether some task stands otherwise than in the last period, or nothing is known of that."""
    is_same = (frame["status"] == frame["previous_status"]) & (
        (frame["progress_pct"] == frame["previous_progress_pct"])
        | (frame["progress_pct"].isna() & frame["previous_progress_pct"].isna())
    )
    return (~is_same).groupby(frame["submission"]).any()


def _judged_at(plan: Plan, frame: pd.DataFrame) -> "pd.Series[Any]":
    """``Cycle.cutoff`` of very many rows."""
    last = frame["period"].map(_days({str(one): plan.cycle(one).cutoff(one) for one in plan.periods}))
    return frame["cutoff"].where(frame["cutoff"] < last, last)


def _is_overdue(frame: pd.DataFrame) -> "pd.Series[bool]":
    """``progress.is_overdue`` of very many rows."""
    is_open = frame["status"].isin([status.value for status in OPEN_TASK])
    return is_open & (frame["due"] < frame["judged_at"])
