"""What the months say about the whole: the sums of a unit's accepted months beside its closing form's FLOW figures.

Columns ``<count>_due`` (for numerator and denominator): the sum that the count must equal, where every month is there,
or where the count is less than the months that are; NaN elsewhere. ``<count>_open``: the sum of the months that are
there, where some are not and the count is more; on the first such cell of a workbook alone, with ``open_codes``, the
codes of all such rows. ``months``, ``months_missing``: the periods, for people.
"""

from collections.abc import Sequence

import pandas as pd

from baocao.domain.planned.form import FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.wording import enumeration
from expectations.rules.sums import COUNTS


def with_month_sums(plan: Plan, frame: pd.DataFrame, past: pd.DataFrame, is_sum: "pd.Series[bool]") -> pd.DataFrame:
    """The frame with its columns of sums, in the same order; ``is_sum`` marks the rows that sum over the months."""
    months = [str(period) for period in plan.periods if plan.form_of(period).kind is FormKind.MONTHLY]
    rows = frame.loc[is_sum & frame["is_typed"].astype(bool), ["line", "unit", "code", "period"]]
    then = past[past["period"].isin(months)].dropna(subset=list(COUNTS))
    then = then.drop_duplicates(["unit", "code", "period"], keep="last")
    then = rows.merge(then, on=["unit", "code"], suffixes=("", "_then"))
    groups = then[then["period_then"] < then["period"]].groupby("line")
    sums = groups[list(COUNTS)].sum()
    told = groups["period_then"].agg(list).reindex(sums.index)
    expected = rows.set_index("line")["period"].reindex(sums.index)
    missing = [
        [month for month in months if month < period and month not in have]
        for period, have in zip(expected, told, strict=True)
    ]
    sums = sums.assign(
        months=[_words(have) for have in told], months_missing=[_words(some) for some in missing]
    ).rename(columns={count: f"{count}_sum" for count in COUNTS})
    frame = frame.merge(sums, left_on="line", right_index=True, how="left")
    is_whole = frame["months_missing"] == ""
    for count in COUNTS:
        own, total = frame[count], frame.pop(f"{count}_sum")
        frame[f"{count}_due"] = total.where(is_whole | (own < total))
        frame[f"{count}_open"] = total.where(~is_whole & (own > total))
    return _with_first_open(frame)


def _with_first_open(frame: pd.DataFrame) -> pd.DataFrame:
    """A month that is missing makes nearly every sum differ: that is told once a workbook."""
    places = [f"{count}_open" for count in COUNTS]
    is_open = frame[places].notna().any(axis="columns")
    found = frame[is_open]
    codes = found.groupby("submission")["code"].agg(list).map(enumeration)
    first = found.drop_duplicates("submission")
    frame["open_codes"] = first["submission"].map(codes).reindex(frame.index)
    frame.loc[~frame.index.isin(first.index), places] = float("nan")
    frame["denominator_open"] = frame["denominator_open"].where(frame["numerator_open"].isna())
    return frame


def _words(months: Sequence[str]) -> str:
    return ", ".join(Period.parse(month).short for month in sorted(months))
