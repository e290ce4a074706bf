"""The units' tasks in a period, and which of them are overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baocao.consolidation.cells import columns_of, day
from baocao.domain.period import Period
from baocao.domain.progress import TaskStatus, UnitTask

if TYPE_CHECKING:
    import pandas as pd

CLOSED = (TaskStatus.DONE, TaskStatus.NOT_APPLICABLE)
_STATUSES: dict[str | None, TaskStatus | None] = {None: None, **{status.value: status for status in TaskStatus}}
_COLUMNS = [name for name in UnitTask._fields if name != "is_overdue"]


def report_tasks(tasks: pd.DataFrame, period: Period) -> tuple[UnitTask, ...]:
    """One row per unit and task as reported in the period; judged overdue at the period's end."""
    shown = tasks.loc[tasks["period"] == str(period), _COLUMNS]
    columns = dict(zip(_COLUMNS, columns_of(shown, "lead", "coordinating", "product", "note"), strict=True))
    columns |= {
        "status": [_STATUSES[status] for status in columns["status"]],
        "due_date": list(map(day, columns["due_date"])),
        "done_date": list(map(day, columns["done_date"])),
    }
    at = period.last_day
    is_overdue = [
        due is not None and due < at and status not in CLOSED
        for due, status in zip(columns["due_date"], columns["status"], strict=True)
    ]
    return tuple(map(UnitTask, *columns.values(), is_overdue))
