"""Dự báo: will the target be reached by the pilot's end at the present pace?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import linear_regression

from baocao.domain.planned.indicator import Direction

FEWEST_PERIODS = 3
FEWEST_FOR_LIKELY = 4  # two steps in a row may be chance
DAMPING = 0.8  # of the trend's step, each month, for the span
FADING = 0.3  # of the smallest rise so far, each month, for «Dự báo đạt»
MARGIN_POINTS = 1.0
SPAN_POINTS = 4.0  # what a month may bring of itself, to either side


class Outlook(StrEnum):
    """The values are what a reader sees."""

    REACHED = "Đã đạt"
    LIKELY = "Dự báo đạt"
    UNCERTAIN = "Chưa chắc đạt"
    UNLIKELY = "Dự báo không đạt"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A projected ratio in percent at the pilot's end, with the span that the course so far leaves open."""

    expected_pct: float
    lowest_pct: float
    highest_pct: float
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class _Trend:
    """The least-squares line through a course of at least three points, and what lies around it.

    ``scatter`` is the standard error of the points about the line, ``smallest_step`` the least monthly change so far.
    """

    slope: float
    level: float
    scatter: float
    smallest_step: float
    last: float
    periods: int

    def straight(self, months: int) -> float:
        return self.level + self.slope * months

    def damped(self, months: int) -> float:
        return self.level + self.slope * sum(DAMPING**month for month in range(1, months + 1))

    def at_least(self, months: int) -> float:
        """Where the course ends if its smallest rise fades away at once, less a margin: what is nearly sure."""
        gain = self.smallest_step * sum(FADING**month for month in range(1, months + 1))
        return min(self.last, self.level) + gain - MARGIN_POINTS - self.scatter / 2


def forecast(
    ratios: Sequence[tuple[int, float | None]], at: int, target_pct: float, direction: Direction = Direction.HIGHER
) -> Forecast | None:
    """Project a figure's ratio to period number ``at``; ``ratios`` are (period number, percent) in order.

    Method: the least-squares line, which no single month drags through itself. Span: from the lowest to the highest of
    the line, the damped trend and standing still, widened by the scatter and by what a month may bring; on the
    simulated courses of the tests it holds the end in at least 80 of 100. «Dự báo đạt» is said only on four periods at
    least, and where the line, the damped trend and the smallest rise so far, quickly fading, all reach the target;
    there it comes true in at least 85 of 100. Results are kept within 0–100 %. None on fewer than 3 periods with a
    ratio, and where the last one has none: what does not occur now is not heading anywhere. What is better lower is
    foreseen by what it lacks to the whole.
    """
    if direction is Direction.LOWER:
        lacking = [(number, None if ratio is None else 100 - ratio) for number, ratio in ratios]
        return _turned(forecast(lacking, at, 100 - target_pct))
    known = [(number, ratio) for number, ratio in ratios if ratio is not None]
    if len(known) < FEWEST_PERIODS or ratios[-1][1] is None:
        return None
    trend, months = _trend(known), max(0, at - known[-1][0])
    if not months:
        return Forecast(trend.last, trend.last, trend.last, _outlook(trend, months, trend.last, trend.last, target_pct))
    ends = (trend.straight(months), trend.damped(months), trend.last)
    width = (SPAN_POINTS + trend.scatter) * sqrt(months)
    expected, lowest, highest = map(_kept, (ends[0], min(ends) - width, max(ends) + width))
    return Forecast(expected, lowest, highest, _outlook(trend, months, expected, highest, target_pct))


def _turned(found: Forecast | None) -> Forecast | None:
    if found is None:
        return None
    return Forecast(100 - found.expected_pct, 100 - found.highest_pct, 100 - found.lowest_pct, found.outlook)


def _trend(known: Sequence[tuple[int, float]]) -> _Trend:
    numbers, ratios = [float(number) for number, _ in known], [ratio for _, ratio in known]
    slope, intercept = linear_regression(numbers, ratios)
    squares = sum((ratio - intercept - slope * number) ** 2 for number, ratio in zip(numbers, ratios, strict=True))
    return _Trend(
        slope=slope,
        level=intercept + slope * numbers[-1],
        scatter=sqrt(squares / (len(known) - 2)),
        smallest_step=min((later - earlier) / (j - i) for (i, earlier), (j, later) in pairwise(known)),
        last=ratios[-1],
        periods=len(known),
    )


def _kept(ratio: float) -> float:
    return min(100.0, max(0.0, ratio))


def _outlook(trend: _Trend, months: int, expected: float, highest: float, target_pct: float) -> Outlook:
    if trend.last >= target_pct and expected >= target_pct:
        return Outlook.REACHED
    sure = min(trend.straight(months), trend.damped(months), trend.at_least(months))
    if months and trend.periods >= FEWEST_FOR_LIKELY and sure >= target_pct:
        return Outlook.LIKELY
    return Outlook.UNCERTAIN if highest >= target_pct else Outlook.UNLIKELY
