"""Since when a difficulty is raised, by whom it is still asked: the same words are the same, whoever repeats them."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pytest
from support.reports.papers import submission
from support.workbooks.content import PLAN

from baocao.consolidation.difficulties import report_difficulties
from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import Difficulty

SEPTEMBER, OCTOBER, NOVEMBER = Period(2022, 9), Period(2022, 10), Period(2022, 11)
EMPTY = {"cause": None, "proposal": None, "settled_by": None, "is_beyond_authority": None}


def asked(
    rows: Iterable[dict[str, Any]], period: Period = OCTOBER, reports: Iterable[tuple[str, Period]] = ()
) -> tuple[Difficulty, ...]:
    """What is asked in a period; a row is a unit, a period and a difficulty, ``reports`` whose reports count."""
    frame = pd.DataFrame([{**EMPTY, **row, "period": str(row["period"])} for row in rows])
    return report_difficulties(PLAN, frame, period, [submission(*one) for one in reports])


def raised(unit: str, period: Period, difficulty: str = "Thiếu máy quét", **more: Any) -> dict[str, Any]:
    return {"unit": unit, "period": period, "difficulty": difficulty, **more}


@pytest.mark.parametrize("now", ["Thiếu máy quét", "– Thiếu máy quét.", "• thiếu  máy quét;", "- Thiếu máy quét"])
def test_a_bullet_makes_no_new_difficulty(now: str) -> None:
    rows = [raised("SCT", SEPTEMBER), raised("SCT", OCTOBER, now), raised("SCT", OCTOBER, "Thiếu máy in")]
    assert [one.since for one in asked(rows)] == [SEPTEMBER, OCTOBER]


def test_a_proposal_keeps_its_age_and_number_when_one_of_its_units_falls_silent_about_it() -> None:
    to = {"proposal": "Mua", "settled_by": "Sở Tài chính", "is_beyond_authority": True}
    rows = [raised("SNV", SEPTEMBER, **to), raised("SCT", OCTOBER, **to), raised("SCT", NOVEMBER, **to)]
    reports = [(unit, month) for unit in ("SNV", "SCT") for month in (SEPTEMBER, OCTOBER, NOVEMBER)]
    (only,) = asked(rows, NOVEMBER, reports)
    assert (only.unit, only.since, only.number, only.carried) == ("SCT", SEPTEMBER, "SNV-09/2022-1", None)


def test_what_each_unit_settles_itself_has_an_age_of_its_own() -> None:
    own = [raised("SNV", SEPTEMBER, settled_by="Sở Nội vụ"), raised("SCT", OCTOBER, settled_by="Sở Công Thương")]
    assert [(one.since, one.number) for one in asked(own)] == [(OCTOBER, "SCT-10/2022-1")]


def test_another_name_of_the_agency_makes_no_new_proposal_and_two_of_one_month_are_two() -> None:
    rows = [
        raised("SCT", SEPTEMBER, settled_by="STC"),
        raised("SCT", OCTOBER, settled_by="Sở Tài chính"),
        raised("SCT", OCTOBER, settled_by="Sở Xây dựng"),
    ]
    assert [one.number for one in asked(rows)] == ["SCT-09/2022-1", "SCT-10/2022-1"]


def test_a_silent_unit_still_asks_what_it_asked_in_its_last_report() -> None:
    rows = [raised("SNV", SEPTEMBER, "Đã thôi nêu"), raised("SNV", OCTOBER), raised("SCT", NOVEMBER, "Thiếu người")]
    before = [("SNV", SEPTEMBER), ("SNV", OCTOBER), ("SCT", OCTOBER)]
    kept = asked(rows, NOVEMBER, [*before, ("SCT", NOVEMBER)])
    assert [(one.unit, one.since, one.carried) for one in kept] == [("SNV", OCTOBER, OCTOBER), ("SCT", NOVEMBER, None)]
    assert asked(rows, NOVEMBER, [*before, ("SNV", NOVEMBER), ("SCT", NOVEMBER)])[0].unit == "SCT"
    assert [one.unit for one in asked(rows[:2], NOVEMBER, before)] == []  # nobody reported: nothing is repeated


def test_units_stand_in_the_plan_s_order() -> None:
    rows = [raised(unit, OCTOBER) for unit in ("SCT", "SNV", "STTTT")]
    assert [one.unit for one in asked(rows)] == [unit.code for unit in PLAN.units]
