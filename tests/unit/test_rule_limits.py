"""Limits and severities are the plan's: other ones change what is found, what it says and what it weighs."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from support.workbooks.content import PERIOD, PLAN, clean_content, counted, edited, with_finding

from baocao.domain.planned.plan import Plan
from baocao.domain.planned.rule_limits import RuleLimits, Severities
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Content, Verdict
from baocao.domain.reported.history import History, PastFigure
from baocao.workbook.rules import LEGACY_FONT, NOT_A_NUMBER
from expectations import check_batch


def limited(limits: Mapping[str, Mapping[str, float]]) -> Plan:
    return PLAN.model_copy(update={"limits": RuleLimits.model_validate(limits)})


def weighing(**weights: str) -> Plan:
    return PLAN.model_copy(update={"severities": Severities.model_validate(weights)})


def series(code: str, *ratios: float) -> History:
    """Earlier periods of a figure, the last one first, on a denominator of 100."""
    unit = clean_content().unit or ""
    return History([PastFigure(unit, str(PERIOD.shift(-n)), code, r, 100.0) for n, r in enumerate(ratios, start=1)])


def found(plan: Plan, content: Content, history: History) -> dict[str, Finding]:
    (checked,) = check_batch(plan, [content], history)
    return {finding.rule: finding for finding in checked.findings}


def low(code: str, above: float, below: float = 100.0) -> Content:
    return counted(clean_content(), code, above, below, note="x")


def test_a_plan_that_says_nothing_has_the_limits_that_always_held() -> None:
    assert RuleLimits().model_dump() == {
        "ratio_agrees": {"tolerance_points": 0.1},
        "stock_denominator_jump": {"max_change_pct": 20},
        "ratio_drop": {"max_fall_points": 10},
        "ratio_jump": {"max_change_points": 30},
        "outlier": {"max_modified_z": 3.5, "min_periods": 5, "min_deviation_points": 1},
        "amount_unit": {"max_mil_vnd": 100_000, "max_times_others": 1_000},
    }
    lower = {"amount_unit": {"max_mil_vnd": 20_000, "max_times_others": 1_000}}
    assert PLAN.limits.model_dump() == RuleLimits().model_dump() | lower


@pytest.mark.slow
def test_the_base_and_the_ratio_by_the_plan_s_own_limits() -> None:
    strict = limited({"stock_denominator_jump": {"max_change_pct": 7.5}, "ratio_drop": {"max_fall_points": 2.5}})
    content, history = low("B1", 105, 108), series("B1", 100)
    assert not {"stock_denominator_jump", "ratio_drop"} & found(PLAN, content, history).keys()
    base, drop = (found(strict, content, history).get(rule) for rule in ("stock_denominator_jump", "ratio_drop"))
    assert base is not None
    assert base.expected == "không lệch quá 7,5% so với 100"
    assert drop is not None
    assert drop.expected == "giảm không quá 2,5 điểm phần trăm so với 100%"


@pytest.mark.slow
def test_a_jump_by_the_plan_s_own_limit() -> None:
    content, history = low("A3", 100), series("A3", 60)
    assert "ratio_jump" in found(PLAN, content, history)
    assert "ratio_jump" not in found(limited({"ratio_jump": {"max_change_points": 40}}), content, history)


@pytest.mark.slow
def test_what_is_far_out_by_the_plan_s_own_limits() -> None:
    content, history = low("B1", 76), series("B1", 70, 70, 70, 70)
    assert "outlier" in found(PLAN, content, history)
    for own in ({"max_modified_z": 5.0}, {"min_periods": 6}, {"min_deviation_points": 2}):
        assert "outlier" not in found(limited({"outlier": own}), content, history), own


@pytest.mark.slow
def test_a_typed_ratio_by_the_plan_s_own_tolerance() -> None:
    content = edited(low("B1", 76), "figures", "B1", ratio_pct=76.3)
    assert found(PLAN, content, History())["ratio_agrees"].expected == "76%, sai lệch không quá 0,1 điểm phần trăm"
    assert "ratio_agrees" not in found(limited({"ratio_agrees": {"tolerance_points": 0.5}}), content, History())


@pytest.mark.slow
def test_a_warning_weighs_what_the_plan_says() -> None:
    content, history = low("B1", 76), series("B1", 70, 70, 70, 70)
    for weight, verdict in (("warning", Verdict.ACCEPTED), ("info", Verdict.ACCEPTED), ("critical", Verdict.REJECTED)):
        (checked,) = check_batch(weighing(outlier=weight), [content], history)
        (outlier,) = [finding for finding in checked.findings if finding.rule == "outlier"]
        assert (outlier.severity, checked.verdict) == (weight, verdict)


@pytest.mark.slow
def test_the_worst_stands_first_as_the_plan_weighs_it() -> None:
    content = replace(low("B1", 76), tables=edited(low("B1", 76), "tasks", "III.1.2", progress_pct=101.0).tables)
    heavy = list(found(weighing(outlier="critical"), content, series("B1", 70, 70, 70, 70)))
    light = list(found(PLAN, content, series("B1", 70, 70, 70, 70)))
    assert (heavy, light) == (["outlier", "progress_range"], ["progress_range", "outlier"])


def test_findings_of_reading_weigh_so_too_and_faults_never_less() -> None:
    font = LEGACY_FONT.at(sheet="Chỉ tiêu", cell="A1", value=".VnTime")
    number = NOT_A_NUMBER.at(sheet="Chỉ tiêu", cell="D9", value="x", expected="số")
    plan = weighing(legacy_font="info")
    content = with_finding(with_finding(clean_content(), font), number)
    severities = {rule: one.severity for rule, one in found(plan, content, History()).items()}
    assert (severities["legacy_font"], severities["not_a_number"]) == ("info", "critical")
    (unknown,) = check_batch(plan, [replace(content, form=None)], History())
    assert [finding.severity for finding in unknown.findings] == ["info", "critical"]
