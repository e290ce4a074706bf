"""Series that run on where units merge: what a unit had reported counts for the one that reports in its place.

A split cannot be undone in figures: what was one before stands beside its parts only as a whole, in comparisons of the
sum.
"""

from __future__ import annotations

import pandas as pd

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit, families, heirs

_COUNTS = ["numerator", "denominator"]
_KEYS = ["period", "unit", "code"]


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
