"""The final assessment, from the units' self-assessments and the months before."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import Any

import pandas as pd

from baocao.consolidation.cells import is_empty, number, rows_of, said, texts
from baocao.consolidation.difficulties import report_difficulties
from baocao.consolidation.figures import consolidate
from baocao.consolidation.head import Head, document_head
from baocao.consolidation.report import timeliness_points, trend
from baocao.consolidation.tasks import report_tasks
from baocao.domain.grouping import grouped
from baocao.domain.planned.indicator import Indicator
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.assessment import (
    FinalAssessment,
    FinalResult,
    Proposal,
    Recommendation,
    UnitAssessment,
    UnitReporting,
    final_result,
    recommend,
    score_of,
    worst_result,
)
from baocao.domain.reported.progress import Difficulty, TaskStatus, UnitTask, ratio_pct
from baocao.domain.reported.standing import Tally, standings, tally
from baocao.narrative.phrases import padded, unit_names
from baocao.store.accepted.facts import Facts

Counts = dict[str, tuple[float | None, float | None]]
_NOTHING = (None, None)
_FREE = ("cause", "lesson", "adjustment")


def build_assessment(plan: Plan, facts: Facts, head: Head) -> FinalAssessment:
    """What became of the pilot, seen also from its months, where the plan has them. Pure.

    STOCK figures are those at the end, FLOW figures those of the whole pilot, as the units gave them in their final
    form.
    """
    figures, months = facts.frames["figures"], facts.months
    units = _unit_assessments(plan, facts)
    tasks = report_tasks(plan, facts.frames["tasks"], facts.period, facts.due_dates)
    consolidated = consolidate(plan, figures, facts.period)
    by_code = {figure.code: (figure.numerator, figure.denominator) for figure in consolidated}
    return FinalAssessment(
        **document_head(plan, facts, head),
        figures=consolidated,
        results={one.code: _result(one, by_code) for one in plan.indicators},
        unit_assessments=units,
        reporting=_reporting(plan, months, units, tasks) if months else (),
        tasks=tasks,
        difficulties=_difficulties(plan, facts),
        recommendations=tuple(_recommendation(plan, one, units) for one in plan.indicators),
        score_label=plan.scoring.label,
        score_preset=plan.scoring_preset.label,
        trend=trend(plan, months.frames["figures"], months.period) if months else (),
        timeliness=timeliness_points(plan, months) if months else (),
    )


def _difficulties(plan: Plan, facts: Facts) -> tuple[Difficulty, ...]:
    """What is asked at the end, since when in the months."""
    months = facts.months
    before = [months.frames["difficulties"]] if months and "difficulties" in months.frames else []
    rows = pd.concat([*before, facts.frames["difficulties"]], ignore_index=True)
    return report_difficulties(plan, rows, facts.period, (*(months.effective if months else ()), *facts.effective))


def _counts_by_unit(figures: pd.DataFrame, period: Period) -> dict[str, Counts]:
    counts: dict[str, Counts] = defaultdict(dict)
    for row in rows_of(figures, period):
        counts[row["unit"]][row["code"]] = (number(row["numerator"]), number(row["denominator"]))
    return counts


def _result(indicator: Indicator, counts: Counts) -> FinalResult | None:
    own = final_result(*counts.get(indicator.code, _NOTHING), indicator.target_pct, indicator.direction)
    if not indicator.components or own is not None:
        return own
    goal = indicator.target_pct, indicator.direction
    parts = [final_result(*counts.get(part.code, _NOTHING), *goal) for part in indicator.components]
    return worst_result(parts)


def _unit_assessments(plan: Plan, facts: Facts) -> tuple[UnitAssessment, ...]:
    counts = _counts_by_unit(facts.frames["figures"], facts.period)
    claims = {(row["unit"], row["code"]): row for row in rows_of(facts.frames["assessments"], facts.period)}
    return tuple(
        _unit_assessment(plan, unit.code, one.of(unit.code), counts[unit.code], claims.get((unit.code, one.code)))
        for unit in plan.units
        if unit.code in counts
        for one in plan.indicators
    )


def _unit_assessment(
    plan: Plan, unit: str, indicator: Indicator, counts: Counts, claim: dict[Any, Any] | None
) -> UnitAssessment:
    result = _result(indicator, counts)
    ratio = _lowest_ratio(indicator, counts)
    maximum = plan.scoring_preset.maximum_of(indicator.code) if ratio is not None else None
    claimed = _choice(FinalResult, claim, "result")
    return UnitAssessment(
        unit=unit,
        code=indicator.code,
        result=result,
        ratio_pct=ratio,
        claimed=claimed,
        agrees=None if claimed is None else claimed is result,
        score=None if maximum is None else score_of(ratio, indicator.target_pct, maximum, indicator.direction),
        maximum=maximum,
        proposal=_choice(Proposal, claim, "proposal"),
        **{name: said(text) for name, text in (texts(claim, *_FREE) if claim else {}).items()},
    )


def _lowest_ratio(indicator: Indicator, counts: Counts) -> float | None:
    """The headline's ratio, or that of the worst component where the components are reported apart."""
    codes = [part.code for part in indicator.components] if indicator.is_separate else [indicator.code]
    ratios = [ratio_pct(*counts.get(code, _NOTHING)) for code in codes]
    return min((ratio for ratio in ratios if ratio is not None), default=None)


def _choice(kind: Any, claim: dict[Any, Any] | None, column: str) -> Any:
    return None if claim is None or is_empty(claim[column]) else kind(claim[column])


def _reporting(
    plan: Plan, months: Facts, units: tuple[UnitAssessment, ...], tasks: tuple[UnitTask, ...]
) -> tuple[UnitReporting, ...]:
    boards = (
        standings(plan.at(period), [one for one in months.submissions if one.period == period], ())
        for period in plan.cycle(months.period).periods
    )
    rows = grouped(chain.from_iterable(boards), lambda row: row.unit)
    return tuple(_unit_reporting(unit.code, tally(rows.get(unit.code, ())), units, tasks) for unit in plan.units)


def _unit_reporting(
    unit: str, kept: Tally, units: tuple[UnitAssessment, ...], tasks: tuple[UnitTask, ...]
) -> UnitReporting:
    own = [task for task in tasks if task.unit == unit and task.status is not TaskStatus.NOT_APPLICABLE]
    scored = [one for one in units if one.unit == unit]
    return UnitReporting(
        unit=unit,
        **kept._asdict(),
        tasks_done=sum(task.status is TaskStatus.DONE for task in own),
        tasks=len(own),
        score=sum(round(one.score or 0.0, 2) for one in scored),
        maximum=sum(one.maximum or 0.0 for one in scored),
    )


def _recommendation(plan: Plan, indicator: Indicator, units: tuple[UnitAssessment, ...]) -> Recommendation:
    own = [one for one in units if one.code == indicator.code]
    proposing = {one.unit for one in own if one.proposal is not None}
    silent = [unit.name for unit in plan.units if unit.code not in proposing]
    results = Counter(one.result for one in own)
    proposals = [one.proposal for one in own if one.proposal is not None]
    return Recommendation(
        code=indicator.code,
        name=indicator.name_short,
        proposal=recommend(results[FinalResult.REACHED], results[FinalResult.MISSED], proposals, len(plan.units)),
        evidence=_evidence(results, proposals, silent),
        adjustments=tuple(dict.fromkeys(one.adjustment for one in own if one.adjustment)),
    )


def _evidence(results: Counter[FinalResult | None], proposals: list[Proposal], silent: list[str]) -> str:
    parts = [f"{padded(results[FinalResult.REACHED])} đơn vị đạt", f"{padded(results[FinalResult.MISSED])} chưa đạt"]
    for kind, words in ((FinalResult.NOT_APPLICABLE, "không phát sinh"), (None, "chưa có số liệu")):
        if results[kind]:
            parts.append(f"{padded(results[kind])} {words}")
    counts = Counter(proposals)
    told = [f"{padded(counts[one])} đề xuất {one.value.lower()}" for one in Proposal if counts[one]]
    if silent:
        told.append(f"{unit_names(silent)} không nêu đề xuất")
    return "; ".join([", ".join(parts), *told])
