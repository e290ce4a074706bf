"""Making the frozen report of a month from the stored facts."""

from __future__ import annotations

import pandas as pd

from baocao.consolidation.cells import columns_of, said
from baocao.consolidation.difficulties import report_difficulties
from baocao.consolidation.figures import consolidate, judge_values, pilot_ratios
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


def build_report(plan: Plan, facts: Facts, head: Head) -> Report:
    """The report of a month; pure: equal facts and head give an equal report."""
    period, figures = facts.period, facts.frames["figures"]
    counts = figures.drop(columns=["evidence", "note"])  # what is summed is filtered and copied many times
    return Report(
        **document_head(plan, facts, head),
        figures=consolidate(plan, counts, period),
        unit_figures=unit_figures(plan, figures, period),
        places=facts.places,
        tasks=report_tasks(plan, facts.frames["tasks"], period, facts.due_dates),
        difficulties=report_difficulties(facts.frames["difficulties"], period),
        trend=trend(plan, counts, period),
        timeliness=timeliness_points(plan, facts),
        forecasts=forecasts(plan, counts, period),
    )


def unit_figures(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[UnitFigure, ...]:
    """Every figure of every unit in a period, with its ratio in the period before."""
    judged = judge_values(plan, values[values["period"].isin([str(period), str(period.previous)])])
    before = judged[judged["period"] == str(period.previous)].set_index(["unit", "code"])["ratio_pct"]
    current = judged[judged["period"] == str(period)].join(before.rename("previous_ratio_pct"), on=["unit", "code"])
    shown = current[list(UnitFigure._fields)].copy()
    for name in ("evidence", "note"):
        shown[name] = shown[name].map(said, na_action="ignore")
    return tuple(map(UnitFigure, *columns_of(shown, "evidence", "note")))


def trend(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[TrendPoint, ...]:
    """The consolidated ratios of each period of the cycle up to this one: headlines, and separate components."""
    periods = [one for one in plan.cycle(period).periods if one <= period]
    ratios = pilot_ratios(plan, values, periods)
    return tuple(
        TrendPoint(period=one, code=figure.code, ratio_pct=ratios[one, figure.code], target_pct=figure.target_pct)
        for one in periods
        for figure in plan.figures
        if _is_charted(figure)
    )


def _is_charted(figure: Figure) -> bool:
    return figure.is_headline != (figure.mode is ComponentsMode.SEPARATE)


def timeliness_points(plan: Plan, facts: Facts) -> tuple[TimelinessPoint, ...]:
    """How many units reported on time, late and not at all, in each period of the cycle up to this one."""
    points = []
    for period in (one for one in plan.cycle(facts.period).periods if one <= facts.period):
        rows = standings(plan, [one for one in facts.submissions if one.period == period], ())
        points.append(TimelinessPoint(period=period, **tally(rows)._asdict()))
    return tuple(points)
