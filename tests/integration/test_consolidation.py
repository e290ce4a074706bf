"""Consolidated figures against tables worked out by hand."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from support.reports.values import COLUMNS, NOVEMBER, OCTOBER, SEPTEMBER, counts, results, sums, table
from support.workbooks.content import PLAN

from baocao.consolidation.figures import consolidate, judge_values
from baocao.consolidation.forecasts import forecasts
from baocao.consolidation.report import trend, unit_figures
from baocao.domain.planned.choices import MissingUnit
from baocao.domain.reported.outcome import ratio_text


def test_the_pilot_s_ratio_is_sum_by_sum_and_no_mean_of_ratios() -> None:
    a3 = results(
        table("""
        2022-10 STTTT A3 1/1
        2022-10 SCT   A3 0/9
        2022-10 SNV   A3 45/90
        """)
    )["A3"]
    assert (a3.numerator, a3.denominator, a3.ratio_pct) == (46, 100, 46)  # the mean of 100, 0 and 50 would be 50
    assert (a3.reached, *counts(a3)) == (False, 3, 1, 0)


def test_a_flow_adds_up_over_the_months() -> None:
    values = table("""
        2022-09 SCT A3 30/50
        2022-09 SNV A3 10/50
        2022-10 SCT A3 40/60
        2022-10 SNV A3 8/40
        2022-11 SCT A3 99/99
    """)
    october = results(values)["A3"]
    assert sums(october) == (48, 100, 88, 200)
    assert (october.ratio_pct, october.cumulative_ratio_pct, october.previous_ratio_pct) == (48, 44, 40)
    assert october.change_points == 8
    assert sums(results(values, SEPTEMBER)["A3"]) == (40, 100, 40, 100)
    assert sums(results(values, NOVEMBER)["A3"]) == (99, 99, 187, 299)


def test_a_stock_is_the_latest_of_each_unit_also_of_one_that_is_missing() -> None:
    values = table("""
        2022-10 SCT A1 90/100
        2022-09 SCT A1 80/100
        2022-09 SNV A1 40/50
    """)
    october = results(values)["A1"]
    assert sums(october) == (130, 150, 130, 150)
    assert (october.previous_ratio_pct, october.units_reported) == (80, 1)
    assert (october.carried, october.absent) == ((("SNV", SEPTEMBER),), ("STTTT",))
    assert sums(results(values, NOVEMBER)["A1"]) == (None, None, 130, 150)  # nobody reported: nothing is repeated


WEAK = """
    2022-09 STTTT A1 10/10
    2022-09 SCT   A1 10/10
    2022-09 SNV   A1 5/10
    2022-10 STTTT A1 10/10
    2022-10 SCT   A1 10/10
"""


def test_a_weak_unit_that_keeps_silent_is_not_taken_out_of_the_verdict() -> None:
    a1 = results(table(WEAK))["A1"]
    assert (a1.numerator, a1.denominator, a1.reached, a1.units_reported) == (25, 30, False, 2)
    assert (a1.previous_ratio_pct, a1.change_points) == (a1.ratio_pct, 0)
    assert [point.ratio_pct for point in trend(PLAN, table(WEAK), OCTOBER) if point.code == "A1"] == [a1.ratio_pct] * 2


def test_a_plan_can_leave_silent_units_out_and_they_are_named() -> None:
    plan = PLAN.model_copy(update={"missing_unit": MissingUnit.EXCLUDE})
    a1 = next(one for one in consolidate(plan, table(WEAK), OCTOBER) if one.code == "A1")
    assert (a1.numerator, a1.denominator, a1.reached) == (20, 20, True)
    assert (a1.carried, a1.absent, sums(a1)[2:]) == ((), ("SNV",), (25, 30))


def test_a_flow_of_a_silent_unit_is_in_no_month_but_stays_in_what_is_cumulative() -> None:
    values = table("2022-09 SCT A3 10/20\n2022-09 SNV A3 0/20\n2022-10 SCT A3 20/20")
    a3 = results(values)["A3"]
    assert sums(a3) == (20, 20, 30, 60)
    assert (a3.carried, a3.absent) == ((), ("STTTT", "SNV"))


def test_what_a_reporting_unit_left_empty_is_not_filled_from_the_month_before() -> None:
    values = table("2022-09 SCT A1 1/2\n2022-10 SCT A1 -/-\n2022-10 SNV A1 4/4\n2022-10 STTTT A1 1/1")
    a1 = results(values)["A1"]
    assert (a1.numerator, a1.denominator, a1.carried, a1.absent) == (5, 5, (), ())


def test_a_headline_by_components_names_those_whose_components_are_carried() -> None:
    values = table("2022-09 SNV B8.1 1/2\n2022-09 SNV B8.2 2/2\n2022-10 SCT B8.1 2/2\n2022-10 SCT B8.2 2/2")
    found = results(values)
    assert found["B8"].carried == found["B8.1"].carried == (("SNV", SEPTEMBER),)
    assert (found["B8"].reached, found["B8"].absent) == (False, ("STTTT",))


def test_without_the_month_before_nothing_is_compared() -> None:
    a1 = results(table("2022-08 SCT A1 1/2\n2022-10 SCT A1 1/1"))["A1"]
    assert (a1.previous_ratio_pct, a1.change_points) == (None, None)


def test_what_did_not_occur_is_neither_reached_nor_missed() -> None:
    a1 = results(table("2022-10 SCT A1 0/0\n2022-10 SNV A1 0/0"))["A1"]
    assert (a1.ratio_pct, a1.cumulative_ratio_pct, a1.reached) == (None, None, None)
    assert counts(a1) == (2, 0, 2)
    assert ratio_text(a1) == "Không phát sinh"


def test_what_did_not_occur_in_one_unit_leaves_the_others_alone() -> None:
    a1 = results(table("2022-10 SCT A1 0/0\n2022-10 SNV A1 7/7"))["A1"]
    assert (a1.ratio_pct, a1.reached, *counts(a1)) == (100, True, 2, 1, 1)


def test_zero_of_something_is_zero_percent() -> None:
    a1 = results(table("2022-10 SCT A1 0/5"))["A1"]
    assert (a1.ratio_pct, a1.reached, *counts(a1)) == (0, False, 1, 0, 0)


def test_half_a_figure_counts_for_nothing() -> None:
    a1 = results(table("2022-10 SCT A1 -/5\n2022-10 SNV A1 4/4"))["A1"]
    assert (a1.numerator, a1.denominator, a1.units_reported) == (4, 4, 1)


@pytest.mark.parametrize(
    ("code", "fraction", "is_reached", "shown"),
    [
        ("A1", "2499/2500", False, "99,9%"),  # 99,96 %
        ("A1", "9999999/10000000", False, "99,9%"),
        ("A1", "2500/2500", True, "100%"),
        ("A3", "5999/10000", False, "59,9%"),
        ("A3", "57/95", True, "60%"),
        ("B3", "79996/100000", False, "79,9%"),
        ("B3", "4/5", True, "80%"),
    ],
)
def test_targets_are_compared_unrounded(code: str, fraction: str, is_reached: bool, shown: str) -> None:
    values = table(f"2022-10 SCT {code} {fraction}")
    result = results(values)[code]
    assert (result.reached, ratio_text(result)) == (is_reached, shown)
    (one,) = unit_figures(PLAN, values, OCTOBER)
    assert one.reached is is_reached


def test_a_joint_headline_is_its_own_count() -> None:
    found = results(
        table("""
        2022-10 SCT B3   70/100
        2022-10 SCT B3.1 90/100
        2022-10 SCT B3.2 80/100
        """)
    )
    assert (found["B3"].ratio_pct, found["B3"].reached, found["B3"].is_estimated) == (70, False, False)
    assert (found["B3.1"].reached, found["B3.2"].reached) == (True, True)


def test_a_joint_headline_without_a_count_is_estimated_by_its_worst_component() -> None:
    values = "2022-10 SCT B3 -/-\n2022-10 SCT B3.1 90/100\n2022-10 SCT B3.2 {}/100"
    for numerator, is_reached in ((80, True), (79, False)):
        b3 = results(table(values.format(numerator)))["B3"]
        assert (b3.ratio_pct, b3.reached, b3.is_estimated, b3.units_reported) == (None, is_reached, True, 0)
    assert (results(table("2022-10 SCT B3 -/-"))["B3"].reached, results(table(""))["B3"].is_estimated) == (None, False)


SEPARATE = """
    2022-10 STTTT A4   -/-
    2022-10 STTTT A4.1 10/10
    2022-10 STTTT A4.2 20/20
    2022-10 SCT   A4   -/-
    2022-10 SCT   A4.1 10/10
    2022-10 SCT   A4.2 19/20
    2022-10 SNV   A4   -/-
    2022-10 SNV   A4.1 0/0
    2022-10 SNV   A4.2 0/0
    2022-10 SNV   B8   -/-
    2022-10 SNV   B8.1 0/0
    2022-10 SNV   B8.2 5/5
    2022-10 SCT   B8   -/-
    2022-10 SCT   B8.1 -/-
    2022-10 SCT   B8.2 -/-
"""


def test_separate_components_are_reported_by_component_and_judged_by_the_worst() -> None:
    found = results(table(SEPARATE))
    a4, b8 = found["A4"], found["B8"]
    assert (a4.numerator, a4.denominator, a4.ratio_pct, a4.is_estimated) == (None, None, None, False)
    assert (a4.reached, *counts(a4)) == (False, 3, 1, 1)
    assert sums(found["A4.1"]) == (20, 20, 20, 20)
    assert sums(found["A4.2"]) == (39, 40, 39, 40)
    assert (found["A4.1"].reached, found["A4.2"].reached) == (True, False)
    assert (b8.reached, *counts(b8)) == (True, 1, 1, 0)  # what did not occur does not count against it
    assert found["B8.1"].reached is None


def test_separate_components_in_each_unit() -> None:
    shuffled = table(SEPARATE).sample(frac=1, random_state=1)
    judged = {(one.unit, one.code): one.reached for one in unit_figures(PLAN, shuffled, OCTOBER)}
    heads = {key: reached for key, reached in judged.items() if key[1] in ("A4", "B8")}
    assert heads == {
        ("STTTT", "A4"): True,
        ("SCT", "A4"): False,
        ("SNV", "A4"): None,
        ("SNV", "B8"): True,
        ("SCT", "B8"): None,
    }
    frame = judge_values(PLAN, shuffled)
    not_applicable = frame[frame["is_na"] & frame["code"].isin(["A4", "B8"])]
    assert list(zip(not_applicable["unit"], not_applicable["code"], strict=True)) == [("SNV", "A4")]


def test_separate_components_are_judged_month_by_month() -> None:
    values = table("2022-09 SCT A4 -/-\n2022-09 SCT A4.1 1/2\n2022-10 SCT A4 -/-\n2022-10 SCT A4.1 2/2")
    judged = judge_values(PLAN, values)
    assert judged.loc[judged["code"] == "A4", "reached"].tolist() == [False, True]


def test_a_unit_s_figure_knows_its_month_before() -> None:
    values = table("2022-09 SCT A1 1/4\n2022-09 SNV A1 9/9\n2022-10 SCT A1 1/2\n2022-10 SCT A3 0/0")
    a1, a3 = unit_figures(PLAN, values, OCTOBER)
    assert (a1.unit, a1.code, a1.ratio_pct, a1.previous_ratio_pct, a1.evidence, a1.note) == (
        "SCT",
        "A1",
        50,
        25,
        "",
        "",
    )
    assert (a3.denominator, a3.ratio_pct, a3.reached, a3.previous_ratio_pct) == (0, None, None, None)


def test_the_trend_has_every_period_so_far_and_components_only_where_they_are_separate() -> None:
    values = table("2022-09 SCT A1 1/4\n2022-10 SCT A1 1/2\n2022-10 SNV A1 1/2\n2022-11 SCT A1 1/1")
    points = trend(PLAN, values, OCTOBER)
    assert [(str(p.period), p.ratio_pct, p.target_pct) for p in points if p.code == "A1"] == [
        ("2022-09", 25, 100),
        ("2022-10", 50, 100),
    ]
    codes = {p.code for p in points}
    assert {"A4.1", "A4.2", "B8.1", "B8.2"} <= codes
    assert not codes & {"A4", "B8", "A2.1"}


def test_a_forecast_is_made_once_for_each_unit_and_figure() -> None:
    months = [f"2022-{month:02d} {unit} A1 {month}/20" for month in (9, 10, 11) for unit in ("SCT", "SNV")]
    months += [f"2022-{month:02d} SCT A3 {month}/20" for month in (9, 10, 11)]
    rows = forecasts(PLAN, table("\n".join(months)), NOVEMBER)
    found = [(row.unit, row.code) for row in rows]
    assert found == [(None, "A1"), (None, "A3"), ("SCT", "A1"), ("SCT", "A3"), ("SNV", "A1")]
    # A1: 45, 50, 55 in three months, three to come; A3 is judged by what is cumulative: 45, 47,5, 50
    assert [row.expected_pct for row in rows] == pytest.approx([70, 57.5, 70, 57.5, 70])
    assert forecasts(PLAN, table("\n".join(months)), OCTOBER) == ()


def test_what_does_not_occur_now_or_is_not_known_has_no_forecast() -> None:
    months = [f"2022-{month:02d} SCT {code} {month}/20" for month in (9, 10) for code in ("A1", "A3")]
    months += ["2022-09 SNV A1 9/20", "2022-10 SNV A1 9/20", "2022-08 SNV A1 9/20"]
    rows = forecasts(PLAN, table("\n".join([*months, "2022-11 SCT A1 0/0", "2022-11 SCT A3 0/0"])), NOVEMBER)
    assert {(row.unit, row.code) for row in rows} == {(None, "A1")}  # SNV's last value counts on


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})


def _all_none() -> pd.DataFrame:
    return (
        table("2022-10 SCT A1 -/-\n2022-10 SCT A4 -/-\n2022-10 SCT A4.1 -/-")
        .astype(object)
        .where(lambda f: f.notna(), None)
    )


@pytest.mark.parametrize(
    "values", [_empty(), _all_none(), table("2022-09 SCT A1 -/-")], ids=["none", "blank", "before"]
)
def test_a_period_without_figures_has_results_without_figures(values: pd.DataFrame) -> None:
    found = consolidate(PLAN, values, OCTOBER)
    assert [one.code for one in found] == [figure.code for figure in PLAN.figures]
    assert {(*sums(one), one.ratio_pct, one.reached, *counts(one)) for one in found} == {
        (None, None, None, None, None, None, 0, 0, 0)
    }
    assert ratio_text(found[0]) == "Chưa có số liệu"
    assert {point.ratio_pct for point in trend(PLAN, values, OCTOBER)} == {None}
    assert all(one.reached is None and one.numerator is None for one in unit_figures(PLAN, values, OCTOBER))
    assert forecasts(PLAN, values, OCTOBER) == ()


def test_judging_leaves_the_values_and_their_order_alone() -> None:
    values = table(SEPARATE).sample(frac=1, random_state=3)
    before = values.copy(deep=True)
    judged = judge_values(PLAN, values)
    assert_frame_equal(values, before)
    assert_frame_equal(judged[COLUMNS], before)
