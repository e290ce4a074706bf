"""The units' tasks in a period, and which of them are overdue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from baocao.consolidation.cells import day, is_empty, number, rows_of, texts
from baocao.domain.period import Period
from baocao.domain.progress import TaskStatus, UnitTask

if TYPE_CHECKING:
    import pandas as pd

CLOSED = (TaskStatus.DONE, TaskStatus.NOT_APPLICABLE)


def report_tasks(tasks: pd.DataFrame, period: Period) -> tuple[UnitTask, ...]:
    """One row per unit and task as reported in the period; judged overdue at the period's end."""
    return tuple(_task(row, period.last_day) for row in rows_of(tasks, period))


def _task(row: dict[Any, Any], at: date) -> UnitTask:
    status = None if is_empty(row["status"]) else TaskStatus(row["status"])
    due_date = day(row["due_date"])
    return UnitTask(
        **texts(row, "unit", "code", "lead", "coordinating", "product", "note"),
        due_date=due_date,
        status=status,
        progress_pct=number(row["progress_pct"]),
        done_date=day(row["done_date"]),
        is_overdue=due_date is not None and due_date < at and status not in CLOSED,
    )
