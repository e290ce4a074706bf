"""Making the frozen report of a period from the stored facts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from baocao.consolidation.difficulties import report_difficulties
from baocao.consolidation.figures import consolidate, judge_values
from baocao.consolidation.tasks import report_tasks
from baocao.domain.finding import place
from baocao.domain.indicator import ComponentsMode
from baocao.domain.period import Period
from baocao.domain.plan import Plan
from baocao.domain.progress import FigureResult, TimelinessPoint, TrendPoint, UnitFigure, UnitStanding
from baocao.domain.report import Report, ReportedFinding, ReportedTask, Restatement
from baocao.domain.standing import completeness_pct, standings, timeliness_pct
from baocao.domain.submission import Timeliness, UnitState
from baocao.store.facts import Facts

if TYPE_CHECKING:
    import pandas as pd


def build_report(
    plan: Plan,
    facts: Facts,
    made_at: datetime,
    *,
    version: int = 1,
    is_draft: bool = False,
    restatements: tuple[Restatement, ...] = (),
) -> Report:
    """The report of ``facts.period``; pure: equal facts and arguments give an equal report.

    ``made_at`` is aware, in the plan's zone.
    """
    period = facts.period
    rows = standings(plan, [one for one in facts.submissions if one.period == period], facts.quarantined)
    return Report(
        plan=plan.code,
        plan_title=plan.title,
        short_title=plan.short_title,
        is_sample=plan.is_sample,
        form=plan.cycle(period).form,
        period=period,
        version=version,
        is_draft=is_draft,
        made_at=made_at,
        issuer=plan.issuer,
        pilot=plan.pilot,
        indicator_groups=plan.indicator_groups,
        indicator_group_of={indicator.code: indicator.group for indicator in plan.indicators},
        task_groups=plan.task_groups,
        standings=rows,
        completeness_pct=completeness_pct(rows),
        timeliness_pct=timeliness_pct(rows),
        figures=consolidate(plan, facts.figures, period),
        unit_figures=unit_figures(plan, facts.figures, period),
        task_names=tuple(ReportedTask(code=t.code, group=t.group, name=t.verbatim) for t in plan.unit_tasks),
        tasks=report_tasks(facts.tasks, period),
        difficulties=report_difficulties(facts.difficulties, period),
        findings=_findings(facts, rows),
        trend=trend(plan, facts.figures, period),
        timeliness=_timeliness(plan, facts),
        restatements=restatements,
    )


def unit_figures(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[UnitFigure, ...]:
    """Every figure of every unit in a period, with its ratio in the period before."""
    judged = judge_values(plan, values[values["period"].isin([str(period), str(period.previous)])])
    before = judged[judged["period"] == str(period.previous)].dropna(subset=["ratio_pct"])
    previous = dict(zip(zip(before["unit"], before["code"], strict=True), before["ratio_pct"], strict=True))
    current = judged[judged["period"] == str(period)]
    return tuple(
        UnitFigure(
            unit=row["unit"],
            code=row["code"],
            numerator=_number(row["numerator"]),
            denominator=_number(row["denominator"]),
            ratio_pct=_number(row["ratio_pct"]),
            reached=row["reached"],
            previous_ratio_pct=previous.get((row["unit"], row["code"])),
            evidence=row["evidence"] or "",
            note=row["note"] or "",
        )
        for row in current.to_dict("records")
    )


def trend(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[TrendPoint, ...]:
    """The consolidated ratios of each period of the cycle up to this one: headlines, and separate components."""
    periods = [one for one in plan.cycle(period).periods if one <= period]
    return tuple(
        TrendPoint(period=one, code=figure.code, ratio_pct=figure.ratio_pct, target_pct=figure.target_pct)
        for one in periods
        for figure in consolidate(plan, values, one)
        if _is_charted(figure)
    )


def _is_charted(figure: FigureResult) -> bool:
    return figure.is_headline != (figure.mode is ComponentsMode.SEPARATE)


def _findings(facts: Facts, rows: tuple[UnitStanding, ...]) -> tuple[ReportedFinding, ...]:
    shown = {(row.unit, row.version) for row in rows if row.state in (UnitState.ACCEPTED, UnitState.REJECTED)}
    return tuple(
        ReportedFinding(
            unit=one.unit,
            rule=finding.rule,
            severity=finding.severity.value,
            place=place(finding),
            message=finding.message,
        )
        for one in facts.submissions
        if one.period == facts.period and (one.unit, one.version) in shown
        for finding in facts.findings.get(one.id, [])
    )


def _timeliness(plan: Plan, facts: Facts) -> tuple[TimelinessPoint, ...]:
    points = []
    for period in (one for one in plan.cycle(facts.period).periods if one <= facts.period):
        rows = standings(plan, [one for one in facts.submissions if one.period == period], ())
        accepted = Counter(row.timeliness for row in rows if row.state is UnitState.ACCEPTED)
        on_time, late = accepted[Timeliness.ON_TIME], accepted[Timeliness.LATE]
        points.append(TimelinessPoint(period=period, on_time=on_time, late=late, missing=len(rows) - on_time - late))
    return tuple(points)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
