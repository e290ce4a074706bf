"""Months as the consolidation makes them from what three units said, for golden texts («số liệu mô phỏng»)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any

from baocao.consolidation.head import Head
from baocao.consolidation.report import build_report
from baocao.domain.planned.period import Period, periods_between
from baocao.domain.reported.progress import TaskStatus
from baocao.domain.reported.report import Report
from support.reports.papers import UNITS, ZONE, facts, figures_frame, frame, submission
from support.workbooks.content import PLAN

_FIGURE_TEXTS = ("evidence", "note")
_TASK = ("cutoff_date", "lead", "coordinating", "due_date", "status", "progress_pct", "done_date", "product", "note")
_ASKED = ("difficulty", "cause", "proposal", "settled_by")


def lived_report(period: str, *, away: Collection[tuple[str, str]] = (), words: Sequence[str] | None = None) -> Report:
    """The report of a month of the pilot; ``away`` are units without a report in a month.

    ``words`` stand in turn in every free cell of the month; without them these are empty.
    """
    now = Period.parse(period)
    months = [
        (unit, month)
        for month in periods_between(Period.of(PLAN.pilot.start), now)
        for unit in UNITS
        if (unit, str(month)) not in away
    ]
    texts = cycle(words or (None,))
    figures = [row for unit, month in months for row in _figures(unit, month, texts)]
    frames = {
        "figures": figures_frame(figures, now),
        "tasks": frame([row for unit, month in months for row in _tasks(unit, month, texts)], now, _TASK),
        "difficulties": frame(_asked(months, texts) if words else (), now, (*_ASKED, "is_beyond_authority")),
    }
    made_at = datetime(now.year, now.month, 24, 8, tzinfo=ZONE)
    before = {unit: datetime(now.year, now.month, 20, tzinfo=ZONE) for unit in UNITS}
    sent = [submission(unit, month) for unit, month in months]
    return build_report(PLAN, facts(now, frames, sent), Head(made_at, submit_before=before))


def _figures(unit: str, month: Period, texts: Iterator[str | None]) -> Iterator[dict[str, Any]]:
    """Counts of 200, rising with the months; the last unit is behind the others."""
    step = month.month - PLAN.pilot.start.month
    for place, figure in enumerate(PLAN.figures):
        share = min(1.0, figure.target_pct / 100 * (0.9 + 0.04 * step + place % 3 * 0.05 - UNITS.index(unit) * 0.06))
        counts = {"numerator": float(round(200 * share)), "denominator": 200.0} if figure.is_typed else {}
        yield {
            "unit": unit,
            "period": str(month),
            "code": figure.code,
            **counts,
            **dict(zip(_FIGURE_TEXTS, texts, strict=False)),
        }


def _tasks(unit: str, month: Period, texts: Iterator[str | None]) -> Iterator[dict[str, Any]]:
    for task in PLAN.unit_tasks:
        free = dict(zip(("lead", "coordinating", "product", "note"), texts, strict=False))
        yield {"unit": unit, "period": str(month), "code": task.code, "status": TaskStatus.IN_PROGRESS.value, **free}


def _asked(months: Iterable[tuple[str, Period]], texts: Iterator[str | None]) -> list[dict[str, Any]]:
    return [
        {"unit": unit, "period": str(month), **dict(zip(_ASKED, texts, strict=False)), "is_beyond_authority": True}
        for unit, month in months
    ]
