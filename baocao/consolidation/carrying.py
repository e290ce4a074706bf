"""Units without a report in a period: their last accepted STOCK values count on, where the plan says so (decision 6).

A value at a date stays true until a newer one is known; a count within a period does not, so FLOW figures of a silent
unit are in no sum of the period. Where nobody reported, nothing is carried: the period has no figures.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from baocao.consolidation.succession import living
from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import MissingUnit, Plan

SINCE = "since"


def silent_units(
    plan: Plan, values: pd.DataFrame, period: Period, reporting: Collection[str] | None = None
) -> tuple[str, ...]:
    """The plan's units of which no report of the period counts, in the plan's order."""
    known = set(values.loc[values["period"] == str(period), "unit"]) if reporting is None else set(reporting)
    return tuple(unit.code for unit in plan.at(period).units if unit.code not in known)


def carried_values(plan: Plan, values: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows of the period for units that have none in it: each STOCK value as last accepted.

    ``since`` (ISO text) is the period that it was reported in. No row of a unit that never reported, or that is gone:
    its successor reports for it.
    """
    present = values.loc[values["period"] == str(period), "unit"].unique()
    earlier = living(plan, values[values["period"] < str(period)], period)
    if plan.missing_unit is not MissingUnit.LAST_VALUE or not len(present):
        earlier = earlier.iloc[:0]
    stock = [figure.code for figure in plan.figures if figure.kind is IndicatorKind.STOCK]
    mine = earlier[~earlier["unit"].isin(present) & earlier["code"].isin(stock)]
    typed = mine.dropna(subset=["numerator", "denominator"]).sort_values("period")
    latest = typed.drop_duplicates(["unit", "code"], keep="last").sort_values(["unit", "code"])
    return latest.assign(since=latest["period"], period=str(period))
