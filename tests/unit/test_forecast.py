"""Where a figure is heading: what is said comes true on simulated courses, and single cases worked out by hand."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.domain.reported.forecast import Forecast, Outlook, forecast

END = 5
TARGETS = (60.0, 70.0, 80.0, 90.0, 95.0, 100.0)
_COURSES = 4000
Course = list[float]


def ahead(*ratios: float | None, target_pct: float = 100.0, at: int = END) -> Forecast | None:
    return forecast(list(enumerate(ratios)), at, target_pct)


def linear(dice: random.Random) -> Course:
    start, pace = dice.uniform(20, 90), dice.uniform(-2, 8)
    return [start + pace * month for month in range(END + 1)]


def saturating(dice: random.Random) -> Course:
    start = dice.uniform(20, 90)
    top, pace = dice.uniform(start, 100), dice.uniform(0.2, 1.2)
    return [top - (top - start) * math.exp(-pace * month) for month in range(END + 1)]


def stepwise(dice: random.Random) -> Course:
    course = [dice.uniform(20, 90)]
    while len(course) <= END:
        course.append(course[-1] + (dice.uniform(4, 15) if dice.random() < 0.3 else 0))
    return course


def noisy(dice: random.Random) -> Course:
    start, pace = dice.uniform(20, 90), dice.uniform(-2, 6)
    return [start + pace * month + dice.gauss(0, 4) for month in range(END + 1)]


def flat(dice: random.Random) -> Course:
    return [dice.uniform(20, 90)] * (END + 1)


KINDS: tuple[Callable[[random.Random], Course], ...] = (linear, saturating, stepwise, noisy, flat)


@dataclass(frozen=True)
class Told:
    """One forecast, and what became of it."""

    found: Forecast
    end: float
    target: float


def told(kind: Callable[[random.Random], Course]) -> Iterator[Told]:
    """The forecasts after three, four and five of six months, each with a little noise."""
    dice = random.Random(f"{kind.__name__} 2022")  # noqa: S311
    for _ in range(_COURSES):
        course = [min(100.0, max(0.0, ratio + dice.gauss(0, 0.7))) for ratio in kind(dice)]
        target = dice.choice(TARGETS)
        for months in (3, 4, 5):
            found = forecast(list(enumerate(course[:months])), END, target)
            assert found
            yield Told(found, course[END], target)


@pytest.fixture(scope="module")
def simulated() -> dict[str, list[Told]]:
    return {kind.__name__: list(told(kind)) for kind in KINDS}


@pytest.mark.parametrize("kind", [kind.__name__ for kind in KINDS])
def test_the_span_holds_the_end_four_times_of_five(simulated: dict[str, list[Told]], kind: str) -> None:
    held = [one.found.lowest_pct <= one.end <= one.found.highest_pct for one in simulated[kind]]
    assert sum(held) / len(held) >= 0.80


def test_what_is_called_likely_comes_true(simulated: dict[str, list[Told]]) -> None:
    """Of courses of each kind by itself; of steps and noise hardly anything is said."""
    likely = {kind: [one for one in some if one.found.outlook is Outlook.LIKELY] for kind, some in simulated.items()}
    assert likely["linear"], "nothing is ever said of a steady rise"
    assert likely["saturating"], "nothing is ever said of a rise that levels off"
    for kind, made in likely.items():
        assert sum(one.end >= one.target for one in made) >= 0.85 * len(made), kind


def test_a_steady_pace_is_carried_on_but_promised_only_where_little_is_lacking() -> None:
    found = ahead(50, 60, 70)  # 70 + 3 x 10
    assert found
    assert (found.expected_pct, found.highest_pct, found.outlook) == (100, 100, Outlook.UNCERTAIN)
    near = ahead(40, 50, 60, 70, target_pct=72.8)  # 70 + 10 x (0,3 + 0,09) - 1 = 72,9
    assert near
    assert near.outlook is Outlook.LIKELY


def test_the_last_month_does_not_drag_the_line_through_itself() -> None:
    found = ahead(70, 75, 40, target_pct=60)
    assert found
    assert found.expected_pct == pytest.approx(5 / 3)  # 61,67 on average, 15 less each month
    assert found.highest_pct > 70
    assert found.outlook is Outlook.UNCERTAIN


def test_a_course_that_levels_off_below_its_target_is_not_called_likely() -> None:
    found = ahead(60, 72, 77, target_pct=80)
    assert found
    assert found.outlook is Outlook.UNCERTAIN


def test_57_of_100_is_57() -> None:
    found = ahead(*(n * 100 / 100 for n in (57, 57, 57)), target_pct=57)
    assert found
    assert found.outlook is Outlook.REACHED


def test_what_is_reached_now_and_falling_is_not_called_reached() -> None:
    found = ahead(90, 85, 80, target_pct=80)
    assert found
    assert (found.expected_pct, found.outlook) == (65, Outlook.UNCERTAIN)


def test_months_without_a_ratio_are_left_out_but_keep_their_distance() -> None:
    found = ahead(50, None, 60, None, 70)
    assert found
    assert found.expected_pct == pytest.approx(75)


@pytest.mark.parametrize("ratios", [(), (50,), (50, 60), (50, None, 60), (None, None, None, None), (50, 60, 70, None)])
def test_nothing_is_said_on_too_few_periods_or_where_nothing_occurs_now(ratios: tuple[float | None, ...]) -> None:
    assert ahead(*ratios) is None


def test_it_stays_within_what_a_ratio_can_be() -> None:
    rising, falling = ahead(10, 50, 90), ahead(90, 50, 10)
    assert rising
    assert falling
    assert (rising.expected_pct, rising.highest_pct) == (100, 100)
    assert (falling.expected_pct, falling.lowest_pct, falling.outlook) == (0, 0, Outlook.UNLIKELY)


def test_at_the_end_it_is_what_was_reported() -> None:
    assert ahead(50, 60, 62, 64, 63, 77, target_pct=80) == Forecast(77, 77, 77, Outlook.UNLIKELY)


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=12), st.integers(0, 24), st.floats(1, 100))
def test_the_span_holds_what_is_expected(ratios: list[float | None], at: int, target_pct: float) -> None:
    found = forecast(list(enumerate(ratios)), at, target_pct)
    if found is not None:
        assert 0 <= found.lowest_pct <= found.expected_pct <= found.highest_pct <= 100
