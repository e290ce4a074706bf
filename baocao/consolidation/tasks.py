"""The units' tasks in a period, and which of them are overdue."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from baocao.consolidation.cells import day, records
from baocao.domain.period import Period
from baocao.domain.progress import TaskStatus, UnitTask

if TYPE_CHECKING:
    import pandas as pd

CLOSED = (TaskStatus.DONE, TaskStatus.NOT_APPLICABLE)
_COLUMNS = [one.name for one in fields(UnitTask) if one.name != "is_overdue"]


def report_tasks(tasks: pd.DataFrame, period: Period) -> tuple[UnitTask, ...]:
    """One row per unit and task as reported in the period; judged overdue at the period's end."""
    shown = tasks.loc[tasks["period"] == str(period), _COLUMNS]
    return tuple(_task(row, period.last_day) for row in records(shown, "lead", "coordinating", "product", "note"))


def _task(row: dict[str, Any], at: date) -> UnitTask:
    row["status"] = None if row["status"] is None else TaskStatus(row["status"])
    row["due_date"], row["done_date"] = day(row["due_date"]), day(row["done_date"])
    is_overdue = row["due_date"] is not None and row["due_date"] < at and row["status"] not in CLOSED
    return UnitTask(**row, is_overdue=is_overdue)
