"""The frame of the budgets: what is asked for, task by task."""

from collections.abc import Sequence

import pandas as pd

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.workbook.cells import fold
from expectations.frames.rows import read_sheet


def budget_frame(plan: Plan, contents: Sequence[Content]) -> pd.DataFrame:
    """The rows of every budget of the batch, with ``amount_or_zero`` and ``folded_task`` (empty text where empty).

    ``amount_cap``: the most that can be meant in the column's unit, by the plan and by the workbook's other rows.
    """
    frame = read_sheet(plan, contents, "budget")
    frame["amount_cap"] = _caps(plan, frame)
    frame["amount_or_zero"] = frame["amount_mil_vnd"].fillna(0.0)
    frame["folded_task"] = [fold(task) for task in frame["task"].fillna("")]
    return frame


def _caps(plan: Plan, frame: pd.DataFrame) -> "pd.Series[float]":
    """By the plan's limit, and by the rows of the same workbook: their middle, or the smaller one of two."""
    limits = plan.limits.amount_unit
    groups = frame["amount_mil_vnd"].where(frame["amount_mil_vnd"] > 0).groupby(frame["submission"])
    count = groups.transform("count")
    usual = groups.transform("median").where(count > 2, groups.transform("min").where(count > 1))
    return (usual * limits.max_times_others).fillna(limits.max_mil_vnd).clip(upper=limits.max_mil_vnd)
