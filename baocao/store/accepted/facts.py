"""Stored facts as frames: what the accepted submissions of each unit say, the newest version of each period."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Float, Select, Subquery, Text, case, select
from sqlalchemy import Table as SqlTable

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.places import Places
from baocao.domain.received.submission import Submission
from baocao.store.accepted.counted import (
    accepted_due_dates,
    basis_of,
    effective,
    effective_subquery,
    quarantined_units,
    submissions_up_to,
)
from baocao.store.accepted.impossible import without_impossible
from baocao.store.frozen import shapes
from baocao.store.published import signed_copies
from baocao.store.schema.reporting import CONTENT_TABLES, submission
from baocao.store.submissions import findings_of, places_by_submission


def frame_of(
    connection: Connection,
    table: str,
    form: str,
    up_to: Period,
    units: Collection[str] | None = None,
    unbounded: Collection[str] = (),
) -> pd.DataFrame:
    """The rows of one sheet from every submission that counts, with ``period``, ``unit``, ``submission_version``.

    Of some units only where they are given. ``unbounded``: see :func:`without_impossible`. Rows of tasks have
    the ``cutoff_date`` (ISO text) that the information sheet states. Ordered by period, unit and row. Numbers are
    float64, also where all are empty; other empty cells are NaN or None. Figures have a bool ``is_set_aside``.
    """
    return _frame(connection, table, effective_subquery(form, up_to, units), unbounded=unbounded)


def _frame(
    connection: Connection,
    table: str,
    found: Subquery,
    worded: Period | None = None,
    *,
    unbounded: Collection[str] = (),
) -> pd.DataFrame:
    """The rows of the submissions found; texts only of the period ``worded`` where one is given.

    Whose rows they are is read once for each submission, not once for each row; and sorted here, so that every
    database gives the same order.
    """
    target = CONTENT_TABLES[table]
    numbers = {column.name: "float64" for column in target.c if isinstance(column.type, Float)}
    rows = pd.read_sql_query(_rows(target, found, worded), connection, dtype=numbers)
    heads = pd.read_sql_query(_heads(found, with_cutoff=table == "tasks"), connection).sort_values(["period", "unit"])
    place = pd.Index(heads.pop("id")).get_indexer(rows.pop("submission_id"))
    key, _ = pd.factorize(rows["code" if "code" in rows else "ordinal"], sort=True)
    order = np.lexsort((key, place))
    whose, said = heads.take(place[order]), rows.take(order)
    frame = pd.concat([whose.reset_index(drop=True), said.reset_index(drop=True)], axis="columns")
    return without_impossible(frame, unbounded) if table == "figures" else frame


def _heads(found: Subquery, *, with_cutoff: bool) -> Select[tuple[object, ...]]:
    heads = select(found.c.id, found.c.period, found.c.unit, found.c.version.label("submission_version"))
    if not with_cutoff:
        return heads
    stated = submission.c.info["cutoff_date"].as_string().label("cutoff_date")
    return heads.add_columns(stated).join(submission, submission.c.id == found.c.id)


def _rows(table: SqlTable, found: Subquery, worded: Period | None) -> Select[tuple[object, ...]]:
    columns = [
        case((found.c.period == str(worded), column)).label(column.name)
        if worded and isinstance(column.type, Text)
        else column
        for column in table.c
    ]
    return select(*columns).join(found, found.c.id == table.c.submission_id)


@dataclass(frozen=True)
class Facts:
    """All that a report of a period is made from; ``frames`` by sheet key, as :func:`frame_of` gives them.

    Frames have the periods before it too where the report looks back: figures without their texts, and difficulties.
    ``due_dates``: by unit and code, from the accepted assignment plans. ``units_then``: who had to report in the
    periods that were reported. ``places``: by unit, the cells of its figures; ``signed``: who signed the
    document beside its workbook, which is no part of the :attr:`basis`. ``months``: those of the monthly cycle up to
    its last period, of a report that looks back on it.
    """

    period: Period
    submissions: tuple[Submission, ...]
    effective: tuple[Submission, ...]
    quarantined: frozenset[str]
    findings: Mapping[int, list[Finding]]
    frames: Mapping[str, pd.DataFrame]
    due_dates: Mapping[tuple[str, str], date] = field(default_factory=dict)
    units_then: Mapping[Period, frozenset[str]] = field(default_factory=dict)
    places: Mapping[str, Places] = field(default_factory=dict)
    signed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    months: Facts | None = None

    @property
    def basis(self) -> str:
        """See :func:`basis_of`."""
        return basis_of(self.submissions, self.effective)


def load_facts(connection: Connection, plan: Plan, period: Period) -> Facts:
    """What is known about a period and the periods of its cycle before it, as of this transaction."""
    form = plan.cycle(period).form
    submissions = tuple(submissions_up_to(connection, form, period))
    counted = effective(connection, form, period)
    shown = {one.unit: one.id for one in submissions if one.period == period}
    counting = {one.unit: one.id for one in counted if one.period == period}
    shown |= counting
    places = places_by_submission(connection, sorted(counting.values()))
    return Facts(
        period=period,
        submissions=submissions,
        effective=tuple(counted),
        quarantined=frozenset(quarantined_units(connection, period)),
        findings=findings_of(connection, sorted(shown.values())),
        frames={sheet.key: _looking_back(connection, plan, sheet.key, period) for sheet in plan.forms[form].sheets},
        due_dates=accepted_due_dates(connection, plan, [unit.code for unit in plan.units]),
        units_then={one: frozenset(shape.units) for one, shape in shapes(connection).items()},
        places={unit: places[one] for unit, one in counting.items() if one in places},
        signed=signed_copies.of_period(connection, period),
    )


def _looking_back(connection: Connection, plan: Plan, table: str, period: Period) -> pd.DataFrame:
    form = plan.cycle(period).form
    if table == "difficulties":
        return frame_of(connection, table, form, period)
    since = None if table == "figures" else period
    return _frame(
        connection, table, effective_subquery(form, period, since=since), worded=period, unbounded=plan.unbounded
    )
