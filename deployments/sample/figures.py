"""Counts that grow: S-curves from where an office stands at the start to where it arrives.

A figure's course is fixed by the plan, the unit and the seed, so that the months, the corrections and the final
assessment of one office tell the same story.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from baocao.domain.planned.indicator import ComponentsMode, Figure, Indicator, IndicatorKind, figures_of
from baocao.domain.planned.plan import Plan
from baocao.workbook.cells import fold
from deployments.sample.office import Character, Office, months_of
from deployments.sample.sizes import size_range

Counts = dict[str, tuple[int, int]]
NOTHING = (0, 0)
_STEEPNESS = 5.0
_SMALL = 40


class Pace(StrEnum):
    """When an indicator's target is reached."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    NEVER = "never"


_ARRIVES = {Pace.EARLY: (0.15, 0.35), Pace.MIDDLE: (0.45, 0.75), Pace.LATE: (0.8, 1.0), Pace.NEVER: (1.3, 1.3)}
_STARTS = {Pace.EARLY: (0.8, 0.95), Pace.MIDDLE: (0.6, 0.82), Pace.LATE: (0.5, 0.72), Pace.NEVER: (0.45, 0.65)}


@dataclass(frozen=True, slots=True)
class Course:
    """From ``start`` to ``end`` (fractions) in ``steps`` months; it stays there."""

    start: float
    end: float
    steps: float

    def at(self, step: int) -> float:
        """The fraction after so many months, 0 being the first report."""
        if step >= self.steps:
            return self.end
        return self.start + (self.end - self.start) * _rise(step / self.steps)


def _rise(part: float) -> float:
    def sigmoid(x: float) -> float:
        return 1 / (1 + math.exp(-_STEEPNESS * (x - 0.5)))

    return (sigmoid(part) - sigmoid(0)) / (sigmoid(1) - sigmoid(0))


def month_counts(office: Office, step: int) -> Counts:
    """Numerator and denominator by figure code in the month of this number, from 0; joint headlines within bounds."""
    counts: Counts = {}
    for indicator in office.plan.indicators:
        counts |= dict(_counts(office, indicator, step))
    return counts


def final_counts(office: Office) -> Counts:
    """The pilot's end: STOCK figures as they then stand, FLOW figures summed over all its months."""
    count = len(months_of(office.plan))
    months = [month_counts(office, step) for step in range(count)]
    end = month_counts(office, count)
    return {
        code: _summed(months, code) if office.plan.figure_by_code[code].kind is IndicatorKind.FLOW else pair
        for code, pair in end.items()
    }


def _summed(months: list[Counts], code: str) -> tuple[int, int]:
    return sum(month[code][0] for month in months), sum(month[code][1] for month in months)


def _counts(office: Office, indicator: Indicator, step: int) -> Iterator[tuple[str, tuple[int, int]]]:
    typed = [figure for figure in figures_of(indicator) if figure.is_typed]
    if indicator.code == absent_indicator(office):
        yield from ((figure.code, NOTHING) for figure in typed)
    elif indicator.components_mode is ComponentsMode.JOINT:
        yield from _joint(office, typed[0], typed[1:], step)
    else:
        yield from ((figure.code, _plain(office, figure, step)) for figure in typed)


def is_judged(figure: Figure) -> bool:
    """Whether the figure is held against its target: not the components of a joint indicator."""
    return figure.is_typed and (figure.is_headline or figure.mode is ComponentsMode.SEPARATE)


def absent_indicator(office: Office) -> str | None:
    """The indicator that does not occur in this office («Không phát sinh»): the last plain one at a point in time."""
    if office.character is not Character.SHORT_HANDED:
        return None
    plain = [one.code for one in office.plan.indicators if one.kind is IndicatorKind.STOCK and not one.components]
    return plain[-1] if len(plain) > 1 else None


def _plain(office: Office, figure: Figure, step: int) -> tuple[int, int]:
    denominator = _denominator(office, figure, step)
    return _numerator(office, figure, step, denominator), denominator


def _joint(
    office: Office, headline: Figure, components: list[Figure], step: int
) -> Iterator[tuple[str, tuple[int, int]]]:
    """What the headline lacks, each component lacks in part, and together they lack at least all of it."""
    numerator, denominator = _plain(office, headline, step)
    yield headline.code, (numerator, denominator)
    lacking, covered = denominator - numerator, 0
    for place, component in enumerate(components, start=1):
        share = round(lacking * office.chance("share", component.code).uniform(0.25, 0.85))
        own = max(share, lacking - covered) if place == len(components) else share
        covered += own
        yield component.code, (denominator - own, denominator)


def _numerator(office: Office, figure: Figure, step: int, denominator: int) -> int:
    course = _course(office, figure)
    level, target = course.at(step), figure.target_pct / 100
    if figure.kind is IndicatorKind.FLOW and level < 1:
        level += office.chance("noise", figure.code, step).uniform(-0.012, 0.012)
    needed = math.ceil(denominator * target - 1e-9)
    found = min(denominator, max(0, round(level * denominator)))
    return max(found, needed) if step >= course.steps and course.end >= target else min(found, max(0, needed - 1))


def _course(office: Office, figure: Figure) -> Course:
    pace, target = pace_of(office, figure.indicator), figure.target_pct / 100
    chance = office.chance("course", figure.code)
    start = target * chance.uniform(*_STARTS[pace])
    steps = chance.uniform(*_ARRIVES[pace]) * (len(months_of(office.plan)) - 1)
    end = min(1.0, target + (1 - target) * chance.uniform(0.15, 0.5))
    if pace is Pace.NEVER:
        end = target * chance.uniform(0.84, 0.93)
    elif pace is Pace.EARLY and figure.kind is IndicatorKind.FLOW:
        return Course(end, end, 0)  # what counts over the whole pilot is reached only by who had it from the start
    return Course(start, end, max(1.0, steps))


def pace_of(office: Office, indicator: str) -> Pace:
    """How soon this office reaches an indicator's target; what is hard is hard for most."""
    if indicator in _hard(office.plan):
        return Pace.NEVER if office.chance("hard", indicator).random() < 0.7 else Pace.LATE
    codes = [one.code for one in office.plan.indicators if one.code not in _hard(office.plan)]
    quarter = len(codes) // 4
    paces = [Pace.EARLY] * (quarter + 1) + [Pace.LATE] * quarter
    paces += [Pace.MIDDLE] * (len(codes) - len(paces))
    office.chance("paces").shuffle(paces)
    return paces[codes.index(indicator)]


def _hard(plan: Plan) -> tuple[str, ...]:
    """One indicator or two that few reach: those made of the most components."""
    stock = [one for one in plan.indicators if one.kind is IndicatorKind.STOCK]
    ranked = sorted(stock, key=lambda one: -len(one.components))
    return tuple(one.code for one in ranked[: 1 + (len(plan.indicators) >= 10)])


def _denominator(office: Office, figure: Figure, step: int) -> int:
    """The same for figures of the same wording; a STOCK drifts by one or two, a FLOW swings by a tenth or so."""
    if (assigned := figure.assigned.get(office.unit.code)) is not None:
        return assigned
    subject = fold(figure.denominator)
    size = office.chance("size", subject).randint(*size_range(subject, figure.kind))
    if figure.kind is IndicatorKind.FLOW:
        return max(1, round(size * (1 + 0.015 * step) * office.chance("swing", subject, step).uniform(0.87, 1.13)))
    if size < _SMALL:
        return size
    return size + sum(office.chance("drift", subject, month).choice((-1, 0, 0, 0, 0, 1, 2)) for month in range(step))
