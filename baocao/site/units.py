"""The figures, tasks and difficulties of those units that have a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import pandas as pd

from baocao.consolidation.cells import records
from baocao.consolidation.difficulties import report_difficulties
from baocao.consolidation.figures import judge_values
from baocao.consolidation.tasks import report_tasks
from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.progress import Difficulty, UnitFigure, UnitTask
from baocao.store.accepted.counted import accepted_due_dates
from baocao.store.accepted.facts import frame_of
from baocao.store.accepted.impossible import SET_ASIDE
from baocao.store.engine.names import Connection

OfUnit = TypeVar("OfUnit", UnitTask, Difficulty)
_FIGURE = ["unit", "code", "numerator", "denominator", "ratio_pct", "reached", "evidence", "note", SET_ASIDE]


class UnitMonth(NamedTuple):
    """A unit in a period."""

    unit: str
    period: Period


@dataclass(frozen=True)
class UnitData:
    """What was accepted from each unit, by unit and period; figures further by code."""

    figures: Mapping[UnitMonth, Mapping[str, UnitFigure]] = field(default_factory=dict)
    tasks: Mapping[UnitMonth, list[UnitTask]] = field(default_factory=dict)
    difficulties: Mapping[UnitMonth, list[Difficulty]] = field(default_factory=dict)

    def newest(self, unit: str) -> Period | None:
        """The last period for which a unit's figures were accepted."""
        return max((month.period for month in self.figures if month.unit == unit), default=None)

    def has(self, unit: str, period: Period) -> bool:
        """Whether a unit's figures were accepted for a period."""
        return UnitMonth(unit, period) in self.figures

    def ratio(self, unit: str, period: Period, code: str) -> float | None:
        """A unit's ratio in percent; None where it gave none."""
        found = self.figures.get(UnitMonth(unit, period), {}).get(code)
        return found.ratio_pct if found else None


def read_units(connection: Connection, plan: Plan, up_to: Period, units: Collection[str]) -> UnitData:
    """Read what was accepted from some units up to a period."""
    parts = [
        _read(connection, plan, form, up_to, units)
        for form in plan.forms.values()
        if any(sheet.key == "figures" for sheet in form.sheets)
    ]
    return UnitData(
        figures={key: value for part in parts for key, value in part.figures.items()},
        tasks={key: value for part in parts for key, value in part.tasks.items()},
        difficulties={key: value for part in parts for key, value in part.difficulties.items()},
    )


def _read(connection: Connection, plan: Plan, form: Form, up_to: Period, units: Collection[str]) -> UnitData:
    periods = [one for one in plan.periods if plan.cycle(one).form == form.key and one <= up_to]
    if not periods:
        return UnitData()

    def rows(table: str) -> pd.DataFrame:
        return frame_of(connection, table, form.key, periods[-1], units, plan.unbounded)

    tasks, difficulties = rows("tasks"), rows("difficulties")
    due_dates = accepted_due_dates(connection, plan, sorted(units))
    return UnitData(
        figures=_figures(judge_values(plan, rows("figures"))),
        tasks=_grouped({one: report_tasks(plan, tasks, one, due_dates) for one in periods}),
        difficulties=_grouped({one: report_difficulties(plan, difficulties, one) for one in periods}),
    )


def _figures(judged: pd.DataFrame) -> dict[UnitMonth, dict[str, UnitFigure]]:
    found: dict[UnitMonth, dict[str, UnitFigure]] = defaultdict(dict)
    for row in records(judged[["period", *_FIGURE]]):
        period = Period.parse(row.pop("period"))
        row |= {name: row[name] or "" for name in ("evidence", "note")}
        found[UnitMonth(row["unit"], period)][row["code"]] = UnitFigure(**row)
    return found


def _grouped(by_period: Mapping[Period, Iterable[OfUnit]]) -> dict[UnitMonth, list[OfUnit]]:
    found: dict[UnitMonth, list[OfUnit]] = defaultdict(list)
    for period, items in by_period.items():
        for item in items:
            found[UnitMonth(item.unit, period)].append(item)
    return found
