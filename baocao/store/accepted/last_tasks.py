"""What a unit's last accepted report said of each task, for the next blank form to carry over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.history import past_forms
from baocao.domain.reported.progress import TaskStatus
from baocao.store.accepted.counted import effective_subquery
from baocao.store.schema.reporting import tasks

Said = tuple[Period, dict[str, Any]]
"""Of which period, and the values by column key."""
_OF_ALL: Sequence[str] = ("status", "progress_pct")
_OF_DONE: Sequence[str] = ("done_date", "product")


def last_tasks(
    connection: Connection, plan: Plan, unit: str, period: Period
) -> dict[str, tuple[Period, dict[str, Any]]]:
    """By code, the last period before this one that reported a task, and what it said, by column key.

    Status and progress of every task; day and product only of what was done. Empty for a form that has no past.
    """
    found: dict[str, Said] = {}
    for form in past_forms(plan, plan.form_of(period)):
        counted = effective_subquery(form, period.previous, [unit])
        columns = [tasks.c[name] for name in ("code", *_OF_ALL, *_OF_DONE)]
        query = select(counted.c.period, *columns).join(counted, counted.c.id == tasks.c.submission_id)
        for row in connection.execute(query.order_by(counted.c.period)).mappings():
            keys = [*_OF_ALL, *(_OF_DONE if row["status"] == TaskStatus.DONE else ())]
            found[row["code"]] = Period.parse(row["period"]), {key: row[key] for key in keys if row[key] is not None}
    return found
