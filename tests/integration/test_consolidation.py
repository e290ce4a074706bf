"""Consolidated figures against tables worked out by hand, by properties, and from a real database."""

import random
import time
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from content_factory import PLAN, clean_content, counted
from databases import Open
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from store_factory import submit

from baocao.consolidation.figures import consolidate, judge_values, pilot_ratios
from baocao.consolidation.forecasts import forecasts
from baocao.consolidation.report import trend, unit_figures
from baocao.domain.finding import Finding, Severity
from baocao.domain.indicator import IndicatorKind
from baocao.domain.outcome import ratio_text
from baocao.domain.period import Period
from baocao.domain.progress import FigureResult
from baocao.store.database import reading
from baocao.store.facts import frame_of, load_facts

SEPTEMBER, OCTOBER, NOVEMBER = Period(2022, 9), Period(2022, 10), Period(2022, 11)
COLUMNS = ["period", "unit", "submission_version", "code", "numerator", "denominator", "evidence", "note"]
FAULT = Finding("negative", Severity.CRITICAL, "Số âm.")


def table(text: str) -> pd.DataFrame:
    """A frame of values from lines of ``2022-10 SCT A1 9/10``; ``-`` is an empty cell."""
    rows = []
    for line in text.strip().splitlines():
        period, unit, code, counts = line.split()
        numerator, denominator = (float("nan") if part == "-" else float(part) for part in counts.split("/"))
        rows.append((period, unit, 1, code, numerator, denominator, None, None))
    return pd.DataFrame(rows, columns=COLUMNS)


def results(values: pd.DataFrame, period: Period = OCTOBER) -> dict[str, FigureResult]:
    return {result.code: result for result in consolidate(PLAN, values, period)}


def sums(result: FigureResult) -> tuple[float | None, ...]:
    return (
        result.numerator,
        result.denominator,
        result.cumulative_numerator,
        result.cumulative_denominator,
    )


def counts(result: FigureResult) -> tuple[int, int, int]:
    return result.units_reported, result.units_reached, result.units_not_applicable


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
    assert sums(october) == (90, 100, 130, 150)
    assert (october.previous_ratio_pct, october.units_reported) == (80, 1)
    assert sums(results(values, NOVEMBER)["A1"]) == (None, None, 130, 150)


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
    assert [row.expected_pct for row in rows] == pytest.approx([70] * 5)  # 45, 50, 55 in three months; three to come
    assert forecasts(PLAN, table("\n".join(months)), OCTOBER) == ()


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


# Random months: units, periods and figures with a numerator that is at most its denominator.
CODES = ("A1", "A2", "A2.1", "A2.2", "A3", "A4", "A4.1", "A4.2", "B8", "B8.1", "B8.2")
CELLS = st.one_of(st.none(), st.tuples(st.integers(0, 300), st.integers(0, 300)).map(sorted))
MONTHS = st.dictionaries(
    st.tuples(st.sampled_from(PLAN.periods[1:4]), st.sampled_from(["STTTT", "SCT", "SNV"]), st.sampled_from(CODES)),
    CELLS,
    max_size=40,
)
Months = dict[tuple[Period, str, str], list[int] | None]


def frame(months: Months, seed: int = 0) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = [
        (str(period), unit, 1, code, *(cell or (None, None)), None, None)
        for (period, unit, code), cell in months.items()
        if PLAN.figure_by_code[code].is_typed
    ]
    random.Random(seed).shuffle(rows)  # noqa: S311
    return pd.DataFrame(rows, columns=COLUMNS).astype({"numerator": float, "denominator": float})


@given(MONTHS, st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_order_of_units_and_rows_never_matters(months: Months, seed: int) -> None:
    assert consolidate(PLAN, frame(months), NOVEMBER) == consolidate(PLAN, frame(months, seed), NOVEMBER)


@given(MONTHS)
@settings(max_examples=60, deadline=None)
def test_totals_are_sums_and_no_ratio_is_above_100(months: Months) -> None:
    for result in consolidate(PLAN, frame(months), NOVEMBER):
        mine = {
            key: cell
            for key, cell in months.items()
            if key[2] == result.code and cell and PLAN.figure_by_code[result.code].is_typed
        }
        now = [cell for (period, _, _), cell in mine.items() if period == NOVEMBER]
        assert (result.numerator, result.denominator) == _totals(now)
        assert (result.cumulative_numerator, result.cumulative_denominator) == _totals(_counted(result.kind, mine))
        for ratio in (result.ratio_pct, result.cumulative_ratio_pct, result.previous_ratio_pct):
            assert ratio is None or 0 <= ratio <= 100
        if result.denominator:
            assert result.reached == (
                Fraction(int(result.numerator or 0), int(result.denominator)) * 100 >= result.target_pct
            )
        assert result.units_reached + result.units_not_applicable <= result.units_reported


def _counted(kind: IndicatorKind, mine: Months) -> list[list[int] | None]:
    if kind is IndicatorKind.FLOW:
        return list(mine.values())
    latest: dict[str, tuple[Period, list[int] | None]] = {}
    for (period, unit, _), cell in mine.items():
        if unit not in latest or latest[unit][0] < period:
            latest[unit] = (period, cell)
    return [cell for _, cell in latest.values()]


def _totals(cells: list[list[int] | None]) -> tuple[float | None, float | None]:
    known = [cell for cell in cells if cell]
    return (sum(cell[0] for cell in known), sum(cell[1] for cell in known)) if known else (None, None)


@given(MONTHS)
@settings(max_examples=40, deadline=None)
def test_ratios_at_one_go_equal_those_period_by_period(months: Months) -> None:
    periods = PLAN.periods[1:4]
    ratios = pilot_ratios(PLAN, frame(months), periods)
    for period in periods:
        for result in consolidate(PLAN, frame(months), period):
            assert ratios[period, result.code] == result.ratio_pct


@pytest.mark.slow
def test_twelve_thousand_units_over_six_months_take_seconds() -> None:
    codes = [figure.code for figure in PLAN.figures]
    periods, count = [str(period) for period in PLAN.periods[1:7]], 12_000
    size = len(codes) * count * len(periods)
    denominator = np.random.default_rng(1).integers(0, 500, size).astype(float)
    values = pd.DataFrame(
        {
            "period": np.repeat(periods, count * len(codes)),
            "unit": np.tile(np.repeat([f"DV{number:05d}" for number in range(count)], len(codes)), len(periods)),
            "code": np.tile(codes, count * len(periods)),
            "numerator": np.floor(denominator / 2),
            "denominator": denominator,
        }
    )
    started = time.perf_counter()
    last = consolidate(PLAN, values, Period(2023, 2))
    points = trend(PLAN, values, Period(2023, 2))
    assert time.perf_counter() - started < 20  # 2 to 4 s on two cores
    assert (last[0].units_reported, len(points)) == (count, 6 * 17)


# From a real database.


def test_a_corrected_version_replaces_the_former_and_a_rejected_one_does_not(open_engine: Open) -> None:
    engine = open_engine()
    content = clean_content()
    submit(engine, counted(content, "A1", 80, 100))
    submit(engine, counted(content, "A1", 90, 100))
    submit(engine, counted(content, "A1", 7, 100), [FAULT])
    submit(engine, counted(clean_content(unit="SNV"), "A1", 5, 100), [FAULT])
    with reading(engine) as connection:
        a1 = results(frame_of(connection, "figures", "thang", OCTOBER))["A1"]
    assert (a1.numerator, a1.denominator, a1.units_reported) == (90, 100, 1)


def test_a_correction_of_a_past_month_changes_what_is_cumulative(open_engine: Open) -> None:
    engine = open_engine()
    september, october = (clean_content(period=period) for period in (SEPTEMBER, OCTOBER))
    submit(engine, counted(september, "A3", 10, 100))
    submit(engine, counted(october, "A3", 60, 100))
    submit(engine, counted(september, "A3", 30, 100))
    with reading(engine) as connection:
        a3 = results(load_facts(connection, PLAN, OCTOBER).frames["figures"])["A3"]
    assert (*sums(a3), a3.previous_ratio_pct) == (60, 100, 90, 200, 30)


def test_a_database_without_submissions_gives_an_empty_period(open_engine: Open) -> None:
    with reading(open_engine()) as connection:
        facts = load_facts(connection, PLAN, OCTOBER)
    assert facts.effective == ()
    assert all(one.numerator is None for one in consolidate(PLAN, facts.frames["figures"], OCTOBER))
    assert unit_figures(PLAN, facts.frames["figures"], OCTOBER) == ()


def test_a_workbook_with_no_figure_at_all_is_read_back_as_empty(open_engine: Open) -> None:
    engine = open_engine()
    content = clean_content()
    for code in PLAN.figure_by_code:
        content = counted(content, code, None, None, evidence=None)
    submit(engine, content)
    with reading(engine) as connection:
        values = frame_of(connection, "figures", "thang", OCTOBER)
    assert values["numerator"].dtype == values["denominator"].dtype == "float64"
    assert all(one.numerator is None and one.evidence == "" for one in unit_figures(PLAN, values, OCTOBER))
    assert results(values)["A1"].units_reported == 0
