"""Báo cáo tổng hợp: the coordinator's report of a month, frozen; all renderers are made from it."""

from baocao.domain.document import Document, ReportedFinding, ReportedTask, Restatement
from baocao.domain.progress import Difficulty, FigureResult, ForecastRow, TimelinessPoint, TrendPoint, UnitFigure, UnitTask

__all__ = ["Report", "ReportedFinding", "ReportedTask", "Restatement"]


class Report(Document):
    """Everything that the report of a month says; ``figures`` has every headline and component in the plan's order."""

    figures: tuple[FigureResult, ...]
    unit_figures: tuple[UnitFigure, ...]
    tasks: tuple[UnitTask, ...]
    difficulties: tuple[Difficulty, ...]
    trend: tuple[TrendPoint, ...] = ()
    timeliness: tuple[TimelinessPoint, ...] = ()
    forecasts: tuple[ForecastRow, ...] = ()

    @property
    def headlines(self) -> tuple[FigureResult, ...]:
        """The indicators without their components."""
        return tuple(figure for figure in self.figures if figure.is_headline)
