"""Since when a difficulty is raised: the same words are the same difficulty, whatever stands before and behind them."""

import pandas as pd
import pytest

from baocao.consolidation.difficulties import report_difficulties
from baocao.domain.planned.period import Period

OCTOBER = Period(2022, 10)
EMPTY = {"cause": None, "proposal": None, "settled_by": None, "is_beyond_authority": None}


@pytest.mark.parametrize("now", ["Thiếu máy quét", "– Thiếu máy quét.", "• thiếu  máy quét;", "- Thiếu máy quét"])
def test_a_bullet_makes_no_new_difficulty(now: str) -> None:
    rows = [
        {"unit": "SCT", "period": "2022-09", "difficulty": "Thiếu máy quét", **EMPTY},
        {"unit": "SCT", "period": "2022-10", "difficulty": now, **EMPTY},
        {"unit": "SCT", "period": "2022-10", "difficulty": "Thiếu máy in", **EMPTY},
    ]
    told = report_difficulties(pd.DataFrame(rows), OCTOBER)
    assert [one.since for one in told] == [OCTOBER.previous, OCTOBER]
