"""Consolidated figures by properties, of very many units, and from a real database."""

import random
import time
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reports.values import COLUMNS, FAULT, NOVEMBER, OCTOBER, SEPTEMBER, results, sums
from support.stores.databases import Open
from support.stores.facts import submit
from support.workbooks.content import PLAN, clean_content, counted

from baocao.consolidation.figures import consolidate, pilot_ratios
from baocao.consolidation.report import trend, unit_figures
from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.store.accepted.facts import frame_of, load_facts
from baocao.store.engine.database import reading

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
        (str(period), unit, 1, code, *(cell or (None, None)), None, None, False)
        for (period, unit, code), cell in months.items()
        if PLAN.figure_by_code[code].is_typed
    ]
    random.Random(seed).shuffle(rows)  # noqa: S311
    return pd.DataFrame(rows, columns=COLUMNS).astype({"numerator": float, "denominator": float})


@pytest.mark.slow
@given(MONTHS, st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_order_of_units_and_rows_never_matters(months: Months, seed: int) -> None:
    assert consolidate(PLAN, frame(months), NOVEMBER) == consolidate(PLAN, frame(months, seed), NOVEMBER)


@pytest.mark.slow
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
        if result.kind is IndicatorKind.STOCK:
            now += _carried(months, mine)
        assert (result.numerator, result.denominator) == _totals(now)
        assert (result.cumulative_numerator, result.cumulative_denominator) == _totals(_counted(result.kind, mine))
        for ratio in (result.ratio_pct, result.cumulative_ratio_pct, result.previous_ratio_pct):
            assert ratio is None or 0 <= ratio <= 100
        if result.denominator:
            assert result.reached == (
                Fraction(int(result.numerator or 0), int(result.denominator)) * 100 >= result.target_pct
            )
        assert result.units_reached + result.units_not_applicable <= result.units_reported


def _carried(months: Months, mine: Months) -> list[list[int] | None]:
    """The last values of units that reported nothing at all in November, where anybody reported."""
    present = {unit for (period, unit, code) in months if period == NOVEMBER and PLAN.figure_by_code[code].is_typed}
    silent = {key: cell for key, cell in mine.items() if key[1] not in present}
    return _counted(IndicatorKind.STOCK, silent) if present else []


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


@pytest.mark.slow
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
    started = time.process_time()
    last = consolidate(PLAN, values, Period(2023, 2))
    points = trend(PLAN, values, Period(2023, 2))
    assert time.process_time() - started < 20  # 2 to 4 s on two cores
    assert (last[0].units_reported, len(points)) == (count, 6 * 17)


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
