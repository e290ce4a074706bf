"""Viện dẫn: where the body speaks of what an annex or a chart shows, it names it; charts have the order of citation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.wording import enumeration
from baocao.narrative.story import Section, Story
from baocao.render.charts.chart import ATTAINMENT, CHART_NAMES, HEAT_MAP, TIMELINESS, TRAJECTORY

RESULTS = "1. Kết quả thực hiện các chỉ tiêu"
Place = tuple[str, str]
"""A section's title, and how the paragraph begins that cites."""


def drawn_charts(report: ResultsDocument) -> tuple[str, ...]:
    """The charts for which there is something to draw, in the order of their numbers."""
    is_drawn = {
        ATTAINMENT: any(figure.units_reported for figure in report.figures),
        TRAJECTORY: any(point.ratio_pct is not None for point in report.trend),
        HEAT_MAP: next(iter(report.unit_cells()), None) is not None,
        TIMELINESS: bool(report.timeliness),
    }
    return tuple(name for name in CHART_NAMES if is_drawn[name])


def citing(story: Story, report: ResultsDocument, annexes: Mapping[Place, str], discipline: Place) -> Story:
    """The story with «(Phụ lục I; Biểu đồ 1, 2 và 3)» behind what they show.

    ``discipline``: where the units' reporting is told.
    """
    shown = {(RESULTS, "Số liệu được tổng hợp"): (ATTAINMENT, TRAJECTORY, HEAT_MAP), discipline: (TIMELINESS,)}
    known = drawn_charts(report)
    cited = {
        place: "; ".join(filter(None, (annexes.get(place, ""), _numbers(known, shown.get(place, ())))))
        for place in {**annexes, **shown}
    }
    return replace(story, sections=tuple(_cited(section, cited) for section in story.sections))


def _numbers(known: Sequence[str], names: Sequence[str]) -> str:
    numbers = [str(known.index(name) + 1) for name in names if name in known]
    return f"Biểu đồ {enumeration(numbers)}" if numbers else ""


def _cited(section: Section, cited: Mapping[Place, str]) -> Section:
    mine = {start: text for (title, start), text in cited.items() if title == section.title and text}
    paragraphs = (
        next((f"{one.removesuffix('.')} ({text})." for start, text in mine.items() if one.startswith(start)), one)
        for one in section.paragraphs
    )
    return replace(section, paragraphs=tuple(paragraphs))
