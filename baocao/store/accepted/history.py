"""What was accepted before, for the rules and the forms that look back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy import Table as SqlTable

from baocao.domain.grouping import batched
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import heirs
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History, past_forms
from baocao.domain.reported.progress import is_impossible
from baocao.store.accepted.counted import accepted_assignments, effective_subquery
from baocao.store.explanations import closed_of
from baocao.store.schema.reporting import CONTENT_TABLES

_UNITS_AT_ONCE = 500
_Past = tuple[str, str, str, float | None, float | None]


def history_of(connection: Connection, plan: Plan, contents: Sequence[Content]) -> History:
    """What a batch's units had accepted in every period before the newest one of it, and the due dates they planned.

    Counts that a person's decision let in though they cannot be are none here: nothing is held against them.
    """
    figures: list[Any] = []
    tasks: list[Any] = []
    unbounded = plan.unbounded
    for form in sorted({form for content in contents for form in _past_forms(plan, content)}):
        looking = [one for one in contents if form in _past_forms(plan, one)]
        named = [(one.unit, one.period) for one in looking if one.unit and one.period]
        before = max((period for _, period in named), default=None)
        units = sorted({unit for unit, _ in named})
        heir_of = _merged_since(plan, named)
        for some in batched(units, _UNITS_AT_ONCE):
            asked = [*some, *(code for code, heir in heir_of.items() if heir in some)]
            rows = _rows(connection, form, asked, before, "figures", "numerator", "denominator")
            figures += _inherited([_possible(unbounded, *row) for row in rows], heir_of)
            tasks += _rows(connection, form, some, before, "tasks", "progress_pct", "status")
    all_units = sorted({content.unit for content in contents if content.unit})
    assigned = accepted_assignments(connection, plan, all_units)
    due_dates = {key: row["due_date"] for key, row in assigned.items() if row["due_date"] is not None}
    products = {key: row["product"] for key, row in assigned.items() if row["product"]}
    closed = closed_of(connection, all_units)
    return History(figures=figures, tasks=tasks, due_dates=due_dates, products=products, closed=closed)


def _merged_since(plan: Plan, named: Sequence[tuple[str, Period]]) -> Mapping[str, str]:
    """Whose past is whose by now: units that were merged before every period that their successor reports here."""
    first: dict[str, Period] = {}
    for unit, period in named:
        first[unit] = min(period, first.get(unit, period))
    before = {period: heirs(plan.everyone, period) for period in {*first.values()}}
    return {code: heir for period, found in before.items() for code, heir in found.items() if first.get(heir) == period}


def _inherited(rows: Sequence[_Past], heir_of: Mapping[str, str]) -> list[_Past]:
    """Past figures with those of units that were merged added to their successors'."""
    if not heir_of:
        return list(rows)
    sums: dict[tuple[str, str, str], tuple[float | None, float | None]] = {}
    for unit, period, code, numerator, denominator in rows:
        key = heir_of.get(unit, unit), period, code
        before = sums.get(key, (None, None))
        sums[key] = _added(before[0], numerator), _added(before[1], denominator)
    return [(*key, *counts) for key, counts in sums.items()]


def _added(one: float | None, other: float | None) -> float | None:
    return other if one is None else one + (other or 0.0)


def _possible(
    unbounded: Collection[str], unit: str, period: str, code: str, numerator: float | None, denominator: float | None
) -> _Past:
    """A past figure; without counts where they cannot be, as in every sum."""
    counts = (
        (None, None)
        if is_impossible(numerator, denominator, is_bounded=code not in unbounded)
        else (numerator, denominator)
    )
    return unit, period, code, *counts


def _past_forms(plan: Plan, content: Content) -> list[str]:
    form = plan.forms.get(content.form or "")
    return past_forms(plan, form) if form else []


def _rows(
    connection: Connection, form: str, units: Sequence[str], before: Period | None, table: str, *values: str
) -> list[Any]:
    if before is None:
        return []
    query = _query(CONTENT_TABLES[table], form, units, before, values)
    return [tuple(row) for row in connection.execute(query)]


def _query(
    table: SqlTable, form: str, units: Sequence[str], before: Period, values: Sequence[str]
) -> Select[tuple[Any, ...]]:
    found = effective_subquery(form, before.previous, units)
    return select(found.c.unit, found.c.period, table.c.code, *[table.c[value] for value in values]).join(
        found, found.c.id == table.c.submission_id
    )
