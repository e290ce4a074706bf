"""The self-assessment as a frame, with ``computed_result``: what the figures of the same workbook say."""

from collections.abc import Sequence

import pandas as pd

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.assessment import FinalResult
from expectations.frames.rows import read_sheet


def assessments_frame(plan: Plan, contents: Sequence[Content], figures: pd.DataFrame) -> pd.DataFrame:
    """The rows of every self-assessment of the batch, in order; ``figures`` is the batch's indicator frame."""
    frame = read_sheet(plan, contents, "assessments")
    return frame.merge(computed_results(plan, figures), on=["submission", "code"], how="left")


def computed_results(plan: Plan, figures: pd.DataFrame) -> pd.DataFrame:
    """Columns submission, code (of the indicator), computed_result; missing where a figure, or its row, is missing.

    A separate indicator is as good as the worst of its components; those with denominator 0 do not count, and where
    none counts, nothing occurred.
    """
    judged = figures[figures["is_judged"]].drop_duplicates(["submission", "code"])
    judged = judged.assign(
        is_unknown=judged["sound_numerator"].isna() | judged["sound_denominator"].isna(),
        has_occurred=judged["sound_denominator"] > 0,
    )
    groups = judged.groupby(["submission", "indicator"])
    flags = groups[["is_unknown", "has_occurred", "is_below"]].any().reset_index()
    result = flags["is_below"].map({True: FinalResult.MISSED.value, False: FinalResult.REACHED.value})
    result = result.where(flags["has_occurred"], FinalResult.NOT_APPLICABLE.value)
    parts = {one.code: len(one.components) if one.is_separate else 1 for one in plan.indicators}
    wanted = flags["indicator"].map(parts).astype("float64")  # a column without rows is one of texts
    is_short = groups["code"].size().reset_index(drop=True) < wanted
    flags["computed_result"] = result.mask(flags["is_unknown"] | is_short)
    return flags.rename(columns={"indicator": "code"})[["submission", "code", "computed_result"]]
