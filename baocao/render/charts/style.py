"""How charts look: colours safe for colour-blind readers (Okabe-Ito) that differ in black and white too, one font."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.outcome import Outcome, measured
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import date_text
from baocao.narrative.coverage import silent_names
from baocao.narrative.phrases import clipped, padded, unit_names
from baocao.render.charts.chart import chart_question
from baocao.render.charts.remembered import remember_texts, text_to_path

WIDTH_IN = 5.0
DPI = 216
_MARK_LETTERS = 84
_SMALLEST = 0.7
INK = "#1A1A1A"
MUTED = "#5C5C5C"
RULE = "#D0D0D0"
GROUND = "#EEEEEE"
REACHED = "#00588A"
MISSED = "#B8480B"
NEAR = "#8CC3E3"
FAR = "#F2C879"
VERY_FAR = "#E38B4F"
NONE = "#FFFFFF"
FONTS = Path(__file__).parents[1] / "fonts"
_FALLBACKS = ("NotoEmoji-*.ttf", "DejaVuSans.ttf", "DroidSansFallback.ttf", "Unifont*.otf")
Face = Literal["Regular", "Bold", "Italic"]


@dataclass(frozen=True)
class Look:
    """The fill of a bar or cell: colour, hatch (for print in black and white) and the colour of text upon it."""

    fill: str
    hatch: str = ""
    ink: str = INK


LOOKS = {
    Outcome.REACHED: Look(REACHED, ink="#FFFFFF"),
    Outcome.MISSED: Look(FAR),
    Outcome.NOT_APPLICABLE: Look(GROUND, "////"),
    Outcome.NO_DATA: Look(NONE, "...."),
}
CLOSENESS = (Look(NEAR), Look(FAR), Look(VERY_FAR))  # from 80 % of the target, from 50 %, below


def attained(ratio_pct: float, target_pct: float, *, reached: bool, is_lower: bool = False) -> Look:
    """The look of a ratio by how much of its target it attains; of what is better lower, how near it comes to it."""
    if reached:
        return LOOKS[Outcome.REACHED]
    share = target_pct / ratio_pct if is_lower else ratio_pct / target_pct
    near, far, very_far = CLOSENESS
    return near if share >= 0.8 else far if share >= 0.5 else very_far


def lettering(size: float = 9.5, color: str = INK, face: Face = "Regular") -> dict[str, Any]:
    """Text arguments: the bundled Arimo (it has every Vietnamese letter) at this size in points, then the fallbacks."""
    style: Literal["italic", "normal"] = "italic" if face == "Italic" else "normal"
    weight = "bold" if face == "Bold" else "normal"
    font = FontProperties(family=list(_families()), style=style, weight=weight, size=size)
    return {"fontproperties": font, "color": color}


def on_one_line(text: str, inches: float, size: float, face: Face = "Regular") -> tuple[str, float]:
    """A label and the size of its letters (points) at which it has room in so many inches.

    A long one stands in smaller letters; only what has no room in the smallest is cut at a word.
    """
    needed = width_of(text, size, face)
    if needed <= inches:
        return text, size
    fitting = size * inches / needed
    if fitting >= size * _SMALLEST:
        return text, fitting
    return clipped(text, int(len(text) * fitting / size / _SMALLEST)), size * _SMALLEST


def width_of(text: str, size: float, face: Face = "Regular") -> float:
    """How wide a line of text is, in inches."""
    font = lettering(size, face=face)["fontproperties"]
    points: float = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return points / 72


@cache
def _families() -> tuple[str, ...]:
    """The names under which matplotlib knows the bundled fonts from now on; a fallback serves bold text, too."""
    for path in sorted(FONTS.glob("Arimo-*.ttf")):
        fontManager.addfont(path)
    names = [fontManager.ttflist[-1].name]
    for path in (path for pattern in _FALLBACKS for path in sorted(FONTS.glob(pattern))):
        fontManager.addfont(path)
        plain = fontManager.ttflist[-1]
        fontManager.ttflist.append(replace(plain, weight="bold"))
        names.append(plain.name)
    return tuple(names)


def legend(figure: Figure, handles: list[Any], columns: int, size: float = 9, spacing: float = 1.6) -> None:
    """The key at the foot of a chart."""
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.015, 0.0),
        ncols=columns,
        frameon=False,
        prop=lettering(size)["fontproperties"],
        handlelength=1.6,
        columnspacing=spacing,
    )


def canvas(report: Document, name: str, height_in: float) -> Figure:
    """A white figure, bound to no global state, with a chart's title at the top left and what must be known below."""
    remember_texts()
    figure = Figure(figsize=(WIDTH_IN, height_in), facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.03, 1 - 0.09 / height_in, chart_question(name), va="top", **lettering(12, face="Bold"))
    figure.text(0.03, 1 - 0.31 / height_in, _marked(report), va="top", **lettering(9, MUTED, "Italic"))
    return figure


def bare_axes(axes: Axes) -> None:
    """Take away frame and ticks."""
    axes.set_frame_on(False)
    axes.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)


def charted(report: ResultsDocument) -> tuple[FigureResult, ...]:
    """What is drawn: each indicator that has a ratio of its own, else its components."""
    return tuple(part for figure in report.headlines for part in measured(report, figure))


def _marked(report: Document) -> str:
    """``Tháng 10 năm 2022 – số liệu mô phỏng``: what the reader must know about the figures."""
    notes = [f"Kết thúc {report.phase}, {date_text(report.pilot.end)}" if report.looks_back else report.period.title]
    if report.is_restatement:
        notes.append(f"đính chính lần {report.version - 1}")
    if report.is_draft:
        notes.append("dự thảo")
    if report.is_sample:
        notes.append("số liệu mô phỏng")
    if silent := silent_names(report):
        room = _MARK_LETTERS - len(" – ".join(notes))
        told = f"chưa có báo cáo của {unit_names(silent)}"
        notes.append(told if len(told) <= room else f"chưa có báo cáo của {padded(len(silent))} đơn vị")
    return " – ".join(notes)
