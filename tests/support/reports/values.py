"""Frames of values for the tests of consolidation, and its results by code."""

import pandas as pd

from baocao.consolidation.figures import consolidate
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.reported.progress import FigureResult
from support.workbooks.content import PLAN

SEPTEMBER, OCTOBER, NOVEMBER = Period(2022, 9), Period(2022, 10), Period(2022, 11)
_HEAD, _TEXTS = ("period", "unit", "submission_version", "code"), ("evidence", "note")
COLUMNS = [*_HEAD, "numerator", "denominator", *_TEXTS, "is_set_aside"]
FAULT = Finding("negative", Severity.CRITICAL, "Số âm.")


def table(text: str) -> pd.DataFrame:
    """A frame of values from lines of ``2022-10 SCT A1 9/10``; ``-`` is an empty cell."""
    rows = []
    for line in text.strip().splitlines():
        period, unit, code, counts = line.split()
        numerator, denominator = (float("nan") if part == "-" else float(part) for part in counts.split("/"))
        rows.append((period, unit, 1, code, numerator, denominator, None, None, False))
    return pd.DataFrame(rows, columns=COLUMNS)


def results(values: pd.DataFrame, period: Period = OCTOBER) -> dict[str, FigureResult]:
    """The consolidated figures of a period by code."""
    return {result.code: result for result in consolidate(PLAN, values, period)}


def sums(result: FigureResult) -> tuple[float | None, ...]:
    """Numerator and denominator in the period, then the cumulative ones."""
    return result.numerator, result.denominator, result.cumulative_numerator, result.cumulative_denominator


def counts(result: FigureResult) -> tuple[int, int, int]:
    """How many units reported, reached the target, and had nothing to report."""
    return result.units_reported, result.units_reached, result.units_not_applicable
