"""Consolidating figures: sum of numerators / sum of denominators, never a mean of percentages (decision 5).

Frames of values have the columns ``period`` (text ``2022-10``), ``unit``, ``code``, ``numerator``, ``denominator``
(float64, NaN where empty), ``evidence``, ``note`` (text), ``is_set_aside`` (bool) and ``submission_version``; one row
per figure of each accepted submission.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from baocao.consolidation.carrying import SINCE, carried_values, kin, living, silent_units
from baocao.domain.planned.indicator import Figure, IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.progress import CarriedUnit, Comparison, FigureResult, is_reached, ratio_pct, share_of

_Sum = tuple[float, float]
SUMS = ["numerator", "denominator"]
_HEADLINE = ["period", "unit", "code"]


def judge_values(plan: Plan, values: pd.DataFrame) -> pd.DataFrame:
    """The values with ``kind``, ``target_pct``, ``ratio_pct`` (percent, unrounded), ``reached`` and ``is_na``.

    ``reached`` is an object column of True, False and None; compared on counts. ``is_na``: the
    denominator is 0 («Không phát sinh»). The empty headline of an indicator with separate components is judged by
    the worst of its components.
    """
    frame = values.copy(deep=False)
    figures = plan.figure_by_code
    frame["kind"] = frame["code"].map({code: figure.kind.value for code, figure in figures.items()})
    frame["target_pct"] = targets_of(plan, frame)
    has_ratio = frame["denominator"].gt(0) & frame["numerator"].notna()
    frame["ratio_pct"] = (frame["numerator"] * 100 / frame["denominator"].where(has_ratio)).where(has_ratio)
    frame["is_na"] = frame["denominator"].eq(0)
    frame["reached"] = meets_target(plan, frame).astype(object).where(has_ratio, None)
    return _judge_separate_headlines(plan, frame)


def targets_of(plan: Plan, frame: pd.DataFrame) -> pd.Series[float]:
    """The target in percent of each row: its unit's own where it has one; NaN of codes that the plan does not know."""
    targets = frame["code"].map({one.code: one.target_pct for one in plan.figures}).astype(float)
    own = {(one.code, unit): pct for one in plan.figures for unit, pct in one.targets.items()}
    if not own:
        return targets
    mine = [own.get(key) for key in zip(frame["code"], frame["unit"], strict=True)]
    return pd.Series(mine, frame.index, dtype=float).fillna(targets)


def meets_target(
    plan: Plan, frame: pd.DataFrame, numerator: str = "numerator", denominator: str = "denominator"
) -> Any:
    """A bool for each row: ``progress.is_reached`` of very many rows, where both counts are given.

    Both sides are whole numbers, so nothing is rounded.
    """
    targets = targets_of(plan, frame)
    shares = {target: share_of(target) for target in targets.dropna().unique()}
    whole = targets.map({target: share.whole for target, share in shares.items()}).astype(float)
    part = targets.map({target: share.part for target, share in shares.items()}).astype(float)
    signs = {code: -1 if one.is_lower else 1 for code, one in plan.figure_by_code.items()}
    sign = frame["code"].map(signs).astype(float)
    return sign * frame[numerator] * whole >= sign * frame[denominator] * part


def _judge_separate_headlines(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    figures = plan.figure_by_code
    parents = {f.code: f.indicator for f in plan.figures if not f.is_headline and not figures[f.indicator].is_typed}
    if not parents:
        return frame
    parts = frame[frame["code"].isin(parents)]
    is_headline = frame["code"].isin(set(parents.values()))
    judged = parts[_HEADLINE].assign(
        code=parts["code"].map(parents),
        missed=parts["reached"].eq(False),
        occurred=parts["ratio_pct"].notna(),
        not_na=~parts["is_na"],
    )
    verdicts = judged.groupby(_HEADLINE).any()
    mine = frame.loc[is_headline, _HEADLINE].join(verdicts, on=_HEADLINE)
    frame.loc[is_headline, "reached"] = mine["missed"].eq(False).astype(object).where(mine["occurred"].eq(True), None)
    frame.loc[is_headline, "is_na"] = mine["not_na"].eq(False)
    return frame


def consolidate(
    plan: Plan, values: pd.DataFrame, period: Period, reporting: Collection[str] | None = None
) -> tuple[FigureResult, ...]:
    """One result per headline and component, in the plan's order, from values of the cycle's periods up to this one.

    ``reporting``: the units whose report of the period counts; without it those that have a row in it.
    """
    current = judge_values(plan, values[values["period"] == str(period)])
    totals = _Totals(plan, values[values["period"] <= str(period)], period, reporting)
    counts = {
        "units_reported": _count(current, current["numerator"].notna() | current["reached"].notna() | current["is_na"]),
        "units_reached": _count(current, current["reached"].eq(True)),
        "units_not_applicable": _count(current, current["is_na"]),
    }
    results: dict[str, FigureResult] = {}
    for figure in reversed(plan.figures):  # components stand after their headline, which may be judged by them
        own = {name: int(count.get(figure.code, 0)) for name, count in counts.items()}
        results[figure.code] = _result(figure, totals, own, _components(results, figure))
    return tuple(results[figure.code] for figure in plan.figures)


def previous_periods(plan: Plan, period: Period) -> dict[str, Period]:
    """By code the period before, in which the figure was asked: the month, the quarter, the half year, the year."""
    return {figure.code: period.shift(-figure.every) for figure in plan.figures}


def pilot_ratios(plan: Plan, values: pd.DataFrame, periods: Sequence[Period]) -> dict[tuple[Period, str], float | None]:
    """The ratio in percent of the whole pilot by period and figure, as :func:`consolidate` gives it, at one go."""
    sums = _counting(plan, values, periods).groupby(["period", "code"])[SUMS].sum()
    known = dict(zip(sums.index, sums.itertuples(index=False, name=None), strict=True))
    return {
        (period, figure.code): ratio_pct(*known.get((str(period), figure.code), (None, None)))
        for period in periods
        for figure in plan.figures
    }


def courses(plan: Plan, values: pd.DataFrame, periods: Sequence[Period]) -> dict[tuple[Period, str], float | None]:
    """What a forecast follows, by period and figure: a STOCK figure's ratio, a FLOW figure's cumulative one.

    The final assessment judges what is cumulative. None where nothing occurred in the period.
    """
    ratios = pilot_ratios(plan, values, periods)
    flows = [figure.code for figure in plan.figures if figure.kind is IndicatorKind.FLOW]
    typed = values.dropna(subset=SUMS)
    for period in periods:
        sums = _sums(typed[typed["code"].isin(flows) & (typed["period"] <= str(period))])
        now = {(period, code): ratio_pct(*found) for code, found in sums.items()}
        ratios |= {key: ratio for key, ratio in now.items() if ratios[key] is not None}
    return ratios


def _counting(plan: Plan, values: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """The typed values that count in some periods, with those that silent units carry into them."""
    typed = values.dropna(subset=SUMS)
    return pd.concat([typed, *(carried_values(plan, values, period) for period in periods)])


class _Totals:
    """Sums by code: in the period, in the period before, and cumulative; and whose values are in the first of these."""

    def __init__(self, plan: Plan, values: pd.DataFrame, period: Period, reporting: Collection[str] | None) -> None:
        typed = values.dropna(subset=SUMS)
        earlier = previous_periods(plan, period)
        counting = _counting(plan, values, [*set(earlier.values()), period])
        now = counting[counting["period"] == str(period)]
        self.current = _sums(now)
        before = counting[counting["period"] == counting["code"].map({c: str(one) for c, one in earlier.items()})]
        self.previous = _sums(before)
        self.compared = _compared(*(one.assign(unit=kin(plan, one["unit"], period)) for one in (now, before)))
        self.silent = silent_units(plan, values, period, reporting)
        self.carried = _carried(now)
        is_flow = typed["code"].isin([one.code for one in plan.figures if one.kind is IndicatorKind.FLOW])
        flow, stock = typed[is_flow], living(plan, typed[~is_flow], period).sort_values("period")
        latest = stock.drop_duplicates(["unit", "code"], keep="last")
        self.cumulative = _sums(flow) | _sums(latest)


def _sums(frame: pd.DataFrame) -> dict[str, _Sum]:
    sums = frame.groupby("code")[SUMS].sum()
    return {str(code): (float(row[0]), float(row[1])) for code, row in zip(sums.index, sums.to_numpy(), strict=True)}


def _compared(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, tuple[_Sum, _Sum, bool]]:
    """By code what both sums have in common: the units of both, now and before, and whether either has others."""
    keys = ["unit", "code"]
    mine, theirs = pd.MultiIndex.from_frame(now[keys]), pd.MultiIndex.from_frame(before[keys])
    in_both, were_in_both = mine.isin(theirs), theirs.isin(mine)
    partial = {*now.loc[~in_both, "code"], *before.loc[~were_in_both, "code"]}
    sums, earlier = _sums(now[in_both]), _sums(before[were_in_both])
    return {code: (sums[code], earlier[code], code in partial) for code in sums}


def _carried(now: pd.DataFrame) -> dict[str, list[CarriedUnit]]:
    carried: dict[str, list[CarriedUnit]] = {}
    for unit, code, since in now.dropna(subset=[SINCE])[["unit", "code", SINCE]].itertuples(index=False, name=None):
        carried.setdefault(code, []).append(CarriedUnit(unit, Period.parse(since)))
    return carried


def _count(frame: pd.DataFrame, mask: pd.Series[bool]) -> dict[str, int]:
    return {str(code): int(count) for code, count in frame.loc[mask, "code"].value_counts().items()}


def _components(results: dict[str, FigureResult], figure: Figure) -> list[FigureResult]:
    if not figure.is_headline:
        return []
    return [one for one in results.values() if one.indicator == figure.code and not one.is_headline]


def _result(figure: Figure, totals: _Totals, counts: dict[str, int], components: list[FigureResult]) -> FigureResult:
    numerator, denominator = totals.current.get(figure.code, (None, None))
    cumulative = totals.cumulative.get(figure.code, (None, None))
    is_judged_by_components = numerator is None and bool(components)
    reached = is_reached(numerator, denominator, figure.target_pct, figure.direction)
    return FigureResult(
        **_identity(figure),
        numerator=numerator,
        denominator=denominator,
        ratio_pct=ratio_pct(numerator, denominator),
        cumulative_numerator=cumulative[0],
        cumulative_denominator=cumulative[1],
        cumulative_ratio_pct=ratio_pct(*cumulative),
        reached=_worst(components) if is_judged_by_components else reached,
        previous_ratio_pct=ratio_pct(*totals.previous.get(figure.code, (None, None))),
        comparison=_comparison(totals, figure),
        is_estimated=is_judged_by_components and figure.is_typed and _worst(components) is not None,
        **_coverage(totals, figure, components),
        **counts,
    )


def _comparison(totals: _Totals, figure: Figure) -> Comparison | None:
    if figure.code not in totals.compared:
        return None
    now, before, is_partial = totals.compared[figure.code]
    return Comparison(
        now_pct=ratio_pct(*now),
        before_pct=ratio_pct(*before),
        is_reached_now=is_reached(*now, figure.target_pct, figure.direction),
        was_reached=is_reached(*before, figure.target_pct, figure.direction),
        is_partial=is_partial,
    )


def _coverage(totals: _Totals, figure: Figure, components: list[FigureResult]) -> dict[str, Any]:
    """Whose earlier values are in the sum, and who is in none; of a headline by its components, theirs."""
    carried = tuple(totals.carried.get(figure.code, ()))
    if not figure.is_typed:
        carried = tuple(dict.fromkeys(one for part in components for one in part.carried))
    known = {one.unit for one in carried}
    return {"carried": carried, "absent": tuple(unit for unit in totals.silent if unit not in known)}


def _identity(figure: Figure) -> dict[str, Any]:
    names = ("code", "indicator", "name", "is_headline", "mode", "kind", "target_pct", "targets", "direction")
    return {name: getattr(figure, name) for name in names}


def _worst(components: list[FigureResult]) -> bool | None:
    verdicts = [component.reached for component in components if component.reached is not None]
    return all(verdicts) if verdicts else None
