"""Units without a report in a period: their last accepted STOCK values count on, where the plan says so (decision 6).

A value at a date stays true until a newer one is known; a count within a period does not, so FLOW figures of a silent
unit are in no sum of the period. Where nobody reported, nothing is carried: the period has no figures.

Units that merge: series run on, what a unit had reported counts for the one that reports in its place. A split cannot
be undone in figures: what was one before stands beside its parts only as a whole, in comparisons of the sum.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from baocao.domain.planned.choices import MissingUnit
from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit, families, heirs

SINCE = "since"
_COUNTS = ["numerator", "denominator"]
_KEYS = ["period", "unit", "code"]


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


def as_inherited(plan: Plan, values: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The values with those of units that were merged by a period added to their successors'; counts alone, if any."""
    heir_of = heirs(plan.everyone, period)
    if not heir_of or not values["unit"].isin(heir_of).any():
        return values
    renamed = values.assign(unit=values["unit"].map(heir_of).fillna(values["unit"]))
    return renamed.groupby(_KEYS, as_index=False)[_COUNTS].sum(min_count=1)


def kin(plan: Plan, units: pd.Series[str], period: Period) -> pd.Series[str]:
    """Each unit as what it and those that it was merged with or split from are together."""
    family_of = families(plan.everyone, period)
    return units.map(family_of).fillna(units) if family_of else units


def living(plan: Plan, values: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The values without those of units that report no more in a period."""
    gone = plan.gone_by(period)
    return values[~values["unit"].isin(gone)] if gone else values


def succession_notes(plan: Plan, period: Period) -> tuple[str, ...]:
    """Sentences on which units have come, gone and merged, in the periods of the cycle up to this one."""
    first = plan.cycle(period).first
    names = {unit.code: unit.name for unit in plan.everyone}
    told = (_note(unit, names, first, period) for unit in plan.everyone)
    return tuple(note for note in told if note)


def _note(unit: Unit, names: dict[str, str], first: Period, period: Period) -> str:
    if unit.valid_to and first <= unit.valid_to < period:
        since = unit.valid_to.next.short
        if unit.merged_into:
            into = names[unit.merged_into]
            return f"Từ kỳ {since}, {unit.name} nhập vào {into}; số kỳ trước của {into} gồm cả {unit.name}."
        return f"Từ kỳ {since}, {unit.name} không còn báo cáo."
    if unit.valid_from and first < unit.valid_from <= period:
        since = unit.valid_from.short
        if unit.split_from:
            whole = names[unit.split_from]
            return f"Từ kỳ {since}, {unit.name} tách khỏi {whole}; các kỳ trước số của {whole} gồm cả {unit.name}."
        return f"Từ kỳ {since}, có thêm {unit.name}."
    return ""
