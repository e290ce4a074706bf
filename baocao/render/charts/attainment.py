"""Chart «chi-tieu»: is each target reached, and if not, how far is it? A bullet chart, one row an indicator."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.outcome import Outcome, lacking_points, lacking_text, measured, outcome, ratio_text
from baocao.domain.reported.progress import FigureResult
from baocao.render.charts.chart import ATTAINMENT
from baocao.render.charts.style import (
    GROUND,
    INK,
    LOOKS,
    MUTED,
    WIDTH_IN,
    Look,
    bare_axes,
    canvas,
    legend,
    lettering,
    on_one_line,
    width_of,
)

_ROW_IN = 0.43
_GROUP_IN = 0.36
_HEAD_IN = 0.62
_FOOT_IN = 0.42
_BAR_IN = 0.13
_LINE_IN = 0.24
_WIDE = 0.94
_ROOM_IN = WIDTH_IN * _WIDE
_GAP_IN = 0.1


def draw_attainment(report: ResultsDocument) -> Figure | None:
    """The chart; None where no unit's figures are in the report."""
    if not any(figure.units_reported for figure in report.figures):
        return None
    groups = [
        (name, [row for row in _rows(report) if report.indicator_group_of.get(row.indicator) == key])
        for key, name in report.indicator_groups.items()
    ]
    body = sum(_GROUP_IN + sum(_row_height(report, row) for row in rows) for _, rows in groups if rows)
    height = _HEAD_IN + _FOOT_IN + body
    canvas_ = canvas(report, ATTAINMENT, height)
    axes = canvas_.add_axes((0.03, _FOOT_IN / height, _WIDE, 1 - (_HEAD_IN + _FOOT_IN) / height))
    bare_axes(axes)
    axes.set_xlim(0, 100)
    axes.set_ylim(height - _HEAD_IN - _FOOT_IN, 0)
    top = 0.0
    for name, rows in groups:
        if rows:
            heading, size = on_one_line(name.rstrip(" :"), _ROOM_IN, 9.5, "Bold")
            axes.text(0, top + 0.13, heading, va="center", **lettering(size, MUTED, face="Bold"))
            top += _GROUP_IN
        for row in rows:
            _draw_row(report, axes, row, top)
            top += _row_height(report, row)
    has_previous = any(row.before_pct is not None for row in report.figures)
    _draw_legend(canvas_, has_previous=has_previous)
    return canvas_


def _rows(report: ResultsDocument) -> list[FigureResult]:
    rows: list[FigureResult] = []
    for figure in report.headlines:
        parts = measured(report, figure)
        rows += [figure] if parts == (figure,) else [figure, *parts]
    return rows


def _row_height(report: ResultsDocument, row: FigureResult) -> float:
    return _ROW_IN if measured(report, row) == (row,) else _LINE_IN


def _draw_row(report: ResultsDocument, axes: Axes, row: FigureResult, top: float) -> None:
    state = outcome(report, row)
    has_bar = measured(report, row) == (row,)
    inset = "" if row.is_headline else "    "
    verdict = _verdict(row, state) if has_bar else state.value
    room = _ROOM_IN - width_of(verdict, 9.5, "Bold") - _GAP_IN
    name, size = on_one_line(f"{inset}{row.code}  {row.name}", room, 9.5)
    axes.text(0, top, name, va="center", **lettering(size))
    axes.text(100, top, verdict, va="center", ha="right", **lettering(9.5, face="Bold"))
    if has_bar:
        _draw_bar(axes, row, LOOKS[state], top + 0.205)


def _draw_bar(axes: Axes, row: FigureResult, look: Look, middle: float) -> None:
    axes.barh(middle, 100, _BAR_IN, color=GROUND)
    if row.ratio_pct is None:
        axes.barh(middle, 100, _BAR_IN, color=look.fill, hatch=look.hatch, edgecolor="#B5B5B5", linewidth=0.4)
        return
    axes.barh(middle, row.ratio_pct, _BAR_IN, color=look.fill, edgecolor=INK, linewidth=0.5)
    _mark(axes, row.target_pct, middle)
    if row.before_pct is not None:
        axes.plot(
            row.before_pct,
            middle,
            marker="o",
            markersize=3.6,
            color="white",
            markeredgecolor=INK,
            markeredgewidth=0.8,
            clip_on=False,
        )


def _mark(axes: Axes, target_pct: float, middle: float) -> None:
    half = _BAR_IN * 0.7
    axes.plot([target_pct, target_pct], [middle - half, middle + half], color=INK, linewidth=2.4, clip_on=False)


def _verdict(row: FigureResult, state: Outcome) -> str:
    if state is Outcome.REACHED:
        return f"{ratio_text(row)} (đạt)"
    if state is Outcome.MISSED:
        return f"{ratio_text(row)} (thiếu {lacking_text(lacking_points(row)).removesuffix(' điểm phần trăm')})"
    return state.value


def _draw_legend(figure: Figure, *, has_previous: bool) -> None:
    handles = [
        Patch(facecolor=LOOKS[Outcome.REACHED].fill, edgecolor=INK, linewidth=0.5, label="Đạt"),
        Patch(facecolor=LOOKS[Outcome.MISSED].fill, edgecolor=INK, linewidth=0.5, label="Chưa đạt"),
        Line2D([], [], color=INK, linewidth=2.4, marker="", label="Mục tiêu"),
    ]
    if has_previous:
        handles.append(
            Line2D(
                [], [], linestyle="", marker="o", markersize=4, color="white", markeredgecolor=INK, label="Tháng trước"
            )
        )
    legend(figure, handles, 4, 9, 1.2)
