"""Where a figure is heading, worked out by hand: median and quartiles of all slopes, laid through the last value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.domain.forecast import Forecast, Outlook, forecast

END = 5


def ahead(*ratios: float | None, target_pct: float = 100.0, at: int = END) -> Forecast | None:
    return forecast(list(enumerate(ratios)), at, target_pct)


def test_a_steady_pace_is_carried_on() -> None:
    # slopes 10, 10 and 20/2 = 10: 70 + 3 x 10
    assert ahead(50, 60, 70) == Forecast(100, 100, 100, Outlook.LIKELY)


def test_an_uneven_pace_opens_a_span() -> None:
    # slopes 2, 8 and 10/2 = 5; median 5, quartiles 3,5 and 6,5; 60 + 3 x each
    assert ahead(50, 52, 60, target_pct=80) == Forecast(75, 70.5, 79.5, Outlook.UNLIKELY)


@pytest.mark.parametrize(
    ("target_pct", "outlook"),
    [
        (60, Outlook.REACHED),  # 60 now, 75 then
        (70, Outlook.LIKELY),  # even the lower end, 70,5, is enough
        (70.5, Outlook.LIKELY),
        (70.6, Outlook.UNCERTAIN),
        (79.5, Outlook.UNCERTAIN),
        (79.6, Outlook.UNLIKELY),
    ],
)
def test_the_outlook_is_told_by_the_span(target_pct: float, outlook: Outlook) -> None:
    found = ahead(50, 52, 60, target_pct=target_pct)
    assert found is not None
    assert found.outlook is outlook


def test_what_is_reached_now_and_falling_is_not_called_reached() -> None:
    found = ahead(90, 85, 80, target_pct=80)  # 80 - 3 x 5
    assert found == Forecast(65, 65, 65, Outlook.UNLIKELY)


def test_one_bad_month_does_not_throw_it() -> None:
    # slopes -50, -20, 10 (six times), 40, 70; the median and both quartiles are 10
    assert ahead(50, 60, 10, 80, 90) == Forecast(100, 100, 100, Outlook.LIKELY)


def test_months_without_a_ratio_are_left_out_but_keep_their_distance() -> None:
    # slopes (60 - 50)/2, (66 - 50)/4, (66 - 60)/2 = 5, 4, 3: 66 + 1 x 4
    found = ahead(50, None, 60, None, 66)
    assert found is not None
    assert (found.expected_pct, found.lowest_pct, found.highest_pct) == (70, 69.5, 70.5)


@pytest.mark.parametrize("ratios", [(), (50,), (50, 60), (50, None, 60), (None, None, None, None)])
def test_nothing_is_said_on_fewer_than_three_periods(ratios: tuple[float | None, ...]) -> None:
    assert ahead(*ratios) is None


def test_it_stays_within_what_a_ratio_can_be() -> None:
    assert ahead(10, 50, 90) == Forecast(100, 100, 100, Outlook.LIKELY)
    assert ahead(90, 50, 10) == Forecast(0, 0, 0, Outlook.UNLIKELY)


def test_at_the_end_it_is_what_was_reported() -> None:
    found = ahead(50, 60, 62, 64, 63, 77, target_pct=80)
    assert found == Forecast(77, 77, 77, Outlook.UNLIKELY)


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=12), st.integers(0, 24), st.floats(1, 100))
def test_the_span_holds_what_is_expected(ratios: list[float | None], at: int, target_pct: float) -> None:
    found = forecast(list(enumerate(ratios)), at, target_pct)
    if found is not None:
        assert 0 <= found.lowest_pct <= found.expected_pct <= found.highest_pct <= 100
