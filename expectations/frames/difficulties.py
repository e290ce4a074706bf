"""The frame of the difficulties: what is told in the free sheet, row by row."""

from collections.abc import Sequence

import pandas as pd

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from expectations.frames.rows import read_sheet


def difficulties_frame(plan: Plan, contents: Sequence[Content]) -> pd.DataFrame:
    """The rows of every sheet of difficulties, with 1 in ``lacks_difficulty`` and ``lacks_proposal`` where it is asked.

    A row that says anything says what the difficulty is; one that goes beyond the unit's authority says what is asked.
    """
    frame = read_sheet(plan, contents, "difficulties")
    is_beyond = frame["is_beyond_authority"].isin([True])
    texts = [name for name in ("cause", "proposal", "settled_by") if name in frame]
    has_more = frame[texts].notna().any(axis="columns") | is_beyond
    frame["lacks_difficulty"] = (has_more & frame["difficulty"].isna()).map({True: 1.0})
    frame["lacks_proposal"] = (is_beyond & frame["proposal"].isna()).map({True: 1.0})
    return frame
