"""Facts of the assignment report and of the final assessment from tables written by hand («số liệu mô phỏng»)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from baocao.consolidation.assessment import build_assessment
from baocao.consolidation.assignments import build_assignment_report
from baocao.consolidation.head import Head
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Submission, Timeliness, Verdict
from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.store.accepted.facts import Facts
from support.workbooks.content import PLAN

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AUGUST, MARCH = Period(2022, 8), Period(2023, 3)
UNITS = ("STTTT", "SCT", "SNV")
_TASKS = ("cutoff_date", "lead", "coordinating", "due_date", "status", "progress_pct", "done_date", "product", "note")
_DIFFICULTIES = ("difficulty", "cause", "proposal", "settled_by", "is_beyond_authority")
_CLAIMS = ("result", "cause", "lesson", "proposal", "adjustment")
_ASSIGNMENTS = ("lead", "coordinating", "start_date", "due_date", "product", "note")
_BUDGET = ("purpose", "task", "amount_mil_vnd", "source", "note")


def submission(
    unit: str, period: Period, verdict: Verdict = Verdict.ACCEPTED, timeliness: Timeliness = Timeliness.ON_TIME
) -> Submission:
    """One version of a unit's report, received on the 18th or, if late, on the 21st."""
    late = timeliness is Timeliness.LATE
    received = datetime(period.year, period.month, 21 if late else 18, 9, tzinfo=ZONE)
    return Submission(
        id=hash((unit, str(period))) % 10**6,
        receipt_id=1,
        unit=unit,
        form=PLAN.cycle(period).form,
        period=period,
        version=1,
        verdict=verdict,
        timeliness=timeliness,
        received_at=received,
        submit_before=datetime(period.year, period.month, 20, tzinfo=ZONE),
        critical=0 if verdict is Verdict.ACCEPTED else 2,
        warnings=0,
    )


def frame(rows: Iterable[Mapping[str, Any]], period: Period, columns: Iterable[str]) -> pd.DataFrame:
    """Rows with ``unit`` and ``code`` (or none) as the store gives them; what is not named is empty."""
    names = ["period", "unit", "submission_version", "code", *columns]
    filled = [{**dict.fromkeys(names), "period": str(period), "submission_version": 1, **row} for row in rows]
    return pd.DataFrame(filled, columns=names)


def figures_frame(rows: Iterable[Mapping[str, Any]], period: Period) -> pd.DataFrame:
    """Rows of figures as the store gives them, none of them set aside."""
    made = frame(rows, period, ("numerator", "denominator", "evidence", "note"))
    return made.astype({"numerator": "float64", "denominator": "float64"}).assign(is_set_aside=False)


def facts(period: Period, frames: Mapping[str, pd.DataFrame], submissions: Iterable[Submission]) -> Facts:
    """Facts without findings."""
    given = tuple(submissions)
    accepted = tuple(one for one in given if one.verdict is Verdict.ACCEPTED)
    return Facts(period, given, accepted, frozenset(), {}, frames)


def assignment_report(
    assignments: Iterable[Mapping[str, Any]],
    budget: Iterable[Mapping[str, Any]] = (),
    submissions: Iterable[Submission] | None = None,
    plan: Plan = PLAN,
    version: int = 1,
) -> AssignmentReport:
    """The report on these assignments; without submissions every unit that assigns something reported on time."""
    given = list(assignments)
    sent = [submission(unit, AUGUST) for unit in dict.fromkeys(row["unit"] for row in given)]
    frames = {"assignments": frame(given, AUGUST, _ASSIGNMENTS), "budget": frame(budget, AUGUST, _BUDGET)}
    head = Head(datetime(2022, 8, 30, 8, tzinfo=ZONE), version=version)
    return build_assignment_report(plan, facts(AUGUST, frames, sent if submissions is None else submissions), head)


def assigned(unit: str, *, without: Mapping[str, str] | None = None, plan: Plan = PLAN) -> list[dict[str, Any]]:
    """A unit's whole assignment plan; ``without``: a column that is left empty, by code."""
    codes = [one.code for one in plan.indicators] + [task.code for task in plan.unit_tasks]
    full = {
        "lead": "Văn phòng",
        "coordinating": "Các phòng chuyên môn",
        "start_date": plan.pilot.start,
        "due_date": date(2022, 12, 31),
        "product": "Báo cáo kết quả",
    }
    rows = [{"unit": unit, "code": code, **full} for code in codes]
    for row in rows:
        if (column := (without or {}).get(row["code"])) is not None:
            row[column] = None
    return rows


@dataclass(frozen=True)
class Ending:
    """What one unit reports at the end: counts by figure code, claims by indicator, tasks and difficulties."""

    counts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    claims: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tasks: Iterable[Mapping[str, Any]] = ()
    difficulties: Iterable[Mapping[str, Any]] = ()


def final_assessment(
    endings: Mapping[str, Ending],
    months: Iterable[Submission] = (),
    plan: Plan = PLAN,
) -> FinalAssessment:
    """The final assessment of these endings; ``months``: the monthly submissions (their figures are not looked at)."""
    figures = [
        {"unit": unit, "code": code, "numerator": float(counts[0]), "denominator": float(counts[1])}
        for unit, ending in endings.items()
        for code, counts in ending.counts.items()
    ]
    claims = [{"unit": u, "code": code, **row} for u, one in endings.items() for code, row in one.claims.items()]
    tasks = [{"unit": unit, **row} for unit, one in endings.items() for row in one.tasks]
    difficulties = [{"unit": unit, **row} for unit, one in endings.items() for row in one.difficulties]
    frames = {
        "figures": figures_frame(figures, MARCH),
        "tasks": frame(tasks, MARCH, _TASKS),
        "difficulties": frame(difficulties, MARCH, _DIFFICULTIES),
        "assessments": frame(claims, MARCH, _CLAIMS),
    }
    february = Period(2023, 2)
    monthly = facts(february, {"figures": figures_frame([], february)}, months)
    head = Head(datetime(2023, 3, 24, 8, tzinfo=ZONE))
    final = facts(MARCH, frames, [submission(unit, MARCH) for unit in endings])
    return build_assessment(plan, replace(final, months=monthly), head)
