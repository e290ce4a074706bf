"""Sound reports are left alone: 306 seeded submissions over six months, each against the unit's own past."""

from dataclasses import replace

import pytest
from support.workbooks.content import content_of
from support.workbooks.samples import clean_filled, plan

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from expectations import check_batch

MONTHS = [Period(2022, 9).shift(count) for count in range(6)]
SEEDS = range(17)
UNITS = ("STTTT", "SCT", "SNV")


def remembered(history: History, contents: list[Content]) -> History:
    """The past with these submissions accepted."""
    figures, tasks = list(history.figures), list(history.tasks)
    for one in contents:
        who = (one.unit or "", str(one.period))
        figures += [(*who, r.code or "", r.values["numerator"], r.values["denominator"]) for r in one.rows("figures")]
        tasks += [(*who, r.code or "", r.values["progress_pct"], r.values["status"]) for r in one.rows("tasks")]
    return History(figures, tasks)


@pytest.mark.slow
def test_clean_months_give_no_critical_finding_and_few_warnings() -> None:
    critical, warnings, judged = [], [], 0
    past = History()
    for month in MONTHS:
        contents = [
            replace(content_of(plan(), unit, month, clean_filled(plan(), unit, month, seed)), unit=f"{unit}-{seed}")
            for seed in SEEDS
            for unit in UNITS
        ]
        for checked in check_batch(plan(), contents, past):
            judged += 1
            critical += [one for one in checked.findings if one.severity is Severity.CRITICAL]
            warnings += [one for one in checked.findings if one.severity is Severity.WARNING]
        past = remembered(past, contents)

    assert judged >= 300
    assert critical == []
    assert len(warnings) / judged <= 0.2, sorted({one.rule for one in warnings})
