"""Chart «don-vi»: which unit stands where on which indicator? A heat map; with very many units, how they are spread."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from textwrap import fill, wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from baocao.domain.planned.indicator import Direction, bound
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import count_text, percent_text
from baocao.render.charts.chart import HEAT_MAP
from baocao.render.charts.style import (
    CLOSENESS,
    INK,
    LOOKS,
    MUTED,
    REACHED,
    WIDTH_IN,
    Face,
    Look,
    attained,
    bare_axes,
    canvas,
    charted,
    legend,
    lettering,
    on_one_line,
    width_of,
)

_MOST_COLUMNS = 8
_MOST_UPRIGHT = 4
MOST_UNITS = 40
_HEAD_IN = 0.62
_FOOT_IN = 0.72
_ROW_IN = 0.33
_CLASSES = (
    (Look(REACHED, ink="#FFFFFF"), "Đạt"),
    (CLOSENESS[0], "Từ 80% mục tiêu"),
    (CLOSENESS[1], "Từ 50% đến dưới 80% mục tiêu"),
    (CLOSENESS[2], "Dưới 50% mục tiêu"),
    (LOOKS[Outcome.NOT_APPLICABLE], "Không phát sinh"),
    (LOOKS[Outcome.NO_DATA], "Chưa có số liệu"),
)
Rows = tuple[FigureResult, ...]
Cell = tuple[float | None, Outcome]
Place = tuple[str, str]  # unit, code
Cells = dict[Place, Cell]
_UNKNOWN: Cell = (None, Outcome.NO_DATA)


def _unit_cells(report: ResultsDocument) -> tuple[Rows, Iterator[tuple[Place, Cell]]]:
    """What the map shows: its indicators, and by unit and code the ratio in percent and how it stands."""
    rows = report.headlines if report.looks_back else charted(report)
    return rows, (((one.unit, one.code), (one.ratio_pct, one.outcome)) for one in report.unit_cells())


def draw_heat_map(report: ResultsDocument) -> Figure | None:
    """Indicators by units up to 8 units, units by indicators up to 40, beyond that how many units stand where."""
    rows, cells = _unit_cells(report)
    first = next(cells, None)
    if first is None:
        return None
    every = chain((first,), cells)
    units = len(report.standings)
    if units > MOST_UNITS:
        return _draw_spread(report, rows, every)
    draw = _draw_by_indicator if units <= _MOST_COLUMNS else _draw_by_unit
    return draw(report, rows, dict(every))


def _look(cell: Cell, row: FigureResult) -> Look:
    ratio, state = cell
    if ratio is None:
        return LOOKS[state]
    is_lower = row.direction is Direction.LOWER
    return attained(ratio, row.target_pct, reached=state is Outcome.REACHED, is_lower=is_lower)


def _text(cell: Cell, row: FigureResult) -> str:
    ratio, state = cell
    if ratio is None:
        return "-" if state is Outcome.NOT_APPLICABLE else ""
    return percent_text(ratio, bound(row))


def _axes(figure: Figure, left_in: float, top_in: float, width: float, height: float) -> Axes:
    total = figure.get_figheight()
    box = (left_in / WIDTH_IN, _FOOT_IN / total, 1 - (left_in + 0.12) / WIDTH_IN, 1 - (_FOOT_IN + top_in) / total)
    axes = figure.add_axes(box)
    bare_axes(axes)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    return axes


def _draw_cell(axes: Axes, at: tuple[float, float], look: Look, text: str, size: float) -> None:
    edge = "#9A9A9A" if look.hatch else "white"
    axes.add_patch(Rectangle(at, 1, 1, facecolor=look.fill, hatch=look.hatch, edgecolor=edge, linewidth=1.0))
    face: Face = "Bold" if look.fill == REACHED else "Regular"
    axes.text(at[0] + 0.5, at[1] + 0.52, text, ha="center", va="center", **lettering(size, look.ink, face))


def _draw_by_indicator(report: Document, rows: Rows, cells: Cells) -> Figure:
    units = report.standings
    is_roomy = len(units) <= _MOST_UPRIGHT
    head = _HEAD_IN + (0.55 if is_roomy else 1.5)
    figure = canvas(report, HEAT_MAP, head + _FOOT_IN + _ROW_IN * len(rows))
    left = 2.3 if is_roomy else 1.9
    axes = _axes(figure, left, head, len(units), len(rows))
    width = 39 // max(1, len(units))
    for column, unit in enumerate(units):
        label = fill(unit.name, max(9, width)) if is_roomy else fill(unit.name, 22)
        angle = 0 if is_roomy else 90
        axes.text(column + 0.5, -0.15, label, ha="center", va="bottom", rotation=angle, **lettering(8.5, face="Bold"))
    limit = int(left * 16.5)
    for line, row in enumerate(rows):
        lines = wrap(f"{row.code} {row.name}", limit, max_lines=3, placeholder="…")
        size = 8 if len(lines) < 3 else 6.5
        axes.text(-0.04, line + 0.52, "\n".join(lines), ha="right", va="center", linespacing=1.05, **lettering(size))
        for column, unit in enumerate(units):
            cell, own = cells.get((unit.unit, row.code), _UNKNOWN), row.of(unit.unit)
            _draw_cell(axes, (column, line), _look(cell, own), _text(cell, own), 8.5)
    _draw_legend(figure)
    return figure


def _draw_by_unit(report: Document, rows: Rows, cells: Cells) -> Figure:
    head = _HEAD_IN + 0.24
    figure = canvas(report, HEAT_MAP, head + _FOOT_IN + 0.24 * len(report.standings))
    axes = _axes(figure, 1.5, head, len(rows), len(report.standings))
    for column, row in enumerate(rows):
        axes.text(column + 0.5, -0.2, row.code, ha="center", va="bottom", rotation=90, **lettering(7, face="Bold"))
    for line, unit in enumerate(report.standings):
        lines = wrap(unit.name, 27, max_lines=2, placeholder="…")
        size = 8 if len(lines) == 1 else 6.5
        axes.text(-0.15, line + 0.52, "\n".join(lines), ha="right", va="center", linespacing=1.0, **lettering(size))
        for column, row in enumerate(rows):
            cell, own = cells.get((unit.unit, row.code), _UNKNOWN), row.of(unit.unit)
            whole = _text(cell, own).rstrip("%").partition(",")[0]
            _draw_cell(axes, (column, line), _look(cell, own), whole, 7)
    _draw_legend(figure)
    return figure


def _spread(rows: Rows, cells: Iterable[tuple[Place, Cell]], units: int) -> dict[str, Counter[Look]]:
    """By indicator, how many units have which look; nothing is kept of each unit."""
    row_of = {row.code: row for row in rows}
    spread = {code: Counter[Look]() for code in row_of}
    for (unit, code), cell in cells:
        if code in row_of:
            spread[code][_look(cell, row_of[code].of(unit))] += 1
    for looks in spread.values():
        looks[LOOKS[Outcome.NO_DATA]] += units - looks.total()
    return spread


def _draw_spread(report: Document, rows: Rows, cells: Iterable[tuple[Place, Cell]]) -> Figure:
    units = len(report.standings)
    spread = _spread(rows, cells, units)
    figure = canvas(report, HEAT_MAP, _HEAD_IN + _FOOT_IN + 0.46 * len(rows))
    axes = _axes(figure, 0.18, _HEAD_IN, units, 0.46 * len(rows))
    for line, row in enumerate(rows):
        looks = spread[row.code]
        top = 0.46 * line
        note = f"{count_text(looks[_CLASSES[0][0]])} đơn vị đạt"
        room = WIDTH_IN - 0.18 - 0.2 - width_of(note, 9, "Bold")
        name, size = on_one_line(f"{row.code} {row.name}", room, 9)
        axes.text(0, top + 0.08, name, va="center", **lettering(size))
        axes.text(units, top + 0.08, note, va="center", ha="right", **lettering(9, face="Bold"))
        start = 0
        for look, _ in _CLASSES:
            count = looks[look]
            axes.barh(
                top + 0.27, count, 0.15, left=start, color=look.fill, hatch=look.hatch, edgecolor=INK, linewidth=0.4
            )
            start += count
    figure.text(
        0.97,
        1 - 0.31 / figure.get_figheight(),
        f"Độ dài thanh: {count_text(units)} đơn vị",
        ha="right",
        va="top",
        **lettering(9, MUTED),
    )
    _draw_legend(figure)
    return figure


def _draw_legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=look.fill, hatch=look.hatch, edgecolor="#9A9A9A", linewidth=0.6, label=label)
        for look, label in _CLASSES
    ]
    legend(figure, handles, 2, 8.5, 1.4)
