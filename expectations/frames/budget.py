"""The frame of the budgets: what is asked for, task by task."""

from collections.abc import Sequence

import pandas as pd

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.workbook.cells import fold
from expectations.frames.rows import read_sheet


def budget_frame(plan: Plan, contents: Sequence[Content]) -> pd.DataFrame:
    """The rows of every budget of the batch, with ``amount_or_zero`` and ``folded_task`` (empty text where empty)."""
    frame = read_sheet(plan, contents, "budget")
    frame["amount_or_zero"] = frame["amount_mil_vnd"].fillna(0.0)
    frame["folded_task"] = [fold(task) for task in frame["task"].fillna("")]
    return frame
