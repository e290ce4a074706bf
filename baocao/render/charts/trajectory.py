"""Chart «dien-bien»: how has each indicator moved, and will it reach its target by the pilot's end?"""

from math import ceil
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import AbstractPathEffect, withStroke

from baocao.domain.planned.indicator import IndicatorKind, bound
from baocao.domain.planned.period import Period, periods_between
from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.outcome import Outcome, outcome, ratio_text
from baocao.domain.reported.progress import FigureResult, ForecastRow
from baocao.domain.wording import decimal_text, percent_text
from baocao.render.charts.chart import TRAJECTORY
from baocao.render.charts.style import (
    INK,
    MISSED,
    MUTED,
    REACHED,
    RULE,
    canvas,
    charted,
    legend,
    lettering,
)

_COLUMNS = 3
_PANEL_IN = 1.12
_TITLE_IN = 0.44
_HEAD_IN = 0.62
_FOOT_IN = 0.56
Points = list[tuple[int, float]]


def draw_trajectories(report: ResultsDocument) -> Figure | None:
    """Small multiples, one panel an indicator; None where no month has a ratio."""
    months = periods_between(Period.of(report.pilot.start), _last_month(report))
    rows = [(figure, _points(report, figure, months)) for figure in charted(report)]
    rows = [(figure, points) for figure, points in rows if points]
    if not rows:
        return None
    lines = ceil(len(rows) / _COLUMNS)
    height = _HEAD_IN + _FOOT_IN + lines * (_PANEL_IN + _TITLE_IN)
    figure_ = canvas(report, TRAJECTORY, height)
    lows = [*(y for _, points in rows for _, y in points), *(figure.target_pct for figure, _ in rows)]
    floor = max(0.0, min(lows) // 20 * 20)
    for position, (figure, points) in enumerate(rows):
        line, column = divmod(position, _COLUMNS)
        bottom = height - _HEAD_IN - (line + 1) * (_PANEL_IN + _TITLE_IN) + 0.3
        axes = figure_.add_axes((0.09 + column * 0.31, bottom / height, 0.27, (_PANEL_IN - 0.24) / height))
        _draw_panel(report, axes, figure, points, months)
        _frame(axes, floor, months, is_first=column == 0)
    _draw_legend(figure_, has_forecast=not report.looks_back)
    return figure_


def _last_month(report: ResultsDocument) -> Period:
    """The last month that is drawn: the end, or the report's own month where it lies after the end."""
    end = Period.of(report.pilot.end)
    return end if report.looks_back else max(report.period, end)


def _points(report: ResultsDocument, figure: FigureResult, months: tuple[Period, ...]) -> Points:
    known = {point.period: point.ratio_pct for point in report.trend if point.code == figure.code}
    return [(step, ratio) for step, month in enumerate(months) if (ratio := known.get(month)) is not None]


def _draw_panel(
    report: ResultsDocument, axes: Axes, figure: FigureResult, points: Points, months: tuple[Period, ...]
) -> None:
    is_reached = outcome(report, figure) is Outcome.REACHED
    color = REACHED if is_reached else MISSED
    last = len(months) - 1
    axes.set_title(_panel_title(figure), loc="left", pad=5, **lettering(7.2, face="Bold"))
    axes.axhline(figure.target_pct, color=INK, linewidth=1.1, linestyle=(0, (4, 2)))
    axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        color=color,
        linewidth=1.8,
        marker="o" if is_reached else "s",
        markersize=3.6,
        clip_on=False,
        zorder=3,
    )
    ahead = _ahead(report, figure)
    if ahead is not None and points[-1][0] < last:
        (step, ratio), lowest, highest = points[-1], ahead.lowest_pct, ahead.highest_pct
        if figure.kind is IndicatorKind.FLOW:
            ratio = figure.cumulative_ratio_pct or 0.0  # where a FLOW figure's forecast sets out from
        axes.fill_between([step, last], [ratio, lowest], [ratio, highest], color=color, alpha=0.15, linewidth=0)
        axes.plot([step, last], [ratio, ahead.expected_pct], color=color, linewidth=1.4, linestyle=":", clip_on=False)
    axes.annotate(
        _last_label(report, figure, points, months),
        points[-1],
        (0, -6),
        textcoords="offset points",
        ha="center" if points[-1][0] else "left",
        va="top",
        path_effects=_halo(),
        zorder=4,
        **lettering(8.5, color, face="Bold"),
    )


def _ahead(report: ResultsDocument, figure: FigureResult) -> ForecastRow | None:
    return next((row for row in report.forecasts if row.unit is None and row.code == figure.code), None)


def _last_label(report: ResultsDocument, figure: FigureResult, points: Points, months: tuple[Period, ...]) -> str:
    """The ratio beside the last point; none where the report's own month has no figure."""
    if report.looks_back:
        return percent_text(points[-1][1], bound(figure))
    return ratio_text(figure) if points[-1][0] == _step(report, months) else ""


def _halo() -> list[AbstractPathEffect]:
    return [withStroke(linewidth=2.5, foreground="white")]


def _step(report: ResultsDocument, months: tuple[Period, ...]) -> int:
    return months.index(report.period) if report.period in months else -1


def _panel_title(figure: FigureResult) -> str:
    return "\n".join(wrap(f"{figure.code} {figure.name}", 26, max_lines=3, placeholder="…"))


def _frame(axes: Axes, floor: float, months: tuple[Period, ...], *, is_first: bool) -> None:
    axes.set_xlim(-0.3, len(months) - 0.7)
    axes.set_ylim(floor, 104)
    levels = [floor, (floor + 100) / 2, 100] if is_first else []
    axes.set_yticks(levels, [f"{decimal_text(level)}%" for level in levels], **lettering(7.5, MUTED))
    steps = [0, len(months) - 1]
    axes.set_xticks(steps, [f"{months[step].month}/{months[step].year}" for step in steps], **lettering(7.5, MUTED))
    axes.tick_params(length=0, pad=3)
    labels = axes.get_xticklabels()
    labels[0].set_horizontalalignment("left")
    labels[-1].set_horizontalalignment("right")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)


def _draw_legend(figure: Figure, *, has_forecast: bool) -> None:
    handles = [
        Line2D([], [], color=REACHED, linewidth=1.8, marker="o", markersize=3.6, label="Đạt"),
        Line2D([], [], color=MISSED, linewidth=1.8, marker="s", markersize=3.6, label="Chưa đạt"),
        Line2D([], [], color=INK, linewidth=1.1, linestyle=(0, (4, 2)), label="Mục tiêu"),
    ]
    if has_forecast:
        handles.append(
            Line2D([], [], color=MUTED, linewidth=1.4, linestyle=":", label="Nếu giữ đà hiện nay (số trong kỳ: lũy kế)")
        )
    legend(figure, handles, 2, 9, 1.3)
