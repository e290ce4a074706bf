"""The units' tasks in a period, and which of them are overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from baocao.consolidation.cells import columns_of, day, in_plan_order
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.progress import TaskStatus, UnitTask, is_overdue

_FREE = ("lead", "coordinating", "product", "note")
DueDates = Mapping[tuple[str, str], date]
_STATUSES: dict[str | None, TaskStatus | None] = {None: None, **{status.value: status for status in TaskStatus}}
_COLUMNS = [name for name in UnitTask._fields if name != "is_overdue"]


def report_tasks(plan: Plan, tasks: pd.DataFrame, period: Period, assigned: DueDates) -> tuple[UnitTask, ...]:
    """One row per unit and task as reported in the period, judged overdue at the unit's cut-off.

    ``assigned``: due dates of the accepted assignment plans, by unit and code; with the plan's own they stand in where
    a unit gives none.
    """
    rows = in_plan_order(plan, tasks[tasks["period"] == str(period)])
    columns = dict(zip(_COLUMNS, columns_of(rows[_COLUMNS], *_FREE), strict=True))
    columns |= {
        "status": [_STATUSES[status] for status in columns["status"]],
        "due_date": _due_dates(plan, columns, assigned),
        "done_date": list(map(day, columns["done_date"])),
    }
    cycle = plan.cycle(period)
    (stated,) = columns_of(rows[["cutoff_date"]])
    cutoffs = {one: cycle.cutoff(period, day(one)) for one in set(stated)}
    overdue = map(is_overdue, columns["due_date"], columns["status"], [cutoffs[one] for one in stated])
    return tuple(map(UnitTask, *columns.values(), overdue))


def _due_dates(plan: Plan, columns: Mapping[str, list[Any]], assigned: DueDates) -> list[date | None]:
    planned = {task.code: task.due for task in plan.unit_tasks}
    places = zip(columns["due_date"], columns["unit"], columns["code"], strict=True)
    return [day(own) or assigned.get((unit, code)) or planned.get(code) for own, unit, code in places]
