"""Dự báo: will the target be reached by the pilot's end at the present pace?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import median

FEWEST_PERIODS = 3


class Outlook(StrEnum):
    """The values are what a reader sees."""

    REACHED = "Đã đạt"
    LIKELY = "Dự báo đạt"
    UNCERTAIN = "Chưa chắc đạt"
    UNLIKELY = "Dự báo không đạt"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A projected ratio in percent at the pilot's end, with the span that the pace so far leaves open."""

    expected_pct: float
    lowest_pct: float
    highest_pct: float
    outlook: Outlook


def forecast(ratios: Sequence[tuple[int, float | None]], at: int, target_pct: float) -> Forecast | None:
    """Project a figure's ratio to period number ``at``; ``ratios`` are (period number, percent), None left out.

    Method: the Theil–Sen slope, the median of the slopes between all pairs of periods, laid through the last value;
    it is not thrown by one bad month. Uncertainty: the lower and upper quartile of those slopes give the span; with so
    few points it says how steady the pace was, and is no confidence interval. Results are kept within 0–100 %.
    No forecast on fewer than 3 periods with a ratio.
    """
    known = [(number, ratio) for number, ratio in ratios if ratio is not None]
    if len(known) < FEWEST_PERIODS:
        return None
    slopes = sorted((later - earlier) / (j - i) for (i, earlier), (j, later) in combinations(known, 2))
    number, last = known[-1]
    steps = max(0, at - number)

    def projected(slope: float) -> float:
        return min(100.0, max(0.0, last + slope * steps))

    expected, lowest, highest = (
        projected(slope) for slope in (median(slopes), _quartile(slopes, 1), _quartile(slopes, 3))
    )
    return Forecast(expected, lowest, highest, _outlook(last, expected, lowest, highest, target_pct))


def _quartile(ordered: Sequence[float], quarter: int) -> float:
    place = (len(ordered) - 1) * quarter / 4
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _outlook(last: float, expected: float, lowest: float, highest: float, target_pct: float) -> Outlook:
    if last >= target_pct and expected >= target_pct:
        return Outlook.REACHED
    if lowest >= target_pct:
        return Outlook.LIKELY
    return Outlook.UNCERTAIN if highest >= target_pct else Outlook.UNLIKELY
