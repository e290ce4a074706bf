"""What earlier periods say about each row of a batch. Only strictly earlier periods of the same unit count."""

from typing import Any

import pandas as pd

from baocao.domain.planned.rule_limits import OutlierLimits
from baocao.domain.reported.history import History, PastFigure, PastTask

_TO_SIGMA = 0.6745


def past_figures(history: History, units: "pd.Series[str]") -> pd.DataFrame:
    """Columns unit, period, code, numerator, denominator (float64) of these units."""
    frame = _past(history.figures, PastFigure, units)
    return frame.astype({"numerator": "float64", "denominator": "float64"})


def past_tasks(history: History, units: "pd.Series[str]") -> pd.DataFrame:
    """Columns unit, period, code, progress_pct (float64), status (text) of these units."""
    frame = _past(history.tasks, PastTask, units)
    return frame.astype({"progress_pct": "float64", "status": "str"})


def _past(rows: Any, shape: Any, units: "pd.Series[str]") -> pd.DataFrame:
    frame = pd.DataFrame.from_records(rows, columns=list(shape._fields))
    frame = frame.astype({"unit": "str", "period": "str", "code": "str"})
    return frame[frame["unit"].isin(units.dropna().unique())]


def with_previous(frame: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """The frame with ``previous_period`` and each value of the past as ``previous_<name>``: the latest earlier one.

    Rows keep their order; a row without a unit, a period or a past has missing values.
    """
    renamed = past.rename(columns={name: f"previous_{name}" for name in past.columns if name not in ("unit", "code")})
    parts = [_latest_before(renamed, period) for period in sorted(frame["period"].dropna().unique())]
    latest = pd.concat(parts) if parts else renamed.assign(period=renamed["previous_period"])
    return frame.merge(latest, on=["unit", "code", "period"], how="left")


def _latest_before(past: pd.DataFrame, period: str) -> pd.DataFrame:
    earlier = past[past["previous_period"] < period].sort_values("previous_period")
    return earlier.drop_duplicates(["unit", "code"], keep="last").assign(period=period)


def own_series(frame: pd.DataFrame, past: pd.DataFrame, limits: OutlierLimits) -> pd.DataFrame:
    """``series_median_pct`` and ``modified_z`` of each row against its own series, on the frame's index.

    The series is ``computed_pct`` of this period and of every earlier one, where there was a ratio; NaN where it has
    fewer than ``min_periods`` values. Modified z-score after Iglewicz and Hoaglin: ``0.6745 × (x − median) / MAD``. The
    MAD is the median absolute deviation, in points, and at least ``min_deviation_points``.
    """
    own = frame[["line", "unit", "code", "period", "computed_pct"]].dropna()
    then = own.merge(past[past["denominator"] > 0], on=["unit", "code"], suffixes=("", "_then"))
    then = then[then["period_then"] < then["period"]]
    then = then.assign(computed_pct=then["numerator"] * 100 / then["denominator"])
    pool = pd.concat([own[["line", "computed_pct"]], then[["line", "computed_pct"]]])
    pool = pool[pool.groupby("line")["computed_pct"].transform("count") >= limits.min_periods]
    median = pool.groupby("line")["computed_pct"].median()
    deviation = (pool["computed_pct"] - pool["line"].map(median)).abs()
    mad = deviation.groupby(pool["line"]).median().clip(lower=limits.min_deviation_points)
    value = own.set_index("line")["computed_pct"].reindex(median.index)
    scores = pd.DataFrame({"series_median_pct": median, "modified_z": _TO_SIGMA * (value - median) / mad})
    return scores.reindex(frame["line"]).set_axis(frame.index)
