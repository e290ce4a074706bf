"""Báo cáo tổng hợp: the coordinator's report of a month, frozen; all renderers are made from it."""

from pydantic import SkipValidation

from baocao.domain.reported.document import ReportedFinding, ReportedTask, Restatement, ResultsDocument
from baocao.domain.reported.progress import ForecastRow, UnitFigure

__all__ = ["Report", "ReportedFinding", "ReportedTask", "Restatement"]


class Report(ResultsDocument):
    """Everything that the report of a month says."""

    unit_figures: SkipValidation[tuple[UnitFigure, ...]]
    forecasts: SkipValidation[tuple[ForecastRow, ...]] = ()
