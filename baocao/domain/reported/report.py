"""Báo cáo tổng hợp: the coordinator's report of a month, frozen; all renderers are made from it."""

from collections.abc import Iterator, Mapping

from pydantic import Field, SkipValidation

from baocao.domain.received.places import Places
from baocao.domain.reported.document import ReportedFinding, ReportedTask, Restatement, ResultsDocument, UnitCell
from baocao.domain.reported.outcome import unit_outcome
from baocao.domain.reported.progress import UnitFigure

__all__ = ["Report", "ReportedFinding", "ReportedTask", "Restatement"]


class Report(ResultsDocument):
    """Everything that the report of a month says.

    ``carried_figures``: the values of silent units that count on; since when, their figure's ``carried`` says.
    ``places``: by unit, the cells of its figures where known.
    """

    unit_figures: SkipValidation[tuple[UnitFigure, ...]]
    carried_figures: SkipValidation[tuple[UnitFigure, ...]] = ()
    places: SkipValidation[Mapping[str, Places]] = Field(default_factory=dict)

    @property
    def set_aside(self) -> tuple[UnitFigure, ...]:
        return tuple(one for one in self.unit_figures if one.is_set_aside)

    def unit_cells(self) -> Iterator[UnitCell]:
        return (UnitCell(one.unit, one.code, one.ratio_pct, unit_outcome(one)) for one in self.unit_figures)

    def cells_of(self, unit: str, code: str) -> str:
        """Where a unit's figure stands in its own file: ``Chỉ tiêu!D12, E12``; empty where it is not known."""
        return self.places[unit].pair(code) if unit in self.places else ""
