"""The final assessment against tables worked out by hand: results, scores, agreement, the proposed model."""

from collections.abc import Iterator, Mapping

import pytest
from support.reports.papers import Ending, final_assessment, submission
from support.workbooks.content import PLAN

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Submission, Timeliness, Verdict
from baocao.domain.reported.assessment import (
    FinalAssessment,
    FinalResult,
    Proposal,
    UnitAssessment,
    final_result,
    recommend,
    score_of,
    worst_result,
)

REACHED, MISSED, NONE = FinalResult.REACHED, FinalResult.MISSED, FinalResult.NOT_APPLICABLE
KEEP, ADJUST, DROP = Proposal.KEEP, Proposal.ADJUST, Proposal.DROP


def of_unit(report: FinalAssessment, unit: str, code: str) -> UnitAssessment:
    return next(one for one in report.unit_assessments if (one.unit, one.code) == (unit, code))


def of_counts(counts: Mapping[str, tuple[float, float]], code: str, plan: Plan = PLAN) -> UnitAssessment:
    return of_unit(final_assessment({"SCT": Ending(counts)}, plan=plan), "SCT", code)


@pytest.mark.parametrize(
    ("numerator", "denominator", "target_pct", "result"),
    [
        (100, 100, 100, REACHED),
        (9996, 10000, 100, MISSED),  # 99,96 % is not 100 %
        (60, 100, 60, REACHED),
        (599999, 1000000, 60, MISSED),
        (3, 5, 60, REACHED),
        (0, 100, 60, MISSED),
        (0, 0, 60, NONE),
        (None, 100, 60, None),
        (1, None, 60, None),
    ],
)
def test_a_result_is_judged_on_the_unrounded_fraction(
    numerator: float | None, denominator: float | None, target_pct: float, result: FinalResult | None
) -> None:
    assert final_result(numerator, denominator, target_pct) is result


@pytest.mark.parametrize(
    ("parts", "worst"),
    [
        ([REACHED, REACHED], REACHED),
        ([REACHED, MISSED], MISSED),
        ([NONE, MISSED], MISSED),
        ([REACHED, NONE], REACHED),  # the worst of those that occurred
        ([NONE, NONE], NONE),
        ([None, None], None),
    ],
)
def test_separate_components_stand_as_the_worst_does(
    parts: list[FinalResult | None], worst: FinalResult | None
) -> None:
    assert worst_result(parts) is worst


@pytest.mark.parametrize(
    ("ratio_pct", "target_pct", "maximum", "score"),
    [(100, 100, 1, 1), (45, 60, 1, 0.75), (90, 60, 1, 1), (45, 60, 2, 1.5), (0, 60, 1, 0), (None, 60, 1, None)],
)
def test_a_score_is_the_share_of_the_target_and_never_more(
    ratio_pct: float | None, target_pct: float, maximum: float, score: float | None
) -> None:
    assert score_of(ratio_pct, target_pct, maximum) == score


def test_an_indicator_with_a_ratio_of_its_own() -> None:
    one = of_counts({"A3": (45, 100)}, "A3")  # target 60

    assert (one.result, one.ratio_pct, one.score, one.maximum) == (MISSED, 45, 0.75, 1)


def test_what_does_not_occur_leaves_the_maximum() -> None:
    report = final_assessment({"SCT": Ending({"A1": (10, 10), "A3": (0, 0), "B5": (40, 100)})})
    one = of_unit(report, "SCT", "A3")
    row = next(row for row in report.reporting if row.unit == "SCT")

    assert (one.result, one.ratio_pct, one.score, one.maximum) == (NONE, None, None, None)
    assert (row.score, row.maximum) == (1.5, 2)  # A1 1 of 1, B5 (target 80) 0,5 of 1


def test_separate_components_are_scored_by_the_lowest() -> None:
    one = of_counts({"A4.1": (100, 100), "A4.2": (30, 40)}, "A4")

    assert (one.result, one.ratio_pct, one.score, one.maximum) == (MISSED, 75, 0.75, 1)


def test_a_separate_component_that_does_not_occur_does_not_count() -> None:
    one = of_counts({"A4.1": (100, 100), "A4.2": (0, 0)}, "A4")

    assert (one.result, one.ratio_pct, one.score, one.maximum) == (REACHED, 100, 1, 1)


def test_separate_components_none_of_which_occurs() -> None:
    one = of_counts({"A4.1": (0, 0), "A4.2": (0, 0)}, "A4")

    assert (one.result, one.score, one.maximum) == (NONE, None, None)


def test_a_joint_indicator_is_judged_by_its_own_counts() -> None:
    one = of_counts({"B7": (8, 10), "B7.1": (10, 10), "B7.2": (10, 10), "B7.3": (8, 10)}, "B7")

    assert (one.result, one.ratio_pct, one.score) == (MISSED, 80, 0.8)


def test_what_was_not_reported_has_no_result() -> None:
    one = of_counts({"A1": (10, 10)}, "A2")

    assert (one.result, one.ratio_pct, one.score, one.maximum) == (None, None, None, None)


def test_the_whole_is_judged_by_the_sums_and_not_by_the_number_of_units() -> None:
    endings = {
        "STTTT": Ending({"A3": (9, 10)}),
        "SCT": Ending({"A3": (8, 10)}),
        "SNV": Ending({"A3": (40, 80)}),
    }
    report = final_assessment(endings)
    a3 = next(figure for figure in report.headlines if figure.code == "A3")

    assert (a3.numerator, a3.denominator, a3.ratio_pct) == (57, 100, pytest.approx(57))
    assert report.results["A3"] is MISSED  # 57 % < 60 %, though two of three units reached it
    assert (a3.units_reached, a3.units_reported) == (2, 3)


def test_the_whole_of_separate_components_and_of_what_does_not_occur() -> None:
    endings = {
        "SCT": Ending({"A4.1": (5, 10), "A4.2": (10, 10), "B9": (0, 0)}),
        "SNV": Ending({"A4.1": (10, 10), "A4.2": (0, 0), "B9": (0, 0)}),
    }
    results = final_assessment(endings).results

    assert (results["A4"], results["B9"], results["C1"]) == (MISSED, NONE, None)


def test_a_claim_is_held_against_the_figures() -> None:
    claims = {"A1": {"result": "Đạt"}, "A3": {"result": "Đạt"}, "B9": {"result": "Không phát sinh"}}
    report = final_assessment({"SCT": Ending({"A1": (10, 10), "A3": (1, 10), "B9": (0, 0)}, claims)})

    assert [of_unit(report, "SCT", code).agrees for code in ("A1", "A3", "B9", "B1")] == [True, False, True, None]


def test_the_preset_of_the_plan_decides_what_an_indicator_can_bring() -> None:
    scoring = PLAN.scoring.model_copy(update={"preset": "theo-nhom"})
    plan = PLAN.model_copy(update={"scoring": scoring})

    assert of_counts({"A3": (45, 100)}, "A3", plan).score == 1.5  # 0,75 of twice the points
    assert of_counts({"B5": (40, 100)}, "B5", plan).score == 0.5


def monthly() -> Iterator[Submission]:
    """September to February: SCT late once and rejected once; SNV silent twice; STTTT always on time."""
    for number in range(6):
        period = Period(2022, 9).shift(number)
        yield submission("STTTT", period)
        if number == 2:
            yield submission("SCT", period, timeliness=Timeliness.LATE)
        elif number == 3:
            yield submission("SCT", period, Verdict.REJECTED)
        else:
            yield submission("SCT", period)
        if number not in (1, 4):
            yield submission("SNV", period)


def test_completeness_and_timeliness_over_the_months() -> None:
    report = final_assessment({"SCT": Ending({"A1": (1, 1)})}, monthly())

    kept = {row.unit: (row.on_time, row.late, row.missing) for row in report.reporting}
    assert kept == {"STTTT": (6, 0, 0), "SCT": (4, 1, 1), "SNV": (4, 0, 2)}
    assert [(point.on_time, point.late, point.missing) for point in report.timeliness] == [
        (3, 0, 0),
        (2, 0, 1),
        (2, 1, 0),
        (2, 0, 1),
        (2, 0, 1),
        (3, 0, 0),
    ]


def test_tasks_done_of_those_that_occur() -> None:
    tasks = (
        {"code": "III.1.1", "status": "Hoàn thành"},
        {"code": "III.1.2", "status": "Đang triển khai"},
        {"code": "III.1.3", "status": "Không phát sinh"},
    )
    report = final_assessment({"SCT": Ending({"A1": (1, 1)}, tasks=tasks)})
    row = next(row for row in report.reporting if row.unit == "SCT")

    assert (row.tasks_done, row.tasks) == (1, 2)


@pytest.mark.parametrize(
    ("reached", "missed", "proposals", "proposed"),  # of three units
    [
        (3, 0, [KEEP, KEEP, KEEP], KEEP),
        (2, 1, [KEEP, KEEP, ADJUST], KEEP),
        (2, 1, [ADJUST, ADJUST, KEEP], ADJUST),
        (1, 2, [KEEP, KEEP, KEEP], ADJUST),  # fewer than half of the units reached it
        (1, 1, [KEEP, KEEP], KEEP),
        (0, 3, [DROP, DROP, ADJUST], DROP),
        (0, 3, [DROP, ADJUST, KEEP], ADJUST),
        (0, 2, [DROP, KEEP], ADJUST),  # a half is not most
        (2, 1, [DROP], KEEP),  # one of three units filled the column
        (2, 1, [DROP, DROP], DROP),
        (2, 1, [ADJUST], KEEP),
        (0, 0, [], KEEP),
    ],
)
def test_the_model_follows_most_of_the_units_and_the_results(
    reached: int, missed: int, proposals: list[Proposal], proposed: Proposal
) -> None:
    assert recommend(reached, missed, proposals, 3) is proposed


def test_a_recommendation_carries_its_evidence_and_each_adjustment_once() -> None:
    change = "Đặt mục tiêu riêng"
    endings = {
        "STTTT": Ending({"A3": (9, 10)}, {"A3": {"result": "Đạt", "proposal": "Giữ nguyên"}}),
        "SCT": Ending({"A3": (1, 10)}, {"A3": {"proposal": "Điều chỉnh", "adjustment": change}}),
        "SNV": Ending({"A3": (0, 0)}, {"A3": {"proposal": "Điều chỉnh", "adjustment": change}}),
    }
    found = next(one for one in final_assessment(endings).recommendations if one.code == "A3")

    assert found.proposal is ADJUST
    assert found.evidence == (
        "01 đơn vị đạt, 01 chưa đạt, 01 không phát sinh; 01 đề xuất giữ nguyên; 02 đề xuất điều chỉnh"
    )
    assert found.adjustments == (change,)


def test_one_unit_drops_nothing_and_who_kept_silent_is_named() -> None:
    endings = {
        "STTTT": Ending({"A3": (9, 10)}, {"A3": {"result": "Đạt", "proposal": "Bỏ"}}),
        "SCT": Ending({"A3": (9, 10)}, {"A3": {"result": "Đạt"}}),
    }
    found = next(one for one in final_assessment(endings).recommendations if one.code == "A3")

    assert found.proposal is KEEP
    assert found.evidence == (
        "02 đơn vị đạt, 00 chưa đạt; 01 đề xuất bỏ; Sở Công Thương và Sở Nội vụ không nêu đề xuất"
    )


def test_a_unit_that_did_not_report_an_indicator_is_no_unit_where_it_did_not_occur() -> None:
    endings = {"SCT": Ending({"A1": (1, 1)}), "SNV": Ending({"A2": (1, 1)})}
    found = next(one for one in final_assessment(endings).recommendations if one.code == "A1")

    assert found.evidence == (
        "01 đơn vị đạt, 00 chưa đạt, 01 chưa có số liệu; "
        "Sở Thông tin và Truyền thông, Sở Công Thương và Sở Nội vụ không nêu đề xuất"
    )
