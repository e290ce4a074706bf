"""What a unit's accepted figures tell the next form: last ratios and counts, and the sums for a closing form."""

import pandas as pd

from baocao.consolidation.figures import SUMS, judge_values
from baocao.domain.planned.form import Form, FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.history import has_like_past, past_forms
from baocao.domain.wording import enumeration
from baocao.store.accepted.facts import frame_of
from baocao.store.engine.names import Connection
from baocao.workbook.blank.occasion import Reported


def past_figures(connection: Connection, plan: Plan, unit: str, period: Period) -> pd.DataFrame:
    """A unit's accepted figures of every period before, oldest first."""
    forms = past_forms(plan, plan.form_of(period))
    parts = [frame_of(connection, "figures", one, period.previous, [unit], plan.unbounded) for one in forms]
    values = pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)
    return values.sort_values("period")


def last_ratios(plan: Plan, form: Form, past: pd.DataFrame) -> dict[str, float | None]:
    """By code, the last accepted ratio of each figure that says the same in this period's form."""
    judged = judge_values(plan, _last(plan, form, past))
    ratios = {str(code): float(ratio) for code, ratio in zip(judged["code"], judged["ratio_pct"], strict=True)}
    return {code: None if ratio != ratio else ratio for code, ratio in ratios.items()}


def reported_counts(plan: Plan, period: Period, past: pd.DataFrame) -> dict[str, Reported]:
    """By code, the last accepted counts; in a closing form, of what flows, the sum of the months."""
    form = plan.form_of(period)
    last = _last(plan, form, past).dropna(subset=SUMS)
    rows = zip(last["code"], last["numerator"], last["denominator"], last["period"], strict=True)
    found = {str(code): Reported(int(top), int(base), Period.parse(of).short) for code, top, base, of in rows}
    return found | (_sums(plan, period, past) if form.kind is FormKind.FINAL else {})


def _last(plan: Plan, form: Form, past: pd.DataFrame) -> pd.DataFrame:
    alike = [figure.code for figure in plan.figures if has_like_past(form, figure)]
    values = past.drop_duplicates("code", keep="last")
    return values[values["code"].isin(alike)]


def _sums(plan: Plan, period: Period, past: pd.DataFrame) -> dict[str, Reported]:
    months = [one for one in plan.periods if one < period and plan.form_of(one).kind is FormKind.MONTHLY]
    flows = [figure.code for figure in plan.figures if not has_like_past(plan.form_of(period), figure)]
    mine = past[past["code"].isin(flows) & past["period"].isin([str(one) for one in months])].dropna(subset=SUMS)
    return {
        str(code): Reported(int(rows["numerator"].sum()), int(rows["denominator"].sum()), _summed(months, rows))
        for code, rows in mine.groupby("code")
    }


def _summed(months: list[Period], rows: pd.DataFrame) -> str:
    missing = [one.short for one in months if str(one) not in set(rows["period"])]
    lacking = f", chưa có {enumeration(missing)}" if missing else ""
    return f"cộng {len(months) - len(missing)} tháng{lacking}"
