"""Consolidating figures: sum of numerators / sum of denominators, never a mean of percentages (decision 5).

Frames of values have the columns ``period`` (text ``2022-10``), ``unit``, ``code``, ``numerator``, ``denominator``
(float64, NaN where empty), ``evidence``, ``note`` (text) and ``submission_version``; one row per figure of each
accepted submission.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from baocao.domain.indicator import Figure, IndicatorKind
from baocao.domain.period import Period
from baocao.domain.plan import Plan
from baocao.domain.progress import FigureResult, is_reached, ratio_pct

if TYPE_CHECKING:
    import pandas as pd

SUMS = ["numerator", "denominator"]
_HEADLINE = ["period", "unit", "code"]


def judge_values(plan: Plan, values: pd.DataFrame) -> pd.DataFrame:
    """The values with ``kind``, ``target_pct``, ``ratio_pct`` (percent, unrounded), ``reached`` and ``is_na``.

    ``reached`` is an object column of True, False and None; compared on the unrounded fraction. ``is_na``: the
    denominator is 0 («Không phát sinh»). The empty headline of an indicator with separate components is judged by
    the worst of its components.
    """
    frame = values.copy(deep=False)
    figures = plan.figure_by_code
    frame["kind"] = frame["code"].map({code: figure.kind.value for code, figure in figures.items()})
    frame["target_pct"] = frame["code"].map({code: figure.target_pct for code, figure in figures.items()}).astype(float)
    has_ratio = frame["denominator"].gt(0) & frame["numerator"].notna()
    frame["ratio_pct"] = (frame["numerator"] / frame["denominator"].where(has_ratio) * 100).where(has_ratio)
    frame["is_na"] = frame["denominator"].eq(0)
    met = frame["numerator"] * 100 >= frame["target_pct"] * frame["denominator"]
    frame["reached"] = met.astype(object).where(has_ratio, None)
    return _judge_separate_headlines(plan, frame)


def _judge_separate_headlines(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    figures = plan.figure_by_code
    parents = {f.code: f.indicator for f in plan.figures if not f.is_headline and not figures[f.indicator].is_typed}
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


def consolidate(plan: Plan, values: pd.DataFrame, period: Period) -> tuple[FigureResult, ...]:
    """One result per headline and component, in the plan's order, from values of the cycle's periods up to this one."""
    current = judge_values(plan, values[values["period"] == str(period)])
    totals = _Totals(plan, values[values["period"] <= str(period)], period)
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


def pilot_ratios(plan: Plan, values: pd.DataFrame, periods: Sequence[Period]) -> dict[tuple[Period, str], float | None]:
    """The ratio in percent of the whole pilot by period and figure, as :func:`consolidate` gives it, at one go."""
    typed = values.dropna(subset=SUMS)
    sums = typed.groupby(["period", "code"])[SUMS].sum()
    known = dict(zip(sums.index, sums.itertuples(index=False, name=None), strict=True))
    return {
        (period, figure.code): ratio_pct(*known.get((str(period), figure.code), (None, None)))
        for period in periods
        for figure in plan.figures
    }


class _Totals:
    """Sums by code: in the period, in the period before, and cumulative."""

    def __init__(self, plan: Plan, values: pd.DataFrame, period: Period) -> None:
        typed = values.dropna(subset=SUMS)
        self.current = _sums(typed[typed["period"] == str(period)])
        self.previous = _sums(typed[typed["period"] == str(period.previous)])
        is_flow = typed["code"].isin([one.code for one in plan.figures if one.kind is IndicatorKind.FLOW])
        flow, stock = typed[is_flow], typed[~is_flow].sort_values("period")
        latest = stock.drop_duplicates(["unit", "code"], keep="last")
        self.cumulative = _sums(flow) | _sums(latest)


def _sums(frame: pd.DataFrame) -> dict[str, tuple[float, float]]:
    sums = frame.groupby("code")[SUMS].sum()
    return {str(code): (float(row[0]), float(row[1])) for code, row in zip(sums.index, sums.to_numpy(), strict=True)}


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
    reached = is_reached(numerator, denominator, figure.target_pct)
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
        is_estimated=is_judged_by_components and figure.is_typed and _worst(components) is not None,
        **counts,
    )


def _identity(figure: Figure) -> dict[str, Any]:
    names = ("code", "indicator", "name", "is_headline", "mode", "kind", "target_pct")
    return {name: getattr(figure, name) for name in names}


def _worst(components: list[FigureResult]) -> bool | None:
    verdicts = [component.reached for component in components if component.reached is not None]
    return all(verdicts) if verdicts else None
