"""The units' tasks in a period, and which of them are overdue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from baocao.domain.period import Period
from baocao.domain.progress import TaskStatus, UnitTask

if TYPE_CHECKING:
    import pandas as pd

CLOSED = (TaskStatus.DONE, TaskStatus.NOT_APPLICABLE)


def report_tasks(tasks: pd.DataFrame, period: Period) -> tuple[UnitTask, ...]:
    """One row per unit and task as reported in the period; judged overdue at the period's end."""
    current = tasks[tasks["period"] == str(period)]
    return tuple(_task(row, period.last_day) for row in current.to_dict("records"))


def _task(row: dict[Any, Any], at: date) -> UnitTask:
    status = TaskStatus(row["status"]) if row["status"] else None
    due_date = _day(row["due_date"])
    return UnitTask(
        unit=row["unit"],
        code=row["code"],
        lead=row["lead"] or "",
        coordinating=row["coordinating"] or "",
        due_date=due_date,
        status=status,
        progress_pct=None if row["progress_pct"] != row["progress_pct"] else row["progress_pct"],
        done_date=_day(row["done_date"]),
        product=row["product"] or "",
        note=row["note"] or "",
        is_overdue=due_date is not None and due_date < at and status not in CLOSED,
    )


def _day(value: Any) -> date | None:
    if value is None or value != value:
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))
