"""Where every indicator is heading, for the whole pilot and for each unit, by the reckoning of the domain."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from baocao.consolidation.figures import SUMS, courses, judge_values
from baocao.domain.planned.indicator import Figure, IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.forecast import FEWEST_PERIODS, forecast
from baocao.domain.reported.progress import ForecastRow

Series = list[tuple[int, float | None]]


def forecasts(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[ForecastRow, ...]:
    """A row for each indicator (A4, B8: each component) of the whole pilot and of each unit that has enough periods.

    Projected to the cycle's last period from its periods up to this one: a STOCK figure's ratio, a FLOW figure's
    cumulative one. No row of what has no ratio in this period.
    """
    periods = [one for one in plan.cycle(period).periods if one <= period]
    if len(periods) < FEWEST_PERIODS:
        return ()
    last = len(plan.cycle(period).periods) - 1
    shown = [figure for figure in plan.figures if (figure.is_headline and figure.is_typed) or _is_separate_part(figure)]
    series = _series(plan, values[values["code"].isin([figure.code for figure in shown])], periods)
    rows = []
    for unit in (None, *sorted({unit for unit, _ in series if unit is not None})):
        for figure in (one.of(unit or "") for one in shown):
            course = series.get((unit, figure.code), [])
            is_known_now = course[-1:] != [] and course[-1][0] == len(periods) - 1
            found = forecast(course, last, figure.target_pct, figure.direction) if is_known_now else None
            if found is not None:
                rows.append(
                    ForecastRow(
                        unit=unit,
                        code=figure.code,
                        target_pct=figure.target_pct,
                        expected_pct=found.expected_pct,
                        lowest_pct=found.lowest_pct,
                        highest_pct=found.highest_pct,
                        outlook=found.outlook,
                        direction=figure.direction,
                    )
                )
    return tuple(rows)


def _is_separate_part(figure: Figure) -> bool:
    return not figure.is_headline and figure.mode == "separate"


def _series(plan: Plan, values: pd.DataFrame, periods: list[Period]) -> dict[tuple[str | None, str], Series]:
    series: dict[tuple[str | None, str], Series] = defaultdict(list)
    numbers = {str(one): number for number, one in enumerate(periods)}
    for (period, code), ratio in courses(plan, values, periods).items():
        series[None, code].append((numbers[str(period)], ratio))
    judged = _unit_courses(plan, values[values["period"].isin(numbers)])
    for period, unit, code, ratio in judged[["period", "unit", "code", "ratio_pct"]].itertuples(index=False):
        series[unit, code].append((numbers[period], ratio))
    return series


def _unit_courses(plan: Plan, values: pd.DataFrame) -> pd.DataFrame:
    """Each unit's ratios of what occurred, by period; of FLOW figures the cumulative ones."""
    typed = values.dropna(subset=SUMS).sort_values("period", kind="stable")
    occurred = typed["denominator"] > 0
    is_flow = typed["code"].isin([figure.code for figure in plan.figures if figure.kind is IndicatorKind.FLOW])
    summed = typed.groupby(["unit", "code"])[SUMS].cumsum()
    return judge_values(
        plan, typed.assign(**{name: summed[name].where(is_flow, typed[name]) for name in SUMS})[occurred]
    )
