"""The final form against the months: FLOW figures are their sums, STOCK figures and tasks follow the last one."""

from collections.abc import Sequence
from datetime import date

import pytest
from support.workbooks.content import PLAN, cell_at, clean_content, counted, edited

from baocao.domain.planned.choices import FinalSum
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History, PastFigure, PastTask
from expectations import check_batch

MONTHS = [period for period in PLAN.periods if PLAN.form_of(period).key == "thang"]
FLOWS = [figure.code for figure in PLAN.figures if figure.kind == "flow" and figure.is_typed]
FINAL = clean_content(form="tong-ket", period=Period(2023, 3), cutoff=date(2023, 3, 18))


def months(*left_out: Period) -> list[PastFigure]:
    """Every month 10 of 10 for each FLOW figure, but for the months left out."""
    return [PastFigure("SCT", str(one), code, 10.0, 10.0) for one in MONTHS if one not in left_out for code in FLOWS]


def final(numerator: float = 10.0 * len(MONTHS), denominator: float = 10.0 * len(MONTHS)) -> Content:
    content = FINAL
    for code in FLOWS:
        content = counted(content, code, 10.0 * len(MONTHS), 10.0 * len(MONTHS))
    return counted(content, "A3", numerator, denominator, note="x")


def found(content: Content, past: History, plan: Plan = PLAN) -> list[Finding]:
    return found_in([content], past, plan)[0]


def found_in(contents: Sequence[Content], past: History, plan: Plan = PLAN) -> list[list[Finding]]:
    """Of each, by one run of the rules."""
    checked = check_batch(plan, contents, past)
    return [[one for one in each.findings if one.rule == "final_sum_agrees"] for each in checked]


@pytest.mark.slow
def test_sums_that_agree_are_not_told() -> None:
    assert found(final(), History(months())) == []


@pytest.mark.slow
def test_a_sum_that_differs_is_critical_and_says_both_numbers_and_the_months() -> None:
    contents = [final(50.0, denominator) for denominator in (59.0, 61.0)]
    for content, denominator, findings in zip(
        contents, ("59", "61"), found_in(contents, History(months())), strict=True
    ):
        numerator, whole = findings
        assert numerator.severity == whole.severity == "critical"
        assert (whole.cell, whole.value, whole.expected) == (
            cell_at(content, "figures", "A3", "denominator"),
            denominator,
            "60",
        )
        assert all(month.short in whole.message for month in MONTHS)


@pytest.mark.slow
def test_with_a_month_missing_more_is_a_warning_and_less_cannot_be() -> None:
    past = History(months(MONTHS[3]))
    content = final()
    for code in FLOWS:
        content = counted(content, code, 50.0, 50.0)

    sent = counted(content, "A3", 50.0, 58.0, note="x"), counted(content, "A3", 49.0, 50.0, note="x")
    equal, whole, more, less = found_in([content, final(), *sent], past)
    assert (equal, len(whole)) == ([], 1)
    assert [(one.severity, one.expected) for one in more] == [("warning", "50")]
    assert f"chưa có {MONTHS[3].short}" in more[0].message
    assert [(one.severity, one.expected) for one in less] == [("critical", "50")]


@pytest.mark.slow
def test_without_any_month_nothing_is_compared() -> None:
    assert found(final(1.0, 2.0), History()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("wish", "severities"), [("warning", ["warning"] * 2), ("off", [])])
def test_the_plan_may_say_otherwise(wish: str, severities: list[str]) -> None:
    plan = PLAN.model_copy(update={"final_sum": FinalSum(wish)})
    assert [one.severity for one in found(final(1.0, 2.0), History(months()), plan)] == severities


@pytest.mark.slow
def test_stock_figures_and_tasks_follow_the_last_month() -> None:
    last = str(MONTHS[-1])
    past = History(
        [PastFigure("SCT", last, "B1", 90.0, 100.0)], [PastTask("SCT", last, "III.1.1", 100.0, "Hoàn thành")]
    )
    content = counted(FINAL, "B1", 10.0, 500.0, note="x")
    content = edited(content, "tasks", "III.1.1", status="Đang triển khai", progress_pct=20.0)
    (checked,) = check_batch(PLAN, [content], past)

    told = {(one.rule, one.code) for one in checked.findings}
    assert told >= {("stock_denominator_jump", "B1"), ("ratio_drop", "B1"), ("task_regressed", "III.1.1")}
