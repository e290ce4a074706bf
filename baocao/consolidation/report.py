"""Making the frozen report of a month from the stored facts."""

from __future__ import annotations

import pandas as pd

from baocao.consolidation.carrying import as_inherited, carried_values
from baocao.consolidation.cells import columns_of, in_plan_order
from baocao.consolidation.difficulties import report_difficulties
from baocao.consolidation.figures import consolidate, judge_values, pilot_ratios, previous_periods
from baocao.consolidation.forecasts import forecasts
from baocao.consolidation.head import Head, document_head
from baocao.consolidation.tasks import report_tasks
from baocao.domain.planned.indicator import ComponentsMode, Figure
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.progress import TimelinessPoint, TrendPoint, UnitFigure
from baocao.domain.reported.report import Report
from baocao.domain.reported.standing import standings, tally
from baocao.store.accepted.facts import Facts
from baocao.store.accepted.impossible import SET_ASIDE


def build_report(plan: Plan, facts: Facts, head: Head) -> Report:
    """The report of a month; pure: equal facts and head give an equal report."""
    period, figures = facts.period, facts.frames["figures"]
    counts = figures.drop(columns=["evidence", "note", SET_ASIDE])  # what is summed is filtered and copied many times
    return Report(
        **document_head(plan, facts, head),
        figures=consolidate(plan, counts, period),
        unit_figures=unit_figures(plan, figures, period),
        carried_figures=_carried_figures(plan, counts, period),
        places=facts.places,
        tasks=report_tasks(plan, facts.frames["tasks"], period, facts.due_dates),
        difficulties=report_difficulties(plan, facts.frames["difficulties"], period, facts.effective),
        trend=trend(plan, counts, period),
        timeliness=timeliness_points(plan, facts),
        forecasts=forecasts(plan, counts, period),
    )


def unit_figures(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[UnitFigure, ...]:
    """Every figure of every unit in a period, with its ratio in the period before."""
    earlier = values["code"].map({code: str(one) for code, one in previous_periods(plan, period).items()})
    past = judge_values(plan, as_inherited(plan, values[values["period"] == earlier], period))
    before = past.set_index(["unit", "code"])["ratio_pct"].rename("previous_ratio_pct")
    judged = judge_values(plan, values[values["period"] == str(period)])
    current = judged.join(before, on=["unit", "code"])
    shown = in_plan_order(plan, current)[list(UnitFigure._fields)]
    return tuple(map(UnitFigure, *columns_of(shown, "evidence", "note")))


def _carried_figures(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[UnitFigure, ...]:
    """The earlier values of silent units that are in the period's sums; without their texts."""
    judged = in_plan_order(plan, judge_values(plan, carried_values(plan, values, period)))
    return tuple(map(UnitFigure, *columns_of(judged[list(UnitFigure._fields[:6])])))


def trend(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[TrendPoint, ...]:
    """The consolidated ratios of each period of the cycle up to this one: headlines, and separate components."""
    periods = [one for one in plan.cycle(period).periods if one <= period]
    ratios = pilot_ratios(plan, values, periods)
    return tuple(
        TrendPoint(period=one, code=figure.code, ratio_pct=ratios[one, figure.code], target_pct=figure.target_pct)
        for one in periods
        for figure in plan.at(one).figures
        if _is_charted(figure) and figure.code in plan.figure_by_code
    )


def _is_charted(figure: Figure) -> bool:
    return figure.is_headline != (figure.mode is ComponentsMode.SEPARATE)


def timeliness_points(plan: Plan, facts: Facts) -> tuple[TimelinessPoint, ...]:
    """How many units reported on time, late and not at all, in each period of the cycle up to this one."""
    points = []
    for period in (one for one in plan.cycle(facts.period).periods if one <= facts.period):
        rows = standings(plan.at(period), [one for one in facts.submissions if one.period == period], ())
        rows = tuple(row for row in rows if row.unit in facts.units_then.get(period, frozenset({row.unit})))
        points.append(TimelinessPoint(period=period, **tally(rows)._asdict()))
    return tuple(points)
