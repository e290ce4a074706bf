"""Biểu đồ: four charts, each answering one question, from one Report; drawn by matplotlib without global state.

matplotlib draws each once, as vectors; Typst, which sets them into the PDF, makes the pictures of dots from those in a
tenth of the time that matplotlib takes to draw them again.
"""

from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import typst
from matplotlib.figure import Figure

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.outcome import Outcome, outcome
from baocao.domain.wording import count_text
from baocao.render.charts.attainment import draw_attainment
from baocao.render.charts.chart import ATTAINMENT, HEAT_MAP, TIMELINESS, TRAJECTORY
from baocao.render.charts.heatmap import draw_heat_map
from baocao.render.charts.style import DPI
from baocao.render.charts.timeliness import draw_timeliness
from baocao.render.charts.trajectory import draw_trajectories

_PAGE = Path(__file__).parents[1] / "templates" / "bieu-do.typ"


def render_charts(report: ResultsDocument) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The charts by name (:data:`CHART_NAMES`), drawn once: as PNG (1080 pixels wide) and as SVG.

    A chart without data (no unit accepted, no month reported) is left out. Safe in threads: pyplot is not used.
    """
    vectors = draw_charts(report)
    return {name: _picture(vector) for name, vector in vectors.items()}, vectors


def draw_charts(report: ResultsDocument) -> dict[str, bytes]:
    """The charts by name as SVG alone. Starts no thread, which making pictures of them does."""
    return {name: _saved(figure) for name, figure in _drawn(report).items()}


def _drawn(report: ResultsDocument) -> dict[str, Figure]:
    drawn: dict[str, Figure | None] = {
        ATTAINMENT: draw_attainment(report),
        TRAJECTORY: draw_trajectories(report),
        HEAT_MAP: draw_heat_map(report),
        TIMELINESS: draw_timeliness(report),
    }
    return {name: figure for name, figure in drawn.items() if figure is not None}


def chart_description(report: ResultsDocument, name: str) -> str:
    """A chart in words, for those who cannot see it (alt text)."""
    tally = [outcome(report, figure) for figure in report.headlines]
    reached, missed = tally.count(Outcome.REACHED), tally.count(Outcome.MISSED)
    period = report.period.label
    return {
        ATTAINMENT: f"Biểu đồ thanh: kết quả từng chỉ tiêu {period} so với mục tiêu; {reached} đạt, {missed} chưa đạt.",
        TRAJECTORY: f"Biểu đồ đường: tỷ lệ của từng chỉ tiêu từ đầu {report.phase} đến {period}, so với mục tiêu.",
        HEAT_MAP: f"Bảng màu: kết quả từng chỉ tiêu của {count_text(len(report.standings))} đơn vị {period}.",
        TIMELINESS: f"Biểu đồ cột: số đơn vị nộp đúng hạn, quá hạn, chưa có báo cáo từng tháng đến {period}.",
    }[name]


def _saved(figure: Figure) -> bytes:
    mpl.rcParams["svg.hashsalt"] = "baocao"  # names of clips and markers are then the same in every run
    buffer = BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _picture(vector: bytes) -> bytes:
    content: bytes = typst.compile(
        _PAGE, format="png", root=_PAGE.parent, ppi=float(DPI), sys_inputs={"bieu_do": vector.decode("utf-8")}
    )
    return content
