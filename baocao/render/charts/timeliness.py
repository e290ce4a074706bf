"""Chart «thoi-han»: do units report in time, month by month?"""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.wording import count_text
from baocao.render.charts.chart import TIMELINESS
from baocao.render.charts.style import (
    FAR,
    INK,
    MUTED,
    NONE,
    REACHED,
    Look,
    bare_axes,
    canvas,
    legend,
    lettering,
)

_HEAD_IN = 0.62
_FOOT_IN = 0.42
_ROW_IN = 0.36
_KINDS = (
    ("on_time", "Đúng hạn", Look(REACHED, ink="#FFFFFF")),
    ("late", "Quá hạn", Look(FAR, "")),
    ("missing", "Chưa có báo cáo được chấp nhận", Look(NONE, "////")),
)


def draw_timeliness(report: ResultsDocument) -> Figure | None:
    """One bar a month, split into units on time, late and missing; None where no month is known."""
    points = sorted(report.timeliness, key=lambda point: point.period)
    if not points:
        return None
    whole = max(point.on_time + point.late + point.missing for point in points)
    height = _HEAD_IN + _FOOT_IN + _ROW_IN * len(points)
    figure = canvas(report, TIMELINESS, height)
    axes = figure.add_axes((0.13, _FOOT_IN / height, 0.84, 1 - (_HEAD_IN + _FOOT_IN) / height))
    bare_axes(axes)
    axes.set_xlim(0, whole)
    axes.set_ylim(len(points), 0)
    for line, point in enumerate(points):
        axes.text(-0.015 * whole, line + 0.5, point.period.short, ha="right", va="center", **lettering(9.5))
        start = 0
        for field, _, look in _KINDS:
            count: int = getattr(point, field)
            if count:
                _draw_part(axes, line, start, count, look, is_told=count >= whole * 0.03)
            start += count
    figure.text(0.97, 1 - 0.31 / height, "Số đơn vị", ha="right", va="top", **lettering(9, MUTED))
    _draw_legend(figure)
    return figure


def _draw_part(axes: Axes, line: int, start: int, count: int, look: Look, *, is_told: bool) -> None:
    """One part of a month's bar, with its count where there is room for it."""
    axes.barh(line + 0.5, count, 0.66, left=start, color=look.fill, hatch=look.hatch, edgecolor=INK, linewidth=0.6)
    if is_told:
        box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"} if look.hatch else None
        middle, letters = start + count / 2, lettering(9.5, look.ink, face="Bold")
        axes.text(middle, line + 0.51, count_text(count), ha="center", va="center", bbox=box, **letters)


def _draw_legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=look.fill, hatch=look.hatch, edgecolor=INK, linewidth=0.6, label=label)
        for _, label, look in _KINDS
    ]
    legend(figure, handles, 3, 9, 1.2)
