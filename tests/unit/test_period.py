"""Kỳ báo cáo: reading, writing and counting months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from baocao.domain.planned.period import Period, periods_between

PERIODS = st.builds(Period, st.integers(2010, 2090), st.integers(1, 12))


@pytest.mark.parametrize("text", ["2022-10", "10/2022", "10-2022", " 10 / 2022 ", "2022-10 "])
def test_a_period_is_read_from_data_and_from_workbooks(text: str) -> None:
    assert Period.parse(text) == Period(2022, 10)


@pytest.mark.parametrize(
    "text", ["", "2022", "13/2022", "2022-00", "0/2022", "10/22", "1999-12", "2022-10-01", "tháng 10"]
)
def test_what_is_no_month_is_refused_in_vietnamese(text: str) -> None:
    with pytest.raises(ValueError, match="không"):
        Period.parse(text)


def test_a_period_is_written_in_three_ways() -> None:
    october = Period(2022, 10)
    assert (str(october), october.short, october.label, october.title) == (
        "2022-10",
        "10/2022",
        "tháng 10 năm 2022",
        "Tháng 10 năm 2022",
    )


@pytest.mark.parametrize(
    ("month", "label"), [(1, "tháng 01 năm 2023"), (2, "tháng 02 năm 2023"), (3, "tháng 3 năm 2023")]
)
def test_only_months_one_and_two_are_padded_in_prose(month: int, label: str) -> None:
    assert Period(2023, month).label == label


def test_the_days_of_a_leap_february() -> None:
    assert (Period(2024, 2).first_day, Period(2024, 2).last_day) == (date(2024, 2, 1), date(2024, 2, 29))


def test_the_year_turns_in_both_directions() -> None:
    assert Period(2022, 12).next == Period(2023, 1)
    assert Period(2023, 1).previous == Period(2022, 12)
    assert Period(2022, 9).shift(17) == Period(2024, 2)


def test_months_between_include_both_ends() -> None:
    found = [str(period) for period in periods_between(Period(2022, 11), Period(2023, 2))]
    assert found == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert periods_between(Period(2022, 11), Period(2022, 10)) == ()


@given(PERIODS)
def test_every_writing_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == Period.parse(period.short) == period
    assert Period.of(period.first_day) == Period.of(period.last_day) == period


@given(PERIODS, st.integers(-120, 120))
def test_shifting_is_undone_by_shifting_back_and_keeps_order(period: Period, months: int) -> None:
    moved = period.shift(months)
    assert moved.shift(-months) == period
    assert (moved > period) == (months > 0) == (str(moved) > str(period))


def test_models_read_a_period_from_text_and_write_it_as_text() -> None:
    class Model(BaseModel):
        period: Period

    model = Model.model_validate({"period": "10/2022"})
    assert model.period == Period(2022, 10)
    assert model.model_dump_json() == '{"period":"2022-10"}'
    with pytest.raises(ValueError, match="không có tháng 13"):
        Model.model_validate({"period": "2022-13"})
